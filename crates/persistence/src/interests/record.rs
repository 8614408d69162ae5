//! Writing interests, each with its links.

use std::collections::BTreeMap;

use countersign_domain::ids::{EndorsementId, InsuredId, InterestId, PolicyId};
use countersign_domain::interests::{Added, Edited, EndedInterest, Item, Stake};
use countersign_domain::text::{EmailAddress, NonBlank};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::load;
use crate::db::Tx;
use crate::schema::{endorsements, interest_endorsements, interest_policies, interests};
use crate::{Error, audit, holders};

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = interests, treat_none_as_null = true)]
struct Written<'a> {
    holder_id: Uuid,
    nature: &'a str,
    item_kind: &'a str,
    item_vehicle_id: Option<Uuid>,
    item_text: Option<&'a str>,
    reference: Option<&'a str>,
    emails: Vec<&'a str>,
    from_on: chrono::NaiveDate,
    until_on: Option<chrono::NaiveDate>,
}

fn written(holder: Uuid, stake: &Stake) -> Written<'_> {
    let (vehicle, text) = match &stake.item {
        Item::Everything => (None, None),
        Item::Vehicle(id) => (Some(id.uuid()), None),
        Item::Location(text) | Item::Contract(text) => (None, Some(text.as_str())),
    };
    Written {
        holder_id: holder,
        nature: stake.nature.as_str(),
        item_kind: stake.item.kind().as_str(),
        item_vehicle_id: vehicle,
        item_text: text,
        reference: stake.reference.as_ref().map(NonBlank::as_str),
        emails: stake.emails.iter().map(EmailAddress::as_str).collect(),
        from_on: stake.from_on,
        until_on: stake.until_on,
    }
}

async fn write_links(tx: &mut Tx, id: InterestId, stake: &Stake) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let rows: Vec<_> = stake
        .policies
        .iter()
        .map(|policy: &PolicyId| {
            (
                interest_policies::agency_id.eq(agency),
                interest_policies::interest_id.eq(id.uuid()),
                interest_policies::policy_id.eq(policy.uuid()),
            )
        })
        .collect();
    diesel::insert_into(interest_policies::table)
        .values(rows)
        .execute(&mut tx.connection()?)
        .await?;
    let forms: Vec<Uuid> = stake
        .endorsements
        .iter()
        .map(|form: &EndorsementId| form.uuid())
        .collect();
    let policies: BTreeMap<Uuid, Uuid> = endorsements::table
        .filter(endorsements::agency_id.eq(agency))
        .filter(endorsements::id.eq_any(&forms))
        .select((endorsements::id, endorsements::policy_id))
        .load(&mut tx.connection()?)
        .await?
        .into_iter()
        .collect();
    let rows: Vec<_> = policies
        .into_iter()
        .map(|(form, policy)| {
            (
                interest_endorsements::agency_id.eq(agency),
                interest_endorsements::interest_id.eq(id.uuid()),
                interest_endorsements::policy_id.eq(policy),
                interest_endorsements::endorsement_id.eq(form),
            )
        })
        .collect();
    diesel::insert_into(interest_endorsements::table)
        .values(rows)
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes a new interest, and the holder that it is where the library has none such.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_added(tx: &mut Tx, added: &Added) -> Result<(), Error> {
    let (fresh, profile) = added.party();
    let holder = holders::add(tx, fresh, profile, added.at()).await?;
    diesel::insert_into(interests::table)
        .values((
            interests::agency_id.eq(tx.agency().uuid()),
            interests::id.eq(added.id().uuid()),
            interests::insured_id.eq(added.insured().uuid()),
            written(holder.uuid(), added.stake()),
            interests::created_at.eq(added.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    write_links(tx, added.id(), added.stake()).await?;
    audit::append(tx, added, added.at()).await
}

/// Writes a changed interest.
///
/// # Errors
/// [`Error::Stale`] when it was changed since it was read.
pub async fn record_edited(tx: &mut Tx, edited: &Edited) -> Result<(), Error> {
    let before = edited.before();
    let agency = tx.agency().uuid();
    let (fresh, profile) = edited.party();
    let holder = holders::add(tx, fresh, profile, edited.at()).await?;
    let changed = diesel::update(interests::table.find((agency, before.id.uuid())))
        .filter(interests::version.eq(before.version))
        .set((
            written(holder.uuid(), edited.stake()),
            interests::version.eq(interests::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 0 {
        return Err(stale(tx, before.insured, before.id).await?);
    }
    // The links to forms go with those to their policies.
    diesel::delete(
        interest_policies::table
            .filter(interest_policies::agency_id.eq(agency))
            .filter(interest_policies::interest_id.eq(before.id.uuid())),
    )
    .execute(&mut tx.connection()?)
    .await?;
    write_links(tx, before.id, edited.stake()).await?;
    audit::append(tx, edited, edited.at()).await
}

/// Writes that an interest was ended.
///
/// # Errors
/// [`Error::Stale`] when it was changed since it was read.
pub async fn record_ended(tx: &mut Tx, ended: &EndedInterest) -> Result<(), Error> {
    let before = ended.interest();
    let changed = diesel::update(interests::table.find((tx.agency().uuid(), before.id.uuid())))
        .filter(interests::version.eq(before.version))
        .set((
            interests::ended_at.eq(ended.at()),
            interests::ended_by_name.eq(&ended.by().name),
            interests::version.eq(interests::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 0 {
        return Err(stale(tx, before.insured, before.id).await?);
    }
    audit::append(tx, ended, ended.at()).await
}

async fn stale(tx: &mut Tx, insured: InsuredId, id: InterestId) -> Result<Error, Error> {
    let current = load(tx, insured, id, false).await?.interest.version;
    Ok(Error::Stale { current })
}
