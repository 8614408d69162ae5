//! Additional interests of insureds.

mod record;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::{AddInterest, EditInterest, ViewInterests};
use countersign_domain::authz::{Actor, Operation, Permit};
use countersign_domain::holders::{Holder, HolderProfile};
use countersign_domain::ids::{EndorsementId, HolderId, InsuredId, InterestId, PolicyId, VehicleId};
use countersign_domain::interests::{Ended, Interest, Item, ItemKind, Stake};
use countersign_domain::policies::Policy;
use countersign_domain::text::{EmailAddress, NonBlank};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

pub use record::{record_added, record_edited, record_ended};

use crate::Error;
use crate::agencies::optional;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{holders, interest_endorsements, interest_policies, interests};
use crate::{holders as holder_rows, policies};

#[derive(Queryable, Selectable)]
#[diesel(table_name = interests)]
struct Row {
    id: Uuid,
    version: i32,
    insured_id: Uuid,
    holder_id: Uuid,
    nature: String,
    item_kind: String,
    item_vehicle_id: Option<Uuid>,
    item_text: Option<String>,
    reference: Option<String>,
    emails: Vec<String>,
    from_on: NaiveDate,
    until_on: Option<NaiveDate>,
    ended_at: Option<DateTime<Utc>>,
    ended_by_name: Option<String>,
}

/// An interest with the holder that it is.
#[derive(Clone, Debug)]
pub struct Named {
    /// The interest.
    pub interest: Interest,
    /// The holder of the library that it is.
    pub holder: Holder,
}

/// An insured's interests, and what is known about the policies that they may be written on.
#[derive(Debug)]
pub struct Interests {
    /// By name.
    pub rows: Vec<Named>,
    /// All policies of the insured.
    pub policies: Vec<Policy>,
}

fn item(row: &Row) -> Result<Item, Error> {
    let kind: ItemKind = row.item_kind.parse().map_err(broken("interests.item_kind"))?;
    let text = || {
        let text = row.item_text.as_deref().unwrap_or_default();
        NonBlank::parse(text).map_err(broken("interests.item_text"))
    };
    Ok(match kind {
        ItemKind::Everything => Item::Everything,
        ItemKind::Vehicle => {
            Item::Vehicle(VehicleId::from_uuid(row.item_vehicle_id.ok_or_else(|| {
                Error::Broken("interests: a vehicle without its id".to_owned())
            })?))
        }
        ItemKind::Location => Item::Location(text()?),
        ItemKind::Contract => Item::Contract(text()?),
    })
}

fn parse(row: Row, party: &HolderProfile, links: Links, tx: &Tx) -> Result<Interest, Error> {
    let item = item(&row)?;
    Ok(Interest {
        agency: tx.agency(),
        id: InterestId::from_uuid(row.id),
        insured: InsuredId::from_uuid(row.insured_id),
        holder: HolderId::from_uuid(row.holder_id),
        party: party.clone(),
        version: row.version,
        stake: Stake {
            nature: row.nature.parse().map_err(broken("interests.nature"))?,
            item,
            reference: optional(row.reference, "interests.reference", NonBlank::parse)?,
            emails: row
                .emails
                .iter()
                .map(|email| EmailAddress::parse(email).map_err(broken("interests.emails")))
                .collect::<Result<_, _>>()?,
            from_on: row.from_on,
            until_on: row.until_on,
            policies: links.policies,
            endorsements: links.endorsements,
        },
        ended: row
            .ended_at
            .zip(row.ended_by_name)
            .map(|(at, by_name)| Ended { at, by_name }),
    })
}

#[derive(Default)]
struct Links {
    policies: BTreeSet<PolicyId>,
    endorsements: BTreeSet<EndorsementId>,
}

async fn links(tx: &mut Tx, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Links>, Error> {
    let agency = tx.agency().uuid();
    let mut all: BTreeMap<Uuid, Links> = BTreeMap::new();
    let policies: Vec<(Uuid, Uuid)> = interest_policies::table
        .filter(interest_policies::agency_id.eq(agency))
        .filter(interest_policies::interest_id.eq_any(ids))
        .select((interest_policies::interest_id, interest_policies::policy_id))
        .load(&mut tx.connection()?)
        .await?;
    for (interest, policy) in policies {
        let links = all.entry(interest).or_default();
        links.policies.insert(PolicyId::from_uuid(policy));
    }
    let forms: Vec<(Uuid, Uuid)> = interest_endorsements::table
        .filter(interest_endorsements::agency_id.eq(agency))
        .filter(interest_endorsements::interest_id.eq_any(ids))
        .select((
            interest_endorsements::interest_id,
            interest_endorsements::endorsement_id,
        ))
        .load(&mut tx.connection()?)
        .await?;
    for (interest, form) in forms {
        let links = all.entry(interest).or_default();
        links.endorsements.insert(EndorsementId::from_uuid(form));
    }
    Ok(all)
}

async fn complete(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Named>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut links = links(tx, &ids).await?;
    let parties: Vec<HolderId> = rows
        .iter()
        .map(|row| HolderId::from_uuid(row.holder_id))
        .collect();
    let parties = holder_rows::by_ids(tx, &parties).await?;
    rows.into_iter()
        .map(|row| {
            let holder = parties
                .iter()
                .find(|holder| holder.id.uuid() == row.holder_id)
                .cloned()
                .ok_or_else(|| Error::Broken("interests: one without its holder".to_owned()))?;
            let links = links.remove(&row.id).unwrap_or_default();
            Ok(Named {
                interest: parse(row, &holder.profile, links, tx)?,
                holder,
            })
        })
        .collect()
}

/// One interest of an insured; that of another insured is as if it were not there.
pub(crate) async fn load(
    tx: &mut Tx,
    insured: InsuredId,
    id: InterestId,
    lock: bool,
) -> Result<Named, Error> {
    let query = interests::table
        .find((tx.agency().uuid(), id.uuid()))
        .filter(interests::insured_id.eq(insured.uuid()))
        .select(Row::as_select());
    let row: Row = if lock {
        query.for_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    };
    complete(tx, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Asks for an operation on an interest of an insured, and holds its row until the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn lock<O: Operation<Target = Interest>>(
    tx: &mut Tx,
    actor: &Actor,
    insured: InsuredId,
    id: InterestId,
) -> Result<Permit<O>, Error> {
    let named = load(tx, insured, id, true).await?;
    Ok(actor.request::<O>(named.interest)?)
}

/// At most this many interests of an insured are shown.
pub const SHOWN: i64 = 1_000;

/// An insured's interests by name, those that were ended among them, at most [`SHOWN`].
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(tx: &mut Tx, permit: &Permit<ViewInterests>) -> Result<Interests, Error> {
    let rows: Vec<Row> = interests::table
        .inner_join(
            holders::table.on(holders::agency_id
                .eq(interests::agency_id)
                .and(holders::id.eq(interests::holder_id))),
        )
        .filter(interests::agency_id.eq(tx.agency().uuid()))
        .filter(interests::insured_id.eq(permit.id.uuid()))
        .order((holders::name.asc(), interests::id.asc()))
        .limit(SHOWN)
        .select(Row::as_select())
        .load(&mut tx.connection()?)
        .await?;
    Ok(Interests {
        rows: complete(tx, rows).await?,
        policies: policies::all_of(tx, permit.id).await?,
    })
}

/// One interest of the insured, with the insured's policies.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(tx: &mut Tx, permit: &Permit<ViewInterests>, id: InterestId) -> Result<Interests, Error> {
    Ok(Interests {
        rows: vec![load(tx, permit.id, id, false).await?],
        policies: policies::all_of(tx, permit.id).await?,
    })
}

/// The policies that a new interest may be written on.
///
/// # Errors
/// [`Error`] of the database.
pub async fn facts_for_new(tx: &mut Tx, permit: &Permit<AddInterest>) -> Result<Vec<Policy>, Error> {
    policies::all_of(tx, permit.id).await
}

/// The policies that a changed interest may be written on.
///
/// # Errors
/// [`Error`] of the database.
pub async fn facts_for_edited(tx: &mut Tx, permit: &Permit<EditInterest>) -> Result<Vec<Policy>, Error> {
    policies::all_of(tx, permit.insured).await
}
