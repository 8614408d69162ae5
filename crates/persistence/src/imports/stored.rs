//! What the agency's records say already, in the words of an import: asked for a batch at a time, so that
//! an agency's whole book is never in memory.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::RunImports;
use countersign_domain::holders::HolderProfile;
use countersign_domain::ids::{HolderId, ImportId};
use countersign_domain::imports::File;
use countersign_domain::imports::ledger::Known;
use countersign_domain::imports::plan::{Stored, Wanted};
use countersign_domain::imports::records::{
    ImportedCarrier, ImportedContact, ImportedCoverage, ImportedEndorsement, ImportedHolder, ImportedInsured,
    ImportedPolicy, ImportedVehicle, Key, PolicyKey, Record,
};
use countersign_domain::insureds::InsuredKind;
use countersign_domain::policies::Naic;
use countersign_domain::policies::words::Status;
use countersign_domain::text::{EmailAddress, NonBlank, PersonName, Phone, UsState};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::pick;
use crate::Error;
use crate::agencies::{address, optional};
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{
    carriers, contacts, endorsements, holders, import_rows, insured_holders, insureds, policies, vehicles,
};

diesel::define_sql_function! {
    /// Lower case, as the indexes have it.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The ids behind what a batch of records refers to.
#[derive(Debug, Default)]
pub(super) struct Parents {
    /// Customers by key: id and name.
    pub(super) customers: HashMap<Key, (Uuid, String)>,
    /// Insurers by key.
    pub(super) carriers: HashMap<Key, Uuid>,
    /// Policies by number, first day and line.
    pub(super) policies: HashMap<PolicyKey, Uuid>,
}

pub(super) async fn parents(tx: &mut Tx, wanted: &Wanted) -> Result<Parents, Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let mut found = Parents::default();
    if !wanted.customers.is_empty() {
        let ids: Vec<&str> = wanted.customers.iter().map(Key::as_str).collect();
        let rows: Vec<(Uuid, Option<String>, String)> = insureds::table
            .filter(insureds::agency_id.eq(agency))
            .filter(insureds::customer_id.eq_any(ids))
            .select((insureds::id, insureds::customer_id, insureds::name))
            .load(&mut connection)
            .await?;
        for (id, customer_id, name) in rows {
            if let Some(customer_id) = customer_id {
                let key = Key::customer(&nonblank(&customer_id, "insureds.customer_id")?);
                found.customers.insert(key, (id, name));
            }
        }
    }
    if !wanted.carriers.is_empty() {
        let codes: Vec<&str> = wanted.carriers.iter().map(Key::as_str).collect();
        let rows: Vec<(Uuid, String)> = carriers::table
            .filter(carriers::agency_id.eq(agency))
            .filter(carriers::naic.eq_any(codes))
            .select((carriers::id, carriers::naic))
            .load(&mut connection)
            .await?;
        for (id, naic) in rows {
            found.carriers.insert(
                Key::carrier(&Naic::parse(&naic).map_err(broken("carriers.naic"))?),
                id,
            );
        }
    }
    if !wanted.policies.is_empty() {
        // Other lines of the same number and date come along: the ledger names them where the line is wrong.
        let numbers: HashSet<&str> = wanted
            .policies
            .iter()
            .map(|policy| policy.number.as_str())
            .collect();
        let policies = policies_numbered(tx, numbers).await?;
        found.policies = policies.into_iter().map(|(id, policy)| (policy, id)).collect();
    }
    Ok(found)
}

/// The policies of these numbers, in every line and term.
///
/// What hangs on them is asked for by their ids and not in one statement with them: while an import runs, the
/// statistics of the tables tell of empty ones, and a join then reads all forms of the book for each policy.
async fn policies_numbered(tx: &mut Tx, numbers: HashSet<&str>) -> Result<HashMap<Uuid, PolicyKey>, Error> {
    let rows: Vec<(Uuid, String, NaiveDate, String)> = policies::table
        .filter(policies::agency_id.eq(tx.agency().uuid()))
        .filter(policies::number.eq_any(numbers))
        .select((
            policies::id,
            policies::number,
            policies::effective_on,
            policies::line,
        ))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|(id, number, effective_on, line)| Ok((id, policy_key(&number, effective_on, &line)?)))
        .collect()
}

/// Which of the customers, insurers and policies that a batch refers to are in the agency's records.
///
/// # Errors
/// [`Error`] of the database.
pub async fn known(tx: &mut Tx, _permit: &Permit<RunImports>, wanted: &Wanted) -> Result<Known, Error> {
    let parents = parents(tx, wanted).await?;
    Ok(Known {
        customers: parents.customers.into_keys().collect(),
        carriers: parents.carriers.into_keys().collect(),
        policies: parents.policies.into_keys().collect(),
    })
}

/// What is stored under the keys of a batch of records of one file.
///
/// # Errors
/// [`Error`] of the database.
pub async fn stored(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    file: File,
    batch: &[(u32, Record)],
) -> Result<HashMap<Key, Stored>, Error> {
    if batch.is_empty() {
        return Ok(HashMap::new());
    }
    let records = batch.iter().map(|(_, record)| record);
    let found = match file {
        File::Insureds => stored_insureds(tx, records.filter_map(pick::insured)).await,
        File::Contacts => stored_contacts(tx, records.filter_map(pick::contact)).await,
        File::Carriers => stored_carriers(tx, records.filter_map(pick::carrier)).await,
        File::Policies => stored_policies(tx, &numbers(records), File::Policies).await,
        File::Coverages => stored_policies(tx, &numbers(records), File::Coverages).await,
        File::Endorsements => stored_endorsements(tx, numbers(records)).await,
        File::Vehicles => stored_vehicles(tx, numbers(records)).await,
        File::Holders => return stored_holders(tx, records.filter_map(pick::holder)).await,
    }?;
    let mut found = found
        .into_iter()
        .map(|(id, record)| (record.key(), Stored { id, record }))
        .collect();
    if file == File::Endorsements {
        rescoped(tx, import, batch, &mut found).await?;
    }
    Ok(found)
}

/// Puts stored forms under the keys of the records that change their scope.
///
/// The scope is a part of a form's key, for a policy may carry a form with two of them. But when a row has
/// no stored form of its own, and the form is stored with a scope that no row of the run has, then that form
/// was corrected: it would stay beside the new one and go on to reach whom it does not reach.
async fn rescoped(
    tx: &mut Tx,
    import: ImportId,
    batch: &[(u32, Record)],
    found: &mut HashMap<Key, Stored>,
) -> Result<(), Error> {
    let records = batch.iter().map(|(_, record)| record);
    let new: Vec<(Key, Key)> = records
        .filter(|record| !found.contains_key(&record.key()))
        .filter_map(|record| pick::endorsement(record).map(|form| (form.form_key(), record.key())))
        .collect();
    let forms: HashSet<&Key> = new.iter().map(|(form, _)| form).collect();
    let mut left: Vec<(Key, Key)> = found
        .iter()
        .filter_map(|(key, stored)| {
            pick::endorsement(&stored.record).map(|form| (form.form_key(), key.clone()))
        })
        .filter(|(form, _)| forms.contains(form))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    let keys: Vec<&str> = left.iter().map(|(_, key)| key.as_str()).collect();
    let named: Vec<Option<String>> = import_rows::table
        .filter(import_rows::agency_id.eq(tx.agency().uuid()))
        .filter(import_rows::import_id.eq(import.uuid()))
        .filter(import_rows::file.eq(File::Endorsements.as_str()))
        .filter(import_rows::key.eq_any(keys))
        .select(import_rows::key)
        .load(&mut tx.connection()?)
        .await?;
    let named: HashSet<String> = named.into_iter().flatten().collect();
    left.retain(|(_, key)| !named.contains(key.as_str()));
    left.sort();
    for (form, key) in new {
        let Some(place) = left.iter().position(|(of, _)| *of == form) else {
            continue;
        };
        let (_, old) = left.remove(place);
        if let Some(stored) = found.remove(&old) {
            found.insert(key, stored);
        }
    }
    Ok(())
}

/// The policy numbers that records of policies and of what hangs on them name.
fn numbers<'r>(records: impl Iterator<Item = &'r Record>) -> HashSet<&'r str> {
    records
        .filter_map(|record| match record {
            Record::Policy(record) => Some(record.policy.number.as_str()),
            Record::Coverage(record) => Some(record.policy.number.as_str()),
            Record::Endorsement(record) => Some(record.policy.number.as_str()),
            Record::Vehicle(record) => Some(record.policy.number.as_str()),
            Record::Insured(_) | Record::Contact(_) | Record::Carrier(_) | Record::Holder(_) => None,
        })
        .collect()
}

type Found = Vec<(Uuid, Record)>;

fn nonblank(text: &str, place: &'static str) -> Result<NonBlank, Error> {
    NonBlank::parse(text).map_err(broken(place))
}

fn policy_key(number: &str, effective_on: NaiveDate, line: &str) -> Result<PolicyKey, Error> {
    Ok(PolicyKey {
        number: nonblank(number, "policies.number")?,
        effective_on,
        line: line.parse().map_err(broken("policies.line"))?,
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = insureds)]
struct InsuredRow {
    id: Uuid,
    name: String,
    dba: Option<String>,
    kind: String,
    trade: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    line1: String,
    line2: Option<String>,
    city: String,
    state: String,
    postal_code: String,
    customer_id: Option<String>,
    fein: Option<String>,
    customer_since: Option<NaiveDate>,
}

async fn stored_insureds(
    tx: &mut Tx,
    wanted: impl Iterator<Item = &ImportedInsured>,
) -> Result<Found, Error> {
    let ids: Vec<&str> = wanted.map(|insured| insured.customer_id.as_str()).collect();
    let rows: Vec<InsuredRow> = insureds::table
        .filter(insureds::agency_id.eq(tx.agency().uuid()))
        .filter(insureds::customer_id.eq_any(ids))
        .select(InsuredRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|row| {
            let record = ImportedInsured {
                customer_id: nonblank(&row.customer_id.unwrap_or_default(), "insureds.customer_id")?,
                name: nonblank(&row.name, "insureds.name")?,
                dba: optional(row.dba, "insureds.dba", NonBlank::parse)?,
                kind: row.kind.parse::<InsuredKind>().map_err(broken("insureds.kind"))?,
                trade: optional(row.trade, "insureds.trade", NonBlank::parse)?,
                email: optional(row.email, "insureds.email", EmailAddress::parse)?,
                phone: optional(row.phone, "insureds.phone", Phone::parse)?,
                fein: optional(row.fein, "insureds.fein", NonBlank::parse)?,
                customer_since: row.customer_since,
                address: address(
                    &row.line1,
                    row.line2.as_deref(),
                    &row.city,
                    &row.state,
                    &row.postal_code,
                )?,
            };
            Ok((row.id, Record::Insured(record)))
        })
        .collect()
}

async fn stored_contacts(
    tx: &mut Tx,
    wanted: impl Iterator<Item = &ImportedContact>,
) -> Result<Found, Error> {
    type Row = (Uuid, String, Option<String>, Option<String>, Option<String>, Uuid);
    let ids: HashSet<&str> = wanted.map(|contact| contact.customer_id.as_str()).collect();
    let agency = tx.agency().uuid();
    let customers: Vec<(Uuid, Option<String>)> = insureds::table
        .filter(insureds::agency_id.eq(agency))
        .filter(insureds::customer_id.eq_any(ids))
        .select((insureds::id, insureds::customer_id))
        .load(&mut tx.connection()?)
        .await?;
    let customers: HashMap<Uuid, String> = customers
        .into_iter()
        .filter_map(|(id, customer_id)| Some((id, customer_id?)))
        .collect();
    let rows: Vec<Row> = contacts::table
        .filter(contacts::agency_id.eq(agency))
        .filter(contacts::insured_id.eq_any(customers.keys()))
        .select((
            contacts::id,
            contacts::name,
            contacts::title,
            contacts::email,
            contacts::phone,
            contacts::insured_id,
        ))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .filter_map(|(id, name, title, email, phone, insured)| {
            Some((id, name, title, email, phone, customers.get(&insured)?))
        })
        .map(|(id, name, title, email, phone, customer_id)| {
            let record = ImportedContact {
                customer_id: nonblank(customer_id, "insureds.customer_id")?,
                name: PersonName::parse(&name).map_err(broken("contacts.name"))?,
                title: optional(title, "contacts.title", NonBlank::parse)?,
                email: optional(email, "contacts.email", EmailAddress::parse)?,
                phone: optional(phone, "contacts.phone", Phone::parse)?,
            };
            Ok((id, Record::Contact(record)))
        })
        .collect()
}

async fn stored_carriers(
    tx: &mut Tx,
    wanted: impl Iterator<Item = &ImportedCarrier>,
) -> Result<Found, Error> {
    let codes: Vec<&str> = wanted.map(|carrier| carrier.naic.as_str()).collect();
    let rows: Vec<(Uuid, String, String)> = carriers::table
        .filter(carriers::agency_id.eq(tx.agency().uuid()))
        .filter(carriers::naic.eq_any(codes))
        .select((carriers::id, carriers::naic, carriers::name))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|(id, naic, name)| {
            let naic = Naic::parse(&naic).map_err(broken("carriers.naic"))?;
            Ok((
                id,
                Record::Carrier(ImportedCarrier {
                    naic,
                    name: nonblank(&name, "carriers.name")?,
                }),
            ))
        })
        .collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = policies)]
struct PolicyRow {
    id: Uuid,
    number: String,
    line: String,
    named_insured: String,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    status: String,
    cancelled_on: Option<NaiveDate>,
    cancel_reason: Option<String>,
    coverage: Value,
    issuing_authority: Option<String>,
    wholesaler: Option<String>,
}

/// Policies by number, as rows of policies.csv or of coverages.csv.
async fn stored_policies(tx: &mut Tx, numbers: &HashSet<&str>, file: File) -> Result<Found, Error> {
    let rows: Vec<(PolicyRow, String, Option<String>, String)> = policies::table
        .inner_join(
            insureds::table.on(insureds::agency_id
                .eq(policies::agency_id)
                .and(insureds::id.eq(policies::insured_id))),
        )
        .inner_join(
            carriers::table.on(carriers::agency_id
                .eq(policies::agency_id)
                .and(carriers::id.eq(policies::carrier_id))),
        )
        .filter(policies::agency_id.eq(tx.agency().uuid()))
        .filter(policies::number.eq_any(numbers.iter().copied()))
        .select((
            PolicyRow::as_select(),
            carriers::naic,
            insureds::customer_id,
            insureds::name,
        ))
        .load(&mut tx.connection()?)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for (row, naic, customer_id, insured_name) in rows {
        let policy = policy_key(&row.number, row.effective_on, &row.line)?;
        if file == File::Coverages {
            let coverage = serde_json::from_value(row.coverage).map_err(broken("policies.coverage"))?;
            found.push((row.id, Record::Coverage(ImportedCoverage { policy, coverage })));
            continue;
        }
        // A policy of a customer without a number was not imported; no row of a file can mean it.
        let Some(customer_id) = customer_id else { continue };
        let differs = row.named_insured != insured_name;
        let record = ImportedPolicy {
            policy,
            customer_id: nonblank(&customer_id, "insureds.customer_id")?,
            naic: Naic::parse(&naic).map_err(broken("carriers.naic"))?,
            expires_on: row.expires_on,
            status: row.status.parse::<Status>().map_err(broken("policies.status"))?,
            named_insured: if differs {
                Some(nonblank(&row.named_insured, "policies.named_insured")?)
            } else {
                None
            },
            cancelled_on: row.cancelled_on,
            cancel_reason: optional(row.cancel_reason, "policies.cancel_reason", NonBlank::parse)?,
            issuing_authority: row
                .issuing_authority
                .map(|word| word.parse().map_err(broken("policies.issuing_authority")))
                .transpose()?,
            wholesaler: optional(row.wholesaler, "policies.wholesaler", NonBlank::parse)?,
        };
        found.push((row.id, Record::Policy(record)));
    }
    Ok(found)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = endorsements)]
struct EndorsementRow {
    id: Uuid,
    form_number: String,
    edition: String,
    title: String,
    effect: String,
    scope: String,
    scheduled_parties: Vec<String>,
    notice_days: Option<i32>,
    effective_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

async fn stored_endorsements(tx: &mut Tx, numbers: HashSet<&str>) -> Result<Found, Error> {
    let policies = policies_numbered(tx, numbers).await?;
    let rows: Vec<(EndorsementRow, Uuid)> = endorsements::table
        .filter(endorsements::agency_id.eq(tx.agency().uuid()))
        .filter(endorsements::policy_id.eq_any(policies.keys()))
        .select((EndorsementRow::as_select(), endorsements::policy_id))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .filter_map(|(row, policy)| Some((row, policies.get(&policy)?)))
        .map(|(row, policy)| {
            let parties = row.scheduled_parties.iter();
            let record = ImportedEndorsement {
                policy: policy.clone(),
                form_number: nonblank(&row.form_number, "endorsements.form_number")?,
                edition: nonblank(&row.edition, "endorsements.edition")?,
                title: nonblank(&row.title, "endorsements.title")?,
                effect: row.effect.parse().map_err(broken("endorsements.effect"))?,
                scope: row.scope.parse().map_err(broken("endorsements.scope"))?,
                scheduled_parties: parties
                    .map(|party| nonblank(party, "endorsements.scheduled_parties"))
                    .collect::<Result<_, _>>()?,
                notice_days: row
                    .notice_days
                    .map(u16::try_from)
                    .transpose()
                    .map_err(broken("endorsements.notice_days"))?,
                effective_on: row.effective_on,
                ends_on: row.ends_on,
            };
            Ok((row.id, Record::Endorsement(record)))
        })
        .collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = vehicles)]
struct VehicleRow {
    id: Uuid,
    year: Option<i32>,
    make: Option<String>,
    model: Option<String>,
    vin: String,
    garaging_state: Option<String>,
}

async fn stored_vehicles(tx: &mut Tx, numbers: HashSet<&str>) -> Result<Found, Error> {
    let policies = policies_numbered(tx, numbers).await?;
    let rows: Vec<(VehicleRow, Uuid)> = vehicles::table
        .filter(vehicles::agency_id.eq(tx.agency().uuid()))
        .filter(vehicles::policy_id.eq_any(policies.keys()))
        .select((VehicleRow::as_select(), vehicles::policy_id))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .filter_map(|(row, policy)| Some((row, policies.get(&policy)?)))
        .map(|(row, policy)| {
            let record = ImportedVehicle {
                policy: policy.clone(),
                vin: nonblank(&row.vin, "vehicles.vin")?,
                year: row.year,
                make: optional(row.make, "vehicles.make", NonBlank::parse)?,
                model: optional(row.model, "vehicles.model", NonBlank::parse)?,
                garaging_state: optional(row.garaging_state, "vehicles.garaging_state", UsState::parse)?,
            };
            Ok((row.id, Record::Vehicle(record)))
        })
        .collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = holders)]
struct HolderRow {
    id: Uuid,
    name: String,
    care_of: Option<String>,
    line1: String,
    line2: Option<String>,
    city: String,
    state: String,
    postal_code: String,
    emails: Vec<String>,
    phone: Option<String>,
    channel: Option<String>,
    merged_into: Option<Uuid>,
}

/// The holders that rows mean: under what names them, and those that a row means by its id under what that row calls
/// them, unless another holder is called so already.
async fn stored_holders<'r>(
    tx: &mut Tx,
    wanted: impl Iterator<Item = &'r ImportedHolder>,
) -> Result<HashMap<Key, Stored>, Error> {
    let wanted: Vec<&ImportedHolder> = wanted.collect();
    let (found, merged) = holders_found(tx, &wanted).await?;
    let found: HashMap<Uuid, Record> = found.into_iter().collect();
    let mut by_key: HashMap<Key, Stored> = found
        .iter()
        .map(|(id, record)| {
            let stored = Stored {
                id: *id,
                record: record.clone(),
            };
            (record.key(), stored)
        })
        .collect();
    for holder in wanted {
        let Some(id) = holder.id.map(HolderId::uuid) else {
            continue;
        };
        let key = Record::Holder(holder.clone()).key();
        if merged.contains(&id) {
            // A double is changed no more, whatever it is called.
            by_key.remove(&key);
        } else if let Some(record) = found.get(&id) {
            by_key.entry(key).or_insert_with(|| Stored {
                id,
                record: record.clone(),
            });
        }
    }
    Ok(by_key)
}

/// The holders that rows name in one way or the other, and which of them were merged into another one.
async fn holders_found(tx: &mut Tx, wanted: &[&ImportedHolder]) -> Result<(Found, HashSet<Uuid>), Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let names: HashSet<String> = wanted
        .iter()
        .map(|holder| holder.profile.name.as_str().to_lowercase())
        .collect();
    let mut rows: Vec<HolderRow> = holders::table
        .filter(holders::agency_id.eq(agency))
        .filter(lower(holders::name).eq_any(names))
        .select(HolderRow::as_select())
        .load(&mut connection)
        .await?;
    let meant: HashSet<Uuid> = wanted
        .iter()
        .filter_map(|holder| holder.id.map(HolderId::uuid))
        .filter(|id| rows.iter().all(|row| row.id != *id))
        .collect();
    if !meant.is_empty() {
        let more: Vec<HolderRow> = holders::table
            .filter(holders::agency_id.eq(agency))
            .filter(holders::id.eq_any(meant))
            .select(HolderRow::as_select())
            .load(&mut connection)
            .await?;
        rows.extend(more);
    }
    let merged = rows
        .iter()
        .filter(|row| row.merged_into.is_some())
        .map(|row| row.id)
        .collect();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let links: Vec<(Uuid, Option<String>)> = insured_holders::table
        .inner_join(
            insureds::table.on(insureds::agency_id
                .eq(insured_holders::agency_id)
                .and(insureds::id.eq(insured_holders::insured_id))),
        )
        .filter(insured_holders::agency_id.eq(agency))
        .filter(insured_holders::holder_id.eq_any(&ids))
        .filter(insureds::customer_id.is_not_null())
        .select((insured_holders::holder_id, insureds::customer_id))
        .load(&mut connection)
        .await?;
    let mut customers: HashMap<Uuid, Vec<NonBlank>> = HashMap::new();
    for (holder, customer_id) in links {
        let customer_id = nonblank(&customer_id.unwrap_or_default(), "insureds.customer_id")?;
        customers.entry(holder).or_default().push(customer_id);
    }
    let found = rows
        .into_iter()
        .map(|row| {
            let emails = row.emails.iter();
            let profile = HolderProfile {
                name: nonblank(&row.name, "holders.name")?,
                care_of: optional(row.care_of, "holders.care_of", NonBlank::parse)?,
                address: address(
                    &row.line1,
                    row.line2.as_deref(),
                    &row.city,
                    &row.state,
                    &row.postal_code,
                )?,
                emails: emails
                    .map(|email| EmailAddress::parse(email).map_err(broken("holders.emails")))
                    .collect::<Result<_, _>>()?,
                phone: optional(row.phone, "holders.phone", Phone::parse)?,
                channel: crate::holders::channel(row.channel)?,
            };
            let mut customer_ids = customers.remove(&row.id).unwrap_or_default();
            customer_ids.sort();
            Ok((
                row.id,
                Record::Holder(ImportedHolder {
                    id: Some(HolderId::from_uuid(row.id)),
                    profile,
                    customer_ids,
                }),
            ))
        })
        .collect::<Result<Found, Error>>()?;
    Ok((found, merged))
}
