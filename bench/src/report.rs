//! A scenario's measurements: as a table of medians with their spread, as ratios, as JSON and as a
//! chart.

use crate::chart;
use crate::measured::{Column, NOW, Row, Spread};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// A scenario's report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub scenario: &'static str,
    /// What it does, in a sentence or two.
    pub about: String,
    /// The commits that were measured.
    pub revisions: String,
    pub machine: Machine,
    /// The servers, in the order in which they were measured in the first repeat.
    pub rows: Vec<Row>,
    /// Notes for readers of the numbers.
    pub notes: Vec<String>,
}

/// The machine, and its load at the time.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Machine {
    pub processor: String,
    /// The number of its hardware threads.
    pub cores: usize,
    pub kernel: String,
    /// The one-minute load average before and after.
    pub load: [f64; 2],
}

impl Machine {
    /// This machine at the beginning of the scenario.
    #[must_use]
    pub fn now() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let processors = read("/proc/cpuinfo");
        let model = processors.lines().find_map(|line| line.strip_prefix("model name"));
        let model = model.unwrap_or_default().trim_start_matches([' ', '\t', ':']);
        Self {
            processor: model.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load: [load(), 0.0],
        }
    }

    /// The same at its end.
    pub fn ended(&mut self) {
        self.load[1] = load();
    }
}

fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or_default()
}

impl Report {
    /// The columns, in the order in which they first occur.
    fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        for (column, _) in self.rows.iter().flat_map(|row| &row.series) {
            if !columns.contains(column) {
                columns.push(*column);
            }
        }
        columns
    }

    /// The whole report as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let Machine { processor, cores, kernel, load } = &self.machine;
        let repeats = self.rows.iter().flat_map(|row| &row.series).map(|(_, values)| values.len());
        let mut text = format!(
            "# {}\n\n{}\n\n{} repeats, all servers in turn in each; medians (least–most). {} on {cores} \
             cores of {processor}, Linux {kernel}; load {:.1} before, {:.1} after.\n\n",
            self.scenario,
            self.about,
            repeats.max().unwrap_or_default(),
            self.revisions,
            load[0],
            load[1],
        );
        let columns = self.columns();
        text.push_str("| |");
        columns.iter().for_each(|column| text.push_str(&format!(" {} |", column.name)));
        text.push_str(&format!("\n|---|{}\n", "---:|".repeat(columns.len())));
        for row in &self.rows {
            text.push_str(&format!("| {} |", row.name));
            for column in &columns {
                let shown = Spread::of(row.values(*column)).map_or("–".to_owned(), Spread::shown);
                text.push_str(&format!(" {shown} |"));
            }
            text.push('\n');
        }
        let ratios = self.ratios();
        if !ratios.is_empty() {
            text.push_str("\n| ratio, repeat by repeat | |\n|---|---:|\n");
            for (what, spread) in ratios {
                text.push_str(&format!("| {what} | {} |\n", spread.shown()));
            }
        }
        for note in &self.notes {
            text.push_str(&format!("\n{note}\n"));
        }
        text
    }

    /// The current build divided by each other server in the same repeat: they ran one after the other.
    #[must_use]
    pub fn ratios(&self) -> Vec<(String, Spread)> {
        let Some(now) = self.rows.iter().find(|row| row.name == NOW) else { return Vec::new() };
        let mut ratios = Vec::new();
        for column in self.columns().into_iter().filter(|column| column.compared) {
            for other in self.rows.iter().filter(|row| row.name != NOW) {
                let pairs = now.values(column).iter().zip(other.values(column));
                let quotients: Vec<f64> = pairs
                    .filter(|(_, other)| **other > 0.0)
                    .map(|(now, other)| now / other)
                    .collect();
                if let Some(spread) = Spread::of(&quotients) {
                    ratios.push((format!("{}: {NOW} ÷ {}", column.name, other.name), spread));
                }
            }
        }
        ratios
    }

    /// Writes `SCENARIO.md`, `.json` and `.svg` into a folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        let mut files =
            vec![("md", self.markdown()), ("json", serde_json::to_string_pretty(self)? + "\n")];
        if let Some(column) = self.columns().first() {
            files.push(("svg", chart::bars(self.scenario, *column, &self.rows)));
        }
        for (end, text) in files {
            let path = folder.join(self.scenario).with_extension(end);
            fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measured::{compared, plain};

    const RATE: Column = compared("requests/s");

    fn report(rows: &[(&str, &[f64])]) -> Report {
        let rows = rows.iter().map(|(name, values)| {
            let mut row = Row::new(*name);
            values.iter().for_each(|value| row.push(RATE, *value));
            row
        });
        Report {
            scenario: "hello",
            about: String::new(),
            revisions: String::new(),
            machine: Machine::default(),
            rows: rows.collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_ratio_is_of_pairs_that_ran_one_after_the_other() {
        // The machine was twice as slow in the second repeat, for both.
        let report = report(&[(NOW, &[200.0, 100.0, 220.0]), ("peer", &[100.0, 50.0, 100.0])]);
        let [(what, spread)] = &report.ratios()[..] else { panic!("one ratio") };
        assert_eq!(what, "requests/s: now ÷ peer");
        assert_eq!(*spread, Spread { least: 2.0, median: 2.0, most: 2.2 });
    }

    #[test]
    fn a_table_has_a_row_for_each_server_and_a_dash_for_what_it_lacks() {
        let mut report = report(&[(NOW, &[12_345.0]), ("peer", &[50.5])]);
        report.rows[0].push(plain("ms"), 0.5);
        let text = report.markdown();
        assert!(text.contains("| now | 12,345 | 0.50 |\n| peer | 50.5 | – |\n"), "{text}");
        assert!(chart::bars("hello", RATE, &report.rows).contains("12,345"));
    }
}
