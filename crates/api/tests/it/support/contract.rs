//! Holds every answer to the contract that the apps are generated from.
//!
//! A small reader of the part of JSON Schema that the contract uses. It is stricter than the standard in one
//! point: a field that the schema does not name is a fault, because no client would know of it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use reqwest::Method;
use serde_json::{Map, Value};

use super::Answer;

/// The contract as served.
pub(crate) static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(countersign_api::contract()).expect("the contract is JSON"));

/// One operation of the contract.
#[derive(Clone, Debug)]
pub(crate) struct Documented {
    pub(crate) method: Method,
    /// With its parameters in braces.
    pub(crate) path: String,
    pub(crate) operation: Value,
}

impl Documented {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        self.operation["operationId"].as_str().unwrap_or_default()
    }

    /// Whether a request may bear a header.
    pub(crate) fn takes(&self, header: &str) -> bool {
        let parameters = self.operation["parameters"].as_array();
        parameters.is_some_and(|all| {
            all.iter()
                .any(|each| each["in"] == "header" && each["name"] == header)
        })
    }

    /// Whether one of the ways to be let in asks for a scheme.
    pub(crate) fn needs(&self, scheme: &str) -> bool {
        let ways = self.operation["security"].as_array();
        ways.is_some_and(|all| all.iter().any(|way| way.get(scheme).is_some()))
    }

    fn matches(&self, method: &Method, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or_default();
        let (mut ours, mut theirs) = (self.path.split('/'), path.split('/'));
        *method == self.method
            && self.path.split('/').count() == path.split('/').count()
            && ours.all(|part| {
                theirs
                    .next()
                    .is_some_and(|their| part == their || part.starts_with('{'))
            })
    }
}

/// Every operation of the contract.
pub(crate) fn operations() -> Vec<Documented> {
    let paths = CONTRACT["paths"].as_object().expect("paths");
    let mut found = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path's operations") {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            if operation.is_object() {
                found.push(Documented {
                    method,
                    path: path.clone(),
                    operation: operation.clone(),
                });
            }
        }
    }
    found
}

static OPERATIONS: LazyLock<Vec<Documented>> = LazyLock::new(operations);

/// An answer of success is one that the contract has for its operation.
pub(super) fn assert_kept(method: &Method, path: &str, answer: &Answer) {
    // A literal segment is the better match: /v1/insureds/{insured} also fits nothing else of three parts.
    let mut fitting: Vec<_> = OPERATIONS
        .iter()
        .filter(|operation| operation.matches(method, path))
        .collect();
    fitting.sort_by_key(|operation| operation.path.matches('{').count());
    let Some(documented) = fitting.first() else { return };
    let at = format!("{method} {path}");
    let status = answer.status.to_string();
    let response = &documented.operation["responses"][&status];
    assert!(response.is_object(), "{at}: {status} is not in the contract");
    let has = |header: &str| !answer.header(header).is_empty();
    let named = |header: &str| response["headers"][header].is_object();
    assert_eq!(has("etag"), named("ETag"), "{at}: {status} with or without ETag");
    assert!(
        named("Idempotency-Replayed") || !has("idempotency-replayed"),
        "{at}: {status} is replayed, which is not in the contract"
    );
    let content = &response["content"];
    let Some(content) = content.as_object().filter(|content| !content.is_empty()) else {
        assert!(
            answer.bytes.is_empty(),
            "{at}: {status} has a body that is not in the contract"
        );
        return;
    };
    let media_type = answer
        .header("content-type")
        .split(';')
        .next()
        .unwrap_or_default();
    let Some(media) = content.get(media_type) else {
        panic!(
            "{at}: {media_type:?} is not among {:?}",
            content.keys().collect::<Vec<_>>()
        );
    };
    if media_type == "application/json" {
        let faults = faults(&answer.json(), &media["schema"]);
        assert!(
            faults.is_empty(),
            "{at}: {}\n{}",
            faults.join("; "),
            answer.text()
        );
    }
}

/// A problem is as the contract says.
pub(super) fn assert_problem(body: &Value, asked: &str) {
    let faults = faults(body, &CONTRACT["components"]["schemas"]["Problem"]);
    assert!(faults.is_empty(), "{asked}: {}\n{body}", faults.join("; "));
}

/// Where a value is not as its schema says.
fn faults(value: &Value, schema: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(value, schema, "", &mut faults);
    faults
}

fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str().and_then(|to| to.strip_prefix('#')) {
        Some(pointer) => CONTRACT.pointer(pointer).map_or(schema, resolved),
        None => schema,
    }
}

fn check(value: &Value, schema: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = resolved(schema);
    for word in ["oneOf", "anyOf"] {
        if let Some(branches) = schema[word].as_array() {
            let attempts: Vec<_> = branches
                .iter()
                .map(|branch| self::faults(value, branch))
                .collect();
            if !attempts.iter().any(Vec::is_empty) {
                faults.push(format!("{at} fits no branch: {attempts:?}"));
            }
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        for part in parts {
            let mut found = self::faults(value, part);
            found.retain(|fault| !fault.contains("is not in the schema"));
            faults.extend(found.into_iter().map(|fault| format!("{at}{fault}")));
        }
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !names.is_empty() && !names.iter().any(|name| is(value, name)) {
        faults.push(format!("{at} is {value}, not {names:?}"));
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !value.is_null()
        && !words.contains(value)
    {
        faults.push(format!("{at} is {value}, not one of {words:?}"));
    }
    match value {
        Value::Object(fields) => check_fields(fields, schema, at, faults),
        Value::Array(items) if schema["items"].is_object() => {
            for (place, item) in items.iter().enumerate() {
                check(item, &schema["items"], &format!("{at}/{place}"), faults);
            }
        }
        Value::String(text) => {
            let sound = match schema["format"].as_str() {
                Some("uuid") => uuid::Uuid::parse_str(text).is_ok(),
                Some("date") => text.parse::<chrono::NaiveDate>().is_ok(),
                Some("date-time") => {
                    chrono::DateTime::parse_from_rfc3339(text).is_ok() && text.ends_with('Z')
                }
                _ => true,
            };
            if !sound {
                faults.push(format!("{at} is {text:?}, not a {}", schema["format"]));
            }
        }
        _ => {}
    }
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn check_fields(fields: &Map<String, Value>, schema: &Value, at: &str, faults: &mut Vec<String>) {
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !fields.contains_key(name) {
            faults.push(format!("{at}/{name} is missing"));
        }
    }
    for (name, wanted) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = fields.get(name) {
            check(value, wanted, &format!("{at}/{name}"), faults);
        }
    }
    let mut known = BTreeSet::new();
    gather(schema, &mut known);
    // A schema that names no field is one of free form.
    if known.is_empty() {
        return;
    }
    for name in fields.keys().filter(|name| !known.contains(*name)) {
        faults.push(format!("{at}/{name} is not in the schema"));
    }
}

/// Every field that a schema or a part of it names.
fn gather(schema: &Value, known: &mut BTreeSet<String>) {
    let schema = resolved(schema);
    known.extend(
        schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone()),
    );
    for word in ["allOf", "oneOf", "anyOf"] {
        for part in schema[word].as_array().into_iter().flatten() {
            gather(part, known);
        }
    }
}
