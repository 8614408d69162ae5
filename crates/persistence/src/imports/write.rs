//! Batches of records into the tables: one statement for each table and batch.
//!
//! Invariant: a row of an import is marked as written in the transaction that writes its record.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::imports::File;
use countersign_domain::imports::plan::{Change, Wanted, Write, WriteBatch};
use countersign_domain::imports::records::{ImportedPolicy, Key, PolicyKey, Record};
use countersign_domain::policies::words::IssuingAuthority;
use countersign_domain::text::{EmailAddress, NonBlank, Phone, UsState};
use diesel::prelude::*;
use diesel::sql_types;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::pick;
use super::rows::RowState;
use super::stored::{Parents, parents};
use crate::Error;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{
    carriers, contacts, endorsements, holders, import_rows, insured_holders, insureds, policies, vehicles,
};

/// Writes a batch of records that are new or changed and marks its rows.
///
/// # Errors
/// [`Error::Conflict`] when somebody wrote a record of the same key meanwhile; the batch can be decided anew.
pub async fn record_written(tx: &mut Tx, batch: &WriteBatch, now: DateTime<Utc>) -> Result<(), Error> {
    let wanted = Wanted::of(batch.writes().iter().map(|write| &write.record));
    let parents = parents(tx, &wanted).await?;
    let pending: Vec<&Write> = batch
        .writes()
        .iter()
        .filter(|write| write.change != Change::Unchanged)
        .collect();
    if !pending.is_empty() {
        match batch.file() {
            File::Insureds => write_insureds(tx, &pending, now).await?,
            File::Contacts => write_contacts(tx, &pending, &parents).await?,
            File::Carriers => write_carriers(tx, &pending).await?,
            File::Policies => write_policies(tx, &pending, &parents).await?,
            File::Coverages => write_coverages(tx, &pending).await?,
            File::Endorsements => write_endorsements(tx, &pending, &parents).await?,
            File::Vehicles => write_vehicles(tx, &pending, &parents).await?,
            File::Holders => write_holders(tx, &pending, &parents, now).await?,
        }
    }
    mark(tx, batch).await
}

/// Marks the rows of the batch, and the rows of cover that went in with new policies.
async fn mark(tx: &mut Tx, batch: &WriteBatch) -> Result<(), Error> {
    let mut lines: HashMap<(File, Change), Vec<i32>> = HashMap::new();
    let number = |line: u32| i32::try_from(line).map_err(broken("import_rows.line"));
    for write in batch.writes() {
        lines
            .entry((batch.file(), write.change))
            .or_default()
            .push(number(write.line)?);
        if let Some(cover) = &write.cover {
            lines
                .entry((File::Coverages, Change::New))
                .or_default()
                .push(number(cover.line)?);
        }
    }
    for ((file, change), lines) in lines {
        diesel::update(import_rows::table)
            .filter(import_rows::agency_id.eq(tx.agency().uuid()))
            .filter(import_rows::import_id.eq(batch.import().uuid()))
            .filter(import_rows::file.eq(file.as_str()))
            .filter(import_rows::line.eq_any(lines))
            .set((
                import_rows::state.eq(RowState::Written.as_str()),
                import_rows::change.eq(change.as_str()),
            ))
            .execute(&mut tx.connection()?)
            .await?;
    }
    Ok(())
}

fn gone(what: &str, key: &str) -> Error {
    Error::Broken(format!(
        "{what} {key} that an imported row refers to is not there any more"
    ))
}

fn customer<'p>(parents: &'p Parents, customer_id: &NonBlank) -> Result<&'p (Uuid, String), Error> {
    let found = parents.customers.get(&Key::customer(customer_id));
    found.ok_or_else(|| gone("the customer", customer_id.as_str()))
}

fn policy_id(parents: &Parents, key: &PolicyKey) -> Result<Uuid, Error> {
    parents
        .policies
        .get(key)
        .copied()
        .ok_or_else(|| gone("the policy", key.number.as_str()))
}

fn text(value: Option<&NonBlank>) -> Option<&str> {
    value.map(NonBlank::as_str)
}

/// Turns the records of one file into rows of its table.
fn rows_of<'w, R: 'w, T>(
    writes: &[&'w Write],
    pick: fn(&'w Record) -> Option<&'w R>,
    row: impl Fn(&'w Write, &'w R) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    writes
        .iter()
        .filter_map(|write| pick(&write.record).map(|record| row(write, record)))
        .collect()
}

#[derive(Insertable)]
#[diesel(table_name = insureds)]
struct NewInsured<'a> {
    agency_id: Uuid,
    id: Uuid,
    name: &'a str,
    dba: Option<&'a str>,
    kind: &'a str,
    trade: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    line1: &'a str,
    line2: Option<&'a str>,
    city: &'a str,
    state: &'a str,
    postal_code: &'a str,
    customer_id: &'a str,
    fein: Option<&'a str>,
    customer_since: Option<NaiveDate>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

async fn write_insureds(tx: &mut Tx, writes: &[&Write], now: DateTime<Utc>) -> Result<(), Error> {
    let agency_id = tx.agency().uuid();
    let rows = rows_of(writes, pick::insured, |write, insured| {
        Ok(NewInsured {
            agency_id,
            id: write.id,
            name: insured.name.as_str(),
            dba: text(insured.dba.as_ref()),
            kind: insured.kind.as_str(),
            trade: text(insured.trade.as_ref()),
            email: insured.email.as_ref().map(EmailAddress::as_str),
            phone: insured.phone.as_ref().map(Phone::as_str),
            line1: insured.address.line1.as_str(),
            line2: text(insured.address.line2.as_ref()),
            city: insured.address.city.as_str(),
            state: insured.address.state.as_str(),
            postal_code: insured.address.postal_code.as_str(),
            customer_id: insured.customer_id.as_str(),
            fein: text(insured.fein.as_ref()),
            customer_since: insured.customer_since,
            created_at: now,
            updated_at: now,
        })
    })?;
    diesel::insert_into(insureds::table)
        .values(&rows)
        .on_conflict((insureds::agency_id, insureds::id))
        .do_update()
        .set((
            insureds::name.eq(excluded(insureds::name)),
            insureds::dba.eq(excluded(insureds::dba)),
            insureds::kind.eq(excluded(insureds::kind)),
            insureds::trade.eq(excluded(insureds::trade)),
            insureds::email.eq(excluded(insureds::email)),
            insureds::phone.eq(excluded(insureds::phone)),
            insureds::line1.eq(excluded(insureds::line1)),
            insureds::line2.eq(excluded(insureds::line2)),
            insureds::city.eq(excluded(insureds::city)),
            insureds::state.eq(excluded(insureds::state)),
            insureds::postal_code.eq(excluded(insureds::postal_code)),
            insureds::fein.eq(excluded(insureds::fein)),
            insureds::customer_since.eq(excluded(insureds::customer_since)),
            insureds::updated_at.eq(excluded(insureds::updated_at)),
            insureds::version.eq(insureds::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = contacts)]
struct NewContact<'a> {
    agency_id: Uuid,
    id: Uuid,
    insured_id: Uuid,
    name: &'a str,
    title: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
}

async fn write_contacts(tx: &mut Tx, writes: &[&Write], parents: &Parents) -> Result<(), Error> {
    let agency_id = tx.agency().uuid();
    let rows = rows_of(writes, pick::contact, |write, contact| {
        Ok(NewContact {
            agency_id,
            id: write.id,
            insured_id: customer(parents, &contact.customer_id)?.0,
            name: contact.name.as_str(),
            title: text(contact.title.as_ref()),
            email: contact.email.as_ref().map(EmailAddress::as_str),
            phone: contact.phone.as_ref().map(Phone::as_str),
        })
    })?;
    diesel::insert_into(contacts::table)
        .values(&rows)
        .on_conflict((contacts::agency_id, contacts::id))
        .do_update()
        .set((
            contacts::name.eq(excluded(contacts::name)),
            contacts::title.eq(excluded(contacts::title)),
            contacts::email.eq(excluded(contacts::email)),
            contacts::phone.eq(excluded(contacts::phone)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = carriers)]
struct NewCarrier<'a> {
    agency_id: Uuid,
    id: Uuid,
    name: &'a str,
    naic: &'a str,
}

async fn write_carriers(tx: &mut Tx, writes: &[&Write]) -> Result<(), Error> {
    let agency_id = tx.agency().uuid();
    let rows = rows_of(writes, pick::carrier, |write, carrier| {
        Ok(NewCarrier {
            agency_id,
            id: write.id,
            name: carrier.name.as_str(),
            naic: carrier.naic.as_str(),
        })
    })?;
    diesel::insert_into(carriers::table)
        .values(&rows)
        .on_conflict((carriers::agency_id, carriers::id))
        .do_update()
        .set(carriers::name.eq(excluded(carriers::name)))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = policies)]
struct NewPolicy<'a> {
    agency_id: Uuid,
    id: Uuid,
    insured_id: Uuid,
    carrier_id: Uuid,
    number: &'a str,
    line: &'a str,
    named_insured: &'a str,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    status: &'a str,
    cancelled_on: Option<NaiveDate>,
    cancel_reason: Option<&'a str>,
    coverage: Value,
    issuing_authority: Option<&'a str>,
    wholesaler: Option<&'a str>,
}

fn policy_row<'w>(
    agency_id: Uuid,
    write: &'w Write,
    policy: &'w ImportedPolicy,
    parents: &'w Parents,
) -> Result<NewPolicy<'w>, Error> {
    let (insured_id, insured_name) = customer(parents, &policy.customer_id)?;
    let carrier = parents.carriers.get(&Key::carrier(&policy.naic));
    // A changed policy keeps its cover, so what stands here for it is not written.
    let coverage = write
        .cover
        .as_ref()
        .map(|cover| serde_json::to_value(&cover.coverage));
    Ok(NewPolicy {
        agency_id,
        id: write.id,
        insured_id: *insured_id,
        carrier_id: *carrier.ok_or_else(|| gone("the insurer", policy.naic.as_str()))?,
        number: policy.policy.number.as_str(),
        line: policy.policy.line.as_str(),
        named_insured: text(policy.named_insured.as_ref()).unwrap_or(insured_name),
        effective_on: policy.policy.effective_on,
        expires_on: policy.expires_on,
        status: policy.status.as_str(),
        cancelled_on: policy.cancelled_on,
        cancel_reason: text(policy.cancel_reason.as_ref()),
        coverage: coverage
            .transpose()
            .map_err(broken("policies.coverage"))?
            .unwrap_or(Value::Null),
        issuing_authority: policy.issuing_authority.map(IssuingAuthority::as_str),
        wholesaler: text(policy.wholesaler.as_ref()),
    })
}

async fn write_policies(tx: &mut Tx, writes: &[&Write], parents: &Parents) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let rows = rows_of(writes, pick::policy, |write, policy| {
        Ok((write.change, policy_row(agency, write, policy, parents)?))
    })?;
    let (new, changed): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(change, _)| *change == Change::New);
    let new: Vec<NewPolicy<'_>> = new.into_iter().map(|(_, row)| row).collect();
    if !new.is_empty() {
        diesel::insert_into(policies::table)
            .values(&new)
            .execute(&mut tx.connection()?)
            .await?;
    }
    for (_, row) in changed {
        diesel::update(policies::table.find((agency, row.id)))
            .set((
                policies::insured_id.eq(row.insured_id),
                policies::carrier_id.eq(row.carrier_id),
                policies::named_insured.eq(row.named_insured),
                policies::expires_on.eq(row.expires_on),
                policies::status.eq(row.status),
                policies::cancelled_on.eq(row.cancelled_on),
                policies::cancel_reason.eq(row.cancel_reason),
                policies::issuing_authority.eq(row.issuing_authority),
                policies::wholesaler.eq(row.wholesaler),
                policies::version.eq(policies::version + 1),
            ))
            .execute(&mut tx.connection()?)
            .await?;
    }
    Ok(())
}

/// Counts a change of these policies: their forms and vehicles are part of them.
async fn count_changes(tx: &mut Tx, mut ids: Vec<Uuid>) -> Result<(), Error> {
    // In the order of the ids, as those take them who hold policies for a certificate.
    ids.sort_unstable();
    ids.dedup();
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    policies::table
        .filter(policies::agency_id.eq(agency))
        .filter(policies::id.eq_any(&ids))
        .order(policies::id.asc())
        .select(policies::id)
        .for_update()
        .load::<Uuid>(&mut connection)
        .await?;
    diesel::update(policies::table)
        .filter(policies::agency_id.eq(agency))
        .filter(policies::id.eq_any(&ids))
        .set(policies::version.eq(policies::version + 1))
        .execute(&mut connection)
        .await?;
    Ok(())
}

/// A row of cover that is not new belongs to a policy that is there: only its cover changes.
async fn write_coverages(tx: &mut Tx, writes: &[&Write]) -> Result<(), Error> {
    let rows = rows_of(writes, pick::coverage, |write, record| {
        let coverage = serde_json::to_value(&record.coverage).map_err(broken("policies.coverage"))?;
        Ok((write.id, coverage))
    })?;
    let (ids, covers): (Vec<Uuid>, Vec<Value>) = rows.into_iter().unzip();
    diesel::sql_query(
        "UPDATE policies p SET coverage = u.coverage, version = p.version + 1 \
         FROM unnest($2, $3) AS u (id, coverage) WHERE p.agency_id = $1 AND p.id = u.id",
    )
    .bind::<sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<sql_types::Array<sql_types::Uuid>, _>(ids)
    .bind::<sql_types::Array<sql_types::Jsonb>, _>(covers)
    .execute(&mut tx.connection()?)
    .await?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = endorsements)]
struct NewEndorsement<'a> {
    agency_id: Uuid,
    id: Uuid,
    policy_id: Uuid,
    form_number: &'a str,
    edition: &'a str,
    title: &'a str,
    effect: &'a str,
    scope: &'a str,
    scheduled_parties: Vec<&'a str>,
    notice_days: Option<i32>,
    effective_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

async fn write_endorsements(tx: &mut Tx, writes: &[&Write], parents: &Parents) -> Result<(), Error> {
    let agency_id = tx.agency().uuid();
    let rows = rows_of(writes, pick::endorsement, |write, form| {
        Ok(NewEndorsement {
            agency_id,
            id: write.id,
            policy_id: policy_id(parents, &form.policy)?,
            form_number: form.form_number.as_str(),
            edition: form.edition.as_str(),
            title: form.title.as_str(),
            effect: form.effect.as_str(),
            scope: form.scope.as_str(),
            scheduled_parties: form.scheduled_parties.iter().map(NonBlank::as_str).collect(),
            notice_days: form.notice_days.map(i32::from),
            effective_on: form.effective_on,
            ends_on: form.ends_on,
        })
    })?;
    count_changes(tx, rows.iter().map(|row| row.policy_id).collect()).await?;
    diesel::insert_into(endorsements::table)
        .values(&rows)
        .on_conflict((endorsements::agency_id, endorsements::id))
        .do_update()
        .set((
            endorsements::title.eq(excluded(endorsements::title)),
            endorsements::scope.eq(excluded(endorsements::scope)),
            endorsements::scheduled_parties.eq(excluded(endorsements::scheduled_parties)),
            endorsements::notice_days.eq(excluded(endorsements::notice_days)),
            endorsements::effective_on.eq(excluded(endorsements::effective_on)),
            endorsements::ends_on.eq(excluded(endorsements::ends_on)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = vehicles)]
struct NewVehicle<'a> {
    agency_id: Uuid,
    id: Uuid,
    policy_id: Uuid,
    year: Option<i32>,
    make: Option<&'a str>,
    model: Option<&'a str>,
    vin: &'a str,
    garaging_state: Option<&'a str>,
}

async fn write_vehicles(tx: &mut Tx, writes: &[&Write], parents: &Parents) -> Result<(), Error> {
    let agency_id = tx.agency().uuid();
    let rows = rows_of(writes, pick::vehicle, |write, vehicle| {
        Ok(NewVehicle {
            agency_id,
            id: write.id,
            policy_id: policy_id(parents, &vehicle.policy)?,
            year: vehicle.year,
            make: text(vehicle.make.as_ref()),
            model: text(vehicle.model.as_ref()),
            vin: vehicle.vin.as_str(),
            garaging_state: vehicle.garaging_state.as_ref().map(UsState::as_str),
        })
    })?;
    count_changes(tx, rows.iter().map(|row| row.policy_id).collect()).await?;
    diesel::insert_into(vehicles::table)
        .values(&rows)
        .on_conflict((vehicles::agency_id, vehicles::id))
        .do_update()
        .set((
            vehicles::year.eq(excluded(vehicles::year)),
            vehicles::make.eq(excluded(vehicles::make)),
            vehicles::model.eq(excluded(vehicles::model)),
            vehicles::garaging_state.eq(excluded(vehicles::garaging_state)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = holders)]
struct NewHolder<'a> {
    agency_id: Uuid,
    id: Uuid,
    name: &'a str,
    care_of: Option<&'a str>,
    line1: &'a str,
    line2: Option<&'a str>,
    city: &'a str,
    state: &'a str,
    postal_code: &'a str,
    emails: Vec<&'a str>,
    phone: Option<&'a str>,
    channel: Option<&'a str>,
    created_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = insured_holders)]
struct NewLink {
    agency_id: Uuid,
    insured_id: Uuid,
    holder_id: Uuid,
}

async fn write_holders(
    tx: &mut Tx,
    writes: &[&Write],
    parents: &Parents,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let agency_id = tx.agency().uuid();
    let rows = rows_of(writes, pick::holder, |write, holder| {
        let profile = &holder.profile;
        Ok(NewHolder {
            agency_id,
            id: write.id,
            name: profile.name.as_str(),
            care_of: text(profile.care_of.as_ref()),
            line1: profile.address.line1.as_str(),
            line2: text(profile.address.line2.as_ref()),
            city: profile.address.city.as_str(),
            state: profile.address.state.as_str(),
            postal_code: profile.address.postal_code.as_str(),
            emails: profile.emails.iter().map(EmailAddress::as_str).collect(),
            phone: profile.phone.as_ref().map(Phone::as_str),
            channel: profile.channel.map(Channel::as_str),
            created_at: now,
        })
    })?;
    diesel::insert_into(holders::table)
        .values(&rows)
        .on_conflict((holders::agency_id, holders::id))
        .do_update()
        .set((
            holders::name.eq(excluded(holders::name)),
            holders::care_of.eq(excluded(holders::care_of)),
            holders::line1.eq(excluded(holders::line1)),
            holders::line2.eq(excluded(holders::line2)),
            holders::city.eq(excluded(holders::city)),
            holders::state.eq(excluded(holders::state)),
            holders::postal_code.eq(excluded(holders::postal_code)),
            holders::emails.eq(excluded(holders::emails)),
            holders::phone.eq(excluded(holders::phone)),
            holders::channel.eq(excluded(holders::channel)),
            // Whoever has the holder open must see what was written before changing it again.
            holders::version.eq(holders::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    let links = rows_of(writes, pick::holder, |write, holder| {
        let ids = holder.customer_ids.iter();
        ids.map(|id| {
            Ok(NewLink {
                agency_id,
                insured_id: customer(parents, id)?.0,
                holder_id: write.id,
            })
        })
        .collect::<Result<Vec<_>, Error>>()
    })?;
    let links: Vec<NewLink> = links.into_iter().flatten().collect();
    // A cell may list many customers, so links are not bound by the size of a batch.
    for some in links.chunks(5_000) {
        diesel::insert_into(insured_holders::table)
            .values(some)
            .on_conflict_do_nothing()
            .execute(&mut tx.connection()?)
            .await?;
    }
    Ok(())
}
