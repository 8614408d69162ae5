//! What benches print, and the table made of it: each row a ratio within one run, the median of
//! interleaved rounds.
//!
//! A bench prints one JSON object a line:
//! `{"group": "Rendering", "name": "stamped", "value": 53.1, "unit": "µs", "baseline": "ReportLab"}`.
//! `baseline` names another row of the group; `ratio` may be given instead when the bench knows
//! better. Everything else that a bench prints is passed over.

use std::collections::BTreeMap;

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
    target: Option<String>,
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
            target: text("target"),
        })
    }
}

/// A reading with its ratio within its own round.
type Rated<'a> = (&'a Reading, Option<f64>);

/// A row of the table.
#[derive(Debug, PartialEq)]
struct Row {
    name: String,
    value: f64,
    unit: String,
    ratio: Option<f64>,
    baseline: Option<String>,
    target: Option<String>,
}

/// The readings of all rounds as Markdown tables, one for each group, in the order of their first
/// appearance.
pub(crate) fn markdown(rounds: &[Vec<Reading>]) -> String {
    let mut order: Vec<(&str, &str)> = Vec::new();
    let mut readings: BTreeMap<(&str, &str), Vec<Rated<'_>>> = BTreeMap::new();
    for round in rounds {
        for reading in round {
            let key = (reading.group.as_str(), reading.name.as_str());
            if !order.contains(&key) {
                order.push(key);
            }
            readings
                .entry(key)
                .or_default()
                .push((reading, ratio_within(round, reading)));
        }
    }
    let mut groups: Vec<(&str, Vec<Row>)> = Vec::new();
    for key in order {
        let Some(row) = readings.get(&key).and_then(|all| summarize(all)) else {
            continue;
        };
        match groups.iter_mut().find(|(group, _)| *group == key.0) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((key.0, vec![row])),
        }
    }
    groups
        .iter()
        .map(|(group, rows)| table(group, rows))
        .collect::<Vec<_>>()
        .join("\n")
}

/// How many times better the reading is than its baseline of the same round.
fn ratio_within(round: &[Reading], reading: &Reading) -> Option<f64> {
    if reading.ratio.is_some() {
        return reading.ratio;
    }
    let baseline = reading.baseline.as_deref()?;
    let other = round
        .iter()
        .find(|other| other.group == reading.group && other.name == baseline)?;
    if other.unit != reading.unit {
        return None;
    }
    let (better, worse) = if more_is_better(&reading.unit) {
        (reading.value, other.value)
    } else {
        (other.value, reading.value)
    };
    (worse > 0.0).then(|| better / worse)
}

fn more_is_better(unit: &str) -> bool {
    unit.ends_with("/s")
}

fn summarize(all: &[Rated<'_>]) -> Option<Row> {
    let (first, _) = all.first()?;
    Some(Row {
        name: first.name.clone(),
        value: median(all.iter().map(|(reading, _)| reading.value).collect())?,
        unit: first.unit.clone(),
        ratio: median(all.iter().filter_map(|(_, ratio)| *ratio).collect()),
        baseline: first.baseline.clone(),
        target: first.target.clone(),
    })
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn table(group: &str, rows: &[Row]) -> String {
    let mut text =
        format!("## {group}\n\n| What | Value | Ratio | Against | Target |\n|---|---:|---:|---|---|\n");
    for row in rows {
        let ratio = row
            .ratio
            .map(|ratio| format!("{}×", figure(ratio)))
            .unwrap_or_default();
        text += &format!(
            "| {} | {} {} | {} | {} | {} |\n",
            row.name,
            figure(row.value),
            row.unit,
            ratio,
            row.baseline.as_deref().unwrap_or_default(),
            row.target.as_deref().unwrap_or_default(),
        );
    }
    text
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

    fn round(ours: f64, theirs: f64) -> Vec<Reading> {
        Reading::all(&format!(
            "warming up\n{{\"group\":\"Rendering\",\"name\":\"ReportLab\",\"value\":{theirs},\"unit\":\"µs\"}}\n\
             {{\"group\":\"Rendering\",\"name\":\"ours\",\"value\":{ours},\"unit\":\"µs\",\"baseline\":\"ReportLab\",\"target\":\"≥ 60×\"}}\n"
        ))
    }

    #[test]
    fn the_ratio_is_the_median_of_the_ratios_of_each_round() {
        let text = markdown(&[round(50.0, 5000.0), round(100.0, 5000.0), round(100.0, 2000.0)]);
        assert!(
            text.contains("| ours | 100 µs | 50.0× | ReportLab | ≥ 60× |"),
            "{text}"
        );
        assert!(text.contains("| ReportLab | 5000 µs |  |  |  |"), "{text}");
    }

    #[test]
    fn more_requests_a_second_are_better_and_less_time_is_better() {
        let rate = Reading::all(
            "{\"group\":\"g\",\"name\":\"bare\",\"value\":1000,\"unit\":\"requests/s\"}\n\
             {\"group\":\"g\",\"name\":\"ours\",\"value\":600,\"unit\":\"requests/s\",\"baseline\":\"bare\"}",
        );
        assert!(markdown(&[rate]).contains("0.600×"));
    }

    #[test]
    fn lines_that_are_no_readings_are_passed_over() {
        assert!(Reading::all("{\"group\":\"g\"}\nhello\n[1]\n").is_empty());
    }
}
