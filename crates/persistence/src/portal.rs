//! The insureds' sign-in accounts.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::ManagePortalUser;
use countersign_domain::authz::{Actor, Permit, Right};
use countersign_domain::ids::{InsuredId, JobId, PortalUserId};
use countersign_domain::jobs::Job;
use countersign_domain::portal::change::{Change, Changed};
use countersign_domain::portal::open::Opened;
use countersign_domain::portal::{AccountStanding, LinkOrder, PortalUser};
use countersign_domain::text::{EmailAddress, Username};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::schema::{insureds, password_links, portal_users, sessions};
use crate::{Error, audit, jobs};

#[derive(Queryable, Selectable)]
#[diesel(table_name = portal_users)]
struct Row {
    id: Uuid,
    version: i32,
    insured_id: Uuid,
    username: String,
    email: String,
    state: String,
    password_hash: Option<String>,
    rights: Vec<String>,
    invited_at: DateTime<Utc>,
    activated_at: Option<DateTime<Utc>>,
    suspended_at: Option<DateTime<Utc>>,
    last_sign_in_at: Option<DateTime<Utc>>,
}

/// Reads stored rights; a word the catalogue does not know is refused, not dropped.
pub(crate) fn rights(words: Vec<String>) -> Result<BTreeSet<Right>, Error> {
    words
        .into_iter()
        .map(|word| word.parse().map_err(broken("portal_users.rights")))
        .collect()
}

/// Asks to see or change an insured's account, and holds its row until the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when no account was opened; [`Error::Denied`].
pub async fn lock(tx: &mut Tx, actor: &Actor, insured: InsuredId) -> Result<Permit<ManagePortalUser>, Error> {
    let agency = tx.agency();
    let mut connection = tx.connection()?;
    let row: Row = portal_users::table
        .filter(portal_users::agency_id.eq(agency.uuid()))
        .filter(portal_users::insured_id.eq(insured.uuid()))
        .select(Row::as_select())
        .for_update()
        .first(&mut connection)
        .await?;
    let insured_name: String = insureds::table
        .find((agency.uuid(), insured.uuid()))
        .select(insureds::name)
        .first(&mut connection)
        .await?;
    let link_expires_at: Option<DateTime<Utc>> = password_links::table
        .filter(password_links::agency_id.eq(agency.uuid()))
        .filter(password_links::portal_user_id.eq(row.id))
        .filter(password_links::used_at.is_null())
        .filter(password_links::ended_at.is_null())
        .select(password_links::expires_at)
        .first(&mut connection)
        .await
        .optional()?;
    let user = PortalUser {
        agency,
        id: PortalUserId::from_uuid(row.id),
        version: row.version,
        insured: InsuredId::from_uuid(row.insured_id),
        insured_name,
        username: Username::parse(&row.username).map_err(broken("portal_users.username"))?,
        email: EmailAddress::parse(&row.email).map_err(broken("portal_users.email"))?,
        standing: row.state.parse().map_err(broken("portal_users.state"))?,
        rights: rights(row.rights)?,
        has_password: row.password_hash.is_some(),
        invited_at: row.invited_at,
        activated_at: row.activated_at,
        suspended_at: row.suspended_at,
        last_sign_in_at: row.last_sign_in_at,
        link_expires_at,
    };
    Ok(actor.request(user)?)
}

fn words(rights: &BTreeSet<Right>) -> Vec<&'static str> {
    rights.iter().map(|right| right.as_str()).collect()
}

/// Ends the links before, writes the new one, and queues its mail.
pub(crate) async fn order_link(
    tx: &mut Tx,
    user: PortalUserId,
    link: LinkOrder,
    job: JobId,
) -> Result<(), Error> {
    end_links(tx, user, link.created_at).await?;
    diesel::insert_into(password_links::table)
        .values((
            password_links::agency_id.eq(tx.agency().uuid()),
            password_links::id.eq(link.id.uuid()),
            password_links::app.eq("portal"),
            password_links::portal_user_id.eq(user.uuid()),
            password_links::purpose.eq(link.purpose.as_str()),
            password_links::created_at.eq(link.created_at),
            password_links::expires_at.eq(link.expires_at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    jobs::enqueue(tx, &Job::MailPasswordLink { link: link.id }, job, link.created_at).await
}

async fn end_links(tx: &mut Tx, user: PortalUserId, now: DateTime<Utc>) -> Result<(), Error> {
    diesel::update(
        password_links::table
            .filter(password_links::agency_id.eq(tx.agency().uuid()))
            .filter(password_links::portal_user_id.eq(user.uuid()))
            .filter(password_links::used_at.is_null())
            .filter(password_links::ended_at.is_null()),
    )
    .set(password_links::ended_at.eq(now))
    .execute(&mut tx.connection()?)
    .await?;
    Ok(())
}

async fn end_sessions(tx: &mut Tx, user: PortalUserId) -> Result<(), Error> {
    diesel::delete(
        sessions::table
            .filter(sessions::agency_id.eq(tx.agency().uuid()))
            .filter(sessions::portal_user_id.eq(user.uuid())),
    )
    .execute(&mut tx.connection()?)
    .await?;
    Ok(())
}

/// Writes an opened account, its invitation, the trace and the job that mails it: all or nothing.
///
/// # Errors
/// [`Error::Conflict`] when the insured has an account or the username is taken.
pub async fn record_opened(tx: &mut Tx, opened: &Opened, job: JobId) -> Result<(), Error> {
    let link = opened.link();
    diesel::insert_into(portal_users::table)
        .values((
            portal_users::agency_id.eq(tx.agency().uuid()),
            portal_users::id.eq(opened.id().uuid()),
            portal_users::insured_id.eq(opened.insured().uuid()),
            portal_users::username.eq(opened.username().as_str()),
            portal_users::email.eq(opened.email().as_str()),
            portal_users::state.eq(AccountStanding::Invited.as_str()),
            portal_users::rights.eq(words(opened.rights())),
            portal_users::invited_at.eq(link.created_at),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    order_link(tx, opened.id(), link, job).await?;
    audit::append(tx, opened, link.created_at).await
}

/// Writes a changed account and what follows from the change: ended sessions, ended links, a queued mail.
///
/// # Errors
/// [`Error::Conflict`] when the username is taken.
pub async fn record_changed(
    tx: &mut Tx,
    changed: &Changed,
    job: JobId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let user = changed.before().id;
    let row = portal_users::table.find((tx.agency().uuid(), user.uuid()));
    let bump = portal_users::version.eq(portal_users::version + 1);
    match changed.change() {
        Change::Rights(rights) => {
            let set = (bump, portal_users::rights.eq(words(rights)));
            diesel::update(row)
                .set(set)
                .execute(&mut tx.connection()?)
                .await?;
        }
        Change::Username(username) => {
            let set = (bump, portal_users::username.eq(username.as_str()));
            diesel::update(row)
                .set(set)
                .execute(&mut tx.connection()?)
                .await?;
        }
        Change::Suspended(at) => {
            // Sessions stay, so that the next request can say clearly why it is refused.
            let set = (
                bump,
                portal_users::state.eq(AccountStanding::Suspended.as_str()),
                portal_users::suspended_at.eq(*at),
            );
            diesel::update(row)
                .set(set)
                .execute(&mut tx.connection()?)
                .await?;
            end_links(tx, user, *at).await?;
        }
        Change::Resumed => {
            let standing = if changed.before().has_password {
                AccountStanding::Active
            } else {
                AccountStanding::Invited
            };
            let set = (
                bump,
                portal_users::state.eq(standing.as_str()),
                portal_users::suspended_at.eq(None::<DateTime<Utc>>),
            );
            diesel::update(row)
                .set(set)
                .execute(&mut tx.connection()?)
                .await?;
            // Whoever had a session may be the reason for the suspension: all sign in anew.
            end_sessions(tx, user).await?;
        }
        Change::Revoked(at) => {
            let set = (
                bump,
                portal_users::state.eq(AccountStanding::Revoked.as_str()),
                portal_users::revoked_at.eq(*at),
                portal_users::password_hash.eq(None::<String>),
            );
            diesel::update(row)
                .set(set)
                .execute(&mut tx.connection()?)
                .await?;
            end_links(tx, user, *at).await?;
            end_sessions(tx, user).await?;
        }
        Change::Invited(link) => {
            let set = (
                bump,
                portal_users::state.eq(AccountStanding::Invited.as_str()),
                portal_users::invited_at.eq(link.created_at),
                portal_users::suspended_at.eq(None::<DateTime<Utc>>),
                portal_users::revoked_at.eq(None::<DateTime<Utc>>),
            );
            diesel::update(row)
                .set(set)
                .execute(&mut tx.connection()?)
                .await?;
            order_link(tx, user, *link, job).await?;
        }
        Change::ResetMailed(link) => order_link(tx, user, *link, job).await?,
    }
    audit::append(tx, changed, now).await
}
