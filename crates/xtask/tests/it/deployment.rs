//! The README, the compose file and the proxy agree with the server about settings and headers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every setting that `config.rs` reads, as the environment spells it.
fn settings() -> BTreeSet<String> {
    let text = read("crates/cli/src/config.rs");
    let product = text.split("#[cfg(test)]").next().unwrap_or_default();
    ["reader.required(", "reader.or(", "reader.optional("]
        .iter()
        .flat_map(|call| product.split(call).skip(1))
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .map(|name| format!("COUNTERSIGN_{name}"))
        .collect()
}

/// Every setting that a text names; `…_FILE` counts as the setting itself.
fn named_in(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'))
        .filter(|word| word.starts_with("COUNTERSIGN_") && *word != "COUNTERSIGN_CONFIG")
        .map(|word| word.strip_suffix("_FILE").unwrap_or(word).to_owned())
        .collect()
}

#[test]
fn every_setting_stands_in_the_readme_and_no_other() {
    let readme = read("README.md");
    let table = readme
        .split("## Configuration")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    assert_eq!(named_in(table), settings());
}

#[test]
fn the_compose_file_sets_only_what_the_product_reads() {
    let own = [
        "COUNTERSIGN_STAFF_HOST",
        "COUNTERSIGN_PORTAL_HOST",
        "COUNTERSIGN_API_HOST",
    ];
    let known = settings();
    for name in named_in(&read("docker-compose.yml")) {
        assert!(
            known.contains(&name) || own.contains(&name.as_str()),
            "nothing reads {name}"
        );
    }
}

#[test]
fn the_proxy_sends_the_policy_that_the_server_sends() {
    let guard = read("crates/api/src/guard.rs");
    let policy = guard
        .split("const PAGE_POLICY: &str = \"")
        .nth(1)
        .unwrap()
        .split("\";")
        .next()
        .unwrap();
    let policy = policy.split("\\\n").map(str::trim_start).collect::<String>();
    let policy = policy.replace("CSP_NONCE", "{http.request.uuid}");
    assert!(
        read("frontend/Caddyfile").contains(&format!("Content-Security-Policy \"{policy}\"")),
        "{policy}"
    );
}
