//! What Postgres itself says about tables, roles and functions. A new table is held to the same promises
//! without anybody adding it here.

use std::collections::BTreeSet;

use countersign_persistence::testing::TestDb;

use crate::sql::Sql;

/// Tables of the installation, not of an agency.
const COMMON: &[&str] = &["__diesel_schema_migrations", "state_rules", "worker_heartbeats"];

/// The table of agencies itself is a tenant's by its own id.
const TENANT: &str = "agencies";

async fn fresh() -> (TestDb, Sql) {
    let db = TestDb::new();
    let owner = Sql::owner(&db).await;
    (db, owner)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_belongs_to_an_agency_or_is_known_not_to() {
    let (_db, owner) = fresh().await;
    let without = owner
        .column(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace \
             AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM pg_attribute a \
                 WHERE a.attrelid = c.oid AND a.attname = 'agency_id' AND a.attnotnull) ORDER BY 1",
        )
        .await;
    let known: BTreeSet<_> = COMMON
        .iter()
        .copied()
        .chain([TENANT])
        .map(str::to_owned)
        .collect();
    assert_eq!(without.into_iter().collect::<BTreeSet<_>>(), known);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_level_security_is_enabled_and_forced_on_every_tenant_table() {
    let (_db, owner) = fresh().await;
    let open = owner
        .column(&format!(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
             AND relname NOT IN ('{}') AND NOT (relrowsecurity AND relforcerowsecurity)",
            COMMON.join("', '")
        ))
        .await;
    assert_eq!(open, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_tenant_table_shows_and_takes_rows_of_the_current_agency_only() {
    let (_db, owner) = fresh().await;
    let login = owner.one("SELECT current_user").await;
    let tables = owner
        .column(&format!(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
             AND relname NOT IN ('{}') ORDER BY 1",
            COMMON.join("', '")
        ))
        .await;
    assert!(tables.len() > 20, "{tables:?}");
    let policies = owner
        .rows(
            "SELECT tablename, policyname, permissive, cmd, array_to_string(ARRAY(SELECT unnest(roles) ORDER BY 1), ','), \
                    coalesce(qual, ''), coalesce(with_check, '') \
             FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2",
        )
        .await;
    for table in &tables {
        let key = if table == TENANT { "id" } else { "agency_id" };
        let rule =
            format!("({key} = (NULLIF(current_setting('app.agency_id'::text, true), ''::text))::uuid)");
        let mut roles = ["countersign_app", "countersign_worker", login.as_str()];
        roles.sort_unstable();
        let expected = [
            table.as_str(),
            "tenant",
            "PERMISSIVE",
            "ALL",
            &roles.join(","),
            &rule,
            &rule,
        ];
        assert!(
            policies.iter().any(|policy| policy == &expected),
            "{table} lacks the policy of a tenant's table"
        );
    }
    // The only other way in is the door: definer functions for what precedes an agency, needs an index that row-level
    // security keeps closed, or tells a certificate what nobody else may write on it.
    for policy in policies.iter().filter(|policy| policy[1] != "tenant") {
        assert_eq!(
            (policy[1].as_str(), policy[4].as_str()),
            ("door", "countersign_door"),
            "{policy:?}"
        );
    }
    let doors: Vec<_> = policies
        .iter()
        .filter(|p| p[1] == "door")
        .map(|p| p[0].as_str())
        .collect();
    assert_eq!(
        doors,
        [
            "agencies",
            "certificate_policies",
            "certificates",
            "courtesy_notices",
            "deliveries",
            "holders",
            "jobs",
            "policies",
            "renewal_questions"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_of_a_tenant_table_starts_with_the_agency() {
    let (_db, owner) = fresh().await;
    let odd = owner
        .column(&format!(
            "SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] \
             WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND a.attname <> 'agency_id' \
               AND c.relname NOT IN ('{}') ORDER BY 1",
            COMMON.join("', '")
        ))
        .await;
    assert_eq!(odd, ["agencies_pkey", "agencies_slug_unique"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_foreign_key_between_tenant_tables_starts_with_the_agency_on_both_sides() {
    let (_db, owner) = fresh().await;
    let keys = owner
        .rows(
            "SELECT k.conname, k.confrelid::regclass, here.attname, there.attname \
             FROM pg_constraint k \
             JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attnum = k.conkey[1] \
             JOIN pg_attribute there ON there.attrelid = k.confrelid AND there.attnum = k.confkey[1] \
             WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace",
        )
        .await;
    assert!(keys.len() > 40, "{}", keys.len());
    for key in keys {
        let there = if key[1] == TENANT { "id" } else { "agency_id" };
        assert_eq!(
            (key[2].as_str(), key[3].as_str()),
            ("agency_id", there),
            "{}",
            key[0]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_tenant_table_points_to_its_agency() {
    let (_db, owner) = fresh().await;
    let adrift = owner
        .column(&format!(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace \
             AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('{}', '{TENANT}') \
             AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' \
                 AND k.confrelid = 'agencies'::regclass AND array_length(k.conkey, 1) = 1)",
            COMMON.join("', '")
        ))
        .await;
    assert_eq!(adrift, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_acts_with_the_rights_of_who_asks() {
    let (_db, owner) = fresh().await;
    let views = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                 AND (relkind = 'm' OR (relkind = 'v' AND NOT coalesce(reloptions @> '{security_invoker=true}', false)))";
    assert_eq!(owner.column(views).await, Vec::<String>::new());
    // The question itself works: a view without the option is found.
    owner.rows("CREATE VIEW peep AS SELECT * FROM insureds").await;
    assert_eq!(owner.column(views).await, ["peep"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_of_the_product_own_nothing_and_bypass_nothing() {
    let (db, owner) = fresh().await;
    let app = Sql::app(&db).await;
    let session = app.rows("SELECT session_user, current_user").await.remove(0);
    assert_eq!(session[1], "countersign_app");
    let roles = format!(
        "'countersign_app', 'countersign_worker', 'countersign_door', '{}'",
        session[0]
    );
    let powers = owner
        .rows(&format!(
            "SELECT rolname FROM pg_roles WHERE rolname IN ({roles}) \
             AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)"
        ))
        .await;
    assert_eq!(powers, Vec::<Vec<String>>::new());
    let owned = owner
        .column(&format!(
            "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN ({roles})"
        ))
        .await;
    assert_eq!(owned, Vec::<String>::new());
    // The login is nothing by itself: it may only become the two roles, and never the owner or the door.
    let inherits = owner
        .one(&format!(
            "SELECT rolinherit FROM pg_roles WHERE rolname = '{}'",
            session[0]
        ))
        .await;
    assert_eq!(inherits, "f");
    let member_of: BTreeSet<_> = owner
        .column(&format!(
            "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid \
             JOIN pg_roles r ON r.oid = m.member WHERE r.rolname IN ('{}', 'countersign_app', 'countersign_worker')",
            session[0]
        ))
        .await
        .into_iter()
        .collect();
    assert_eq!(
        member_of,
        ["countersign_app", "countersign_worker"]
            .map(str::to_owned)
            .into()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn server_and_worker_can_create_nothing() {
    let (db, owner) = fresh().await;
    for role in ["countersign_app", "countersign_worker"] {
        let may = owner
            .one(&format!(
                "SELECT has_schema_privilege('{role}', 'public', 'CREATE')"
            ))
            .await;
        assert_eq!(may, "f", "{role}");
    }
    let refused = Sql::app(&db)
        .await
        .tried("CREATE TABLE mine (id int)")
        .await
        .unwrap_err();
    assert!(refused.starts_with("42501"), "{refused}");
    let refused = Sql::worker(&db)
        .await
        .tried("ALTER TABLE jobs ADD COLUMN mine int")
        .await
        .unwrap_err();
    assert!(refused.starts_with("42501"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definer_function_has_a_fixed_path_and_is_not_open_to_everybody() {
    let (_db, owner) = fresh().await;
    let functions = owner
        .rows(
            "SELECT p.proname, r.rolname, coalesce(array_to_string(p.proconfig, ';'), ''), \
                    has_function_privilege('public', p.oid, 'EXECUTE'), \
                    has_function_privilege('countersign_app', p.oid, 'EXECUTE'), \
                    has_function_privilege('countersign_worker', p.oid, 'EXECUTE') \
             FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner \
             WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef ORDER BY 1",
        )
        .await;
    let seen: Vec<_> = functions
        .iter()
        .map(|f| (f[0].as_str(), f[4].as_str(), f[5].as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("agency_id_of_slug", "t", "t"),
            ("agency_ids", "f", "t"),
            ("claim_jobs", "f", "t"),
            ("deliveries_by_state", "t", "t"),
            ("holders_named", "t", "f"),
            ("keep_cover_ends", "f", "f"),
            ("keep_newest_deliveries", "f", "f"),
            ("keep_newest_delivery", "f", "f"),
            ("mail_of_id", "t", "f"),
            ("queue_by_kind", "t", "t"),
            ("queue_health", "t", "t")
        ]
    );
    for function in &functions {
        assert_eq!(function[1], "countersign_door", "{function:?}");
        assert_eq!(function[2], "search_path=pg_catalog, public", "{function:?}");
        assert_eq!(function[3], "f", "{function:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_and_the_documents_are_only_ever_added_to() {
    let (db, owner) = fresh().await;
    for table in ["audit_entries", "documents"] {
        for role in ["countersign_app", "countersign_worker"] {
            for privilege in ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"] {
                let may = owner
                    .one(&format!(
                        "SELECT has_table_privilege('{role}', '{table}', '{privilege}')"
                    ))
                    .await;
                assert_eq!(may, "f", "{role} {privilege} {table}");
            }
        }
        for connection in [Sql::app(&db).await, Sql::worker(&db).await] {
            for statement in [
                format!("UPDATE {table} SET agency_id = agency_id"),
                format!("DELETE FROM {table}"),
                format!("TRUNCATE {table}"),
            ] {
                let refused = connection.tried(&statement).await.unwrap_err();
                assert!(refused.starts_with("42501"), "{statement}: {refused}");
            }
        }
        // Even the owner is stopped by the trigger, unless it takes the trigger away first.
        for statement in [
            format!("UPDATE {table} SET agency_id = agency_id"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
        ] {
            let refused = owner.tried(&statement).await.unwrap_err();
            assert!(
                refused.contains("never changed or removed"),
                "{statement}: {refused}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_certificate_prints_cannot_be_changed() {
    let (db, owner) = fresh().await;
    let changeable = owner
        .column(
            "SELECT DISTINCT a.attname FROM pg_attribute a, unnest(ARRAY['countersign_app', 'countersign_worker']) role \
             WHERE a.attrelid = 'certificates'::regclass AND a.attnum > 0 AND NOT a.attisdropped \
               AND has_column_privilege(role, 'certificates', a.attname, 'UPDATE') ORDER BY 1",
        )
        .await;
    assert_eq!(
        changeable,
        [
            "state",
            "state_changed_at",
            "state_changed_by_id",
            "state_changed_by_name",
            "superseded_by_id",
            "withdrawn_reason"
        ]
    );
    for connection in [Sql::app(&db).await, Sql::worker(&db).await] {
        for statement in [
            "UPDATE certificates SET holder_name = 'Somebody else'",
            "UPDATE certificates SET payload = '{}'",
            "DELETE FROM certificates",
            "TRUNCATE certificates",
            "UPDATE certificate_policies SET policy_id = policy_id",
            "DELETE FROM certificate_policies",
        ] {
            let refused = connection.tried(statement).await.unwrap_err();
            assert!(refused.starts_with("42501"), "{statement}: {refused}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_constraint_has_a_name_that_we_gave_it() {
    let (_db, owner) = fresh().await;
    let constraints = owner
        .rows(
            "SELECT k.conname, c.relname, k.contype FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
             WHERE k.connamespace = 'public'::regnamespace AND c.relname <> '__diesel_schema_migrations' \
               AND k.contype <> 'n' ORDER BY 1",
        )
        .await;
    assert!(constraints.len() > 80, "{}", constraints.len());
    for constraint in constraints {
        let [name, table, kind] = [&constraint[0], &constraint[1], &constraint[2]];
        assert!(name.starts_with(&format!("{table}_")), "{name} of {table}");
        let fits = match kind.as_str() {
            "p" => *name == format!("{table}_pkey"),
            "u" => name.ends_with("_unique"),
            "f" => name.ends_with("_fk"),
            "c" => !name.contains("_check"),
            _ => false,
        };
        assert!(
            fits,
            "{name} of {table} is not named by the pattern of its kind ({kind})"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_moment_carries_its_zone_and_every_text_is_unbounded_in_storage() {
    let (_db, owner) = fresh().await;
    let odd = owner
        .column(
            "SELECT table_name || '.' || column_name || ': ' || data_type FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' \
               AND data_type IN ('timestamp without time zone', 'time without time zone', 'character varying', \
                                 'character', 'money', 'real', 'numeric', 'json')",
        )
        .await;
    assert_eq!(odd, Vec::<String>::new());
}
