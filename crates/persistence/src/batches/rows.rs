//! The rows of a batch, each with its result, and the pages of those that were issued.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{DownloadBatch, ViewBatch};
use countersign_domain::certificates::batch::{Batch, RowState};
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::certificates::truth::Finding;
use countersign_domain::ids::CertificateId;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::Error;
use crate::certificates::{AttachmentRow, attachments};
use crate::db::Tx;
use crate::documents as kept;
use crate::error::broken;
use crate::page::{After, AtMost as _, Page, PageRequest};
use crate::schema::{batch_rows, certificates, documents};

/// A row and what became of it.
#[derive(Clone, Debug)]
pub struct RowRecord {
    /// Its place in the batch.
    pub ordinal: u32,
    /// For whom.
    pub holder_id: Uuid,
    /// The holder's name when the batch was started.
    pub holder_name: String,
    /// Recipients.
    pub to: Vec<String>,
    /// Recipients of a copy.
    pub cc: Vec<String>,
    /// How its mail carries the page.
    pub channel: Channel,
    /// What became of it.
    pub state: RowState,
    /// What the gate found, when it was set aside.
    pub findings: Vec<Finding>,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it was settled.
    pub settled_at: Option<DateTime<Utc>>,
    /// The certificate and its number.
    pub certificate: Option<(Uuid, String)>,
    /// The newest sending of the certificate.
    pub delivery: Option<RowDelivery>,
}

/// Where the mail of a row stands.
#[derive(Clone, Debug, QueryableByName)]
pub struct RowDelivery {
    #[diesel(sql_type = sql_types::Uuid)]
    certificate_id: Uuid,
    /// Its state.
    #[diesel(sql_type = sql_types::Text)]
    pub state: String,
    /// When it was asked for.
    #[diesel(sql_type = sql_types::Timestamptz)]
    pub queued_at: DateTime<Utc>,
    /// When the relay accepted it.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Timestamptz>)]
    pub accepted_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub last_error: Option<String>,
    /// What the events of all recipients come to.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub outcome: Option<String>,
    /// When it was taken back.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Timestamptz>)]
    pub undone_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = batch_rows)]
struct Row {
    ordinal: i32,
    holder_id: Uuid,
    holder_name: String,
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    state: String,
    findings: Value,
    reason: Option<String>,
    certificate_id: Option<Uuid>,
    settled_at: Option<DateTime<Utc>>,
    channel: Option<String>,
}

/// How the mail of a row carries the page: as was settled at the start, or, of a batch that was started before rows said
/// so, as the batch says.
pub(super) fn channel(word: Option<&str>, batch: &Batch) -> Result<Channel, Error> {
    match word {
        Some(word) => word.parse().map_err(broken("batch_rows.channel")),
        None => Ok(batch.channel.unwrap_or(Channel::preferred(None))),
    }
}

/// What the page of a row bears.
struct Printed {
    number: String,
    holder_name: String,
}

async fn printed_of(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Printed>, Error> {
    let rows: Vec<(Uuid, String, String)> = certificates::table
        .filter(certificates::agency_id.eq(tx.agency().uuid()))
        .filter(certificates::id.eq_any(ids))
        .select((certificates::id, certificates::number, certificates::holder_name))
        .load(&mut tx.connection()?)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, number, holder_name)| (id, Printed { number, holder_name }))
        .collect())
}

async fn deliveries_of(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, RowDelivery>, Error> {
    let rows: Vec<RowDelivery> = diesel::sql_query(
        "SELECT DISTINCT ON (certificate_id) certificate_id, state, queued_at, accepted_at, last_error, \
         outcome, undone_at FROM deliveries WHERE agency_id = $1 AND certificate_id = ANY($2) \
         ORDER BY certificate_id, queued_at DESC, id DESC",
    )
    .bind::<sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<sql_types::Array<sql_types::Uuid>, _>(ids)
    .load(&mut tx.connection()?)
    .await?;
    Ok(rows.into_iter().map(|row| (row.certificate_id, row)).collect())
}

/// The rows of a batch in their order, those in one state where one is given.
///
/// # Errors
/// [`Error`] of the database.
pub async fn rows(
    tx: &mut Tx,
    permit: &Permit<ViewBatch>,
    state: Option<RowState>,
    page: &PageRequest,
) -> Result<Page<RowRecord>, Error> {
    let behind: i32 = match &page.after {
        Some(after) => after.key.parse().map_err(broken("cursor"))?,
        None => 0,
    };
    let mut query = batch_rows::table
        .filter(batch_rows::agency_id.eq(tx.agency().uuid()))
        .filter(batch_rows::batch_id.eq(permit.id.uuid()))
        .filter(batch_rows::ordinal.gt(behind))
        .order(batch_rows::ordinal.asc())
        .select(Row::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(batch_rows::state.eq(state.as_str()));
    }
    let found: Vec<Row> = query.at_most(page.probe()).load(&mut tx.connection()?).await?;
    let cut = page.cut(found, |last| After {
        key: last.ordinal.to_string(),
        id: Uuid::nil(),
    });
    let ids: Vec<Uuid> = cut.rows.iter().filter_map(|row| row.certificate_id).collect();
    let mut printed = printed_of(tx, &ids).await?;
    let mut mails = deliveries_of(tx, &ids).await?;
    let records = cut
        .rows
        .into_iter()
        .map(|row| {
            let issued = row.certificate_id;
            let page = issued.and_then(|id| printed.remove(&id).map(|page| (id, page)));
            let (certificate, holder_name) = match page {
                // A holder that was renamed before the row was tried again stands on its page under the new name.
                Some((id, page)) => (Some((id, page.number)), page.holder_name),
                None => (None, row.holder_name),
            };
            Ok(RowRecord {
                ordinal: u32::try_from(row.ordinal).map_err(broken("batch_rows.ordinal"))?,
                holder_id: row.holder_id,
                holder_name,
                to: row.to_addresses,
                cc: row.cc_addresses,
                channel: channel(row.channel.as_deref(), permit)?,
                state: row.state.parse().map_err(broken("batch_rows.state"))?,
                findings: serde_json::from_value(row.findings).map_err(broken("batch_rows.findings"))?,
                reason: row.reason,
                settled_at: row.settled_at,
                certificate,
                delivery: issued.and_then(|id| mails.remove(&id)),
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Page {
        rows: records,
        next: cut.next,
    })
}

/// A certificate of a batch as a file.
#[derive(Clone, Debug)]
pub struct BatchDocument {
    /// The row's place in the batch.
    pub ordinal: i32,
    /// The certificate's number.
    pub number: String,
    /// The holder as printed.
    pub holder_name: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// The page.
    pub bytes: Vec<u8>,
    /// The files that went with it, without their bytes.
    pub attachments: Vec<AttachmentRow>,
}

/// The pages of a batch as they were issued, in the order of its rows, at most so many behind a row.
///
/// # Errors
/// [`Error`] of the database.
pub async fn documents(
    tx: &mut Tx,
    permit: &Permit<DownloadBatch>,
    behind: i32,
    at_most: i64,
) -> Result<Vec<BatchDocument>, Error> {
    let agency = tx.agency().uuid();
    let issued: Vec<(i32, Option<Uuid>)> = batch_rows::table
        .filter(batch_rows::agency_id.eq(agency))
        .filter(batch_rows::batch_id.eq(permit.id.uuid()))
        .filter(batch_rows::certificate_id.is_not_null())
        .filter(batch_rows::ordinal.gt(behind))
        .order(batch_rows::ordinal.asc())
        .limit(at_most)
        .select((batch_rows::ordinal, batch_rows::certificate_id))
        .load(&mut tx.connection()?)
        .await?;
    let places: HashMap<Uuid, i32> = issued
        .into_iter()
        .filter_map(|(ordinal, id)| id.map(|id| (id, ordinal)))
        .collect();
    type PageRow = (Uuid, String, String, DateTime<Utc>, Vec<u8>);
    let pages: Vec<PageRow> = certificates::table
        .inner_join(
            documents::table.on(documents::agency_id
                .eq(certificates::agency_id)
                .and(documents::sha256.eq(certificates::document_sha256))),
        )
        .filter(certificates::agency_id.eq(agency))
        .filter(certificates::id.eq_any(places.keys().copied().collect::<Vec<_>>()))
        .select((
            certificates::id,
            certificates::number,
            certificates::holder_name,
            certificates::issued_at,
            documents::bytes,
        ))
        .load(&mut tx.connection()?)
        .await?;
    let mut found = Vec::with_capacity(pages.len());
    for (id, number, holder_name, issued_at, bytes) in pages {
        let Some(ordinal) = places.get(&id) else { continue };
        let attachments = attachments::of(tx, CertificateId::from_uuid(id)).await?;
        found.push(BatchDocument {
            ordinal: *ordinal,
            number,
            holder_name,
            issued_at,
            bytes,
            attachments,
        });
    }
    found.sort_by_key(|document| document.ordinal);
    Ok(found)
}

/// The bytes of a file that went with a certificate of the batch.
///
/// # Errors
/// [`Error`] of the database.
pub async fn attached_file(
    tx: &mut Tx,
    _permit: &Permit<DownloadBatch>,
    file: &AttachmentRow,
) -> Result<Vec<u8>, Error> {
    Ok(kept::by_hash(tx, &file.file_sha256).await?.bytes)
}
