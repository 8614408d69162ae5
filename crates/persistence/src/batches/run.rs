//! What the worker reads and writes while a batch runs.

use std::collections::HashMap;

use countersign_domain::authz::rules::RunBatch;
use countersign_domain::authz::{Actor, Permit};
use countersign_domain::certificates::batch::{
    BatchState, Finished, Halted, RowInHand, RowResult, RowState, Settled,
};
use countersign_domain::certificates::payload::CertificatePayload;
use countersign_domain::ids::{CertificateId, HolderId};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel::sql_types;
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

/// What the certificates print that rows follow. One of another insured is as if it did not exist.
///
/// # Errors
/// [`Error`] of the database.
pub async fn followed(
    tx: &mut Tx,
    permit: &Permit<RunBatch>,
    ids: &[CertificateId],
) -> Result<HashMap<CertificateId, CertificatePayload>, Error> {
    let rows: Vec<(Uuid, Value)> = certificates::table
        .filter(certificates::agency_id.eq(tx.agency().uuid()))
        .filter(certificates::id.eq_any(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>()))
        .filter(certificates::insured_id.eq(permit.insured.uuid()))
        .select((certificates::id, certificates::payload))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|(id, payload)| {
            let payload = serde_json::from_value(payload).map_err(broken("certificates.payload"))?;
            Ok((CertificateId::from_uuid(id), payload))
        })
        .collect()
}

/// Writes what became of rows of one batch, in the transaction that issued their certificates where there are any.
///
/// # Errors
/// [`Error::Broken`] when one of them was settled before.
pub async fn record_settled(
    tx: &mut Tx,
    permit: &Permit<RunBatch>,
    settled: &[Settled],
) -> Result<(), Error> {
    let Some(at) = settled.first().map(Settled::at) else {
        return Ok(());
    };
    let mut ordinals = Vec::with_capacity(settled.len());
    let mut states = Vec::with_capacity(settled.len());
    let mut findings = Vec::with_capacity(settled.len());
    let mut reasons = Vec::with_capacity(settled.len());
    let mut certificates = Vec::with_capacity(settled.len());
    for row in settled {
        let (certificate, found, reason): (Option<CertificateId>, Value, Option<&str>) = match row.result() {
            RowResult::Issued(certificate) => (Some(*certificate), json!([]), None),
            RowResult::SetAside(findings) => (
                None,
                serde_json::to_value(findings).map_err(broken("batch_rows.findings"))?,
                None,
            ),
            RowResult::Failed(reason) => (None, json!([]), Some(reason)),
        };
        ordinals.push(i32::try_from(row.ordinal()).map_err(broken("batch_rows.ordinal"))?);
        states.push(row.result().state().as_str());
        findings.push(found);
        reasons.push(reason);
        certificates.push(certificate.map(CertificateId::uuid));
    }
    let written = diesel::sql_query(
        "UPDATE batch_rows SET state = settled.state, findings = settled.findings, reason = settled.reason, \
             certificate_id = settled.certificate_id, settled_at = $8 \
         FROM unnest($4, $5, $6, $7, $9) AS settled (ordinal, state, findings, reason, certificate_id) \
         WHERE batch_rows.agency_id = $1 AND batch_rows.batch_id = $2 \
             AND batch_rows.ordinal = settled.ordinal AND batch_rows.state = $3",
    )
    .bind::<sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<sql_types::Uuid, _>(permit.id.uuid())
    .bind::<sql_types::Text, _>(RowState::Waiting.as_str())
    .bind::<sql_types::Array<sql_types::Integer>, _>(&ordinals)
    .bind::<sql_types::Array<sql_types::Text>, _>(&states)
    .bind::<sql_types::Array<sql_types::Jsonb>, _>(&findings)
    .bind::<sql_types::Array<sql_types::Nullable<sql_types::Text>>, _>(&reasons)
    .bind::<sql_types::Timestamptz, _>(at)
    .bind::<sql_types::Array<sql_types::Nullable<sql_types::Uuid>>, _>(&certificates)
    .execute(&mut tx.connection()?)
    .await?;
    if written == settled.len() {
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
