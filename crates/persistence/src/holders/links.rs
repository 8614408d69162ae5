//! The links of holders and insureds: what is written down about each of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::ViewHolderLink;
use countersign_domain::authz::{Actor, Operation, Permit};
use countersign_domain::certificates::payload::CertificatePayload;
use countersign_domain::certificates::requirements::{Checked, check};
use countersign_domain::holders::{HolderStanding, Link, LinkEdited, LinkTerms, Requirements};
use countersign_domain::ids::{HolderId, InsuredId, PolicyId};
use countersign_domain::text::NonBlank;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::load;
use crate::agencies::optional;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{certificates, holders, insured_holders, insureds};
use crate::{Error, agencies, audit, policies};

#[derive(Queryable, Selectable)]
#[diesel(table_name = insured_holders)]
struct Row {
    version: i32,
    last_used_at: Option<DateTime<Utc>>,
    contract_reference: Option<String>,
    renewals_stopped_at: Option<DateTime<Utc>>,
    requirements: serde_json::Value,
}

fn reference(text: Option<String>) -> Result<Option<NonBlank>, Error> {
    optional(text, "insured_holders.contract_reference", NonBlank::parse)
}

fn requirements(stored: serde_json::Value) -> Result<Requirements, Error> {
    serde_json::from_value(stored).map_err(broken("insured_holders.requirements"))
}

/// Nothing asked for is an empty object, which a merge takes for nothing written down.
fn stored(wanted: &Requirements) -> Result<serde_json::Value, Error> {
    if wanted.is_empty() {
        return Ok(serde_json::json!({}));
    }
    serde_json::to_value(wanted).map_err(broken("insured_holders.requirements"))
}

/// Asks for an operation on the link of a holder and an insured. A link that was never made is one of version 0.
///
/// # Errors
/// [`Error::NotFound`] where the insured or the holder does not exist, [`Error::Denied`].
pub async fn find_link<O: Operation<Target = Link>>(
    tx: &mut Tx,
    actor: &Actor,
    insured: InsuredId,
    holder: HolderId,
) -> Result<Permit<O>, Error> {
    let agency = tx.agency();
    let holder = load(tx, holder, false).await?;
    let name: String = insureds::table
        .find((agency.uuid(), insured.uuid()))
        .select(insureds::name)
        .first(&mut tx.connection()?)
        .await?;
    let row: Option<Row> = insured_holders::table
        .find((agency.uuid(), insured.uuid(), holder.id.uuid()))
        .select(Row::as_select())
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let (version, last_used_at, terms) = match row {
        None => (0, None, LinkTerms::default()),
        Some(row) => (
            row.version,
            row.last_used_at,
            LinkTerms {
                contract_reference: reference(row.contract_reference)?,
                renewals_stopped_at: row.renewals_stopped_at,
                requirements: requirements(row.requirements)?,
            },
        ),
    };
    let link = Link {
        agency,
        insured,
        insured_name: NonBlank::parse(&name).map_err(broken("insureds.name"))?,
        holder: holder.id,
        merged_into: match holder.standing {
            HolderStanding::Merged { into, .. } => Some(into),
            HolderStanding::Listed | HolderStanding::Archived { .. } => None,
        },
        holder_name: holder.profile.name,
        version,
        last_used_at,
        terms,
    };
    Ok(actor.request::<O>(link)?)
}

/// Writes what a link says, and makes it where there was none.
///
/// # Errors
/// [`Error::Stale`] when it was changed since it was read.
pub async fn record_link_edited(tx: &mut Tx, edited: &LinkEdited, now: DateTime<Utc>) -> Result<(), Error> {
    let (before, terms) = (edited.before(), edited.terms());
    let key = (tx.agency().uuid(), before.insured.uuid(), before.holder.uuid());
    let written = (
        insured_holders::contract_reference.eq(terms.contract_reference.as_ref().map(NonBlank::as_str)),
        insured_holders::renewals_stopped_at.eq(terms.renewals_stopped_at),
        insured_holders::requirements.eq(stored(&terms.requirements)?),
    );
    let changed = if before.version == 0 {
        diesel::insert_into(insured_holders::table)
            .values((
                insured_holders::agency_id.eq(key.0),
                insured_holders::insured_id.eq(key.1),
                insured_holders::holder_id.eq(key.2),
                written,
            ))
            .on_conflict_do_nothing()
            .execute(&mut tx.connection()?)
            .await?
    } else {
        diesel::update(insured_holders::table.find(key))
            .filter(insured_holders::version.eq(before.version))
            .set((written, insured_holders::version.eq(insured_holders::version + 1)))
            .execute(&mut tx.connection()?)
            .await?
    };
    if changed == 0 {
        let current: Option<i32> = insured_holders::table
            .find(key)
            .select(insured_holders::version)
            .first(&mut tx.connection()?)
            .await
            .optional()?;
        return Err(Error::Stale {
            current: current.unwrap_or_default(),
        });
    }
    audit::append(tx, edited, now).await
}

/// What each of these holders has written down for an insured; those without a link are not among them.
///
/// # Errors
/// [`Error`] of the database.
pub(crate) async fn terms_of(
    tx: &mut Tx,
    insured: InsuredId,
    chosen: &[HolderId],
) -> Result<HashMap<HolderId, LinkTerms>, Error> {
    let rows: Vec<(Uuid, Row)> = insured_holders::table
        .filter(insured_holders::agency_id.eq(tx.agency().uuid()))
        .filter(insured_holders::insured_id.eq(insured.uuid()))
        .filter(insured_holders::holder_id.eq_any(chosen.iter().map(|id| id.uuid()).collect::<Vec<_>>()))
        .select((insured_holders::holder_id, Row::as_select()))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|(holder, row)| {
            let terms = LinkTerms {
                contract_reference: reference(row.contract_reference)?,
                renewals_stopped_at: row.renewals_stopped_at,
                requirements: requirements(row.requirements)?,
            };
            Ok((HolderId::from_uuid(holder), terms))
        })
        .collect()
}

/// The newest standing certificate of a link, held against what the holder asks for.
#[derive(Clone, Debug)]
pub struct CheckedCertificate {
    /// The certificate.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its revision.
    pub revision: u16,
    /// Each requirement and what became of it.
    pub requirements: Vec<Checked>,
}

/// Holds the newest certificate that stands for the holder against what it asks for, with the policies as they are
/// now; none where nothing is asked for or nothing was sent.
///
/// # Errors
/// [`Error`] of the database.
pub async fn checked(
    tx: &mut Tx,
    permit: &Permit<ViewHolderLink>,
    now: DateTime<Utc>,
) -> Result<Option<CheckedCertificate>, Error> {
    let wanted = &permit.terms.requirements;
    if wanted.is_empty() {
        return Ok(None);
    }
    // What a double was sent before it was merged is this holder's.
    let doubles = holders::table
        .filter(holders::agency_id.eq(tx.agency().uuid()))
        .filter(holders::merged_into.eq(permit.holder.uuid()))
        .select(holders::id);
    let mut names: Vec<Uuid> = doubles.load(&mut tx.connection()?).await?;
    names.push(permit.holder.uuid());
    let newest: Option<(Uuid, serde_json::Value)> = certificates::table
        .filter(certificates::agency_id.eq(tx.agency().uuid()))
        .filter(certificates::insured_id.eq(permit.insured.uuid()))
        .filter(certificates::holder_id.eq_any(names))
        .filter(certificates::state.eq("issued"))
        .order((certificates::issued_at.desc(), certificates::id.desc()))
        .select((certificates::id, certificates::payload))
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let Some((id, payload)) = newest else {
        return Ok(None);
    };
    let payload: CertificatePayload =
        serde_json::from_value(payload).map_err(broken("certificates.payload"))?;
    let named: Vec<PolicyId> = payload.policies().iter().map(|policy| policy.id).collect();
    let policies = policies::some_of(tx, permit.insured, &named).await?;
    let today = agencies::current(tx).await?.profile.zone.day(now);
    Ok(Some(CheckedCertificate {
        id,
        number: payload.number.to_string(),
        revision: payload.revision,
        requirements: check(wanted, &payload, &policies, today),
    }))
}
