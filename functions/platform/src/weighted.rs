//! Headers that list what a client would have, each with a weight (RFC 9110, section 12.4.2).

/// How much the client would have one thing, from 0 (not at all) to 1; `None` if no range fits it.
///
/// `fitting` are the ranges that fit it, the most precise last: that one counts, whatever the
/// others say, and where it is there twice the greater weight. Parameters but the weight are for nobody.
pub(crate) fn weight<'a>(values: impl Iterator<Item = &'a str>, fitting: &[&str]) -> Option<f32> {
    let ranges = values.flat_map(|value| unquoted(value, ','));
    let given = ranges.filter_map(|range| {
        let mut parts = unquoted(range, ';').map(str::trim);
        let name = parts.next()?;
        let precision = fitting.iter().position(|fits| name.eq_ignore_ascii_case(fits))?;
        Some((precision, parts.find_map(quality).unwrap_or(1.0)))
    });
    let best = given.max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    best.map(|(_, weight)| weight)
}

/// The weight, if this parameter is it; 0 if it is out of range.
fn quality(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    let is_weight = name.eq_ignore_ascii_case("q");
    let weight = value.parse().ok().filter(|weight| (0.0..=1.0).contains(weight));
    is_weight.then(|| weight.unwrap_or(0.0))
}

/// The parts of a list, whose quoted texts may hold what separates them.
fn unquoted(list: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    list.split(move |character: char| {
        let ends = character == separator && !is_quoted;
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = is_quoted && character == '\\' && !is_escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_that_fits_best_tells_the_weight() {
        let csv = |header: &str| weight(header.lines(), &["*/*", "text/*", "text/csv"]);
        for (header, expected) in [
            ("", None),
            ("application/json", None),
            ("text/csv", Some(1.0)),
            ("Text/CSV ; Q=0.25", Some(0.25)),
            ("text/csv;charset=utf-8;q=0.5", Some(0.5)),
            ("text/csv;q=0.5;extension=1", Some(0.5)),
            ("*/*;q=0.5, text/*;q=0.25", Some(0.25)),
            ("text/csv;q=0, */*", Some(0.0)),
            ("*/*\ntext/csv;q=0", Some(0.0)),
            ("text/csv;q=0.5, text/csv", Some(1.0)),
            ("text/csv, text/csv;q=0.5", Some(1.0)),
            ("text/csv;q=x", Some(0.0)),
            ("text/csv;q=", Some(0.0)),
            ("text/csv;q=NaN", Some(0.0)),
            ("text/csv;q=7", Some(0.0)),
            (r#"text/plain;note="a, text/csv;\"b", */*;q=0.5"#, Some(0.5)),
            (r#"text/csv;note=";q=0";q=0.5"#, Some(0.5)),
        ] {
            assert_eq!(csv(header), expected, "{header}");
        }
    }
}
