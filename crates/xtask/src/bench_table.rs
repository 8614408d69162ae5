//! What benches print, and the tables made of it: each row a ratio within one run, the median of
//! interleaved rounds.
//!
//! A bench prints one JSON object a line:
//! `{"group": "render", "name": "certificate", "value": 0.1, "unit": "ms"}`, with `"ratio"`, `"baseline"` (the
//! name of another row of the group with the same unit) or `"against"` where it knows them: a list of
//! `{"baseline": "row", "target": "≥ 0.8×"}`, where a target without a baseline is one for the figure itself.
//! Everything else that a bench prints is passed over.

use serde_json::Value;

/// One line of one round.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    group: String,
    name: String,
    value: f64,
    unit: String,
    ratio: Option<f64>,
    baseline: Option<String>,
    against: Vec<Against>,
}

/// What the bench itself holds a figure against.
#[derive(Clone, Debug, PartialEq)]
struct Against {
    baseline: Option<String>,
    target: String,
}

impl Against {
    fn parse(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            baseline: text("baseline"),
            target: text("target").unwrap_or_default(),
        }
    }
}

impl Reading {
    /// The readings among the lines that a bench printed.
    pub(crate) fn all(printed: &str) -> Vec<Self> {
        printed.lines().filter_map(Self::parse).collect()
    }

    fn parse(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line.trim()).ok()?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            group: text("group")?,
            name: text("name")?,
            value: value.get("value")?.as_f64()?,
            unit: text("unit")?,
            ratio: value.get("ratio").and_then(Value::as_f64),
            baseline: text("baseline"),
            against: value
                .get("against")
                .and_then(Value::as_array)
                .map(|all| all.iter().map(Against::parse).collect())
                .unwrap_or_default(),
        })
    }

    /// True when it is the same figure of another round.
    fn repeats(&self, other: &Self) -> bool {
        self.group == other.group && self.name == other.name && self.unit == other.unit
    }
}

/// A group of benches with a title for people.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
}

/// What a figure is held against, and what it must reach.
pub(crate) struct Comparison {
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    /// Another row of the group with the same unit; none when the target is absolute.
    pub(crate) baseline: Option<&'static str>,
    pub(crate) target: &'static str,
}

/// The readings of all rounds as Markdown tables, one for each group, in the order of their first
/// appearance.
pub(crate) fn markdown(rounds: &[Vec<Reading>], groups: &[Group], comparisons: &[Comparison]) -> String {
    let mut first_seen: Vec<&Reading> = Vec::new();
    for reading in rounds.iter().flatten() {
        if !first_seen.iter().any(|seen| seen.repeats(reading)) {
            first_seen.push(reading);
        }
    }
    let mut tables: Vec<(&str, String)> = Vec::new();
    for reading in first_seen {
        let rows = rows(reading, rounds, comparisons);
        match tables.iter_mut().find(|(group, _)| *group == reading.group) {
            Some((_, table)) => table.push_str(&rows),
            None => tables.push((&reading.group, rows)),
        }
    }
    let head = "| What | Value | Ratio | Against | Target |\n|---|---:|---:|---|---|\n";
    let title = |name: &str| {
        groups
            .iter()
            .find(|group| group.name == name)
            .map_or(name.to_owned(), |g| g.title.to_owned())
    };
    tables
        .iter()
        .map(|(group, rows)| format!("## {}\n\n{head}{rows}", title(group)))
        .collect::<Vec<_>>()
        .join("\n")
}

/// One row for each thing that the figure is held against, or one without a ratio.
fn rows(reading: &Reading, rounds: &[Vec<Reading>], comparisons: &[Comparison]) -> String {
    let measured = median(
        rounds
            .iter()
            .flatten()
            .filter(|other| other.repeats(reading))
            .map(|other| other.value)
            .collect(),
    );
    let value = format!("{} {}", measured.map(figure).unwrap_or_default(), reading.unit);
    let row = |ratio: Option<f64>, against: &str, target: &str| {
        let ratio = ratio
            .map(|ratio| format!("{}×", figure(ratio)))
            .unwrap_or_default();
        format!(
            "| {} | {value} | {ratio} | {against} | {target} |\n",
            reading.name
        )
    };
    let mut rows: Vec<String> = comparisons
        .iter()
        .filter(|it| it.group == reading.group && it.name == reading.name && it.unit == reading.unit)
        .map(|it| {
            let ratio = it.baseline.and_then(|baseline| ratio(reading, baseline, rounds));
            let held = if it.baseline.is_some() { ratio } else { measured };
            row(ratio, it.baseline.unwrap_or_default(), &judged(it.target, held))
        })
        .collect();
    rows.extend(reading.against.iter().map(|it| {
        let ratio = it
            .baseline
            .as_ref()
            .and_then(|baseline| ratio(reading, baseline, rounds));
        let held = if it.baseline.is_some() { ratio } else { measured };
        row(
            ratio,
            it.baseline.as_deref().unwrap_or_default(),
            &judged(&it.target, held),
        )
    }));
    let own = reading.baseline.as_deref();
    if let Some(baseline) = own.filter(|_| rows.is_empty()) {
        rows.push(row(ratio(reading, baseline, rounds), baseline, ""));
    }
    if rows.is_empty() {
        rows.push(row(None, "", ""));
    }
    rows.concat()
}

/// The target and whether it was reached: `≥ 0.6×: missed`.
fn judged(target: &str, held: Option<f64>) -> String {
    let mut words = target.split_whitespace();
    let sign = words.next();
    let bound = words
        .next()
        .and_then(|word| word.trim_end_matches('×').parse::<f64>().ok());
    let reached = match (sign, bound, held) {
        (Some("≥"), Some(bound), Some(held)) => held >= bound,
        (Some("≤"), Some(bound), Some(held)) => held <= bound,
        (Some("<"), Some(bound), Some(held)) => held < bound,
        _ => return target.to_owned(),
    };
    format!("{target}: {}", if reached { "met" } else { "**missed**" })
}

/// How many times better the figure is than its baseline: the median of the rounds.
fn ratio(reading: &Reading, baseline: &str, rounds: &[Vec<Reading>]) -> Option<f64> {
    let within = |round: &Vec<Reading>| {
        let ours = round.iter().find(|other| other.repeats(reading))?;
        if ours.ratio.is_some() {
            return ours.ratio;
        }
        let theirs = round
            .iter()
            .find(|other| other.group == ours.group && other.unit == ours.unit && other.name == baseline)?;
        let (better, worse) = if more_is_better(&ours.unit) {
            (ours.value, theirs.value)
        } else {
            (theirs.value, ours.value)
        };
        (worse > 0.0).then(|| better / worse)
    };
    median(rounds.iter().filter_map(within).collect())
}

fn more_is_better(unit: &str) -> bool {
    unit.ends_with("/s")
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Three digits that count.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: &[Group] = &[Group {
        name: "render",
        title: "Rendering",
    }];
    const AGAINST: &[Comparison] = &[
        Comparison {
            group: "render",
            name: "ours",
            unit: "ms",
            baseline: Some("theirs"),
            target: "≥ 60×",
        },
        Comparison {
            group: "render",
            name: "ours",
            unit: "bytes",
            baseline: None,
            target: "≤ 8000",
        },
    ];

    fn round(ours: f64, theirs: f64) -> Vec<Reading> {
        Reading::all(&format!(
            r#"warming up
            {{"group":"render","name":"theirs","value":{theirs},"unit":"ms"}}
            {{"group":"render","name":"ours","value":{ours},"unit":"ms"}}
            {{"group":"render","name":"ours","value":7456,"unit":"bytes"}}"#
        ))
    }

    #[test]
    fn the_ratio_is_the_median_of_the_ratios_of_each_round() {
        let text = markdown(
            &[round(0.05, 5.0), round(0.1, 5.0), round(0.1, 2.0)],
            GROUPS,
            AGAINST,
        );
        assert!(text.starts_with("## Rendering\n"), "{text}");
        assert!(
            text.contains("| ours | 0.100 ms | 50.0× | theirs | ≥ 60×: **missed** |"),
            "{text}"
        );
        assert!(text.contains("| theirs | 5.00 ms |  |  |  |"), "{text}");
        assert!(
            text.contains("| ours | 7456 bytes |  |  | ≤ 8000: met |"),
            "{text}"
        );
    }

    #[test]
    fn more_requests_a_second_are_better() {
        let rate = Reading::all(
            r#"{"group":"g","name":"bare","value":1000,"unit":"requests/s"}
            {"group":"g","name":"ours","value":600,"unit":"requests/s","baseline":"bare"}"#,
        );
        assert!(markdown(&[rate], &[], &[]).contains("| 0.600× | bare |"));
    }

    #[test]
    fn a_ratio_that_the_bench_knows_is_taken() {
        let known =
            Reading::all(r#"{"group":"g","name":"ours","value":6,"unit":"ms","ratio":1.5,"baseline":"SQL"}"#);
        assert!(markdown(&[known], &[], &[]).contains("| 1.50× | SQL |"));
    }

    #[test]
    fn a_bench_can_say_itself_what_its_figure_must_reach() {
        let round = Reading::all(
            r#"{"group":"g","name":"page 1","value":2,"unit":"ms"}
            {"group":"g","name":"deep","value":4,"unit":"ms",
             "against":[{"baseline":"page 1","target":"≥ 0.8×"},{"target":"≤ 15 ms"}]}"#
                .replace(",\n             ", ",")
                .as_str(),
        );
        let text = markdown(&[round], &[], &[]);
        assert!(
            text.contains("| deep | 4.00 ms | 0.500× | page 1 | ≥ 0.8×: **missed** |"),
            "{text}"
        );
        assert!(text.contains("| deep | 4.00 ms |  |  | ≤ 15 ms: met |"), "{text}");
    }

    #[test]
    fn lines_that_are_no_readings_are_passed_over() {
        assert!(Reading::all("{\"group\":\"g\"}\nhello\n[1]\n").is_empty());
    }
}
