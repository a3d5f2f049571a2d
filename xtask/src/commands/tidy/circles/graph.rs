//! A graph of uses, and its cycles.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Uses, each with the first place where it occurs.
#[derive(Default)]
pub(super) struct Graph(BTreeMap<String, BTreeMap<String, String>>);

impl Graph {
    /// Adds that `from` uses `to` at this place.
    pub(super) fn add(&mut self, from: &str, to: &str, place: impl FnOnce() -> String) {
        let used = self.0.entry(from.to_owned()).or_default();
        used.entry(to.to_owned()).or_insert_with(place);
    }

    /// The shortest cycle of each strongly connected group, with the places of the uses.
    pub(super) fn circles(&self) -> Vec<String> {
        let mut reported = BTreeSet::new();
        let mut circles = Vec::new();
        for start in self.0.keys() {
            let Some(circle) = self.circle_from(start) else { continue };
            if circle.iter().any(|one| reported.contains(one)) {
                continue;
            }
            reported.extend(circle.iter().copied());
            let next = circle.iter().cycle().skip(1);
            let steps: Vec<String> = circle
                .iter()
                .zip(next)
                .map(|(from, to)| format!("{from} uses {to} ({})", self.0[*from][*to]))
                .collect();
            circles.push(steps.join(", "));
        }
        circles
    }

    /// The shortest path from one back to itself.
    fn circle_from<'a>(&'a self, start: &'a str) -> Option<Vec<&'a str>> {
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(one) = waiting.pop_front() {
            for used in self.0.get(one).into_iter().flatten().map(|(used, _)| used.as_str()) {
                if used == start {
                    let mut circle = vec![one];
                    while let Some(previous) = circle.last().and_then(|last| before.get(last)) {
                        circle.push(previous);
                    }
                    circle.reverse();
                    return Some(circle);
                }
                if !before.contains_key(used) {
                    before.insert(used, one);
                    waiting.push_back(used);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(edges: &[(&str, &str)]) -> Vec<String> {
        let mut graph = Graph::default();
        edges.iter().for_each(|(from, to)| graph.add(from, to, || "x".to_owned()));
        graph.circles()
    }

    #[test]
    fn a_circle_is_reported_once_by_its_shortest_way() {
        assert_eq!(circles(&[("a", "b"), ("b", "c"), ("a", "c")]), [""; 0]);
        assert_eq!(
            circles(&[("a", "b"), ("b", "c"), ("c", "d"), ("d", "b"), ("c", "b")]),
            ["b uses c (x), c uses b (x)"]
        );
        assert_eq!(circles(&[("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")]).len(), 2);
    }
}
