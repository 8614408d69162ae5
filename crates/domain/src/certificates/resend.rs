//! Sending a certificate again: the same bytes, never the same print with other words.
//!
//! Invariant: a resend cannot change coverage, limits or dates; once the policies say something else, by a
//! renewal or by a change, it is refused, and a new certificate is sent instead (checklist A2.19).

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::approval::Override;
use super::attachments::{TooHeavy, weigh};
use super::delivery::{
    Channel, ChannelNotOpen, DeliveryKind, Envelope, EnvelopeError, NewDelivery, default_subject,
};
use super::payload::CertificatePayload;
use super::truth::{self, Finding, FindingCode, Severity};
use super::{Certificate, NotStanding, Source};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::ResendCertificate;
use crate::authz::{By, Permit};
use crate::ids::{CertificateId, DeliveryId, JobId};
use crate::jobs::Job;
use crate::policies::{Policy, Standing};
use crate::text::{EmailAddress, NonBlank};

/// How to send it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resend {
    /// To whom it went last, with the same words; as it went last, unless staff say how.
    ExactCopy(Option<Channel>),
    /// To other people or with other words; the print stays.
    Edited(Envelope),
}

/// What resending must know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What the certificate prints.
    pub payload: CertificatePayload,
    /// The policies the certificate names, as they are now.
    pub policies: Vec<Policy>,
    /// What a second person lifted when it was issued.
    pub overrides: Vec<Override>,
    /// Recipients of the last sending.
    pub last_to: Vec<EmailAddress>,
    /// Copied recipients of the last sending.
    pub last_cc: Vec<EmailAddress>,
    /// Subject of the last sending.
    pub last_subject: NonBlank,
    /// Message of the last sending.
    pub last_message: String,
    /// How the last sending carried the page.
    pub last_channel: Channel,
    /// How mails carry it that insureds send in the portal: as the holder prefers, or else as the agency has chosen.
    pub portal_channel: Channel,
    /// Bytes of the page and of the files that went with it.
    pub bytes: u64,
    /// The day, in the agency's zone.
    pub today: NaiveDate,
}

/// Why a certificate was not sent again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResendError {
    /// A policy it names has ended, was cancelled, or says something else by now.
    #[error("policy {number} {what}; send a new certificate instead")]
    TermEnded {
        /// The policy's number.
        number: String,
        /// What became of it.
        what: String,
    },
    /// It was taken back or replaced.
    #[error(transparent)]
    NotStanding(#[from] NotStanding),
    /// The recipients or words were refused.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// An insured chose how the mail carries the page.
    #[error(transparent)]
    ChannelNotOpen(#[from] ChannelNotOpen),
    /// Page and endorsements, which went as a link before, do not fit into one mail.
    #[error(transparent)]
    TooHeavy(#[from] TooHeavy),
}

/// A certificate was queued once more.
#[derive(Debug)]
pub struct Resent {
    certificate: Certificate,
    delivery: NewDelivery,
    job: (JobId, Job),
    previous_to: Vec<EmailAddress>,
    by: By,
}

/// Why a certificate that names these policies may not be sent again today.
#[must_use]
pub fn ended(policies: &[Policy], today: NaiveDate) -> Option<ResendError> {
    policies.iter().find_map(|policy| {
        let us = |day: NaiveDate| day.format("%m/%d/%Y").to_string();
        let what = match policy.standing(today) {
            Standing::Expired => format!("ended on {}", us(policy.expires_on)),
            Standing::Cancelled => policy.status.cancelled_on().map_or_else(
                || "was cancelled".to_owned(),
                |day| format!("was cancelled as of {}", us(day)),
            ),
            Standing::NotBound => "is no longer bound".to_owned(),
            Standing::InForce | Standing::Upcoming => return None,
        };
        Some(ResendError::TermEnded {
            number: policy.number.to_string(),
            what,
        })
    })
}

/// Why a certificate may not be sent again today: a policy has ended, or the truth gate would no longer
/// let this print pass. What was lifted when it was issued is no reason.
#[must_use]
pub fn outdated(
    payload: &CertificatePayload,
    policies: &[Policy],
    overrides: &[Override],
    today: NaiveDate,
    door: Source,
) -> Option<ResendError> {
    let gate = truth::Draft {
        payload,
        unsupported_marks: &[],
        policies,
        door,
        // The page was drawn when the certificate was issued.
        printable: |_| true,
        // Whether the layout may be used was asked then, too.
        state_rule: None,
        layout: None,
    };
    let lifted = |finding: &Finding| {
        overrides.iter().any(|lifted| {
            let then = &lifted.finding;
            then.code == finding.code
                && then.field == finding.field
                && then.printed_value == finding.printed_value
        })
    };
    ended(policies, today).or_else(|| {
        let findings = truth::evaluate(&gate, today);
        let first = findings
            .iter()
            .find(|finding| finding.severity == Severity::Block && !lifted(finding))?;
        let printed = payload.policies();
        let number = printed
            .iter()
            .find(|named| first.field.starts_with(&format!("/{}/", named.line)))
            .or(printed.first())
            .map(|named| named.number.to_string())
            .unwrap_or_default();
        Some(ResendError::TermEnded {
            number,
            what: match first.code {
                FindingCode::PolicyCancellationPending => {
                    format!("is {}", first.policy_value.as_deref().unwrap_or_default())
                }
                _ if first.field == "/description" => {
                    "does not bear out what the description of this certificate says".to_owned()
                }
                _ => "was changed since this certificate was issued".to_owned(),
            },
        })
    })
}

/// Queues the stored bytes once more.
///
/// # Errors
/// [`ResendError`].
pub fn resend(
    permit: Permit<ResendCertificate>,
    how: Resend,
    facts: Facts,
    delivery: DeliveryId,
    job: JobId,
    now: DateTime<Utc>,
) -> Result<Resent, ResendError> {
    permit.stands()?;
    if let Some(refusal) = outdated(
        &facts.payload,
        &facts.policies,
        &facts.overrides,
        facts.today,
        Source::of(permit.actor()),
    ) {
        return Err(refusal);
    }
    let previous_to = facts.last_to.clone();
    let (kind, envelope) = match how {
        Resend::ExactCopy(channel) => (
            DeliveryKind::ExactCopy,
            Envelope::new(
                facts.last_to,
                facts.last_cc,
                Some(facts.last_subject),
                &facts.last_message,
            )?
            .through(channel),
        ),
        Resend::Edited(envelope) => (DeliveryKind::Edited, envelope),
    };
    let channel = Channel::decided(
        permit.actor(),
        envelope.channel(),
        facts.last_channel,
        facts.portal_channel,
    )?;
    if channel == Channel::Attachment {
        weigh(facts.bytes)?;
    }
    let subject = envelope.subject().map_or_else(
        || {
            default_subject(
                &permit.insured_name,
                &permit.holder_name,
                &permit.number,
                permit.revision,
            )
        },
        ToString::to_string,
    );
    let by = permit.by();
    Ok(Resent {
        delivery: NewDelivery {
            id: delivery,
            kind,
            envelope,
            subject,
            channel,
            by: by.clone(),
            queued_at: now,
        },
        job: (job, Job::DeliverCertificate { delivery }),
        previous_to,
        certificate: permit.into_target(),
        by,
    })
}

impl Resent {
    /// Which certificate.
    #[must_use]
    pub const fn certificate(&self) -> CertificateId {
        self.certificate.id
    }

    /// The new delivery.
    #[must_use]
    pub const fn delivery(&self) -> &NewDelivery {
        &self.delivery
    }

    /// The job that mails it.
    #[must_use]
    pub const fn job(&self) -> &(JobId, Job) {
        &self.job
    }
}

impl Audited for Resent {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::CertificateResent,
            insured: Some(self.certificate.insured),
            object_kind: "certificate",
            object_id: Some(self.certificate.id.uuid()),
            object_label: self.certificate.number.clone(),
            detail: json!({
                "kind": self.delivery.kind,
                "holder": self.certificate.holder_name,
                "to": self.delivery.envelope.to(),
                "cc": self.delivery.envelope.cc(),
                "previous_to": self.previous_to,
                "channel": self.delivery.channel,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::rules::SendCertificate;
    use crate::certificates::{CertificateState, send};
    use crate::policies::{Coverage, Line, Status};
    use crate::testing as cast;
    use crate::text::TextError;

    fn payload() -> CertificatePayload {
        let permit = cast::administrator()
            .request::<SendCertificate>(cast::insured())
            .unwrap();
        let facts = cast::send_facts(&cast::policies());
        let draft = send::draft(
            permit,
            cast::wish(),
            facts,
            cast::text("26-000001"),
            cast::printable,
        )
        .unwrap();
        draft.payload().clone()
    }

    fn facts() -> Facts {
        Facts {
            payload: payload(),
            policies: cast::policies(),
            overrides: Vec::new(),
            last_to: vec![cast::email("certificates@northgate.example.com")],
            last_cc: vec![cast::email("office@aldercreek.example.com")],
            last_subject: cast::text("Your certificate"),
            last_message: "As asked.".to_owned(),
            last_channel: Channel::Attachment,
            portal_channel: Channel::Attachment,
            bytes: 60_000,
            today: cast::today(),
        }
    }

    fn again(how: Resend, facts: Facts) -> Result<Resent, ResendError> {
        again_of(cast::certificate(), how, facts)
    }

    fn again_of(certificate: Certificate, how: Resend, facts: Facts) -> Result<Resent, ResendError> {
        let permit = cast::administrator().request(certificate).unwrap();
        let id = uuid::Uuid::from_u128;
        let (delivery, job) = (DeliveryId::from_uuid(id(12)), JobId::from_uuid(id(14)));
        resend(permit, how, facts, delivery, job, cast::now())
    }

    fn edited(to: &str) -> Envelope {
        Envelope::new(vec![cast::email(to)], Vec::new(), None, "To the right address.").unwrap()
    }

    /// A2.15: an exact copy goes to whom it went last, with the same words; the outcome holds no print at all,
    /// so only the stored bytes can be mailed.
    #[test]
    fn an_exact_copy_repeats_the_last_sending() {
        let resent = again(Resend::ExactCopy(None), facts()).unwrap();
        let delivery = resent.delivery();
        assert_eq!(resent.certificate(), cast::certificate().id);
        assert_eq!(delivery.kind, DeliveryKind::ExactCopy);
        assert_eq!(delivery.envelope.to(), facts().last_to);
        assert_eq!(delivery.envelope.cc(), facts().last_cc);
        assert_eq!(delivery.envelope.message(), "As asked.");
        assert_eq!(
            (delivery.channel, delivery.link_expires_at()),
            (Channel::Attachment, None)
        );
        assert_eq!(delivery.subject, "Your certificate");
        let job = Job::DeliverCertificate {
            delivery: delivery.id,
        };
        assert_eq!(resent.job().1, job);
    }

    /// A2.16, A2.17: a wrong address is put right, and the old one stays in the history.
    #[test]
    fn an_edited_resend_goes_to_the_new_address_and_remembers_the_old_one() {
        let resent = again(Resend::Edited(edited("claims@northgate.example.com")), facts()).unwrap();
        assert_eq!(resent.delivery().kind, DeliveryKind::Edited);
        assert_eq!(
            resent.delivery().envelope.to(),
            [cast::email("claims@northgate.example.com")]
        );
        assert_eq!(
            resent.delivery().subject,
            "Certificate of insurance 26-000001: Alder Creek Roofing LLC for Northgate Builders, Inc."
        );
        let entry = resent.entry();
        assert_eq!(entry.action, Action::CertificateResent);
        assert_eq!(entry.by, cast::administrator().by());
        assert_eq!(entry.detail["to"], json!(["claims@northgate.example.com"]));
        assert_eq!(
            entry.detail["previous_to"],
            json!(["certificates@northgate.example.com"])
        );
    }

    fn refusal(change: impl FnOnce(&mut Vec<Policy>)) -> Option<(String, String)> {
        let mut facts = facts();
        change(&mut facts.policies);
        match again(Resend::ExactCopy(None), facts) {
            Ok(_) => None,
            Err(ResendError::TermEnded { number, what }) => Some((number, what)),
            Err(other) => panic!("{other}"),
        }
    }

    fn because(number: &str, what: &str) -> Option<(String, String)> {
        Some((number.to_owned(), what.to_owned()))
    }

    /// A2.19: once a policy has ended, the old certificate is not reused.
    #[test]
    fn after_the_term_has_ended_a_new_certificate_must_be_sent() {
        let end = |text| refusal(move |policies| policies[2].expires_on = cast::day(text));
        assert_eq!(end("2026-11-02"), because("UMB-5512", "ended on 11/02/2026"));
        assert_eq!(
            refusal(|policies| policies[2].status = Status::Quoted),
            because("UMB-5512", "is no longer bound")
        );
        let cancelled = refusal(|policies| policies[2].status = cast::cancelled("2026-11-02"));
        assert_eq!(cancelled, because("UMB-5512", "was cancelled as of 11/02/2026"));
    }

    /// A2.19: once a policy says something else than the print, the old certificate is not reused.
    #[test]
    fn after_a_change_of_the_policy_a_new_certificate_must_be_sent() {
        let changed = "was changed since this certificate was issued";
        let renewed = refusal(|policies| {
            policies[2].effective_on = cast::day("2026-10-01");
            policies[2].expires_on = cast::day("2027-10-01");
        });
        assert_eq!(renewed, because("UMB-5512", changed));
        let lower = refusal(|policies| {
            let Coverage::UmbrellaExcess(excess) = &mut policies[2].coverage else {
                unreachable!("the umbrella covers as an umbrella");
            };
            excess.aggregate = Some(crate::money::Cents::dollars(1_000_000));
        });
        assert_eq!(lower, because("UMB-5512", changed));
        let without_form = refusal(|policies| policies[0].endorsements.clear());
        assert_eq!(without_form, because("GL-7741206", changed));
        let gone = refusal(|policies| policies.retain(|p| p.line() != Line::WorkersCompensation));
        assert_eq!(gone, because("WC-20417", changed));
    }

    #[test]
    fn what_only_got_better_does_not_stop_a_resend() {
        let higher = refusal(|policies| {
            let Coverage::UmbrellaExcess(excess) = &mut policies[2].coverage else {
                unreachable!("the umbrella covers as an umbrella");
            };
            excess.aggregate = Some(crate::money::Cents::dollars(10_000_000));
        });
        assert_eq!(higher, None);
        let pending = refusal(|policies| policies[2].status = cast::cancelled("2026-12-24"));
        assert_eq!(pending, None);
    }

    #[test]
    fn an_insured_does_not_send_again_what_is_to_be_cancelled() {
        let mut policies = cast::policies();
        policies[2].status = cast::cancelled("2026-12-24");
        let refused = |door| outdated(&payload(), &policies, &[], cast::today(), door);
        assert_eq!(refused(Source::Staff), None);
        let Some(ResendError::TermEnded { number, what }) = refused(Source::Portal) else {
            panic!("a policy that is to be cancelled went out");
        };
        assert_eq!(
            (number.as_str(), what.as_str()),
            ("UMB-5512", "is to be cancelled on 12/24/2026")
        );
    }

    #[test]
    fn what_a_second_person_lifted_does_not_stop_a_resend() {
        let mut printed = payload();
        printed.description = "30 days notice will be given.".to_owned();
        let policies = cast::policies();
        let refused =
            |overrides: &[Override]| outdated(&printed, &policies, overrides, cast::today(), Source::Staff);
        let Some(ResendError::TermEnded { what, .. }) = refused(&[]) else {
            panic!("a promise that nobody lifted went out again");
        };
        assert!(what.contains("description"), "{what}");
        let gate = truth::Draft {
            payload: &printed,
            unsupported_marks: &[],
            policies: &policies,
            door: Source::Staff,
            printable: cast::printable,
            state_rule: None,
            layout: None,
        };
        let finding = truth::evaluate(&gate, cast::today()).remove(0);
        let lifted = Override {
            finding,
            asked_by: "Maren Voss".to_owned(),
            asked_at: cast::now(),
            note: "Confirmed".to_owned(),
            approved_by: "Theo Brandt".to_owned(),
            approved_at: cast::now(),
            reason: "Confirmed".to_owned(),
        };
        assert_eq!(refused(&[lifted]), None);
    }

    /// A2.19: a person who may edit the message still cannot get around the end of a term.
    #[test]
    fn editing_does_not_get_around_the_end_of_a_term() {
        let mut facts = facts();
        facts.policies[0].expires_on = cast::today();
        let refused = again(Resend::Edited(edited("a@example.com")), facts).unwrap_err();
        assert!(matches!(refused, ResendError::TermEnded { .. }));
    }

    #[test]
    fn only_a_certificate_that_stands_is_sent_again() {
        let newer = Some(CertificateId::from_uuid(uuid::Uuid::from_u128(9)));
        for (state, superseded_by, refusal) in [
            (
                CertificateState::Superseded,
                newer,
                NotStanding::Superseded(newer),
            ),
            (CertificateState::Withdrawn, None, NotStanding::Withdrawn),
        ] {
            let certificate = Certificate {
                state,
                superseded_by,
                ..cast::certificate()
            };
            let refused = again_of(certificate, Resend::ExactCopy(None), facts()).unwrap_err();
            assert_eq!(refused, ResendError::NotStanding(refusal));
        }
    }

    #[test]
    fn an_envelope_is_checked_before_anything_is_queued() {
        let address = |n: usize| cast::email(&format!("a{n}@example.com"));
        let many = (0..21).map(address).collect();
        assert_eq!(
            Envelope::new(Vec::new(), vec![address(1)], None, ""),
            Err(EnvelopeError::NoRecipients)
        );
        assert_eq!(
            Envelope::new(many, Vec::new(), None, ""),
            Err(EnvelopeError::TooManyRecipients)
        );
        let twice = vec![address(1), address(1)];
        let envelope = Envelope::new(twice, vec![address(1), address(2)], None, "").unwrap();
        assert_eq!((envelope.to().len(), envelope.cc().len()), (1, 1));
        assert_eq!(
            Envelope::new(vec![address(1)], Vec::new(), None, "a\u{1b}b"),
            Err(EnvelopeError::Message(TextError::Control))
        );
    }

    #[test]
    fn a_copy_goes_as_the_last_one_went_unless_staff_say_how() {
        let by_link = || Facts {
            last_channel: Channel::Link,
            ..facts()
        };
        let resent = again(Resend::ExactCopy(None), by_link()).unwrap();
        assert_eq!(resent.delivery().channel, Channel::Link);
        let until = cast::now() + crate::certificates::delivery::LINK_LIFE;
        assert_eq!(resent.delivery().link_expires_at(), Some(until));
        assert_eq!(resent.entry().detail["channel"], "link");
        let attached = again(Resend::ExactCopy(Some(Channel::Attachment)), by_link()).unwrap();
        assert_eq!(attached.delivery().channel, Channel::Attachment);
        let edited = edited("claims@northgate.example.com").through(Some(Channel::Link));
        let resent = again(Resend::Edited(edited), facts()).unwrap();
        assert_eq!(resent.delivery().channel, Channel::Link);
    }
}
