//! The house rules that no compiler holds: arrows between crates, names, places, marks of unfinished work.
//!
//! Every rule reads all sources and tells every breach at once. The words it looks for are put together here,
//! so that this file does not find itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the workspace is there")
}

/// A file of the repository.
struct Source {
    /// From the root, with slashes.
    path: String,
    text: String,
}

impl Source {
    fn is(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    fn lies_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// Tests, and what only tests use.
    fn is_test(&self) -> bool {
        let rust = self.is(".rs") && (self.path.contains("/tests/") || self.path.ends_with("/testing.rs"));
        rust || self.is(".spec.ts")
            || self.is(".test.ts")
            || self.is(".test.tsx")
            || self.lies_in("frontend/e2e/")
    }

    /// The part of a Rust file above its unit tests.
    fn product(&self) -> &str {
        self.text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default()
    }
}

const SKIPPED: [&str; 9] = [
    "target",
    "node_modules",
    "dist",
    ".git",
    ".tanstack",
    "test-results",
    "playwright-report",
    ".demo",
    "assets",
];

fn walk(folder: &Path, root: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a readable name");
        if SKIPPED.contains(&name) {
            continue;
        }
        if path.is_dir() {
            walk(&path, root, found);
        } else {
            found.push(path.strip_prefix(root).expect("below the root").to_owned());
        }
    }
}

/// Everything that people wrote in the crates, the frontend and the contract's folder.
fn sources() -> Vec<Source> {
    let root = root();
    let mut paths = Vec::new();
    for folder in ["crates", "frontend"] {
        walk(&root.join(folder), &root, &mut paths);
    }
    let written = ["rs", "ts", "tsx", "js", "css", "html", "sql", "toml", "yml"];
    paths
        .into_iter()
        .filter(|path| {
            path.extension()
                .and_then(|e| e.to_str())
                .is_some_and(|e| written.contains(&e))
        })
        .map(|path| Source {
            text: std::fs::read_to_string(root.join(&path)).expect("a readable file"),
            path: path.to_str().expect("a readable path").replace('\\', "/"),
        })
        .collect()
}

fn report(breaches: &[String]) {
    assert!(
        breaches.is_empty(),
        "{} breaches:\n{}",
        breaches.len(),
        breaches.join("\n")
    );
}

/// The manifest of every crate of the workspace, as cargo reads it.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

/// The dependencies of a crate: name and whether it is for tests only.
fn dependencies(package: &Value) -> Vec<(String, bool)> {
    package["dependencies"]
        .as_array()
        .expect("dependencies")
        .iter()
        .map(|dependency| {
            (
                dependency["name"].as_str().expect("a name").to_owned(),
                dependency["kind"] == "dev",
            )
        })
        .collect()
}

/// Which crate may use which: arrows point inward, and the binary puts everything together.
const ARROWS: [(&str, &[&str]); 7] = [
    ("countersign-domain", &[]),
    ("countersign-documents", &["countersign-domain"]),
    ("countersign-persistence", &["countersign-domain"]),
    (
        "countersign-api",
        &[
            "countersign-domain",
            "countersign-persistence",
            "countersign-documents",
        ],
    ),
    (
        "countersign-worker",
        &[
            "countersign-domain",
            "countersign-persistence",
            "countersign-documents",
        ],
    ),
    (
        "countersign-cli",
        &[
            "countersign-api",
            "countersign-worker",
            "countersign-persistence",
            "countersign-documents",
            "countersign-domain",
        ],
    ),
    ("xtask", &[]),
];

/// Arrows that only tests may draw: the API's read the mail that the worker sends.
const TEST_ARROWS: [(&str, &str); 1] = [("countersign-api", "countersign-worker")];

#[test]
fn arrows_between_crates_point_inward() {
    let allowed: BTreeMap<_, _> = ARROWS.into_iter().collect();
    let mut breaches = Vec::new();
    let packages = packages();
    let ours: BTreeSet<_> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    assert_eq!(
        ours,
        allowed.keys().copied().collect(),
        "a crate was added or removed: say which arrows it draws"
    );
    for package in &packages {
        let name = package["name"].as_str().expect("a name");
        for (to, for_tests) in dependencies(package) {
            let own = to == name;
            let test_arrow = for_tests && (own || TEST_ARROWS.contains(&(name, to.as_str())));
            if ours.contains(to.as_str()) && !allowed[name].contains(&to.as_str()) && !test_arrow {
                breaches.push(format!("{name} -> {to}"));
            }
        }
    }
    report(&breaches);
}

#[test]
fn heavy_dependencies_stay_in_the_crate_that_exists_for_them() {
    let homes: [(&str, &[&str]); 11] = [
        ("diesel", &["countersign-persistence"]),
        ("diesel-async", &["countersign-persistence"]),
        ("diesel_migrations", &["countersign-persistence"]),
        ("lettre", &["countersign-worker"]),
        // The command that starts the server needs its runtime.
        ("actix-web", &["countersign-api", "countersign-cli"]),
        ("utoipa", &["countersign-api"]),
        ("argon2", &["countersign-api"]),
        ("genpdfi", &["countersign-documents"]),
        ("lopdf", &["countersign-documents"]),
        ("clap", &["countersign-cli"]),
        ("indicatif", &["countersign-cli"]),
    ];
    let mut breaches = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().expect("a name");
        for (to, for_tests) in dependencies(&package) {
            let home = homes.iter().find(|(heavy, _)| *heavy == to);
            if home.is_some_and(|(_, crates)| !crates.contains(&name)) && !for_tests {
                breaches.push(format!("{name} uses {to}"));
            }
        }
    }
    report(&breaches);
}

#[test]
fn the_domain_knows_no_framework() {
    let allowed = [
        "chrono",
        "chrono-tz",
        "deunicode",
        "serde",
        "serde_json",
        "sha2",
        "strsim",
        "thiserror",
        "unicode-normalization",
        "uuid",
    ];
    let domain = packages()
        .into_iter()
        .find(|package| package["name"] == "countersign-domain")
        .expect("domain");
    let breaches: Vec<_> = dependencies(&domain)
        .into_iter()
        .filter(|(to, for_tests)| !for_tests && !allowed.contains(&to.as_str()))
        .map(|(to, _)| format!("domain uses {to}"))
        .collect();
    report(&breaches);
}

#[test]
fn every_crate_keeps_the_shared_lints_and_no_feature_but_testing() {
    let mut breaches = Vec::new();
    for package in packages() {
        let manifest = package["manifest_path"].as_str().expect("a path");
        let text = std::fs::read_to_string(manifest).expect("a manifest");
        if !text.contains("[lints]\nworkspace = true") {
            breaches.push(format!("{manifest}: the shared lints are not in force"));
        }
        for feature in package["features"].as_object().expect("features").keys() {
            if feature != "testing" {
                breaches.push(format!("{manifest}: feature {feature}"));
            }
        }
        for target in package["targets"].as_array().expect("targets") {
            if target["kind"][0] == "lib" && target["doctest"] == true {
                breaches.push(format!("{manifest}: doctests are on"));
            }
        }
    }
    report(&breaches);
}

const FORBIDDEN: [&str; 9] = [
    "utils",
    "helpers",
    "common",
    "misc",
    "shared",
    "manager",
    "service",
    "handler",
    "processor",
];

/// `base` may only be a part of a word that means something, such as base64.
fn is_forbidden(word: &str) -> bool {
    let word = word.to_lowercase();
    let singular = word.strip_suffix('s').unwrap_or(&word);
    word == "base"
        || FORBIDDEN
            .iter()
            .any(|name| word == *name || singular == name.trim_end_matches('s'))
}

/// The words of a name in any of the ways in which names are written.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            words.push(String::new());
        } else {
            if letter.is_uppercase() && before.is_lowercase() {
                words.push(String::new());
            }
            words.last_mut().expect("a word").push(letter);
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn no_name_says_nothing() {
    let mut breaches = BTreeSet::new();
    for source in sources() {
        for part in source.path.split('/') {
            let part = part.split('.').next().unwrap_or_default();
            if words(part).iter().any(|word| is_forbidden(word)) {
                breaches.insert(format!("{}: the name {part}", source.path));
            }
        }
        let keywords: &[&str] = if source.is(".rs") {
            &["struct ", "enum ", "trait ", "type ", "mod "]
        } else if source.is(".ts") || source.is(".tsx") {
            &["class ", "interface ", "type ", "enum "]
        } else {
            continue;
        };
        for line in source.text.lines().map(str::trim_start) {
            let line = [
                "pub(crate) ",
                "pub(super) ",
                "pub ",
                "export ",
                "declare ",
                "abstract ",
            ]
            .iter()
            .fold(line, |line, word| line.strip_prefix(word).unwrap_or(line));
            let Some(rest) = keywords.iter().find_map(|keyword| line.strip_prefix(keyword)) else {
                continue;
            };
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if words(&name).iter().any(|word| is_forbidden(word)) {
                breaches.insert(format!("{}: {name}", source.path));
            }
        }
    }
    report(&breaches.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_module_begins_with_what_it_is() {
    let breaches: Vec<_> = sources()
        .iter()
        // Written by a program, and read by none but the compiler.
        .filter(|source| source.is(".rs") && !source.is("persistence/src/schema.rs"))
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| source.path.clone())
        .collect();
    report(&breaches);
}

fn lines_with(source: &Source, words: &[&str]) -> Vec<String> {
    source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(number, line)| format!("{}:{}: {}", source.path, number + 1, line.trim()))
        .collect()
}

#[test]
fn nothing_is_left_for_later_and_no_lint_is_waved_through() {
    let unfinished = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("HA", "CK"),
    ];
    let waved = [concat!("#[al", "low("), concat!("#![al", "low(")];
    let disabled = [
        concat!("#[ig", "nore"),
        concat!(".on", "ly("),
        concat!("test.sk", "ip("),
        concat!("test.fix", "me("),
    ];
    let mut breaches = Vec::new();
    for source in sources() {
        breaches.extend(lines_with(&source, &unfinished));
        if source.is(".rs") {
            breaches.extend(lines_with(&source, &waved));
        }
        if source.is_test() {
            breaches.extend(lines_with(&source, &disabled));
        }
    }
    report(&breaches);
}

#[test]
fn no_test_sleeps() {
    let words = [concat!("sle", "ep("), concat!("waitFor", "Timeout")];
    let breaches: Vec<_> = sources()
        .iter()
        .filter(|source| source.is_test())
        .flat_map(|source| lines_with(source, &words))
        .collect();
    report(&breaches);
}

/// `service(..)` asks for the operation's description, the other way would take a handler without one.
#[test]
fn the_api_registers_nothing_that_it_does_not_document() {
    let breaches: Vec<_> = sources()
        .iter()
        .filter(|source| source.lies_in("crates/api/src/"))
        .flat_map(|source| lines_with(source, &[concat!(".ro", "ute("), concat!("web::ro", "ute")]))
        .collect();
    report(&breaches);
}

/// An actor comes out of a session that was read just now, or is a process of the product.
#[test]
fn nobody_makes_up_an_actor() {
    let people = [
        concat!("Actor::Sta", "ff(Staff {"),
        concat!("Actor::Por", "tal(Portal {"),
    ];
    let process = concat!("Actor::Sys", "tem {");
    let mut breaches = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| source.is(".rs") && !source.is_test())
    {
        let text = source.product();
        if !source.is("persistence/src/sessions.rs") {
            for word in people.iter().filter(|word| text.contains(**word)) {
                breaches.push(format!("{}: {word}", source.path));
            }
        }
        // Reports of the mail relay are signed with the installation's key: whoever shows that speaks for the mailer.
        let may = source.lies_in("crates/cli/src/")
            || source.lies_in("crates/worker/src/")
            || source.is("api/src/mail/events.rs")
            // Whoever shows a secret that was mailed reads what it opens.
            || source.is("persistence/src/link_secrets.rs");
        for (place, _) in text.match_indices(process) {
            let rest = text.get(place..).unwrap_or_default();
            let fields = rest.split('}').next().unwrap_or_default();
            // With two dots it is a pattern, which takes an actor apart.
            if !fields.contains("..") && !may {
                breaches.push(format!(
                    "{}: {}",
                    source.path,
                    fields.lines().next().unwrap_or_default()
                ));
            }
        }
    }
    report(&breaches);
}

/// Whoever walks along the trail reads back the kind of every record that an entry may name.
#[test]
fn the_trail_knows_every_kind_of_record() {
    let sources = sources();
    let read_back = sources
        .iter()
        .find(|source| source.is("persistence/src/audit.rs"))
        .and_then(|source| source.text.split_once("fn known_kind("))
        .map(|(_, rest)| rest.to_owned())
        .expect("the walk along the trail");
    let mut breaches = BTreeSet::new();
    for source in sources
        .iter()
        .filter(|source| source.lies_in("crates/domain/src/"))
    {
        for rest in source.product().split("object_kind: \"").skip(1) {
            let kind = rest.split('"').next().unwrap_or_default();
            if !read_back.contains(&format!("\"{kind}\"")) {
                breaches.insert(format!("{}: {kind}", source.path));
            }
        }
    }
    report(&breaches.into_iter().collect::<Vec<_>>());
}

/// Transactions begin in one place, and what they set is theirs alone.
#[test]
fn transactions_begin_in_one_place() {
    let words = [
        concat!("\"BE", "GIN"),
        concat!("\"COM", "MIT"),
        concat!("set_con", "fig("),
        concat!("SET LO", "CAL"),
    ];
    let breaches: Vec<_> = sources()
        .iter()
        .filter(|source| source.is(".rs") && !source.is_test() && !source.is("persistence/src/db.rs"))
        .flat_map(|source| {
            let product = Source {
                path: source.path.clone(),
                text: source.product().to_owned(),
            };
            lines_with(&product, &words)
        })
        .collect();
    report(&breaches);
}

/// Everything else that a tool needs begins with a dot.
#[test]
fn the_visible_top_is_what_a_person_expects() {
    let allowed: BTreeSet<_> = [
        "Cargo.toml",
        "Cargo.lock",
        "CONTRIBUTING.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "SECURITY.md",
        "crates",
        "docker-compose.yml",
        "docs",
        "frontend",
        "openapi",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect();
    let found: BTreeSet<String> = std::fs::read_dir(root())
        .expect("the root")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a readable name")
        })
        // Made by tools and never committed.
        .filter(|name| !name.starts_with('.') && name != "target" && name != "secrets")
        .collect();
    assert_eq!(found, allowed);
}

/// What the first story of the product proves, by the ids under which the product is described.
const PROVED: [&str; 47] = [
    "A1.02", "A1.03", "A1.04", "A1.05", "A1.06", "A1.09", "A1.12", "A1.13", "A1.14", "A1.15", "A1.16",
    "A1.17", "A1.19", "A1.20", "A1.21", "A1.22", "A1.23", "A1.24", "A1.26", "A1.28", "A2.01", "A2.02",
    "A2.03", "A2.04", "A2.05", "A2.06", "A2.07", "A2.08", "A2.09", "A2.10", "A2.11", "A2.12", "A2.13",
    "A2.14", "A2.15", "A2.16", "A2.17", "A2.18", "A2.19", "A2.20", "A2.21", "A2.22", "A2.23", "A2.24",
    "A2.25", "A2.27", "A2.28",
];

#[test]
fn every_capability_of_the_first_story_is_proved_by_a_test() {
    let tests: Vec<String> = sources()
        .into_iter()
        .filter(|source| !source.is("cli/tests/it/tidy.rs"))
        .filter_map(|source| {
            if source.is_test() {
                return Some(source.text);
            }
            let unit = source
                .text
                .split_once("#[cfg(test)]\nmod tests")
                .filter(|_| source.is(".rs"));
            unit.map(|(_, tests)| tests.to_owned())
        })
        .collect();
    let missing: Vec<_> = PROVED
        .iter()
        .filter(|id| !tests.iter().any(|text| text.contains(**id)))
        .map(|id| format!("{id} is proved by no test"))
        .collect();
    report(&missing);
}
