//! Groups of holders.

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::{CreateHolderGroup, ListHolders};
use countersign_domain::authz::{Actor, Operation, Permit, Scope};
use countersign_domain::holders::HolderGroup;
use countersign_domain::holders::groups::{GroupChanged, GroupCreated, GroupDeleted, GroupRenamed};
use countersign_domain::ids::{HolderGroupId, HolderId};
use countersign_domain::text::NonBlank;
use diesel::dsl::count;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::lower;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{holder_group_members, holder_groups, holders};
use crate::{Error, audit};

fn group(tx: &Tx, (id, version, name): (Uuid, i32, String)) -> Result<HolderGroup, Error> {
    Ok(HolderGroup {
        agency: tx.agency(),
        id: HolderGroupId::from_uuid(id),
        version,
        name: NonBlank::parse(&name).map_err(broken("holder_groups.name"))?,
    })
}

/// A group, and how many holders in use are in it.
#[derive(Clone, Debug)]
pub struct GroupSize {
    /// The group.
    pub group: HolderGroup,
    /// How many holders in use are in it.
    pub holders: i64,
}

/// The agency's groups, by name.
///
/// # Errors
/// [`Error`] of the database.
pub async fn groups(tx: &mut Tx, scope: &Scope<ListHolders>) -> Result<Vec<GroupSize>, Error> {
    let agency = scope.agency().uuid();
    let rows: Vec<(Uuid, i32, String)> = holder_groups::table
        .filter(holder_groups::agency_id.eq(agency))
        .order((lower(holder_groups::name).asc(), holder_groups::id.asc()))
        .select((holder_groups::id, holder_groups::version, holder_groups::name))
        .load(&mut tx.connection()?)
        .await?;
    let sizes: Vec<(Uuid, i64)> = holder_group_members::table
        .inner_join(
            holders::table.on(holders::agency_id
                .eq(holder_group_members::agency_id)
                .and(holders::id.eq(holder_group_members::holder_id))),
        )
        .filter(holder_group_members::agency_id.eq(agency))
        .filter(holders::archived_at.is_null())
        .group_by(holder_group_members::group_id)
        .select((
            holder_group_members::group_id,
            count(holder_group_members::holder_id),
        ))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|row| {
            let found = sizes.iter().find(|(id, _)| *id == row.0);
            Ok(GroupSize {
                group: group(tx, row)?,
                holders: found.map_or(0, |(_, holders)| *holders),
            })
        })
        .collect()
}

/// The groups that a holder is in, by name.
pub(crate) async fn groups_of(tx: &mut Tx, holder: HolderId) -> Result<Vec<HolderGroup>, Error> {
    let rows: Vec<(Uuid, i32, String)> = holder_group_members::table
        .inner_join(
            holder_groups::table.on(holder_groups::agency_id
                .eq(holder_group_members::agency_id)
                .and(holder_groups::id.eq(holder_group_members::group_id))),
        )
        .filter(holder_group_members::agency_id.eq(tx.agency().uuid()))
        .filter(holder_group_members::holder_id.eq(holder.uuid()))
        .order((lower(holder_groups::name).asc(), holder_groups::id.asc()))
        .select((holder_groups::id, holder_groups::version, holder_groups::name))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(|row| group(tx, row)).collect()
}

/// How many groups there are, for one more to be made.
///
/// # Errors
/// [`Error`] of the database.
pub async fn groups_there_are(tx: &mut Tx, _permit: &Permit<CreateHolderGroup>) -> Result<usize, Error> {
    let found: i64 = holder_groups::table
        .filter(holder_groups::agency_id.eq(tx.agency().uuid()))
        .count()
        .get_result(&mut tx.connection()?)
        .await?;
    usize::try_from(found).map_err(broken("holder_groups"))
}

/// Asks for an operation on a group, and holds its row until the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn lock_group<O: Operation<Target = HolderGroup>>(
    tx: &mut Tx,
    actor: &Actor,
    id: HolderGroupId,
) -> Result<Permit<O>, Error> {
    let row: (Uuid, i32, String) = holder_groups::table
        .find((tx.agency().uuid(), id.uuid()))
        .select((holder_groups::id, holder_groups::version, holder_groups::name))
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    Ok(actor.request::<O>(group(tx, row)?)?)
}

/// Writes a new group.
///
/// # Errors
/// [`Error::Conflict`] when there is one of this name.
pub async fn record_group_created(
    tx: &mut Tx,
    created: &GroupCreated,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(holder_groups::table)
        .values((
            holder_groups::agency_id.eq(tx.agency().uuid()),
            holder_groups::id.eq(created.id().uuid()),
            holder_groups::name.eq(created.name().as_str()),
            holder_groups::created_at.eq(now),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, created, now).await
}

/// Writes another name.
///
/// # Errors
/// [`Error::Conflict`] when there is one of this name.
pub async fn record_group_renamed(
    tx: &mut Tx,
    renamed: &GroupRenamed,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(holder_groups::table.find((tx.agency().uuid(), renamed.before().id.uuid())))
        .set((
            holder_groups::name.eq(renamed.name().as_str()),
            holder_groups::version.eq(holder_groups::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, renamed, now).await
}

/// Takes a group away.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_group_deleted(
    tx: &mut Tx,
    deleted: &GroupDeleted,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::delete(holder_groups::table.find((tx.agency().uuid(), deleted.group().id.uuid())))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, deleted, now).await
}

/// Writes who joined a group and who left it. Somebody who was in it already stays.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_group_changed(
    tx: &mut Tx,
    changed: &GroupChanged,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (agency, id) = (tx.agency().uuid(), changed.group().id.uuid());
    let left: Vec<Uuid> = changed.left().iter().map(|holder| holder.uuid()).collect();
    diesel::delete(
        holder_group_members::table
            .filter(holder_group_members::agency_id.eq(agency))
            .filter(holder_group_members::group_id.eq(id))
            .filter(holder_group_members::holder_id.eq_any(left)),
    )
    .execute(&mut tx.connection()?)
    .await?;
    let joined: Vec<_> = changed
        .joined()
        .iter()
        .map(|holder| {
            (
                holder_group_members::agency_id.eq(agency),
                holder_group_members::group_id.eq(id),
                holder_group_members::holder_id.eq(holder.uuid()),
            )
        })
        .collect();
    diesel::insert_into(holder_group_members::table)
        .values(joined)
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, changed, now).await
}

/// Lets the holder that stays take the places of its double.
pub(super) async fn take_over(tx: &mut Tx, double: HolderId, into: HolderId) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let left: Vec<Uuid> = diesel::delete(
        holder_group_members::table
            .filter(holder_group_members::agency_id.eq(agency))
            .filter(holder_group_members::holder_id.eq(double.uuid())),
    )
    .returning(holder_group_members::group_id)
    .get_results(&mut tx.connection()?)
    .await?;
    let joined: Vec<_> = left
        .into_iter()
        .map(|group| {
            (
                holder_group_members::agency_id.eq(agency),
                holder_group_members::group_id.eq(group),
                holder_group_members::holder_id.eq(into.uuid()),
            )
        })
        .collect();
    diesel::insert_into(holder_group_members::table)
        .values(joined)
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}
