//! An insured's sign-in account: invited → active ⇄ suspended → revoked.
//!
//! Invariant: only staff change it; no portal operation reaches a right (checklist A1.23).

pub mod change;
pub mod open;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::authz::{Belongs, Right};
use crate::ids::{AgencyId, InsuredId, PasswordLinkId, PortalUserId};
use crate::text::{EmailAddress, Username};
use crate::vocabulary;

vocabulary! {
    /// Where a portal account stands.
    pub enum AccountStanding {
        /// Opened; no password chosen yet.
        Invited = "invited",
        /// In use.
        Active = "active",
        /// Closed for now; one click opens it again.
        Suspended = "suspended",
        /// Closed for good; only a new invitation opens it again.
        Revoked = "revoked",
    }
}

/// What an insured's profile says about its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub id: PortalUserId,
    /// Where it stands.
    pub standing: AccountStanding,
    /// When it last signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
}

/// An insured's sign-in account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalUser {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: PortalUserId,
    /// Counts changes.
    pub version: i32,
    /// Whose account it is.
    pub insured: InsuredId,
    /// The insured's name, for the trail.
    pub insured_name: String,
    /// What it signs in with.
    pub username: Username,
    /// Where links are mailed.
    pub email: EmailAddress,
    /// Where it stands.
    pub standing: AccountStanding,
    /// What the agency granted.
    pub rights: BTreeSet<Right>,
    /// Whether a password was ever chosen.
    pub has_password: bool,
    /// When it was opened or last invited.
    pub invited_at: DateTime<Utc>,
    /// When the first password was chosen.
    pub activated_at: Option<DateTime<Utc>>,
    /// Since when it is suspended.
    pub suspended_at: Option<DateTime<Utc>>,
    /// When it last signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Until when the newest unused link works.
    pub link_expires_at: Option<DateTime<Utc>>,
}

impl Belongs for PortalUser {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

vocabulary! {
    /// Why a link for choosing a password is mailed.
    pub enum LinkPurpose {
        /// The account is new, or was revoked and is opened again.
        Invitation = "invitation",
        /// The password is lost.
        Reset = "reset",
    }
}

impl LinkPurpose {
    /// How long the link works: 72 hours for an invitation, 60 minutes for a reset.
    #[must_use]
    pub const fn lifetime(self) -> chrono::TimeDelta {
        match self {
            Self::Invitation => chrono::TimeDelta::hours(72),
            Self::Reset => chrono::TimeDelta::minutes(60),
        }
    }
}

/// A single-use link that an outcome asks to be mailed; it replaces every link before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkOrder {
    /// The link's id.
    pub id: PasswordLinkId,
    /// Why.
    pub purpose: LinkPurpose,
    /// When it was ordered.
    pub created_at: DateTime<Utc>,
}

impl LinkOrder {
    /// Until when the link works.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.created_at + self.purpose.lifetime()
    }
}
