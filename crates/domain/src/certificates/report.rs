//! What the mail system tells of a mail after the relay took it: it arrived, it waits, it came back. Told of certificates,
//! of courtesy notices of a cancellation and of questions to insureds alike.
//!
//! Reports come late, twice, and in any order. Invariant: the same report is taken once, and what happened last counts,
//! whenever it was told.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::RecordMailEvents;
use crate::authz::{By, Permit};
use crate::ids::{CertificateId, DeliveryId, InsuredId, MasterId, NoticeId, PolicyId, QuestionId, TaskId};
use crate::text::EmailAddress;
use crate::vocabulary;

vocabulary! {
    /// What happened to a mail at one recipient, from what is overruled to what overrules at the same moment.
    pub enum MailEventKind {
        /// The other side could not take it yet.
        Deferred = "deferred",
        /// The other side took it.
        Delivered = "delivered",
        /// It came back for good.
        Bounced = "bounced",
        /// The recipient called it unwanted.
        Complained = "complained",
    }
}

/// One thing that happened at one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailEvent {
    /// To whom the mail went.
    pub recipient: EmailAddress,
    /// What happened.
    pub kind: MailEventKind,
    /// When, by the word of whoever tells it.
    pub at: DateTime<Utc>,
    /// What the other side said; possibly nothing.
    pub reason: String,
}

/// Which mail a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailRef {
    /// A sending of a certificate.
    Certificate(DeliveryId),
    /// A courtesy notice of a cancellation.
    Notice(NoticeId),
    /// A question to an insured before a renewal run.
    Question(QuestionId),
}

/// A mail, and what it was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mail {
    /// A sending of a certificate.
    Certificate {
        /// Which sending.
        delivery: DeliveryId,
        /// Of which certificate.
        certificate: CertificateId,
        /// Its number.
        number: String,
    },
    /// A courtesy notice of a cancellation.
    Notice {
        /// Which.
        notice: NoticeId,
        /// Of which policy.
        policy: PolicyId,
        /// Its number when the notice was sent.
        policy_number: String,
        /// The holder that it tells.
        holder: String,
    },
    /// A question to an insured before a renewal run.
    Question {
        /// Which.
        question: QuestionId,
        /// About the holders of which master.
        master: MasterId,
        /// The insured's name when it was asked.
        insured_name: String,
    },
}

impl Mail {
    /// What an entry about this mail is attached to, and what it says of the mail itself.
    pub(crate) fn traced(&self) -> (&'static str, Uuid, &str, Vec<(&'static str, Value)>) {
        match self {
            Self::Certificate {
                delivery,
                certificate,
                number,
            } => (
                "certificate",
                certificate.uuid(),
                number,
                vec![("delivery", json!(delivery))],
            ),
            Self::Notice {
                notice,
                policy,
                policy_number,
                holder,
            } => (
                "policy",
                policy.uuid(),
                policy_number,
                vec![
                    ("mail", json!("notice")),
                    ("notice", json!(notice)),
                    ("holder", json!(holder)),
                ],
            ),
            Self::Question {
                question,
                master,
                insured_name,
            } => (
                "master",
                master.uuid(),
                insured_name,
                vec![("mail", json!("question")), ("question", json!(question))],
            ),
        }
    }
}

/// A mail that was handed to the relay, with what is known of it.
#[derive(Clone, Debug)]
pub struct Mailed {
    /// Which mail.
    pub mail: Mail,
    /// Whose cover it is about.
    pub insured: InsuredId,
    /// Everybody it went to.
    pub recipients: Vec<EmailAddress>,
    /// What was told before.
    pub events: Vec<MailEvent>,
}

/// Why a report changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ignored {
    /// The mail did not go there.
    #[error("the mail did not go to this recipient")]
    NotARecipient,
    /// It was told before.
    #[error("this was told before")]
    ToldBefore,
}

/// A report was taken.
#[derive(Debug)]
pub struct Reported {
    mailed: Mailed,
    event: MailEvent,
    /// It is the latest that is known of its recipient.
    latest: bool,
    outcome: Option<MailEventKind>,
    task: TaskId,
    by: By,
    at: DateTime<Utc>,
}

fn folded(address: &EmailAddress) -> String {
    address.as_str().to_lowercase()
}

/// The last thing that happened at each recipient.
fn last_of<'a>(events: impl Iterator<Item = &'a MailEvent>) -> BTreeMap<String, &'a MailEvent> {
    let mut last: BTreeMap<String, &MailEvent> = BTreeMap::new();
    for event in events {
        let place = last.entry(folded(&event.recipient)).or_insert(event);
        if (event.at, event.kind) > (place.at, place.kind) {
            *place = event;
        }
    }
    last
}

/// What the events of all recipients come to: the worst of them, and "delivered" only when it arrived everywhere.
#[must_use]
pub fn outcome(recipients: &[EmailAddress], events: &[MailEvent]) -> Option<MailEventKind> {
    let last = last_of(events.iter());
    let any = |kind| last.values().any(|event| event.kind == kind);
    for worst in [
        MailEventKind::Bounced,
        MailEventKind::Complained,
        MailEventKind::Deferred,
    ] {
        if any(worst) {
            return Some(worst);
        }
    }
    let everywhere = recipients
        .iter()
        .all(|recipient| last.contains_key(&folded(recipient)));
    (everywhere && !last.is_empty()).then_some(MailEventKind::Delivered)
}

/// The recipients that a mail came back from, and from whom nothing else was heard since; in the order of the addresses.
#[must_use]
pub fn came_back(events: &[MailEvent]) -> Vec<&MailEvent> {
    let last = last_of(events.iter()).into_values();
    last.filter(|event| event.kind == MailEventKind::Bounced)
        .collect()
}

/// Whether a mail came back from everybody it went to, so that nobody has it.
#[must_use]
pub fn came_back_from_all(recipients: &[EmailAddress], events: &[MailEvent]) -> bool {
    let back = came_back(events);
    recipients.iter().all(|recipient| {
        back.iter()
            .any(|event| folded(&event.recipient) == folded(recipient))
    })
}

/// Takes a report about a mail.
///
/// # Errors
/// [`Ignored`].
pub fn report(
    permit: &Permit<RecordMailEvents>,
    mailed: Mailed,
    mut event: MailEvent,
    task: TaskId,
    now: DateTime<Utc>,
) -> Result<Reported, Ignored> {
    let recipient = mailed
        .recipients
        .iter()
        .find(|recipient| folded(recipient) == folded(&event.recipient))
        .ok_or(Ignored::NotARecipient)?;
    // As the mail was addressed, whatever the other side made of it.
    event.recipient = recipient.clone();
    event.reason = event.reason.chars().take(1_000).collect();
    // Nothing is told before it happens. A clock that is ahead must not outlast what truly happens later; told again,
    // such a report is known by its words.
    let early = event.at > now;
    event.at = event.at.min(now);
    let same = |told: &MailEvent| {
        told.kind == event.kind
            && folded(&told.recipient) == folded(&event.recipient)
            && (told.at == event.at || early && told.reason == event.reason)
    };
    if mailed.events.iter().any(same) {
        return Err(Ignored::ToldBefore);
    }
    let mut all = mailed.events.clone();
    all.push(event.clone());
    let latest = last_of(all.iter())
        .get(&folded(&event.recipient))
        .is_some_and(|last| **last == event);
    Ok(Reported {
        outcome: outcome(&mailed.recipients, &all),
        mailed,
        latest,
        event,
        task,
        by: permit.by(),
        at: now,
    })
}

impl Reported {
    /// The mail.
    #[must_use]
    pub const fn mailed(&self) -> &Mailed {
        &self.mailed
    }

    /// What happened.
    #[must_use]
    pub const fn event(&self) -> &MailEvent {
        &self.event
    }

    /// What all events come to now.
    #[must_use]
    pub const fn outcome(&self) -> Option<MailEventKind> {
        self.outcome
    }

    /// The task for staff that it makes: mail that came back, unless something else has happened since.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        (self.latest && self.event.kind == MailEventKind::Bounced).then_some(self.task)
    }

    /// Whether it shows that the address is good: what is open about it is settled.
    #[must_use]
    pub fn arrived(&self) -> bool {
        self.latest && self.event.kind == MailEventKind::Delivered
    }

    /// Who told it.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// When we were told.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Reported {
    fn entry(&self) -> Entry {
        let action = match self.event.kind {
            MailEventKind::Delivered => Action::MailDelivered,
            MailEventKind::Deferred => Action::MailDeferred,
            MailEventKind::Bounced => Action::MailBounced,
            MailEventKind::Complained => Action::MailComplained,
        };
        let (object_kind, object, label, mut facts) = self.mailed.mail.traced();
        facts.push(("to", json!([self.event.recipient])));
        facts.push(("reason", json!(self.event.reason)));
        facts.push(("happened_at", json!(self.event.at)));
        Entry {
            by: self.by.clone(),
            action,
            insured: Some(self.mailed.insured),
            object_kind,
            object_id: Some(object),
            object_label: label.to_owned(),
            detail: facts.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::authz::Process;
    use crate::testing as cast;

    /// Something that happened so many minutes after the mail left, an hour ago.
    fn event(recipient: &str, kind: MailEventKind, minutes: i64) -> MailEvent {
        MailEvent {
            recipient: cast::email(recipient),
            kind,
            at: cast::now() + TimeDelta::minutes(minutes - 60),
            reason: "550 no such user".to_owned(),
        }
    }

    fn mailed(events: Vec<MailEvent>) -> Mailed {
        Mailed {
            mail: Mail::Certificate {
                delivery: DeliveryId::from_uuid(Uuid::from_u128(1)),
                certificate: cast::certificate().id,
                number: "26-000001".to_owned(),
            },
            insured: cast::INSURED,
            recipients: vec![cast::email("a@x.example.com"), cast::email("B@x.example.com")],
            events,
        }
    }

    fn told(before: Vec<MailEvent>, event: MailEvent) -> Result<Reported, Ignored> {
        let permit = cast::system(Process::Mailer).request(cast::agency()).unwrap();
        let task = TaskId::from_uuid(uuid::Uuid::from_u128(2));
        report(&permit, mailed(before), event, task, cast::now())
    }

    use MailEventKind::{Bounced, Deferred, Delivered};

    #[test]
    fn a_bounce_makes_a_task_and_is_taken_once() {
        let bounce = event("b@X.example.com", Bounced, 1);
        let reported = told(Vec::new(), bounce.clone()).unwrap();
        assert_eq!(
            reported.event().recipient.as_str(),
            "B@x.example.com",
            "as it was addressed"
        );
        assert!(reported.task().is_some());
        assert_eq!(reported.outcome(), Some(Bounced));
        assert_eq!(reported.entry().action, Action::MailBounced);
        assert_eq!(
            told(vec![bounce.clone()], bounce).unwrap_err(),
            Ignored::ToldBefore
        );
        let stray = event("c@x.example.com", Bounced, 1);
        assert_eq!(told(Vec::new(), stray).unwrap_err(), Ignored::NotARecipient);
    }

    #[test]
    fn what_happened_last_counts_whenever_it_is_told() {
        let arrived = event("a@x.example.com", Delivered, 5);
        let late = told(vec![arrived.clone()], event("a@x.example.com", Bounced, 1)).unwrap();
        assert_eq!(late.task(), None, "it has arrived since");
        assert_eq!(late.outcome(), None, "the other one is not known yet");
        let came_back = told(vec![arrived], event("a@x.example.com", Bounced, 9)).unwrap();
        assert!(came_back.task().is_some());
        let after_all = told(
            vec![event("a@x.example.com", Bounced, 1)],
            event("a@x.example.com", Delivered, 2),
        )
        .unwrap();
        assert!(after_all.arrived());
    }

    /// A relay whose clock is ahead cannot hide what happens until its moment has come.
    #[test]
    fn nothing_happens_later_than_it_is_told() {
        let ahead = event("a@x.example.com", Delivered, 60 * 24);
        let told_early = told(Vec::new(), ahead.clone()).unwrap();
        assert_eq!(told_early.event().at, cast::now());
        let known = vec![told_early.event().clone()];
        assert_eq!(told(known.clone(), ahead).unwrap_err(), Ignored::ToldBefore);
        let bounce = event("a@x.example.com", Bounced, 60);
        assert!(told(known, bounce).unwrap().task().is_some());
    }

    #[test]
    fn a_notice_that_came_back_stands_in_the_history_of_its_policy() {
        let notice = Mailed {
            mail: Mail::Notice {
                notice: NoticeId::from_uuid(Uuid::from_u128(3)),
                policy: cast::umbrella().id,
                policy_number: "UMB-1".to_owned(),
                holder: "Northgate Builders, Inc.".to_owned(),
            },
            ..mailed(Vec::new())
        };
        let permit = cast::system(Process::Mailer).request(cast::agency()).unwrap();
        let task = TaskId::from_uuid(Uuid::from_u128(2));
        let bounce = event("a@x.example.com", Bounced, 1);
        let reported = report(&permit, notice, bounce, task, cast::now()).unwrap();
        let entry = reported.entry();
        assert_eq!(
            (entry.object_kind, entry.object_label.as_str()),
            ("policy", "UMB-1")
        );
        assert_eq!(entry.insured, Some(cast::INSURED));
        assert_eq!(
            (&entry.detail["mail"], &entry.detail["to"]),
            (&json!("notice"), &json!(["a@x.example.com"]))
        );
        assert_eq!(reported.task(), Some(task));
    }

    #[test]
    fn a_mail_that_came_back_from_all_its_addresses_is_with_nobody() {
        let to = mailed(Vec::new()).recipients;
        let (a, b) = ("a@x.example.com", "b@x.example.com");
        let mut events = vec![event(a, Bounced, 1)];
        assert!(!came_back_from_all(&to, &events));
        events.push(event(b, Bounced, 2));
        assert!(came_back_from_all(&to, &events));
        events.push(event(b, Delivered, 3));
        assert!(!came_back_from_all(&to, &events), "it arrived after all");
        let back: Vec<_> = came_back(&events)
            .iter()
            .map(|event| event.recipient.as_str())
            .collect();
        assert_eq!(back, [a]);
    }

    #[test]
    fn delivered_means_everywhere_and_a_bounce_outweighs_it() {
        let to = mailed(Vec::new()).recipients;
        let at = |events: &[MailEvent]| outcome(&to, events);
        let (a, b) = ("a@x.example.com", "b@x.example.com");
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[event(a, Delivered, 1)]), None);
        assert_eq!(
            at(&[event(a, Delivered, 1), event(b, Delivered, 2)]),
            Some(Delivered)
        );
        assert_eq!(at(&[event(a, Delivered, 1), event(b, Bounced, 2)]), Some(Bounced));
        assert_eq!(at(&[event(a, Deferred, 1)]), Some(Deferred));
        assert_eq!(at(&[event(a, Delivered, 3), event(a, Deferred, 1)]), None);
    }
}
