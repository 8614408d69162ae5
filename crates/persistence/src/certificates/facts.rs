//! What acts on certificates must know. Loaded through the permit, so that ids of different insureds
//! cannot be mixed.

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::{ReadByLink, ResendCertificate, SendCertificate, ViewCertificate};
use countersign_domain::authz::{Actor, Permit};
use countersign_domain::certificates::approval::Override;
use countersign_domain::certificates::payload::{CertificatePayload, PrintedParty};
use countersign_domain::certificates::{Certificate, Source, cover, resend, send};
use countersign_domain::holders::Requirements;
use countersign_domain::ids::{CertificateId, InsuredId, PolicyId};
use countersign_domain::policies::{Line, Policy};
use countersign_domain::text::{EmailAddress, NonBlank};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{attachments, octet_length};
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{certificate_policies, certificates, deliveries, documents, holders};
use crate::{Error, agencies, holders as holder_rows, interests, masters, policies, state_rules};

/// What sending must know. A master of another insured, and in the portal a holder that is not in the
/// insured's dropdown, are as if they did not exist.
///
/// # Errors
/// [`Error::NotFound`] for a master that is not this insured's.
pub async fn send_facts(
    tx: &mut Tx,
    permit: &Permit<SendCertificate>,
    wish: &send::Wish,
    now: DateTime<Utc>,
) -> Result<send::Facts, Error> {
    let agency = agencies::current(tx).await?;
    let master = masters::load(tx, wish.master, false).await?;
    if master.insured != permit.id {
        return Err(Error::NotFound);
    }
    let holder = match wish.holder {
        send::HolderChoice::Known(id) => {
            let staff = matches!(permit.actor(), Actor::Staff(_));
            if staff || holder_rows::is_linked(tx, permit.id, id).await? {
                holder_rows::by_id(tx, id).await?
            } else {
                None
            }
        }
        send::HolderChoice::New(_) | send::HolderChoice::OneTime(_) | send::HolderChoice::Interest(_) => None,
    };
    // Only staff send to an interest; to the portal there is none.
    let interest = match (&wish.holder, permit.actor()) {
        (send::HolderChoice::Interest(id), Actor::Staff(_)) => {
            match interests::load(tx, permit.id, *id, false).await {
                Ok(named) => Some(named),
                Err(Error::NotFound) => None,
                Err(error) => return Err(error),
            }
        }
        _ => None,
    };
    let (interest, holder) = match interest {
        Some(named) => (Some(named.interest), Some(named.holder)),
        None => (None, holder),
    };
    let ids: Vec<PolicyId> = master.selection.lines.values().map(|line| line.policy).collect();
    let policies = policies::some_of_held(tx, permit.id, &ids).await?;
    let today = agency.profile.zone.day(now);
    let lines: Vec<Line> = master.selection.lines.keys().copied().collect();
    let beside = policies::beside(tx, permit.id, &lines, &ids, today).await?;
    let state_rule = state_rules::of(tx, &permit.profile.address.state).await?;
    let layout = state_rules::statement(tx, &permit.profile.address.state).await?;
    let requirements = match (permit.actor(), &holder) {
        (Actor::Staff(_), Some(holder)) => {
            let mut terms = holder_rows::terms_of(tx, permit.id, &[holder.id]).await?;
            terms.remove(&holder.id).unwrap_or_default().requirements
        }
        _ => Requirements::default(),
    };
    let insured = PrintedParty {
        name: permit.profile.name.clone(),
        care_of: None,
        address: permit.profile.address.clone(),
    };
    Ok(send::Facts {
        agency,
        master,
        holder,
        interest,
        policies,
        insured,
        today,
        state_rule,
        layout,
        beside,
        requirements,
    })
}

/// The policies that a certificate prints and that do not cover today any more, in the order of the page.
///
/// # Errors
/// [`Error`] of the database.
pub async fn cover_ended(
    tx: &mut Tx,
    permit: &Permit<ViewCertificate>,
    now: DateTime<Utc>,
) -> Result<Vec<cover::Ended>, Error> {
    ended(tx, permit, now).await
}

/// As [`cover_ended`], for whoever showed the secret of the certificate's link.
///
/// # Errors
/// [`Error`] of the database.
pub async fn cover_ended_by_link(
    tx: &mut Tx,
    permit: &Permit<ReadByLink>,
    now: DateTime<Utc>,
) -> Result<Vec<cover::Ended>, Error> {
    ended(tx, permit, now).await
}

async fn ended(
    tx: &mut Tx,
    certificate: &Certificate,
    now: DateTime<Utc>,
) -> Result<Vec<cover::Ended>, Error> {
    let today = agencies::current(tx).await?.profile.zone.day(now);
    let payload = printed(tx, certificate.id).await?;
    let policies = policies_named(tx, certificate.insured, certificate.id).await?;
    Ok(cover::ended(&payload, &policies, today))
}

async fn policies_named(tx: &mut Tx, insured: InsuredId, id: CertificateId) -> Result<Vec<Policy>, Error> {
    let ids: Vec<Uuid> = certificate_policies::table
        .filter(certificate_policies::agency_id.eq(tx.agency().uuid()))
        .filter(certificate_policies::certificate_id.eq(id.uuid()))
        .select(certificate_policies::policy_id)
        .load(&mut tx.connection()?)
        .await?;
    let ids: Vec<PolicyId> = ids.into_iter().map(PolicyId::from_uuid).collect();
    policies::some_of(tx, insured, &ids).await
}

/// What resending must know.
///
/// # Errors
/// [`Error`] of the database.
pub async fn resend_facts(
    tx: &mut Tx,
    permit: &Permit<ResendCertificate>,
    now: DateTime<Utc>,
) -> Result<resend::Facts, Error> {
    type Last = (Vec<String>, Vec<String>, String, String, String);
    let agency = agencies::current(tx).await?;
    let payload = printed(tx, permit.id).await?;
    let policies = policies_named(tx, permit.insured, permit.id).await?;
    let overrides = lifted(tx, permit.id).await?;
    let bytes = weight(tx, permit.id).await?;
    let (to, cc, subject, message, channel): Last = deliveries::table
        .filter(deliveries::agency_id.eq(tx.agency().uuid()))
        .filter(deliveries::certificate_id.eq(permit.id.uuid()))
        .order((deliveries::queued_at.desc(), deliveries::id.desc()))
        .select((
            deliveries::to_addresses,
            deliveries::cc_addresses,
            deliveries::subject,
            deliveries::message,
            deliveries::channel,
        ))
        .first(&mut tx.connection()?)
        .await?;
    let preferred = holder_rows::preference(tx, permit.holder).await?;
    Ok(resend::Facts {
        payload,
        policies,
        overrides,
        last_to: addresses(to)?,
        last_cc: addresses(cc)?,
        last_subject: NonBlank::parse(&subject).map_err(broken("deliveries.subject"))?,
        last_message: message,
        last_channel: channel.parse().map_err(broken("deliveries.channel"))?,
        portal_channel: preferred.unwrap_or(agency.profile.portal_channel),
        bytes,
        today: agency.profile.zone.day(now),
    })
}

/// Bytes of a certificate's page and of the files that went with it.
async fn weight(tx: &mut Tx, id: CertificateId) -> Result<u64, Error> {
    let page: i32 = certificates::table
        .inner_join(
            documents::table.on(documents::agency_id
                .eq(certificates::agency_id)
                .and(documents::sha256.eq(certificates::document_sha256))),
        )
        .filter(certificates::agency_id.eq(tx.agency().uuid()))
        .filter(certificates::id.eq(id.uuid()))
        .select(octet_length(documents::bytes))
        .first(&mut tx.connection()?)
        .await?;
    let files = attachments::of(tx, id).await?;
    let bytes = i64::from(page) + files.iter().map(|file| i64::from(file.file_size)).sum::<i64>();
    u64::try_from(bytes).map_err(broken("documents.bytes"))
}

/// What a second person lifted when a certificate was issued.
async fn lifted(tx: &mut Tx, id: CertificateId) -> Result<Vec<Override>, Error> {
    let overrides: serde_json::Value = certificates::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(certificates::overrides)
        .first(&mut tx.connection()?)
        .await?;
    serde_json::from_value(overrides).map_err(broken("certificates.overrides"))
}

async fn printed(tx: &mut Tx, id: CertificateId) -> Result<CertificatePayload, Error> {
    let payload: serde_json::Value = certificates::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(certificates::payload)
        .first(&mut tx.connection()?)
        .await?;
    serde_json::from_value(payload).map_err(broken("certificates.payload"))
}

/// Why a certificate may not be sent again today, for a view that offers it or explains why not.
///
/// # Errors
/// [`Error`] of the database.
pub async fn resend_refusal(
    tx: &mut Tx,
    permit: &Permit<ViewCertificate>,
    now: DateTime<Utc>,
) -> Result<Option<resend::ResendError>, Error> {
    let today = agencies::current(tx).await?.profile.zone.day(now);
    let payload = printed(tx, permit.id).await?;
    let policies = policies_named(tx, permit.insured, permit.id).await?;
    let door = Source::of(permit.actor());
    let overrides = lifted(tx, permit.id).await?;
    Ok(resend::outdated(&payload, &policies, &overrides, today, door))
}

fn addresses(column: Vec<String>) -> Result<Vec<EmailAddress>, Error> {
    let texts = column.into_iter();
    texts
        .map(|text| EmailAddress::parse(&text).map_err(broken("deliveries.addresses")))
        .collect()
}

/// The holder's own addresses, under its name.
pub(super) async fn holder_addresses(tx: &mut Tx, id: CertificateId) -> Result<Vec<(String, String)>, Error> {
    let (name, emails): (String, Vec<String>) = certificates::table
        .inner_join(
            holders::table.on(holders::agency_id
                .eq(certificates::agency_id)
                .and(holders::id.eq(certificates::holder_id))),
        )
        .filter(certificates::agency_id.eq(tx.agency().uuid()))
        .filter(certificates::id.eq(id.uuid()))
        .select((holders::name, holders::emails))
        .first(&mut tx.connection()?)
        .await?;
    Ok(emails.into_iter().map(|email| (name.clone(), email)).collect())
}
