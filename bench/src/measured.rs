//! A server's measurements: columns, and the values of each repeat.

use serde::Serialize;

/// The row that others are compared with: the task board as it is now.
pub const NOW: &str = "now";

/// A measured quantity of a server.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Column {
    /// Its heading, with the unit.
    pub name: &'static str,
    /// Whether ratios to other servers are reported.
    pub compared: bool,
}

/// A column that is reported without ratios.
#[must_use]
pub const fn plain(name: &'static str) -> Column {
    Column { name, compared: false }
}

/// A column with ratios.
#[must_use]
pub const fn compared(name: &'static str) -> Column {
    Column { name, compared: true }
}

/// One server's measurements.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    /// For each column that it has, a value of each repeat.
    pub series: Vec<(Column, Vec<f64>)>,
}

impl Row {
    /// A server without measurements yet.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), series: Vec::new() }
    }

    /// Adds the value of one repeat.
    pub fn push(&mut self, column: Column, value: f64) {
        match self.series.iter_mut().find(|(known, _)| *known == column) {
            Some((_, values)) => values.push(value),
            None => self.series.push((column, vec![value])),
        }
    }

    #[must_use]
    pub fn values(&self, column: Column) -> &[f64] {
        let series = self.series.iter().find(|(known, _)| *known == column);
        series.map_or(&[], |(_, values)| values)
    }
}

/// The median of some values, with the minimum and the maximum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

impl Spread {
    /// The median of these values; `None` if there are none.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut values = values.to_vec();
        values.sort_unstable_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = if values.len().is_multiple_of(2) {
            f64::midpoint(values[middle - 1], values[middle])
        } else {
            values[middle]
        };
        Some(Self { least, median, most })
    }

    pub(crate) fn shown(self) -> String {
        let Self { least, median, most } = self;
        if least == most {
            return number(median);
        }
        format!("{} ({}–{})", number(median), number(least), number(most))
    }
}

/// A number with three significant digits.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        1_000.0.. => {
            let digits = format!("{value:.0}");
            let (head, tail) = digits.split_at(digits.len() - 3);
            format!("{head},{tail}")
        }
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        0.0 => "0".to_owned(),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        let spread = Spread::of(&[4.0, 1.0, 3.0, 2.0]).expect("values");
        assert_eq!(spread, Spread { least: 1.0, median: 2.5, most: 4.0 });
        assert_eq!(Spread::of(&[]), None);
    }
}
