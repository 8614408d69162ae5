//! Writing holders: into the library, into an insured's dropdown, put away, and rid of doubles.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::holders::{Archived, Created, Edited, Holder, HolderProfile, Merged, Restored};
use countersign_domain::ids::{HolderId, InsuredId};
use countersign_domain::text::{EmailAddress, NonBlank, Phone};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{coalesce, groups, load, lower};
use crate::db::{Tx, insert};
use crate::schema::{holders, insured_holders, interests};
use crate::{Error, audit};

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = holders, treat_none_as_null = true)]
struct Written<'a> {
    name: &'a str,
    care_of: Option<&'a str>,
    line1: &'a str,
    line2: Option<&'a str>,
    city: &'a str,
    state: &'a str,
    postal_code: &'a str,
    emails: Vec<&'a str>,
    phone: Option<&'a str>,
    aliases: Vec<&'a str>,
    channel: Option<&'a str>,
}

fn written<'a>(profile: &'a HolderProfile, aliases: &'a [NonBlank]) -> Written<'a> {
    let home = &profile.address;
    Written {
        name: profile.name.as_str(),
        care_of: profile.care_of.as_ref().map(NonBlank::as_str),
        line1: home.line1.as_str(),
        line2: home.line2.as_ref().map(NonBlank::as_str),
        city: home.city.as_str(),
        state: home.state.as_str(),
        postal_code: home.postal_code.as_str(),
        emails: profile.emails.iter().map(EmailAddress::as_str).collect(),
        phone: profile.phone.as_ref().map(Phone::as_str),
        aliases: aliases.iter().map(NonBlank::as_str).collect(),
        channel: profile.channel.map(Channel::as_str),
    }
}

/// Adds a holder to the library, or finds the one that is there under the same name and address.
pub(crate) async fn add(
    tx: &mut Tx,
    id: HolderId,
    profile: &HolderProfile,
    now: DateTime<Utc>,
) -> Result<HolderId, Error> {
    let Some(known) = insert_unknown(tx, id, profile, now, None).await? else {
        return Ok(id);
    };
    // Whoever writes a holder down again that was put away wants it back.
    diesel::update(holders::table.find((tx.agency().uuid(), known.uuid())))
        .filter(holders::archived_at.is_not_null())
        .filter(holders::merged_into.is_null())
        .set(holders::archived_at.eq(None::<DateTime<Utc>>))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(known)
}

/// Adds a holder to the library and puts it away at once, or finds the one that is there under the same name and
/// address and leaves it as it is.
pub(crate) async fn add_put_away(
    tx: &mut Tx,
    id: HolderId,
    profile: &HolderProfile,
    now: DateTime<Utc>,
) -> Result<HolderId, Error> {
    let known = insert_unknown(tx, id, profile, now, Some(now)).await?;
    Ok(known.unwrap_or(id))
}

/// Writes a holder unless the library has it already, under the same name and address: that one, then.
async fn insert_unknown(
    tx: &mut Tx,
    id: HolderId,
    profile: &HolderProfile,
    now: DateTime<Utc>,
    archived_at: Option<DateTime<Utc>>,
) -> Result<Option<HolderId>, Error> {
    let agency = tx.agency().uuid();
    let home = &profile.address;
    let inserted = diesel::insert_into(holders::table)
        .values((
            holders::agency_id.eq(agency),
            holders::id.eq(id.uuid()),
            written(profile, &[]),
            holders::created_at.eq(now),
            holders::archived_at.eq(archived_at),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    if inserted == 1 {
        return Ok(None);
    }
    // As the unique index compares them, so that what it refused is what is found. A double stands for the one that
    // took its place.
    let text = |value: Option<&NonBlank>| value.map_or(String::new(), ToString::to_string);
    let known: (Uuid, Option<Uuid>) = holders::table
        .filter(holders::agency_id.eq(agency))
        .filter(lower(holders::name).eq(lower(profile.name.as_str())))
        .filter(lower(coalesce(holders::care_of, "")).eq(lower(text(profile.care_of.as_ref()))))
        .filter(lower(holders::line1).eq(lower(home.line1.as_str())))
        .filter(lower(coalesce(holders::line2, "")).eq(lower(text(home.line2.as_ref()))))
        .filter(lower(holders::city).eq(lower(home.city.as_str())))
        .filter(holders::state.eq(home.state.as_str()))
        .filter(holders::postal_code.eq(home.postal_code.as_str()))
        .select((holders::id, holders::merged_into))
        .first(&mut tx.connection()?)
        .await?;
    let (found, merged_into) = known;
    Ok(Some(HolderId::from_uuid(merged_into.unwrap_or(found))))
}

/// Puts holders into their insureds' dropdowns, or notes that they were used again.
pub(crate) async fn link(
    tx: &mut Tx,
    used: BTreeSet<(InsuredId, HolderId)>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let rows: Vec<_> = used
        .into_iter()
        .map(|(insured, holder)| {
            (
                insured_holders::agency_id.eq(agency),
                insured_holders::insured_id.eq(insured.uuid()),
                insured_holders::holder_id.eq(holder.uuid()),
                insured_holders::last_used_at.eq(now),
            )
        })
        .collect();
    let key = (
        insured_holders::agency_id,
        insured_holders::insured_id,
        insured_holders::holder_id,
    );
    let again = insured_holders::last_used_at.eq(now);
    insert!(tx, insured_holders::table, rows, .on_conflict(key).do_update().set(again));
    Ok(())
}

/// Writes a new holder.
///
/// # Errors
/// [`Error::Conflict`] when the library has it already, at the same address.
pub async fn record_created(tx: &mut Tx, created: &Created, now: DateTime<Utc>) -> Result<(), Error> {
    diesel::insert_into(holders::table)
        .values((
            holders::agency_id.eq(tx.agency().uuid()),
            holders::id.eq(created.id().uuid()),
            written(created.profile(), created.aliases()),
            holders::created_at.eq(now),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, created, now).await
}

/// Writes a changed holder.
///
/// # Errors
/// [`Error::Stale`] when it was changed since it was read; [`Error::Conflict`] when the library has such a one already.
pub async fn record_edited(tx: &mut Tx, edited: &Edited, now: DateTime<Utc>) -> Result<(), Error> {
    let before = edited.before();
    let changed = diesel::update(holders::table.find((tx.agency().uuid(), before.id.uuid())))
        .filter(holders::version.eq(before.version))
        .set((
            written(edited.profile(), edited.aliases()),
            holders::version.eq(holders::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 0 {
        let current = load(tx, before.id, false).await?.version;
        return Err(Error::Stale { current });
    }
    audit::append(tx, edited, now).await
}

async fn put(tx: &mut Tx, holder: &Holder, archived_at: Option<DateTime<Utc>>) -> Result<(), Error> {
    diesel::update(holders::table.find((tx.agency().uuid(), holder.id.uuid())))
        .set((
            holders::archived_at.eq(archived_at),
            holders::version.eq(holders::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Puts a holder away.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_archived(tx: &mut Tx, archived: &Archived) -> Result<(), Error> {
    put(tx, archived.holder(), Some(archived.at())).await?;
    audit::append(tx, archived, archived.at()).await
}

/// Brings a holder back.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_restored(tx: &mut Tx, restored: &Restored, now: DateTime<Utc>) -> Result<(), Error> {
    put(tx, restored.holder(), None).await?;
    audit::append(tx, restored, now).await
}

/// Writes a merge: the one that stays takes over the insureds, names and addresses of its double, and how it wants its
/// mail where nobody has said that of the one that stays.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_merged(tx: &mut Tx, merged: &Merged) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let (double, into) = (merged.double().id.uuid(), merged.into().uuid());
    let mut connection = tx.connection()?;
    let links: Vec<Moved> = diesel::delete(
        insured_holders::table
            .filter(insured_holders::agency_id.eq(agency))
            .filter(insured_holders::holder_id.eq(double)),
    )
    .returning(Moved::as_returning())
    .get_results(&mut connection)
    .await?;
    let links: Vec<_> = links
        .into_iter()
        .map(|link| {
            (
                insured_holders::agency_id.eq(agency),
                insured_holders::holder_id.eq(into),
                link,
            )
        })
        .collect();
    for some in links.chunks(5_000) {
        diesel::insert_into(insured_holders::table)
            .values(some)
            .on_conflict((
                insured_holders::agency_id,
                insured_holders::insured_id,
                insured_holders::holder_id,
            ))
            .do_update()
            // What is written down about the one that stays goes before what its double says.
            .set((
                insured_holders::last_used_at.eq(greatest(
                    insured_holders::last_used_at,
                    excluded(insured_holders::last_used_at),
                )),
                insured_holders::contract_reference.eq(first_text(
                    insured_holders::contract_reference,
                    excluded(insured_holders::contract_reference),
                )),
                insured_holders::requirements.eq(first_object(
                    nothing_if(insured_holders::requirements, serde_json::json!({})),
                    excluded(insured_holders::requirements),
                )),
                insured_holders::version.eq(insured_holders::version + 1),
            ))
            .execute(&mut connection)
            .await?;
    }
    // An interest is the holder that stays from now on.
    diesel::update(
        interests::table
            .filter(interests::agency_id.eq(agency))
            .filter(interests::holder_id.eq(double)),
    )
    .set(interests::holder_id.eq(into))
    .execute(&mut connection)
    .await?;
    groups::take_over(tx, merged.double().id, merged.into()).await?;
    let mut connection = tx.connection()?;
    // Doubles of the double point to the one that stays too, so that one step leads there.
    diesel::update(
        holders::table
            .filter(holders::agency_id.eq(agency))
            .filter(holders::merged_into.eq(double)),
    )
    .set(holders::merged_into.eq(into))
    .execute(&mut connection)
    .await?;
    diesel::update(holders::table.find((agency, double)))
        .set((
            holders::merged_into.eq(into),
            holders::archived_at.eq(merged.at()),
            holders::version.eq(holders::version + 1),
        ))
        .execute(&mut connection)
        .await?;
    let texts = |names: Vec<NonBlank>| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let emails: Vec<String> = merged.emails().iter().map(ToString::to_string).collect();
    diesel::update(holders::table.find((agency, into)))
        .set((
            holders::aliases.eq(texts(merged.aliases())),
            holders::emails.eq(emails),
            holders::channel.eq(merged.channel().map(Channel::as_str)),
            holders::version.eq(holders::version + 1),
        ))
        .execute(&mut connection)
        .await?;
    audit::append(tx, merged, merged.at()).await
}

/// A link that goes over to the holder that stays.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = insured_holders)]
struct Moved {
    insured_id: Uuid,
    last_used_at: Option<DateTime<Utc>>,
    contract_reference: Option<String>,
    renewals_stopped_at: Option<DateTime<Utc>>,
    requirements: serde_json::Value,
}

diesel::define_sql_function! {
    /// The text, or the other one where there is none.
    #[sql_name = "coalesce"]
    fn first_text(
        one: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        other: diesel::sql_types::Nullable<diesel::sql_types::Text>,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

diesel::define_sql_function! {
    /// The object, or the other one where there is none.
    #[sql_name = "coalesce"]
    fn first_object(
        one: diesel::sql_types::Nullable<diesel::sql_types::Jsonb>,
        other: diesel::sql_types::Jsonb,
    ) -> diesel::sql_types::Jsonb;
}

diesel::define_sql_function! {
    /// The object, unless it is that one.
    #[sql_name = "nullif"]
    fn nothing_if(
        one: diesel::sql_types::Jsonb,
        that: diesel::sql_types::Jsonb,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Jsonb>;
}

diesel::define_sql_function! {
    /// The later moment; one that is missing does not count.
    fn greatest(
        one: diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>,
        other: diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>;
}
