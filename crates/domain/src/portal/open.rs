//! Opening an account: rights are stored and the invitation is queued, all or nothing.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{LinkOrder, LinkPurpose};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::OpenPortalUser;
use crate::authz::{By, Permit, Right};
use crate::ids::{InsuredId, PasswordLinkId, PortalUserId};
use crate::insureds::Insured;
use crate::text::{EmailAddress, Username};

/// Why an account was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The insured has no e-mail address, so there is no username and nowhere to send the invitation.
    #[error("the insured has no e-mail address; add one under Edit insured")]
    EmailMissing,
    /// The insured has an account already.
    #[error("the insured has a portal account already; use Update User")]
    Exists,
}

/// An account was opened.
#[derive(Debug)]
pub struct Opened {
    id: PortalUserId,
    insured: Insured,
    email: EmailAddress,
    username: Username,
    rights: BTreeSet<Right>,
    link: LinkOrder,
    by: By,
}

/// Opens the account: the username is the insured's e-mail address.
///
/// # Errors
/// [`OpenError`]; nothing is written then.
pub fn open(
    permit: Permit<OpenPortalUser>,
    id: PortalUserId,
    link: PasswordLinkId,
    rights: BTreeSet<Right>,
    now: DateTime<Utc>,
) -> Result<Opened, OpenError> {
    if permit.account.is_some() {
        return Err(OpenError::Exists);
    }
    let email = permit.profile.email.clone().ok_or(OpenError::EmailMissing)?;
    // An address that was taken as an e-mail is a line without control characters, so it is a username.
    let username = Username::parse(email.as_str()).map_err(|_| OpenError::EmailMissing)?;
    let link = LinkOrder {
        id: link,
        purpose: LinkPurpose::Invitation,
        created_at: now,
    };
    let by = permit.by();
    Ok(Opened {
        id,
        insured: permit.into_target(),
        email,
        username,
        rights,
        link,
        by,
    })
}

impl Opened {
    /// The account's id.
    #[must_use]
    pub const fn id(&self) -> PortalUserId {
        self.id
    }

    /// Whose account it is.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured.id
    }

    /// Where the invitation goes.
    #[must_use]
    pub const fn email(&self) -> &EmailAddress {
        &self.email
    }

    /// What it signs in with.
    #[must_use]
    pub const fn username(&self) -> &Username {
        &self.username
    }

    /// What was granted.
    #[must_use]
    pub const fn rights(&self) -> &BTreeSet<Right> {
        &self.rights
    }

    /// The invitation.
    #[must_use]
    pub const fn link(&self) -> LinkOrder {
        self.link
    }
}

impl Audited for Opened {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::PortalUserOpened,
            insured: Some(self.insured.id),
            object_kind: "portal_user",
            object_id: Some(self.id.uuid()),
            object_label: self.username.to_string(),
            detail: json!({ "rights": self.rights, "email": self.email }),
        }
    }
}
