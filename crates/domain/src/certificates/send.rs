//! Issuing a certificate and queueing its first delivery, in one act.
//!
//! ```text
//! draft() ── Draft (what would be printed, findings) ── clear() ── Cleared ── rendered outside ── seal() ── Sent
//! ```
//!
//! Invariant: a [`Sent`] exists only for a draft in which nothing blocked, and it holds the very bytes
//! whose hash it names.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Source;
use super::delivery::{DeliveryKind, Envelope, NewDelivery, default_subject};
use super::master::{MAX_DESCRIPTION, Master};
use super::payload::{
    CertificatePayload, PrintedEndorsement, PrintedInsurer, PrintedLine, PrintedParty, hex,
};
use super::truth::{self, Finding, FindingCode, Mark, Severity};
use crate::agency::Agency;
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::SendCertificate;
use crate::authz::{Actor, By, Permit};
use crate::holders::{Holder, HolderProfile};
use crate::ids::{CertificateId, DeliveryId, EndorsementId, HolderId, InsuredId, JobId, MasterId};
use crate::jobs::Job;
use crate::policies::coverage::Coverage;
use crate::policies::{Line, Policy};
use crate::text::{NonBlank, TextError, paragraphs};

/// For whom the certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderChoice {
    /// A holder of the library.
    Known(HolderId),
    /// A new one; it joins the library and the insured's dropdown.
    New(HolderProfile),
}

/// What the sender decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// From which master.
    pub master: MasterId,
    /// For whom.
    pub holder: HolderChoice,
    /// Description of operations; the master's where the sender wrote none.
    pub description: Option<String>,
    /// Lines to mark ADDL INSD; the master's where the sender chose none.
    pub additional_insured: Option<BTreeSet<Line>>,
    /// Lines to mark SUBR WVD; the master's where the sender chose none.
    pub waiver: Option<BTreeSet<Line>>,
}

/// What drafting must know; loaded through the permit, so all of it is of one insured.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The agency.
    pub agency: Agency,
    /// The master.
    pub master: Master,
    /// The holder, where a known one was chosen.
    pub holder: Option<Holder>,
    /// The policies that the master selects, as they are now.
    pub policies: Vec<Policy>,
    /// The insured's mailing address and name as printed.
    pub insured: PrintedParty,
    /// The day, in the agency's zone.
    pub today: NaiveDate,
}

/// Why a certificate was not sent.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SendError {
    /// The truth gate found something that blocks.
    #[error("the certificate would say more than the policies do")]
    Blocked(Vec<Finding>),
    /// The agency's address is missing, so the producer cannot be printed.
    #[error("the agency has no mailing address yet; add it under Settings > Agency")]
    AgencyIncomplete,
    /// The chosen holder is not in the agency's library.
    #[error("the holder is not in the library")]
    HolderUnknown,
    /// The master is not one of this insured's, or not opened to the portal.
    #[error("the master certificate is not one that can be used here")]
    MasterUnknown,
    /// The description is not printable or too long.
    #[error("the description {0}")]
    Description(TextError),
    /// The page could not be encoded.
    #[error("the certificate could not be encoded")]
    Encoding,
}

/// A certificate as it would be printed, with everything the gate found.
#[derive(Debug)]
pub struct Draft {
    payload: CertificatePayload,
    findings: Vec<Finding>,
    facts: Facts,
    holder: HolderChoice,
    insured: InsuredId,
    actor: Actor,
}

/// Composes what would be printed and asks the truth gate.
///
/// `number` is what the page shows; a preview passes a placeholder.
///
/// # Errors
/// [`SendError`], except [`SendError::Blocked`]: a draft with blocking findings can still be looked at.
pub fn draft(
    permit: Permit<SendCertificate>,
    wish: Wish,
    facts: Facts,
    number: NonBlank,
) -> Result<Draft, SendError> {
    let actor = permit.actor().clone();
    let insured = permit.id;
    if facts.master.insured != insured {
        return Err(SendError::MasterUnknown);
    }
    if matches!(actor, Actor::Portal(_)) && !facts.master.selection.portal_usable {
        return Err(SendError::MasterUnknown);
    }
    let holder = match (&wish.holder, &facts.holder) {
        (HolderChoice::Known(id), Some(holder)) if holder.id == *id => holder.profile.clone(),
        (HolderChoice::New(profile), _) => profile.clone(),
        (HolderChoice::Known(_), _) => return Err(SendError::HolderUnknown),
    };
    let selection = &facts.master.selection;
    let description = match &wish.description {
        Some(text) => paragraphs(text, MAX_DESCRIPTION).map_err(SendError::Description)?,
        None => selection.description.clone(),
    };
    let mut payload = CertificatePayload {
        template: 1,
        number,
        revision: 0,
        issued_on: facts.today,
        producer: facts.agency.producer().ok_or(SendError::AgencyIncomplete)?,
        insured: facts.insured.clone(),
        insurers: Vec::new(),
        general_liability: None,
        commercial_auto: None,
        umbrella_excess: None,
        workers_compensation: None,
        other: None,
        description,
        holder: PrintedParty {
            name: holder.name,
            care_of: holder.care_of,
            address: holder.address,
        },
        authorized_representative: selection.authorized_representative.clone(),
    };
    let unsupported = print_lines(&mut payload, &wish, &facts);
    let gate = truth::Draft {
        payload: &payload,
        unsupported_marks: &unsupported,
        policies: &facts.policies,
    };
    let mut findings = truth::evaluate(&gate, facts.today);
    findings.extend(validity(&facts));
    findings.extend(absent(&facts));
    findings.sort_by_key(|finding| finding.severity);
    Ok(Draft {
        payload,
        findings,
        facts,
        holder: wish.holder,
        insured,
        actor,
    })
}

/// Prints the master's sections from the policies; returns the marks that no form supports, those on lines
/// that the master does not print among them.
fn print_lines(payload: &mut CertificatePayload, wish: &Wish, facts: &Facts) -> Vec<(Line, Mark)> {
    let sections = &facts.master.selection.lines;
    let mut unsupported = Vec::new();
    for (mark, wanted) in [
        (Mark::AdditionalInsured, &wish.additional_insured),
        (Mark::Waiver, &wish.waiver),
    ] {
        let nowhere = wanted
            .iter()
            .flatten()
            .filter(|line| !sections.contains_key(line));
        unsupported.extend(nowhere.map(|line| (*line, mark)));
    }
    for (line, section) in sections {
        let Some(policy) = facts.policies.iter().find(|policy| policy.id == section.policy) else {
            continue;
        };
        let mut mark = |mark, wanted: &Option<BTreeSet<Line>>, form: Option<EndorsementId>| {
            let asked = wanted
                .as_ref()
                .map_or(form.is_some(), |lines| lines.contains(line));
            let printed = form.and_then(|id| printed_form(policy, *line, id));
            match (asked, printed) {
                (true, Some(printed)) => Some(printed),
                (true, None) => {
                    unsupported.push((*line, mark));
                    None
                }
                (false, _) => None,
            }
        };
        let additional_insured = mark(
            Mark::AdditionalInsured,
            &wish.additional_insured,
            section.additional_insured,
        );
        let waiver = mark(Mark::Waiver, &wish.waiver, section.waiver);
        let insurer = letter(&mut payload.insurers, policy);
        match &policy.coverage {
            Coverage::GeneralLiability(c) => {
                payload.general_liability = Some(band(insurer, policy, additional_insured, waiver, c));
            }
            Coverage::CommercialAuto(c) => {
                payload.commercial_auto = Some(band(insurer, policy, additional_insured, waiver, c));
            }
            Coverage::UmbrellaExcess(c) => {
                payload.umbrella_excess = Some(band(insurer, policy, additional_insured, waiver, c));
            }
            Coverage::WorkersCompensation(c) => {
                payload.workers_compensation = Some(band(insurer, policy, additional_insured, waiver, c));
            }
            Coverage::Other(c) => {
                payload.other = Some(band(insurer, policy, additional_insured, waiver, c));
            }
        }
    }
    unsupported
}

fn band<C: Clone>(
    insurer: char,
    policy: &Policy,
    additional_insured: Option<PrintedEndorsement>,
    waiver: Option<PrintedEndorsement>,
    coverage: &C,
) -> PrintedLine<C> {
    PrintedLine {
        insurer,
        policy_id: policy.id,
        policy_number: policy.number.clone(),
        effective_on: policy.effective_on,
        expires_on: policy.expires_on,
        additional_insured,
        waiver,
        coverage: coverage.clone(),
    }
}

fn printed_form(policy: &Policy, line: Line, id: EndorsementId) -> Option<PrintedEndorsement> {
    policy
        .endorsements
        .iter()
        .find(|form| form.id == id)
        .map(|form| PrintedEndorsement {
            id,
            line,
            form_number: form.form_number.clone(),
            edition: form.edition.clone(),
            title: form.title.clone(),
        })
}

/// The insurer's letter: by first use on the page, the same company the same letter.
fn letter(insurers: &mut Vec<PrintedInsurer>, policy: &Policy) -> char {
    let carrier = &policy.carrier;
    if let Some(known) = insurers
        .iter()
        .find(|i| i.name == carrier.name && i.naic == carrier.naic)
    {
        return known.letter;
    }
    let next = ('A'..='Z').nth(insurers.len()).unwrap_or('Z');
    insurers.push(PrintedInsurer {
        letter: next,
        name: carrier.name.clone(),
        naic: carrier.naic.clone(),
    });
    next
}

/// Whether the master itself may be used today.
fn validity(facts: &Facts) -> Option<Finding> {
    let selection = &facts.master.selection;
    let us = |day: NaiveDate| day.format("%m/%d/%Y").to_string();
    let (limit, message) = match (selection.valid_from, selection.valid_until) {
        (Some(from), _) if facts.today < from => {
            (from, format!("This master may be used only from {}.", us(from)))
        }
        (_, Some(until)) if facts.today > until => (
            until,
            format!("This master could be used only until {}.", us(until)),
        ),
        _ => return None,
    };
    Some(Finding {
        code: FindingCode::MasterNotValid,
        severity: Severity::Block,
        field: "/master_id".into(),
        policy_value: Some(us(limit)),
        printed_value: Some(us(facts.today)),
        message,
        fix: "Choose another master certificate, or change its validity.".into(),
    })
}

/// Sections whose policy was not found among the insured's: left out of the print, but never in silence.
fn absent(facts: &Facts) -> impl Iterator<Item = Finding> {
    let known = |id| facts.policies.iter().any(|policy| policy.id == id);
    let lines = facts.master.selection.lines.iter();
    lines
        .filter(move |(_, section)| !known(section.policy))
        .map(|(line, _)| Finding {
            code: FindingCode::PolicyUnknown,
            severity: Severity::Block,
            field: format!("/{line}/policy_id"),
            policy_value: None,
            printed_value: None,
            message: format!(
                "The policy under {} is not one of the insured's policies.",
                line.label()
            ),
            fix: "Edit the master certificate and choose one of the insured's policies.".into(),
        })
}

impl Draft {
    /// What would be printed.
    #[must_use]
    pub const fn payload(&self) -> &CertificatePayload {
        &self.payload
    }

    /// What the gate found, worst first.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Lets the draft through if nothing blocks.
    ///
    /// # Errors
    /// [`SendError::Blocked`] with everything the gate found.
    pub fn clear(self) -> Result<Cleared, SendError> {
        if truth::clears(&self.findings) {
            Ok(Cleared(self))
        } else {
            Err(SendError::Blocked(self.findings))
        }
    }
}

/// A draft in which nothing blocks; it may be rendered and sealed.
#[derive(Debug)]
pub struct Cleared(Draft);

/// Fresh ids for what sending creates.
#[derive(Clone, Copy, Debug)]
pub struct FreshIds {
    /// For the certificate.
    pub certificate: CertificateId,
    /// For the delivery.
    pub delivery: DeliveryId,
    /// For the holder, where a new one was entered.
    pub holder: HolderId,
    /// For the job.
    pub job: JobId,
}

/// The page as rendered.
#[derive(Clone, Debug)]
pub struct Page {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages.
    pub pages: u16,
}

impl Cleared {
    /// What is to be rendered.
    #[must_use]
    pub const fn payload(&self) -> &CertificatePayload {
        &self.0.payload
    }

    /// Takes the rendered page and makes the outcome.
    ///
    /// # Errors
    /// [`SendError::Encoding`] when the payload has no canonical form.
    pub fn seal(
        self,
        page: Page,
        envelope: Envelope,
        ids: FreshIds,
        now: DateTime<Utc>,
    ) -> Result<Sent, SendError> {
        let Self(draft) = self;
        let fingerprint = draft.payload.fingerprint().map_err(|_| SendError::Encoding)?;
        let source = match draft.actor {
            Actor::Portal(_) => Source::Portal,
            Actor::Staff(_) | Actor::System { .. } => Source::Staff,
        };
        let subject = envelope.subject().map_or_else(
            || {
                default_subject(
                    draft.payload.insured.name.as_str(),
                    draft.payload.holder.name.as_str(),
                    draft.payload.number.as_str(),
                )
            },
            ToString::to_string,
        );
        let by = draft.actor.by();
        let holder = match draft.holder {
            HolderChoice::Known(id) => (id, None),
            HolderChoice::New(profile) => (ids.holder, Some(profile)),
        };
        let delivery = NewDelivery {
            id: ids.delivery,
            kind: DeliveryKind::Original,
            envelope,
            subject,
            by: by.clone(),
            queued_at: now,
        };
        Ok(Sent {
            id: ids.certificate,
            insured: draft.insured,
            master: draft.facts.master,
            holder_id: holder.0,
            new_holder: holder.1,
            sha256: Sha256::digest(&page.bytes).into(),
            page,
            fingerprint,
            payload: draft.payload,
            findings: draft.findings,
            source,
            delivery,
            job: (
                ids.job,
                Job::DeliverCertificate {
                    delivery: ids.delivery,
                },
            ),
            by,
            at: now,
        })
    }
}

/// A certificate was issued and its first delivery queued.
#[derive(Debug)]
pub struct Sent {
    id: CertificateId,
    insured: InsuredId,
    master: Master,
    holder_id: HolderId,
    new_holder: Option<HolderProfile>,
    page: Page,
    sha256: [u8; 32],
    fingerprint: String,
    payload: CertificatePayload,
    findings: Vec<Finding>,
    source: Source,
    delivery: NewDelivery,
    job: (JobId, Job),
    by: By,
    at: DateTime<Utc>,
}

impl Sent {
    /// The certificate's id.
    #[must_use]
    pub const fn id(&self) -> CertificateId {
        self.id
    }

    /// Whose cover it shows.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured
    }

    /// The master it was issued from.
    #[must_use]
    pub const fn master(&self) -> &Master {
        &self.master
    }

    /// The holder's id.
    #[must_use]
    pub const fn holder_id(&self) -> HolderId {
        self.holder_id
    }

    /// The holder, where it joins the library.
    #[must_use]
    pub const fn new_holder(&self) -> Option<&HolderProfile> {
        self.new_holder.as_ref()
    }

    /// The page.
    #[must_use]
    pub const fn page(&self) -> &Page {
        &self.page
    }

    /// SHA-256 of the page's bytes.
    #[must_use]
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// Fingerprint of the payload, as printed at the foot of the page.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What is printed.
    #[must_use]
    pub const fn payload(&self) -> &CertificatePayload {
        &self.payload
    }

    /// What the gate found at issue; nothing of it blocks.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Through which door it was issued.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// The first delivery.
    #[must_use]
    pub const fn delivery(&self) -> &NewDelivery {
        &self.delivery
    }

    /// The job that mails it.
    #[must_use]
    pub const fn job(&self) -> &(JobId, Job) {
        &self.job
    }

    /// Who sent it.
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

impl Audited for Sent {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::CertificateSent,
            insured: Some(self.insured),
            object_kind: "certificate",
            object_id: Some(self.id.uuid()),
            object_label: self.payload.number.to_string(),
            detail: json!({
                "holder": self.payload.holder.name,
                "master": self.master.selection.name,
                "to": self.delivery.envelope.to(),
                "cc": self.delivery.envelope.cc(),
                "sha256": hex(&self.sha256),
            }),
        }
    }
}
