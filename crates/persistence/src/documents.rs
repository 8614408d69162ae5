//! Bytes under their own hash: pages as issued, and files of endorsements.
//!
//! Invariant: what is kept never changes; the same bytes are kept once in an agency.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::Error;
use crate::db::Tx;
use crate::schema::documents;

/// A stored PDF.
#[derive(Clone, Debug)]
pub struct Document {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
}

/// Keeps bytes, unless they are kept already.
pub(crate) async fn keep(
    tx: &mut Tx,
    sha256: &[u8],
    bytes: &[u8],
    pages: u16,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(documents::table)
        .values((
            documents::agency_id.eq(tx.agency().uuid()),
            documents::sha256.eq(sha256),
            documents::bytes.eq(bytes),
            documents::pages.eq(i32::from(pages)),
            documents::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// The bytes under a hash.
pub(crate) async fn by_hash(tx: &mut Tx, sha256: &[u8]) -> Result<Document, Error> {
    let bytes: Vec<u8> = documents::table
        .find((tx.agency().uuid(), sha256))
        .select(documents::bytes)
        .first(&mut tx.connection()?)
        .await?;
    Ok(Document {
        bytes,
        sha256: sha256.to_vec(),
    })
}
