//! What mails to people with an account are made of: password links and the notice after one was used.
//!
//! Invariants: a link's secret is made here, while it is being mailed, and only its hash is kept; making a
//! new one ends the one before; nothing is mailed for a link that no longer works.

use chrono::{DateTime, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::MailQueued;
use countersign_domain::ids::PasswordLinkId;
use countersign_domain::portal::{AccountStanding, LinkPurpose};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{insureds, password_links, portal_users, staff_users};
use crate::sessions::Token;

/// Whose account a mail is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person {
    /// A staff user.
    Staff {
        /// The first name, for the greeting.
        first_name: String,
    },
    /// An insured in the portal.
    Portal {
        /// The insured's name.
        insured: String,
    },
}

/// Whom to write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// Whose account.
    pub person: Person,
    /// What one signs in with.
    pub username: String,
    /// Where the mail goes.
    pub email: EmailAddress,
}

/// A link whose secret was just made.
#[derive(Clone, Debug)]
pub struct ArmedLink {
    /// Which link.
    pub id: PasswordLinkId,
    /// Why it is mailed.
    pub purpose: LinkPurpose,
    /// Whom to write to.
    pub to: Addressee,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// The secret part.
    pub token: Token,
    /// Tells this secret's mail from that of an earlier one; reveals nothing of the secret.
    pub mark: String,
}

/// What the mailer finds when it takes a link up.
#[derive(Clone, Debug)]
pub enum TakenUp {
    /// It is to be mailed; its secret was just made.
    Armed(Box<ArmedLink>),
    /// It was used: there is nothing left to mail.
    Used,
    /// A newer link took its place, or it was ended with the account.
    Replaced,
    /// The account is closed.
    Closed,
    /// Its time ran out after an earlier attempt whose end nobody knows.
    Expired(DateTime<Utc>),
}

/// A password that was chosen through a link.
#[derive(Clone, Debug)]
pub struct UsedLink {
    /// Which link.
    pub id: PasswordLinkId,
    /// Why it had been mailed.
    pub purpose: LinkPurpose,
    /// Whom to write to.
    pub to: Addressee,
    /// When the password was chosen.
    pub used_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = password_links)]
struct Row {
    staff_user_id: Option<Uuid>,
    portal_user_id: Option<Uuid>,
    purpose: String,
    expires_at: DateTime<Utc>,
    mailed_at: Option<DateTime<Utc>>,
    used_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

/// Whom a link belongs to, and whether the account is open to be used.
async fn owner(tx: &mut Tx, row: &Row) -> Result<(Addressee, bool), Error> {
    let agency = tx.agency().uuid();
    if let Some(id) = row.portal_user_id {
        let (username, email, state, insured): (String, String, String, String) = portal_users::table
            .inner_join(
                insureds::table.on(insureds::agency_id
                    .eq(portal_users::agency_id)
                    .and(insureds::id.eq(portal_users::insured_id))),
            )
            .filter(portal_users::agency_id.eq(agency))
            .filter(portal_users::id.eq(id))
            .select((
                portal_users::username,
                portal_users::email,
                portal_users::state,
                insureds::name,
            ))
            .first(&mut tx.connection()?)
            .await?;
        let standing: AccountStanding = state.parse().map_err(broken("portal_users.state"))?;
        let open = match standing {
            AccountStanding::Invited | AccountStanding::Active => true,
            AccountStanding::Suspended | AccountStanding::Revoked => false,
        };
        let email = EmailAddress::parse(&email).map_err(broken("portal_users.email"))?;
        return Ok((
            Addressee {
                person: Person::Portal { insured },
                username,
                email,
            },
            open,
        ));
    }
    let id = row
        .staff_user_id
        .ok_or_else(|| Error::Broken("password_links: nobody's".to_owned()))?;
    let (username, email, state, first_name): (String, String, String, String) = staff_users::table
        .find((agency, id))
        .select((
            staff_users::username,
            staff_users::email,
            staff_users::state,
            staff_users::first_name,
        ))
        .first(&mut tx.connection()?)
        .await?;
    let email = EmailAddress::parse(&email).map_err(broken("staff_users.email"))?;
    Ok((
        Addressee {
            person: Person::Staff { first_name },
            username,
            email,
        },
        state != "inactive",
    ))
}

/// Makes the secret of a link, in place of any that was made for it before. A link that was never mailed gets
/// its whole life from now on: what it waited in the queue is not the reader's loss.
///
/// # Errors
/// [`Error::NotFound`] when there is no such link; [`Error::Unavailable`] when the system has no randomness.
pub async fn arm_link(
    tx: &mut Tx,
    _permit: &Permit<MailQueued>,
    link: PasswordLinkId,
    now: DateTime<Utc>,
) -> Result<TakenUp, Error> {
    let agency = tx.agency();
    let row: Row = password_links::table
        .find((agency.uuid(), link.uuid()))
        .select(Row::as_select())
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    if row.used_at.is_some() {
        return Ok(TakenUp::Used);
    }
    if row.ended_at.is_some() {
        return Ok(TakenUp::Replaced);
    }
    let (to, open) = owner(tx, &row).await?;
    if !open {
        return Ok(TakenUp::Closed);
    }
    let purpose: LinkPurpose = row.purpose.parse().map_err(broken("password_links.purpose"))?;
    let expires_at = match row.mailed_at {
        None => now + purpose.lifetime(),
        Some(_) if row.expires_at <= now => return Ok(TakenUp::Expired(row.expires_at)),
        Some(_) => row.expires_at,
    };
    let token = Token::fresh(agency)?;
    let hash = token.hash().to_vec();
    // Hashed once more, so that neither the secret nor what the database keeps of it travels in a header.
    let mark = Sha256::digest(&hash)
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    diesel::update(password_links::table.find((agency.uuid(), link.uuid())))
        .set((
            password_links::token_hash.eq(hash),
            password_links::mailed_at.eq(now),
            password_links::expires_at.eq(expires_at),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(TakenUp::Armed(Box::new(ArmedLink {
        id: link,
        purpose,
        to,
        expires_at,
        token,
        mark,
    })))
}

/// Takes the secret back that was made for an attempt which surely did not leave the house: the link is as if
/// it had never been mailed, and lives its whole life from the next attempt on.
///
/// # Errors
/// [`Error`] of the database.
pub async fn disarm_link(tx: &mut Tx, _permit: &Permit<MailQueued>, armed: &ArmedLink) -> Result<(), Error> {
    diesel::update(password_links::table.find((tx.agency().uuid(), armed.id.uuid())))
        .filter(password_links::token_hash.eq(armed.token.hash().to_vec()))
        .filter(password_links::used_at.is_null())
        .set((
            password_links::token_hash.eq(None::<Vec<u8>>),
            password_links::mailed_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// The password that was chosen through a link. `None` when the link was not used.
///
/// # Errors
/// [`Error::NotFound`] when there is no such link.
pub async fn find_used(
    tx: &mut Tx,
    _permit: &Permit<MailQueued>,
    link: PasswordLinkId,
) -> Result<Option<UsedLink>, Error> {
    let row: Row = password_links::table
        .find((tx.agency().uuid(), link.uuid()))
        .select(Row::as_select())
        .first(&mut tx.connection()?)
        .await?;
    let Some(used_at) = row.used_at else {
        return Ok(None);
    };
    let (to, _) = owner(tx, &row).await?;
    let purpose = row.purpose.parse().map_err(broken("password_links.purpose"))?;
    Ok(Some(UsedLink {
        id: link,
        purpose,
        to,
        used_at,
    }))
}
