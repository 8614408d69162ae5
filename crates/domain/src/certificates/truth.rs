//! The truth gate: a certificate never says more than the policies behind it.
//!
//! A pure function of what would be printed, the policies as they are, and the day. It compares print with
//! policy instead of trusting whoever composed the print.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::payload::{CertificatePayload, PrintedEndorsement, PrintedLine};
use crate::ids::PolicyId;
use crate::policies::coverage::Coverage;
use crate::policies::endorsement::{Effect, comparable};
use crate::policies::{Line, Policy, Standing};
use crate::vocabulary;

vocabulary! {
    /// How much a finding weighs.
    pub enum Severity {
        /// Nothing is sent.
        Block = "block",
        /// Worth a look before sending.
        Warn = "warn",
        /// Good to know.
        Info = "info",
    }
}

vocabulary! {
    /// What a finding is about.
    pub enum FindingCode {
        /// The policy's term is over.
        PolicyExpired = "policy_expired",
        /// The policy is cancelled.
        PolicyCancelled = "policy_cancelled",
        /// The policy's term has not begun.
        PolicyNotYetEffective = "policy_not_yet_effective",
        /// The policy is only quoted.
        PolicyNotBound = "policy_not_bound",
        /// The term ends within 30 days.
        PolicyEndsSoon = "policy_ends_soon",
        /// A cancellation is pending.
        PolicyCancellationPending = "policy_cancellation_pending",
        /// The policy is not among the insured's.
        PolicyUnknown = "policy_unknown",
        /// The printed number differs from the policy's.
        PolicyNumberDiffers = "policy_number_differs",
        /// A printed date differs from the policy's.
        TermDiffers = "term_differs",
        /// A printed limit is above the policy's, or the policy has none.
        LimitAbovePolicy = "limit_above_policy",
        /// A printed box differs from the policy.
        CoverageDiffers = "coverage_differs",
        /// The printed insurer or NAIC code differs from the policy's.
        InsurerDiffers = "insurer_differs",
        /// The printed insured differs from the policy's named insured.
        NamedInsuredDiffers = "named_insured_differs",
        /// ADDL INSD was asked for, and no form on the policy supports it for this holder.
        AdditionalInsuredWithoutEndorsement = "additional_insured_without_endorsement",
        /// SUBR WVD was asked for, and no form on the policy supports it for this holder.
        WaiverWithoutEndorsement = "waiver_without_endorsement",
        /// The form reaches only those whom a written contract requires.
        NeedsWrittenContract = "needs_written_contract",
        /// More than six insurers.
        TooManyInsurers = "too_many_insurers",
        /// The master may not be used on this day.
        MasterNotValid = "master_not_valid",
        /// No section is left to print.
        NothingToPrint = "nothing_to_print",
    }
}

/// One thing the gate found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is about.
    pub code: FindingCode,
    /// How much it weighs.
    pub severity: Severity,
    /// JSON pointer into the printed data, e.g. `/general_liability/coverage/each_occurrence`.
    pub field: String,
    /// What the policy says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub policy_value: Option<String>,
    /// What would be printed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub printed_value: Option<String>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

/// A mark that the sender asked for on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// ADDL INSD.
    AdditionalInsured,
    /// SUBR WVD.
    Waiver,
}

/// What the gate looks at.
#[derive(Debug)]
pub struct Draft<'a> {
    /// What would be printed.
    pub payload: &'a CertificatePayload,
    /// Marks that were asked for but could not be printed, because the master links no form.
    pub unsupported_marks: &'a [(Line, Mark)],
    /// The insured's policies, as they are now.
    pub policies: &'a [Policy],
}

/// Everything the gate found, worst first.
#[must_use]
pub fn evaluate(draft: &Draft<'_>, today: NaiveDate) -> Vec<Finding> {
    let mut gate = Gate {
        draft,
        today,
        findings: Vec::new(),
    };
    gate.run();
    let mut findings = gate.findings;
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Whether nothing blocks.
#[must_use]
pub fn clears(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Block)
}

struct Gate<'a> {
    draft: &'a Draft<'a>,
    today: NaiveDate,
    findings: Vec<Finding>,
}

impl Gate<'_> {
    fn run(&mut self) {
        let payload = self.draft.payload;
        let mut lines = 0;
        if let Some(line) = &payload.general_liability {
            lines += 1;
            self.line(
                Line::GeneralLiability,
                line,
                Coverage::GeneralLiability(line.coverage.clone()),
            );
        }
        if let Some(line) = &payload.commercial_auto {
            lines += 1;
            self.line(
                Line::CommercialAuto,
                line,
                Coverage::CommercialAuto(line.coverage.clone()),
            );
        }
        if let Some(line) = &payload.umbrella_excess {
            lines += 1;
            self.line(
                Line::UmbrellaExcess,
                line,
                Coverage::UmbrellaExcess(line.coverage.clone()),
            );
        }
        if let Some(line) = &payload.workers_compensation {
            lines += 1;
            self.line(
                Line::WorkersCompensation,
                line,
                Coverage::WorkersCompensation(line.coverage.clone()),
            );
        }
        if let Some(line) = &payload.other {
            lines += 1;
            self.line(Line::Other, line, Coverage::Other(line.coverage.clone()));
        }
        if lines == 0 {
            self.push(
                FindingCode::NothingToPrint,
                Severity::Block,
                "/".into(),
                None,
                None,
                "The master certificate selects no policy.".into(),
                "Edit the master certificate and choose a policy for at least one section.".into(),
            );
        }
        if payload.insurers.len() > 6 {
            self.push(
                FindingCode::TooManyInsurers,
                Severity::Block,
                "/insurers".into(),
                Some("6".into()),
                Some(payload.insurers.len().to_string()),
                "The page has room for six insurers.".into(),
                "Split the policies over two master certificates.".into(),
            );
        }
        for (line, mark) in self.draft.unsupported_marks {
            let (code, field, word, form) = match mark {
                Mark::AdditionalInsured => (
                    FindingCode::AdditionalInsuredWithoutEndorsement,
                    "additional_insured",
                    "ADDL INSD",
                    "an additional insured form such as CG 20 10",
                ),
                Mark::Waiver => (
                    FindingCode::WaiverWithoutEndorsement,
                    "waiver",
                    "SUBR WVD",
                    "a waiver form such as CG 24 04",
                ),
            };
            self.push(code, Severity::Block, format!("/{line}/{field}"), Some("no endorsement".into()),
                Some(format!("{word} Y")),
                format!("{word} was asked for on {}, but the master certificate links no form for it there.", line.label()),
                format!("Have {form} added to the policy and linked in the master certificate, or take the mark off."));
        }
    }

    fn line<C>(&mut self, line: Line, printed: &PrintedLine<C>, coverage: Coverage) {
        let Some(policy) = self.policy(printed.policy_id) else {
            self.push(
                FindingCode::PolicyUnknown,
                Severity::Block,
                format!("/{line}/policy_id"),
                None,
                Some(printed.policy_number.to_string()),
                format!(
                    "Policy {} is not one of the insured's policies.",
                    printed.policy_number
                ),
                "Edit the master certificate and choose one of the insured's policies.".into(),
            );
            return;
        };
        let policy = policy.clone();
        self.term(line, printed, &policy);
        self.parties(line, printed, &policy);
        self.coverage(line, &coverage, &policy);
        if let Some(form) = &printed.additional_insured {
            self.mark(line, Mark::AdditionalInsured, form, &policy);
        }
        if let Some(form) = &printed.waiver {
            self.mark(line, Mark::Waiver, form, &policy);
        }
    }

    fn policy(&self, id: PolicyId) -> Option<&Policy> {
        self.draft.policies.iter().find(|policy| policy.id == id)
    }

    fn term<C>(&mut self, line: Line, printed: &PrintedLine<C>, policy: &Policy) {
        let us = |day: NaiveDate| day.format("%m/%d/%Y").to_string();
        let field = |name: &str| format!("/{line}/{name}");
        let number = &policy.number;
        if printed.policy_number != policy.number {
            self.push(
                FindingCode::PolicyNumberDiffers,
                Severity::Block,
                field("policy_number"),
                Some(number.to_string()),
                Some(printed.policy_number.to_string()),
                "The printed policy number is not the policy's.".into(),
                "Reload the page: the policy was changed.".into(),
            );
        }
        for (name, ours, theirs) in [
            ("effective_on", policy.effective_on, printed.effective_on),
            ("expires_on", policy.expires_on, printed.expires_on),
        ] {
            if ours != theirs {
                self.push(
                    FindingCode::TermDiffers,
                    Severity::Block,
                    field(name),
                    Some(us(ours)),
                    Some(us(theirs)),
                    format!("The printed date is not that of policy {number}."),
                    "Reload the page: the policy was changed.".into(),
                );
            }
        }
        let today = us(self.today);
        let renew = "Choose the renewed policy in the master certificate.";
        match policy.standing(self.today) {
            Standing::InForce => {
                if let Some(day) = policy.cancelled_on {
                    self.push(
                        FindingCode::PolicyCancellationPending,
                        Severity::Warn,
                        field("expires_on"),
                        Some(us(day)),
                        Some(us(printed.expires_on)),
                        format!("Policy {number} is to be cancelled on {}.", us(day)),
                        "Make sure that the holder may still be told about this policy.".into(),
                    );
                } else if policy.expires_on <= self.today + TimeDelta::days(30) {
                    self.push(
                        FindingCode::PolicyEndsSoon,
                        Severity::Warn,
                        field("expires_on"),
                        Some(us(policy.expires_on)),
                        Some(us(printed.expires_on)),
                        format!("Policy {number} ends on {}.", us(policy.expires_on)),
                        "If it has been renewed, choose the new term in the master certificate.".into(),
                    );
                }
            }
            Standing::Expired => self.push(
                FindingCode::PolicyExpired,
                Severity::Block,
                field("expires_on"),
                Some(us(policy.expires_on)),
                Some(today),
                format!("Policy {number} expired on {}.", us(policy.expires_on)),
                renew.into(),
            ),
            Standing::Cancelled => self.push(
                FindingCode::PolicyCancelled,
                Severity::Block,
                field("policy_number"),
                policy.cancelled_on.map(us),
                Some(today),
                format!(
                    "Policy {number} is cancelled{}.",
                    policy
                        .cancelled_on
                        .map(|day| format!(" as of {}", us(day)))
                        .unwrap_or_default()
                ),
                "Choose a policy that is in force in the master certificate.".into(),
            ),
            Standing::Upcoming => self.push(
                FindingCode::PolicyNotYetEffective,
                Severity::Block,
                field("effective_on"),
                Some(us(policy.effective_on)),
                Some(today),
                format!(
                    "Policy {number} takes effect only on {}.",
                    us(policy.effective_on)
                ),
                "Choose the term that is in force, or wait until the new one has begun.".into(),
            ),
            Standing::NotBound => self.push(
                FindingCode::PolicyNotBound,
                Severity::Block,
                field("policy_number"),
                Some("quoted".into()),
                Some(number.to_string()),
                format!("Policy {number} is only quoted; there is no cover yet."),
                "Bind the policy first.".into(),
            ),
        }
    }

    fn parties<C>(&mut self, line: Line, printed: &PrintedLine<C>, policy: &Policy) {
        let payload = self.draft.payload;
        let insurer = payload
            .insurers
            .iter()
            .find(|insurer| insurer.letter == printed.insurer);
        let same = insurer.is_some_and(|i| i.name == policy.carrier.name && i.naic == policy.carrier.naic);
        if !same {
            self.push(
                FindingCode::InsurerDiffers,
                Severity::Block,
                format!("/{line}/insurer"),
                Some(format!("{} (NAIC {})", policy.carrier.name, policy.carrier.naic)),
                insurer.map(|i| format!("{} (NAIC {})", i.name, i.naic)),
                format!("The printed insurer is not that of policy {}.", policy.number),
                "Reload the page: the policy was changed.".into(),
            );
        }
        if comparable(policy.named_insured.as_str()) != comparable(payload.insured.name.as_str()) {
            self.push(FindingCode::NamedInsuredDiffers, Severity::Block, "/insured/name".into(),
                Some(policy.named_insured.to_string()), Some(payload.insured.name.to_string()),
                format!("Policy {} names another insured.", policy.number),
                "Correct the insured's name or the policy's named insured, so that both read as on the declarations.".into());
        }
    }

    fn coverage(&mut self, line: Line, printed: &Coverage, policy: &Policy) {
        let allowed = policy.coverage.limits();
        for (place, (label, amount)) in printed.limits().into_iter().enumerate() {
            let Some(amount) = amount else { continue };
            let of_policy = allowed
                .get(place)
                .filter(|(of_policy, _)| *of_policy == label)
                .and_then(|(_, amount)| *amount);
            if of_policy.is_none_or(|limit| amount > limit) {
                self.push(
                    FindingCode::LimitAbovePolicy,
                    Severity::Block,
                    format!("/{line}/coverage"),
                    Some(of_policy.map_or_else(|| "no such limit".to_owned(), |limit| limit.to_string())),
                    Some(amount.to_string()),
                    format!(
                        "{label}: the printed limit is above that of policy {}.",
                        policy.number
                    ),
                    "Reload the page: limits are taken from the policy.".into(),
                );
            }
        }
        if boxes(printed) != boxes(&policy.coverage) {
            self.push(
                FindingCode::CoverageDiffers,
                Severity::Block,
                format!("/{line}/coverage"),
                None,
                None,
                format!("A printed box is not that of policy {}.", policy.number),
                "Reload the page: boxes are taken from the policy.".into(),
            );
        }
    }

    fn mark(&mut self, line: Line, mark: Mark, printed: &PrintedEndorsement, policy: &Policy) {
        let holder = self.draft.payload.holder.name.as_str();
        let (code, field, word) = match mark {
            Mark::AdditionalInsured => (
                FindingCode::AdditionalInsuredWithoutEndorsement,
                "additional_insured",
                "ADDL INSD",
            ),
            Mark::Waiver => (FindingCode::WaiverWithoutEndorsement, "waiver", "SUBR WVD"),
        };
        let field = format!("/{line}/{field}");
        let named = format!("{} {}", printed.form_number, printed.edition);
        let form = policy.endorsements.iter().find(|form| form.id == printed.id);
        let fitting = form.filter(|form| {
            let effect = match mark {
                Mark::AdditionalInsured => form.effect.makes_additional_insured(),
                Mark::Waiver => form.effect == Effect::Waiver,
            };
            effect
                && form.form_number == printed.form_number
                && form.edition == printed.edition
                && form.title == printed.title
                && (line != Line::WorkersCompensation || mark == Mark::Waiver)
        });
        match fitting {
            None => self.push(
                code,
                Severity::Block,
                field,
                Some("no endorsement".into()),
                Some(format!("{word} Y ({named})")),
                format!("{word}: form {named} is not on policy {}.", policy.number),
                "Take the mark off, or have the form added to the policy.".into(),
            ),
            Some(form) if !form.reaches(holder) => self.push(
                code,
                Severity::Block,
                field,
                Some(
                    form.scheduled_parties
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join("; "),
                ),
                Some(holder.to_owned()),
                format!("{word}: form {named} names its parties, and {holder} is not among them."),
                "Have the carrier add the holder to the form's schedule, or take the mark off.".into(),
            ),
            Some(form) if form.scope == crate::policies::endorsement::Scope::WhenRequiredByContract => self
                .push(
                    FindingCode::NeedsWrittenContract,
                    Severity::Info,
                    field,
                    Some(named.clone()),
                    None,
                    format!("{word}: form {named} applies only where a written contract requires it."),
                    "Make sure that such a contract with this holder exists.".into(),
                ),
            Some(_) => {}
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one finding has exactly these parts, in the order of the struct"
    )]
    fn push(
        &mut self,
        code: FindingCode,
        severity: Severity,
        field: String,
        policy_value: Option<String>,
        printed_value: Option<String>,
        message: String,
        fix: String,
    ) {
        self.findings.push(Finding {
            code,
            severity,
            field,
            policy_value,
            printed_value,
            message,
            fix,
        });
    }
}

/// A coverage without its amounts: what is left are the boxes.
fn boxes(coverage: &Coverage) -> Coverage {
    use crate::policies::coverage::AutoLimit;
    let mut bare = coverage.clone();
    match &mut bare {
        Coverage::GeneralLiability(gl) => {
            gl.each_occurrence = None;
            gl.damage_to_rented_premises = None;
            gl.medical_expense = None;
            gl.personal_and_advertising_injury = None;
            gl.general_aggregate = None;
            gl.products_completed_operations_aggregate = None;
        }
        Coverage::CommercialAuto(auto) => {
            auto.limit = AutoLimit::CombinedSingle {
                each_accident: crate::money::Cents::default(),
            };
        }
        Coverage::UmbrellaExcess(excess) => {
            excess.each_occurrence = None;
            excess.aggregate = None;
        }
        Coverage::WorkersCompensation(wc) => {
            wc.each_accident = None;
            wc.disease_each_employee = None;
            wc.disease_policy_limit = None;
        }
        Coverage::Other(other) => other.limits.clear(),
    }
    bare
}
