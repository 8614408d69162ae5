//! The contract: what is served, what is committed, and the form that every operation keeps.

use std::collections::BTreeSet;
use std::path::PathBuf;

use countersign_api::{ProblemType, contract};
use serde_json::Value;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// The committed contract's place.
fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../openapi/countersign.json")
}

/// The contract as generated from the registered operations.
fn generated() -> Value {
    serde_json::to_value(contract()).expect("the contract is JSON")
}

/// Every operation: method, path, description.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| {
                let operation = item.get(method)?;
                Some(((*method).to_owned(), path.clone(), operation.clone()))
            })
        })
        .collect()
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the person who runs the tests says by environment that the file is to be rewritten"
)]
fn the_committed_contract_is_the_generated_one() {
    let text = format!("{}\n", contract().to_pretty_json().expect("the contract is JSON"));
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        std::fs::write(committed(), &text).expect("the contract can be written");
    }
    let kept = std::fs::read_to_string(committed()).unwrap_or_default();
    assert!(
        kept == text,
        "openapi/countersign.json is not what the server serves; look at the difference after\n\
         UPDATE=1 cargo test -p countersign-api --test it openapi"
    );
}

#[test]
fn every_operation_is_named_tagged_and_summarized() {
    let document = generated();
    let tags: BTreeSet<_> = document["tags"]
        .as_array()
        .expect("tags")
        .iter()
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    let mut names = BTreeSet::new();
    let mut faults = Vec::new();
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
        let words = name.split('_').filter(|word| !word.is_empty()).count();
        if words < 2 || name.chars().any(|c| !(c.is_ascii_lowercase() || c == '_')) {
            faults.push(format!("{at}: operationId {name:?} is not verb_noun"));
        }
        if !names.insert(name.clone()) {
            faults.push(format!("{at}: operationId {name:?} is taken"));
        }
        match operation["tags"].as_array().map(Vec::as_slice) {
            Some([Value::String(tag)]) if tags.contains(tag.as_str()) => {}
            other => faults.push(format!("{at}: not exactly one tag of the document: {other:?}")),
        }
        let summary = operation["summary"].as_str().unwrap_or_default();
        if summary.trim().is_empty() {
            faults.push(format!("{at}: no summary"));
        }
        let problem =
            &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        if problem != "#/components/schemas/Problem" {
            faults.push(format!("{at}: no problem as default response"));
        }
        let answers = operation["responses"]
            .as_object()
            .map(|responses| responses.keys().filter(|key| key.starts_with('2')).count());
        if answers != Some(1) {
            faults.push(format!("{at}: not exactly one answer of success"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_reference_of_the_contract_leads_somewhere() {
    fn walk(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(to)) = map.get("$ref") {
                    found.insert(to.clone());
                }
                map.values().for_each(|value| walk(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, found)),
            _ => {}
        }
    }
    let document = generated();
    let mut references = BTreeSet::new();
    walk(&document, &mut references);
    for reference in references {
        let pointer = reference
            .strip_prefix('#')
            .expect("references stay in the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn the_contract_names_every_problem_and_no_other() {
    let document = generated();
    let named: Vec<_> = document["components"]["schemas"]["ProblemType"]["enum"]
        .as_array()
        .expect("ProblemType is an enum")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let ours: Vec<_> = ProblemType::ALL.iter().map(|kind| kind.slug()).collect();
    assert_eq!(named, ours);
}

#[test]
fn titles_and_slugs_of_problems_are_distinct_and_match_an_error_status() {
    let slugs: BTreeSet<_> = ProblemType::ALL.iter().map(|kind| kind.slug()).collect();
    let titles: BTreeSet<_> = ProblemType::ALL.iter().map(|kind| kind.title()).collect();
    assert_eq!(slugs.len(), ProblemType::ALL.len());
    assert_eq!(titles.len(), ProblemType::ALL.len());
    for kind in ProblemType::ALL {
        let status = kind.status();
        assert!(status.is_client_error() || status.is_server_error(), "{kind:?}");
    }
}
