//! Tasks for staff.

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::ListTasks;
use countersign_domain::authz::{Actor, By, Operation, Permit, Scope};
use countersign_domain::ids::{CertificateId, DeliveryId, HolderId, InsuredId, TaskId};
use countersign_domain::tasks::{Dismissed, Settled, Task, TaskState};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest, older_than};
use crate::schema::{certificates, tasks};
use crate::{Error, audit};

#[derive(Queryable, Selectable)]
#[diesel(table_name = tasks)]
struct Row {
    id: Uuid,
    state: String,
    delivery_id: Uuid,
    address: String,
    certificate_id: Uuid,
    reason: String,
    created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = certificates)]
struct CertificateRow {
    number: String,
    insured_id: Uuid,
    insured_name: String,
    holder_id: Uuid,
    holder_name: String,
}

fn parse(row: Row, certificate: CertificateRow, tx: &Tx) -> Result<Task, Error> {
    Ok(Task {
        agency: tx.agency(),
        id: TaskId::from_uuid(row.id),
        state: row.state.parse().map_err(broken("tasks.state"))?,
        delivery: DeliveryId::from_uuid(row.delivery_id),
        certificate: CertificateId::from_uuid(row.certificate_id),
        number: certificate.number,
        insured: InsuredId::from_uuid(certificate.insured_id),
        insured_name: certificate.insured_name,
        holder: HolderId::from_uuid(certificate.holder_id),
        holder_name: certificate.holder_name,
        address: EmailAddress::parse(&row.address).map_err(broken("tasks.address"))?,
        reason: row.reason,
        created_at: row.created_at,
    })
}

/// The open tasks, the latest first.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(tx: &mut Tx, scope: &Scope<ListTasks>, page: &PageRequest) -> Result<Page<Task>, Error> {
    let mut query = tasks::table
        .inner_join(
            certificates::table.on(certificates::agency_id
                .eq(tasks::agency_id)
                .and(certificates::id.eq(tasks::certificate_id))),
        )
        .filter(tasks::agency_id.eq(scope.agency().uuid()))
        .filter(tasks::state.eq(TaskState::Open.as_str()))
        .order((tasks::created_at.desc(), tasks::id.desc()))
        .limit(page.probe())
        .select((Row::as_select(), CertificateRow::as_select()))
        .into_boxed();
    if let Some(after) = &page.after {
        let moment: DateTime<Utc> = after.key.parse().map_err(broken("cursor"))?;
        query = query.filter(older_than((tasks::created_at, tasks::id), moment, after.id));
    }
    let rows: Vec<(Row, CertificateRow)> = query.load(&mut tx.connection()?).await?;
    let page = page.cut(rows, |(last, _)| After {
        key: last.created_at.to_rfc3339(),
        id: last.id,
    });
    let rows = page.rows.into_iter();
    Ok(Page {
        rows: rows
            .map(|(row, certificate)| parse(row, certificate, tx))
            .collect::<Result<_, _>>()?,
        next: page.next,
    })
}

async fn load(tx: &mut Tx, id: TaskId, lock: bool) -> Result<Task, Error> {
    let agency = tx.agency().uuid();
    let query = tasks::table.find((agency, id.uuid())).select(Row::as_select());
    let row: Row = if lock {
        query.for_no_key_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    };
    let certificate: CertificateRow = certificates::table
        .find((agency, row.certificate_id))
        .select(CertificateRow::as_select())
        .first(&mut tx.connection()?)
        .await?;
    parse(row, certificate, tx)
}

/// Asks for an operation on a task, and holds its row until the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn lock<O: Operation<Target = Task>>(
    tx: &mut Tx,
    actor: &Actor,
    id: TaskId,
) -> Result<Permit<O>, Error> {
    let task = load(tx, id, true).await?;
    Ok(actor.request::<O>(task)?)
}

async fn end(
    tx: &mut Tx,
    id: TaskId,
    state: TaskState,
    by: &By,
    at: DateTime<Utc>,
    reason: &str,
) -> Result<(), Error> {
    let ended = diesel::update(tasks::table.find((tx.agency().uuid(), id.uuid())))
        .filter(tasks::state.eq(TaskState::Open.as_str()))
        .set((
            tasks::state.eq(state.as_str()),
            tasks::settled_at.eq(at),
            tasks::settled_by_id.eq(by.id),
            tasks::settled_by_name.eq(&by.name),
            tasks::settled_reason.eq(reason),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if ended == 1 {
        Ok(())
    } else {
        Err(Error::Broken("tasks: one that is settled was settled".to_owned()))
    }
}

/// Writes that nothing is done about a task, and why.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_dismissed(tx: &mut Tx, dismissed: &Dismissed) -> Result<(), Error> {
    let id = dismissed.task().id;
    end(
        tx,
        id,
        TaskState::Dismissed,
        dismissed.by(),
        dismissed.at(),
        dismissed.reason(),
    )
    .await?;
    audit::append(tx, dismissed, dismissed.at()).await
}

/// Writes that a task was settled with another address.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_settled(tx: &mut Tx, settled: &Settled) -> Result<(), Error> {
    let said = format!("Sent to {} instead.", settled.address());
    end(
        tx,
        settled.task().id,
        TaskState::Done,
        settled.by(),
        settled.at(),
        &said,
    )
    .await?;
    audit::append(tx, settled, settled.at()).await
}
