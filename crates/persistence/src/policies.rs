//! Policies with their carriers, forms and vehicles.

use chrono::NaiveDate;
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{CreateMaster, EditMaster, ViewPolicies};
use countersign_domain::ids::{CarrierId, EndorsementId, InsuredId, PolicyId, VehicleId};
use countersign_domain::policies::coverage::Coverage;
use countersign_domain::policies::endorsement::{Effect, Endorsement, Scope};
use countersign_domain::policies::{Carrier, Naic, Policy, Status, Vehicle, words};
use countersign_domain::text::{NonBlank, UsState};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::Error;
use crate::agencies::optional;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{carriers, endorsements, policies, vehicles};

#[derive(Queryable, Selectable)]
#[diesel(table_name = policies)]
struct Row {
    id: Uuid,
    insured_id: Uuid,
    number: String,
    named_insured: String,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    status: String,
    cancelled_on: Option<NaiveDate>,
    cancel_reason: Option<String>,
    coverage: Value,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = endorsements)]
struct EndorsementRow {
    id: Uuid,
    policy_id: Uuid,
    form_number: String,
    edition: String,
    title: String,
    effect: String,
    scope: String,
    scheduled_parties: Vec<String>,
    notice_days: Option<i32>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = vehicles)]
struct VehicleRow {
    id: Uuid,
    policy_id: Uuid,
    year: Option<i32>,
    make: Option<String>,
    model: Option<String>,
    vin: String,
    garaging_state: Option<String>,
}

/// Which policies of an insured.
enum Which<'a> {
    All,
    These(&'a [PolicyId]),
}

async fn load(tx: &mut Tx, insured: InsuredId, which: Which<'_>) -> Result<Vec<Policy>, Error> {
    let agency = tx.agency().uuid();
    let connection = tx.connection()?;
    let mut query = policies::table
        .inner_join(
            carriers::table.on(carriers::agency_id
                .eq(policies::agency_id)
                .and(carriers::id.eq(policies::carrier_id))),
        )
        .filter(policies::agency_id.eq(agency))
        .filter(policies::insured_id.eq(insured.uuid()))
        .order((
            policies::expires_on.desc(),
            policies::line.asc(),
            policies::id.asc(),
        ))
        .limit(1_000)
        .select((Row::as_select(), (carriers::id, carriers::name, carriers::naic)))
        .into_boxed();
    if let Which::These(ids) = which {
        query = query.filter(policies::id.eq_any(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>()));
    }
    let rows: Vec<(Row, (Uuid, String, String))> = query.load(connection).await?;
    let ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.id).collect();
    let forms: Vec<EndorsementRow> = endorsements::table
        .filter(endorsements::agency_id.eq(agency))
        .filter(endorsements::policy_id.eq_any(&ids))
        .order((
            endorsements::form_number.asc(),
            endorsements::edition.asc(),
            endorsements::id.asc(),
        ))
        .select(EndorsementRow::as_select())
        .load(connection)
        .await?;
    let cars: Vec<VehicleRow> = vehicles::table
        .filter(vehicles::agency_id.eq(agency))
        .filter(vehicles::policy_id.eq_any(&ids))
        .order((vehicles::year.desc(), vehicles::vin.asc()))
        .select(VehicleRow::as_select())
        .load(connection)
        .await?;
    let mut policies = rows.into_iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    for form in forms {
        let owner = PolicyId::from_uuid(form.policy_id);
        if let Some(policy) = policies.iter_mut().find(|policy| policy.id == owner) {
            policy.endorsements.push(endorsement(form)?);
        }
    }
    for car in cars {
        let owner = PolicyId::from_uuid(car.policy_id);
        if let Some(policy) = policies.iter_mut().find(|policy| policy.id == owner) {
            policy.vehicles.push(vehicle(car)?);
        }
    }
    Ok(policies)
}

fn parse((row, (carrier_id, carrier_name, naic)): (Row, (Uuid, String, String))) -> Result<Policy, Error> {
    let coverage: Coverage = serde_json::from_value(row.coverage).map_err(broken("policies.coverage"))?;
    Ok(Policy {
        id: PolicyId::from_uuid(row.id),
        insured_id: InsuredId::from_uuid(row.insured_id),
        number: NonBlank::parse(&row.number).map_err(broken("policies.number"))?,
        carrier: Carrier {
            id: CarrierId::from_uuid(carrier_id),
            name: NonBlank::parse(&carrier_name).map_err(broken("carriers.name"))?,
            naic: Naic::parse(&naic).map_err(broken("carriers.naic"))?,
        },
        named_insured: NonBlank::parse(&row.named_insured).map_err(broken("policies.named_insured"))?,
        effective_on: row.effective_on,
        expires_on: row.expires_on,
        status: Status::of(
            row.status
                .parse::<words::Status>()
                .map_err(broken("policies.status"))?,
            row.cancelled_on,
            optional(row.cancel_reason, "policies.cancel_reason", NonBlank::parse)?,
        )
        .map_err(broken("policies.cancelled_on"))?,
        coverage,
        endorsements: Vec::new(),
        vehicles: Vec::new(),
    })
}

fn endorsement(row: EndorsementRow) -> Result<Endorsement, Error> {
    let parties = row
        .scheduled_parties
        .iter()
        .map(|party| NonBlank::parse(party).map_err(broken("endorsements.scheduled_parties")))
        .collect::<Result<Vec<_>, _>>()?;
    let scope = row
        .scope
        .parse::<words::Scope>()
        .map_err(broken("endorsements.scope"))?;
    let effect = row
        .effect
        .parse::<words::Effect>()
        .map_err(broken("endorsements.effect"))?;
    let days = row
        .notice_days
        .map(u16::try_from)
        .transpose()
        .map_err(broken("endorsements.notice_days"))?;
    Ok(Endorsement {
        id: EndorsementId::from_uuid(row.id),
        form_number: NonBlank::parse(&row.form_number).map_err(broken("endorsements.form_number"))?,
        edition: NonBlank::parse(&row.edition).map_err(broken("endorsements.edition"))?,
        title: NonBlank::parse(&row.title).map_err(broken("endorsements.title"))?,
        effect: Effect::of(effect, days).map_err(broken("endorsements.notice_days"))?,
        scope: Scope::of(scope, parties).map_err(broken("endorsements.scheduled_parties"))?,
    })
}

fn vehicle(row: VehicleRow) -> Result<Vehicle, Error> {
    Ok(Vehicle {
        id: VehicleId::from_uuid(row.id),
        year: row.year,
        make: optional(row.make, "vehicles.make", NonBlank::parse)?,
        model: optional(row.model, "vehicles.model", NonBlank::parse)?,
        vin: NonBlank::parse(&row.vin).map_err(broken("vehicles.vin"))?,
        garaging_state: optional(row.garaging_state, "vehicles.garaging_state", UsState::parse)?,
    })
}

/// An insured's policies, the newest term first.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(tx: &mut Tx, permit: &Permit<ViewPolicies>) -> Result<Vec<Policy>, Error> {
    load(tx, permit.id, Which::All).await
}

/// The policies a new master may select from.
///
/// # Errors
/// [`Error`] of the database.
pub async fn facts_for_new_master(tx: &mut Tx, permit: &Permit<CreateMaster>) -> Result<Vec<Policy>, Error> {
    load(tx, permit.id, Which::All).await
}

/// The policies a changed master may select from.
///
/// # Errors
/// [`Error`] of the database.
pub async fn facts_for_edited_master(tx: &mut Tx, permit: &Permit<EditMaster>) -> Result<Vec<Policy>, Error> {
    load(tx, permit.insured, Which::All).await
}

pub(crate) async fn all_of(tx: &mut Tx, insured: InsuredId) -> Result<Vec<Policy>, Error> {
    load(tx, insured, Which::All).await
}

pub(crate) async fn some_of(tx: &mut Tx, insured: InsuredId, ids: &[PolicyId]) -> Result<Vec<Policy>, Error> {
    load(tx, insured, Which::These(ids)).await
}

/// As [`some_of`], and keeps others from changing these policies until the end of the transaction: what is
/// printed, its forms among it, is of one moment.
pub(crate) async fn some_of_held(
    tx: &mut Tx,
    insured: InsuredId,
    ids: &[PolicyId],
) -> Result<Vec<Policy>, Error> {
    // In the order of the ids, so that two who hold the same policies do not wait for each other.
    policies::table
        .filter(policies::agency_id.eq(tx.agency().uuid()))
        .filter(policies::insured_id.eq(insured.uuid()))
        .filter(policies::id.eq_any(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>()))
        .order(policies::id.asc())
        .select(policies::id)
        .for_share()
        .load::<Uuid>(tx.connection()?)
        .await?;
    some_of(tx, insured, ids).await
}
