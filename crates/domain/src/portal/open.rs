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
    /// The insured has no email address, so there is no username and nowhere to send the invitation.
    #[error("the insured has no email address; add one under Edit insured")]
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

/// Opens the account: the username is the insured's email address.
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
    // An address that was taken as an email is a line without control characters, so it is a username.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::{Account, AccountStanding};
    use crate::testing as cast;

    fn opened(insured: Insured, rights: &[Right]) -> Result<Opened, OpenError> {
        let permit = cast::administrator().request(insured).unwrap();
        let link = PasswordLinkId::from_uuid(uuid::Uuid::from_u128(5));
        let rights = rights.iter().copied().collect();
        open(permit, cast::PORTAL_USER, link, rights, cast::now())
    }

    /// A1.05: the username is the insured's email address, compared without regard to case.
    #[test]
    fn the_username_is_the_insureds_address() {
        let opened = opened(cast::insured(), &[]).unwrap();
        assert_eq!(opened.username().as_str(), "office@aldercreek.example.com");
        assert_eq!(opened.email().as_str(), "Office@aldercreek.example.com");
    }

    /// A1.05: without an address there is nowhere to send the invitation, and the reason says what to do.
    #[test]
    fn an_insured_without_an_address_is_refused() {
        let mut insured = cast::insured();
        insured.profile.email = None;
        let refused = opened(insured, &[]).unwrap_err();
        assert_eq!(refused, OpenError::EmailMissing);
        assert!(refused.to_string().contains("add one under Edit insured"));
    }

    /// A1.03: there is one account for each insured; after that, Update User is the way.
    #[test]
    fn an_insured_with_an_account_is_refused_wherever_it_stands() {
        for standing in AccountStanding::ALL {
            let mut insured = cast::insured();
            insured.account = Some(Account {
                id: cast::PORTAL_USER,
                standing: *standing,
                last_sign_in_at: None,
            });
            assert_eq!(opened(insured, &[]).unwrap_err(), OpenError::Exists, "{standing}");
        }
    }

    /// A1.14: opening carries everything that is to be written: the account, its rights, the invitation, the trace.
    #[test]
    fn opening_holds_the_rights_the_invitation_and_the_trace() {
        let opened = opened(cast::insured(), &[Right::SendCertificates, Right::FileAccess]).unwrap();
        assert_eq!(opened.rights().len(), 2);
        assert_eq!(opened.link().purpose, LinkPurpose::Invitation);
        let entry = opened.entry();
        assert_eq!(entry.action, Action::PortalUserOpened);
        assert_eq!(entry.insured, Some(cast::INSURED));
        assert_eq!(entry.by, cast::administrator().by());
        assert_eq!(
            entry.detail["rights"],
            json!(["file_access", "send_certificates"])
        );
    }

    /// A1.24: the link of an invitation works for 72 hours.
    #[test]
    fn an_invitation_works_for_three_days() {
        let link = opened(cast::insured(), &[]).unwrap().link();
        assert_eq!(link.expires_at(), cast::moment("2026-11-05T18:00:00Z"));
    }
}
