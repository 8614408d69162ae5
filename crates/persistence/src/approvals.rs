//! Requests to lift what blocks a certificate.

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::{DecideApprovals, ListApprovals, ViewApproval};
use countersign_domain::authz::{Actor, Operation, Permit, Scope};
use countersign_domain::certificates::approval::approve::Approved;
use countersign_domain::certificates::approval::ask::Asked;
use countersign_domain::certificates::approval::decline::Declined;
use countersign_domain::certificates::approval::{Approval, ApprovalState};
use countersign_domain::ids::{ApprovalId, CertificateId, InsuredId, StaffUserId};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest, older_than};
use crate::schema::approvals;
use crate::{Error, audit, tasks};

/// A request as a list shows it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = approvals)]
pub struct ApprovalRow {
    /// The request.
    pub id: Uuid,
    /// Whose certificate waits.
    pub insured_id: Uuid,
    /// The insured's name at that time.
    pub insured_name: String,
    /// The holder's name at that time.
    pub holder_name: String,
    /// The master's name at that time.
    pub master_name: String,
    /// The certificate whose next revision waits.
    pub revises_id: Option<Uuid>,
    /// The request to send as it was made.
    pub draft: Value,
    /// What blocked when it was asked.
    pub findings: Value,
    /// What the asker said.
    pub note: String,
    /// Who asked.
    pub asked_by_id: Uuid,
    /// The asker's name at that time.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What became of it.
    pub state: String,
    /// Who decided; the name at that time.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
    /// The certificate that was sent.
    pub certificate_id: Option<Uuid>,
}

impl ApprovalRow {
    /// As far as deciding about it needs.
    ///
    /// # Errors
    /// [`Error::Broken`] for a row that does not parse.
    pub fn target(&self, agency: countersign_domain::ids::AgencyId) -> Result<Approval, Error> {
        Ok(Approval {
            agency,
            id: ApprovalId::from_uuid(self.id),
            insured: InsuredId::from_uuid(self.insured_id),
            insured_name: self.insured_name.clone(),
            holder_name: self.holder_name.clone(),
            revises: self.revises_id.map(CertificateId::from_uuid),
            draft: self.draft.clone(),
            findings: serde_json::from_value(self.findings.clone()).map_err(broken("approvals.findings"))?,
            note: self.note.clone(),
            asked_by: StaffUserId::from_uuid(self.asked_by_id),
            asked_by_name: self.asked_by_name.clone(),
            asked_at: self.asked_at,
            state: self.state.parse().map_err(broken("approvals.state"))?,
        })
    }
}

async fn row(tx: &mut Tx, id: ApprovalId, lock: bool) -> Result<ApprovalRow, Error> {
    let query = approvals::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(ApprovalRow::as_select());
    Ok(if lock {
        query.for_no_key_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    })
}

/// Asks for an operation on a request.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = Approval>>(
    tx: &mut Tx,
    actor: &Actor,
    id: ApprovalId,
) -> Result<Permit<O>, Error> {
    let approval = row(tx, id, false).await?.target(tx.agency())?;
    Ok(actor.request::<O>(approval)?)
}

/// As [`find`], and holds the request until the end of the transaction, so that it is decided once.
///
/// # Errors
/// As [`find`].
pub async fn lock<O: Operation<Target = Approval>>(
    tx: &mut Tx,
    actor: &Actor,
    id: ApprovalId,
) -> Result<Permit<O>, Error> {
    let approval = row(tx, id, true).await?.target(tx.agency())?;
    Ok(actor.request::<O>(approval)?)
}

/// A request with what became of it.
///
/// # Errors
/// [`Error`] of the database.
pub async fn detail(tx: &mut Tx, permit: &Permit<ViewApproval>) -> Result<ApprovalRow, Error> {
    row(tx, permit.id, false).await
}

/// Which requests are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApprovalFilter {
    /// In this state.
    pub state: Option<ApprovalState>,
    /// Asked by this person.
    pub asked_by: Option<Uuid>,
}

/// A page of requests, the newest first.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope<ListApprovals>,
    filter: ApprovalFilter,
    page: &PageRequest,
) -> Result<Page<ApprovalRow>, Error> {
    let mut query = approvals::table
        .filter(approvals::agency_id.eq(scope.agency().uuid()))
        .order((approvals::asked_at.desc(), approvals::id.desc()))
        .limit(page.probe())
        .select(ApprovalRow::as_select())
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(approvals::state.eq(state.as_str()));
    }
    if let Some(asker) = filter.asked_by {
        query = query.filter(approvals::asked_by_id.eq(asker));
    }
    if let Some(after) = &page.after {
        let moment: DateTime<Utc> = after.key.parse().map_err(broken("cursor"))?;
        query = query.filter(older_than((approvals::asked_at, approvals::id), moment, after.id));
    }
    let rows = query.load(&mut tx.connection()?).await?;
    Ok(page.cut(rows, |last: &ApprovalRow| After {
        key: last.asked_at.to_rfc3339(),
        id: last.id,
    }))
}

/// How many requests of others wait.
///
/// # Errors
/// [`Error`] of the database.
pub async fn count_waiting(
    tx: &mut Tx,
    scope: &Scope<DecideApprovals>,
    not_of: Option<Uuid>,
) -> Result<i64, Error> {
    let mut query = approvals::table
        .filter(approvals::agency_id.eq(scope.agency().uuid()))
        .filter(approvals::state.eq(ApprovalState::Waiting.as_str()))
        .into_boxed();
    if let Some(own) = not_of {
        query = query.filter(approvals::asked_by_id.ne(own));
    }
    Ok(query.count().get_result(&mut tx.connection()?).await?)
}

/// Writes that a second person was asked.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_asked(tx: &mut Tx, asked: &Asked) -> Result<(), Error> {
    let names = asked.names();
    diesel::insert_into(approvals::table)
        .values((
            approvals::agency_id.eq(tx.agency().uuid()),
            approvals::id.eq(asked.id().uuid()),
            approvals::insured_id.eq(asked.insured().uuid()),
            approvals::insured_name.eq(&names.insured),
            approvals::holder_name.eq(&names.holder),
            approvals::master_name.eq(&names.master),
            approvals::revises_id.eq(asked.revises().map(CertificateId::uuid)),
            approvals::draft.eq(asked.request()),
            approvals::findings
                .eq(serde_json::to_value(asked.findings()).map_err(broken("approvals.findings"))?),
            approvals::note.eq(asked.note()),
            approvals::asked_by_id.eq(asked.by().id.unwrap_or_default()),
            approvals::asked_by_name.eq(&asked.by().name),
            approvals::asked_at.eq(asked.at()),
            approvals::state.eq(ApprovalState::Waiting.as_str()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, asked, asked.at()).await
}

/// Writes that a second person approved; the certificate itself is written before.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_approved(tx: &mut Tx, approved: &Approved) -> Result<(), Error> {
    diesel::update(approvals::table.find((tx.agency().uuid(), approved.id().uuid())))
        .set((
            approvals::state.eq(ApprovalState::Approved.as_str()),
            approvals::decided_by_id.eq(approved.by().id),
            approvals::decided_by_name.eq(&approved.by().name),
            approvals::decided_at.eq(approved.at()),
            approvals::reason.eq(approved.reason()),
            approvals::certificate_id.eq(approved.certificate().uuid()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, approved, approved.at()).await
}

/// Writes that a second person declined, and opens the task that tells whoever asked.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_declined(tx: &mut Tx, declined: &Declined) -> Result<(), Error> {
    diesel::update(approvals::table.find((tx.agency().uuid(), declined.id().uuid())))
        .set((
            approvals::state.eq(ApprovalState::Declined.as_str()),
            approvals::decided_by_id.eq(declined.by().id),
            approvals::decided_by_name.eq(&declined.by().name),
            approvals::decided_at.eq(declined.at()),
            approvals::reason.eq(declined.reason()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    tasks::open_declined(tx, declined).await?;
    audit::append(tx, declined, declined.at()).await
}
