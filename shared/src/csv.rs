//! Comma-separated values (RFC 4180), as spreadsheets read them.

use std::borrow::Cow;

/// Adds a line with these fields, each in quotes where it has to be.
pub fn push_row<S: AsRef<str>>(text: &mut String, fields: impl IntoIterator<Item = S>) {
    for (nth, field) in fields.into_iter().enumerate() {
        let field = field.as_ref();
        if nth > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\r', '\n']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push_str("\r\n");
}

/// A text that somebody wrote, with a `'` before it where a spreadsheet would take it for a formula.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_where_it_has_to_be() {
        let mut text = String::new();
        push_row(&mut text, ["a", "", "b c", "d,e", "say \"f\"", "g\nh"]);
        push_row(&mut text, [1, 2].map(|number| number.to_string()));
        assert_eq!(text, "a,,b c,\"d,e\",\"say \"\"f\"\"\",\"g\nh\"\r\n1,2\r\n");
    }

    #[test]
    fn no_text_is_a_formula() {
        for formula in ["=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        assert_eq!(harmless("1=1"), "1=1");
        assert_eq!(harmless(""), "");
    }
}
