//! Writing what people decide about a batch: rows, trace and jobs together, in the caller's transaction.

use chrono::{DateTime, Utc};
use countersign_domain::certificates::batch::{
    BatchKind, BatchState, Downloaded, RowState, Started, Steered, Steering,
};
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::ids::{CertificateId, StaffUserId};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;

use crate::db::Tx;
use crate::error::broken;
use crate::schema::{batch_rows, batches};
use crate::tasks::{self, Overtaken};
use crate::{Error, audit, jobs};

/// Writes a started batch with its rows, and the job that sends them.
///
/// # Errors
/// [`Error`] of the database; nothing is kept then.
pub async fn record_started(tx: &mut Tx, started: &Started) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let order = started.order();
    diesel::insert_into(batches::table)
        .values((
            batches::agency_id.eq(agency),
            batches::id.eq(started.id().uuid()),
            batches::kind.eq(order.kind.as_str()),
            (
                batches::insured_id.eq(started.insured().uuid()),
                batches::insured_name.eq(started.insured_name()),
                batches::master_id.eq(order.master.uuid()),
                batches::master_name.eq(started.master_name()),
            ),
            (
                batches::description.eq(order.description.as_deref()),
                batches::subject.eq(order.subject.as_ref().map(ToString::to_string)),
                batches::message.eq(&order.message),
                batches::channel.eq(order.channel.unwrap_or(Channel::preferred(None)).as_str()),
                batches::by_preference.eq(order.channel.is_none()),
                batches::attach_endorsements.eq(order.endorsements),
            ),
            (
                batches::state.eq(BatchState::Running.as_str()),
                batches::state_changed_at.eq(started.at()),
                batches::state_changed_by_name.eq(&started.by().name),
            ),
            batches::sender_id.eq(started.sender().uuid()),
            batches::started_by_name.eq(&started.by().name),
            batches::created_at.eq(started.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    let texts = |list: &[EmailAddress]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut rows = Vec::with_capacity(order.rows.len());
    for (place, row) in order.rows.iter().enumerate() {
        rows.push((
            batch_rows::agency_id.eq(agency),
            batch_rows::batch_id.eq(started.id().uuid()),
            batch_rows::ordinal.eq(i32::try_from(place + 1).map_err(broken("batch_rows.ordinal"))?),
            batch_rows::holder_id.eq(row.holder.uuid()),
            batch_rows::holder_name.eq(started.holder_name(row.holder).to_owned()),
            batch_rows::follows_id.eq(row.follows.map(CertificateId::uuid)),
            batch_rows::to_addresses.eq(texts(row.envelope.to())),
            batch_rows::cc_addresses.eq(texts(row.envelope.cc())),
            batch_rows::channel.eq(row.envelope.channel().map(Channel::as_str)),
        ));
    }
    diesel::insert_into(batch_rows::table)
        .values(rows)
        .execute(&mut tx.connection()?)
        .await?;
    if order.kind == BatchKind::Renewal {
        let which = Overtaken::Master(order.master);
        tasks::done(
            tx,
            which,
            started.by(),
            started.at(),
            "The renewal run was started.",
        )
        .await?;
    }
    let (job, what) = started.job();
    jobs::enqueue(tx, what, *job, started.at()).await?;
    audit::append(tx, started, started.at()).await
}

/// Writes that a batch was halted, goes on, was called off, or tries again what failed or was set aside.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_steered(tx: &mut Tx, steered: &Steered) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let state = match steered.act() {
        Steering::Paused => BatchState::Paused,
        Steering::Resumed | Steering::Retried => BatchState::Running,
        Steering::Cancelled => BatchState::Cancelled,
    };
    let batch = batches::table.find((agency, steered.batch().uuid()));
    diesel::update(batch)
        .set((
            batches::state.eq(state.as_str()),
            batches::state_changed_at.eq(steered.at()),
            batches::state_changed_by_name.eq(&steered.by().name),
            batches::halted_reason.eq(None::<String>),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if let Some(sender) = steered.sender().map(StaffUserId::uuid) {
        diesel::update(batch)
            .set(batches::sender_id.eq(sender))
            .execute(&mut tx.connection()?)
            .await?;
    }
    let rows = batch_rows::table
        .filter(batch_rows::agency_id.eq(agency))
        .filter(batch_rows::batch_id.eq(steered.batch().uuid()));
    match steered.act() {
        Steering::Paused | Steering::Resumed => {}
        Steering::Cancelled => {
            diesel::update(rows.filter(batch_rows::state.eq(RowState::Waiting.as_str())))
                .set((
                    batch_rows::state.eq(RowState::NotSent.as_str()),
                    batch_rows::settled_at.eq(steered.at()),
                ))
                .execute(&mut tx.connection()?)
                .await?;
        }
        Steering::Retried => {
            let again = [RowState::Failed.as_str(), RowState::SetAside.as_str()];
            diesel::update(rows.filter(batch_rows::state.eq_any(again)))
                .set((
                    batch_rows::state.eq(RowState::Waiting.as_str()),
                    batch_rows::findings.eq(json!([])),
                    batch_rows::reason.eq(None::<String>),
                    batch_rows::settled_at.eq(None::<DateTime<Utc>>),
                ))
                .execute(&mut tx.connection()?)
                .await?;
        }
    }
    if let Some((job, what)) = steered.job() {
        jobs::enqueue(tx, what, *job, steered.at()).await?;
    }
    audit::append(tx, steered, steered.at()).await
}

/// Notes that the certificates of a batch left the product as one file, before its first byte does.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_downloaded(
    tx: &mut Tx,
    downloaded: &Downloaded,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::append(tx, downloaded, now).await
}
