//! A column of a report as horizontal bars (SVG), with a whisker from the minimum to the maximum.

use crate::measured::{Column, Row, Spread};

const BAR: f64 = 18.0;
const STEP: f64 = 28.0;
const LEFT: f64 = 210.0;
const WIDTH: f64 = 420.0;

/// The bars of a column, one for each server that has it.
#[must_use]
pub fn bars(title: &str, column: Column, rows: &[Row]) -> String {
    let bars: Vec<(&str, Spread)> = rows
        .iter()
        .filter_map(|row| Some((row.name.as_str(), Spread::of(row.values(column))?)))
        .collect();
    let most = bars.iter().map(|(_, spread)| spread.most).fold(f64::MIN_POSITIVE, f64::max);
    let (width, height) = (LEFT + WIDTH + 90.0, STEP * (bars.len() as f64) + 44.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"8\" y=\"22\" font-weight=\"bold\">{}: {}</text>\n",
        escaped(title),
        escaped(column.name)
    );
    for (index, (name, spread)) in bars.iter().enumerate() {
        let top = 36.0 + STEP * index as f64;
        let (middle, at) = (top + BAR / 2.0, |value: f64| LEFT + WIDTH * value / most);
        let (end, least, greatest) = (at(spread.median), at(spread.least), at(spread.most));
        let colour = if *name == crate::measured::NOW { "#2563eb" } else { "#9ca3af" };
        svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n\
             <rect x=\"{LEFT}\" y=\"{top}\" width=\"{:.1}\" height=\"{BAR}\" fill=\"{colour}\"/>\n\
             <path d=\"M{least:.1} {middle}H{greatest:.1}\" stroke=\"#111827\" stroke-width=\"2\"/>\n\
             <text x=\"{:.1}\" y=\"{}\">{}</text>\n",
            LEFT - 8.0,
            middle + 4.5,
            escaped(name),
            end - LEFT,
            greatest + 6.0,
            middle + 4.5,
            crate::measured::number(spread.median),
        ));
    }
    svg + "</svg>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
