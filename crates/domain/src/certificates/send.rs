//! Issuing a certificate and queueing its first delivery, in one act.
//!
//! ```text
//! draft() ── Draft (what would be printed, findings) ── clear() ── Cleared ── rendered outside ── seal() ── Sent
//! ```
//!
//! Invariant: a [`Sent`] exists only for a draft in which nothing blocked that a second person has not lifted, and it
//! holds the very bytes whose hash it names.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Source;
use super::approval::Override;
use super::attachments::{self, Attachment, Behind, TooHeavy};
use super::cover;
use super::delivery::{Channel, ChannelNotOpen, DeliveryKind, Envelope, NewDelivery, default_subject};
use super::description::{self, Wording};
use super::master::{MAX_DESCRIPTION, Master};
use super::payload::{
    CertificatePayload, PrintedEndorsement, PrintedInsurer, PrintedLine, PrintedParty, hex,
};
use super::requirements::{self, Checked};
use super::truth::{self, Finding, FindingCode, Mark, Printable, Severity};
use crate::agency::Agency;
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::SendCertificate;
use crate::authz::{Actor, By, Permit};
use crate::holders::{Holder, HolderProfile, Requirements};
use crate::ids::{
    BatchId, CertificateId, DeliveryId, EndorsementId, HolderId, InsuredId, InterestId, JobId, MasterId,
};
use crate::interests::{Interest, NotCurrent};
use crate::jobs::Job;
use crate::policies::coverage::Coverage;
use crate::policies::endorsement::comparable;
use crate::policies::{Line, Policy};
use crate::state_rules::{LayoutStatement, StateRule};
use crate::templates::placeholders::Values;
use crate::templates::{Unfillable, printed};
use crate::text::{NonBlank, TextError, paragraphs};

/// For whom the certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderChoice {
    /// A holder of the library.
    Known(HolderId),
    /// A new one; it joins the library and the insured's dropdown.
    New(HolderProfile),
    /// A new one that is needed this once: the library keeps it put away, and no dropdown offers it.
    OneTime(HolderProfile),
    /// An additional interest of the insured: the holder that it is. Staff alone choose one.
    Interest(InterestId),
}

/// What the sender decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// From which master.
    pub master: MasterId,
    /// For whom.
    pub holder: HolderChoice,
    /// Description of operations; the master's where the sender wrote none. An insured writes none.
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
    /// The holder, where a known one or an interest was chosen.
    pub holder: Option<Holder>,
    /// The additional interest, where one of the insured's was chosen.
    pub interest: Option<Interest>,
    /// The policies that the master selects, as they are now.
    pub policies: Vec<Policy>,
    /// The insured's mailing address and name as printed.
    pub insured: PrintedParty,
    /// The day, in the agency's zone.
    pub today: NaiveDate,
    /// What the insured's state asks of the form; none where nobody has looked it up.
    pub state_rule: Option<StateRule>,
    /// What the agency has found out about its layout in that state.
    pub layout: Option<LayoutStatement>,
    /// Policies of the printed lines that are in force and that the master does not select.
    pub beside: Vec<Beside>,
    /// What the holder asks of this insured; nothing in the portal, which is told nothing of it.
    pub requirements: Requirements,
}

/// A policy in force of a line of which another one is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The line.
    pub line: Line,
    /// Its number.
    pub number: NonBlank,
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
    /// The chosen interest is not one of this insured's.
    #[error("the additional interest is not one of this insured's")]
    InterestUnknown,
    /// The chosen interest does not stand any more.
    #[error(transparent)]
    InterestNotCurrent(#[from] NotCurrent),
    /// The master is not one of this insured's, or not opened to the portal.
    #[error("the master certificate is not one that can be used here")]
    MasterUnknown,
    /// The description is not printable or too long.
    #[error("the description {0}")]
    Description(TextError),
    /// A placeholder in the description has no value.
    #[error("the description {0}")]
    Placeholder(Unfillable),
    /// An insured wrote a description; what a certificate says of operations is the agency's word.
    #[error("in the portal the description is the master certificate's; ask the agency for another one")]
    DescriptionNotOpen,
    /// An insured chose how the mail carries the page.
    #[error(transparent)]
    ChannelNotOpen(#[from] ChannelNotOpen),
    /// Page and endorsements do not fit into one mail.
    #[error(transparent)]
    TooHeavy(#[from] TooHeavy),
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
    interest: Option<InterestId>,
    insured: InsuredId,
    actor: Actor,
    printable: Printable,
    batch: Option<BatchId>,
}

/// Composes what would be printed and asks the truth gate.
///
/// `number` is what the page shows; a preview passes a placeholder. `printable` says whether the page has a
/// letter for a character.
///
/// # Errors
/// [`SendError`], except [`SendError::Blocked`]: a draft with blocking findings can still be looked at.
pub fn draft(
    permit: Permit<SendCertificate>,
    wish: Wish,
    facts: Facts,
    number: NonBlank,
    printable: Printable,
) -> Result<Draft, SendError> {
    compose(permit, wish, facts, (number, 0), printable)
}

/// As [`draft`], for any revision of a number.
pub(super) fn compose(
    permit: Permit<SendCertificate>,
    wish: Wish,
    facts: Facts,
    (number, revision): (NonBlank, u16),
    printable: Printable,
) -> Result<Draft, SendError> {
    let actor = permit.actor().clone();
    let insured = permit.id;
    if facts.master.insured != insured {
        return Err(SendError::MasterUnknown);
    }
    if matches!(actor, Actor::Portal(_)) && !facts.master.selection.portal_usable {
        return Err(SendError::MasterUnknown);
    }
    if matches!(actor, Actor::Portal(_)) && wish.description.is_some() {
        return Err(SendError::DescriptionNotOpen);
    }
    let holder = chosen(&wish.holder, &facts, insured)?;
    let selection = &facts.master.selection;
    let description = match &wish.description {
        Some(text) => paragraphs(text, MAX_DESCRIPTION).map_err(SendError::Description)?,
        None => selection.description.clone(),
    };
    let mut payload = CertificatePayload {
        template: 1,
        number,
        revision,
        issued_on: facts.today,
        producer: facts.agency.producer().ok_or(SendError::AgencyIncomplete)?,
        insured: PrintedParty {
            name: as_on_declarations(&facts),
            ..facts.insured.clone()
        },
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
    if payload.description.contains("{{") {
        payload.description = filled(&payload)?;
    }
    let gate = truth::Draft {
        payload: &payload,
        unsupported_marks: &unsupported,
        policies: &facts.policies,
        door: Source::of(&actor),
        printable,
        state_rule: facts.state_rule.as_ref(),
        layout: facts.layout.as_ref(),
    };
    let mut findings = truth::evaluate(&gate, facts.today);
    findings.extend(validity(&facts));
    if Source::of(&actor) == Source::Staff {
        findings.extend(renamed(&facts, &payload));
        findings.extend(beside(&facts, &payload));
    }
    findings.extend(absent(&facts));
    findings.sort_by_key(|finding| finding.severity);
    Ok(Draft {
        payload,
        findings,
        interest: match wish.holder {
            HolderChoice::Interest(id) => Some(id),
            HolderChoice::Known(_) | HolderChoice::New(_) | HolderChoice::OneTime(_) => None,
        },
        facts,
        holder: wish.holder,
        insured,
        actor,
        printable,
        batch: None,
    })
}

/// The description with the placeholders filled that the page itself gives a value for.
fn filled(payload: &CertificatePayload) -> Result<String, SendError> {
    let policies = payload.policies().into_iter();
    let values = Values {
        holder: Some(payload.holder.name.to_string()),
        insured: Some(payload.insured.name.to_string()),
        reference: None,
        date: Some(payload.issued_on),
        policies: policies
            .map(|policy| (policy.line, policy.number.to_string()))
            .collect(),
    };
    let text = printed(&payload.description, &values).map_err(SendError::Placeholder)?;
    paragraphs(&text, MAX_DESCRIPTION).map_err(SendError::Description)
}

/// The holder to print. An interest is printed as the holder that it is, and judged as one: what is written down
/// about it lends the page nothing.
fn chosen(choice: &HolderChoice, facts: &Facts, insured: InsuredId) -> Result<HolderProfile, SendError> {
    match (choice, &facts.holder, &facts.interest) {
        (HolderChoice::Known(id), Some(holder), _) if holder.id == *id => Ok(holder.profile.clone()),
        (HolderChoice::Known(_), ..) => Err(SendError::HolderUnknown),
        (HolderChoice::New(profile) | HolderChoice::OneTime(profile), ..) => Ok(profile.clone()),
        (HolderChoice::Interest(id), Some(holder), Some(interest))
            if interest.id == *id && interest.insured == insured && interest.holder == holder.id =>
        {
            interest.stands(facts.today)?;
            Ok(holder.profile.clone())
        }
        (HolderChoice::Interest(_), ..) => Err(SendError::InterestUnknown),
    }
}

/// The insured's name as it is printed: as the policies have it, where they agree and mean the same insured.
fn as_on_declarations(facts: &Facts) -> NonBlank {
    let recorded = &facts.insured.name;
    let printed = facts.master.selection.lines.values();
    let mut names = printed
        .filter_map(|section| facts.policies.iter().find(|policy| policy.id == section.policy))
        .map(|policy| &policy.named_insured);
    match names.next() {
        Some(first)
            if names.all(|name| name == first)
                && comparable(first.as_str()) == comparable(recorded.as_str()) =>
        {
            first.clone()
        }
        _ => recorded.clone(),
    }
}

/// Says that the insured's record writes the name in another way than the declarations, which are printed.
fn renamed(facts: &Facts, payload: &CertificatePayload) -> Option<Finding> {
    let (recorded, printed) = (&facts.insured.name, &payload.insured.name);
    (recorded != printed).then(|| Finding {
        code: FindingCode::NamedInsuredDiffers,
        severity: Severity::Info,
        field: "/insured/name".into(),
        policy_value: Some(printed.to_string()),
        printed_value: Some(printed.to_string()),
        message: format!(
            "The insured is printed as on the declarations; the insured's record says \u{201c}{recorded}\u{201d}."
        ),
        fix: "Nothing to do for this certificate; to have both alike, correct the insured's record.".into(),
        passage: None,
        replacement: None,
    })
}

/// Says that the page has room for one policy of a line, and that the insured has more of them.
fn beside(facts: &Facts, payload: &CertificatePayload) -> Vec<Finding> {
    let printed = payload.policies();
    let others = facts.beside.iter();
    others
        .filter_map(|other| {
            let shown = printed.iter().find(|policy| policy.line == other.line)?;
            // Beside a term that has ended stands the next one, not another policy: the gate says what to do about it.
            let mut selected = facts.policies.iter();
            if selected.any(|policy| policy.id == shown.id && policy.expires_on <= facts.today) {
                return None;
            }
            Some(Finding {
                code: FindingCode::AnotherPolicyOfLine,
                severity: Severity::Info,
                field: format!("/{}/policy_number", other.line),
                policy_value: Some(other.number.to_string()),
                printed_value: Some(shown.number.to_string()),
                message: format!(
                    "Policy {} of {} is in force and not printed; the page has room for one policy of a line.",
                    other.number,
                    other.line.label()
                ),
                fix: "If the holder asks for both, send a second certificate from a master that selects the other."
                    .into(),
                passage: None,
                replacement: None,
            })
        })
        .collect()
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
        passage: None,
        replacement: None,
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
            policy_value: Some("no such policy".into()),
            printed_value: Some("left out".into()),
            message: format!(
                "The policy under {} is not one of the insured's policies.",
                line.label()
            ),
            fix: "Edit the master certificate and choose one of the insured's policies.".into(),
            passage: None,
            replacement: None,
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

    /// What the gate found, as far as whoever drafts it is told of it.
    pub fn told(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.is_told_to(&self.actor))
    }

    /// The sentences that the forms on the printed policies allow in the description.
    #[must_use]
    pub fn wordings(&self) -> Vec<Wording> {
        let cover = truth::cover(&self.payload, &self.facts.policies, self.facts.today);
        description::wordings(&cover)
    }

    /// What the holder asks for, each with what became of it.
    #[must_use]
    pub fn requirements(&self) -> Vec<Checked> {
        let facts = &self.facts;
        requirements::check(&facts.requirements, &self.payload, &facts.policies, facts.today)
    }

    /// The forms that it rests on, in the order of the page.
    #[must_use]
    pub fn endorsements(&self) -> Vec<Behind<'_>> {
        attachments::behind(&self.payload, &self.facts.policies, self.facts.today)
    }

    /// Their files, which go with it unless the sender leaves them out.
    #[must_use]
    pub fn attachments(&self) -> Vec<Attachment> {
        attachments::attachments(&self.endorsements())
    }

    /// Whether these files alone would fit into one mail, for whoever does not want to draw the page first.
    ///
    /// # Errors
    /// [`SendError::TooHeavy`]; [`SendError::ChannelNotOpen`].
    pub fn endorsements_fit(&self, envelope: &Envelope) -> Result<(), SendError> {
        if self.channel(envelope.channel())? == Channel::Attachment && envelope.has_endorsements() {
            attachments::fit(0, &self.attachments())?;
        }
        Ok(())
    }

    /// How its mail carries the page unless the sender says otherwise.
    #[must_use]
    pub const fn usual_channel(&self) -> Channel {
        match self.actor {
            Actor::Portal(_) => self.facts.agency.profile.portal_channel,
            Actor::Staff(_) | Actor::System { .. } => Channel::Attachment,
        }
    }

    /// The same page under its number: what the gate found stands, since it asks nothing about a number.
    #[must_use]
    pub fn numbered(mut self, number: NonBlank) -> Self {
        self.payload.number = number;
        self
    }

    /// What would be printed, to be looked at: with a square for each character that the page has no letter
    /// for. Each of them is a finding that blocks, so nothing with a square can be sent.
    ///
    /// # Errors
    /// [`SendError::Encoding`] when a text without the character is not one that may stand there.
    pub fn legible(&self) -> Result<CertificatePayload, SendError> {
        let blocked = |finding: &Finding| finding.code == FindingCode::CharacterNotPrintable;
        if !self.findings.iter().any(blocked) {
            return Ok(self.payload.clone());
        }
        let mut printed = serde_json::to_value(&self.payload).map_err(|_| SendError::Encoding)?;
        squared(&mut printed, self.printable);
        serde_json::from_value(printed).map_err(|_| SendError::Encoding)
    }

    /// Whose cover it shows.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured
    }

    /// The master it is composed from.
    #[must_use]
    pub const fn master(&self) -> &Master {
        &self.facts.master
    }

    /// How its mail carries the page: as was asked for, or else as the holder prefers, or else attached. In the portal,
    /// where nobody is asked, as the holder prefers, or else as the agency has chosen.
    ///
    /// # Errors
    /// [`ChannelNotOpen`].
    pub fn channel(&self, asked: Option<Channel>) -> Result<Channel, ChannelNotOpen> {
        let preferred = match &self.holder {
            HolderChoice::New(profile) | HolderChoice::OneTime(profile) => profile.channel,
            HolderChoice::Known(_) | HolderChoice::Interest(_) => self
                .facts
                .holder
                .as_ref()
                .and_then(|holder| holder.profile.channel),
        };
        let in_the_portal = preferred.unwrap_or(self.facts.agency.profile.portal_channel);
        Channel::decided(&self.actor, asked, Channel::preferred(preferred), in_the_portal)
    }

    /// Names what somebody looks at: the same for as long as the page would say the same, whatever its number, would be
    /// mailed in the same way, and the same files would go with it.
    #[must_use]
    pub fn look(&self, asked: Option<Channel>) -> Option<String> {
        let page = CertificatePayload {
            number: NonBlank::parse("PREVIEW").ok()?,
            ..self.payload.clone()
        };
        let channel = self.channel(asked).ok()?;
        let page = page.fingerprint().ok()?;
        let files = self.attachments();
        if files.is_empty() {
            return Some(format!("{page} {channel}"));
        }
        let mut look = Sha256::new_with_prefix(&page);
        for file in files {
            look.update(file.sha256);
        }
        Some(format!("{} {channel}", hex(&look.finalize())))
    }

    /// Says that what is printed takes the place of a certificate that was sent to an additional interest.
    pub(super) const fn of_interest(mut self, interest: InterestId) -> Self {
        self.interest = Some(interest);
        self
    }

    /// Lets the draft through if nothing blocks.
    ///
    /// # Errors
    /// [`SendError::Blocked`] with everything that the gate found and whoever drafts it is told.
    pub fn clear(self) -> Result<Cleared, SendError> {
        if truth::clears(&self.findings) {
            Ok(self.clear_by(Vec::new()))
        } else {
            Err(SendError::Blocked(self.told().cloned().collect()))
        }
    }

    /// Lets the draft through because a second person lifted what blocks; only an approval asks for this.
    pub(super) const fn clear_by(self, overrides: Vec<Override>) -> Cleared {
        Cleared {
            draft: self,
            overrides,
        }
    }
}

/// Replaces what the page has no letter for.
fn squared(value: &mut serde_json::Value, printable: Printable) {
    match value {
        serde_json::Value::String(text) => {
            *text = text
                .chars()
                .map(|character| {
                    if printable(character) {
                        character
                    } else {
                        '\u{25a1}'
                    }
                })
                .collect();
        }
        serde_json::Value::Array(entries) => entries.iter_mut().for_each(|entry| squared(entry, printable)),
        serde_json::Value::Object(members) => {
            members.values_mut().for_each(|member| squared(member, printable));
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

/// A draft in which nothing blocks, or nothing that a second person has not lifted; it may be rendered and sealed.
#[derive(Debug)]
pub struct Cleared {
    draft: Draft,
    overrides: Vec<Override>,
}

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
        &self.draft.payload
    }

    /// What a second person lifted.
    #[must_use]
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// Says that it is one of many that are sent at once.
    #[must_use]
    pub fn of_batch(mut self, batch: BatchId) -> Self {
        self.draft.batch = Some(batch);
        self
    }

    /// Takes the rendered page and makes the outcome.
    ///
    /// # Errors
    /// [`SendError::Encoding`] when the payload has no canonical form; [`SendError::ChannelNotOpen`];
    /// [`SendError::TooHeavy`] when page and endorsements do not fit into one mail.
    pub fn seal(
        self,
        page: Page,
        envelope: Envelope,
        ids: FreshIds,
        now: DateTime<Utc>,
    ) -> Result<Sent, SendError> {
        let Self { draft, overrides } = self;
        let fingerprint = draft.payload.fingerprint().map_err(|_| SendError::Encoding)?;
        let source = match (draft.batch, draft.interest) {
            (Some(_), _) => Source::Bulk,
            (None, Some(_)) => Source::Interest,
            (None, None) => Source::of(&draft.actor),
        };
        let subject = envelope.subject().map_or_else(
            || {
                default_subject(
                    draft.payload.insured.name.as_str(),
                    draft.payload.holder.name.as_str(),
                    draft.payload.number.as_str(),
                    draft.payload.revision,
                )
            },
            ToString::to_string,
        );
        let channel = draft.channel(envelope.channel())?;
        let attachments = match envelope.has_endorsements() {
            true => draft.attachments(),
            false => Vec::new(),
        };
        if channel == Channel::Attachment {
            attachments::fit(page.bytes.len() as u64, &attachments)?;
        }
        let by = draft.actor.by();
        let one_time = matches!(draft.holder, HolderChoice::OneTime(_));
        let holder = match draft.holder {
            HolderChoice::Known(id) => (id, None),
            HolderChoice::New(profile) | HolderChoice::OneTime(profile) => (ids.holder, Some(profile)),
            HolderChoice::Interest(_) => {
                let holder = draft.facts.holder.as_ref().ok_or(SendError::InterestUnknown)?;
                (holder.id, None)
            }
        };
        let delivery = NewDelivery {
            id: ids.delivery,
            kind: DeliveryKind::Original,
            envelope,
            subject,
            channel,
            by: by.clone(),
            queued_at: now,
        };
        Ok(Sent {
            id: ids.certificate,
            cover_ends_on: cover::ends_on(&draft.payload, &draft.facts.policies),
            insured: draft.insured,
            master: draft.facts.master,
            holder_id: holder.0,
            new_holder: holder.1,
            one_time,
            sha256: Sha256::digest(&page.bytes).into(),
            page,
            attachments,
            fingerprint,
            payload: draft.payload,
            findings: draft.findings,
            overrides,
            source,
            batch: draft.batch,
            interest: draft.interest,
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
    one_time: bool,
    page: Page,
    attachments: Vec<Attachment>,
    sha256: [u8; 32],
    fingerprint: String,
    payload: CertificatePayload,
    cover_ends_on: NaiveDate,
    findings: Vec<Finding>,
    overrides: Vec<Override>,
    source: Source,
    batch: Option<BatchId>,
    interest: Option<InterestId>,
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

    /// Whether the holder is needed this once: kept because the certificate names it, and offered no more.
    #[must_use]
    pub const fn is_one_time(&self) -> bool {
        self.one_time
    }

    /// The page.
    #[must_use]
    pub const fn page(&self) -> &Page {
        &self.page
    }

    /// The files that go with it.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
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

    /// The first day on which one of the printed policies no longer covers, as far as is known at issue.
    #[must_use]
    pub const fn cover_ends_on(&self) -> NaiveDate {
        self.cover_ends_on
    }

    /// What the gate found at issue; nothing of it blocks that is not among [`Self::overrides`].
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What a second person lifted.
    #[must_use]
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// Through which door it was issued.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// The batch of which it is a part.
    #[must_use]
    pub const fn batch(&self) -> Option<BatchId> {
        self.batch
    }

    /// The additional interest that it is sent to.
    #[must_use]
    pub const fn interest(&self) -> Option<InterestId> {
        self.interest
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
                "channel": self.delivery.channel,
                "sha256": hex(&self.sha256),
                "attached": self.attachments.iter().map(|file| &file.file_name).collect::<Vec<_>>(),
                "lifted": self.overrides.iter().map(|lifted| lifted.finding.code).collect::<Vec<_>>(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::{Process, Right};
    use crate::policies::Status;
    use crate::policies::endorsement::Effect;
    use crate::testing as cast;

    fn permit_of(actor: &Actor) -> Permit<SendCertificate> {
        actor.request(cast::insured()).unwrap()
    }

    fn drafted(facts: Facts, wish: Wish) -> Result<Draft, SendError> {
        draft(
            permit_of(&cast::administrator()),
            wish,
            facts,
            cast::text("26-000001"),
            cast::printable,
        )
    }

    fn facts() -> Facts {
        cast::send_facts(&cast::policies())
    }

    fn codes(draft: &Draft) -> Vec<(FindingCode, &str)> {
        let findings = draft.findings().iter();
        findings.map(|f| (f.code, f.field.as_str())).collect()
    }

    fn page() -> Page {
        Page {
            bytes: b"%PDF-1.7 a page".to_vec(),
            pages: 1,
        }
    }

    fn envelope() -> Envelope {
        let to = vec![cast::email("certificates@northgate.example.com")];
        Envelope::new(to, Vec::new(), None, "Please find it attached.").unwrap()
    }

    fn ids() -> FreshIds {
        let id = uuid::Uuid::from_u128;
        FreshIds {
            certificate: CertificateId::from_uuid(id(1)),
            delivery: DeliveryId::from_uuid(id(2)),
            holder: HolderId::from_uuid(id(3)),
            job: JobId::from_uuid(id(4)),
        }
    }

    fn sent_by(actor: &Actor, wish: Wish) -> Sent {
        let draft = draft(
            permit_of(actor),
            wish,
            facts(),
            cast::text("26-000001"),
            cast::printable,
        )
        .unwrap();
        let cleared = draft.clear().unwrap();
        cleared.seal(page(), envelope(), ids(), cast::now()).unwrap()
    }

    /// A2.25: one master prints the policies as they are now, whenever it is used.
    #[test]
    fn a_draft_prints_the_policies_as_they_are_now() {
        let draft = drafted(facts(), cast::wish()).unwrap();
        let payload = draft.payload();
        let printed = payload.general_liability.as_ref().unwrap();
        let policy = cast::general_liability();
        assert_eq!(printed.policy_number, policy.number);
        assert_eq!(
            Coverage::GeneralLiability(printed.coverage.clone()),
            policy.coverage
        );
        assert_eq!(
            (printed.effective_on, printed.expires_on),
            (policy.effective_on, policy.expires_on)
        );
        assert_eq!(payload.issued_on, cast::today());
        assert_eq!(payload.producer.name, cast::agency().profile.name);
        assert_eq!(payload.holder.name, cast::holder_profile().name);
    }

    #[test]
    fn companies_get_letters_by_first_use_and_keep_them() {
        let draft = drafted(facts(), cast::wish()).unwrap();
        let payload = draft.payload();
        let letters: Vec<_> = payload
            .insurers
            .iter()
            .map(|i| (i.letter, i.name.as_str()))
            .collect();
        assert_eq!(
            letters,
            [
                ('A', "Ponderosa Casualty Company"),
                ('B', "Truckee Mutual Insurance Company")
            ]
        );
        assert_eq!(payload.general_liability.as_ref().unwrap().insurer, 'A');
        assert_eq!(payload.commercial_auto.as_ref().unwrap().insurer, 'B');
        assert_eq!(payload.umbrella_excess.as_ref().unwrap().insurer, 'A');
        assert_eq!(payload.workers_compensation.as_ref().unwrap().insurer, 'B');
        assert_eq!(payload.other.as_ref().unwrap().insurer, 'B');
    }

    #[test]
    fn marks_are_the_masters_unless_the_sender_chose() {
        let marks = |wish: Wish| {
            let draft = drafted(facts(), wish).unwrap();
            let line = draft.payload().general_liability.clone().unwrap();
            (line.additional_insured.is_some(), line.waiver.is_some())
        };
        assert_eq!(marks(cast::wish()), (true, true));
        let none = Wish {
            additional_insured: Some(BTreeSet::new()),
            ..cast::wish()
        };
        assert_eq!(marks(none), (false, true));
        let only = Wish {
            waiver: Some([Line::CommercialAuto].into()),
            ..cast::wish()
        };
        assert_eq!(marks(only), (true, false));
    }

    #[test]
    fn a_mark_that_no_form_supports_blocks() {
        let wish = Wish {
            additional_insured: Some([Line::UmbrellaExcess].into()),
            ..cast::wish()
        };
        let draft = drafted(facts(), wish).unwrap();
        let expected = [(
            FindingCode::AdditionalInsuredWithoutEndorsement,
            "/umbrella_excess/additional_insured",
        )];
        assert_eq!(codes(&draft), expected);
        assert!(matches!(draft.clear(), Err(SendError::Blocked(findings)) if findings.len() == 1));
    }

    #[test]
    fn a_mark_on_a_line_that_is_not_printed_is_not_dropped_in_silence() {
        let policies = [cast::general_liability()];
        let wish = Wish {
            additional_insured: Some([Line::GeneralLiability, Line::CommercialAuto].into()),
            waiver: Some([Line::WorkersCompensation].into()),
            ..cast::wish()
        };
        let draft = drafted(cast::send_facts(&policies), wish).unwrap();
        assert_eq!(
            codes(&draft),
            [
                (
                    FindingCode::AdditionalInsuredWithoutEndorsement,
                    "/commercial_auto/additional_insured"
                ),
                (
                    FindingCode::WaiverWithoutEndorsement,
                    "/workers_compensation/waiver"
                ),
            ]
        );
    }

    #[test]
    fn a_section_whose_policy_is_gone_is_not_left_out_in_silence() {
        let mut facts = facts();
        facts
            .policies
            .retain(|policy| policy.line() != Line::CommercialAuto);
        let draft = drafted(facts, cast::wish()).unwrap();
        assert!(draft.payload().commercial_auto.is_none());
        assert_eq!(
            codes(&draft),
            [(FindingCode::PolicyUnknown, "/commercial_auto/policy_id")]
        );
        assert!(draft.clear().is_err());
    }

    #[test]
    fn a_form_that_left_the_policy_takes_its_mark_along_and_blocks() {
        let mut facts = facts();
        let gl = &mut facts.policies[0];
        gl.endorsements.retain(|form| form.effect != Effect::Waiver);
        let draft = drafted(facts, cast::wish()).unwrap();
        assert_eq!(
            codes(&draft),
            [(FindingCode::WaiverWithoutEndorsement, "/general_liability/waiver")]
        );
    }

    #[test]
    fn a_blocked_draft_can_be_looked_at_but_not_sealed() {
        let mut facts = facts();
        facts.policies[0].status = Status::Quoted;
        let draft = drafted(facts, cast::wish()).unwrap();
        assert!(draft.payload().general_liability.is_some());
        let Err(SendError::Blocked(findings)) = draft.clear() else {
            panic!("a quoted policy went through");
        };
        assert_eq!(findings[0].code, FindingCode::PolicyNotBound);
    }

    #[test]
    fn a_master_may_be_used_from_its_first_to_its_last_day() {
        let verdict = |from: Option<&str>, until: Option<&str>| {
            let mut facts = facts();
            facts.master.selection.valid_from = from.map(cast::day);
            facts.master.selection.valid_until = until.map(cast::day);
            let draft = drafted(facts, cast::wish()).unwrap();
            codes(&draft).iter().map(|(code, _)| *code).collect::<Vec<_>>()
        };
        assert_eq!(verdict(Some("2026-11-02"), Some("2026-11-02")), []);
        assert_eq!(verdict(Some("2026-11-03"), None), [FindingCode::MasterNotValid]);
        assert_eq!(verdict(None, Some("2026-11-01")), [FindingCode::MasterNotValid]);
    }

    #[test]
    fn the_description_is_the_masters_unless_the_sender_wrote_one() {
        let printed = |description: Option<&str>| {
            let wish = Wish {
                description: description.map(str::to_owned),
                ..cast::wish()
            };
            drafted(facts(), wish).map(|draft| draft.payload().description.clone())
        };
        assert_eq!(printed(None).unwrap(), "Roofing operations of the named insured.");
        assert_eq!(printed(Some("  Job 114\r\nBay 3 ")).unwrap(), "Job 114\nBay 3");
        assert_eq!(printed(Some("")).unwrap(), "");
        assert_eq!(
            printed(Some("a\u{7}b")),
            Err(SendError::Description(TextError::Control))
        );
        let long = "x".repeat(MAX_DESCRIPTION + 1);
        assert_eq!(
            printed(Some(&long)),
            Err(SendError::Description(TextError::TooLong(MAX_DESCRIPTION)))
        );
    }

    #[test]
    fn a_holder_that_was_not_loaded_is_unknown() {
        let mut nobody = facts();
        nobody.holder = None;
        assert_eq!(
            drafted(nobody, cast::wish()).unwrap_err(),
            SendError::HolderUnknown
        );
        let other = Wish {
            holder: HolderChoice::Known(HolderId::from_uuid(uuid::Uuid::from_u128(77))),
            ..cast::wish()
        };
        assert_eq!(drafted(facts(), other).unwrap_err(), SendError::HolderUnknown);
    }

    #[test]
    fn a_master_of_another_insured_is_as_if_it_were_not_there() {
        let mut facts = facts();
        facts.master.insured = cast::OTHER_INSURED;
        assert_eq!(
            drafted(facts, cast::wish()).unwrap_err(),
            SendError::MasterUnknown
        );
    }

    /// A1.09: the insured sends from the masters that were opened to the portal, and from no others.
    #[test]
    fn in_the_portal_only_masters_that_were_opened_to_it_can_be_used() {
        let portal = cast::portal_with(&[Right::SendCertificates]);
        let in_portal = |facts| {
            let number = cast::text("26-000001");
            draft(permit_of(&portal), cast::wish(), facts, number, cast::printable)
        };
        assert!(in_portal(facts()).is_ok());
        let mut closed = facts();
        closed.master.selection.portal_usable = false;
        let refusal = in_portal(closed.clone()).unwrap_err();
        assert_eq!(refusal, SendError::MasterUnknown);
        assert!(drafted(closed, cast::wish()).is_ok());
    }

    /// An insured chooses master and holder; the words of a certificate are the agency's.
    #[test]
    fn in_the_portal_nobody_writes_a_description() {
        let portal = cast::portal_with(&[Right::SendCertificates]);
        for words in ["Holder is additional insured on all policies.", ""] {
            let wish = Wish {
                description: Some(words.to_owned()),
                ..cast::wish()
            };
            let number = cast::text("26-000001");
            let refused = draft(permit_of(&portal), wish, facts(), number, cast::printable);
            assert_eq!(refused.unwrap_err(), SendError::DescriptionNotOpen);
        }
    }

    #[test]
    fn a_pending_cancellation_stops_the_insured_and_warns_staff() {
        let pending = || {
            let mut facts = facts();
            facts.policies[0].status = cast::cancelled("2026-12-15");
            facts
        };
        let portal = cast::portal_with(&[Right::SendCertificates]);
        let verdict = |actor: &Actor| {
            let number = cast::text("26-000001");
            let draft = draft(permit_of(actor), cast::wish(), pending(), number, cast::printable).unwrap();
            let found = draft.findings()[0].clone();
            assert_eq!(found.code, FindingCode::PolicyCancellationPending);
            assert!(found.message.contains("the page prints 03/01/2027"), "{found:?}");
            (found.severity, draft.clear().is_ok())
        };
        assert_eq!(verdict(&portal), (Severity::Block, false));
        assert_eq!(verdict(&cast::administrator()), (Severity::Warn, true));
    }

    #[test]
    fn a_character_without_a_letter_blocks_and_can_still_be_looked_at() {
        let wish = Wish {
            description: Some("Roof \u{2713} replaced".to_owned()),
            ..cast::wish()
        };
        let draft = drafted(facts(), wish).unwrap();
        let found = &draft.findings()[0];
        assert_eq!(
            (found.code, found.field.as_str()),
            (FindingCode::CharacterNotPrintable, "/description")
        );
        assert_eq!(found.printed_value.as_deref(), Some("\u{2713} (U+2713)"));
        assert_eq!(draft.legible().unwrap().description, "Roof \u{25a1} replaced");
        assert_eq!(draft.payload().description, "Roof \u{2713} replaced");
        assert!(draft.clear().is_err());
    }

    #[test]
    fn the_insured_is_printed_as_on_the_declarations_where_they_agree() {
        let mut facts = facts();
        for policy in &mut facts.policies {
            policy.named_insured = cast::text("ALDER CREEK ROOFING, LLC");
        }
        let draft = drafted(facts.clone(), cast::wish()).unwrap();
        assert_eq!(draft.payload().insured.name.as_str(), "ALDER CREEK ROOFING, LLC");
        let severities: Vec<_> = draft.findings().iter().map(|f| (f.code, f.severity)).collect();
        assert_eq!(severities, [(FindingCode::NamedInsuredDiffers, Severity::Info)]);
        facts.policies[1].named_insured = cast::text("Alder Creek Roofing LLC");
        let draft = drafted(facts, cast::wish()).unwrap();
        assert_eq!(draft.payload().insured.name.as_str(), "Alder Creek Roofing LLC");
        assert!(draft.findings().iter().all(|f| f.severity == Severity::Warn));
    }

    #[test]
    fn an_agency_without_an_address_cannot_be_printed() {
        let mut facts = facts();
        facts.agency.profile.address = None;
        assert_eq!(
            drafted(facts, cast::wish()).unwrap_err(),
            SendError::AgencyIncomplete
        );
    }

    #[test]
    fn what_is_sealed_names_the_hash_of_exactly_its_bytes() {
        let sent = sent_by(&cast::administrator(), cast::wish());
        assert_eq!(sent.sha256().as_slice(), Sha256::digest(&page().bytes).as_slice());
        assert_eq!(sent.page().bytes, page().bytes);
        assert_eq!(sent.fingerprint(), sent.payload().fingerprint().unwrap());
        assert_eq!(sent.fingerprint().len(), 64);
    }

    fn to_interest(change: impl FnOnce(&mut Interest)) -> Result<Draft, SendError> {
        let mut interest = cast::interest();
        change(&mut interest);
        let facts = Facts {
            interest: Some(interest),
            ..facts()
        };
        let wish = Wish {
            holder: HolderChoice::Interest(cast::INTEREST),
            ..cast::wish()
        };
        drafted(facts, wish)
    }

    /// A2.01, A2.27: an interest gets what its holder would get, and the log knows through which door.
    #[test]
    fn an_interest_is_sent_what_the_holder_that_it_is_would_be_sent() {
        let draft = to_interest(|_| {}).unwrap();
        let holder = drafted(facts(), cast::wish()).unwrap();
        assert_eq!(draft.payload(), holder.payload());
        assert_eq!(draft.findings(), holder.findings());
        let cleared = draft.clear().unwrap();
        let sent = cleared.seal(page(), envelope(), ids(), cast::now()).unwrap();
        assert_eq!(
            (sent.source(), sent.interest()),
            (Source::Interest, Some(cast::INTEREST))
        );
        assert_eq!((sent.holder_id(), sent.new_holder()), (cast::holder().id, None));
    }

    #[test]
    fn what_is_written_down_about_an_interest_raises_no_mark() {
        let marked = |link: bool| {
            let mut policies = cast::policies();
            let mut interest = cast::interest();
            for policy in &mut policies {
                for form in &mut policy.endorsements {
                    // A form that names somebody else does not reach this one, whatever the record says.
                    form.scope = crate::policies::endorsement::Scope::Scheduled(vec![cast::text(
                        "Another Company, Inc.",
                    )]);
                    if link {
                        interest.stake.policies.insert(policy.id);
                        interest.stake.endorsements.insert(form.id);
                    }
                }
            }
            let facts = Facts {
                interest: Some(interest),
                ..cast::send_facts(&policies)
            };
            let wish = Wish {
                holder: HolderChoice::Interest(cast::INTEREST),
                ..cast::wish()
            };
            codes(&drafted(facts, wish).unwrap())
                .into_iter()
                .map(|(code, field)| (code, field.to_owned()))
                .collect::<Vec<_>>()
        };
        let without = marked(false);
        assert!(
            without
                .iter()
                .any(|(code, _)| *code == FindingCode::AdditionalInsuredWithoutEndorsement),
            "{without:?}"
        );
        assert_eq!(marked(true), without);
    }

    #[test]
    fn an_interest_of_another_insured_or_of_the_past_is_sent_nothing() {
        let refused = |change: &dyn Fn(&mut Interest)| to_interest(change).unwrap_err();
        let other = InsuredId::from_uuid(uuid::Uuid::from_u128(0xbad));
        assert_eq!(
            refused(&|interest| interest.insured = other),
            SendError::InterestUnknown
        );
        assert_eq!(
            refused(&|interest| interest.stake.until_on = cast::today().pred_opt()),
            SendError::InterestNotCurrent(NotCurrent::Over)
        );
        let ended = || {
            Some(crate::interests::Ended {
                at: cast::now(),
                by_name: "Maren Voss".into(),
            })
        };
        assert_eq!(
            refused(&|interest| interest.ended = ended()),
            SendError::InterestNotCurrent(NotCurrent::Ended)
        );
    }

    /// A2.01: issuing leaves one delivery, one job and one entry of the trail.
    #[test]
    fn sending_queues_the_first_delivery_and_leaves_its_trace() {
        let sent = sent_by(&cast::administrator(), cast::wish());
        let delivery = sent.delivery();
        assert_eq!(
            (delivery.id, delivery.kind),
            (ids().delivery, DeliveryKind::Original)
        );
        assert_eq!(delivery.queued_at, cast::now());
        assert_eq!(
            delivery.subject,
            "Certificate of insurance 26-000001: Alder Creek Roofing LLC for Northgate Builders, Inc."
        );
        assert_eq!(
            sent.job(),
            &(
                ids().job,
                Job::DeliverCertificate {
                    delivery: ids().delivery
                }
            )
        );
        let entry = sent.entry();
        assert_eq!(entry.action, Action::CertificateSent);
        assert_eq!(entry.insured, Some(cast::INSURED));
        assert_eq!(entry.object_id, Some(ids().certificate.uuid()));
        assert_eq!(entry.by, cast::administrator().by());
        assert_eq!(entry.detail["to"], json!(["certificates@northgate.example.com"]));
        assert_eq!(entry.detail["sha256"], json!(hex(sent.sha256())));
    }

    #[test]
    fn a_subject_that_the_sender_wrote_is_kept() {
        let draft = drafted(facts(), cast::wish()).unwrap();
        let to = vec![cast::email("a@example.com")];
        let envelope = Envelope::new(to, Vec::new(), Some(cast::text("For bay 3")), "").unwrap();
        let sent = draft.clear().unwrap();
        let sent = sent.seal(page(), envelope, ids(), cast::now()).unwrap();
        assert_eq!(sent.delivery().subject, "For bay 3");
    }

    #[test]
    fn a_mail_goes_as_its_holder_prefers_unless_staff_say_otherwise_and_in_the_portal_before_what_the_agency_chose()
     {
        let channel = |actor: &Actor, preferred, agencys, asked| {
            let mut facts = facts();
            facts.holder.as_mut().unwrap().profile.channel = preferred;
            facts.agency.profile.portal_channel = agencys;
            let permit = actor.request::<SendCertificate>(cast::insured()).unwrap();
            let number = cast::text("26-000001");
            let draft = draft(permit, cast::wish(), facts, number, cast::printable).unwrap();
            draft.channel(asked)
        };
        let staff = cast::administrator();
        let (attached, link) = (Channel::Attachment, Channel::Link);
        assert_eq!(channel(&staff, None, link, None), Ok(attached));
        assert_eq!(channel(&staff, Some(link), attached, None), Ok(link));
        assert_eq!(
            channel(&staff, Some(link), attached, Some(attached)),
            Ok(attached)
        );
        let insured = cast::portal_with(crate::authz::Right::ALL);
        assert_eq!(channel(&insured, None, link, None), Ok(link));
        assert_eq!(channel(&insured, Some(attached), link, None), Ok(attached));
        assert_eq!(channel(&insured, None, link, Some(link)), Err(ChannelNotOpen));
    }

    #[test]
    fn what_is_looked_at_is_the_page_and_how_it_is_mailed() {
        let draft = drafted(facts(), cast::wish()).unwrap();
        let attached = draft.look(None).unwrap();
        assert_eq!(draft.look(Some(Channel::Attachment)), Some(attached.clone()));
        assert_ne!(draft.look(Some(Channel::Link)), Some(attached));
    }

    /// A2.21: a holder that was typed in joins the library; a known one is used as it is.
    #[test]
    fn a_new_holder_joins_the_library_and_a_known_one_stays() {
        let known = sent_by(&cast::administrator(), cast::wish());
        assert_eq!((known.holder_id(), known.new_holder()), (cast::HOLDER, None));
        let wish = Wish {
            holder: HolderChoice::New(cast::holder_profile()),
            ..cast::wish()
        };
        let new = sent_by(&cast::administrator(), wish);
        assert_eq!(
            (new.holder_id(), new.new_holder()),
            (ids().holder, Some(&cast::holder_profile()))
        );
    }

    /// A2.21: a one-time holder is kept with its certificate and said to be one.
    #[test]
    fn a_one_time_holder_is_printed_like_any_other() {
        let wish = Wish {
            holder: HolderChoice::OneTime(cast::holder_profile()),
            ..cast::wish()
        };
        let sent = sent_by(&cast::administrator(), wish);
        assert_eq!(sent.new_holder(), Some(&cast::holder_profile()));
        assert_eq!(sent.payload().holder.name, cast::holder_profile().name);
        assert!(sent.is_one_time());
        assert!(!sent_by(&cast::administrator(), cast::wish()).is_one_time());
    }

    #[test]
    fn the_door_and_the_sender_are_remembered() {
        let staff = sent_by(&cast::administrator(), cast::wish());
        assert_eq!(staff.source(), Source::Staff);
        let portal = cast::portal_with(&[Right::SendCertificates]);
        let sent = sent_by(&portal, cast::wish());
        assert_eq!(sent.source(), Source::Portal);
        assert_eq!(sent.by(), &portal.by());
    }

    #[test]
    fn no_process_sends_on_its_own() {
        for process in Process::ALL {
            assert!(!cast::system(*process).may::<SendCertificate>(&cast::insured()));
        }
    }
}
