//! Lifting what blocks a certificate, as a second person who has looked at it, and so letting it be sent.
//!
//! Invariant: what passes is exactly what was looked at; everything is found anew, and a block that was not seen
//! stops it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Approval, Decided, Override, blocking, written};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::ApproveFindings;
use crate::authz::{By, Permit};
use crate::certificates::delivery::Channel;
use crate::certificates::send::{Cleared, Draft};
use crate::certificates::truth::Finding;
use crate::ids::{ApprovalId, CertificateId};
use crate::text::TextError;

/// What the second person has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// [`Draft::look`] of the page and how it is mailed.
    pub page: String,
    /// [`Finding::key`] of every finding that blocked.
    pub findings: BTreeSet<String>,
}

/// Why nothing was lifted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ApproveError {
    /// It was decided already.
    #[error(transparent)]
    Decided(#[from] Decided),
    /// The reason is missing, too long, or not one that may stand there.
    #[error("{0}")]
    Reason(TextError),
    /// The page, how it is mailed, or what blocks it is not what was looked at.
    #[error("something changed since you looked; look again")]
    Changed,
    /// Something blocks that no person lifts.
    #[error("something blocks that nobody can approve")]
    NotLiftable(Vec<Finding>),
    /// The draft is not that of the request.
    #[error("the draft is of another insured")]
    OtherInsured,
}

/// What blocked was lifted.
#[derive(Debug)]
pub struct Approved {
    approval: Approval,
    certificate: CertificateId,
    reason: String,
    lifted: usize,
    by: By,
    at: DateTime<Utc>,
}

/// Lifts what blocks `draft`, which was composed anew from the request; `asked` is how the request wants it mailed.
///
/// # Errors
/// [`ApproveError`].
pub fn approve(
    permit: Permit<ApproveFindings>,
    draft: Draft,
    asked: Option<Channel>,
    seen: &Seen,
    reason: &str,
    certificate: CertificateId,
    now: DateTime<Utc>,
) -> Result<(Approved, Cleared), ApproveError> {
    let reason = written(reason).map_err(ApproveError::Reason)?;
    permit.waits()?;
    if draft.insured() != permit.insured {
        return Err(ApproveError::OtherInsured);
    }
    let blocks: Vec<Finding> = blocking(draft.findings()).cloned().collect();
    if blocks.iter().any(|finding| !finding.code.liftable()) {
        return Err(ApproveError::NotLiftable(blocks));
    }
    let unseen = blocks
        .iter()
        .any(|finding| !seen.findings.contains(&finding.key()));
    if unseen || draft.look(asked).is_none_or(|look| look != seen.page) {
        return Err(ApproveError::Changed);
    }
    let by = permit.by();
    let overrides: Vec<Override> = blocks
        .into_iter()
        .map(|finding| Override {
            finding,
            asked_by: permit.asked_by_name.clone(),
            asked_at: permit.asked_at,
            note: permit.note.clone(),
            approved_by: by.name.clone(),
            approved_at: now,
            reason: reason.clone(),
        })
        .collect();
    let approved = Approved {
        lifted: overrides.len(),
        approval: permit.into_target(),
        certificate,
        reason,
        by,
        at: now,
    };
    Ok((approved, draft.clear_by(overrides)))
}

impl Approved {
    /// The request.
    #[must_use]
    pub const fn id(&self) -> ApprovalId {
        self.approval.id
    }

    /// The certificate that is sent.
    #[must_use]
    pub const fn certificate(&self) -> CertificateId {
        self.certificate
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Who approved.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Approved {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::ApprovalGiven,
            insured: Some(self.approval.insured),
            object_kind: "approval",
            object_id: Some(self.approval.id.uuid()),
            object_label: self.approval.holder_name.clone(),
            detail: json!({
                "asked_by": self.approval.asked_by_name,
                "reason": self.reason,
                "lifted": self.lifted,
                "certificate": self.certificate,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::rules::SendCertificate;
    use crate::authz::{Actor, Rule, Staff, Verdict};
    use crate::certificates::approval::ApprovalState;
    use crate::certificates::approval::ask::{AskError, ask};
    use crate::certificates::approval::decline::decline;
    use crate::certificates::send::{self, Facts, Wish};
    use crate::certificates::truth::FindingCode;
    use crate::ids::{StaffUserId, TaskId};
    use crate::policies::Status;
    use crate::testing as cast;

    /// Somebody else at the agency with every permission.
    fn second() -> Actor {
        match cast::administrator() {
            Actor::Staff(staff) => Actor::Staff(Staff {
                id: StaffUserId::from_uuid(uuid::Uuid::from_u128(0xf1)),
                name: "Theo Brandt".to_owned(),
                ..staff
            }),
            other => other,
        }
    }

    fn certificate() -> CertificateId {
        CertificateId::from_uuid(uuid::Uuid::from_u128(0xc9))
    }

    fn facts() -> Facts {
        cast::send_facts(&cast::policies())
    }

    /// A certificate that promises a notice.
    fn promising() -> Wish {
        Wish {
            description: Some("30 days notice will be given.".to_owned()),
            ..cast::wish()
        }
    }

    fn draft(by: &Actor, facts: Facts, wish: Wish) -> Draft {
        let permit = by.request::<SendCertificate>(cast::insured()).unwrap();
        send::draft(permit, wish, facts, cast::text("26-000009"), cast::printable).unwrap()
    }

    fn asked(wish: Wish, note: &str) -> Result<crate::certificates::approval::ask::Asked, AskError> {
        let asker = cast::administrator();
        let draft = draft(&asker, facts(), wish);
        let permit = asker.request(cast::insured()).unwrap();
        ask(
            permit,
            cast::approval().id,
            &draft,
            serde_json::json!({ "message": "As agreed" }),
            None,
            note,
            cast::now(),
        )
    }

    fn seen(draft: &Draft) -> Seen {
        Seen {
            page: draft.look(None).unwrap(),
            findings: blocking(draft.findings()).map(Finding::key).collect(),
        }
    }

    fn approved(draft: Draft, seen: &Seen, reason: &str) -> Result<(Approved, Cleared), ApproveError> {
        let permit = second().request(cast::approval()).unwrap();
        approve(permit, draft, None, seen, reason, certificate(), cast::now())
    }

    #[test]
    fn a_request_keeps_the_draft_and_what_blocked_it() {
        let asked = asked(promising(), "  The carrier has confirmed it by mail.\r\n").unwrap();
        assert_eq!(asked.note(), "The carrier has confirmed it by mail.");
        assert_eq!(asked.findings()[0].code, FindingCode::NoticePromised);
        assert_eq!(asked.request()["message"], "As agreed");
        assert_eq!(asked.names().holder, "Northgate Builders, Inc.");
        let entry = asked.entry();
        assert_eq!(
            (entry.action, entry.insured),
            (Action::ApprovalAsked, Some(cast::INSURED))
        );
        assert_eq!(entry.detail["findings"][0], "notice_promised");
    }

    #[test]
    fn nobody_is_asked_without_a_note_or_without_a_block() {
        assert_eq!(
            asked(promising(), " \n").unwrap_err(),
            AskError::Note(TextError::Empty)
        );
        assert_eq!(
            asked(cast::wish(), "Please").unwrap_err(),
            AskError::NothingBlocks
        );
    }

    #[test]
    fn what_no_person_lifts_is_not_asked_for() {
        let wish = Wish {
            additional_insured: Some([crate::policies::Line::UmbrellaExcess].into()),
            ..promising()
        };
        assert!(matches!(asked(wish, "Please"), Err(AskError::NotLiftable(_))));
    }

    #[test]
    fn nobody_decides_a_request_of_their_own() {
        let refused = cast::administrator().request::<ApproveFindings>(cast::approval());
        assert_eq!(refused.unwrap_err(), Verdict::Forbidden(Rule::OwnRequest));
        assert!(second().request::<ApproveFindings>(cast::approval()).is_ok());
    }

    #[test]
    fn a_second_person_lifts_what_was_seen_and_it_stands_with_the_certificate() {
        let draft = draft(&second(), facts(), promising());
        let seen = seen(&draft);
        let (approved, cleared) = approved(draft, &seen, "Confirmed with the carrier.").unwrap();
        assert_eq!(approved.certificate(), certificate());
        let lifted = cleared.overrides();
        assert_eq!(lifted.len(), 1);
        assert_eq!(lifted[0].finding.code, FindingCode::NoticePromised);
        assert_eq!(
            (lifted[0].asked_by.as_str(), lifted[0].approved_by.as_str()),
            ("Maren Voss", "Theo Brandt")
        );
        assert_eq!(lifted[0].reason, "Confirmed with the carrier.");
        assert_eq!(approved.entry().detail["lifted"], 1);
    }

    #[test]
    fn a_block_or_a_page_that_was_not_seen_stops_it() {
        let looked = seen(&draft(&second(), facts(), promising()));
        let mut later = facts();
        later.policies[0].status = Status::Quoted;
        let changed = draft(&second(), later, promising());
        assert_eq!(
            approved(changed, &looked, "Yes").unwrap_err(),
            ApproveError::Changed
        );
        let mut cheaper = facts();
        if let crate::policies::Coverage::UmbrellaExcess(umbrella) = &mut cheaper.policies[2].coverage {
            umbrella.aggregate = None;
        }
        let other_page = draft(&second(), cheaper, promising());
        assert_eq!(
            approved(other_page, &looked, "Yes").unwrap_err(),
            ApproveError::Changed
        );
        let mut by_link = facts();
        let holder = by_link.holder.as_mut().unwrap();
        holder.profile.channel = Some(Channel::Link);
        let otherwise_mailed = draft(&second(), by_link, promising());
        assert_eq!(
            approved(otherwise_mailed, &looked, "Yes").unwrap_err(),
            ApproveError::Changed
        );
        // A block that has gone meanwhile is no reason to stop.
        let again = draft(&second(), facts(), promising());
        let more = Seen {
            findings: looked
                .findings
                .iter()
                .cloned()
                .chain(["gone".to_owned()])
                .collect(),
            ..looked
        };
        assert!(approved(again, &more, "Yes").is_ok());
    }

    #[test]
    fn a_decision_needs_its_reason_and_is_made_once() {
        let draft = || draft(&second(), facts(), promising());
        let looked = seen(&draft());
        assert_eq!(
            approved(draft(), &looked, "  ").unwrap_err(),
            ApproveError::Reason(TextError::Empty)
        );
        let decided = Approval {
            state: ApprovalState::Declined,
            ..cast::approval()
        };
        let permit = second().request(decided.clone()).unwrap();
        assert_eq!(
            approve(permit, draft(), None, &looked, "Yes", certificate(), cast::now()).unwrap_err(),
            ApproveError::Decided(Decided)
        );
        let task = TaskId::from_uuid(uuid::Uuid::from_u128(0x7a));
        let permit = second().request(decided).unwrap();
        assert!(decline(permit, "No", task, cast::now()).is_err());
        let permit = second().request(cast::approval()).unwrap();
        let declined = decline(permit, " Ask the carrier first. ", task, cast::now()).unwrap();
        assert_eq!(declined.reason(), "Ask the carrier first.");
        assert_eq!(declined.entry().action, Action::ApprovalDeclined);
    }
}
