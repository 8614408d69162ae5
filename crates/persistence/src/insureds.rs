//! The customers of the agency.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::{ListInsureds, ViewInsured};
use countersign_domain::authz::{Actor, Operation, Permit, Scope};
use countersign_domain::ids::{ContactId, InsuredId, PortalUserId};
use countersign_domain::insureds::{Contact, Created, Edited, Insured, InsuredKind, Profile};
use countersign_domain::portal::{Account, AccountStanding};
use countersign_domain::text::{EmailAddress, NonBlank, PersonName, Phone};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::agencies::{address, optional};
use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest, anywhere};
use crate::schema::{contacts, insureds, portal_users};
use crate::{Error, audit};

#[derive(Queryable, Selectable)]
#[diesel(table_name = insureds)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    version: i32,
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

type AccountRow = (Uuid, String, Option<DateTime<Utc>>);

fn parse(row: Row, account: Option<AccountRow>, tx: &Tx) -> Result<Insured, Error> {
    let account = account
        .map(|(id, standing, last_sign_in_at)| {
            Ok::<_, Error>(Account {
                id: PortalUserId::from_uuid(id),
                standing: standing
                    .parse::<AccountStanding>()
                    .map_err(broken("portal_users.state"))?,
                last_sign_in_at,
            })
        })
        .transpose()?;
    Ok(Insured {
        agency: tx.agency(),
        id: InsuredId::from_uuid(row.id),
        version: row.version,
        profile: Profile {
            name: NonBlank::parse(&row.name).map_err(broken("insureds.name"))?,
            dba: optional(row.dba, "insureds.dba", NonBlank::parse)?,
            kind: row.kind.parse::<InsuredKind>().map_err(broken("insureds.kind"))?,
            trade: optional(row.trade, "insureds.trade", NonBlank::parse)?,
            email: optional(row.email, "insureds.email", EmailAddress::parse)?,
            phone: optional(row.phone, "insureds.phone", Phone::parse)?,
            address: address(
                &row.line1,
                row.line2.as_deref(),
                &row.city,
                &row.state,
                &row.postal_code,
            )?,
            customer_id: optional(row.customer_id, "insureds.customer_id", NonBlank::parse)?,
            fein: optional(row.fein, "insureds.fein", NonBlank::parse)?,
        },
        customer_since: row.customer_since,
        account,
    })
}

async fn load(tx: &mut Tx, id: InsuredId, lock: bool) -> Result<Insured, Error> {
    let agency = tx.agency().uuid();
    let query = insureds::table.find((agency, id.uuid())).select(Row::as_select());
    let account = portal_users::table
        .filter(portal_users::agency_id.eq(agency))
        .filter(portal_users::insured_id.eq(id.uuid()))
        .select((
            portal_users::id,
            portal_users::state,
            portal_users::last_sign_in_at,
        ));
    // Two statements that travel together: most pages begin with them.
    let connection = tx.connection()?;
    let (mut rows, mut accounts) = (connection, connection);
    let row = async {
        if lock {
            query.for_update().first::<Row>(&mut rows).await
        } else {
            query.first::<Row>(&mut rows).await
        }
    };
    let account = async { account.first::<AccountRow>(&mut accounts).await.optional() };
    let (row, account) = futures::try_join!(row, account)?;
    parse(row, account, tx)
}

/// Asks for an operation on an insured.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = Insured>>(
    tx: &mut Tx,
    actor: &Actor,
    id: InsuredId,
) -> Result<Permit<O>, Error> {
    let insured = load(tx, id, false).await?;
    Ok(actor.request::<O>(insured)?)
}

/// As [`find`], and holds the insured's row until the end of the transaction.
///
/// # Errors
/// As [`find`].
pub async fn lock<O: Operation<Target = Insured>>(
    tx: &mut Tx,
    actor: &Actor,
    id: InsuredId,
) -> Result<Permit<O>, Error> {
    let insured = load(tx, id, true).await?;
    Ok(actor.request::<O>(insured)?)
}

/// The people to reach at an insured, by name.
///
/// # Errors
/// [`Error`] of the database.
pub async fn contacts(tx: &mut Tx, permit: &Permit<ViewInsured>) -> Result<Vec<Contact>, Error> {
    contacts_of(tx, permit.id).await
}

pub(crate) async fn contacts_of(tx: &mut Tx, insured: InsuredId) -> Result<Vec<Contact>, Error> {
    type ContactRow = (Uuid, String, Option<String>, Option<String>, Option<String>);
    let rows: Vec<ContactRow> = contacts::table
        .filter(contacts::agency_id.eq(tx.agency().uuid()))
        .filter(contacts::insured_id.eq(insured.uuid()))
        .order(contacts::name.asc())
        .limit(200)
        .select((
            contacts::id,
            contacts::name,
            contacts::title,
            contacts::email,
            contacts::phone,
        ))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|(id, name, title, email, phone)| {
            Ok(Contact {
                id: ContactId::from_uuid(id),
                name: PersonName::parse(&name).map_err(broken("contacts.name"))?,
                title: optional(title, "contacts.title", NonBlank::parse)?,
                email: optional(email, "contacts.email", EmailAddress::parse)?,
                phone: optional(phone, "contacts.phone", Phone::parse)?,
            })
        })
        .collect()
}

/// How a list of insureds is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsuredSort {
    /// By name.
    Name,
    /// By name, backward.
    NameDescending,
    /// By city.
    City,
    /// By city, backward.
    CityDescending,
    /// The next policy to end first; who has none in force comes last.
    NextExpiration,
    /// The next policy to end last; who has none in force comes last all the same.
    NextExpirationDescending,
}

/// Which insureds are wanted.
#[derive(Clone, Debug)]
pub struct InsuredFilter {
    /// Part of a name, "doing business as", email or policy number.
    pub text: Option<String>,
    /// A state.
    pub state: Option<String>,
    /// The day against which cover is judged.
    pub today: NaiveDate,
    /// The order.
    pub sort: InsuredSort,
}

/// A row of the list.
#[derive(Clone, Debug, QueryableByName)]
pub struct InsuredRow {
    /// The insured.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Legal name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// "Doing business as".
    #[diesel(sql_type = Nullable<Text>)]
    pub dba: Option<String>,
    /// City.
    #[diesel(sql_type = Text)]
    pub city: String,
    /// State.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Email.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    /// Telephone.
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    /// Trade.
    #[diesel(sql_type = Nullable<Text>)]
    pub trade: Option<String>,
    /// Policies in force.
    #[diesel(sql_type = BigInt)]
    pub policy_count: i64,
    /// The next end of a policy in force.
    #[diesel(sql_type = Nullable<Date>)]
    pub next_expiration_on: Option<NaiveDate>,
    /// Where the portal account stands.
    #[diesel(sql_type = Nullable<Text>)]
    pub portal_state: Option<String>,
    #[diesel(sql_type = Text)]
    sort_key: String,
}

/// [`countersign_domain::policies::Policy::standing`] "in force" as a condition on columns of `policies`.
fn in_force(day: &str) -> String {
    format!(
        "effective_on <= {day} AND expires_on > {day} \
         AND (status IN ('active', 'bound', 'non_renewed') OR (status = 'cancelled' AND cancelled_on > {day}))"
    )
}

/// A page of insureds.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope<ListInsureds>,
    filter: &InsuredFilter,
    page: &PageRequest,
) -> Result<Page<InsuredRow>, Error> {
    let (key, direction) = match filter.sort {
        InsuredSort::Name => ("lower(i.name)", "ASC"),
        InsuredSort::NameDescending => ("lower(i.name)", "DESC"),
        InsuredSort::City => ("lower(i.city) || chr(1) || i.state", "ASC"),
        InsuredSort::CityDescending => ("lower(i.city) || chr(1) || i.state", "DESC"),
        InsuredSort::NextExpiration => ("coalesce(p.next_expiration_on::text, '9999-12-31')", "ASC"),
        InsuredSort::NextExpirationDescending => ("coalesce(p.next_expiration_on::text, '')", "DESC"),
    };
    let comparison = if direction == "ASC" { ">" } else { "<" };
    let in_force = in_force("$4");
    // Only the fixed words above enter the statement; everything a person typed is bound.
    let statement = format!(
        "SELECT i.id, i.name, i.dba, i.city, i.state, i.email, i.phone, i.trade, \
                p.policy_count, p.next_expiration_on, u.state AS portal_state, {key} AS sort_key \
         FROM insureds i \
         CROSS JOIN LATERAL ( \
             SELECT count(*) AS policy_count, \
                    min(least(expires_on, CASE WHEN status = 'cancelled' THEN cancelled_on END)) AS next_expiration_on \
             FROM policies \
             WHERE agency_id = i.agency_id AND insured_id = i.id AND {in_force}) p \
         LEFT JOIN portal_users u ON u.agency_id = i.agency_id AND u.insured_id = i.id \
         WHERE i.agency_id = $1 \
           AND ($2::text IS NULL OR i.name ILIKE $2 OR i.dba ILIKE $2 OR i.email ILIKE $2 OR i.customer_id ILIKE $2 \
                OR EXISTS (SELECT 1 FROM policies n WHERE n.agency_id = i.agency_id AND n.insured_id = i.id \
                           AND n.number ILIKE $2)) \
           AND ($3::text IS NULL OR i.state = $3) \
           AND ($5::text IS NULL OR ({key}, i.id) {comparison} ($5, $6)) \
         ORDER BY {key} {direction}, i.id {direction} LIMIT $7"
    );
    let rows: Vec<InsuredRow> = diesel::sql_query(statement)
        .bind::<SqlUuid, _>(scope.agency().uuid())
        .bind::<Nullable<Text>, _>(filter.text.as_deref().map(anywhere))
        .bind::<Nullable<Text>, _>(filter.state.as_deref())
        .bind::<Date, _>(filter.today)
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

/// Writes a new insured.
///
/// # Errors
/// [`Error::Conflict`] when the customer number is taken.
pub async fn record_created(tx: &mut Tx, created: &Created, now: DateTime<Utc>) -> Result<(), Error> {
    let profile = created.profile();
    diesel::insert_into(insureds::table)
        .values((
            insureds::agency_id.eq(tx.agency().uuid()),
            insureds::id.eq(created.id().uuid()),
            columns(profile),
            insureds::created_at.eq(now),
            insureds::updated_at.eq(now),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, created, now).await
}

/// Writes a changed insured.
///
/// # Errors
/// [`Error::Stale`] when it was changed since it was read; [`Error::Conflict`] when the customer number is taken.
pub async fn record_edited(tx: &mut Tx, edited: &Edited, now: DateTime<Utc>) -> Result<(), Error> {
    let before = edited.before();
    let changed = diesel::update(insureds::table.find((tx.agency().uuid(), before.id.uuid())))
        .filter(insureds::version.eq(before.version))
        .set((
            columns(edited.profile()),
            insureds::version.eq(insureds::version + 1),
            insureds::updated_at.eq(now),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 0 {
        let current = load(tx, before.id, false).await?.version;
        return Err(Error::Stale { current });
    }
    audit::append(tx, edited, now).await
}

type Assignments<'a> = (
    diesel::dsl::Eq<insureds::name, &'a str>,
    diesel::dsl::Eq<insureds::dba, Option<&'a str>>,
    diesel::dsl::Eq<insureds::kind, &'a str>,
    diesel::dsl::Eq<insureds::trade, Option<&'a str>>,
    diesel::dsl::Eq<insureds::email, Option<&'a str>>,
    diesel::dsl::Eq<insureds::phone, Option<&'a str>>,
    diesel::dsl::Eq<insureds::line1, &'a str>,
    diesel::dsl::Eq<insureds::line2, Option<&'a str>>,
    diesel::dsl::Eq<insureds::city, &'a str>,
    diesel::dsl::Eq<insureds::state, &'a str>,
    diesel::dsl::Eq<insureds::postal_code, &'a str>,
    diesel::dsl::Eq<insureds::customer_id, Option<&'a str>>,
    diesel::dsl::Eq<insureds::fein, Option<&'a str>>,
);

fn columns(profile: &Profile) -> Assignments<'_> {
    let home = &profile.address;
    (
        insureds::name.eq(profile.name.as_str()),
        insureds::dba.eq(profile.dba.as_ref().map(NonBlank::as_str)),
        insureds::kind.eq(profile.kind.as_str()),
        insureds::trade.eq(profile.trade.as_ref().map(NonBlank::as_str)),
        insureds::email.eq(profile.email.as_ref().map(EmailAddress::as_str)),
        insureds::phone.eq(profile.phone.as_ref().map(Phone::as_str)),
        insureds::line1.eq(home.line1.as_str()),
        insureds::line2.eq(home.line2.as_ref().map(NonBlank::as_str)),
        insureds::city.eq(home.city.as_str()),
        insureds::state.eq(home.state.as_str()),
        insureds::postal_code.eq(home.postal_code.as_str()),
        insureds::customer_id.eq(profile.customer_id.as_ref().map(NonBlank::as_str)),
        insureds::fein.eq(profile.fein.as_ref().map(NonBlank::as_str)),
    )
}

/// What the staff app's home page counts.
#[derive(Clone, Debug, QueryableByName)]
pub struct Counts {
    /// Insureds.
    #[diesel(sql_type = BigInt)]
    pub insureds: i64,
    /// Policies in force.
    #[diesel(sql_type = BigInt)]
    pub policies_in_force: i64,
    /// Certificates issued in the last 30 days.
    #[diesel(sql_type = BigInt)]
    pub certificates_30_days: i64,
}

/// A policy that ends soon.
#[derive(Clone, Debug, QueryableByName)]
pub struct Expiring {
    /// The policy.
    #[diesel(sql_type = SqlUuid)]
    pub policy_id: Uuid,
    /// Its insured.
    #[diesel(sql_type = SqlUuid)]
    pub insured_id: Uuid,
    /// The insured's name.
    #[diesel(sql_type = Text)]
    pub insured_name: String,
    /// The policy's number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// Its line.
    #[diesel(sql_type = Text)]
    pub line: String,
    /// The end of its term.
    #[diesel(sql_type = Date)]
    pub expires_on: NaiveDate,
    /// The day on which a cancellation takes effect.
    #[diesel(sql_type = Nullable<Date>)]
    pub cancelled_on: Option<NaiveDate>,
}

/// What the home page counts, and the policies in force that end within 30 days, by a term that nothing bound renews or
/// by a cancellation that is ahead.
///
/// # Errors
/// [`Error`] of the database.
pub async fn home(
    tx: &mut Tx,
    scope: &Scope<ListInsureds>,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(Counts, Vec<Expiring>), Error> {
    let agency = scope.agency().uuid();
    let mut connection = tx.connection()?;
    let in_force = in_force("$2");
    let counts = diesel::sql_query(format!(
        "SELECT (SELECT count(*) FROM insureds WHERE agency_id = $1) AS insureds, \
                (SELECT count(*) FROM policies WHERE agency_id = $1 AND {in_force}) AS policies_in_force, \
                (SELECT count(*) FROM certificates WHERE agency_id = $1 AND issued_at > $3 - interval '30 days') \
                   AS certificates_30_days",
    ))
    .bind::<SqlUuid, _>(agency)
    .bind::<Date, _>(today)
    .bind::<Timestamptz, _>(now)
    .get_result(&mut connection)
    .await?;
    let expiring = diesel::sql_query(format!(
        "SELECT p.id AS policy_id, p.insured_id, i.name AS insured_name, p.number, p.line, p.expires_on, p.cancelled_on \
         FROM policies p JOIN insureds i ON i.agency_id = p.agency_id AND i.id = p.insured_id \
         WHERE p.agency_id = $1 AND {in_force} \
           AND ((p.expires_on <= $2 + 30 \
                 AND NOT EXISTS (SELECT FROM policies next WHERE next.agency_id = p.agency_id AND next.prior_id = p.id \
                                 AND next.status IN ('active', 'bound'))) \
                OR (p.status = 'cancelled' AND p.cancelled_on <= $2 + 30)) \
         ORDER BY least(p.expires_on, p.cancelled_on), i.name, p.id LIMIT 50",
    ))
    .bind::<SqlUuid, _>(agency)
    .bind::<Date, _>(today)
    .load(&mut connection)
    .await?;
    Ok((counts, expiring))
}
