//! Sending a courtesy notice that came back to the right address.
//!
//! Invariants: what is told is so now, whatever the first notice said; it goes to the right address alone, and to no
//! address that was told already.

use chrono::{DateTime, Utc};

use super::notify::{NewNotice, NoticeFacts, Notified, Reliant};
use crate::authz::Permit;
use crate::authz::rules::SendCourtesyNotices;
use crate::ids::{JobId, NoticeId};
use crate::tasks::NoticeBack;
use crate::text::EmailAddress;

/// Why a notice was not sent to another address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// The policy is cancelled no longer.
    #[error("this policy is not cancelled, so there is nothing to tell")]
    NotCancelled,
    /// The holder has no live certificate any more that names the policy.
    #[error(
        "the holder no longer has a live certificate that names this policy, so there is nothing to tell it"
    )]
    NotReliant,
    /// The right address was told already.
    #[error("was told of this cancellation already")]
    ToldAlready,
}

/// Tells the right address what a notice said that came back from another one. `reliant` is the notice's holder, where
/// it still holds a live certificate. That other addresses of the holder were told is no reason not to: this one was not.
///
/// # Errors
/// [`RedirectError`].
pub fn redirect_notice(
    permit: &Permit<SendCourtesyNotices>,
    agency: &str,
    back: &NoticeBack,
    reliant: Option<Reliant>,
    right: &EmailAddress,
    ids: (NoticeId, JobId),
    now: DateTime<Utc>,
) -> Result<Notified, RedirectError> {
    if permit.policy.status.cancelled_on().is_none() {
        return Err(RedirectError::NotCancelled);
    }
    let reliant = reliant
        .filter(|reliant| reliant.holder == back.holder)
        .ok_or(RedirectError::NotReliant)?;
    if reliant.told.iter().any(|told| told.is_same(right)) {
        return Err(RedirectError::ToldAlready);
    }
    let facts = NoticeFacts::of(permit, agency, &reliant).ok_or(RedirectError::NotCancelled)?;
    let notice = NewNotice::of(reliant, facts, vec![right.clone()], ids);
    Ok(Notified::of(permit, vec![notice], false, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Action, Audited};
    use crate::ids::{CertificateId, HolderId};
    use crate::policies::notify::Relied;
    use crate::policies::{PolicyRecord, Status};
    use crate::testing as cast;

    fn reliant(told: &[&str]) -> Reliant {
        Reliant {
            holder: cast::holder().id,
            name: "Northgate Builders, Inc.".into(),
            emails: cast::holder_profile().emails,
            certificates: vec![Relied {
                id: CertificateId::from_uuid(uuid::Uuid::from_u128(1)),
                number: "26-000001".to_owned(),
            }],
            told: told.iter().map(|address| cast::email(address)).collect(),
        }
    }

    fn redirected(
        record: PolicyRecord,
        who: Option<Reliant>,
        right: &str,
    ) -> Result<Notified, RedirectError> {
        let permit = cast::administrator().request(record).unwrap();
        let id = uuid::Uuid::from_u128(7);
        let ids = (NoticeId::from_uuid(id), JobId::from_uuid(id));
        let back = cast::notice_back();
        let right = cast::email(right);
        redirect_notice(&permit, "Summit Ridge", &back, who, &right, ids, cast::now())
    }

    #[test]
    fn it_goes_to_the_right_address_alone_though_another_one_was_told() {
        let who = reliant(&["pm@northgate.example.com"]);
        let done = redirected(
            cast::umbrella_cancelled("2026-10-01"),
            Some(who),
            "office@northgate.example.com",
        )
        .unwrap();
        let [notice] = done.notices() else {
            panic!("one notice");
        };
        assert_eq!(notice.to, [cast::email("office@northgate.example.com")]);
        assert_eq!(notice.facts.cancelled_on, cast::day("2026-10-01"));
        assert!(
            !done.is_whole(),
            "what came back from other addresses is still to be done"
        );
        let actions: Vec<_> = done.told().map(|told| told.entry().action).collect();
        assert_eq!(actions, [Action::CourtesyNoticeSent]);
    }

    #[test]
    fn it_is_refused_where_nothing_is_to_be_told() {
        let office = "office@northgate.example.com";
        let refused = |record, who, right: &str| redirected(record, who, right).unwrap_err();
        let mut active = cast::umbrella_cancelled("2026-10-01");
        active.policy.status = Status::Active;
        assert_eq!(
            refused(active, Some(reliant(&[])), office),
            RedirectError::NotCancelled
        );
        assert_eq!(
            refused(cast::umbrella_cancelled("2026-10-01"), None, office),
            RedirectError::NotReliant
        );
        let mut other = reliant(&[]);
        other.holder = HolderId::from_uuid(uuid::Uuid::from_u128(0xbad));
        assert_eq!(
            refused(cast::umbrella_cancelled("2026-10-01"), Some(other), office),
            RedirectError::NotReliant
        );
        let who = reliant(&["Office@northgate.example.com"]);
        assert_eq!(
            refused(cast::umbrella_cancelled("2026-10-01"), Some(who), office),
            RedirectError::ToldAlready
        );
    }
}
