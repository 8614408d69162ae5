//! Telling those who rely on a cancelled policy, as a courtesy.
//!
//! Invariants: only the holder of a live certificate that names the policy is told, once for each day of
//! cancellation; the words promise nothing, give no right, and say that the insurer alone gives notice.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::SendCourtesyNotices;
use crate::authz::{By, Permit};
use crate::certificates::delivery::MAX_RECIPIENTS;
use crate::ids::{CertificateId, HolderId, InsuredId, JobId, NoticeId, PolicyId};
use crate::jobs::Job;
use crate::policies::PolicyRecord;
use crate::text::EmailAddress;

/// At most this many holders are told with one word.
pub const MAX_HOLDERS: usize = 500;

/// A live certificate that names the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relied {
    /// Its id.
    pub id: CertificateId,
    /// Its number, and its revision where it has one.
    pub number: String,
}

/// Somebody who holds live certificates that name the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reliant {
    /// The holder.
    pub holder: HolderId,
    /// Its name.
    pub name: String,
    /// Where to reach it.
    pub emails: Vec<EmailAddress>,
    /// The certificates, the oldest first.
    pub certificates: Vec<Relied>,
    /// The addresses that have a notice of this cancellation, or to which one is on its way.
    pub told: Vec<EmailAddress>,
}

/// Why nobody was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotifyError {
    /// The policy is not cancelled.
    #[error("this policy is not cancelled, so there is nothing to tell")]
    NotCancelled,
    /// Nobody was chosen.
    #[error("choose at least one holder")]
    Nobody,
    /// Too many were chosen.
    #[error("takes at most {MAX_HOLDERS} holders")]
    TooMany,
    /// The holder at this place holds no live certificate that names the policy.
    #[error("holds no live certificate that names this policy")]
    NotReliant(usize),
    /// The holder at this place has no email address.
    #[error("has no email address")]
    NoAddress(usize),
    /// The holder at this place was told already.
    #[error("was told of this cancellation already")]
    ToldAlready(usize),
}

/// What a notice says, whoever sets it: nothing but these words goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The subject line.
    pub subject: String,
    /// What it is about, in one sentence.
    pub opening: String,
    /// The facts, as label and value.
    pub facts: Vec<(&'static str, String)>,
    /// What it is not.
    pub disclaimers: [&'static str; 3],
    /// Why it came, and to whom it is of use.
    pub closing: String,
}

/// The facts of one notice, as they were when it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeFacts {
    /// The agency's name.
    pub agency: String,
    /// The insured, as on the declarations.
    pub insured: String,
    /// The writing company.
    pub insurer: String,
    /// The policy's number.
    pub policy_number: String,
    /// Its line, in words.
    pub line: String,
    /// The day from which on the policy does not cover.
    pub cancelled_on: NaiveDate,
    /// The holder.
    pub holder: String,
    /// The numbers of its certificates.
    pub certificates: Vec<String>,
}

impl NoticeFacts {
    /// The facts of the notice to one holder; none where the policy is not cancelled.
    #[must_use]
    pub fn of(record: &PolicyRecord, agency: &str, reliant: &Reliant) -> Option<Self> {
        let policy = &record.policy;
        Some(Self {
            agency: agency.to_owned(),
            insured: policy.named_insured.to_string(),
            insurer: policy.carrier.name.to_string(),
            policy_number: policy.number.to_string(),
            line: policy.line().label().to_owned(),
            cancelled_on: policy.status.cancelled_on()?,
            holder: reliant.name.clone(),
            certificates: reliant
                .certificates
                .iter()
                .map(|relied| relied.number.clone())
                .collect(),
        })
    }

    /// The words.
    #[must_use]
    pub fn wording(&self) -> Wording {
        let day = self.cancelled_on.format("%B %-d, %Y").to_string();
        let (which, shown) = match self.certificates.len() {
            1 => ("Certificate", "a certificate of insurance"),
            _ => ("Certificates", "certificates of insurance"),
        };
        Wording {
            subject: format!(
                "For your information: policy {} of {} is cancelled as of {}",
                self.policy_number,
                self.insured,
                self.cancelled_on.format("%m/%d/%Y")
            ),
            opening: format!(
                "The policy below is shown on {shown} that {} issued to {}, and is cancelled in our records as of \
                 {day}.",
                self.agency, self.holder
            ),
            facts: vec![
                ("Insured", self.insured.clone()),
                ("Insurer", self.insurer.clone()),
                ("Policy number", self.policy_number.clone()),
                ("Coverage", self.line.clone()),
                ("Cancelled as of", day),
                (which, self.certificates.join(", ")),
            ],
            disclaimers: [
                "We send this message as a courtesy only. It is not a notice of cancellation under any policy, and it \
                 does not replace one.",
                "It gives you no right to notice, of this or of any other change, and it changes no right or duty \
                 under any policy.",
                "The insurer alone gives notice of cancellation, to those and in the way that the policy's own terms \
                 provide.",
            ],
            closing: format!(
                "For proof of other insurance, please ask {} or reply to this message.",
                self.insured
            ),
        }
    }
}

/// A notice that was just asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// Its id; the Message-ID is derived from it.
    pub id: NoticeId,
    /// Whom it tells.
    pub reliant: Reliant,
    /// What it says.
    pub facts: NoticeFacts,
    /// To whom.
    pub to: Vec<EmailAddress>,
    /// The job that mails it.
    pub job: (JobId, Job),
}

impl NewNotice {
    pub(super) fn of(
        reliant: Reliant,
        facts: NoticeFacts,
        to: Vec<EmailAddress>,
        (notice, job): (NoticeId, JobId),
    ) -> Self {
        Self {
            id: notice,
            reliant,
            facts,
            to,
            job: (job, Job::MailCourtesyNotice { notice }),
        }
    }
}

/// Holders were told, each with one mail.
#[derive(Debug)]
pub struct Notified {
    policy: PolicyId,
    insured: InsuredId,
    notices: Vec<NewNotice>,
    whole: bool,
    by: By,
    at: DateTime<Utc>,
}

/// Tells the chosen holders that the policy is cancelled. `reliant` are those of the chosen ones who hold a live
/// certificate; `fresh` makes the ids of a notice and its job.
///
/// # Errors
/// [`NotifyError`]; nobody is told then.
pub fn notify(
    permit: Permit<SendCourtesyNotices>,
    agency: &str,
    chosen: &[HolderId],
    reliant: &[Reliant],
    mut fresh: impl FnMut() -> (NoticeId, JobId),
    now: DateTime<Utc>,
) -> Result<Notified, NotifyError> {
    if permit.policy.status.cancelled_on().is_none() {
        return Err(NotifyError::NotCancelled);
    }
    if chosen.is_empty() {
        return Err(NotifyError::Nobody);
    }
    if chosen.len() > MAX_HOLDERS {
        return Err(NotifyError::TooMany);
    }
    let mut notices: Vec<NewNotice> = Vec::new();
    for (place, id) in chosen.iter().enumerate() {
        let found = reliant.iter().find(|reliant| reliant.holder == *id);
        let reliant = found.ok_or(NotifyError::NotReliant(place))?;
        if reliant.emails.is_empty() {
            return Err(NotifyError::NoAddress(place));
        }
        let twice = notices.iter().any(|notice| notice.reliant.holder == *id);
        if !reliant.told.is_empty() || twice {
            return Err(NotifyError::ToldAlready(place));
        }
        let facts = NoticeFacts::of(&permit, agency, reliant).ok_or(NotifyError::NotCancelled)?;
        let to = reliant.emails.iter().take(MAX_RECIPIENTS).cloned().collect();
        notices.push(NewNotice::of(reliant.clone(), facts, to, fresh()));
    }
    Ok(Notified::of(&permit, notices, true, now))
}

impl Notified {
    pub(super) fn of(
        permit: &Permit<SendCourtesyNotices>,
        notices: Vec<NewNotice>,
        whole: bool,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            policy: permit.policy.id,
            insured: permit.policy.insured_id,
            notices,
            whole,
            by: permit.by(),
            at,
        }
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> PolicyId {
        self.policy
    }

    /// Whose policy it is.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured
    }

    /// The notices.
    #[must_use]
    pub fn notices(&self) -> &[NewNotice] {
        &self.notices
    }

    /// Whether they go to every address of their holders, so that nothing is left to be done about earlier ones.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// Who sent them.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// What is written down, once for each certificate that somebody relies on.
    pub fn told(&self) -> impl Iterator<Item = Told<'_>> {
        self.notices.iter().flat_map(|notice| {
            let relied = notice.reliant.certificates.iter();
            relied.map(|relied| Told {
                notified: self,
                notice,
                relied,
            })
        })
    }
}

/// That the holder of a certificate was told.
#[derive(Debug)]
pub struct Told<'a> {
    notified: &'a Notified,
    notice: &'a NewNotice,
    relied: &'a Relied,
}

impl Audited for Told<'_> {
    fn entry(&self) -> Entry {
        let facts = &self.notice.facts;
        Entry {
            by: self.notified.by.clone(),
            action: Action::CourtesyNoticeSent,
            insured: Some(self.notified.insured),
            object_kind: "certificate",
            object_id: Some(self.relied.id.uuid()),
            object_label: self.relied.number.clone(),
            detail: json!({
                "holder": facts.holder,
                "policy": facts.policy_number,
                "cancelled_on": facts.cancelled_on,
                "to": self.notice.to,
                "notice": self.notice.id,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::Status;
    use crate::testing as cast;

    fn reliant() -> Reliant {
        let relied = |number: u128, word: &str| Relied {
            id: CertificateId::from_uuid(uuid::Uuid::from_u128(number)),
            number: word.to_owned(),
        };
        Reliant {
            holder: cast::holder().id,
            name: "Northgate Builders, Inc.".into(),
            emails: cast::holder_profile().emails,
            certificates: vec![relied(1, "26-000001"), relied(2, "26-000007, revision 1")],
            told: Vec::new(),
        }
    }

    fn told(record: PolicyRecord, chosen: &[HolderId], who: Reliant) -> Result<Notified, NotifyError> {
        let mut next = 0;
        let fresh = move || {
            next += 1;
            let id = uuid::Uuid::from_u128(next);
            (NoticeId::from_uuid(id), JobId::from_uuid(id))
        };
        let permit = cast::administrator().request(record).unwrap();
        notify(permit, "Summit Ridge", chosen, &[who], fresh, cast::now())
    }

    #[test]
    fn each_holder_gets_one_mail_and_each_certificate_its_trace() {
        let done = told(
            cast::umbrella_cancelled("2026-10-01"),
            &[cast::holder().id],
            reliant(),
        )
        .unwrap();
        let [notice] = done.notices() else {
            panic!("one notice");
        };
        assert_eq!(notice.to, cast::holder_profile().emails);
        let traces: Vec<_> = done.told().map(|told| told.entry()).collect();
        let labels: Vec<_> = traces.iter().map(|entry| entry.object_label.as_str()).collect();
        assert_eq!(labels, ["26-000001", "26-000007, revision 1"]);
        assert!(
            traces
                .iter()
                .all(|entry| entry.action == Action::CourtesyNoticeSent)
        );
        assert!(traces.iter().all(|entry| entry.insured == Some(cast::INSURED)));
    }

    #[test]
    fn nobody_is_told_who_does_not_rely_on_a_cancelled_policy_or_cannot_be_reached() {
        let holder = cast::holder().id;
        let change = |change: &dyn Fn(&mut Reliant)| {
            let mut who = reliant();
            change(&mut who);
            told(cast::umbrella_cancelled("2026-10-01"), &[holder], who).unwrap_err()
        };
        assert_eq!(change(&|who| who.emails.clear()), NotifyError::NoAddress(0));
        let told_before = change(&|who| who.told = who.emails.clone());
        assert_eq!(told_before, NotifyError::ToldAlready(0));
        let other = HolderId::from_uuid(uuid::Uuid::from_u128(0xbad));
        assert_eq!(change(&|who| who.holder = other), NotifyError::NotReliant(0));
        assert_eq!(
            told(cast::umbrella_cancelled("2026-10-01"), &[], reliant()).unwrap_err(),
            NotifyError::Nobody
        );
        assert_eq!(
            told(
                cast::umbrella_cancelled("2026-10-01"),
                &[holder, holder],
                reliant()
            )
            .unwrap_err(),
            NotifyError::ToldAlready(1)
        );
        let mut active = cast::umbrella_cancelled("2026-10-01");
        active.policy.status = Status::Active;
        assert_eq!(
            told(active, &[holder], reliant()).unwrap_err(),
            NotifyError::NotCancelled
        );
    }

    #[test]
    fn the_words_name_the_facts_and_promise_nothing() {
        let words = NoticeFacts::of(
            &cast::umbrella_cancelled("2026-10-01"),
            "Summit Ridge",
            &reliant(),
        )
        .unwrap()
        .wording();
        let facts: Vec<_> = words.facts.iter().map(|(label, _)| *label).collect();
        assert_eq!(
            facts,
            [
                "Insured",
                "Insurer",
                "Policy number",
                "Coverage",
                "Cancelled as of",
                "Certificates"
            ]
        );
        assert_eq!(words.facts[4].1, "October 1, 2026");
        assert_eq!(words.facts[5].1, "26-000001, 26-000007, revision 1");
        let all = words.disclaimers.join(" ");
        for said in [
            "as a courtesy only",
            "not a notice of cancellation under any policy",
            "no right to notice",
            "The insurer alone gives notice",
        ] {
            assert!(all.contains(said), "{said}");
        }
        assert!(!format!("{words:?}").contains("will notify"));
    }
}
