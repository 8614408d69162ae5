//! Tasks that something else has done: a mail that arrived after all, a notice or a question that was sent again.
//!
//! Invariant: only what is open is done, and it says by what.

use chrono::{DateTime, Utc};
use countersign_domain::authz::By;
use countersign_domain::certificates::report::{Mail, Reported};
use countersign_domain::ids::{DeliveryId, HolderId, MasterId, NoticeId, PolicyId, QuestionId};
use countersign_domain::tasks::TaskState;
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::schema::{courtesy_notices, renewal_questions, tasks};

/// Which open tasks something else has done.
pub(crate) enum Overtaken {
    /// Those about a certificate's sending that came back from this address.
    Delivery(DeliveryId, EmailAddress),
    /// Those about a notice that came back from this address.
    Notice(NoticeId, EmailAddress),
    /// Those about a question that came back from this address.
    Question(QuestionId, EmailAddress),
    /// Those about earlier notices of a policy to a holder: all of them, or those that came back from this address.
    NoticesTo {
        policy: PolicyId,
        holder: HolderId,
        address: Option<EmailAddress>,
    },
    /// Those about a question, from whatever address it came back.
    Answered(QuestionId),
    /// Those about questions and answers of a master.
    Master(MasterId),
}

/// Writes that open tasks were done by something else, and by what.
///
/// # Errors
/// [`Error`] of the database.
pub(crate) async fn done(
    tx: &mut Tx,
    which: Overtaken,
    by: &By,
    at: DateTime<Utc>,
    how: &str,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let mut open = diesel::update(tasks::table)
        .filter(tasks::agency_id.eq(agency))
        .filter(tasks::state.eq(TaskState::Open.as_str()))
        .into_boxed();
    open = match which {
        Overtaken::Delivery(delivery, address) => open
            .filter(tasks::delivery_id.eq(delivery.uuid()))
            .filter(tasks::address.eq(address.to_string())),
        Overtaken::Notice(notice, address) => open
            .filter(tasks::notice_id.eq(notice.uuid()))
            .filter(tasks::address.eq(address.to_string())),
        Overtaken::Question(question, address) => open
            .filter(tasks::question_id.eq(question.uuid()))
            .filter(tasks::address.eq(address.to_string())),
        Overtaken::Answered(question) => open.filter(tasks::question_id.eq(question.uuid())),
        Overtaken::NoticesTo {
            policy,
            holder,
            address,
        } => {
            let earlier: Vec<Uuid> = courtesy_notices::table
                .filter(courtesy_notices::agency_id.eq(agency))
                .filter(courtesy_notices::policy_id.eq(policy.uuid()))
                .filter(courtesy_notices::holder_id.eq(holder.uuid()))
                .select(courtesy_notices::id)
                .load(&mut tx.connection()?)
                .await?;
            let open = open.filter(tasks::notice_id.eq_any(earlier.into_iter().map(Some)));
            match address {
                Some(address) => open.filter(tasks::address.eq(address.to_string())),
                None => open,
            }
        }
        Overtaken::Master(master) => {
            let asked: Vec<Uuid> = renewal_questions::table
                .filter(renewal_questions::agency_id.eq(agency))
                .filter(renewal_questions::master_id.eq(master.uuid()))
                .select(renewal_questions::id)
                .load(&mut tx.connection()?)
                .await?;
            open.filter(tasks::question_id.eq_any(asked.into_iter().map(Some)))
        }
    };
    open.set((
        tasks::state.eq(TaskState::Done.as_str()),
        tasks::settled_at.eq(at),
        tasks::settled_by_id.eq(by.id),
        tasks::settled_by_name.eq(&by.name),
        tasks::settled_reason.eq(how),
    ))
    .execute(&mut tx.connection()?)
    .await?;
    Ok(())
}

/// Writes that a mail arrived after all where it came back from before.
///
/// # Errors
/// [`Error`] of the database.
pub(crate) async fn arrived(tx: &mut Tx, reported: &Reported) -> Result<(), Error> {
    let address = reported.event().recipient.clone();
    let which = match &reported.mailed().mail {
        Mail::Certificate { delivery, .. } => Overtaken::Delivery(*delivery, address),
        Mail::Notice { notice, .. } => Overtaken::Notice(*notice, address),
        Mail::Question { question, .. } => Overtaken::Question(*question, address),
    };
    done(tx, which, reported.by(), reported.at(), "It arrived after all.").await
}
