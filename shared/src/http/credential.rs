//! The proof that a request carries of who sends it (docs/contract/api.md, API-TOKEN).

/// The cookie that carries a token.
pub const COOKIE: &str = "token";

/// A token, by the way it came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Credential<'a> {
    /// In `Authorization: Bearer`: only a program that knows it can have put it there.
    Bearer(&'a str),
    /// In the cookie: a browser sends it along, whichever page made it send the request.
    Cookie(&'a str),
}

impl<'a> Credential<'a> {
    /// The one of a request with this value of `Authorization` and these of `Cookie`. A header that was
    /// set on purpose comes before a cookie, even if it holds no token. Another scheme is between the
    /// client and a proxy, and means nothing here; an empty cookie does not count.
    #[must_use]
    pub fn find(
        authorization: Option<&'a str>,
        cookies: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        let bearer = authorization.and_then(|value| {
            let value = value.trim();
            let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let token = || cookie(cookies, COOKIE).filter(|token| !token.is_empty());
        bearer.map(Self::Bearer).or_else(|| token().map(Self::Cookie))
    }

    /// The token itself.
    #[must_use]
    pub fn token(self) -> &'a str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }
}

/// The value of the cookie of this name among the values of a request's `Cookie` headers.
#[must_use]
pub fn cookie<'a>(headers: impl IntoIterator<Item = &'a str>, wanted: &str) -> Option<&'a str> {
    let pairs = headers.into_iter().flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_token_comes_as_bearer_or_in_the_cookie_and_bearer_comes_first() {
        use Credential::{Bearer, Cookie};
        for (authorization, cookies, expected) in [
            (None, &[][..], None),
            (None, &["token=a.b.c"], Some(Cookie("a.b.c"))),
            (None, &["theme=dark; token=a.b.c; tokens=x"], Some(Cookie("a.b.c"))),
            (None, &["theme=dark", "token=a.b.c"], Some(Cookie("a.b.c"))),
            (None, &["token="], None),
            (None, &["xtoken=a; token2=b; =c; token"], None),
            (Some("Bearer a.b.c"), &[], Some(Bearer("a.b.c"))),
            (Some(" bearer  a.b.c "), &["token=x"], Some(Bearer("a.b.c"))),
            (Some("Bearer"), &["token=x"], Some(Bearer(""))),
            (Some("Basic YTpi"), &["token=x"], Some(Cookie("x"))),
            (Some("Basic YTpi"), &[], None),
            (Some("Bearers x"), &[], None),
        ] {
            let found = Credential::find(authorization, cookies.iter().copied());
            assert_eq!(found, expected, "{authorization:?} {cookies:?}");
        }
    }
}
