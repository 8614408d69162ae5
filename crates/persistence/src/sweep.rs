//! Takes away what has served its time: ended sessions, kept replies, throttles, dead links, files nobody used.
//!
//! Invariants: it works agency by agency under row-level security, in batches that lock little and briefly;
//! nothing that is still of use, or that the trail or a buried job speaks of, is touched.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::ids::AgencyId;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::db::{Db, Tx};

/// Rows of one kind that one transaction takes away.
const BATCH: i64 = 500;

/// How long the reply to an `Idempotency-Key` is kept.
const REPLIES: TimeDelta = TimeDelta::days(7);
/// A throttle that nobody ran into for so long says nothing any more.
const THROTTLES: TimeDelta = TimeDelta::days(3);
/// How long a link is kept after it was of use.
const LINKS: TimeDelta = TimeDelta::days(90);
/// How long the files of an import wait for somebody to go on with it.
const FILES: TimeDelta = TimeDelta::days(30);

/// What a sweep takes away: a name for metrics, and a statement with the agency, the moment before which
/// things have served their time, and the size of a batch.
const SWEEPS: [(&str, TimeDelta, &str); 7] = [
    (
        "sessions",
        TimeDelta::zero(),
        "DELETE FROM sessions WHERE agency_id = $1 AND token_hash IN \
         (SELECT token_hash FROM sessions WHERE agency_id = $1 AND expires_at < $2 LIMIT $3)",
    ),
    (
        "idempotency_keys",
        REPLIES,
        "DELETE FROM idempotency_keys WHERE agency_id = $1 AND (principal, operation, key) IN \
         (SELECT principal, operation, key FROM idempotency_keys \
          WHERE agency_id = $1 AND created_at < $2 LIMIT $3)",
    ),
    (
        "sign_in_throttles",
        THROTTLES,
        "DELETE FROM sign_in_throttles WHERE agency_id = $1 AND bucket IN \
         (SELECT bucket FROM sign_in_throttles \
          WHERE agency_id = $1 AND last_failure_at < $2 AND blocked_until < $2 LIMIT $3)",
    ),
    (
        // A job that waits or is buried still tells of its link.
        "password_links",
        LINKS,
        "DELETE FROM password_links WHERE agency_id = $1 AND id IN \
         (SELECT l.id FROM password_links l WHERE l.agency_id = $1 AND l.created_at < $2 \
            AND coalesce(l.used_at, l.ended_at, l.expires_at) < $2 \
            AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.agency_id = $1 AND j.payload ->> 'link' = l.id::text) \
          LIMIT $3)",
    ),
    // Without its files a draft is what it was when it was opened; a failed run keeps its reason.
    (
        "import_faults",
        FILES,
        "DELETE FROM import_faults WHERE agency_id = $1 AND (import_id, file, line, ordinal) IN \
         (SELECT f.import_id, f.file, f.line, f.ordinal FROM import_faults f \
          JOIN imports i ON i.agency_id = f.agency_id AND i.id = f.import_id \
          WHERE f.agency_id = $1 AND i.state IN ('draft', 'failed') AND i.created_at < $2 LIMIT $3)",
    ),
    (
        "import_rows",
        FILES,
        "DELETE FROM import_rows WHERE agency_id = $1 AND (import_id, file, line) IN \
         (SELECT r.import_id, r.file, r.line FROM import_rows r \
          JOIN imports i ON i.agency_id = r.agency_id AND i.id = r.import_id \
          WHERE r.agency_id = $1 AND i.state IN ('draft', 'failed') AND i.created_at < $2 LIMIT $3)",
    ),
    (
        "import_files",
        FILES,
        "DELETE FROM import_files WHERE agency_id = $1 AND (import_id, file) IN \
         (SELECT f.import_id, f.file FROM import_files f \
          JOIN imports i ON i.agency_id = f.agency_id AND i.id = f.import_id \
          WHERE f.agency_id = $1 AND i.state IN ('draft', 'failed') AND i.created_at < $2 LIMIT $3)",
    ),
];

/// How much a sweep took away, by kind.
pub type Swept = Vec<(&'static str, usize)>;

/// Every agency, for work that goes through all of them.
///
/// # Errors
/// [`Error`] of the database.
pub async fn agencies(db: &Db) -> Result<Vec<AgencyId>, Error> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = sql_types::Uuid)]
        id: Uuid,
    }
    let rows: Vec<Row> = db
        .outside(async |connection| {
            Ok(diesel::sql_query("SELECT agency_ids() AS id")
                .load(connection)
                .await?)
        })
        .await?;
    Ok(rows.into_iter().map(|row| AgencyId::from_uuid(row.id)).collect())
}

/// Takes away what has served its time in one agency, batch by batch.
///
/// # Errors
/// [`Error`] of the database.
pub async fn sweep(db: &Db, agency: AgencyId, now: DateTime<Utc>) -> Result<Swept, Error> {
    let mut swept = Swept::new();
    for (what, age, statement) in SWEEPS {
        let mut gone = 0;
        loop {
            let batch = db
                .transaction(agency, async |tx| batch(tx, statement, now - age).await)
                .await?;
            gone += batch;
            if batch < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                break;
            }
        }
        if gone > 0 {
            swept.push((what, gone));
        }
    }
    Ok(swept)
}

async fn batch(tx: &mut Tx, statement: &str, before: DateTime<Utc>) -> Result<usize, Error> {
    let agency = tx.agency().uuid();
    Ok(diesel::sql_query(statement)
        .bind::<sql_types::Uuid, _>(agency)
        .bind::<sql_types::Timestamptz, _>(before)
        .bind::<sql_types::BigInt, _>(BATCH)
        .execute(&mut tx.connection()?)
        .await?)
}
