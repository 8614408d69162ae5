//! Courtesy notices of a cancellation: whom they may tell, and what becomes of their mail.
//!
//! Invariants: an attempt is counted and committed before the relay hears of it; "accepted" is written once and
//! never taken back; what a notice says is written when it is sent and never changed.

mod told;

use chrono::NaiveDate;
use countersign_domain::authz::rules::{MailQueued, SendCourtesyNotices, ViewPolicyHolders};
use countersign_domain::authz::{Operation, Permit};
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::ids::{CertificateId, HolderId, InsuredId, NoticeId, PolicyId};
use countersign_domain::policies::PolicyRecord;
use countersign_domain::policies::deliver_notice::{Accepted, Attempt, GivenUp};
use countersign_domain::policies::notify::{NoticeFacts, Notified, Reliant, Relied};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::reports::addresses;
use crate::schema::{certificate_policies, certificates, courtesy_notices, holders, policies};
use crate::tasks::{self, Overtaken};
use crate::{Error, audit, jobs};

pub use told::{Back, Newest, NoticeRow, newest};

/// Those of the chosen holders who hold a live certificate that names the policy, as [`crate::policies::holders`]
/// tells it. Through the permit of whoever sends, which holds the policy's row.
///
/// # Errors
/// [`Error`] of the database.
pub async fn reliant(
    tx: &mut Tx,
    permit: &Permit<SendCourtesyNotices>,
    chosen: &[HolderId],
    today: NaiveDate,
) -> Result<Vec<Reliant>, Error> {
    reliant_of(tx, permit, chosen, today).await
}

/// As [`reliant`], for somebody who looks at what would be sent.
///
/// # Errors
/// As [`reliant`].
pub async fn reliant_to_show(
    tx: &mut Tx,
    permit: &Permit<ViewPolicyHolders>,
    chosen: &[HolderId],
    today: NaiveDate,
) -> Result<Vec<Reliant>, Error> {
    reliant_of(tx, permit, chosen, today).await
}

async fn reliant_of<O: Operation<Target = PolicyRecord>>(
    tx: &mut Tx,
    permit: &Permit<O>,
    chosen: &[HolderId],
    today: NaiveDate,
) -> Result<Vec<Reliant>, Error> {
    type Live = (Uuid, Uuid, String, i32);
    let agency = tx.agency().uuid();
    if permit.policy.expires_on <= today {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = chosen.iter().map(|id| id.uuid()).collect();
    let mut live: Vec<Live> = certificate_policies::table
        .inner_join(
            certificates::table.on(certificates::agency_id
                .eq(certificate_policies::agency_id)
                .and(certificates::id.eq(certificate_policies::certificate_id))),
        )
        .filter(certificate_policies::agency_id.eq(agency))
        .filter(certificate_policies::policy_id.eq(permit.policy.id.uuid()))
        .filter(certificates::state.eq("issued"))
        .filter(certificates::holder_id.eq_any(&ids))
        .order((certificates::issued_at.asc(), certificates::id.asc()))
        .select((
            certificates::holder_id,
            certificates::id,
            certificates::number,
            certificates::revision,
        ))
        .load(&mut tx.connection()?)
        .await?;
    // A certificate that names the policy on two lines is one.
    live.dedup();
    let parties: Vec<(Uuid, String, Vec<String>)> = holders::table
        .filter(holders::agency_id.eq(agency))
        .filter(holders::id.eq_any(&ids))
        .select((holders::id, holders::name, holders::emails))
        .load(&mut tx.connection()?)
        .await?;
    let mut told = told::addresses_told(tx, permit, &ids).await?;
    parties
        .into_iter()
        .filter(|(id, ..)| live.iter().any(|(holder, ..)| holder == id))
        .map(|(id, name, emails)| {
            Ok(Reliant {
                holder: HolderId::from_uuid(id),
                name,
                emails: addresses(&emails, "holders.emails")?,
                certificates: live
                    .iter()
                    .filter(|(holder, ..)| *holder == id)
                    .map(|(_, certificate, number, revision)| Relied {
                        id: CertificateId::from_uuid(*certificate),
                        number: match revision {
                            0 => number.clone(),
                            revision => format!("{number}, revision {revision}"),
                        },
                    })
                    .collect(),
                told: told.remove(&id).unwrap_or_default(),
            })
        })
        .collect()
}

/// Writes the notices with their traces and the jobs that mail them.
///
/// # Errors
/// [`Error`] of the database; nobody is told then.
pub async fn record_notified(tx: &mut Tx, notified: &Notified) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    for notice in notified.notices() {
        if notified.is_whole() {
            let earlier = Overtaken::NoticesTo {
                policy: notified.policy(),
                holder: notice.reliant.holder,
                address: None,
            };
            let (by, at) = (notified.by(), notified.at());
            tasks::done(tx, earlier, by, at, "A notice was sent again.").await?;
        }
        let NoticeFacts {
            agency: agency_name,
            insured,
            insurer,
            policy_number,
            line,
            cancelled_on,
            holder,
            certificates,
        } = &notice.facts;
        let to: Vec<&str> = notice.to.iter().map(EmailAddress::as_str).collect();
        diesel::insert_into(courtesy_notices::table)
            .values((
                courtesy_notices::agency_id.eq(agency),
                courtesy_notices::id.eq(notice.id.uuid()),
                courtesy_notices::policy_id.eq(notified.policy().uuid()),
                courtesy_notices::insured_id.eq(notified.insured().uuid()),
                courtesy_notices::holder_id.eq(notice.reliant.holder.uuid()),
                (
                    courtesy_notices::agency_name.eq(agency_name),
                    courtesy_notices::insured_name.eq(insured),
                    courtesy_notices::insurer_name.eq(insurer),
                    courtesy_notices::policy_number.eq(policy_number),
                    courtesy_notices::line_name.eq(line),
                    courtesy_notices::cancelled_on.eq(cancelled_on),
                    courtesy_notices::holder_name.eq(holder),
                    courtesy_notices::certificate_numbers.eq(certificates),
                ),
                courtesy_notices::to_addresses.eq(to),
                courtesy_notices::state.eq(DeliveryState::Queued.as_str()),
                courtesy_notices::requested_by_id.eq(notified.by().id),
                courtesy_notices::requested_by_name.eq(&notified.by().name),
                courtesy_notices::queued_at.eq(notified.at()),
            ))
            .execute(&mut tx.connection()?)
            .await?;
        let (id, job) = &notice.job;
        jobs::enqueue(tx, job, *id, notified.at()).await?;
    }
    for told in notified.told() {
        audit::append(tx, &told, notified.at()).await?;
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = courtesy_notices)]
struct Row {
    id: Uuid,
    policy_id: Uuid,
    insured_id: Uuid,
    agency_name: String,
    insured_name: String,
    insurer_name: String,
    policy_number: String,
    line_name: String,
    cancelled_on: NaiveDate,
    holder_name: String,
    certificate_numbers: Vec<String>,
    to_addresses: Vec<String>,
    state: String,
    claims: i32,
    may_have_arrived_twice: bool,
    last_error: Option<String>,
    requested_by_name: String,
}

/// Everything that a notice's mail is made of.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The attempt, counted.
    pub attempt: Attempt,
    /// What it says.
    pub facts: NoticeFacts,
    /// Who asked for it.
    pub requested_by: String,
}

/// What the mailer finds when it takes a notice up.
#[derive(Clone, Debug)]
pub enum TakenUp {
    /// It is to be mailed; the attempt is counted.
    ToMail(Box<Outgoing>),
    /// The relay accepted it already.
    AcceptedBefore,
    /// It was given up already, for this reason.
    GivenUpBefore(String),
    /// The cancellation was taken back or corrected meanwhile: what the notice says is no longer so. Not counted.
    NoLongerSo(Box<Attempt>),
}

fn attempt_of(row: &Row, number: i32, after_unanswered: bool) -> Result<Attempt, Error> {
    Ok(Attempt {
        notice: NoticeId::from_uuid(row.id),
        number: u32::try_from(number).map_err(broken("courtesy_notices.claims"))?,
        after_unanswered,
        policy: PolicyId::from_uuid(row.policy_id),
        policy_number: row.policy_number.clone(),
        insured: InsuredId::from_uuid(row.insured_id),
        holder: row.holder_name.clone(),
        to: addresses(&row.to_addresses, "courtesy_notices.to_addresses")?,
    })
}

/// Takes a notice up: counts the attempt and marks it as being sent. To be committed before the relay is spoken to.
///
/// # Errors
/// [`Error::NotFound`] when there is no such notice.
pub async fn take_up(tx: &mut Tx, _permit: &Permit<MailQueued>, id: NoticeId) -> Result<TakenUp, Error> {
    let agency = tx.agency().uuid();
    let row: Row = courtesy_notices::table
        .find((agency, id.uuid()))
        .select(Row::as_select())
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    let state: DeliveryState = row.state.parse().map_err(broken("courtesy_notices.state"))?;
    let lost = match state {
        DeliveryState::Accepted => return Ok(TakenUp::AcceptedBefore),
        DeliveryState::Failed => return Ok(TakenUp::GivenUpBefore(row.last_error.unwrap_or_default())),
        DeliveryState::Sending => true,
        DeliveryState::Queued | DeliveryState::Deferred => false,
    };
    let after_unanswered = row.may_have_arrived_twice || lost;
    let now_cancelled: Option<NaiveDate> = policies::table
        .find((agency, row.policy_id))
        .select(policies::cancelled_on)
        .first(&mut tx.connection()?)
        .await?;
    if now_cancelled != Some(row.cancelled_on) {
        let attempt = attempt_of(&row, row.claims, after_unanswered)?;
        return Ok(TakenUp::NoLongerSo(Box::new(attempt)));
    }
    let number = row.claims + 1;
    diesel::update(courtesy_notices::table.find((agency, row.id)))
        .set((
            courtesy_notices::state.eq(DeliveryState::Sending.as_str()),
            courtesy_notices::claims.eq(number),
            courtesy_notices::may_have_arrived_twice.eq(after_unanswered),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(TakenUp::ToMail(Box::new(Outgoing {
        attempt: attempt_of(&row, number, after_unanswered)?,
        facts: NoticeFacts {
            agency: row.agency_name,
            insured: row.insured_name,
            insurer: row.insurer_name,
            policy_number: row.policy_number,
            line: row.line_name,
            cancelled_on: row.cancelled_on,
            holder: row.holder_name,
            certificates: row.certificate_numbers,
        },
        requested_by: row.requested_by_name,
    })))
}

/// A notice that nothing was decided about yet, as its last attempt left it, and holds its row. `None` when it was
/// accepted or given up, or is gone.
///
/// # Errors
/// [`Error`] of the database.
pub async fn find_unsettled(
    tx: &mut Tx,
    _permit: &Permit<MailQueued>,
    id: NoticeId,
) -> Result<Option<Attempt>, Error> {
    let row: Option<Row> = courtesy_notices::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select())
        .for_update()
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let state: DeliveryState = row.state.parse().map_err(broken("courtesy_notices.state"))?;
    let sending = match state {
        DeliveryState::Accepted | DeliveryState::Failed => return Ok(None),
        DeliveryState::Sending => true,
        DeliveryState::Queued | DeliveryState::Deferred => false,
    };
    attempt_of(&row, row.claims, row.may_have_arrived_twice || sending).map(Some)
}

/// Writes that the relay accepted the notice. What it says holds even when a later attempt has begun.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_accepted(tx: &mut Tx, accepted: &Accepted) -> Result<(), Error> {
    let notice = accepted.attempt().notice.uuid();
    let written = diesel::update(courtesy_notices::table.find((tx.agency().uuid(), notice)))
        .filter(courtesy_notices::state.ne(DeliveryState::Accepted.as_str()))
        .set((
            courtesy_notices::state.eq(DeliveryState::Accepted.as_str()),
            courtesy_notices::accepted_at.eq(accepted.at()),
            courtesy_notices::last_error.eq(None::<String>),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if written == 1 {
        return audit::append(tx, accepted, accepted.at()).await;
    }
    // Two attempts were accepted: the row says so, and the trail has its entry from the first.
    diesel::update(courtesy_notices::table.find((tx.agency().uuid(), notice)))
        .set(courtesy_notices::may_have_arrived_twice.eq(true))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes that the attempt failed for now.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_deferred(
    tx: &mut Tx,
    _permit: &Permit<MailQueued>,
    attempt: &Attempt,
    reason: &str,
    unanswered: bool,
) -> Result<(), Error> {
    end(tx, attempt, DeliveryState::Deferred, reason, unanswered).await?;
    Ok(())
}

/// Writes that the notice was given up.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_given_up(tx: &mut Tx, given_up: &GivenUp) -> Result<(), Error> {
    let (attempt, reason) = (given_up.attempt(), given_up.reason());
    if end(tx, attempt, DeliveryState::Failed, reason, given_up.unanswered()).await? {
        audit::append(tx, given_up, given_up.at()).await?;
    }
    Ok(())
}

/// Ends an attempt that did not succeed; `false` when another one has overtaken it.
async fn end(
    tx: &mut Tx,
    attempt: &Attempt,
    state: DeliveryState,
    reason: &str,
    unanswered: bool,
) -> Result<bool, Error> {
    let number = i32::try_from(attempt.number).map_err(broken("courtesy_notices.claims"))?;
    let settled = [DeliveryState::Accepted, DeliveryState::Failed].map(DeliveryState::as_str);
    let written = diesel::update(courtesy_notices::table.find((tx.agency().uuid(), attempt.notice.uuid())))
        .filter(courtesy_notices::state.ne_all(settled))
        .filter(courtesy_notices::claims.eq(number))
        .set((
            courtesy_notices::state.eq(state.as_str()),
            courtesy_notices::last_error.eq(reason),
            courtesy_notices::may_have_arrived_twice.eq(attempt.after_unanswered || unanswered),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(written == 1)
}
