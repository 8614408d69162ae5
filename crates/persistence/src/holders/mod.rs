//! Certificate holders.

mod groups;
mod links;
mod record;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use countersign_domain::audit::Action;
use countersign_domain::authz::rules::{EditHolderGroup, ListHolders, ViewHolder, ViewInsuredHolders};
use countersign_domain::authz::{Actor, Operation, Permit, Scope};
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::holders::{Holder, HolderGroup, HolderProfile, HolderStanding};
use countersign_domain::ids::{HolderGroupId, HolderId, InsuredId};
use countersign_domain::text::{EmailAddress, NonBlank, Phone};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::agencies::{address, optional};
use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest, folded, folded_anywhere};
use crate::schema::{audit_entries, holder_group_members, holders, insured_holders, insureds};

pub use groups::{
    GroupSize, groups, groups_there_are, lock_group, record_group_changed, record_group_created,
    record_group_deleted, record_group_renamed,
};
pub(crate) use links::terms_of;
pub use links::{CheckedCertificate, checked, find_link, record_link_edited};
pub(crate) use record::{add, add_put_away, link};
pub use record::{record_archived, record_created, record_edited, record_merged, record_restored};

diesel::define_sql_function! {
    /// Lower case, as the index has it.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

diesel::define_sql_function! {
    /// The text, or the other one where there is none.
    fn coalesce(
        text: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        other: diesel::sql_types::Text,
    ) -> diesel::sql_types::Text;
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = holders)]
struct Row {
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
    version: i32,
    aliases: Vec<String>,
    archived_at: Option<DateTime<Utc>>,
    merged_into: Option<Uuid>,
    channel: Option<String>,
}

fn parse(row: Row, tx: &Tx) -> Result<Holder, Error> {
    let emails = row.emails.into_iter();
    Ok(Holder {
        agency: tx.agency(),
        id: HolderId::from_uuid(row.id),
        version: row.version,
        aliases: row
            .aliases
            .iter()
            .map(|alias| NonBlank::parse(alias).map_err(broken("holders.aliases")))
            .collect::<Result<_, _>>()?,
        standing: match (row.merged_into, row.archived_at) {
            (Some(into), Some(at)) => HolderStanding::Merged {
                into: HolderId::from_uuid(into),
                at,
            },
            (_, Some(at)) => HolderStanding::Archived { at },
            (_, None) => HolderStanding::Listed,
        },
        profile: HolderProfile {
            name: NonBlank::parse(&row.name).map_err(broken("holders.name"))?,
            care_of: optional(row.care_of, "holders.care_of", NonBlank::parse)?,
            address: address(
                &row.line1,
                row.line2.as_deref(),
                &row.city,
                &row.state,
                &row.postal_code,
            )?,
            emails: emails
                .map(|email| EmailAddress::parse(&email).map_err(broken("holders.emails")))
                .collect::<Result<_, _>>()?,
            phone: optional(row.phone, "holders.phone", Phone::parse)?,
            channel: channel(row.channel)?,
        },
    })
}

/// How a holder wants its mail, as it is written down.
pub(crate) fn channel(word: Option<String>) -> Result<Option<Channel>, Error> {
    let parsed = word.map(|word| word.parse().map_err(broken("holders.channel")));
    parsed.transpose()
}

/// Which holders are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct HolderFilter<'a> {
    /// Part of a name that it has or had, or of an alias, whatever its case and accents.
    pub text: Option<&'a str>,
    /// Those that were put away, instead of those in use. Doubles that were merged are in neither.
    pub archived: bool,
    /// Only those of a group.
    pub group: Option<HolderGroupId>,
}

/// The agency's library, by name.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope<ListHolders>,
    filter: HolderFilter<'_>,
    page: &PageRequest,
) -> Result<Page<Holder>, Error> {
    let mut query = holders::table
        .filter(holders::agency_id.eq(scope.agency().uuid()))
        .order((lower(holders::name).asc(), holders::id.asc()))
        .limit(page.probe())
        // The key comes from the database, whose lower case is not always Rust's.
        .select((Row::as_select(), lower(holders::name)))
        .into_boxed();
    query = match filter.archived {
        true => query
            .filter(holders::archived_at.is_not_null())
            .filter(holders::merged_into.is_null()),
        false => query.filter(holders::archived_at.is_null()),
    };
    if let Some(text) = filter.text {
        query = query.filter(holders::names_folded.like(folded_anywhere(text)));
    }
    if let Some(group) = filter.group {
        let members = holder_group_members::table
            .filter(holder_group_members::agency_id.eq(scope.agency().uuid()))
            .filter(holder_group_members::group_id.eq(group.uuid()))
            .select(holder_group_members::holder_id);
        query = query.filter(holders::id.eq_any(members));
    }
    if let Some(after) = &page.after {
        query = query.filter(
            lower(holders::name).gt(after.key.clone()).or(lower(holders::name)
                .eq(after.key.clone())
                .and(holders::id.gt(after.id))),
        );
    }
    let rows: Vec<(Row, String)> = query.load(&mut tx.connection()?).await?;
    let page = page.cut(rows, |(last, key)| After {
        key: key.clone(),
        id: last.id,
    });
    let holders = page.rows.into_iter().map(|(row, _)| parse(row, tx));
    Ok(Page {
        rows: holders.collect::<Result<_, _>>()?,
        next: page.next,
    })
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: Uuid,
}

/// Above so many names it is quicker to walk the log by date and look at each name.
const FEW: i32 = 300;

/// The holders with this part in a name that they have or had; none when it stands in too many to be worth asking.
pub(crate) async fn named(tx: &mut Tx, part: &str) -> Result<Option<Vec<Uuid>>, Error> {
    let found: Vec<Id> = diesel::sql_query("SELECT id FROM holders_named($1, $2) AS id")
        .bind::<diesel::sql_types::Text, _>(part)
        .bind::<diesel::sql_types::Integer, _>(FEW + 1)
        .load(&mut tx.connection()?)
        .await?;
    let few = usize::try_from(FEW).is_ok_and(|few| found.len() <= few);
    Ok(few.then(|| found.into_iter().map(|row| row.id).collect()))
}

/// A holder of an insured's dropdown.
#[derive(Clone, Debug)]
pub struct UsedHolder {
    /// The holder.
    pub holder: Holder,
    /// When the insured last used it.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The contract or project that the holder's request is about.
    pub contract_reference: Option<String>,
}

/// The holders that an insured used or is linked to, the latest first; they stay after the term ends, until they
/// are put away.
///
/// # Errors
/// [`Error`] of the database.
pub async fn of_insured(tx: &mut Tx, permit: &Permit<ViewInsuredHolders>) -> Result<Vec<UsedHolder>, Error> {
    type UsedRow = (Row, Option<DateTime<Utc>>, Option<String>);
    let rows: Vec<UsedRow> = insured_holders::table
        .inner_join(
            holders::table.on(holders::agency_id
                .eq(insured_holders::agency_id)
                .and(holders::id.eq(insured_holders::holder_id))),
        )
        .filter(insured_holders::agency_id.eq(tx.agency().uuid()))
        .filter(insured_holders::insured_id.eq(permit.id.uuid()))
        .filter(holders::archived_at.is_null())
        .order((
            insured_holders::last_used_at.desc().nulls_last(),
            holders::name.asc(),
        ))
        .limit(500)
        .select((
            Row::as_select(),
            insured_holders::last_used_at,
            insured_holders::contract_reference,
        ))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|(row, last_used_at, contract_reference)| {
            Ok(UsedHolder {
                holder: parse(row, tx)?,
                last_used_at,
                contract_reference,
            })
        })
        .collect()
}

pub(crate) async fn by_id(tx: &mut Tx, id: HolderId) -> Result<Option<Holder>, Error> {
    let row: Option<Row> = holders::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select())
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    row.map(|row| parse(row, tx)).transpose()
}

/// How a holder wants its mail; of a double, how the one does that took its place.
pub(crate) async fn preference(tx: &mut Tx, id: HolderId) -> Result<Option<Channel>, Error> {
    let holder = match by_id(tx, id).await? {
        Some(Holder {
            standing: HolderStanding::Merged { into, .. },
            ..
        }) => by_id(tx, into).await?,
        found => found,
    };
    Ok(holder.and_then(|holder| holder.profile.channel))
}

/// Those of these holders that are in the library, in no order.
pub(crate) async fn by_ids(tx: &mut Tx, ids: &[HolderId]) -> Result<Vec<Holder>, Error> {
    let rows: Vec<Row> = holders::table
        .filter(holders::agency_id.eq(tx.agency().uuid()))
        .filter(holders::id.eq_any(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>()))
        .select(Row::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(|row| parse(row, tx)).collect()
}

/// Holders that bear one of these names or aliases, whatever their case, or have one of these addresses: those in use and
/// those that were archived, not doubles that were merged.
pub(crate) async fn called(tx: &mut Tx, names: &[String], emails: &[String]) -> Result<Vec<Holder>, Error> {
    // The server's own lower case is what both sides are compared in.
    let rows: Vec<Uuid> = diesel::sql_query(
        "SELECT h.id FROM holders h WHERE h.agency_id = $1 AND h.merged_into IS NULL AND (\
             lower(h.name) IN (SELECT lower(n) FROM unnest($2) n) \
             OR EXISTS (SELECT 1 FROM unnest(h.aliases) a WHERE lower(a) IN (SELECT lower(n) FROM unnest($2) n)) \
             OR EXISTS (SELECT 1 FROM unnest(h.emails) e WHERE lower(e) IN (SELECT lower(m) FROM unnest($3) m))) \
         ORDER BY h.archived_at IS NOT NULL, h.id LIMIT 2000",
    )
    .bind::<diesel::sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<diesel::sql_types::Array<diesel::sql_types::Text>, _>(names)
    .bind::<diesel::sql_types::Array<diesel::sql_types::Text>, _>(emails)
    .load::<IdRow>(&mut tx.connection()?)
    .await?
    .into_iter()
    .map(|row| row.id)
    .collect();
    let ids: Vec<HolderId> = rows.into_iter().map(HolderId::from_uuid).collect();
    by_ids(tx, &ids).await
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: Uuid,
}

/// Whether the holder stands in this insured's dropdown; a portal user may pick no other.
pub(crate) async fn is_linked(tx: &mut Tx, insured: InsuredId, holder: HolderId) -> Result<bool, Error> {
    let link = insured_holders::table.find((tx.agency().uuid(), insured.uuid(), holder.uuid()));
    Ok(diesel::select(diesel::dsl::exists(link))
        .get_result(&mut tx.connection()?)
        .await?)
}

async fn load(tx: &mut Tx, id: HolderId, lock: bool) -> Result<Holder, Error> {
    let query = holders::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select());
    let row: Row = if lock {
        query.for_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    };
    parse(row, tx)
}

/// Asks for an operation on a holder.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = Holder>>(
    tx: &mut Tx,
    actor: &Actor,
    id: HolderId,
) -> Result<Permit<O>, Error> {
    let holder = load(tx, id, false).await?;
    Ok(actor.request::<O>(holder)?)
}

/// As [`find`], and holds the holder's row until the end of the transaction.
///
/// # Errors
/// As [`find`].
pub async fn lock<O: Operation<Target = Holder>>(
    tx: &mut Tx,
    actor: &Actor,
    id: HolderId,
) -> Result<Permit<O>, Error> {
    let holder = load(tx, id, true).await?;
    Ok(actor.request::<O>(holder)?)
}

/// An insured in whose dropdown a holder stands.
#[derive(Clone, Debug, Queryable)]
pub struct LinkedInsured {
    /// The insured.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// When it last used the holder.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The contract or project that the holder's request is about.
    pub contract_reference: Option<String>,
    /// Since when renewals are not sent to the holder; none while they are.
    pub renewals_stopped_at: Option<DateTime<Utc>>,
}

/// At most this many insureds are shown with a holder.
pub const SHOWN: i64 = 100;

/// The insureds that used a holder or are linked to it, the latest first, at most [`SHOWN`].
///
/// # Errors
/// [`Error`] of the database.
pub async fn insureds_of(tx: &mut Tx, permit: &Permit<ViewHolder>) -> Result<Vec<LinkedInsured>, Error> {
    let rows = insured_holders::table
        .inner_join(
            insureds::table.on(insureds::agency_id
                .eq(insured_holders::agency_id)
                .and(insureds::id.eq(insured_holders::insured_id))),
        )
        .filter(insured_holders::agency_id.eq(tx.agency().uuid()))
        .filter(insured_holders::holder_id.eq(permit.id.uuid()))
        .order((
            insured_holders::last_used_at.desc().nulls_last(),
            insureds::name.asc(),
        ))
        .limit(SHOWN)
        .select((
            insureds::id,
            insureds::name,
            insured_holders::last_used_at,
            insured_holders::contract_reference,
            insured_holders::renewals_stopped_at,
        ));
    Ok(rows.load(&mut tx.connection()?).await?)
}

/// The groups that a holder is in, by name.
///
/// # Errors
/// [`Error`] of the database.
pub async fn groups_with(tx: &mut Tx, permit: &Permit<ViewHolder>) -> Result<Vec<HolderGroup>, Error> {
    groups::groups_of(tx, permit.id).await
}

/// Those of these holders that may join a group: in the library, and no doubles.
///
/// # Errors
/// [`Error`] of the database.
pub async fn may_join(
    tx: &mut Tx,
    _permit: &Permit<EditHolderGroup>,
    ids: &[HolderId],
) -> Result<HashSet<HolderId>, Error> {
    let found = by_ids(tx, ids).await?.into_iter();
    Ok(found
        .filter(|holder| !matches!(holder.standing, HolderStanding::Merged { .. }))
        .map(|holder| holder.id)
        .collect())
}

/// The customer numbers of the insureds in whose dropdowns these holders stand, in order.
///
/// A number that a list in a cell would take for several is left out.
///
/// # Errors
/// [`Error`] of the database.
pub async fn customers_of(
    tx: &mut Tx,
    scope: &Scope<ListHolders>,
    chosen: &[HolderId],
) -> Result<HashMap<HolderId, Vec<String>>, Error> {
    let agency = scope.agency().uuid();
    let chosen: Vec<Uuid> = chosen.iter().map(|id| id.uuid()).collect();
    let links: Vec<(Uuid, Uuid)> = insured_holders::table
        .filter(insured_holders::agency_id.eq(agency))
        .filter(insured_holders::holder_id.eq_any(chosen))
        .select((insured_holders::holder_id, insured_holders::insured_id))
        .load(&mut tx.connection()?)
        .await?;
    let linked: HashSet<Uuid> = links.iter().map(|(_, insured)| *insured).collect();
    let numbers: HashMap<Uuid, String> = insureds::table
        .filter(insureds::agency_id.eq(agency))
        .filter(insureds::id.eq_any(linked))
        .filter(insureds::customer_id.is_not_null())
        .select((insureds::id, insureds::customer_id.assume_not_null()))
        .load::<(Uuid, String)>(&mut tx.connection()?)
        .await?
        .into_iter()
        .collect();
    let mut found: HashMap<HolderId, Vec<String>> = HashMap::new();
    for (holder, insured) in links {
        let number = numbers.get(&insured).filter(|number| !number.contains(';'));
        found
            .entry(HolderId::from_uuid(holder))
            .or_default()
            .extend(number.cloned());
    }
    for numbers in found.values_mut() {
        numbers.sort();
    }
    Ok(found)
}

diesel::define_sql_function! {
    /// How alike two texts are by their trigrams, from 0 to 1.
    fn similarity(one: diesel::sql_types::Text, other: diesel::sql_types::Text) -> diesel::sql_types::Float;
}

diesel::infix_operator!(IsLike, " % ", backend: diesel::pg::Pg);

fn is_like<L, R>(one: L, other: R) -> IsLike<L, R>
where
    L: Expression<SqlType = diesel::sql_types::Text>,
    R: Expression<SqlType = diesel::sql_types::Text>,
{
    IsLike::new(one, other)
}

/// A double that was merged into a holder.
#[derive(Clone, Debug)]
pub struct MergedDouble {
    /// The double.
    pub id: Uuid,
    /// Its name at that time.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who merged it; the name outlives the account.
    pub by_name: String,
}

/// The doubles that were merged into a holder, or into one of those, the latest first, at most [`SHOWN`]. When and by
/// whom is told by the trail.
///
/// # Errors
/// [`Error`] of the database.
pub async fn merged_into(tx: &mut Tx, permit: &Permit<ViewHolder>) -> Result<Vec<MergedDouble>, Error> {
    type Told = (Option<Uuid>, String, DateTime<Utc>, String);
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let doubles: Vec<Uuid> = holders::table
        .filter(holders::agency_id.eq(agency))
        .filter(holders::merged_into.eq(permit.id.uuid()))
        .order((holders::archived_at.desc(), holders::id.asc()))
        .limit(SHOWN)
        .select(holders::id)
        .load(&mut connection)
        .await?;
    if doubles.is_empty() {
        return Ok(Vec::new());
    }
    let told: Vec<Told> = audit_entries::table
        .filter(audit_entries::agency_id.eq(agency))
        .filter(audit_entries::object_id.eq_any(doubles))
        .filter(audit_entries::action.eq(Action::HolderMerged.as_str()))
        .order((audit_entries::at.desc(), audit_entries::seq.desc()))
        .select((
            audit_entries::object_id,
            audit_entries::object_label,
            audit_entries::at,
            audit_entries::actor_name,
        ))
        .load(&mut connection)
        .await?;
    let told = told.into_iter().filter_map(|(id, name, at, by_name)| {
        Some(MergedDouble {
            id: id?,
            name,
            at,
            by_name,
        })
    });
    Ok(told.collect())
}

/// Holders in use that may be doubles of this one, the most alike first, at most ten.
///
/// # Errors
/// [`Error`] of the database.
pub async fn alike(tx: &mut Tx, permit: &Permit<ViewHolder>) -> Result<Vec<Holder>, Error> {
    alike_to(tx, &permit.profile.name, permit.id, false).await
}

/// Holders that may be the one which somebody is about to write down under this name, the most alike first, at most ten; of
/// those that were archived, too, since it would be brought back rather than written down twice.
///
/// # Errors
/// [`Error`] of the database.
pub async fn similar(
    tx: &mut Tx,
    _scope: &Scope<ListHolders>,
    name: &NonBlank,
) -> Result<Vec<Holder>, Error> {
    alike_to(tx, name, HolderId::from_uuid(Uuid::nil()), true).await
}

async fn alike_to(
    tx: &mut Tx,
    name: &NonBlank,
    without: HolderId,
    archived: bool,
) -> Result<Vec<Holder>, Error> {
    let name = name.as_str();
    let mut query = holders::table
        .filter(holders::agency_id.eq(tx.agency().uuid()))
        .filter(holders::id.ne(without.uuid()))
        .filter(holders::merged_into.is_null())
        .filter(is_like(holders::names_folded, folded(name)))
        .filter(similarity(holders::name, name).ge(ALIKE))
        .order((similarity(holders::name, name).desc(), holders::id.asc()))
        .limit(10)
        .select(Row::as_select())
        .into_boxed();
    if !archived {
        query = query.filter(holders::archived_at.is_null());
    }
    let rows: Vec<Row> = query.load(&mut tx.connection()?).await?;
    rows.into_iter().map(|row| parse(row, tx)).collect()
}

/// From here on two names may mean the same: "Northgate Builders" and "Northgate Bldrs" do, two companies that share
/// the words of their trade do not.
const ALIKE: f32 = 0.5;
