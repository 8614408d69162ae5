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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Actor;
    use crate::testing as cast;

    fn user(standing: AccountStanding) -> PortalUser {
        PortalUser {
            standing,
            rights: [Right::FileAccess].into(),
            ..cast::portal_user()
        }
    }

    fn permit(standing: AccountStanding) -> Permit<ManagePortalUser> {
        cast::administrator().request(user(standing)).unwrap()
    }

    fn link() -> PasswordLinkId {
        PasswordLinkId::from_uuid(uuid::Uuid::from_u128(5))
    }

    fn name() -> Username {
        Username::parse("alder.creek").unwrap()
    }

    type Verb = (
        &'static str,
        fn(Permit<ManagePortalUser>) -> Result<Changed, ChangeError>,
    );

    /// Every verb, by the name under which a view offers it.
    const VERBS: &[Verb] = &[
        ("change_rights", |permit| {
            grant(permit, [Right::SendCertificates].into())
        }),
        ("rename", |permit| rename(permit, name())),
        ("suspend", |permit| suspend(permit, cast::now())),
        ("resume", resume),
        ("revoke", |permit| revoke(permit, cast::now())),
        ("invite", |permit| invite(permit, link(), cast::now())),
        ("mail_reset", |permit| mail_reset(permit, link(), cast::now())),
    ];

    /// A1.15, A1.16: what a view offers is exactly what works.
    #[test]
    fn the_verbs_that_are_offered_are_those_that_work() {
        for standing in AccountStanding::ALL {
            for (verb, act) in VERBS {
                let works = act(permit(*standing)).is_ok();
                assert_eq!(
                    works,
                    fitting(*standing).contains(verb),
                    "{verb} of an account that is {standing}"
                );
            }
        }
    }

    /// A1.15, A1.22: rights and username change in every state but the last.
    #[test]
    fn an_account_can_be_changed_until_it_is_revoked() {
        for standing in AccountStanding::ALL {
            let open = *standing != AccountStanding::Revoked;
            assert_eq!(grant(permit(*standing), BTreeSet::new()).is_ok(), open);
            assert_eq!(rename(permit(*standing), name()).is_ok(), open);
        }
    }

    /// A1.22: the trail says what was granted and what was taken away.
    #[test]
    fn changed_rights_are_told_apart_in_the_trail() {
        let rights = [Right::SendCertificates, Right::CertificatesSent].into();
        let changed = grant(permit(AccountStanding::Active), rights).unwrap();
        let entry = changed.entry();
        assert_eq!(entry.action, Action::PortalRightsChanged);
        assert_eq!(
            entry.detail,
            json!({ "granted": ["certificates_sent", "send_certificates"], "removed": ["file_access"] })
        );
    }

    /// A1.17: the trail shows the old name and the new one.
    #[test]
    fn a_renamed_account_keeps_its_old_name_in_the_trail() {
        let changed = rename(permit(AccountStanding::Active), name()).unwrap();
        let entry = changed.entry();
        assert_eq!(entry.action, Action::PortalUserRenamed);
        assert_eq!(
            entry.detail,
            json!({ "from": "office@aldercreek.example.com", "to": "alder.creek" })
        );
    }

    /// A1.20: an account that is in use, or not yet, can be suspended; only a suspended one is resumed.
    #[test]
    fn suspending_and_resuming_fit_together() {
        let suspended = suspend(permit(AccountStanding::Active), cast::now()).unwrap();
        assert_eq!(suspended.change(), &Change::Suspended(cast::now()));
        assert_eq!(suspended.entry().action, Action::PortalUserSuspended);
        assert_eq!(
            suspend(permit(AccountStanding::Suspended), cast::now()).unwrap_err(),
            ChangeError::WrongStanding(AccountStanding::Suspended)
        );
        assert!(resume(permit(AccountStanding::Suspended)).is_ok());
        assert!(resume(permit(AccountStanding::Active)).is_err());
    }

    /// A1.21: a revoked account is opened again by a new invitation and by nothing else.
    #[test]
    fn only_an_invitation_opens_a_revoked_account() {
        let working: Vec<_> = VERBS
            .iter()
            .filter(|(_, act)| act(permit(AccountStanding::Revoked)).is_ok())
            .map(|(verb, _)| *verb)
            .collect();
        assert_eq!(working, ["invite"]);
        let invited = invite(permit(AccountStanding::Revoked), link(), cast::now()).unwrap();
        assert!(
            matches!(invited.change(), Change::Invited(order) if order.purpose == LinkPurpose::Invitation)
        );
    }

    /// A1.19: a reset link works for an hour, and only an account in use gets one.
    #[test]
    fn a_reset_link_is_mailed_only_to_an_account_in_use() {
        let mailed = mail_reset(permit(AccountStanding::Active), link(), cast::now()).unwrap();
        let Change::ResetMailed(order) = mailed.change() else {
            panic!("{:?}", mailed.change());
        };
        assert_eq!(order.expires_at(), cast::moment("2026-11-02T19:00:00Z"));
        assert!(mail_reset(permit(AccountStanding::Invited), link(), cast::now()).is_err());
    }

    /// A1.23: whatever it holds, a portal user gets no permit to change an account, its own included.
    #[test]
    fn an_insured_never_gets_a_permit_to_change_an_account() {
        let portal = cast::portal_with(Right::ALL);
        assert!(
            portal
                .request::<ManagePortalUser>(user(AccountStanding::Active))
                .is_err()
        );
        let elsewhere: Actor = cast::of_other_insured(portal);
        assert!(
            elsewhere
                .request::<ManagePortalUser>(user(AccountStanding::Active))
                .is_err()
        );
    }

    #[test]
    fn every_change_is_on_the_insureds_profile_under_the_name_of_who_made_it() {
        for (verb, act) in VERBS {
            for standing in AccountStanding::ALL {
                let Ok(changed) = act(permit(*standing)) else {
                    continue;
                };
                let entry = changed.entry();
                assert_eq!(entry.insured, Some(cast::INSURED), "{verb}");
                assert_eq!(entry.by, cast::administrator().by(), "{verb}");
                assert_eq!(entry.object_id, Some(cast::PORTAL_USER.uuid()), "{verb}");
                assert_eq!(changed.before(), &user(*standing), "{verb}");
            }
        }
    }
}
