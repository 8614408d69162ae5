//! Changing an account after it was opened: rights, username, suspension, links.
//!
//! All of these leave the same kind of outcome: the account before, what changed, and the trace.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{AccountStanding, LinkOrder, LinkPurpose, PortalUser};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::ManagePortalUser;
use crate::authz::{By, Permit, Right};
use crate::ids::PasswordLinkId;
use crate::text::Username;

/// Why an account was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The change does not fit where the account stands.
    #[error("the account is {0}, so this cannot be done")]
    WrongStanding(AccountStanding),
}

/// What becomes of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Other rights.
    Rights(BTreeSet<Right>),
    /// Another username.
    Username(Username),
    /// Closed for now; sessions end.
    Suspended(DateTime<Utc>),
    /// Open again.
    Resumed,
    /// Closed for good; the password and every session are destroyed.
    Revoked(DateTime<Utc>),
    /// Invited (again); older links die, and a revoked account starts over.
    Invited(LinkOrder),
    /// A reset link is mailed; older links die.
    ResetMailed(LinkOrder),
}

/// An account was changed.
#[derive(Debug)]
pub struct Changed {
    before: PortalUser,
    change: Change,
    by: By,
}

impl Changed {
    /// The account as it was.
    #[must_use]
    pub const fn before(&self) -> &PortalUser {
        &self.before
    }

    /// What became of it.
    #[must_use]
    pub const fn change(&self) -> &Change {
        &self.change
    }
}

fn changed(permit: Permit<ManagePortalUser>, change: Change) -> Changed {
    let by = permit.by();
    Changed {
        before: permit.into_target(),
        change,
        by,
    }
}

/// Replaces the rights; they take effect on the insured's next request.
///
/// # Errors
/// [`ChangeError::WrongStanding`] when the account is revoked.
pub fn grant(permit: Permit<ManagePortalUser>, rights: BTreeSet<Right>) -> Result<Changed, ChangeError> {
    refuse(&permit, &[AccountStanding::Revoked])?;
    Ok(changed(permit, Change::Rights(rights)))
}

/// Changes what the account signs in with; the old name stops working.
///
/// # Errors
/// [`ChangeError::WrongStanding`] when the account is revoked.
pub fn rename(permit: Permit<ManagePortalUser>, username: Username) -> Result<Changed, ChangeError> {
    refuse(&permit, &[AccountStanding::Revoked])?;
    Ok(changed(permit, Change::Username(username)))
}

/// Closes the account for now; the very next request is refused.
///
/// # Errors
/// [`ChangeError::WrongStanding`] when it is suspended or revoked already.
pub fn suspend(permit: Permit<ManagePortalUser>, now: DateTime<Utc>) -> Result<Changed, ChangeError> {
    refuse(&permit, &[AccountStanding::Suspended, AccountStanding::Revoked])?;
    Ok(changed(permit, Change::Suspended(now)))
}

/// Opens a suspended account again.
///
/// # Errors
/// [`ChangeError::WrongStanding`] unless it is suspended.
pub fn resume(permit: Permit<ManagePortalUser>) -> Result<Changed, ChangeError> {
    refuse(
        &permit,
        &[
            AccountStanding::Invited,
            AccountStanding::Active,
            AccountStanding::Revoked,
        ],
    )?;
    Ok(changed(permit, Change::Resumed))
}

/// Closes the account for good; only a new invitation opens it again.
///
/// # Errors
/// [`ChangeError::WrongStanding`] when it is revoked already.
pub fn revoke(permit: Permit<ManagePortalUser>, now: DateTime<Utc>) -> Result<Changed, ChangeError> {
    refuse(&permit, &[AccountStanding::Revoked])?;
    Ok(changed(permit, Change::Revoked(now)))
}

/// Mails the invitation (again). A revoked account starts over as invited.
///
/// # Errors
/// [`ChangeError::WrongStanding`] when the account is in use or suspended.
pub fn invite(
    permit: Permit<ManagePortalUser>,
    link: PasswordLinkId,
    now: DateTime<Utc>,
) -> Result<Changed, ChangeError> {
    refuse(&permit, &[AccountStanding::Active, AccountStanding::Suspended])?;
    let link = LinkOrder {
        id: link,
        purpose: LinkPurpose::Invitation,
        created_at: now,
    };
    Ok(changed(permit, Change::Invited(link)))
}

/// Mails a reset link to an account in use.
///
/// # Errors
/// [`ChangeError::WrongStanding`] unless the account is in use.
pub fn mail_reset(
    permit: Permit<ManagePortalUser>,
    link: PasswordLinkId,
    now: DateTime<Utc>,
) -> Result<Changed, ChangeError> {
    refuse(
        &permit,
        &[
            AccountStanding::Invited,
            AccountStanding::Suspended,
            AccountStanding::Revoked,
        ],
    )?;
    let link = LinkOrder {
        id: link,
        purpose: LinkPurpose::Reset,
        created_at: now,
    };
    Ok(changed(permit, Change::ResetMailed(link)))
}

fn refuse(user: &PortalUser, standings: &[AccountStanding]) -> Result<(), ChangeError> {
    if standings.contains(&user.standing) {
        Err(ChangeError::WrongStanding(user.standing))
    } else {
        Ok(())
    }
}

/// The verbs that fit where an account stands, as a view lists them.
#[must_use]
pub const fn fitting(standing: AccountStanding) -> &'static [&'static str] {
    match standing {
        AccountStanding::Invited => &["change_rights", "rename", "invite", "suspend", "revoke"],
        AccountStanding::Active => &["change_rights", "rename", "mail_reset", "suspend", "revoke"],
        AccountStanding::Suspended => &["change_rights", "rename", "resume", "revoke"],
        AccountStanding::Revoked => &["invite"],
    }
}

impl Audited for Changed {
    fn entry(&self) -> Entry {
        let (action, detail): (Action, Value) = match &self.change {
            Change::Rights(rights) => (
                Action::PortalRightsChanged,
                json!({
                    "granted": rights.difference(&self.before.rights).collect::<Vec<_>>(),
                    "removed": self.before.rights.difference(rights).collect::<Vec<_>>(),
                }),
            ),
            Change::Username(username) => (
                Action::PortalUserRenamed,
                json!({ "from": self.before.username, "to": username }),
            ),
            Change::Suspended(_) => (Action::PortalUserSuspended, json!({})),
            Change::Resumed => (Action::PortalUserResumed, json!({})),
            Change::Revoked(_) => (Action::PortalUserRevoked, json!({})),
            Change::Invited(_) => (Action::PortalUserInvited, json!({ "email": self.before.email })),
            Change::ResetMailed(_) => (
                Action::PortalPasswordLinkSent,
                json!({ "email": self.before.email }),
            ),
        };
        Entry {
            by: self.by.clone(),
            action,
            insured: Some(self.before.insured),
            object_kind: "portal_user",
            object_id: Some(self.before.id.uuid()),
            object_label: self.before.username.to_string(),
            detail,
        }
    }
}
