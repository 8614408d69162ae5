//! The agency of the transaction.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::agency::{Agency, AgencyProfile, Edited, Zone};
use countersign_domain::authz::{Actor, Operation, Permit};
use countersign_domain::ids::AgencyId;
use countersign_domain::text::{Address, Color, EmailAddress, NonBlank, Phone, PostalCode, Slug, UsState};
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;

use crate::db::{Db, Tx};
use crate::error::broken;
use crate::schema::agencies;
use crate::{Error, audit};

#[derive(Queryable, Selectable)]
#[diesel(table_name = agencies)]
struct Row {
    id: uuid::Uuid,
    slug: String,
    name: String,
    time_zone: String,
    line1: Option<String>,
    line2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    phone: Option<String>,
    fax: Option<String>,
    email: Option<String>,
    contact_name: Option<String>,
    reply_to: Option<String>,
    support_text: Option<String>,
    accent_color: String,
    authorized_representative: Option<String>,
    version: i32,
    portal_channel: String,
}

/// Parses an optional column.
pub(crate) fn optional<T, E: std::fmt::Display>(
    text: Option<String>,
    place: &'static str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, Error> {
    text.map(|text| parse(&text).map_err(broken(place))).transpose()
}

/// The five columns of an address, all of them required.
pub(crate) fn address(
    line1: &str,
    line2: Option<&str>,
    city: &str,
    state: &str,
    postal_code: &str,
) -> Result<Address, Error> {
    Ok(Address {
        line1: NonBlank::parse(line1).map_err(broken("line1"))?,
        line2: line2.map(NonBlank::parse).transpose().map_err(broken("line2"))?,
        city: NonBlank::parse(city).map_err(broken("city"))?,
        state: UsState::parse(state).map_err(broken("state"))?,
        postal_code: PostalCode::parse(postal_code).map_err(broken("postal_code"))?,
    })
}

impl TryFrom<Row> for Agency {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let address = match (&row.line1, &row.city, &row.state, &row.postal_code) {
            (Some(line1), Some(city), Some(state), Some(zip)) => {
                Some(address(line1, row.line2.as_deref(), city, state, zip)?)
            }
            _ => None,
        };
        Ok(Self {
            id: AgencyId::from_uuid(row.id),
            slug: Slug::parse(&row.slug).map_err(broken("agencies.slug"))?,
            version: row.version,
            profile: AgencyProfile {
                name: NonBlank::parse(&row.name).map_err(broken("agencies.name"))?,
                address,
                phone: optional(row.phone, "agencies.phone", Phone::parse)?,
                fax: optional(row.fax, "agencies.fax", Phone::parse)?,
                email: optional(row.email, "agencies.email", EmailAddress::parse)?,
                contact_name: optional(row.contact_name, "agencies.contact_name", NonBlank::parse)?,
                reply_to: optional(row.reply_to, "agencies.reply_to", EmailAddress::parse)?,
                support_text: optional(row.support_text, "agencies.support_text", NonBlank::parse)?,
                accent_color: Color::parse(&row.accent_color).map_err(broken("agencies.accent_color"))?,
                authorized_representative: optional(
                    row.authorized_representative,
                    "agencies.authorized_representative",
                    NonBlank::parse,
                )?,
                zone: Zone::parse(&row.time_zone).map_err(broken("agencies.time_zone"))?,
                portal_channel: row
                    .portal_channel
                    .parse()
                    .map_err(broken("agencies.portal_channel"))?,
            },
        })
    }
}

/// The agency itself; its name, color and zone are on every page, so no permit is asked for.
pub(crate) async fn current(tx: &mut Tx) -> Result<Agency, Error> {
    let row: Row = agencies::table
        .find(tx.agency().uuid())
        .select(Row::as_select())
        .first(&mut tx.connection()?)
        .await?;
    row.try_into()
}

/// Asks for an operation on the agency.
///
/// # Errors
/// [`Error::Denied`] with the rule that spoke.
pub async fn find<O: Operation<Target = Agency>>(tx: &mut Tx, actor: &Actor) -> Result<Permit<O>, Error> {
    let agency = current(tx).await?;
    Ok(actor.request::<O>(agency)?)
}

/// The agency's public face: what a sign-in page shows to anybody.
///
/// # Errors
/// [`Error`] of the database.
pub async fn card(tx: &mut Tx) -> Result<Agency, Error> {
    current(tx).await
}

/// Writes a changed profile.
///
/// # Errors
/// [`Error::Stale`] when the agency was changed since it was read.
pub async fn record_edited(tx: &mut Tx, edited: &Edited, now: DateTime<Utc>) -> Result<(), Error> {
    let profile = edited.profile();
    let home = profile.address.as_ref();
    let changed = diesel::update(agencies::table.find(tx.agency().uuid()))
        .filter(agencies::version.eq(edited.before().version))
        .set((
            agencies::name.eq(profile.name.as_str()),
            agencies::time_zone.eq(profile.zone.name()),
            (
                agencies::line1.eq(home.map(|a| a.line1.as_str())),
                agencies::line2.eq(home.and_then(|a| a.line2.as_ref()).map(NonBlank::as_str)),
                agencies::city.eq(home.map(|a| a.city.as_str())),
                agencies::state.eq(home.map(|a| a.state.as_str())),
                agencies::postal_code.eq(home.map(|a| a.postal_code.as_str())),
            ),
            agencies::phone.eq(profile.phone.as_ref().map(Phone::as_str)),
            agencies::fax.eq(profile.fax.as_ref().map(Phone::as_str)),
            agencies::email.eq(profile.email.as_ref().map(EmailAddress::as_str)),
            agencies::contact_name.eq(profile.contact_name.as_ref().map(NonBlank::as_str)),
            agencies::reply_to.eq(profile.reply_to.as_ref().map(EmailAddress::as_str)),
            agencies::support_text.eq(profile.support_text.as_ref().map(NonBlank::as_str)),
            agencies::accent_color.eq(profile.accent_color.as_str()),
            agencies::authorized_representative
                .eq(profile.authorized_representative.as_ref().map(NonBlank::as_str)),
            agencies::portal_channel.eq(profile.portal_channel.as_str()),
            agencies::version.eq(agencies::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 0 {
        return Err(Error::Stale {
            current: current(tx).await?.version,
        });
    }
    audit::append(tx, edited, now).await
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    id: Option<uuid::Uuid>,
}

/// The agency of a slug: the one question that precedes an agency.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn id_of(db: &Db, slug: &Slug) -> Result<AgencyId, Error> {
    let found: Id = db
        .outside(async |connection| {
            Ok(diesel::sql_query("SELECT agency_id_of_slug($1) AS id")
                .bind::<sql_types::Text, _>(slug.as_str())
                .get_result(connection)
                .await?)
        })
        .await?;
    found.id.map(AgencyId::from_uuid).ok_or(Error::NotFound)
}

/// Whole days of the agency's zone as moments, from the first one on and before the second; without days the zone
/// is not asked for.
pub(crate) async fn moments(
    tx: &mut Tx,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Result<(Option<DateTime<Utc>>, Option<DateTime<Utc>>), Error> {
    if from.is_none() && until.is_none() {
        return Ok((None, None));
    }
    let zone = current(tx).await?.profile.zone;
    let after_last = until.and_then(|day| day.succ_opt());
    Ok((
        from.map(|day| zone.start_of(day)),
        after_last.map(|day| zone.start_of(day)),
    ))
}
