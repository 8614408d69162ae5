//! Sendings to many holders: found for an act, listed in a scope, written with their trace and their jobs.
//!
//! Invariant: whoever settles rows of a batch holds the batch's row until the commit, so a row is in one hand.

mod check;
mod record;
mod rows;
mod run;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::{ListBatches, ViewBatch};
use countersign_domain::authz::{Actor, Operation, Permit, Scope};
use countersign_domain::certificates::batch::{Batch, Counts, RowState};
use countersign_domain::ids::{BatchId, InsuredId, MasterId, StaffUserId};
use countersign_domain::text::NonBlank;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

pub use check::{
    CheckFacts, HeldBefore, LastSending, NextTerm, check_facts, holders_named, last_sendings,
    live_from_master, next_terms, start_facts,
};
pub use record::{record_downloaded, record_started, record_steered};
pub use rows::{BatchDocument, RowDelivery, RowRecord, attached_file, documents, rows};
pub use run::{followed, next_rows, record_finished, record_halted, record_settled, sender};

use crate::Error;
use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, AtMost as _, Page, PageRequest, older_than};
use crate::schema::{batch_rows, batches};

#[derive(Queryable, Selectable)]
#[diesel(table_name = batches)]
struct Row {
    id: Uuid,
    kind: String,
    insured_id: Uuid,
    insured_name: String,
    master_id: Uuid,
    master_name: String,
    description: Option<String>,
    subject: Option<String>,
    message: String,
    state: String,
    state_changed_at: DateTime<Utc>,
    state_changed_by_name: String,
    halted_reason: Option<String>,
    sender_id: Uuid,
    started_by_name: String,
    created_at: DateTime<Utc>,
    channel: String,
    by_preference: bool,
    attach_endorsements: bool,
}

/// A batch with what is told of it beside what decides about it.
#[derive(Clone, Debug)]
pub struct BatchRecord {
    /// The batch.
    pub batch: Batch,
    /// The insured's name when it was started.
    pub insured_name: String,
    /// Who started it; the name at that time.
    pub started_by_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When its state changed last.
    pub state_changed_at: DateTime<Utc>,
    /// Who changed it; the name at that time.
    pub state_changed_by_name: String,
    /// Why it stopped by itself.
    pub halted_reason: Option<String>,
}

fn parse(row: Row, counts: Counts, tx: &Tx) -> Result<BatchRecord, Error> {
    Ok(BatchRecord {
        batch: Batch {
            agency: tx.agency(),
            id: BatchId::from_uuid(row.id),
            kind: row.kind.parse().map_err(broken("batches.kind"))?,
            insured: InsuredId::from_uuid(row.insured_id),
            master: MasterId::from_uuid(row.master_id),
            master_name: row.master_name,
            description: row.description,
            subject: row
                .subject
                .map(|text| NonBlank::parse(&text).map_err(broken("batches.subject")))
                .transpose()?,
            message: row.message,
            channel: if row.by_preference {
                None
            } else {
                Some(row.channel.parse().map_err(broken("batches.channel"))?)
            },
            endorsements: row.attach_endorsements,
            state: row.state.parse().map_err(broken("batches.state"))?,
            sender: StaffUserId::from_uuid(row.sender_id),
            counts,
            started_at: row.created_at,
        },
        insured_name: row.insured_name,
        started_by_name: row.started_by_name,
        created_at: row.created_at,
        state_changed_at: row.state_changed_at,
        state_changed_by_name: row.state_changed_by_name,
        halted_reason: row.halted_reason,
    })
}

/// How many rows of each of these batches are in each state.
async fn counts_of(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Counts>, Error> {
    let rows: Vec<(Uuid, String, i64)> = batch_rows::table
        .filter(batch_rows::agency_id.eq(tx.agency().uuid()))
        .filter(batch_rows::batch_id.eq_any(ids))
        .group_by((batch_rows::batch_id, batch_rows::state))
        .select((batch_rows::batch_id, batch_rows::state, diesel::dsl::count_star()))
        .load(&mut tx.connection()?)
        .await?;
    let mut found: HashMap<Uuid, Counts> = HashMap::new();
    for (id, state, number) in rows {
        let state: RowState = state.parse().map_err(broken("batch_rows.state"))?;
        let number = u32::try_from(number).map_err(broken("batch_rows"))?;
        found.entry(id).or_default().add(state, number);
    }
    Ok(found)
}

async fn load(tx: &mut Tx, id: BatchId, lock: bool) -> Result<BatchRecord, Error> {
    let query = batches::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select());
    let row: Row = if lock {
        query.for_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    };
    // Counted after the lock was given: whoever held it before may have settled rows.
    let counts = counts_of(tx, &[row.id])
        .await?
        .remove(&row.id)
        .unwrap_or_default();
    parse(row, counts, tx)
}

/// Asks for an operation on a batch.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = Batch>>(
    tx: &mut Tx,
    actor: &Actor,
    id: BatchId,
) -> Result<Permit<O>, Error> {
    let record = load(tx, id, false).await?;
    Ok(actor.request::<O>(record.batch)?)
}

/// As [`find`], and holds the batch's row until the end of the transaction.
///
/// # Errors
/// As [`find`].
pub async fn lock<O: Operation<Target = Batch>>(
    tx: &mut Tx,
    actor: &Actor,
    id: BatchId,
) -> Result<Permit<O>, Error> {
    let record = load(tx, id, true).await?;
    Ok(actor.request::<O>(record.batch)?)
}

/// A batch as its page shows it.
///
/// # Errors
/// [`Error`] of the database.
pub async fn detail(tx: &mut Tx, permit: &Permit<ViewBatch>) -> Result<BatchRecord, Error> {
    load(tx, permit.id, false).await
}

/// Batches, the newest first.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope<ListBatches>,
    insured: Option<InsuredId>,
    page: &PageRequest,
) -> Result<Page<BatchRecord>, Error> {
    let mut query = batches::table
        .filter(batches::agency_id.eq(scope.agency().uuid()))
        .order((batches::created_at.desc(), batches::id.desc()))
        .select(Row::as_select())
        .into_boxed();
    if let Some(insured) = insured {
        query = query.filter(batches::insured_id.eq(insured.uuid()));
    }
    if let Some(after) = &page.after {
        let moment: DateTime<Utc> = after.key.parse().map_err(broken("cursor"))?;
        query = query.filter(older_than((batches::created_at, batches::id), moment, after.id));
    }
    let rows: Vec<Row> = query.at_most(page.probe()).load(&mut tx.connection()?).await?;
    let cut = page.cut(rows, |last| After {
        key: last.created_at.to_rfc3339(),
        id: last.id,
    });
    let ids: Vec<Uuid> = cut.rows.iter().map(|row| row.id).collect();
    let mut counts = counts_of(tx, &ids).await?;
    let mut records = Vec::with_capacity(cut.rows.len());
    for row in cut.rows {
        let counted = counts.remove(&row.id).unwrap_or_default();
        records.push(parse(row, counted, tx)?);
    }
    Ok(Page {
        rows: records,
        next: cut.next,
    })
}
