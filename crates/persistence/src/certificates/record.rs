//! Writing outcomes: rows, trace and jobs together, in the caller's transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Utc};
use countersign_domain::audit::{Audited, Entry};
use countersign_domain::authz::By;
use countersign_domain::certificates::CertificateState;
use countersign_domain::certificates::delivery::{DeliveryState, NewDelivery};
use countersign_domain::certificates::resend::Resent;
use countersign_domain::certificates::revise::Revised;
use countersign_domain::certificates::send::Sent;
use countersign_domain::certificates::view::Viewed;
use countersign_domain::certificates::withdraw::Withdrawn;
use countersign_domain::ids::{BatchId, CertificateId, HolderId, InterestId, MasterId};
use countersign_domain::text::{EmailAddress, NonBlank};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::attachments;
use crate::db::{Tx, insert};
use crate::documents::Kept;
use crate::error::broken;
use crate::schema::{certificate_counters, certificate_policies, certificates, deliveries};
use crate::{Error, agencies, audit, documents, holders, jobs, masters};

/// Takes the agency's next certificate number, e.g. `26-000123`. Held until the commit, so that numbers
/// have no gaps: a rolled-back sending gives its number back.
///
/// # Errors
/// [`Error`] of the database.
pub async fn next_number(tx: &mut Tx, now: DateTime<Utc>) -> Result<NonBlank, Error> {
    let numbers = next_numbers(tx, 1, now).await?;
    numbers
        .into_iter()
        .next()
        .ok_or_else(|| Error::Broken("certificate_counters: no number".to_owned()))
}

/// As [`next_number`], so many in a row.
///
/// # Errors
/// [`Error`] of the database.
pub async fn next_numbers(tx: &mut Tx, count: u32, now: DateTime<Utc>) -> Result<Vec<NonBlank>, Error> {
    let year = agencies::current(tx).await?.profile.zone.day(now).year() % 100;
    let count = i64::from(count);
    let last: i64 = diesel::update(certificate_counters::table.find(tx.agency().uuid()))
        .set(certificate_counters::last_number.eq(certificate_counters::last_number + count))
        .returning(certificate_counters::last_number)
        .get_result(&mut tx.connection()?)
        .await?;
    (last - count + 1..=last)
        .map(|number| {
            NonBlank::parse(&format!("{year:02}-{number:06}")).map_err(broken("certificate_counters"))
        })
        .collect()
}

/// Writes an issued certificate: its bytes, its row, the policies it names, the holder, the first delivery,
/// the trace, and the job that mails it.
///
/// # Errors
/// [`Error`] of the database; nothing is kept then.
pub async fn record_sent(tx: &mut Tx, sent: &Sent) -> Result<(), Error> {
    record_all_sent(tx, std::slice::from_ref(sent)).await
}

/// As [`record_sent`], certificates of one moment with one statement for each table.
///
/// # Errors
/// [`Error`] of the database; nothing is kept then.
pub async fn record_all_sent(tx: &mut Tx, sent: &[Sent]) -> Result<(), Error> {
    let Some(at) = sent.first().map(Sent::at) else {
        return Ok(());
    };
    insert_issued(tx, sent, None).await?;
    let entries: Vec<Entry> = sent.iter().map(Audited::entry).collect();
    audit::append_all(tx, &entries, at).await
}

/// Writes the next revision of a certificate as [`record_sent`] does, and that the one before is superseded by it.
///
/// # Errors
/// [`Error`] of the database; nothing is kept then.
pub async fn record_revised(tx: &mut Tx, revised: &Revised) -> Result<(), Error> {
    let (sent, replaced) = (revised.sent(), revised.replaced());
    insert_issued(tx, std::slice::from_ref(sent), Some(replaced)).await?;
    let end = Ending {
        state: CertificateState::Superseded,
        by: sent.by(),
        at: sent.at(),
        reason: None,
        successor: Some(sent.id()),
    };
    end_standing(tx, replaced, &end).await?;
    audit::append(tx, revised, sent.at()).await
}

/// Writes that a certificate was taken back.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_withdrawn(tx: &mut Tx, withdrawn: &Withdrawn) -> Result<(), Error> {
    let end = Ending {
        state: CertificateState::Withdrawn,
        by: withdrawn.by(),
        at: withdrawn.at(),
        reason: Some(withdrawn.reason()),
        successor: None,
    };
    end_standing(tx, withdrawn.certificate(), &end).await?;
    audit::append(tx, withdrawn, withdrawn.at()).await
}

/// How a certificate stopped standing.
struct Ending<'a> {
    state: CertificateState,
    by: &'a By,
    at: DateTime<Utc>,
    reason: Option<&'a str>,
    successor: Option<CertificateId>,
}

async fn end_standing(tx: &mut Tx, id: CertificateId, end: &Ending<'_>) -> Result<(), Error> {
    let ended = diesel::update(certificates::table.find((tx.agency().uuid(), id.uuid())))
        .filter(certificates::state.eq(CertificateState::Issued.as_str()))
        .set((
            certificates::state.eq(end.state.as_str()),
            certificates::state_changed_at.eq(end.at),
            certificates::state_changed_by_id.eq(end.by.id),
            certificates::state_changed_by_name.eq(&end.by.name),
            certificates::withdrawn_reason.eq(end.reason),
            certificates::superseded_by_id.eq(end.successor.map(CertificateId::uuid)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if ended == 1 {
        Ok(())
    } else {
        Err(Error::Broken(
            "certificates: one that does not stand was ended".to_owned(),
        ))
    }
}

async fn insert_issued(tx: &mut Tx, issued: &[Sent], supersedes: Option<CertificateId>) -> Result<(), Error> {
    let Some(at) = issued.first().map(Sent::at) else {
        return Ok(());
    };
    let mut holders = Vec::with_capacity(issued.len());
    for sent in issued {
        holders.push(match sent.new_holder() {
            Some(profile) if sent.is_one_time() => {
                holders::add_put_away(tx, sent.holder_id(), profile, at).await?
            }
            Some(profile) => holders::add(tx, sent.holder_id(), profile, at).await?,
            None => sent.holder_id(),
        });
    }
    let used = issued
        .iter()
        .zip(&holders)
        .filter(|(sent, _)| !sent.is_one_time());
    let used = used.map(|(sent, holder)| (sent.insured(), *holder)).collect();
    holders::link(tx, used, at).await?;
    let pages = issued.iter().map(|sent| Kept {
        sha256: sent.sha256(),
        bytes: &sent.page().bytes,
        pages: sent.page().pages,
    });
    documents::keep(tx, pages, at).await?;
    insert_certificates(tx, issued, &holders, supersedes).await?;
    let files = issued.iter().map(|sent| (sent.id(), sent.attachments()));
    attachments::insert(tx, files).await?;
    let masters: BTreeSet<MasterId> = issued.iter().map(|sent| sent.master().id).collect();
    for master in masters {
        masters::touch(tx, master, at).await?;
    }
    let first = issued.iter().map(|sent| (sent.id(), sent.delivery())).collect();
    insert_deliveries(tx, first).await?;
    let mails = issued.iter().map(|sent| {
        let (id, job) = sent.job();
        (job, *id, at)
    });
    jobs::enqueue_all(tx, mails).await
}

/// The certificates' own rows, each for the holder in its place, and the policies that they name.
async fn insert_certificates(
    tx: &mut Tx,
    issued: &[Sent],
    holders: &[HolderId],
    supersedes: Option<CertificateId>,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let mut rows = Vec::with_capacity(issued.len());
    let mut named = Vec::new();
    for (sent, holder) in issued.iter().zip(holders) {
        let payload = sent.payload();
        rows.push((
            certificates::agency_id.eq(agency),
            certificates::id.eq(sent.id().uuid()),
            certificates::number.eq(payload.number.as_str()),
            certificates::revision.eq(i32::from(payload.revision)),
            (
                certificates::insured_id.eq(sent.insured().uuid()),
                certificates::insured_name.eq(payload.insured.name.as_str()),
                certificates::master_id.eq(sent.master().id.uuid()),
                certificates::master_name.eq(sent.master().selection.name.as_str()),
                certificates::holder_id.eq(holder.uuid()),
                certificates::holder_name.eq(payload.holder.name.as_str()),
                certificates::description.eq(&payload.description),
            ),
            (
                certificates::issued_on.eq(payload.issued_on),
                certificates::issued_at.eq(sent.at()),
                certificates::cover_ends_on.eq(sent.cover_ends_on()),
                certificates::source.eq(sent.source().as_str()),
                certificates::issued_by_id.eq(sent.by().id),
                certificates::issued_by_name.eq(&sent.by().name),
            ),
            certificates::payload.eq(serde_json::to_value(payload).map_err(broken("certificates.payload"))?),
            certificates::fingerprint.eq(sent.fingerprint()),
            certificates::document_sha256.eq(sent.sha256().as_slice()),
            certificates::findings
                .eq(serde_json::to_value(sent.findings()).map_err(broken("certificates.findings"))?),
            certificates::overrides
                .eq(serde_json::to_value(sent.overrides()).map_err(broken("certificates.overrides"))?),
            certificates::state.eq(CertificateState::Issued.as_str()),
            certificates::supersedes_id.eq(supersedes.map(CertificateId::uuid)),
            certificates::batch_id.eq(sent.batch().map(BatchId::uuid)),
            certificates::interest_id.eq(sent.interest().map(InterestId::uuid)),
        ));
        named.extend(payload.policies().into_iter().map(|policy| {
            (
                certificate_policies::agency_id.eq(agency),
                certificate_policies::certificate_id.eq(sent.id().uuid()),
                certificate_policies::line.eq(policy.line.as_str()),
                certificate_policies::policy_id.eq(policy.id.uuid()),
            )
        }));
    }
    insert!(tx, certificates::table, rows);
    diesel::insert_into(certificate_policies::table)
        .values(named)
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes one more sending, its trace and its job.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_resent(tx: &mut Tx, resent: &Resent) -> Result<(), Error> {
    let delivery = resent.delivery();
    insert_deliveries(tx, vec![(resent.certificate(), delivery)]).await?;
    let (job_id, job) = resent.job();
    jobs::enqueue(tx, job, *job_id, delivery.queued_at).await?;
    audit::append(tx, resent, delivery.queued_at).await
}

/// Notes that the page was looked at or saved.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_viewed(tx: &mut Tx, viewed: &Viewed, now: DateTime<Utc>) -> Result<(), Error> {
    audit::append(tx, viewed, now).await
}

async fn insert_deliveries(tx: &mut Tx, queued: Vec<(CertificateId, &NewDelivery)>) -> Result<(), Error> {
    let texts = |list: &[EmailAddress]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let agency = tx.agency().uuid();
    let earliest = tx.earliest();
    let rows: Vec<_> = queued
        .into_iter()
        .map(|(certificate, delivery)| {
            let By { kind, id, name } = &delivery.by;
            let held_until = earliest.filter(|earliest| *earliest > delivery.queued_at);
            (
                deliveries::agency_id.eq(agency),
                deliveries::id.eq(delivery.id.uuid()),
                deliveries::certificate_id.eq(certificate.uuid()),
                deliveries::kind.eq(delivery.kind.as_str()),
                deliveries::to_addresses.eq(texts(delivery.envelope.to())),
                deliveries::cc_addresses.eq(texts(delivery.envelope.cc())),
                deliveries::subject.eq(&delivery.subject),
                deliveries::message.eq(delivery.envelope.message()),
                deliveries::state.eq(DeliveryState::Queued.as_str()),
                deliveries::requested_by_kind.eq(kind.as_str()),
                deliveries::requested_by_id.eq(*id),
                deliveries::requested_by_name.eq(name),
                deliveries::queued_at.eq(delivery.queued_at),
                deliveries::held_until.eq(held_until),
                deliveries::channel.eq(delivery.channel.as_str()),
                deliveries::link_expires_at.eq(delivery.link_expires_at()),
            )
        })
        .collect();
    insert!(tx, deliveries::table, rows);
    Ok(())
}
