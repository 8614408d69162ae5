//! What is taken away after its time, and what stays.

use countersign_domain::testing::{self as cast, AGENCY, OTHER_AGENCY};
use countersign_persistence::sweep;

use crate::cast::Stage;

/// The moment of the sweep is `cast::now()`; what is named "gone" has served its time by then, what is named
/// "kept" has not, by a minute, or is still spoken of.
const ROWS: &str = "\
    INSERT INTO sessions (agency_id, token_hash, app, staff_user_id, created_at, last_seen_at, expires_at) \
    SELECT a, decode(h, 'hex'), 'staff', '00000000-0000-0000-0000-0000000000f0', m, m, m + e FROM here, (VALUES \
        ('60', interval '-1 minute'), ('61', interval '1 minute')) s (h, e); \
    INSERT INTO idempotency_keys (agency_id, principal, operation, key, request_sha256, status, created_at) \
    SELECT a, '00000000-0000-0000-0000-000000000001', 'POST /', k, '', 200, m - interval '7 days' + e FROM here, (VALUES \
        ('gone', interval '-1 minute'), ('kept', interval '1 minute')) s (k, e); \
    INSERT INTO sign_in_throttles (agency_id, bucket, failures, last_failure_at, blocked_until) \
    SELECT a, b, 1, m - interval '3 days' + e, m - interval '3 days' + u FROM here, (VALUES \
        ('gone', interval '-1 minute', interval '-1 minute'), ('kept', interval '1 minute', interval '0'), \
        ('kept while blocked', interval '-1 minute', interval '4 days')) s (b, e, u); \
    INSERT INTO password_links (agency_id, id, app, staff_user_id, purpose, created_at, expires_at, used_at, ended_at) \
    SELECT a, ('00000000-0000-0000-0000-0000000000' || i)::uuid, 'staff', '00000000-0000-0000-0000-0000000000f0', \
           'reset', m - interval '100 days', m - interval '90 days' + e, u, n FROM here, (VALUES \
        ('11', interval '-1 minute', NULL::timestamptz, m0() - interval '91 days'), \
        ('12', interval '-1 minute', NULL, m0() - interval '89 days'), \
        ('13', interval '-1 minute', m0() - interval '91 days', NULL), \
        ('14', interval '-1 minute', NULL, m0() - interval '91 days')) s (i, e, u, n); \
    INSERT INTO jobs (agency_id, id, kind, payload, state, run_at, created_at, buried_at) \
    SELECT a, '00000000-0000-0000-0000-000000000014', 'mail_password_link', \
           '{\"kind\": \"mail_password_link\", \"link\": \"00000000-0000-0000-0000-000000000014\"}', 'buried', m, m, m FROM here; \
    INSERT INTO imports (agency_id, id, state, created_at, created_by) \
    SELECT a, ('00000000-0000-0000-0000-0000000000' || i)::uuid, s, m - interval '30 days' + e, 'Maren' FROM here, (VALUES \
        ('21', 'draft', interval '-1 minute'), ('22', 'failed', interval '-1 minute'), \
        ('23', 'draft', interval '1 minute'), ('24', 'checking', interval '-1 minute')) s (i, s, e); \
    INSERT INTO import_files (agency_id, import_id, file, size, bytes) \
    SELECT a, id, 'insureds', 1, 'x' FROM here, imports WHERE imports.agency_id = a; \
    INSERT INTO import_rows (agency_id, import_id, file, line, cells, state) \
    SELECT a, '00000000-0000-0000-0000-000000000022', 'insureds', n, '{}', 'faulty' FROM here, generate_series(2, 1102) n; \
    INSERT INTO import_faults (agency_id, import_id, file, line, ordinal, reason) \
    SELECT a, '00000000-0000-0000-0000-000000000022', 'insureds', 2, 1, 'empty' FROM here";

#[tokio::test(flavor = "multi_thread")]
async fn what_has_served_its_time_is_taken_away_and_nothing_else() {
    let stage = Stage::with_two_books().await;
    for agency in [AGENCY, OTHER_AGENCY] {
        let now = cast::now().to_rfc3339();
        let prepare = format!(
            "CREATE FUNCTION pg_temp.m0() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '{now}'::timestamptz $$; \
             CREATE TEMP VIEW here AS SELECT '{agency}'::uuid AS a, pg_temp.m0() AS m; {}",
            ROWS.replace("m0()", "pg_temp.m0()")
        );
        stage.as_owner_of(agency, &prepare);
    }
    let worker = stage.db.worker();
    assert_eq!(
        sweep::agencies(&worker)
            .await
            .unwrap()
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>(),
        [AGENCY, OTHER_AGENCY].into()
    );
    let swept = sweep::sweep(&worker, AGENCY, cast::now()).await.unwrap();
    let expected = [
        ("sessions", 1),
        ("idempotency_keys", 1),
        ("sign_in_throttles", 1),
        ("password_links", 2),
        ("import_faults", 1),
        ("import_rows", 1101),
        ("import_files", 2),
    ];
    assert_eq!(swept, expected);
    assert_eq!(sweep::sweep(&worker, AGENCY, cast::now()).await.unwrap(), []);

    let here = stage.owner_of(AGENCY).await;
    for (left, what) in [
        ("SELECT encode(token_hash, 'hex') FROM sessions", &["61"][..]),
        ("SELECT key FROM idempotency_keys", &["kept"]),
        (
            "SELECT bucket FROM sign_in_throttles ORDER BY 1",
            &["kept", "kept while blocked"],
        ),
        (
            "SELECT right(id::text, 2) FROM password_links ORDER BY 1",
            &["12", "14"],
        ),
        (
            "SELECT right(import_id::text, 2) FROM import_files ORDER BY 1",
            &["23", "24"],
        ),
        (
            "SELECT right(id::text, 2) FROM imports ORDER BY 1",
            &["21", "22", "23", "24"],
        ),
    ] {
        assert_eq!(here.column(left).await, what, "{left}");
    }
    // The other agency has its sweep for itself.
    let there = stage.owner_of(OTHER_AGENCY).await;
    assert_eq!(there.number("SELECT count(*) FROM sessions").await, 2);
}
