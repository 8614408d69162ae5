//! `src/schema.rs` is what a migrated database looks like. `UPDATE=1` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use countersign_persistence::testing::TestDb;

use crate::sql::Sql;

/// The type of a column as diesel names it.
fn diesel_type(sql: &str) -> &'static str {
    match sql {
        "uuid" => "Uuid",
        "text" => "Text",
        "integer" => "Int4",
        "bigint" => "Int8",
        "boolean" => "Bool",
        "date" => "Date",
        "timestamp with time zone" => "Timestamptz",
        "jsonb" => "Jsonb",
        "bytea" => "Bytea",
        "text[]" => "Array<Text>",
        "double precision" => "Float8",
        other => panic!("no column is of type {other} yet; name it here"),
    }
}

/// The tables that one statement names together, in the order of the alphabet; the compiler says which pair is missing
/// ("TableNotEqual"). Said of all 52 to each other, the compiler takes as long for it as for half of the crate.
const TOGETHER: &[(&str, &str)] = &[
    ("carriers", "insureds"),
    ("carriers", "policies"),
    ("certificate_attachments", "documents"),
    ("certificate_policies", "certificates"),
    ("certificates", "deliveries"),
    ("certificates", "documents"),
    ("certificates", "holders"),
    ("deliveries", "documents"),
    ("holder_group_members", "holder_groups"),
    ("holder_group_members", "holders"),
    ("holders", "insured_holders"),
    ("holders", "interests"),
    ("insured_holders", "insureds"),
    ("insureds", "policies"),
    ("insureds", "portal_users"),
    ("insureds", "sessions"),
    ("portal_users", "sessions"),
    ("sessions", "staff_groups"),
    ("sessions", "staff_users"),
    ("staff_groups", "staff_users"),
];

/// How diesel reads a table that has more columns than its fastest build knows (32): under the one name or the other,
/// each without what nobody reads by it. The compiler is four times slower where diesel is built for wider ones.
const READINGS: &[(&str, &str, &[&str])] = &[
    (
        "certificates",
        "certificates",
        &[
            "delivery_id",
            "delivery_state",
            "delivery_to",
            "delivery_queued_at",
            "delivery_accepted_at",
            "delivery_last_error",
            "delivery_outcome",
            "delivery_undone_at",
            "delivery_emailed_at",
        ],
    ),
    (
        "certificates",
        "certificate_log",
        &[
            "issued_by_id",
            "payload",
            "fingerprint",
            "document_sha256",
            "findings",
            "state_changed_by_id",
            "overrides",
            "delivery_id",
        ],
    ),
];

/// The names under which diesel knows a table, and what each leaves out.
fn readings(table: &str) -> Vec<(&str, &[&str])> {
    let special: Vec<_> = READINGS
        .iter()
        .filter(|(of, ..)| *of == table)
        .map(|(_, name, without)| (*name, *without))
        .collect();
    if special.is_empty() {
        vec![(table, &[])]
    } else {
        special
    }
}

async fn rendered(owner: &Sql) -> String {
    let keys = owner
        .rows(
            "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
             JOIN unnest(i.indkey) WITH ORDINALITY k(attnum, place) ON true \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum \
             WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace ORDER BY 1, k.place",
        )
        .await;
    let mut key_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in keys {
        key_of.entry(key[0].clone()).or_default().push(key[1].clone());
    }
    let columns = owner
        .rows(
            "SELECT c.relname, a.attname, format_type(a.atttypid, -1), a.attnotnull, \
                    coalesce(col_description(c.oid, a.attnum), ''), coalesce(obj_description(c.oid), '') \
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 \
               AND NOT a.attisdropped AND c.relname <> '__diesel_schema_migrations' \
             ORDER BY c.relname, a.attnum",
        )
        .await;
    let mut tables: Vec<(String, String, Vec<_>)> = Vec::new();
    for column in columns {
        if tables.last().is_none_or(|(name, ..)| *name != column[0]) {
            tables.push((column[0].clone(), column[5].clone(), Vec::new()));
        }
        tables.last_mut().unwrap().2.push(column);
    }
    let mut text =
        "// Generated from a migrated database by `UPDATE=1 cargo test -p countersign-persistence`; \
                    never edited.\n\n"
            .to_owned();
    let known: Vec<_> = tables
        .iter()
        .flat_map(|(table, comment, columns)| {
            readings(table)
                .into_iter()
                .map(move |(name, without)| (table, comment, columns, name, without))
        })
        .collect();
    for (table, comment, columns, name, without) in &known {
        text.push_str("diesel::table! {\n");
        if !comment.is_empty() {
            writeln!(text, "    /// {comment}").unwrap();
        }
        if name != table {
            writeln!(text, "    #[sql_name = \"{table}\"]").unwrap();
        }
        writeln!(text, "    {name} ({}) {{", key_of[*table].join(", ")).unwrap();
        for column in columns
            .iter()
            .filter(|column| !without.contains(&column[1].as_str()))
        {
            if !column[4].is_empty() {
                writeln!(text, "        /// {}", column[4]).unwrap();
            }
            let kind = diesel_type(&column[2]);
            if column[3] == "t" {
                writeln!(text, "        {} -> {kind},", column[1]).unwrap();
            } else {
                writeln!(text, "        {} -> Nullable<{kind}>,", column[1]).unwrap();
            }
        }
        text.push_str("    }\n}\n\n");
    }
    for (one, other) in TOGETHER {
        writeln!(
            text,
            "diesel::allow_tables_to_appear_in_same_query!({one}, {other});"
        )
        .unwrap();
    }
    text
}

#[expect(
    clippy::disallowed_methods,
    reason = "the person at the keyboard says that the change is meant"
)]
fn update() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_is_that_of_a_migrated_database() {
    let db = TestDb::new();
    let now = rendered(&Sql::owner(&db).await).await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema.rs");
    if update() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    let drift: Vec<_> = now
        .lines()
        .filter(|line| !kept.lines().any(|other| other == *line))
        .map(|line| format!("+ {line}"))
        .chain(
            kept.lines()
                .filter(|line| !now.lines().any(|other| other == *line))
                .map(|line| format!("- {line}")),
        )
        .collect();
    assert!(
        kept == now,
        "src/schema.rs is not what the migrations make; run again with UPDATE=1:\n{}",
        drift.join("\n")
    );
}
