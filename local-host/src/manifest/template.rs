//! Strings with `{{ variable }}` in them, as the manifest allows for component variables and
//! allowed hosts.

/// A string in which variables are yet to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
}

impl Template {
    /// Parses `text`.
    ///
    /// # Errors
    /// A `{{` has no `}}`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else {
                return Err("has a {{ without its }}".to_owned());
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Variable(name.trim().to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// The names of the variables in it, in order.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The string with each variable replaced by what `value_of` gives for its name.
    ///
    /// # Errors
    /// The name of the first variable that has no value.
    pub(crate) fn resolve<'v>(
        &self,
        value_of: impl Fn(&str) -> Option<&'v str>,
    ) -> Result<String, String> {
        let mut resolved = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => resolved.push_str(text),
                Part::Variable(name) => {
                    resolved.push_str(value_of(name).ok_or_else(|| name.clone())?);
                }
            }
        }
        Ok(resolved)
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    fn resolve(text: &str) -> Result<String, String> {
        Template::parse(text)?.resolve(|name| (name == "host").then_some("redis.local"))
    }

    #[test]
    fn variables_are_filled_in_wherever_they_stand() {
        assert_eq!(resolve("redis://{{ host }}:6379").as_deref(), Ok("redis://redis.local:6379"));
        assert_eq!(resolve("{{host}}{{ host }}").as_deref(), Ok("redis.localredis.local"));
        assert_eq!(resolve("plain").as_deref(), Ok("plain"));
        assert_eq!(resolve("").as_deref(), Ok(""));
        assert_eq!(resolve("a } b").as_deref(), Ok("a } b"));
    }

    #[test]
    fn an_open_brace_and_an_unknown_name_are_errors() {
        assert!(resolve("{{ host").is_err());
        assert_eq!(resolve("{{ other }}"), Err("other".to_owned()));
    }
}
