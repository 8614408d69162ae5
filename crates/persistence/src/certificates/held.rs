//! What a holder held on a day.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::{ListCertificates, ViewHolder};
use countersign_domain::authz::{Permit, Reach, Scope};
use countersign_domain::certificates::held::held_on;
use countersign_domain::certificates::payload::CertificatePayload;
use countersign_domain::ids::PolicyId;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest, older_than};
use crate::schema::{certificate_log, certificates, holders, policies};
use crate::{Error, agencies};

/// A certificate that stood at the end of the day and printed cover for it.
#[derive(Clone, Debug)]
pub struct HeldCertificate {
    /// The certificate.
    pub id: Uuid,
    /// The insured.
    pub insured_id: Uuid,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// What it printed.
    pub payload: CertificatePayload,
    /// Every mail that was to carry it was taken back before it left.
    pub never_left: bool,
}

/// What a holder held on a day.
#[derive(Clone, Debug)]
pub struct Held {
    /// Certificates, the newest first. A page may hold fewer than were asked for and yet not be the last: those whose
    /// cover had ended are passed over.
    pub certificates: Page<HeldCertificate>,
    /// The policies among theirs that were cancelled, and from which day on.
    pub cancelled: HashMap<PolicyId, NaiveDate>,
}

/// Which certificates a holder held at the end of a day in the agency's zone: issued by then, not superseded or
/// withdrawn by then, with cover printed for the day. Those of doubles that were merged into the holder count.
///
/// # Errors
/// [`Error`] of the database.
pub async fn held(
    tx: &mut Tx,
    permit: &Permit<ViewHolder>,
    scope: &Scope<ListCertificates>,
    day: NaiveDate,
    page: &PageRequest,
) -> Result<Held, Error> {
    type Row = (Uuid, Uuid, DateTime<Utc>, Value);
    let agency = scope.agency().uuid();
    let (_, before) = agencies::moments(tx, None, Some(day)).await?;
    let doubles = holders::table
        .filter(holders::agency_id.eq(agency))
        .filter(holders::merged_into.eq(permit.id.uuid()))
        .select(holders::id);
    let mut names: Vec<Uuid> = doubles.load(&mut tx.connection()?).await?;
    names.push(permit.id.uuid());
    let mut query = certificates::table
        .filter(certificates::agency_id.eq(agency))
        .filter(certificates::holder_id.eq_any(names))
        .order((certificates::issued_at.desc(), certificates::id.desc()))
        .limit(page.probe())
        .select((
            certificates::id,
            certificates::insured_id,
            certificates::issued_at,
            certificates::payload,
        ))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(certificates::issued_at.lt(before)).filter(
            certificates::state_changed_at
                .is_null()
                .or(certificates::state_changed_at.ge(before)),
        );
    }
    if let Reach::Insured(own) = scope.reach() {
        query = query.filter(certificates::insured_id.eq(own.uuid()));
    }
    if let Some(after) = &page.after {
        let moment: DateTime<Utc> = after.key.parse().map_err(broken("cursor"))?;
        query = query.filter(older_than(
            (certificates::issued_at, certificates::id),
            moment,
            after.id,
        ));
    }
    let rows: Vec<Row> = query.load(&mut tx.connection()?).await?;
    let page = page.cut(rows, |(id, _, issued_at, _)| After {
        key: issued_at.to_rfc3339(),
        id: *id,
    });
    let never_left = taken_back(tx, page.rows.iter().map(|(id, ..)| *id).collect()).await?;
    let mut found = Vec::new();
    let mut named = HashSet::new();
    for (id, insured_id, issued_at, payload) in page.rows {
        let payload: CertificatePayload =
            serde_json::from_value(payload).map_err(broken("certificates.payload"))?;
        let policies: Vec<Uuid> = held_on(&payload, day).map(|band| band.policy_id.uuid()).collect();
        if policies.is_empty() {
            continue;
        }
        named.extend(policies);
        found.push(HeldCertificate {
            id,
            insured_id,
            issued_at,
            payload,
            never_left: never_left.contains(&id),
        });
    }
    let cancelled: Vec<(Uuid, NaiveDate)> = policies::table
        .filter(policies::agency_id.eq(agency))
        .filter(policies::id.eq_any(named))
        .filter(policies::cancelled_on.is_not_null())
        .select((policies::id, policies::cancelled_on.assume_not_null()))
        .load(&mut tx.connection()?)
        .await?;
    Ok(Held {
        certificates: Page {
            rows: found,
            next: page.next,
        },
        cancelled: cancelled
            .into_iter()
            .map(|(id, on)| (PolicyId::from_uuid(id), on))
            .collect(),
    })
}

/// Those of these certificates whose every mail was taken back before it left.
async fn taken_back(tx: &mut Tx, ids: Vec<Uuid>) -> Result<HashSet<Uuid>, Error> {
    // A sending that was taken back is the one that the row tells of only where there is no other.
    let found: Vec<Uuid> = certificate_log::table
        .filter(certificate_log::agency_id.eq(tx.agency().uuid()))
        .filter(certificate_log::id.eq_any(ids))
        .filter(certificate_log::delivery_undone_at.is_not_null())
        .filter(certificate_log::delivery_emailed_at.is_null())
        .select(certificate_log::id)
        .load(&mut tx.connection()?)
        .await?;
    Ok(found.into_iter().collect())
}
