//! Migrations fit together: what goes up comes down and goes up again to the same database.

use std::collections::BTreeSet;

use countersign_domain::testing::{self as cast, AGENCY};
use countersign_persistence::migrate;
use countersign_persistence::testing::TestDb;

use crate::cast::Stage;
use crate::sql::Sql;

/// Everything that a dump of the schema would say, one fact a line.
const FACTS: &[&str] = &[
    "SELECT 'table ' || relname || ' ' || relkind::text || ' rls ' || relrowsecurity || ' forced ' || relforcerowsecurity \
     || ' ' || coalesce(reloptions::text, '') || ' ' || coalesce(obj_description(oid, 'pg_class'), '') \
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')",
    "SELECT 'column ' || c.relname || '.' || a.attname || ' ' || a.attnum || ' ' || format_type(a.atttypid, a.atttypmod) \
     || ' not null ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || a.attstorage::text \
     || ' ' || coalesce(col_description(c.oid, a.attnum), '') \
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0",
    "SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
     FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'policy ' || tablename || ' ' || policyname || ' ' || permissive || ' ' || cmd || ' ' || \
     array_to_string(ARRAY(SELECT unnest(roles) ORDER BY 1), ',') || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '') \
     FROM pg_policies WHERE schemaname = 'public'",
    "SELECT 'function ' || pg_get_functiondef(p.oid) || ' owner ' || r.rolname || ' ' || coalesce(obj_description(p.oid, 'pg_proc'), '') \
     FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'public'::regnamespace \
     AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
    "SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
     WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal",
    "SELECT 'grant on ' || c.relname || ' ' || g.privilege_type || ' to ' || coalesce(r.rolname, 'public') || ' ' || g.is_grantable \
     FROM pg_class c, aclexplode(c.relacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee \
     WHERE c.relnamespace = 'public'::regnamespace",
    "SELECT 'grant on ' || c.relname || '.' || a.attname || ' ' || g.privilege_type || ' to ' || coalesce(r.rolname, 'public') \
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee \
     WHERE c.relnamespace = 'public'::regnamespace",
    "SELECT 'grant on function ' || p.proname || ' to ' || coalesce(r.rolname, 'public') \
     FROM pg_proc p, aclexplode(p.proacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee \
     WHERE p.pronamespace = 'public'::regnamespace",
    "SELECT 'grant on schema ' || g.privilege_type || ' to ' || coalesce(r.rolname, 'public') \
     FROM pg_namespace n, aclexplode(n.nspacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee WHERE n.nspname = 'public'",
    "SELECT 'extension ' || extname FROM pg_extension",
];

async fn dump(owner: &Sql) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for question in FACTS {
        facts.extend(owner.column(question).await);
    }
    facts
}

fn difference(one: &BTreeSet<String>, other: &BTreeSet<String>) -> String {
    let gone = one.difference(other).map(|fact| format!("- {fact}"));
    let come = other.difference(one).map(|fact| format!("+ {fact}"));
    gone.chain(come).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_up_comes_down_and_goes_up_again_to_the_same() {
    let db = TestDb::new();
    let owner = Sql::owner(&db).await;
    let first = dump(&owner).await;
    assert!(first.len() > 500, "{}", first.len());

    migrate::revert_all(&db.owner_url()).await.unwrap();
    let nothing = dump(&owner).await;
    let left: Vec<_> = nothing
        .iter()
        .filter(|fact| !fact.contains("__diesel_schema_migrations"))
        .filter(|fact| !fact.starts_with("grant on schema") && *fact != "extension plpgsql")
        .collect();
    assert_eq!(left, Vec::<&String>::new());
    let ours = nothing
        .iter()
        .find(|fact| fact.contains("countersign_") && fact.contains("schema "));
    assert_eq!(ours, None, "a role kept a grant on the schema");

    migrate::run(&db.owner_url()).await.unwrap();
    let second = dump(&owner).await;
    assert!(first == second, "{}", difference(&first, &second));
}

#[tokio::test(flavor = "multi_thread")]
async fn running_again_changes_nothing() {
    let db = TestDb::new();
    let owner = Sql::owner(&db).await;
    let before = dump(&owner).await;
    assert_eq!(migrate::run(&db.owner_url()).await.unwrap(), 0);
    let after = dump(&owner).await;
    assert!(before == after, "{}", difference(&before, &after));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_that_migrate_at_once_one_does_the_work() {
    let db = TestDb::new();
    migrate::revert_all(&db.owner_url()).await.unwrap();
    let url = db.owner_url();
    let run = || {
        let url = url.clone();
        tokio::spawn(async move { migrate::run(&url).await })
    };
    let (one, other) = (run(), run());
    let mut applied = [one.await.unwrap().unwrap(), other.await.unwrap().unwrap()];
    applied.sort_unstable();
    let all = std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations"))
        .unwrap()
        .count();
    assert_eq!(applied, [0, all]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_can_tell_whether_the_schema_has_all_it_needs() {
    let db = TestDb::new();
    assert!(migrate::schema_is_current(&db.app()).await.unwrap());
    assert!(migrate::schema_is_current(&db.worker()).await.unwrap());
    db.as_owner("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')");
    // The next release has migrated already: this one's servers go on until they are replaced.
    assert!(migrate::schema_is_current(&db.app()).await.unwrap());
    db.as_owner("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT min(version) FROM __diesel_schema_migrations)");
    assert!(!migrate::schema_is_current(&db.app()).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_made_once_and_takes_a_new_password() {
    let db = TestDb::new();
    let owner = Sql::owner(&db).await;
    let database = owner.one("SELECT current_database()").await;
    let name = format!("login \"{}'s\"", &database[database.len() - 8..]);
    let mut url = url::Url::parse(&db.owner_url()).unwrap();
    url.set_username(&name).unwrap();
    for password in ["first+word", "second%20 'word'"] {
        url.set_password(Some(password)).unwrap();
        migrate::provision_login(&db.owner_url(), url.as_str())
            .await
            .unwrap();
    }
    let literal = name.replace('\'', "''");
    let role = owner
        .rows(&format!(
            "SELECT rolcanlogin, rolinherit, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = '{literal}'"
        ))
        .await;
    assert_eq!(role, [["t", "f", "f", "f"].map(str::to_owned).to_vec()]);
    owner
        .rows(&format!("DROP ROLE \"{}\"", name.replace('"', "\"\"")))
        .await;
}

/// Certificates of before the release learn from which day on they show cover that is not there any more.
#[tokio::test(flavor = "multi_thread")]
async fn certificates_that_were_issued_before_learn_when_their_cover_ends() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One"], cast::now()).await;
    let policies = cast::policies();
    let selected = policies.iter().map(|policy| policy.expires_on);
    let term = selected.min().unwrap().to_string();
    let owner = stage.owner_of(AGENCY).await;
    for (change, day) in [
        ("UPDATE policies SET expires_on = '2031-01-01'", term.as_str()),
        (
            "UPDATE policies SET status = 'cancelled', cancelled_on = '2026-11-20' WHERE line = 'umbrella_excess'",
            "2026-11-20",
        ),
    ] {
        // As the owner migrates: without an agency, and bound by row-level security unless a migration lifts it.
        stage.db.as_owner(include_str!(
            "../../migrations/2026-11-28-000081_cover_ends/down.sql"
        ));
        stage.as_owner_of(AGENCY, change);
        stage.db.as_owner(include_str!(
            "../../migrations/2026-11-28-000081_cover_ends/up.sql"
        ));
        assert_eq!(
            owner.one("SELECT cover_ends_on FROM certificates").await,
            day,
            "{change}"
        );
    }
}
