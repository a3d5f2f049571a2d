//! Origins, as the variable `cors_origins` lists them and as browsers send them (RFC 6454).

use http::Uri;

/// Which origins may use what is not theirs. There is no wildcard, because answers are given with
/// credentials.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Origins(Vec<String>);

/// An entry of a list of origins that is not an origin.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is not an origin: give one such as https://board.example")]
pub struct NoOrigin(pub String);

impl Origins {
    /// The origins of this list, such as `http://localhost:3000, https://board.example`.
    ///
    /// # Errors
    /// The first part of it that is not an origin.
    pub fn parse(list: &str) -> Result<Self, NoOrigin> {
        parts(list)
            .map(|part| origin(part).ok_or_else(|| NoOrigin(part.to_owned())))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The same for callers that cannot reject a list: what is not an origin is ignored.
    #[must_use]
    pub fn read(list: &str) -> Self {
        Self(parts(list).filter_map(origin).collect())
    }

    /// Whether this is one of them, as a header `Origin` names it. Scheme, host and port must be
    /// equal, their case does not matter.
    #[must_use]
    pub fn contain(&self, given: &str) -> bool {
        self.0.iter().any(|listed| listed.eq_ignore_ascii_case(given))
    }

    /// Whether a request with these values of `Origin`, sent to this host and port, comes from a page
    /// that is neither listed nor this host's own. One without any comes from a program, or from a page
    /// that needs no permission; one with two comes from no browser, and counts as foreign.
    #[must_use]
    pub fn is_foreign<'a>(
        &self,
        mut given: impl Iterator<Item = &'a str>,
        host: Option<&str>,
    ) -> bool {
        let Some(origin) = given.next() else { return false };
        // Behind a proxy that ends TLS only the browser knows the scheme.
        let page = ["http://", "https://"].iter().find_map(|scheme| {
            let (given, page) = origin.split_at_checked(scheme.len())?;
            given.eq_ignore_ascii_case(scheme).then_some(page)
        });
        let own = page.zip(host).is_some_and(|(page, host)| page.eq_ignore_ascii_case(host));
        given.next().is_some() || !(own || self.contain(origin))
    }
}

fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// One origin as browsers write it: in lower case, without a slash at its end and without the port
/// that its scheme has anyway.
pub(crate) fn origin(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let scheme = uri.scheme_str()?;
    let usual = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let authority = uri.authority()?;
    let plain = matches!(uri.path(), "" | "/") && uri.query().is_none();
    if !plain || authority.as_str().contains('@') || authority.host().is_empty() {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    Some(match authority.port_u16() {
        Some(port) if port != usual => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_cors_a_list_is_read_whatever_its_spaces_case_slashes_and_usual_ports() {
        let list = " http://localhost:3000, HTTPS://Board.Example/ ,, https://a.example:443";
        let origins = Origins::parse(list).expect("origins");
        assert_eq!(Origins::read(list), origins);
        for listed in [
            "http://localhost:3000",
            "https://board.example",
            "https://a.example",
            "HTTPS://A.example",
        ] {
            assert!(origins.contain(listed), "{listed}");
        }
        for foreign in [
            "http://localhost:3001",
            "https://localhost:3000",
            "https://board.example.evil",
            "http://a.example",
            "null",
            "",
            "*",
        ] {
            assert!(!origins.contain(foreign), "{foreign}");
        }
        assert!(!Origins::default().contain(""));
    }

    #[test]
    fn api_cors_a_page_is_foreign_unless_it_is_listed_or_of_the_host_itself() {
        let origins = Origins::read("http://localhost:3000");
        let foreign =
            |given: &[&str]| origins.is_foreign(given.iter().copied(), Some("Board.example:3001"));
        for fine in [
            &[][..],
            &["http://localhost:3000"],
            &["http://board.example:3001"],
            &["HTTPS://BOARD.example:3001"],
        ] {
            assert!(!foreign(fine), "{fine:?}");
        }
        for bad in [
            &["null"][..],
            &[""],
            &["http://localhost:3001"],
            &["https://localhost:3000"],
            &["http://board.example"],
            &["http://board.example:3001.evil.example"],
            &["ws://board.example:3001"],
            &["http://localhost:3000", "http://evil.example"],
            &["http://localhost:3000", "http://localhost:3000"],
        ] {
            assert!(foreign(bad), "{bad:?}");
        }
        assert!(origins.is_foreign(["http://board.example"].into_iter(), None));
    }

    #[test]
    fn api_cors_what_is_no_origin_is_named_and_lets_nobody_in() {
        let wrong = [
            "localhost:3000",
            "*",
            "null",
            "https://a.example/path",
            "https://a.example?x=1",
            "http://u@a.example",
            "ftp://a.example",
        ];
        for wrong in wrong {
            let list = format!("https://b.example,{wrong}");
            assert_eq!(Origins::parse(&list), Err(NoOrigin(wrong.to_owned())), "{wrong}");
            assert_eq!(Origins::read(&list), Origins::parse("https://b.example").expect("one"));
        }
    }
}
