//! Cycles between the modules of a crate.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::tokens::tokens;
use crate::commands::tidy::{Tree, folder_of};

/// The exempt code: the tests' own servers and clients, which check each answer against the request.
const LEFT_OUT: &str = "tests/";

/// The root files of crates.
const ROOTS: [&str; 2] = ["src/lib.rs", "src/main.rs"];

/// Keywords before an item's name.
const ITEMS: [&str; 8] = ["const", "enum", "fn", "static", "struct", "trait", "type", "union"];

/// How many `use` re-exports of a name are followed.
const MOST_STEPS: usize = 8;

/// A module's path from the crate's root.
type Path = Vec<String>;

/// The content of a module.
#[derive(Default)]
struct Module {
    file: String,
    items: BTreeSet<String>,
    /// By its local name.
    imports: Vec<(String, Path)>,
    /// Paths of more than one word.
    paths: Vec<Path>,
}

type Modules = BTreeMap<Path, Module>;

/// Checks every crate except tests.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let is_root = |file: &&String| {
        let is_program = file.contains("/src/bin/") && file.ends_with(".rs");
        !file.starts_with(LEFT_OUT) && (is_program || ROOTS.iter().any(|root| file.ends_with(root)))
    };
    tree.files.iter().filter(is_root).flat_map(|root| check_crate(tree, root)).collect()
}

fn check_crate(tree: &Tree, root: &str) -> Vec<String> {
    let mut modules = Modules::new();
    read_file(tree, root, Path::new(), &mut modules);
    let mut graphs: BTreeMap<&[String], Graph> = BTreeMap::new();
    for (path, module) in &modules {
        for used in module.imports.iter().map(|(_, used)| used).chain(&module.paths) {
            let Some(target) = resolve(&modules, path, used, MOST_STEPS) else { continue };
            let shared = path.iter().zip(&target).take_while(|(one, other)| one == other).count();
            if let (Some(from), Some(to)) = (path.get(shared), target.get(shared)) {
                let place = || format!("{}: {}", module.file, used.join("::"));
                graphs.entry(&path[..shared]).or_default().add(from, to, place);
            }
        }
    }
    let message = |circle| format!("{root}: modules in a circle: {circle}");
    graphs.values().flat_map(Graph::circles).map(message).collect()
}

/// Reads a module's file, and those of its submodules.
fn read_file(tree: &Tree, file: &str, path: Path, modules: &mut Modules) {
    let text = tree.text(file);
    let tokens = tokens(&text);
    Reader { tree, file, tokens: &tokens, modules }.read_module(path);
}

/// Reads the tokens of one file.
struct Reader<'a> {
    tree: &'a Tree,
    file: &'a str,
    /// The remaining tokens.
    tokens: &'a [&'a str],
    modules: &'a mut Modules,
}

impl Reader<'_> {
    /// Reads up to the end of the module, or of the file.
    fn read_module(&mut self, path: Path) {
        let mut module = Module { file: self.file.to_owned(), ..Module::default() };
        let (mut depth, mut is_test) = (0_usize, false);
        while let Some((token, rest)) = self.tokens.split_first() {
            if let Some(rest) = self.tokens.strip_prefix(&["#", "[", "cfg", "(", "test", ")", "]"])
            {
                (is_test, self.tokens) = (true, rest);
                continue;
            }
            self.tokens = rest;
            match *token {
                "}" if depth == 0 => break,
                "}" => depth -= 1,
                "{" => depth += 1,
                "mod" => self.read_inner(&path, std::mem::take(&mut is_test)),
                "use" => {
                    let imports = self.read_use();
                    if !std::mem::take(&mut is_test) {
                        module.imports.extend(imports);
                    }
                }
                ";" | "impl" => is_test = false,
                word if depth == 0 && ITEMS.contains(&word) => {
                    is_test = false;
                    module.items.extend(rest.first().map(|name| (*name).to_owned()));
                }
                word if is_word(word) => module.paths.extend(self.read_path(word)),
                _ => {}
            }
        }
        self.modules.insert(path, module);
    }

    /// Reads a submodule, which may be in its own file. Tests are skipped.
    fn read_inner(&mut self, outer: &[String], is_test: bool) {
        let [name, sign, rest @ ..] = self.tokens else { return };
        if *sign != "{" && *sign != ";" {
            return;
        }
        self.tokens = rest;
        let path = [outer, &[(*name).to_owned()][..]].concat();
        match *sign {
            "{" if is_test => self.skip_block(),
            "{" => self.read_module(path),
            _ if is_test => {}
            _ => {
                let file = self.inner_file(outer, name);
                if let Some(file) = file.filter(|file| self.tree.files.contains(file)) {
                    read_file(self.tree, &file, path, self.modules);
                }
            }
        }
    }

    /// Skips the rest of a block.
    fn skip_block(&mut self) {
        let mut depth = 1_usize;
        while let Some((token, rest)) = self.tokens.split_first()
            && depth > 0
        {
            match *token {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            self.tokens = rest;
        }
    }

    /// The file of a submodule of this file's module.
    fn inner_file(&self, outer: &[String], name: &str) -> Option<String> {
        let folder = folder_of(self.file);
        let stem = self.file.rsplit('/').next()?.strip_suffix(".rs")?;
        let folder = match stem {
            "mod" => folder.to_owned(),
            _ if outer.is_empty() => folder.to_owned(),
            _ => format!("{folder}/{stem}"),
        };
        let files = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
        files.into_iter().find(|file| self.tree.files.contains(file))
    }

    /// Reads the rest of a `use`, up to the semicolon.
    fn read_use(&mut self) -> Vec<(String, Path)> {
        let mut imports = Vec::new();
        self.read_tree(&Path::new(), &mut imports);
        imports
    }

    /// Reads one tree of imports with this prefix.
    fn read_tree(&mut self, beginning: &[String], imports: &mut Vec<(String, Path)>) {
        let mut path = beginning.to_vec();
        let mut name = None;
        while let Some((token, rest)) = self.tokens.split_first() {
            match *token {
                "," | "}" | ";" => break,
                "{" => {
                    self.tokens = rest;
                    while !matches!(self.tokens.first(), None | Some(&"}")) {
                        self.read_tree(&path, imports);
                        if let Some((&",", rest)) = self.tokens.split_first() {
                            self.tokens = rest;
                        }
                    }
                    self.tokens = self.tokens.get(1..).unwrap_or_default();
                    return;
                }
                "::" => {}
                "as" => name = rest.first().map(|name| (*name).to_owned()),
                _ if name.is_some() => {}
                "self" if !path.is_empty() => {}
                word => path.push(word.to_owned()),
            }
            self.tokens = rest;
        }
        if let Some(last) = path.last() {
            imports.push((name.unwrap_or_else(|| last.clone()), path));
        }
    }

    /// Reads the rest of a path that begins with this word; `None` if it is only the word.
    fn read_path(&mut self, first: &str) -> Option<Path> {
        let mut path = vec![first.to_owned()];
        while let ["::", word, rest @ ..] = self.tokens
            && is_word(word)
        {
            path.push((*word).to_owned());
            self.tokens = rest;
        }
        (path.len() > 1).then_some(path)
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// The module that contains the item with this path in the module `here`; `None` if it is another
/// crate's.
fn resolve(modules: &Modules, here: &[String], used: &[String], steps: usize) -> Option<Path> {
    let (first, rest) = used.split_first()?;
    let imported = || {
        let imports = &modules.get(here)?.imports;
        imports.iter().find(|(name, _)| name == first).map(|(_, path)| path)
    };
    let absolute = match first.as_str() {
        "crate" => rest.to_vec(),
        "self" => [here, rest].concat(),
        "super" => {
            let up = used.iter().take_while(|word| *word == "super").count();
            [here.get(..here.len().checked_sub(up)?)?, &used[up..]].concat()
        }
        name if modules.contains_key(&[here, &[name.to_owned()][..]].concat()) => {
            [here, used].concat()
        }
        _ => match imported() {
            // Itself: a name from another crate.
            Some(path) if path == used || path.len() == 1 => return None,
            Some(path) => {
                let path = [path.as_slice(), rest].concat();
                return resolve(modules, here, &path, steps.checked_sub(1)?);
            }
            None => return None,
        },
    };
    let length = (0..=absolute.len()).rev().find(|end| modules.contains_key(&absolute[..*end]))?;
    let (found, rest) = absolute.split_at(length);
    let module = &modules[found];
    let handed_on = |name: &String| {
        if module.items.contains(name) {
            return None;
        }
        let (_, path) = module.imports.iter().find(|(known, _)| known == name)?;
        resolve(modules, found, path, steps.checked_sub(1)?)
    };
    Some(rest.first().and_then(handed_on).unwrap_or_else(|| found.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::super::super::made_up::MadeUp;
    use super::*;

    fn faults(name: &str, files: &[(&str, &str)]) -> Vec<String> {
        check(&MadeUp::new(&format!("crates-{name}"), files).0)
    }

    #[test]
    fn neighbours_that_use_each_other_are_reported_with_where() {
        let root = ("a/src/lib.rs", "mod one;\nmod two;\nmod three;");
        let one = ("a/src/one.rs", "use crate::two::{self, Two};\npub struct One;");
        let two = ("a/src/two/mod.rs", "mod inner;\npub use inner::Two;");
        let free = ("a/src/two/inner.rs", "pub struct Two;");
        let three = ("a/src/three.rs", "use crate::one::One; use super::two::Two;");
        assert_eq!(faults("free", &[root, one, two, free, three]), [""; 0]);
        let held = ("a/src/two/inner.rs", "pub struct Two; fn f() { crate::one::One; }");
        assert_eq!(
            faults("held", &[root, one, two, held, three]),
            [
                "a/src/lib.rs: modules in a circle: one uses two (a/src/one.rs: crate::two), two uses \
              one (a/src/two/inner.rs: crate::one::One)"
            ]
        );
    }

    #[test]
    fn what_is_handed_on_by_another_module_counts_where_it_is_from() {
        let root = ("a/src/main.rs", "mod one; mod two; mod hub;");
        let hub =
            ("a/src/hub/mod.rs", "mod board; mod ring; use ring::Ring; pub use board::Board;");
        let board = ("a/src/hub/board.rs", "use super::Ring as Other; pub struct Board(Other);");
        let ring = ("a/src/hub/ring.rs", "use crate::hub; pub struct Ring; fn f() { hub::Board; }");
        let files = [root, hub, board, ring, ("a/src/one.rs", ""), ("a/src/two.rs", "")];
        let reported = faults("handed-on", &files);
        assert_eq!(reported.len(), 1, "{reported:?}");
        assert!(reported[0].contains("board uses ring"), "{reported:?}");
        assert!(
            reported[0].contains("ring uses board (a/src/hub/ring.rs: hub::Board)"),
            "{reported:?}"
        );
    }

    #[test]
    fn a_module_and_its_parts_may_use_each_other_and_tests_may_use_all() {
        let root = ("a/src/lib.rs", "mod one; mod two; pub struct Root;");
        let one = ("a/src/one.rs", "use super::Root; mod part { use super::One; } struct One;");
        let two = (
            "a/src/two.rs",
            "#[cfg(test)]\nmod tests { fn f() { if true { crate::one::One; } } }\n#[cfg(test)]\n\
             use crate::one;\n// use crate::one;",
        );
        let used = ("a/src/one.rs", "use crate::two::Two;");
        assert_eq!(faults("parts", &[root, one, two]), [""; 0]);
        assert_eq!(faults("tests", &[root, used, two]), [""; 0]);
    }
}
