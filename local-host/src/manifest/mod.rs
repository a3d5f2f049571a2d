//! The manifest (`spin.toml`, version 2) as this host needs it, with every fault named by file,
//! line and key.

pub(crate) mod document;
pub(crate) mod runtime_config;
pub(crate) mod template;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use self::document::{Document, DocumentError, Located, Table, Value};
use self::template::Template;

/// An application: which routes lead to which components, and what each component may use.
pub(crate) struct Manifest {
    pub(crate) name: String,
    /// The folder that paths in the manifest start from.
    pub(crate) directory: PathBuf,
    /// The application's variables by name.
    pub(crate) variables: BTreeMap<String, Variable>,
    /// The HTTP triggers in the order of the file.
    pub(crate) triggers: Vec<Trigger>,
    /// The components by their id.
    pub(crate) components: BTreeMap<String, Component>,
}

/// A variable of the application.
pub(crate) struct Variable {
    /// Its name, lower snake_case.
    pub(crate) name: Located<String>,
    /// The value it has when nothing else gives one; without it the variable is required.
    pub(crate) default: Option<String>,
}

/// A route and the component that it leads to.
pub(crate) struct Trigger {
    /// The pattern; none for a private trigger, which no path leads to.
    pub(crate) route: Option<Located<String>>,
    /// The id of the component.
    pub(crate) component: Located<String>,
}

/// A component and what it may use.
pub(crate) struct Component {
    /// Its id, kebab-case.
    pub(crate) id: String,
    /// The path of the WASM file as written.
    pub(crate) source: Located<String>,
    /// What makes that file, if the manifest says.
    pub(crate) build_command: Option<String>,
    /// Values that the component may ask for, by name.
    pub(crate) variables: Vec<(Located<String>, Located<Template>)>,
    /// Environment variables of the guest.
    pub(crate) environment: Vec<(String, String)>,
    /// Files that the guest may read.
    pub(crate) files: Vec<FileMount>,
    /// Patterns of files left out of `files`.
    pub(crate) exclude_files: Vec<Located<String>>,
    /// Where it may connect to.
    pub(crate) allowed_outbound_hosts: Vec<Located<Template>>,
    /// The key-value stores it may open.
    pub(crate) key_value_stores: Vec<Located<String>>,
}

/// Files that a guest may read.
pub(crate) enum FileMount {
    /// A path or glob pattern below the manifest's folder, seen by the guest under the same path.
    Pattern(Located<String>),
    /// A file or folder seen by the guest under another path.
    Placement {
        /// Where it is, from the manifest's folder.
        source: Located<String>,
        /// Where the guest sees it: absolute.
        destination: Located<String>,
    },
}

impl Manifest {
    /// Reads and checks the manifest at `path`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub(crate) fn load(path: &Path) -> Result<Self, DocumentError> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        Self::from_document(&Document::read(path)?, directory)
    }

    /// Keeps the components of these ids, and the routes to them; all of them where there is no id.
    ///
    /// # Errors
    /// When the manifest has no component of one of these ids.
    pub(crate) fn keep_only(&mut self, ids: &[String]) -> anyhow::Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        if let Some(unknown) = ids.iter().find(|id| !self.components.contains_key(*id)) {
            let known = self.components.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            anyhow::bail!("--component-id {unknown}: no component {unknown:?}; there are {known}");
        }
        self.components.retain(|id, _| ids.contains(id));
        self.triggers.retain(|trigger| self.components.contains_key(&trigger.component.value));
        Ok(())
    }

    fn from_document(document: &Document, directory: PathBuf) -> Result<Self, DocumentError> {
        let parsed = document.parse()?;
        let root = document.root(&parsed);
        let version = root.required("spin_manifest_version")?;
        if !version.is_integer(2) {
            return Err(version.place().error("must be 2, the only version known here"));
        }
        let application = root.required("application")?.table()?;
        let name = application.string("name")?.value;
        for key in ["version", "description", "authors", "targets", "trigger", "tool"] {
            application.value(key);
        }
        application.finish()?;
        let variables = variables(&root)?;
        let components = components(&root, &variables)?;
        let triggers = triggers(&root, &components)?;
        root.finish()?;
        Ok(Self { name, directory, variables, triggers, components })
    }
}

fn variables(root: &Table<'_>) -> Result<BTreeMap<String, Variable>, DocumentError> {
    let mut variables = BTreeMap::new();
    let Some(table) = root.table("variables")? else { return Ok(variables) };
    for (name, value) in table.named() {
        check_snake_case(&name)?;
        let declaration = value.table()?;
        let required = declaration.boolean("required")?;
        let default = declaration.optional_string("default")?.map(|default| default.value);
        declaration.boolean("secret")?;
        declaration.optional_string("description")?;
        declaration.finish()?;
        match (required, &default) {
            (true, Some(_)) => {
                return Err(name.error("has both `required = true` and a default; keep one"));
            }
            (false, None) => {
                return Err(name.error("has neither `required = true` nor a default; give one"));
            }
            _ => {}
        }
        variables.insert(name.value.clone(), Variable { name, default });
    }
    Ok(variables)
}

fn components(
    root: &Table<'_>,
    variables: &BTreeMap<String, Variable>,
) -> Result<BTreeMap<String, Component>, DocumentError> {
    let mut components = BTreeMap::new();
    let Some(table) = root.table("component")? else { return Ok(components) };
    for (id, value) in table.named() {
        check_kebab_case(&id)?;
        let component = component(&id.value, &value.table()?, variables)?;
        components.insert(id.value, component);
    }
    Ok(components)
}

fn component(
    id: &str,
    table: &Table<'_>,
    variables: &BTreeMap<String, Variable>,
) -> Result<Component, DocumentError> {
    let source = table.required("source")?;
    if source.is_table() {
        let message = "must be the path of a file; sources from a URL or a registry are not \
                       supported by this host";
        return Err(source.place().error(message));
    }
    let component = Component {
        id: id.to_owned(),
        source: source.string()?,
        build_command: build_command(table)?,
        variables: component_variables(table, variables)?,
        environment: environment(table)?,
        files: files(table)?,
        exclude_files: table.strings("exclude_files")?,
        allowed_outbound_hosts: table
            .strings("allowed_outbound_hosts")?
            .into_iter()
            .map(|host| parse_template(host, variables))
            .collect::<Result<_, _>>()?,
        key_value_stores: table.strings("key_value_stores")?,
    };
    // What only `spin` itself uses is known, so that a manifest for both is not refused.
    for key in ["description", "targets", "tool", "profile"] {
        table.value(key);
    }
    for key in ["sqlite_databases", "ai_models", "dependencies"] {
        if let Some(value) = table.value(key) {
            return Err(value.place().error("is not supported by this host"));
        }
    }
    table.finish()?;
    Ok(component)
}

fn build_command(table: &Table<'_>) -> Result<Option<String>, DocumentError> {
    let Some(build) = table.table("build")? else { return Ok(None) };
    let command = build.required("command")?;
    let commands = match command.items() {
        Ok(commands) => commands,
        Err(_) => vec![command],
    };
    let commands: Result<Vec<_>, _> = commands.iter().map(Value::string).collect();
    for key in ["workdir", "watch"] {
        build.value(key);
    }
    build.finish()?;
    Ok(Some(
        commands?.iter().map(|command| command.value.as_str()).collect::<Vec<_>>().join(" && "),
    ))
}

type ComponentVariables = Vec<(Located<String>, Located<Template>)>;

fn component_variables(
    table: &Table<'_>,
    variables: &BTreeMap<String, Variable>,
) -> Result<ComponentVariables, DocumentError> {
    let Some(table) = table.table("variables")? else { return Ok(Vec::new()) };
    let read = |(name, value): (Located<String>, Value<'_>)| {
        check_snake_case(&name)?;
        Ok((name, parse_template(value.string()?, variables)?))
    };
    table.named().map(read).collect()
}

fn environment(table: &Table<'_>) -> Result<Vec<(String, String)>, DocumentError> {
    let Some(table) = table.table("environment")? else { return Ok(Vec::new()) };
    table.named().map(|(name, value)| Ok((name.value, value.string()?.value))).collect()
}

fn files(table: &Table<'_>) -> Result<Vec<FileMount>, DocumentError> {
    let Some(files) = table.value("files") else { return Ok(Vec::new()) };
    let read = |file: &Value<'_>| {
        if !file.is_table() {
            return Ok(FileMount::Pattern(file.string()?));
        }
        let table = file.table()?;
        let source = table.string("source")?;
        let destination = table.string("destination")?;
        table.finish()?;
        if !destination.value.starts_with('/') {
            return Err(destination.error("must be an absolute path, starting with /"));
        }
        Ok(FileMount::Placement { source, destination })
    };
    files.items()?.iter().map(read).collect()
}

fn triggers(
    root: &Table<'_>,
    components: &BTreeMap<String, Component>,
) -> Result<Vec<Trigger>, DocumentError> {
    let kinds = root.required("trigger")?.table()?;
    let http = kinds.required("http")?;
    if let Some((kind, _)) = kinds.named().find(|(kind, _)| kind.value != "http") {
        return Err(kind.error("is not supported by this host, which has only HTTP triggers"));
    }
    http.items()?.iter().map(|trigger| self::trigger(&trigger.table()?, components)).collect()
}

fn trigger(
    table: &Table<'_>,
    components: &BTreeMap<String, Component>,
) -> Result<Trigger, DocumentError> {
    let route = table.required("route")?;
    let route = if route.is_table() {
        let private = route.table()?;
        if !private.boolean("private")? {
            return Err(route.place().error("must be a pattern or { private = true }"));
        }
        private.finish()?;
        None
    } else {
        Some(route.string()?)
    };
    if let Some(response) = table.value("static_response") {
        return Err(response.place().error("is not supported by this host; use a component"));
    }
    let component = table.string("component")?;
    if !components.contains_key(&component.value) {
        let known = components.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let name = &component.value;
        return Err(component.error(format_args!("no component {name:?}; there are {known}")));
    }
    table.optional_string("id")?;
    if let Some(executor) = table.table("executor")? {
        let kind = executor.string("type")?;
        if kind.value != "http" {
            return Err(kind.error("must be \"http\", the only executor supported here"));
        }
        executor.finish()?;
    }
    table.finish()?;
    Ok(Trigger { route, component })
}

/// Parses a template, all of whose variables the application must declare.
fn parse_template(
    text: Located<String>,
    variables: &BTreeMap<String, Variable>,
) -> Result<Located<Template>, DocumentError> {
    let template = Template::parse(&text.value).map_err(|reason| text.error(reason))?;
    if let Some(name) = template.variables().find(|name| !variables.contains_key(*name)) {
        return Err(text.error(format_args!("uses {name:?}, which [variables] does not declare")));
    }
    Ok(Located { value: template, place: text.place })
}

fn check_snake_case(name: &Located<String>) -> Result<(), DocumentError> {
    check_words(name, '_', "lower snake_case, such as redis_url")
}

fn check_kebab_case(name: &Located<String>) -> Result<(), DocumentError> {
    check_words(name, '-', "kebab-case, such as auth-login")
}

/// Checks that a name is lower-case words of letters and digits between single separators.
fn check_words(
    name: &Located<String>,
    separator: char,
    expected: &str,
) -> Result<(), DocumentError> {
    let well_formed = name.value.starts_with(|first: char| first.is_ascii_lowercase())
        && name.value.split(separator).all(|word| {
            !word.is_empty()
                && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        });
    if well_formed { Ok(()) } else { Err(name.error(format_args!("the name must be {expected}"))) }
}
