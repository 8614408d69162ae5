//! Replies kept so that a repeated request is answered and not carried out twice.
//!
//! Invariant: key, effect and reply commit together; a failed request leaves no key behind. Nobody waits for a
//! twin: one request at a time holds a key, and every other is told so at once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::schema::idempotency_keys;

/// Which request: who asked for what, under which key.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The signed-in account.
    pub principal: Uuid,
    /// Method and route template.
    pub operation: &'a str,
    /// The client's key.
    pub key: &'a str,
    /// SHA-256 of the path and the body.
    pub sha256: &'a [u8],
}

/// What is known about a request.
#[derive(Clone, Debug)]
pub enum Known {
    /// Nothing; it was noted and may be carried out.
    Fresh,
    /// It was carried out; this was the reply.
    Done {
        /// Status code.
        status: u16,
        /// Body.
        body: Option<Value>,
    },
    /// A request under this key is being carried out at this moment.
    InFlight,
    /// The key was used for another request.
    OtherRequest,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

/// Notes a request, or finds it.
///
/// # Errors
/// [`Error`] of the database.
pub async fn begin(tx: &mut Tx, request: &Request<'_>, now: DateTime<Utc>) -> Result<Known, Error> {
    let agency = tx.agency().uuid();
    // Held until the transaction ends. Without it a twin would wait for the first one's row with a connection in hand.
    let held: Taken = diesel::sql_query(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(concat_ws(chr(31), $1, $2, $3, $4), 0)) AS taken",
    )
    .bind::<Text, _>(agency.to_string())
    .bind::<Text, _>(request.principal.to_string())
    .bind::<Text, _>(request.operation)
    .bind::<Text, _>(request.key)
    .get_result(&mut tx.connection()?)
    .await?;
    if !held.taken {
        return Ok(Known::InFlight);
    }
    let inserted = diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::agency_id.eq(agency),
            idempotency_keys::principal.eq(request.principal),
            idempotency_keys::operation.eq(request.operation),
            idempotency_keys::key.eq(request.key),
            idempotency_keys::request_sha256.eq(request.sha256),
            idempotency_keys::status.eq(0),
            idempotency_keys::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    if inserted == 1 {
        return Ok(Known::Fresh);
    }
    let (sha256, status, body): (Vec<u8>, i32, Option<Value>) = idempotency_keys::table
        .find((agency, request.principal, request.operation, request.key))
        .select((
            idempotency_keys::request_sha256,
            idempotency_keys::status,
            idempotency_keys::body,
        ))
        .first(&mut tx.connection()?)
        .await?;
    if sha256 == request.sha256 {
        Ok(Known::Done {
            status: u16::try_from(status).unwrap_or(500),
            body,
        })
    } else {
        Ok(Known::OtherRequest)
    }
}

/// Keeps the reply.
///
/// # Errors
/// [`Error`] of the database.
pub async fn finish(
    tx: &mut Tx,
    request: &Request<'_>,
    status: u16,
    body: Option<&Value>,
) -> Result<(), Error> {
    let row = idempotency_keys::table.find((
        tx.agency().uuid(),
        request.principal,
        request.operation,
        request.key,
    ));
    diesel::update(row)
        .set((
            idempotency_keys::status.eq(i32::from(status)),
            idempotency_keys::body.eq(body),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}
