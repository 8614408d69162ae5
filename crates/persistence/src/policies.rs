//! Policies with their carriers, forms and vehicles.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::{
    CreateMaster, EditMaster, EditPolicy, ListCarriers, ViewPolicies, ViewPolicy, ViewPolicyHolders,
};
use countersign_domain::authz::{Actor, Operation, Permit, Scope as ListScope};
use countersign_domain::certificates::follow::Succession;
use countersign_domain::certificates::send::Beside;
use countersign_domain::ids::{CarrierId, EndorsementId, InsuredId, PolicyId, VehicleId};
use countersign_domain::policies::attach::{FileChange, FileChanged};
use countersign_domain::policies::coverage::Coverage;
use countersign_domain::policies::edit::Edited;
use countersign_domain::policies::endorse::{Endorsed, FormChange};
use countersign_domain::policies::endorsement::{Effect, Endorsement, Scope};
use countersign_domain::policies::record::OtherTerm;
use countersign_domain::policies::renew::Renewed;
use countersign_domain::policies::{
    Carrier, EndorsementFile, Line, Market, Naic, Policy, PolicyRecord, Status, Terms, Vehicle, words,
};
use countersign_domain::text::{NonBlank, UsState};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::agencies::optional;
use crate::db::Tx;
use crate::documents::{self, Document};
use crate::error::broken;
use crate::page::{After, Page, PageRequest, anywhere};
use crate::schema::{carriers, endorsements, policies, vehicles};
use crate::{Error, audit};

#[derive(Queryable, Selectable)]
#[diesel(table_name = policies)]
struct Row {
    id: Uuid,
    version: i32,
    insured_id: Uuid,
    number: String,
    named_insured: String,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    status: String,
    cancelled_on: Option<NaiveDate>,
    cancel_reason: Option<String>,
    coverage: Value,
    prior_id: Option<Uuid>,
    issuing_authority: Option<String>,
    wholesaler: Option<String>,
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
    effective_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    file_sha256: Option<Vec<u8>>,
    file_name: Option<String>,
    file_size: Option<i32>,
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

/// Which policies.
enum Which<'a> {
    AllOf(InsuredId),
    Of(InsuredId, &'a [PolicyId]),
    One(PolicyId),
}

/// A policy, its version and the term that it renews.
struct Loaded {
    version: i32,
    prior: Option<PolicyId>,
    policy: Policy,
}

async fn load(tx: &mut Tx, which: Which<'_>) -> Result<Vec<Policy>, Error> {
    let loaded = load_versioned(tx, which).await?;
    Ok(loaded.into_iter().map(|loaded| loaded.policy).collect())
}

async fn load_versioned(tx: &mut Tx, which: Which<'_>) -> Result<Vec<Loaded>, Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let mut query = policies::table
        .inner_join(
            carriers::table.on(carriers::agency_id
                .eq(policies::agency_id)
                .and(carriers::id.eq(policies::carrier_id))),
        )
        .filter(policies::agency_id.eq(agency))
        .order((
            policies::expires_on.desc(),
            policies::line.asc(),
            policies::id.asc(),
        ))
        .limit(1_000)
        .select((Row::as_select(), (carriers::id, carriers::name, carriers::naic)))
        .into_boxed();
    match which {
        Which::AllOf(insured) => query = query.filter(policies::insured_id.eq(insured.uuid())),
        Which::Of(insured, ids) => {
            let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
            query = query
                .filter(policies::insured_id.eq(insured.uuid()))
                .filter(policies::id.eq_any(ids));
        }
        Which::One(id) => query = query.filter(policies::id.eq(id.uuid())),
    }
    let rows: Vec<(Row, (Uuid, String, String))> = query.load(&mut connection).await?;
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
        .load(&mut connection)
        .await?;
    let cars: Vec<VehicleRow> = vehicles::table
        .filter(vehicles::agency_id.eq(agency))
        .filter(vehicles::policy_id.eq_any(&ids))
        .order((vehicles::year.desc(), vehicles::vin.asc()))
        .select(VehicleRow::as_select())
        .load(&mut connection)
        .await?;
    let mut policies = rows.into_iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    for form in forms {
        let owner = PolicyId::from_uuid(form.policy_id);
        if let Some(Loaded { policy, .. }) = policies.iter_mut().find(|one| one.policy.id == owner) {
            policy.endorsements.push(endorsement(form)?);
        }
    }
    for car in cars {
        let owner = PolicyId::from_uuid(car.policy_id);
        if let Some(Loaded { policy, .. }) = policies.iter_mut().find(|one| one.policy.id == owner) {
            policy.vehicles.push(vehicle(car)?);
        }
    }
    Ok(policies)
}

fn parse((row, (carrier_id, carrier_name, naic)): (Row, (Uuid, String, String))) -> Result<Loaded, Error> {
    let coverage: Coverage = serde_json::from_value(row.coverage).map_err(broken("policies.coverage"))?;
    let authority = row
        .issuing_authority
        .map(|word| word.parse().map_err(broken("policies.issuing_authority")))
        .transpose()?;
    let wholesaler = optional(row.wholesaler, "policies.wholesaler", NonBlank::parse)?;
    let policy = Policy {
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
        market: Market::of(authority, wholesaler).map_err(broken("policies.wholesaler"))?,
        coverage,
        endorsements: Vec::new(),
        vehicles: Vec::new(),
    };
    Ok(Loaded {
        version: row.version,
        prior: row.prior_id.map(PolicyId::from_uuid),
        policy,
    })
}

/// A hash as it is stored.
fn sha256(bytes: Vec<u8>) -> Result<[u8; 32], Error> {
    let short = |bytes: Vec<u8>| Error::Broken(format!("a SHA-256 has 32 bytes, not {}", bytes.len()));
    bytes.try_into().map_err(short)
}

fn file(row: &mut EndorsementRow) -> Result<Option<EndorsementFile>, Error> {
    let stored = (row.file_sha256.take(), row.file_name.take(), row.file_size);
    let (Some(hash), Some(name), Some(size)) = stored else {
        return Ok(None);
    };
    Ok(Some(EndorsementFile {
        name: NonBlank::parse(&name).map_err(broken("endorsements.file_name"))?,
        sha256: sha256(hash)?,
        size_bytes: u64::try_from(size).map_err(broken("endorsements.file_size"))?,
    }))
}

fn endorsement(mut row: EndorsementRow) -> Result<Endorsement, Error> {
    let file = file(&mut row)?;
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
        effective_on: row.effective_on,
        ends_on: row.ends_on,
        file,
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
    load(tx, Which::AllOf(permit.id)).await
}

/// The policies a new master may select from.
///
/// # Errors
/// [`Error`] of the database.
pub async fn facts_for_new_master(tx: &mut Tx, permit: &Permit<CreateMaster>) -> Result<Vec<Policy>, Error> {
    load(tx, Which::AllOf(permit.id)).await
}

/// The policies a changed master may select from.
///
/// # Errors
/// [`Error`] of the database.
pub async fn facts_for_edited_master(tx: &mut Tx, permit: &Permit<EditMaster>) -> Result<Vec<Policy>, Error> {
    load(tx, Which::AllOf(permit.insured)).await
}

/// All policies of an insured, and which of them renews which.
pub(crate) async fn terms_of(
    tx: &mut Tx,
    insured: InsuredId,
) -> Result<(Vec<Policy>, Vec<Succession>), Error> {
    let loaded = load_versioned(tx, Which::AllOf(insured)).await?;
    let successions = loaded.iter().filter_map(|one| {
        Some(Succession {
            prior: one.prior?,
            next: one.policy.id,
        })
    });
    let successions = successions.collect();
    let policies = loaded.into_iter().map(|one| one.policy).collect();
    Ok((policies, successions))
}

/// All policies of an insured, the newest term first.
pub(crate) async fn all_of(tx: &mut Tx, insured: InsuredId) -> Result<Vec<Policy>, Error> {
    load(tx, Which::AllOf(insured)).await
}

pub(crate) async fn some_of(tx: &mut Tx, insured: InsuredId, ids: &[PolicyId]) -> Result<Vec<Policy>, Error> {
    load(tx, Which::Of(insured, ids)).await
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
        .load::<Uuid>(&mut tx.connection()?)
        .await?;
    some_of(tx, insured, ids).await
}

/// Policies of these lines that are in force on `day`, without those of `ids`.
pub(crate) async fn beside(
    tx: &mut Tx,
    insured: InsuredId,
    lines: &[Line],
    ids: &[PolicyId],
    day: NaiveDate,
) -> Result<Vec<Beside>, Error> {
    let in_force = [
        words::Status::Bound,
        words::Status::Active,
        words::Status::NonRenewed,
    ];
    let rows: Vec<(String, String)> = policies::table
        .filter(policies::agency_id.eq(tx.agency().uuid()))
        .filter(policies::insured_id.eq(insured.uuid()))
        .filter(policies::line.eq_any(lines.iter().map(|line| line.as_str()).collect::<Vec<_>>()))
        .filter(policies::status.eq_any(in_force.map(words::Status::as_str)))
        .filter(policies::effective_on.le(day))
        .filter(policies::expires_on.gt(day))
        .filter(policies::id.ne_all(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>()))
        .order((policies::line.asc(), policies::number.asc()))
        .limit(20)
        .select((policies::line, policies::number))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|(line, number)| {
            Ok(Beside {
                line: line.parse().map_err(broken("policies.line"))?,
                number: NonBlank::parse(&number).map_err(broken("policies.number"))?,
            })
        })
        .collect()
}

type TermRow = (Uuid, String, NaiveDate, NaiveDate);

fn other_term((id, number, effective_on, expires_on): TermRow) -> Result<OtherTerm, Error> {
    Ok(OtherTerm {
        id: PolicyId::from_uuid(id),
        number: NonBlank::parse(&number).map_err(broken("policies.number"))?,
        effective_on,
        expires_on,
    })
}

async fn on_file(tx: &mut Tx, id: PolicyId) -> Result<PolicyRecord, Error> {
    let loaded = load_versioned(tx, Which::One(id)).await?.pop();
    let Loaded {
        version,
        prior,
        policy,
    } = loaded.ok_or(Error::NotFound)?;
    let agency = tx.agency();
    let columns = (
        policies::id,
        policies::number,
        policies::effective_on,
        policies::expires_on,
    );
    let terms = policies::table
        .filter(policies::agency_id.eq(agency.uuid()))
        .select(columns);
    let next: Option<TermRow> = terms
        .filter(policies::prior_id.eq(id.uuid()))
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let prior: Option<TermRow> = match prior {
        Some(prior) => terms
            .filter(policies::id.eq(prior.uuid()))
            .first(&mut tx.connection()?)
            .await
            .optional()?,
        None => None,
    };
    Ok(PolicyRecord {
        agency,
        version,
        policy,
        prior: prior.map(other_term).transpose()?,
        next: next.map(other_term).transpose()?,
    })
}

/// Asks for an operation on a policy.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = PolicyRecord>>(
    tx: &mut Tx,
    actor: &Actor,
    id: PolicyId,
) -> Result<Permit<O>, Error> {
    let record = on_file(tx, id).await?;
    Ok(actor.request::<O>(record)?)
}

/// As [`find`], and holds the policy's row until the end of the transaction.
///
/// # Errors
/// As [`find`].
pub async fn lock<O: Operation<Target = PolicyRecord>>(
    tx: &mut Tx,
    actor: &Actor,
    id: PolicyId,
) -> Result<Permit<O>, Error> {
    policies::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(policies::id)
        .for_update()
        .first::<Uuid>(&mut tx.connection()?)
        .await?;
    find(tx, actor, id).await
}

/// The insurer on file under a NAIC code.
///
/// # Errors
/// [`Error`] of the database.
pub async fn insurer_on_file(
    tx: &mut Tx,
    _permit: &Permit<EditPolicy>,
    naic: &Naic,
) -> Result<Option<Carrier>, Error> {
    let row: Option<(Uuid, String, String)> = carriers::table
        .filter(carriers::agency_id.eq(tx.agency().uuid()))
        .filter(carriers::naic.eq(naic.as_str()))
        .select((carriers::id, carriers::name, carriers::naic))
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    row.map(carrier).transpose()
}

fn carrier((id, name, naic): (Uuid, String, String)) -> Result<Carrier, Error> {
    Ok(Carrier {
        id: CarrierId::from_uuid(id),
        name: NonBlank::parse(&name).map_err(broken("carriers.name"))?,
        naic: Naic::parse(&naic).map_err(broken("carriers.naic"))?,
    })
}

/// A page of the agency's insurers by name.
///
/// # Errors
/// [`Error`] of the database.
pub async fn carriers(
    tx: &mut Tx,
    scope: &ListScope<ListCarriers>,
    text: Option<&str>,
    page: &PageRequest,
) -> Result<Page<Carrier>, Error> {
    let mut query = carriers::table
        .filter(carriers::agency_id.eq(scope.agency().uuid()))
        .order((carriers::name.asc(), carriers::id.asc()))
        .limit(page.probe())
        .select((carriers::id, carriers::name, carriers::naic))
        .into_boxed();
    if let Some(text) = text {
        let part = anywhere(text);
        query = query.filter(carriers::name.ilike(part.clone()).or(carriers::naic.ilike(part)));
    }
    if let Some(after) = &page.after {
        let name = after.key.clone();
        query = query.filter(
            carriers::name
                .gt(name.clone())
                .or(carriers::name.eq(name).and(carriers::id.gt(after.id))),
        );
    }
    let rows: Vec<(Uuid, String, String)> = query.load(&mut tx.connection()?).await?;
    let found = rows.into_iter().map(carrier).collect::<Result<Vec<_>, _>>()?;
    Ok(page.cut(found, |last| After {
        key: last.name.to_string(),
        id: last.id.uuid(),
    }))
}

/// Writes an insurer that is not on file yet, and says under which id it is: somebody else may have written it
/// meanwhile.
async fn record_insurer(tx: &mut Tx, carrier: &Carrier) -> Result<Uuid, Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    diesel::insert_into(carriers::table)
        .values((
            carriers::agency_id.eq(agency),
            carriers::id.eq(carrier.id.uuid()),
            carriers::name.eq(carrier.name.as_str()),
            carriers::naic.eq(carrier.naic.as_str()),
        ))
        .on_conflict_do_nothing()
        .execute(&mut connection)
        .await?;
    Ok(carriers::table
        .filter(carriers::agency_id.eq(agency))
        .filter(carriers::naic.eq(carrier.naic.as_str()))
        .select(carriers::id)
        .first(&mut connection)
        .await?)
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = policies, treat_none_as_null = true)]
struct TermsRow<'a> {
    carrier_id: Uuid,
    number: &'a str,
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

fn terms_row(terms: &Terms, carrier_id: Uuid) -> Result<TermsRow<'_>, Error> {
    let cancel_reason = match &terms.status {
        Status::Cancelled { reason, .. } => reason.as_ref().map(NonBlank::as_str),
        _ => None,
    };
    Ok(TermsRow {
        carrier_id,
        number: terms.number.as_str(),
        named_insured: terms.named_insured.as_str(),
        effective_on: terms.effective_on,
        expires_on: terms.expires_on,
        status: terms.status.word().as_str(),
        cancelled_on: terms.status.cancelled_on(),
        cancel_reason,
        coverage: serde_json::to_value(&terms.coverage).map_err(broken("policies.coverage"))?,
        issuing_authority: terms.market.word().map(words::IssuingAuthority::as_str),
        wholesaler: terms.market.wholesaler().map(NonBlank::as_str),
    })
}

async fn stale(tx: &mut Tx, id: PolicyId) -> Result<Error, Error> {
    let current = on_file(tx, id).await?.version;
    Ok(Error::Stale { current })
}

/// Writes what a policy says of itself now.
///
/// # Errors
/// [`Error::Stale`] when it was changed since it was read; [`Error::Conflict`] when another policy has its
/// number, term and line.
pub async fn record_edited(tx: &mut Tx, edited: &Edited) -> Result<(), Error> {
    let before = edited.before();
    let id = before.policy.id;
    let carrier = record_insurer(tx, &edited.terms().carrier).await?;
    let changed = diesel::update(policies::table.find((tx.agency().uuid(), id.uuid())))
        .filter(policies::version.eq(before.version))
        .set((
            terms_row(edited.terms(), carrier)?,
            policies::version.eq(policies::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 0 {
        return Err(stale(tx, id).await?);
    }
    audit::append(tx, edited, edited.at()).await
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = endorsements, treat_none_as_null = true)]
struct FormRow<'a> {
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

/// The file of a form; written only where it is what changes, so that nothing else can lose it.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = endorsements, treat_none_as_null = true)]
struct FileRow<'a> {
    file_sha256: Option<&'a [u8]>,
    file_name: Option<&'a str>,
    file_size: Option<i32>,
}

fn file_row(file: Option<&EndorsementFile>) -> Result<FileRow<'_>, Error> {
    let size = file.map(|file| i32::try_from(file.size_bytes)).transpose();
    Ok(FileRow {
        file_sha256: file.map(|file| file.sha256.as_slice()),
        file_name: file.map(|file| file.name.as_str()),
        file_size: size.map_err(broken("endorsements.file_size"))?,
    })
}

fn form_row(form: &Endorsement) -> FormRow<'_> {
    FormRow {
        form_number: form.form_number.as_str(),
        edition: form.edition.as_str(),
        title: form.title.as_str(),
        effect: form.effect.word().as_str(),
        scope: form.scope.word().as_str(),
        scheduled_parties: form.scope.parties().iter().map(NonBlank::as_str).collect(),
        notice_days: form.effect.notice_days().map(i32::from),
        effective_on: form.effective_on,
        ends_on: form.ends_on,
    }
}

async fn insert_forms(tx: &mut Tx, policy: PolicyId, forms: &[Endorsement]) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let rows: Vec<_> = forms
        .iter()
        .map(|form| {
            Ok::<_, Error>((
                endorsements::agency_id.eq(agency),
                endorsements::id.eq(form.id.uuid()),
                endorsements::policy_id.eq(policy.uuid()),
                form_row(form),
                file_row(form.file.as_ref())?,
            ))
        })
        .collect::<Result<_, _>>()?;
    diesel::insert_into(endorsements::table)
        .values(rows)
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Counts a change of a policy's forms.
async fn count_change(tx: &mut Tx, before: &PolicyRecord) -> Result<(), Error> {
    let id = before.policy.id;
    let changed = diesel::update(policies::table.find((tx.agency().uuid(), id.uuid())))
        .filter(policies::version.eq(before.version))
        .set(policies::version.eq(policies::version + 1))
        .execute(&mut tx.connection()?)
        .await?;
    match changed {
        0 => Err(stale(tx, id).await?),
        _ => Ok(()),
    }
}

/// Writes what became of a form's file. Its bytes are kept under their hash; what is taken off is not on the form any
/// more, but stays for the certificates that it went with.
///
/// # Errors
/// [`Error::Stale`] when the policy was changed since it was read.
pub async fn record_file_changed(tx: &mut Tx, changed: &FileChanged) -> Result<(), Error> {
    count_change(tx, changed.before()).await?;
    let file = match changed.change() {
        FileChange::Attached { file, bytes } => {
            let kept = documents::Kept {
                sha256: &file.sha256,
                bytes,
                pages: 0,
            };
            documents::keep(tx, [kept], changed.at()).await?;
            Some(file)
        }
        FileChange::Detached => None,
    };
    diesel::update(endorsements::table.find((tx.agency().uuid(), changed.form().uuid())))
        .set(file_row(file)?)
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, changed, changed.at()).await
}

/// The file of a form on a policy.
///
/// # Errors
/// [`Error::NotFound`] when the policy has no such form, or the form no file.
pub async fn endorsement_file(
    tx: &mut Tx,
    permit: &Permit<ViewPolicy>,
    id: EndorsementId,
) -> Result<(EndorsementFile, Document), Error> {
    let mut forms = permit.policy.endorsements.iter();
    let form = forms.find(|form| form.id == id).ok_or(Error::NotFound)?;
    let file = form.file.clone().ok_or(Error::NotFound)?;
    let document = documents::by_hash(tx, &file.sha256).await?;
    Ok((file, document))
}

/// Writes what became of a form.
///
/// # Errors
/// [`Error::Stale`] when the policy was changed since it was read; [`Error::Conflict`] when the policy has the form
/// already, or when a form is to go that a master certificate links.
pub async fn record_endorsed(tx: &mut Tx, endorsed: &Endorsed) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let id = endorsed.before().policy.id;
    count_change(tx, endorsed.before()).await?;
    match endorsed.change() {
        FormChange::Added(form) => insert_forms(tx, id, std::slice::from_ref(form)).await?,
        FormChange::Changed { after, .. } => {
            diesel::update(endorsements::table.find((agency, after.id.uuid())))
                .set(form_row(after))
                .execute(&mut tx.connection()?)
                .await?;
        }
        FormChange::Removed(form) => {
            diesel::delete(endorsements::table.find((agency, form.id.uuid())))
                .execute(&mut tx.connection()?)
                .await?;
        }
    }
    audit::append(tx, endorsed, endorsed.at()).await
}

/// Writes a new term with its forms and vehicles; the term before stays as it is.
///
/// # Errors
/// [`Error::Conflict`] when the term was renewed already, or when another policy has the new one's number, term and
/// line.
pub async fn record_renewed(tx: &mut Tx, renewed: &Renewed) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let next = renewed.next();
    let terms = Terms::from(next);
    let carrier = record_insurer(tx, &next.carrier).await?;
    diesel::insert_into(policies::table)
        .values((
            policies::agency_id.eq(agency),
            policies::id.eq(next.id.uuid()),
            policies::insured_id.eq(next.insured_id.uuid()),
            policies::line.eq(next.line().as_str()),
            policies::prior_id.eq(renewed.before().policy.id.uuid()),
            terms_row(&terms, carrier)?,
        ))
        .execute(&mut tx.connection()?)
        .await?;
    insert_forms(tx, next.id, &next.endorsements).await?;
    let cars: Vec<_> = next
        .vehicles
        .iter()
        .map(|vehicle| {
            (
                vehicles::agency_id.eq(agency),
                vehicles::id.eq(vehicle.id.uuid()),
                vehicles::policy_id.eq(next.id.uuid()),
                vehicles::year.eq(vehicle.year),
                vehicles::make.eq(vehicle.make.as_ref().map(NonBlank::as_str)),
                vehicles::model.eq(vehicle.model.as_ref().map(NonBlank::as_str)),
                vehicles::vin.eq(vehicle.vin.as_str()),
                vehicles::garaging_state.eq(vehicle.garaging_state.as_ref().map(UsState::as_str)),
            )
        })
        .collect();
    diesel::insert_into(vehicles::table)
        .values(cars)
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, renewed, renewed.at()).await
}

/// Somebody who holds a live certificate that names a policy.
#[derive(Clone, Debug, QueryableByName)]
pub struct PolicyHolder {
    /// The holder.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub id: Uuid,
    /// Its name.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub name: String,
    /// Where to reach it.
    #[diesel(sql_type = diesel::sql_types::Array<diesel::sql_types::Text>)]
    pub emails: Vec<String>,
    /// How many live certificates of it name the policy.
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub certificates: i64,
    /// The newest of them.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub certificate_id: Uuid,
    /// Its number.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub certificate_number: String,
    /// Its day of issue.
    #[diesel(sql_type = diesel::sql_types::Date)]
    pub issued_on: NaiveDate,
    /// Its moment of issue.
    #[diesel(sql_type = diesel::sql_types::Timestamptz)]
    pub issued_at: DateTime<Utc>,
    #[diesel(sql_type = diesel::sql_types::Text)]
    sort_key: String,
}

/// Who holds a live certificate that names a policy, by name. Live is one that stands, neither superseded nor
/// withdrawn, while the term that it prints runs: a cancellation does not end it, because its holder still
/// believes it.
///
/// # Errors
/// [`Error`] of the database.
pub async fn holders(
    tx: &mut Tx,
    permit: &Permit<ViewPolicyHolders>,
    today: NaiveDate,
    page: &PageRequest,
) -> Result<Page<PolicyHolder>, Error> {
    use diesel::sql_types::{BigInt, Date, Nullable, Text, Uuid as SqlUuid};
    let rows: Vec<PolicyHolder> = diesel::sql_query(
        "SELECT h.id, h.name, h.emails, l.certificates, l.certificate_id, l.certificate_number, l.issued_on, \
                l.issued_at, lower(h.name) AS sort_key \
         FROM (SELECT c.holder_id, count(*) AS certificates, \
                      (array_agg(c.id ORDER BY c.issued_at DESC, c.id DESC))[1] AS certificate_id, \
                      (array_agg(c.number ORDER BY c.issued_at DESC, c.id DESC))[1] AS certificate_number, \
                      (array_agg(c.issued_on ORDER BY c.issued_at DESC, c.id DESC))[1] AS issued_on, \
                      max(c.issued_at) AS issued_at \
               FROM certificate_policies n \
               JOIN certificates c ON c.agency_id = n.agency_id AND c.id = n.certificate_id \
               JOIN policies p ON p.agency_id = n.agency_id AND p.id = n.policy_id \
               WHERE n.agency_id = $1 AND n.policy_id = $2 AND c.state = 'issued' AND p.expires_on > $3 \
               GROUP BY c.holder_id) l \
         JOIN holders h ON h.agency_id = $1 AND h.id = l.holder_id \
         WHERE $4::text IS NULL OR (lower(h.name), h.id) > ($4, $5) \
         ORDER BY lower(h.name), h.id LIMIT $6",
    )
    .bind::<SqlUuid, _>(tx.agency().uuid())
    .bind::<SqlUuid, _>(permit.policy.id.uuid())
    .bind::<Date, _>(today)
    .bind::<Nullable<Text>, _>(page.after.as_ref().map(|after| after.key.clone()))
    .bind::<Nullable<SqlUuid>, _>(page.after.as_ref().map(|after| after.id))
    .bind::<BigInt, _>(page.probe())
    .load(&mut tx.connection()?)
    .await?;
    Ok(page.cut(rows, |last| After {
        key: last.sort_key.clone(),
        id: last.id,
    }))
}
