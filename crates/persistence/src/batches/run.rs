//! What the worker reads and writes while a batch runs.

use countersign_domain::authz::rules::RunBatch;
use countersign_domain::authz::{Actor, Permit};
use countersign_domain::certificates::batch::{
    BatchState, Finished, Halted, RowInHand, RowResult, RowState, Settled,
};
use countersign_domain::certificates::payload::CertificatePayload;
use countersign_domain::ids::{CertificateId, HolderId};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rows::channel;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{batch_rows, batches, certificates};
use crate::{Error, audit, sessions};

/// Who sends the batch, with the permissions of this moment; `None` when the account is gone.
///
/// # Errors
/// [`Error`] of the database.
pub async fn sender(tx: &mut Tx, permit: &Permit<RunBatch>) -> Result<Option<Actor>, Error> {
    sessions::staff_now(tx, permit.sender).await
}

/// The next rows whose turn it is, in the order of the batch, at most so many.
///
/// # Errors
/// [`Error`] of the database.
pub async fn next_rows(
    tx: &mut Tx,
    permit: &Permit<RunBatch>,
    at_most: i64,
) -> Result<Vec<RowInHand>, Error> {
    type NextRow = (i32, Uuid, Option<Uuid>, Vec<String>, Vec<String>, Option<String>);
    let rows: Vec<NextRow> = batch_rows::table
        .filter(batch_rows::agency_id.eq(tx.agency().uuid()))
        .filter(batch_rows::batch_id.eq(permit.id.uuid()))
        .filter(batch_rows::state.eq(RowState::Waiting.as_str()))
        .order(batch_rows::ordinal.asc())
        .limit(at_most)
        .select((
            batch_rows::ordinal,
            batch_rows::holder_id,
            batch_rows::follows_id,
            batch_rows::to_addresses,
            batch_rows::cc_addresses,
            batch_rows::channel,
        ))
        .load(&mut tx.connection()?)
        .await?;
    let addresses = |texts: Vec<String>| {
        texts
            .iter()
            .map(|text| EmailAddress::parse(text).map_err(broken("batch_rows.addresses")))
            .collect::<Result<Vec<_>, _>>()
    };
    rows.into_iter()
        .map(|(ordinal, holder, follows, to, cc, word)| {
            Ok(RowInHand {
                ordinal: u32::try_from(ordinal).map_err(broken("batch_rows.ordinal"))?,
                holder: HolderId::from_uuid(holder),
                follows: follows.map(CertificateId::from_uuid),
                to: addresses(to)?,
                cc: addresses(cc)?,
                channel: channel(word.as_deref(), permit)?,
            })
        })
        .collect()
}

/// What the certificate prints that a row follows.
///
/// # Errors
/// [`Error`] of the database.
pub async fn followed(
    tx: &mut Tx,
    permit: &Permit<RunBatch>,
    certificate: CertificateId,
) -> Result<CertificatePayload, Error> {
    let payload: Value = certificates::table
        .find((tx.agency().uuid(), certificate.uuid()))
        .filter(certificates::insured_id.eq(permit.insured.uuid()))
        .select(certificates::payload)
        .first(&mut tx.connection()?)
        .await?;
    serde_json::from_value(payload).map_err(broken("certificates.payload"))
}

/// Writes what became of a row, in the transaction that issued its certificate where there is one.
///
/// # Errors
/// [`Error::Broken`] when the row was settled before.
pub async fn record_settled(tx: &mut Tx, settled: &Settled) -> Result<(), Error> {
    let ordinal = i32::try_from(settled.ordinal()).map_err(broken("batch_rows.ordinal"))?;
    let (certificate, findings, reason): (Option<CertificateId>, Value, Option<&str>) = match settled.result()
    {
        RowResult::Issued(certificate) => (Some(*certificate), json!([]), None),
        RowResult::SetAside(findings) => (
            None,
            serde_json::to_value(findings).map_err(broken("batch_rows.findings"))?,
            None,
        ),
        RowResult::Failed(reason) => (None, json!([]), Some(reason)),
    };
    let written =
        diesel::update(batch_rows::table.find((tx.agency().uuid(), settled.batch().uuid(), ordinal)))
            .filter(batch_rows::state.eq(RowState::Waiting.as_str()))
            .set((
                batch_rows::state.eq(settled.result().state().as_str()),
                batch_rows::findings.eq(findings),
                batch_rows::reason.eq(reason),
                batch_rows::certificate_id.eq(certificate.map(CertificateId::uuid)),
                batch_rows::settled_at.eq(settled.at()),
            ))
            .execute(&mut tx.connection()?)
            .await?;
    if written == 1 {
        Ok(())
    } else {
        Err(Error::Broken(
            "batch_rows: one that was settled was settled again".to_owned(),
        ))
    }
}

/// Writes that a batch stopped by itself, and why.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_halted(tx: &mut Tx, halted: &Halted) -> Result<(), Error> {
    diesel::update(batches::table.find((tx.agency().uuid(), halted.batch().uuid())))
        .set((
            batches::state.eq(BatchState::Paused.as_str()),
            batches::state_changed_at.eq(halted.at()),
            batches::state_changed_by_name.eq(&halted.by().name),
            batches::halted_reason.eq(halted.reason()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, halted, halted.at()).await
}

/// Writes that the last row of a batch was settled.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_finished(tx: &mut Tx, finished: &Finished) -> Result<(), Error> {
    diesel::update(batches::table.find((tx.agency().uuid(), finished.batch().uuid())))
        .set((
            batches::state.eq(BatchState::Finished.as_str()),
            batches::state_changed_at.eq(finished.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, finished, finished.at()).await
}
