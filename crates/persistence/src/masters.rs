//! Master certificates.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::ViewMasters;
use countersign_domain::authz::{Actor, Operation, Permit};
use countersign_domain::certificates::follow::{Followed, Succession};
use countersign_domain::certificates::master::{Created, Edited, Master, MasterLine, Selection};
use countersign_domain::ids::{EndorsementId, InsuredId, MasterId, PolicyId};
use countersign_domain::policies::{Line, Policy};
use countersign_domain::text::NonBlank;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::schema::{master_lines, masters};
use crate::{Error, audit, policies};

#[derive(Queryable, Selectable)]
#[diesel(table_name = masters)]
struct Row {
    id: Uuid,
    version: i32,
    insured_id: Uuid,
    name: String,
    description: String,
    authorized_representative: String,
    portal_usable: bool,
    include_in_renewals: bool,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    last_used_at: Option<DateTime<Utc>>,
}

type LineRow = (Uuid, String, Uuid, Option<Uuid>, Option<Uuid>);

fn parse(row: Row, lines: BTreeMap<Line, MasterLine>, tx: &Tx) -> Result<Master, Error> {
    Ok(Master {
        agency: tx.agency(),
        id: MasterId::from_uuid(row.id),
        version: row.version,
        insured: InsuredId::from_uuid(row.insured_id),
        selection: Selection {
            name: NonBlank::parse(&row.name).map_err(broken("masters.name"))?,
            lines,
            description: row.description,
            authorized_representative: NonBlank::parse(&row.authorized_representative)
                .map_err(broken("masters.authorized_representative"))?,
            portal_usable: row.portal_usable,
            include_in_renewals: row.include_in_renewals,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
        },
        last_used_at: row.last_used_at,
    })
}

async fn complete(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Master>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let lines: Vec<LineRow> = master_lines::table
        .filter(master_lines::agency_id.eq(tx.agency().uuid()))
        .filter(master_lines::master_id.eq_any(&ids))
        .select((
            master_lines::master_id,
            master_lines::line,
            master_lines::policy_id,
            master_lines::additional_insured_id,
            master_lines::waiver_id,
        ))
        .load(&mut tx.connection()?)
        .await?;
    let mut by_master: BTreeMap<Uuid, BTreeMap<Line, MasterLine>> = BTreeMap::new();
    for (master, line, policy, additional_insured, waiver) in lines {
        let line: Line = line.parse().map_err(broken("master_lines.line"))?;
        by_master.entry(master).or_default().insert(
            line,
            MasterLine {
                policy: PolicyId::from_uuid(policy),
                additional_insured: additional_insured.map(EndorsementId::from_uuid),
                waiver: waiver.map(EndorsementId::from_uuid),
            },
        );
    }
    rows.into_iter()
        .map(|row| {
            let lines = by_master.remove(&row.id).unwrap_or_default();
            parse(row, lines, tx)
        })
        .collect()
}

pub(crate) async fn load(tx: &mut Tx, id: MasterId, lock: bool) -> Result<Master, Error> {
    let query = masters::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select());
    let row: Row = if lock {
        query.for_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    };
    complete(tx, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Asks for an operation on a master.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = Master>>(
    tx: &mut Tx,
    actor: &Actor,
    id: MasterId,
) -> Result<Permit<O>, Error> {
    let master = load(tx, id, false).await?;
    Ok(actor.request::<O>(master)?)
}

/// As [`find`], and holds the master's row until the end of the transaction.
///
/// # Errors
/// As [`find`].
pub async fn lock<O: Operation<Target = Master>>(
    tx: &mut Tx,
    actor: &Actor,
    id: MasterId,
) -> Result<Permit<O>, Error> {
    let master = load(tx, id, true).await?;
    Ok(actor.request::<O>(master)?)
}

/// An insured's masters by name, each with the policies it selects. In the portal, only those opened to it.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(tx: &mut Tx, permit: &Permit<ViewMasters>) -> Result<Vec<(Master, Vec<Policy>)>, Error> {
    let Masters {
        masters, policies, ..
    } = list_with_terms(tx, permit).await?;
    let selected = |master: &Master| {
        let sections = master.selection.lines.values();
        sections
            .filter_map(|line| policies.iter().find(|policy| policy.id == line.policy))
            .cloned()
            .collect()
    };
    Ok(masters
        .into_iter()
        .map(|master| {
            let policies = selected(&master);
            (master, policies)
        })
        .collect())
}

/// As [`list`], with all policies of the insured and which of them renews which.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list_with_terms(tx: &mut Tx, permit: &Permit<ViewMasters>) -> Result<Masters, Error> {
    let mut query = masters::table
        .filter(masters::agency_id.eq(tx.agency().uuid()))
        .filter(masters::insured_id.eq(permit.id.uuid()))
        .order((masters::name.asc(), masters::id.asc()))
        .limit(500)
        .select(Row::as_select())
        .into_boxed();
    if matches!(permit.actor(), Actor::Portal(_)) {
        query = query.filter(masters::portal_usable.eq(true));
    }
    let rows: Vec<Row> = query.load(&mut tx.connection()?).await?;
    let masters = complete(tx, rows).await?;
    let (policies, successions) = policies::terms_of(tx, permit.id).await?;
    Ok(Masters {
        masters,
        policies,
        successions,
    })
}

/// An insured's masters, and what is known about the policies that they may select.
#[derive(Debug)]
pub struct Masters {
    /// By name.
    pub masters: Vec<Master>,
    /// All policies of the insured.
    pub policies: Vec<Policy>,
    /// Which of them renews which.
    pub successions: Vec<Succession>,
}

/// The policies that a master selects.
///
/// # Errors
/// [`Error`] of the database.
pub async fn policies_of<O: Operation<Target = Master>>(
    tx: &mut Tx,
    permit: &Permit<O>,
) -> Result<Vec<Policy>, Error> {
    let ids: Vec<PolicyId> = permit.selection.lines.values().map(|line| line.policy).collect();
    policies::some_of(tx, permit.insured, &ids).await
}

/// All policies of the master's insured, and which of them renews which.
///
/// # Errors
/// [`Error`] of the database.
pub async fn terms_of<O: Operation<Target = Master>>(
    tx: &mut Tx,
    permit: &Permit<O>,
) -> Result<(Vec<Policy>, Vec<Succession>), Error> {
    policies::terms_of(tx, permit.insured).await
}

async fn write_lines(tx: &mut Tx, id: MasterId, selection: &Selection) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let rows: Vec<_> = selection
        .lines
        .iter()
        .map(|(line, section)| {
            (
                master_lines::agency_id.eq(agency),
                master_lines::master_id.eq(id.uuid()),
                master_lines::line.eq(line.as_str()),
                master_lines::policy_id.eq(section.policy.uuid()),
                master_lines::additional_insured_id.eq(section.additional_insured.map(EndorsementId::uuid)),
                master_lines::waiver_id.eq(section.waiver.map(EndorsementId::uuid)),
            )
        })
        .collect();
    diesel::insert_into(master_lines::table)
        .values(rows)
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes a new master.
///
/// # Errors
/// [`Error::Conflict`] when the insured has one of this name.
pub async fn record_created(tx: &mut Tx, created: &Created) -> Result<(), Error> {
    let selection = created.selection();
    diesel::insert_into(masters::table)
        .values((
            masters::agency_id.eq(tx.agency().uuid()),
            masters::id.eq(created.id().uuid()),
            masters::insured_id.eq(created.insured().uuid()),
            masters::name.eq(selection.name.as_str()),
            masters::description.eq(&selection.description),
            masters::authorized_representative.eq(selection.authorized_representative.as_str()),
            masters::portal_usable.eq(selection.portal_usable),
            masters::include_in_renewals.eq(selection.include_in_renewals),
            masters::valid_from.eq(selection.valid_from),
            masters::valid_until.eq(selection.valid_until),
            masters::created_at.eq(created.at()),
            masters::updated_at.eq(created.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    write_lines(tx, created.id(), selection).await?;
    audit::append(tx, created, created.at()).await
}

/// Writes a changed master.
///
/// # Errors
/// [`Error::Stale`] when it was changed since it was read; [`Error::Conflict`] when the name is taken.
pub async fn record_edited(tx: &mut Tx, edited: &Edited) -> Result<(), Error> {
    rewrite(tx, edited.before(), edited.selection(), edited.at()).await?;
    audit::append(tx, edited, edited.at()).await
}

/// Writes that a master followed its policies into their new terms.
///
/// # Errors
/// As [`record_edited`].
pub async fn record_followed(tx: &mut Tx, followed: &Followed) -> Result<(), Error> {
    rewrite(tx, followed.before(), followed.selection(), followed.at()).await?;
    audit::append(tx, followed, followed.at()).await
}

async fn rewrite(
    tx: &mut Tx,
    before: &Master,
    selection: &Selection,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let changed = diesel::update(masters::table.find((agency, before.id.uuid())))
        .filter(masters::version.eq(before.version))
        .set((
            masters::name.eq(selection.name.as_str()),
            masters::description.eq(&selection.description),
            masters::authorized_representative.eq(selection.authorized_representative.as_str()),
            masters::portal_usable.eq(selection.portal_usable),
            masters::include_in_renewals.eq(selection.include_in_renewals),
            masters::valid_from.eq(selection.valid_from),
            masters::valid_until.eq(selection.valid_until),
            masters::version.eq(masters::version + 1),
            masters::updated_at.eq(at),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 0 {
        let current = load(tx, before.id, false).await?.version;
        return Err(Error::Stale { current });
    }
    diesel::delete(
        master_lines::table
            .filter(master_lines::agency_id.eq(agency))
            .filter(master_lines::master_id.eq(before.id.uuid())),
    )
    .execute(&mut tx.connection()?)
    .await?;
    write_lines(tx, before.id, selection).await
}

pub(crate) async fn touch(tx: &mut Tx, id: MasterId, now: DateTime<Utc>) -> Result<(), Error> {
    diesel::update(masters::table.find((tx.agency().uuid(), id.uuid())))
        .set(masters::last_used_at.eq(now))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}
