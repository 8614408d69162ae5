//! Tasks for staff.

mod overtaken;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::ListTasks;
use countersign_domain::authz::{Actor, By, Operation, Permit, Scope};
use countersign_domain::certificates::approval::decline::Declined;
use countersign_domain::certificates::question::Answered;
use countersign_domain::certificates::report::{Mail, Reported};
use countersign_domain::ids::{
    ApprovalId, CertificateId, DeliveryId, HolderId, InsuredId, MasterId, NoticeId, PolicyId, QuestionId,
    TaskId,
};
use countersign_domain::tasks::{
    About, CameBack, CertificateBack, Dismissed, NoticeBack, Settled, Task, TaskKind, TaskState,
    WentElsewhere,
};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest, older_than};
use crate::schema::{
    approvals, certificates, courtesy_notices, renewal_question_holders, renewal_questions, tasks,
};
use crate::{Error, audit};

pub(crate) use overtaken::{Overtaken, arrived, done};

#[derive(Queryable, Selectable)]
#[diesel(table_name = tasks)]
struct Row {
    id: Uuid,
    state: String,
    kind: String,
    delivery_id: Option<Uuid>,
    certificate_id: Option<Uuid>,
    notice_id: Option<Uuid>,
    question_id: Option<Uuid>,
    approval_id: Option<Uuid>,
    address: Option<String>,
    reason: String,
    created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = certificates)]
struct CertificateRow {
    id: Uuid,
    number: String,
    insured_id: Uuid,
    insured_name: String,
    holder_id: Uuid,
    holder_name: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = courtesy_notices)]
struct NoticeRow {
    id: Uuid,
    policy_id: Uuid,
    policy_number: String,
    insured_id: Uuid,
    insured_name: String,
    holder_id: Uuid,
    holder_name: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = renewal_questions)]
struct QuestionRow {
    id: Uuid,
    insured_id: Uuid,
    insured_name: String,
    master_id: Uuid,
    answered_by_name: Option<String>,
    note: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = approvals)]
struct RequestRow {
    id: Uuid,
    insured_id: Uuid,
    insured_name: String,
    holder_name: String,
    asked_by_name: String,
    decided_by_name: Option<String>,
    reason: Option<String>,
}

/// What tasks are about, by its id.
#[derive(Default)]
struct Behind {
    certificates: BTreeMap<Uuid, CertificateRow>,
    notices: BTreeMap<Uuid, NoticeRow>,
    questions: BTreeMap<Uuid, QuestionRow>,
    requests: BTreeMap<Uuid, RequestRow>,
    /// Of each question, whether its holders are wanted; null until it is answered.
    holders: BTreeMap<Uuid, Vec<Option<bool>>>,
}

impl Behind {
    async fn load(tx: &mut Tx, rows: &[Row]) -> Result<Self, Error> {
        let agency = tx.agency().uuid();
        let ids = |id: fn(&Row) -> Option<Uuid>| rows.iter().filter_map(id).collect::<Vec<_>>();
        let mut behind = Self::default();
        let wanted = ids(|row| row.certificate_id);
        if !wanted.is_empty() {
            let found: Vec<CertificateRow> = certificates::table
                .filter(certificates::agency_id.eq(agency))
                .filter(certificates::id.eq_any(wanted))
                .select(CertificateRow::as_select())
                .load(&mut tx.connection()?)
                .await?;
            behind.certificates = found.into_iter().map(|row| (row.id, row)).collect();
        }
        let wanted = ids(|row| row.notice_id);
        if !wanted.is_empty() {
            let found: Vec<NoticeRow> = courtesy_notices::table
                .filter(courtesy_notices::agency_id.eq(agency))
                .filter(courtesy_notices::id.eq_any(wanted))
                .select(NoticeRow::as_select())
                .load(&mut tx.connection()?)
                .await?;
            behind.notices = found.into_iter().map(|row| (row.id, row)).collect();
        }
        let wanted = ids(|row| row.approval_id);
        if !wanted.is_empty() {
            let found: Vec<RequestRow> = approvals::table
                .filter(approvals::agency_id.eq(agency))
                .filter(approvals::id.eq_any(wanted))
                .select(RequestRow::as_select())
                .load(&mut tx.connection()?)
                .await?;
            behind.requests = found.into_iter().map(|row| (row.id, row)).collect();
        }
        let wanted = ids(|row| row.question_id);
        if !wanted.is_empty() {
            let found: Vec<QuestionRow> = renewal_questions::table
                .filter(renewal_questions::agency_id.eq(agency))
                .filter(renewal_questions::id.eq_any(&wanted))
                .select(QuestionRow::as_select())
                .load(&mut tx.connection()?)
                .await?;
            behind.questions = found.into_iter().map(|row| (row.id, row)).collect();
            let holders: Vec<(Uuid, Option<bool>)> = renewal_question_holders::table
                .filter(renewal_question_holders::agency_id.eq(agency))
                .filter(renewal_question_holders::question_id.eq_any(&wanted))
                .select((
                    renewal_question_holders::question_id,
                    renewal_question_holders::wanted,
                ))
                .load(&mut tx.connection()?)
                .await?;
            for (question, wanted) in holders {
                behind.holders.entry(question).or_default().push(wanted);
            }
        }
        Ok(behind)
    }

    /// Whose cover a task is about, by id and name, and what it is about.
    fn about(&self, row: &Row) -> Result<((Uuid, String), About), Error> {
        let missing = || Error::Broken(format!("tasks: {} is about nothing", row.id));
        let kind: TaskKind = row.kind.parse().map_err(broken("tasks.kind"))?;
        let came_back = || {
            let address = row.address.as_deref().unwrap_or_default();
            Ok::<_, Error>(CameBack {
                address: EmailAddress::parse(address).map_err(broken("tasks.address"))?,
                reason: row.reason.clone(),
            })
        };
        let certificate = row.certificate_id.and_then(|id| self.certificates.get(&id));
        let notice = row.notice_id.and_then(|id| self.notices.get(&id));
        let question = row.question_id.and_then(|id| self.questions.get(&id));
        let request = row.approval_id.and_then(|id| self.requests.get(&id));
        Ok(match kind {
            TaskKind::Certificate => {
                let of = certificate.ok_or_else(missing)?;
                let about = About::Certificate(CertificateBack {
                    delivery: DeliveryId::from_uuid(row.delivery_id.ok_or_else(missing)?),
                    certificate: CertificateId::from_uuid(of.id),
                    number: of.number.clone(),
                    holder: HolderId::from_uuid(of.holder_id),
                    holder_name: of.holder_name.clone(),
                    came_back: came_back()?,
                });
                ((of.insured_id, of.insured_name.clone()), about)
            }
            TaskKind::Notice => {
                let of = notice.ok_or_else(missing)?;
                let about = About::Notice(NoticeBack {
                    notice: NoticeId::from_uuid(of.id),
                    policy: PolicyId::from_uuid(of.policy_id),
                    policy_number: of.policy_number.clone(),
                    holder: HolderId::from_uuid(of.holder_id),
                    holder_name: of.holder_name.clone(),
                    came_back: came_back()?,
                });
                ((of.insured_id, of.insured_name.clone()), about)
            }
            TaskKind::Question => {
                let of = question.ok_or_else(missing)?;
                let about = About::Question {
                    question: QuestionId::from_uuid(of.id),
                    master: MasterId::from_uuid(of.master_id),
                    came_back: came_back()?,
                };
                ((of.insured_id, of.insured_name.clone()), about)
            }
            TaskKind::Answer => {
                let of = question.ok_or_else(missing)?;
                let holders = self.holders.get(&of.id).map_or(&[][..], Vec::as_slice);
                let about = About::Answer {
                    question: QuestionId::from_uuid(of.id),
                    master: MasterId::from_uuid(of.master_id),
                    name: of.answered_by_name.clone().ok_or_else(missing)?,
                    wanted: holders.iter().filter(|wanted| **wanted == Some(true)).count(),
                    holders: holders.len(),
                    note: of.note.clone(),
                };
                ((of.insured_id, of.insured_name.clone()), about)
            }
            TaskKind::Declined => {
                let of = request.ok_or_else(missing)?;
                let about = About::Declined {
                    request: ApprovalId::from_uuid(of.id),
                    holder_name: of.holder_name.clone(),
                    asked_by: of.asked_by_name.clone(),
                    declined_by: of.decided_by_name.clone().ok_or_else(missing)?,
                    reason: of.reason.clone().ok_or_else(missing)?,
                };
                ((of.insured_id, of.insured_name.clone()), about)
            }
        })
    }
}

async fn parse(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Task>, Error> {
    let behind = Behind::load(tx, &rows).await?;
    let agency = tx.agency();
    rows.into_iter()
        .map(|row| {
            let ((insured, insured_name), about) = behind.about(&row)?;
            Ok(Task {
                agency,
                id: TaskId::from_uuid(row.id),
                state: row.state.parse().map_err(broken("tasks.state"))?,
                insured: InsuredId::from_uuid(insured),
                insured_name,
                about,
                created_at: row.created_at,
            })
        })
        .collect()
}

/// The open tasks, the latest first.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(tx: &mut Tx, scope: &Scope<ListTasks>, page: &PageRequest) -> Result<Page<Task>, Error> {
    let mut query = tasks::table
        .filter(tasks::agency_id.eq(scope.agency().uuid()))
        .filter(tasks::state.eq(TaskState::Open.as_str()))
        .order((tasks::created_at.desc(), tasks::id.desc()))
        .limit(page.probe())
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        let moment: DateTime<Utc> = after.key.parse().map_err(broken("cursor"))?;
        query = query.filter(older_than((tasks::created_at, tasks::id), moment, after.id));
    }
    let rows: Vec<Row> = query.load(&mut tx.connection()?).await?;
    let page = page.cut(rows, |last| After {
        key: last.created_at.to_rfc3339(),
        id: last.id,
    });
    Ok(Page {
        rows: parse(tx, page.rows).await?,
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
    parse(tx, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Asks for an operation on a task.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = Task>>(
    tx: &mut Tx,
    actor: &Actor,
    id: TaskId,
) -> Result<Permit<O>, Error> {
    let task = load(tx, id, false).await?;
    Ok(actor.request::<O>(task)?)
}

/// As [`find`], and holds the task's row until the end of the transaction.
///
/// # Errors
/// As [`find`].
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

/// Writes that a task was settled with another address. What else of a policy's notices came back from the same address
/// of a holder is done with it.
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
    if let WentElsewhere::Notice(back) = settled.mail() {
        let same = Overtaken::NoticesTo {
            policy: back.policy,
            holder: back.holder,
            address: Some(back.came_back.address.clone()),
        };
        done(tx, same, settled.by(), settled.at(), &said).await?;
    }
    audit::append(tx, settled, settled.at()).await
}

/// Opens the task about a mail that came back, unless there was one about this mail and address before.
///
/// # Errors
/// [`Error`] of the database.
pub(crate) async fn open(tx: &mut Tx, task: TaskId, reported: &Reported) -> Result<(), Error> {
    let event = reported.event();
    let (mut delivery, mut certificate, mut notice, mut question) = (None, None, None, None);
    let kind = match &reported.mailed().mail {
        Mail::Certificate {
            delivery: of,
            certificate: shown,
            ..
        } => {
            (delivery, certificate) = (Some(of.uuid()), Some(shown.uuid()));
            TaskKind::Certificate
        }
        Mail::Notice { notice: of, .. } => {
            notice = Some(of.uuid());
            TaskKind::Notice
        }
        Mail::Question { question: of, .. } => {
            question = Some(of.uuid());
            TaskKind::Question
        }
    };
    diesel::insert_into(tasks::table)
        .values((
            tasks::agency_id.eq(tx.agency().uuid()),
            tasks::id.eq(task.uuid()),
            tasks::kind.eq(kind.as_str()),
            tasks::delivery_id.eq(delivery),
            tasks::certificate_id.eq(certificate),
            tasks::notice_id.eq(notice),
            tasks::question_id.eq(question),
            tasks::address.eq(event.recipient.as_str()),
            tasks::reason.eq(&event.reason),
            tasks::created_at.eq(reported.at()),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Opens the task about an answer.
///
/// # Errors
/// [`Error`] of the database.
pub(crate) async fn open_answer(tx: &mut Tx, answered: &Answered) -> Result<(), Error> {
    diesel::insert_into(tasks::table)
        .values((
            tasks::agency_id.eq(tx.agency().uuid()),
            tasks::id.eq(answered.task().uuid()),
            tasks::kind.eq(TaskKind::Answer.as_str()),
            tasks::question_id.eq(answered.question().uuid()),
            tasks::reason.eq(""),
            tasks::created_at.eq(answered.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Opens the task about a declined request.
///
/// # Errors
/// [`Error`] of the database.
pub(crate) async fn open_declined(tx: &mut Tx, declined: &Declined) -> Result<(), Error> {
    diesel::insert_into(tasks::table)
        .values((
            tasks::agency_id.eq(tx.agency().uuid()),
            tasks::id.eq(declined.task().uuid()),
            tasks::kind.eq(TaskKind::Declined.as_str()),
            tasks::approval_id.eq(declined.id().uuid()),
            tasks::reason.eq(""),
            tasks::created_at.eq(declined.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}
