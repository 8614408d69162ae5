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
    for (table, comment, columns) in &tables {
        text.push_str("diesel::table! {\n");
        if !comment.is_empty() {
            writeln!(text, "    /// {comment}").unwrap();
        }
        writeln!(text, "    {table} ({}) {{", key_of[table].join(", ")).unwrap();
        for column in columns {
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
    text.push_str("diesel::allow_tables_to_appear_in_same_query!(\n");
    for (table, ..) in &tables {
        writeln!(text, "    {table},").unwrap();
    }
    text.push_str(");\n");
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
