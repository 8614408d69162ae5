//! Bytes under their own hash: pages as issued, and files of endorsements.
//!
//! Invariant: what is kept never changes; the same bytes are kept once in an agency.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::Error;
use crate::db::{Tx, insert};
use crate::schema::documents;

/// A stored PDF.
#[derive(Clone, Debug)]
pub struct Document {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
}

/// What is to be kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<'a> {
    /// SHA-256 of the bytes.
    pub(crate) sha256: &'a [u8],
    /// The PDF.
    pub(crate) bytes: &'a [u8],
    /// How many pages it has.
    pub(crate) pages: u16,
}

/// Keeps bytes, unless they are kept already.
pub(crate) async fn keep(
    tx: &mut Tx,
    files: impl IntoIterator<Item = Kept<'_>>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let rows: Vec<_> = files
        .into_iter()
        .map(|file| {
            (
                documents::agency_id.eq(agency),
                documents::sha256.eq(file.sha256),
                documents::bytes.eq(file.bytes),
                documents::pages.eq(i32::from(file.pages)),
                documents::created_at.eq(now),
            )
        })
        .collect();
    insert!(tx, documents::table, rows, .on_conflict_do_nothing());
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
