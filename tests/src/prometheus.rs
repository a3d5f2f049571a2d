//! The metrics that Prometheus reads from a program, and the queries of rules and dashboards.

use std::collections::{BTreeMap, BTreeSet};

/// A family of samples.
#[derive(Debug, Default)]
pub struct Family {
    /// `counter`, `gauge` or `histogram`.
    pub kind: String,
    /// Values by the samples' names and labels, in their order.
    pub samples: Vec<(String, f64)>,
}

/// Reads Prometheus's text format, version 0.0.4, more strictly than Prometheus does.
///
/// # Panics
/// If the text is not valid.
#[must_use]
pub fn parse(text: &str) -> BTreeMap<String, Family> {
    let mut families = BTreeMap::<String, Family>::new();
    let mut current = String::new();
    assert!(text.ends_with('\n'), "the last line ends");
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect(line);
            assert!(help.len() > 10 && help.trim() == help && help.ends_with('.'), "{line}");
            let declared = lines.next().expect("TYPE follows HELP");
            let kind = declared.strip_prefix(&format!("# TYPE {name} ")).expect(declared);
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{declared}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{declared}");
            let fine = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(fine, "{name}");
            current = name.to_owned();
            let family = Family { kind: kind.to_owned(), samples: Vec::new() };
            assert!(families.insert(current.clone(), family).is_none(), "{name} comes twice");
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').expect(line);
        let value: f64 = value.parse().expect(line);
        assert!(value.is_finite() && value >= 0.0, "{line}");
        let (name, labels) = sample.split_once('{').unwrap_or((sample, "}"));
        let labels = labels.strip_suffix('}').expect(line);
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (key, text) = label.split_once('=').expect(line);
            assert!(key.bytes().all(|byte| byte.is_ascii_lowercase()), "{line}");
            let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            assert!(text.is_some_and(|text| !text.contains(['"', '\\'])), "{line}");
        }
        let family = families.get_mut(&current).expect("a declared family");
        let suffix = name.strip_prefix(&current).expect(line);
        let expected: &[&str] = match &*family.kind {
            "histogram" => &["_bucket", "_sum", "_count"],
            _ => &[""],
        };
        assert!(expected.contains(&suffix), "{line}");
        assert!(family.samples.iter().all(|(other, _)| other != sample), "{line} comes twice");
        family.samples.push((sample.to_owned(), value));
    }
    for (name, family) in &families {
        if family.kind == "histogram" {
            check_histograms(name, &family.samples);
        }
    }
    families
}

/// Checks that the buckets of each series rise in bounds and counts, and that the last one contains
/// everything.
fn check_histograms(name: &str, samples: &[(String, f64)]) {
    let mut series: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for (sample, value) in samples {
        let (part, labels) = sample.split_once('{').unwrap_or((sample, "}"));
        let labels = labels.trim_end_matches('}').split(',').filter(|label| !label.is_empty());
        let (bounds, others): (Vec<&str>, Vec<&str>) =
            labels.partition(|label| label.starts_with("le="));
        match part.strip_prefix(name).expect(sample) {
            "_bucket" => {
                let bound =
                    bounds.first().expect(sample).trim_start_matches("le=").trim_matches('"');
                let bound =
                    if bound == "+Inf" { f64::INFINITY } else { bound.parse().expect(sample) };
                series.entry(others.join(",")).or_default().push((bound, *value));
            }
            "_count" => drop(counts.insert(others.join(","), *value)),
            _ => {}
        }
    }
    assert_eq!(series.keys().collect::<Vec<_>>(), counts.keys().collect::<Vec<_>>(), "{name}");
    for (labels, buckets) in &series {
        let rises = buckets.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1);
        assert!(rises, "{name}{{{labels}}}: {buckets:?}");
        let (bound, held) = buckets.last().expect(name);
        assert!(bound.is_infinite() && counts[labels].total_cmp(held).is_eq(), "{buckets:?}");
    }
}

/// The series that programs export: each sample's labels and their values.
#[derive(Debug, Default)]
pub struct Shown(BTreeMap<String, BTreeMap<String, BTreeSet<String>>>);

/// What Prometheus itself adds to each series.
const ADDED: [&str; 2] = ["instance", "job"];

/// Keywords in an expression that are followed by a list of labels.
const BEFORE_LABELS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];

/// Other keywords, which are not series.
const WORDS: [&str; 5] = ["and", "or", "unless", "bool", "offset"];

impl Shown {
    /// Adds the metrics of a program.
    ///
    /// # Panics
    /// As [`parse`].
    pub fn add(&mut self, text: &str) {
        for (sample, _) in parse(text).into_values().flat_map(|family| family.samples) {
            let (name, labels) = sample.split_once('{').unwrap_or((&sample, "}"));
            let known = self.0.entry(name.to_owned()).or_default();
            for label in labels.trim_end_matches('}').split(',').filter(|it| !it.is_empty()) {
                let (key, value) = label.split_once('=').expect("a label");
                let value = value.trim_matches('"').to_owned();
                known.entry(key.to_owned()).or_default().insert(value);
            }
        }
    }

    /// The parts of a PromQL expression that no program exports: metrics, labels, or label values
    /// selected by `=`. `named` are the labels used from its result.
    #[must_use]
    pub fn lacking(&self, expression: &str, named: &[String]) -> Vec<String> {
        let tokens = tokens(expression);
        let (mut lacking, mut labels) = (Vec::new(), BTreeSet::from(ADDED.map(str::to_owned)));
        let mut asked: Vec<&str> = named.iter().map(String::as_str).collect();
        let mut index = 0;
        while let Some(token) = tokens.get(index) {
            index += 1;
            let next = tokens.get(index).map(String::as_str);
            if BEFORE_LABELS.contains(&&**token) {
                while let Some(label) = tokens.get(index).filter(|token| *token != ")") {
                    asked.extend((label != "(" && label != ",").then_some(label.as_str()));
                    index += 1;
                }
            } else if is_name(token) && !WORDS.contains(&&**token) && !is_called(next) {
                let Some(known) = self.0.get(token) else {
                    lacking.push(format!("the metric {token}"));
                    continue;
                };
                labels.extend(known.keys().cloned());
                if next == Some("{") {
                    let end = tokens[index..].iter().position(|token| token == "}");
                    let end = index + end.expect(expression);
                    for matcher in tokens[index + 1..end].split(|token| token == ",") {
                        let [label, operator, value] = matcher else { continue };
                        let values = known.get(label);
                        let added = ADDED.contains(&label.as_str());
                        let value = value.trim_matches('"');
                        match values {
                            None if !added => lacking.push(format!("the label {label} of {token}")),
                            Some(values) if operator == "=" && !values.contains(value) => {
                                lacking.push(format!("{label}={value:?} of {token}"));
                            }
                            _ => {}
                        }
                    }
                    index = end + 1;
                }
            }
        }
        lacking.extend(
            asked
                .into_iter()
                .filter(|label| !labels.contains(*label))
                .map(|label| format!("the label {label}")),
        );
        lacking
    }
}

/// Whether the preceding token is a function or an aggregation.
fn is_called(next: Option<&str>) -> bool {
    next.is_some_and(|next| ["(", "by", "without"].contains(&next))
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// Splits an expression into words, strings, operators and numbers; `$…` and `[…]` are skipped.
fn tokens(expression: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |letter: char| letter.is_ascii_alphanumeric() || "_:.".contains(letter);
        let length = match first {
            '"' => rest[1..].find('"').expect(expression) + 2,
            '[' => rest.find(']').expect(expression) + 1,
            '=' | '!' if rest[1..].starts_with(['=', '~']) => 2,
            '$' => 1 + rest[1..].find(|letter| !word(letter)).unwrap_or(rest.len() - 1),
            _ if word(first) => rest.find(|letter| !word(letter)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        if first != '[' && first != '$' {
            tokens.push(rest[..length].to_owned());
        }
        rest = rest[length..].trim_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP a_total What is counted.\n# TYPE a_total counter\n\
                        a_total{store=\"redis\"} 1\n\
                        # HELP b_seconds How long it took.\n# TYPE b_seconds histogram\n\
                        b_seconds_bucket{le=\"1\"} 1\nb_seconds_bucket{le=\"+Inf\"} 2\n\
                        b_seconds_sum 3\nb_seconds_count 2\n";

    #[test]
    fn a_metric_a_label_and_a_value_that_nobody_shows_are_found() {
        let mut shown = Shown::default();
        shown.add(TEXT);
        for good in [
            "min by (store) (a_total)",
            "sum by (instance, store) (rate(a_total{store=\"redis\"}[5m])) > 0.5",
            "histogram_quantile(0.99, sum by (le) (rate(b_seconds_bucket[$__rate_interval])))",
            "a_total{instance=~\"$instance\", store=~\"x.*\"} and on (store) a_total",
        ] {
            assert!(shown.lacking(good, &["instance".to_owned()]).is_empty(), "{good}");
        }
        for (bad, what) in [
            ("rate(c_total[5m])", "the metric c_total"),
            ("a_total{shop=\"redis\"}", "the label shop of a_total"),
            ("a_total{store=\"postgresql\"}", "store=\"postgresql\" of a_total"),
            ("sum by (le) (a_total)", "the label le"),
            ("b_seconds", "the metric b_seconds"),
        ] {
            assert_eq!(shown.lacking(bad, &[]), [what], "{bad}");
        }
        assert_eq!(shown.lacking("a_total", &["shop".to_owned()]), ["the label shop"]);
    }
}
