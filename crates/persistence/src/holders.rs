//! Certificate holders.

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::{ListHolders, ViewInsuredHolders};
use countersign_domain::authz::{Permit, Scope};
use countersign_domain::holders::{Holder, HolderProfile};
use countersign_domain::ids::{HolderId, InsuredId};
use countersign_domain::text::{EmailAddress, NonBlank, Phone};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::agencies::{address, optional};
use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest, anywhere};
use crate::schema::{holders, insured_holders};

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
}

fn parse(row: Row, tx: &Tx) -> Result<Holder, Error> {
    let emails = row.emails.into_iter();
    Ok(Holder {
        agency: tx.agency(),
        id: HolderId::from_uuid(row.id),
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
        },
    })
}

/// The agency's library, by name.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope<ListHolders>,
    text: Option<&str>,
    page: &PageRequest,
) -> Result<Page<Holder>, Error> {
    let mut query = holders::table
        .filter(holders::agency_id.eq(scope.agency().uuid()))
        .order((lower(holders::name).asc(), holders::id.asc()))
        .limit(page.probe())
        // The key comes from the database, whose lower case is not always Rust's.
        .select((Row::as_select(), lower(holders::name)))
        .into_boxed();
    if let Some(text) = text {
        query = query.filter(holders::name.ilike(anywhere(text)));
    }
    if let Some(after) = &page.after {
        query = query.filter(
            lower(holders::name).gt(after.key.clone()).or(lower(holders::name)
                .eq(after.key.clone())
                .and(holders::id.gt(after.id))),
        );
    }
    let rows: Vec<(Row, String)> = query.load(tx.connection()?).await?;
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

/// The holders that an insured used or is linked to, the latest first; they stay after the term ends.
///
/// # Errors
/// [`Error`] of the database.
pub async fn of_insured(
    tx: &mut Tx,
    permit: &Permit<ViewInsuredHolders>,
) -> Result<Vec<(Holder, Option<DateTime<Utc>>)>, Error> {
    let rows: Vec<(Row, Option<DateTime<Utc>>)> = insured_holders::table
        .inner_join(
            holders::table.on(holders::agency_id
                .eq(insured_holders::agency_id)
                .and(holders::id.eq(insured_holders::holder_id))),
        )
        .filter(insured_holders::agency_id.eq(tx.agency().uuid()))
        .filter(insured_holders::insured_id.eq(permit.id.uuid()))
        .order((
            insured_holders::last_used_at.desc().nulls_last(),
            holders::name.asc(),
        ))
        .limit(500)
        .select((Row::as_select(), insured_holders::last_used_at))
        .load(tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|(row, used)| Ok((parse(row, tx)?, used)))
        .collect()
}

pub(crate) async fn by_id(tx: &mut Tx, id: HolderId) -> Result<Option<Holder>, Error> {
    let row: Option<Row> = holders::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select())
        .first(tx.connection()?)
        .await
        .optional()?;
    row.map(|row| parse(row, tx)).transpose()
}

/// Whether the holder stands in this insured's dropdown; a portal user may pick no other.
pub(crate) async fn is_linked(tx: &mut Tx, insured: InsuredId, holder: HolderId) -> Result<bool, Error> {
    let link = insured_holders::table.find((tx.agency().uuid(), insured.uuid(), holder.uuid()));
    Ok(diesel::select(diesel::dsl::exists(link))
        .get_result(tx.connection()?)
        .await?)
}

/// Adds a holder to the library, or finds the one that is there under the same name and address.
pub(crate) async fn add(
    tx: &mut Tx,
    id: HolderId,
    profile: &HolderProfile,
    now: DateTime<Utc>,
) -> Result<HolderId, Error> {
    let agency = tx.agency().uuid();
    let home = &profile.address;
    let inserted = diesel::insert_into(holders::table)
        .values((
            holders::agency_id.eq(agency),
            holders::id.eq(id.uuid()),
            holders::name.eq(profile.name.as_str()),
            holders::care_of.eq(profile.care_of.as_ref().map(NonBlank::as_str)),
            holders::line1.eq(home.line1.as_str()),
            holders::line2.eq(home.line2.as_ref().map(NonBlank::as_str)),
            holders::city.eq(home.city.as_str()),
            holders::state.eq(home.state.as_str()),
            holders::postal_code.eq(home.postal_code.as_str()),
            holders::emails.eq(profile
                .emails
                .iter()
                .map(EmailAddress::as_str)
                .collect::<Vec<_>>()),
            holders::phone.eq(profile.phone.as_ref().map(Phone::as_str)),
            holders::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.connection()?)
        .await?;
    if inserted == 1 {
        return Ok(id);
    }
    // As the unique index compares them, so that what it refused is what is found.
    let text = |value: Option<&NonBlank>| value.map_or(String::new(), ToString::to_string);
    let known: Uuid = holders::table
        .filter(holders::agency_id.eq(agency))
        .filter(lower(holders::name).eq(lower(profile.name.as_str())))
        .filter(lower(coalesce(holders::care_of, "")).eq(lower(text(profile.care_of.as_ref()))))
        .filter(lower(holders::line1).eq(lower(home.line1.as_str())))
        .filter(lower(coalesce(holders::line2, "")).eq(lower(text(home.line2.as_ref()))))
        .filter(lower(holders::city).eq(lower(home.city.as_str())))
        .filter(holders::state.eq(home.state.as_str()))
        .filter(holders::postal_code.eq(home.postal_code.as_str()))
        .select(holders::id)
        .first(tx.connection()?)
        .await?;
    Ok(HolderId::from_uuid(known))
}

/// Puts a holder into an insured's dropdown, or notes that it was used again.
pub(crate) async fn link(
    tx: &mut Tx,
    insured: InsuredId,
    holder: HolderId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(insured_holders::table)
        .values((
            insured_holders::agency_id.eq(tx.agency().uuid()),
            insured_holders::insured_id.eq(insured.uuid()),
            insured_holders::holder_id.eq(holder.uuid()),
            insured_holders::last_used_at.eq(now),
        ))
        .on_conflict((
            insured_holders::agency_id,
            insured_holders::insured_id,
            insured_holders::holder_id,
        ))
        .do_update()
        .set(insured_holders::last_used_at.eq(now))
        .execute(tx.connection()?)
        .await?;
    Ok(())
}
