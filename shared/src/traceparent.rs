//! Which trace a change belongs to (W3C Trace Context, docs/contract/api.md, API-TRACE).

/// The length of a `traceparent` of version 00, in bytes.
const LENGTH: usize = 55;

/// A `traceparent` of a request that its sender wants to have followed (the flag *sampled*): in the form
/// of version 00, so nothing but digits, the letters `a` to `f` and hyphens, which are safe anywhere as
/// it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Traceparent(String);

impl Traceparent {
    /// The one among the values of a request's `traceparent` headers: the only one, if it is well-formed
    /// and sampled. Of versions to come what they share with this one is read, as that specification has
    /// it.
    #[must_use]
    pub fn sampled<'a>(mut values: impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let only = values.next().filter(|_| values.next().is_none())?;
        Self::parse(std::str::from_utf8(only).ok()?)
    }

    /// The same of one value.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let first = text.get(..LENGTH)?;
        let mut parts = first.split('-');
        let (version, trace, parent, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let lengths = [version, trace, parent, flags].map(str::len) == [2, 32, 16, 2];
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let plain = first.bytes().all(|byte| byte == b'-' || hexadecimal(byte));
        // What follows on it in a version to come begins with a hyphen.
        let rest = text.get(LENGTH..)?;
        let ends = rest.is_empty() || (version != "00" && rest.starts_with('-'));
        let zeros = |id: &str| id.bytes().all(|byte| byte == b'0');
        let sane = lengths && plain && ends && version != "ff" && !zeros(trace) && !zeros(parent);
        let sampled = u8::from_str_radix(flags, 16).is_ok_and(|flags| flags & 1 == 1);
        (sane && sampled).then(|| Self(format!("00-{trace}-{parent}-01")))
    }

    /// As it is written in headers, events and statements.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn of(values: &[&str]) -> Option<String> {
        let bytes = values.iter().map(|value| value.as_bytes());
        Traceparent::sampled(bytes).map(|it| it.as_str().to_owned())
    }

    #[test]
    fn api_trace_a_sampled_traceparent_is_read_in_every_version_and_written_in_the_first() {
        for sent in [
            GOOD.to_owned(),
            GOOD.replace("-01", "-03"),
            GOOD.replacen("00", "cc", 1),
            format!("{}-what-follows", GOOD.replacen("00", "cc", 1)),
        ] {
            assert_eq!(of(&[&sent]).as_deref(), Some(GOOD), "{sent}");
        }
    }

    #[test]
    fn api_trace_an_odd_or_forged_traceparent_and_two_of_them_are_none() {
        let zero_trace = GOOD.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32));
        let zero_parent = GOOD.replace("00f067aa0ba902b7", &"0".repeat(16));
        for odd in [
            "",
            "00",
            &GOOD.replace("-01", "-00"),
            &GOOD.to_uppercase(),
            &GOOD.replacen("00", "ff", 1),
            &format!("{GOOD}-more"),
            &format!("{}more", GOOD.replacen("00", "cc", 1)),
            &format!(" {GOOD}"),
            &GOOD.replace('-', "_"),
            &GOOD.replacen('4', "'", 1),
            &GOOD.replacen("4b", "é", 1),
            "00-4bf92f3577b34da6a3ce929d0e0e4736*/;-00f067aa0ba902b-01",
            &zero_trace,
            &zero_parent,
        ] {
            assert_eq!(of(&[odd]), None, "{odd}");
        }
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[GOOD, GOOD]), None);
    }
}
