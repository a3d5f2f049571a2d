//! Which component answers a path: exact segments, `:parameters` and a trailing `/...`, with the
//! precedence that Spin gives them.
//!
//! Segment by segment from the left an exact one beats a parameter and a parameter beats the
//! wildcard; of two routes equal so far the shorter one is tried first. A trailing slash never
//! matters, neither in a route nor in a path.

use std::cmp::Ordering;

/// A route pattern, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    raw: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Exact(String),
    Parameter(String),
    Wildcard,
}

impl Segment {
    fn rank(&self) -> u8 {
        match self {
            Self::Exact(_) => 0,
            Self::Parameter(_) => 1,
            Self::Wildcard => 2,
        }
    }
}

impl Pattern {
    /// Parses a route as the manifest has it.
    ///
    /// # Errors
    /// It does not start with `/`, has a wildcard that is not last, an empty segment, or a
    /// parameter without a name or twice.
    pub(crate) fn parse(raw: &str) -> Result<Self, String> {
        let Some(path) = raw.strip_prefix('/') else {
            return Err("must start with /".to_owned());
        };
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut segments = Vec::new();
        let mut names = Vec::new();
        for text in path.split('/').filter(|_| !path.is_empty()) {
            if segments.last() == Some(&Segment::Wildcard) {
                return Err("has something after the wildcard ...".to_owned());
            }
            segments.push(match text {
                "" => return Err("has an empty segment".to_owned()),
                "..." | "*" => Segment::Wildcard,
                _ => match text.strip_prefix(':') {
                    Some("") => return Err("has a parameter without a name".to_owned()),
                    Some(name) if names.contains(&name) => {
                        return Err(format!("has the parameter :{name} twice"));
                    }
                    Some(name) => {
                        names.push(name);
                        Segment::Parameter(name.to_owned())
                    }
                    None => Segment::Exact(text.to_owned()),
                },
            });
        }
        Ok(Self { raw: raw.to_owned(), segments })
    }

    /// The pattern as written.
    pub(crate) fn raw(&self) -> &str {
        &self.raw
    }

    /// The pattern as written, without a trailing slash.
    pub(crate) fn without_trailing_slash(&self) -> &str {
        self.raw.strip_suffix('/').unwrap_or(&self.raw)
    }

    /// The pattern as written, without a trailing `/...`.
    pub(crate) fn without_wildcard(&self) -> &str {
        self.raw.strip_suffix("/...").unwrap_or(&self.raw)
    }

    /// The order in which patterns are tried.
    fn precedence(&self, other: &Self) -> Ordering {
        let ranks = self.segments.iter().map(Segment::rank);
        let other_ranks = other.segments.iter().map(Segment::rank);
        let differs = ranks.zip(other_ranks).find(|(rank, other)| rank != other);
        differs.map_or_else(
            || self.segments.len().cmp(&other.segments.len()),
            |(rank, other)| rank.cmp(&other),
        )
    }

    fn matches<'p>(&self, path: &'p str) -> Option<Captures<'p>> {
        let mut captures = Captures::default();
        let mut rest = Some(path.trim_matches('/')).filter(|path| !path.is_empty());
        for segment in &self.segments {
            if *segment == Segment::Wildcard {
                captures.wildcard = Some(rest.unwrap_or_default());
                return Some(captures);
            }
            let (head, tail) = match rest?.split_once('/') {
                Some((head, tail)) => (head, Some(tail)),
                None => (rest?, None),
            };
            match segment {
                Segment::Exact(exact) if exact == head => {}
                Segment::Parameter(name) if !head.is_empty() => {
                    captures.parameters.push((name.clone(), head));
                }
                _ => return None,
            }
            rest = tail;
        }
        rest.is_none().then_some(captures)
    }
}

#[derive(Default)]
struct Captures<'p> {
    parameters: Vec<(String, &'p str)>,
    wildcard: Option<&'p str>,
}

/// The routes of an application; `T` is what they lead to.
pub(crate) struct Router<T> {
    /// In the order of precedence.
    routes: Vec<(Pattern, T)>,
}

/// A path's route and what it captured.
pub(crate) struct Match<'r, 'p, T> {
    /// The route's pattern.
    pub(crate) pattern: &'r Pattern,
    /// What the route leads to.
    pub(crate) target: &'r T,
    /// Names and values of the parameters, the values as in the path.
    pub(crate) parameters: Vec<(String, &'p str)>,
    /// What the wildcard matched, with a slash before it and with the path's trailing slash;
    /// empty without a wildcard.
    pub(crate) path_info: String,
}

impl<T> Router<T> {
    /// A router over `routes`; where a pattern comes twice the later one counts, as in Spin.
    pub(crate) fn new(routes: impl IntoIterator<Item = (Pattern, T)>) -> Self {
        let mut unique: Vec<(Pattern, T)> = Vec::new();
        for (pattern, target) in routes {
            unique.retain(|(other, _)| other.segments != pattern.segments);
            unique.push((pattern, target));
        }
        unique.sort_by(|(left, _), (right, _)| left.precedence(right));
        Self { routes: unique }
    }

    /// The routes in the order in which they are tried.
    pub(crate) fn routes(&self) -> impl Iterator<Item = (&Pattern, &T)> {
        self.routes.iter().map(|(pattern, target)| (pattern, target))
    }

    /// The route of `path`, which is not decoded and has no query.
    pub(crate) fn route<'r, 'p>(&'r self, path: &'p str) -> Option<Match<'r, 'p, T>> {
        self.routes.iter().find_map(|(pattern, target)| {
            let captures = pattern.matches(path)?;
            let path_info = match captures.wildcard {
                Some("") if path.ends_with('/') => "/".to_owned(),
                None | Some("") => String::new(),
                Some(rest) if path.ends_with('/') => format!("/{rest}/"),
                Some(rest) => format!("/{rest}"),
            };
            Some(Match { pattern, target, parameters: captures.parameters, path_info })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Router};

    fn router(routes: &[&'static str]) -> Router<&'static str> {
        Router::new(routes.iter().map(|route| (Pattern::parse(route).unwrap(), *route)))
    }

    #[test]
    fn exact_beats_parameter_beats_wildcard_whatever_the_order_in_the_file() {
        let mut routes = ["/...", "/:id", "/boards", "/boards/...", "/boards/:id", "/boards/new"];
        for _ in 0..routes.len() {
            routes.rotate_left(1);
            let router = router(&routes);
            let leads_to = |path| router.route(path).map(|found| *found.target);
            assert_eq!(leads_to("/boards"), Some("/boards"));
            assert_eq!(leads_to("/boards/new"), Some("/boards/new"));
            assert_eq!(leads_to("/boards/7"), Some("/boards/:id"));
            assert_eq!(leads_to("/boards/7/tasks"), Some("/boards/..."));
            assert_eq!(leads_to("/users"), Some("/:id"));
            assert_eq!(leads_to("/users/7"), Some("/..."));
            assert_eq!(leads_to("/"), Some("/..."));
        }
    }

    #[test]
    fn a_route_that_fits_is_found_behind_a_more_specific_one_that_does_not() {
        let router = router(&["/a/b/c", "/a/:x/d", "/:y/b/e"]);
        let leads_to = |path| router.route(path).map(|found| *found.target);
        assert_eq!(leads_to("/a/b/d"), Some("/a/:x/d"));
        assert_eq!(leads_to("/a/b/e"), Some("/:y/b/e"));
        assert_eq!(leads_to("/a/b/f"), None);
    }

    #[test]
    fn captures_are_given_as_they_stand_in_the_path() {
        let router = router(&["/boards/:board_id/tasks/:task_id/..."]);
        let found = router.route("/boards/7/tasks/a%20b/x/y/").unwrap();
        let expected = [("board_id".to_owned(), "7"), ("task_id".to_owned(), "a%20b")];
        assert_eq!(found.parameters, expected);
        assert_eq!(found.path_info, "/x/y/");
        assert_eq!(router.route("/boards/7/tasks/8").unwrap().path_info, "");
        assert_eq!(router.route("/boards/7/tasks/8/").unwrap().path_info, "/");
    }

    #[test]
    fn a_trailing_slash_does_not_matter_and_an_empty_segment_fits_no_parameter() {
        let router = router(&["/a/", "/b/:id"]);
        assert!(router.route("/a").is_some());
        assert!(router.route("/a/").is_some());
        assert!(router.route("/b/").is_none());
        assert!(router.route("/b//x").is_none());
    }

    #[test]
    fn the_last_of_two_equal_routes_counts() {
        let patterns = [("/a/:x", 1), ("/a/:x", 2)];
        let router =
            Router::new(patterns.map(|(raw, target)| (Pattern::parse(raw).unwrap(), target)));
        assert_eq!(router.route("/a/b").map(|found| *found.target), Some(2));
    }

    #[test]
    fn faulty_patterns_are_refused() {
        for raw in ["", "a", "/a//b", "/.../b", "/:", "/:a/:a"] {
            assert!(Pattern::parse(raw).is_err(), "{raw}");
        }
    }
}
