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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::authz::rules::SendCertificate;
    use crate::certificates::send;
    use crate::ids::EndorsementId;
    use crate::money::Cents;
    use crate::policies::Status;
    use crate::policies::coverage::{AutoLimit, Retention, Trigger};
    use crate::testing as cast;

    /// A print, the policies it is held against, and the day.
    struct Case {
        payload: CertificatePayload,
        policies: Vec<Policy>,
        unsupported: Vec<(Line, Mark)>,
        today: NaiveDate,
    }

    impl Case {
        /// Nothing to find: every line, every mark, on the cast's day.
        fn clean() -> Self {
            let policies = cast::policies();
            let permit = cast::administrator()
                .request::<SendCertificate>(cast::insured())
                .unwrap();
            let number = cast::text("26-000001");
            let draft = send::draft(permit, cast::wish(), cast::send_facts(&policies), number).unwrap();
            Self {
                payload: draft.payload().clone(),
                policies,
                unsupported: Vec::new(),
                today: cast::today(),
            }
        }

        fn with(change: impl FnOnce(&mut Self)) -> Self {
            let mut case = Self::clean();
            change(&mut case);
            case
        }

        fn findings(&self) -> Vec<Finding> {
            let draft = Draft {
                payload: &self.payload,
                unsupported_marks: &self.unsupported,
                policies: &self.policies,
            };
            evaluate(&draft, self.today)
        }

        fn found(&self) -> Vec<(FindingCode, Severity, String)> {
            let findings = self.findings().into_iter();
            findings.map(|f| (f.code, f.severity, f.field)).collect()
        }

        fn policy(&mut self, line: Line) -> &mut Policy {
            self.policies.iter_mut().find(|p| p.line() == line).unwrap()
        }
    }

    /// Gives a policy another term and prints it so.
    fn term(case: &mut Case, effective_on: &str, expires_on: &str) {
        let (effective_on, expires_on) = (cast::day(effective_on), cast::day(expires_on));
        let policy = case.policy(Line::UmbrellaExcess);
        (policy.effective_on, policy.expires_on) = (effective_on, expires_on);
        let printed = case.payload.umbrella_excess.as_mut().unwrap();
        (printed.effective_on, printed.expires_on) = (effective_on, expires_on);
    }

    fn stranger() -> PrintedEndorsement {
        PrintedEndorsement {
            id: EndorsementId::from_uuid(uuid::Uuid::from_u128(99)),
            line: Line::UmbrellaExcess,
            form_number: cast::text("XS 20 10"),
            edition: cast::text("01 20"),
            title: cast::text("Additional insured"),
        }
    }

    type Change = fn(&mut Case);

    /// One change for every code: what it touches, and that it blocks.
    const BLOCKING: &[(FindingCode, &str, Change)] = &[
        (
            FindingCode::PolicyExpired,
            "/umbrella_excess/expires_on",
            |case| term(case, "2025-11-02", "2026-11-02"),
        ),
        (
            FindingCode::PolicyCancelled,
            "/umbrella_excess/policy_number",
            |case| {
                let policy = case.policy(Line::UmbrellaExcess);
                policy.status = Status::Cancelled;
                policy.cancelled_on = Some(cast::today());
            },
        ),
        (
            FindingCode::PolicyNotYetEffective,
            "/umbrella_excess/effective_on",
            |case| term(case, "2026-11-03", "2027-11-03"),
        ),
        (
            FindingCode::PolicyNotBound,
            "/umbrella_excess/policy_number",
            |case| case.policy(Line::UmbrellaExcess).status = Status::Quoted,
        ),
        (FindingCode::PolicyUnknown, "/umbrella_excess/policy_id", |case| {
            case.policies.retain(|p| p.line() != Line::UmbrellaExcess)
        }),
        (
            FindingCode::PolicyNumberDiffers,
            "/umbrella_excess/policy_number",
            |case| case.policy(Line::UmbrellaExcess).number = cast::text("UMB-5513"),
        ),
        (
            FindingCode::TermDiffers,
            "/umbrella_excess/effective_on",
            |case| case.policy(Line::UmbrellaExcess).effective_on = cast::day("2026-03-02"),
        ),
        (FindingCode::TermDiffers, "/umbrella_excess/expires_on", |case| {
            case.policy(Line::UmbrellaExcess).expires_on = cast::day("2027-03-02")
        }),
        (
            FindingCode::LimitAbovePolicy,
            "/umbrella_excess/coverage",
            |case| {
                let printed = case.payload.umbrella_excess.as_mut().unwrap();
                printed.coverage.aggregate = Some(Cents::new(500_000_001));
            },
        ),
        (
            FindingCode::CoverageDiffers,
            "/umbrella_excess/coverage",
            |case| {
                let printed = case.payload.umbrella_excess.as_mut().unwrap();
                printed.coverage.retention = Retention::None;
            },
        ),
        (
            FindingCode::CoverageDiffers,
            "/general_liability/coverage",
            |case| {
                let printed = case.payload.general_liability.as_mut().unwrap();
                printed.coverage.trigger = Trigger::ClaimsMade;
            },
        ),
        (FindingCode::InsurerDiffers, "/umbrella_excess/insurer", |case| {
            case.policy(Line::UmbrellaExcess).carrier = cast::second_company()
        }),
        (FindingCode::NamedInsuredDiffers, "/insured/name", |case| {
            case.policy(Line::UmbrellaExcess).named_insured = cast::text("Alder Creek Roofing Inc");
        }),
        (
            FindingCode::AdditionalInsuredWithoutEndorsement,
            "/umbrella_excess/additional_insured",
            |case| case.payload.umbrella_excess.as_mut().unwrap().additional_insured = Some(stranger()),
        ),
        (
            FindingCode::AdditionalInsuredWithoutEndorsement,
            "/umbrella_excess/additional_insured",
            |case| case.unsupported = vec![(Line::UmbrellaExcess, Mark::AdditionalInsured)],
        ),
        (
            FindingCode::WaiverWithoutEndorsement,
            "/umbrella_excess/waiver",
            |case| case.payload.umbrella_excess.as_mut().unwrap().waiver = Some(stranger()),
        ),
        (
            FindingCode::WaiverWithoutEndorsement,
            "/umbrella_excess/waiver",
            |case| case.unsupported = vec![(Line::UmbrellaExcess, Mark::Waiver)],
        ),
        (FindingCode::TooManyInsurers, "/insurers", |case| {
            let first = case.payload.insurers[0].clone();
            for letter in 'C'..='G' {
                case.payload
                    .insurers
                    .push(crate::certificates::payload::PrintedInsurer {
                        letter,
                        ..first.clone()
                    });
            }
        }),
        (FindingCode::NothingToPrint, "/", |case| {
            let payload = &mut case.payload;
            payload.general_liability = None;
            payload.commercial_auto = None;
            payload.umbrella_excess = None;
            payload.workers_compensation = None;
            payload.other = None;
        }),
    ];

    #[test]
    fn a_print_that_says_what_the_policies_say_has_no_findings() {
        assert_eq!(Case::clean().findings(), []);
    }

    #[test]
    fn each_fault_is_found_alone_and_blocks() {
        for (code, field, change) in BLOCKING {
            let case = Case::with(change);
            assert_eq!(
                case.found(),
                [(*code, Severity::Block, (*field).to_owned())],
                "{code}"
            );
            assert!(!clears(&case.findings()), "{code}");
        }
    }

    #[test]
    fn every_code_has_a_case() {
        let elsewhere = [
            // Below: they do not block.
            FindingCode::PolicyEndsSoon,
            FindingCode::PolicyCancellationPending,
            FindingCode::NeedsWrittenContract,
            // Found while drafting, from the master's own validity.
            FindingCode::MasterNotValid,
        ];
        let covered: BTreeSet<_> = BLOCKING.iter().map(|(code, ..)| *code).chain(elsewhere).collect();
        assert_eq!(covered, FindingCode::ALL.iter().copied().collect());
    }

    #[test]
    fn a_finding_shows_what_the_policy_says_and_what_would_be_printed() {
        let case = Case::with(|case| {
            let printed = case.payload.umbrella_excess.as_mut().unwrap();
            printed.coverage.aggregate = Some(Cents::dollars(6_000_000));
        });
        let finding = case.findings().remove(0);
        assert_eq!(finding.policy_value.as_deref(), Some("$5,000,000"));
        assert_eq!(finding.printed_value.as_deref(), Some("$6,000,000"));
        assert!(finding.message.contains("Aggregate") && finding.message.contains("UMB-5512"));
        assert!(!finding.fix.is_empty());
    }

    #[test]
    fn a_limit_that_the_policy_does_not_have_is_above_it() {
        let case = Case::with(|case| {
            let Coverage::UmbrellaExcess(excess) = &mut case.policy(Line::UmbrellaExcess).coverage else {
                unreachable!("the umbrella covers as an umbrella");
            };
            excess.aggregate = None;
        });
        let finding = case.findings().remove(0);
        assert_eq!(finding.code, FindingCode::LimitAbovePolicy);
        assert_eq!(finding.policy_value.as_deref(), Some("no such limit"));
    }

    #[test]
    fn one_combined_limit_is_not_three_split_ones() {
        let case = Case::with(|case| {
            let printed = case.payload.commercial_auto.as_mut().unwrap();
            printed.coverage.limit = AutoLimit::Split {
                bodily_injury_per_person: Cents::new(1),
                bodily_injury_per_accident: Cents::new(1),
                property_damage_per_accident: Cents::new(1),
            };
        });
        let codes: Vec<_> = case.findings().into_iter().map(|f| f.code).collect();
        assert_eq!(codes, [FindingCode::LimitAbovePolicy; 3]);
    }

    #[test]
    fn a_limit_may_be_left_out_or_lower() {
        let case = Case::with(|case| {
            let printed = &mut case.payload.general_liability.as_mut().unwrap().coverage;
            printed.medical_expense = None;
            printed.each_occurrence = Some(Cents::dollars(500_000));
        });
        assert_eq!(case.findings(), []);
    }

    #[test]
    fn the_first_and_the_last_day_of_a_term_are_covered() {
        let first = Case::with(|case| term(case, "2026-11-02", "2027-11-02"));
        assert_eq!(first.findings(), []);
        let last = Case::with(|case| term(case, "2025-11-03", "2026-11-03"));
        assert_eq!(
            last.found(),
            [(
                FindingCode::PolicyEndsSoon,
                Severity::Warn,
                "/umbrella_excess/expires_on".to_owned()
            )]
        );
        assert!(clears(&last.findings()));
    }

    #[test]
    fn an_end_within_thirty_days_is_worth_a_look() {
        let thirty = Case::with(|case| term(case, "2025-12-02", "2026-12-02"));
        assert_eq!(thirty.found()[0].0, FindingCode::PolicyEndsSoon);
        let thirty_one = Case::with(|case| term(case, "2025-12-03", "2026-12-03"));
        assert_eq!(thirty_one.findings(), []);
    }

    #[test]
    fn a_pending_cancellation_is_worth_a_look_until_its_day() {
        let pending = Case::with(|case| {
            let policy = case.policy(Line::UmbrellaExcess);
            policy.status = Status::Cancelled;
            policy.cancelled_on = Some(cast::day("2026-11-03"));
        });
        assert_eq!(
            pending.found(),
            [(
                FindingCode::PolicyCancellationPending,
                Severity::Warn,
                "/umbrella_excess/expires_on".to_owned()
            )]
        );
        assert!(clears(&pending.findings()));
    }

    /// The mark on general liability, with the forms of that policy replaced by `form`.
    fn marked_by(form: crate::policies::Endorsement) -> Case {
        Case::with(|case| {
            let printed = case.payload.general_liability.as_mut().unwrap();
            printed.waiver = None;
            printed.additional_insured = Some(PrintedEndorsement {
                id: form.id,
                line: Line::GeneralLiability,
                form_number: form.form_number.clone(),
                edition: form.edition.clone(),
                title: form.title.clone(),
            });
            case.policy(Line::GeneralLiability).endorsements = vec![form];
        })
    }

    fn cg_20_10() -> crate::policies::Endorsement {
        cast::form(11, "CG 20 10", "04 13", Effect::AdditionalInsuredOngoing)
    }

    #[test]
    fn a_scheduled_form_reaches_only_the_parties_it_names() {
        let named = marked_by(cast::scheduled(cg_20_10(), &["NORTHGATE BUILDERS INC"]));
        assert_eq!(named.findings(), []);
        let others = marked_by(cast::scheduled(
            cg_20_10(),
            &["Northgate Builders of Nevada, Inc."],
        ));
        assert_eq!(
            others.found(),
            [(
                FindingCode::AdditionalInsuredWithoutEndorsement,
                Severity::Block,
                "/general_liability/additional_insured".to_owned()
            )]
        );
        let nobody = marked_by(cast::scheduled(cg_20_10(), &[]));
        assert!(!clears(&nobody.findings()));
    }

    #[test]
    fn a_form_that_needs_a_contract_is_good_to_know() {
        let case = marked_by(cast::by_contract(cg_20_10()));
        assert_eq!(
            case.found(),
            [(
                FindingCode::NeedsWrittenContract,
                Severity::Info,
                "/general_liability/additional_insured".to_owned()
            )]
        );
        assert!(clears(&case.findings()));
    }

    #[test]
    fn a_form_that_does_something_else_supports_no_mark() {
        for effect in Effect::ALL {
            let case = marked_by(cast::form(11, "CG 20 10", "04 13", *effect));
            assert_eq!(
                clears(&case.findings()),
                effect.makes_additional_insured(),
                "{effect}"
            );
        }
    }

    #[test]
    fn another_edition_is_another_form() {
        let case = Case::with(|case| {
            case.policy(Line::GeneralLiability).endorsements[0].edition = cast::text("12 19");
        });
        assert_eq!(
            case.found()[0].0,
            FindingCode::AdditionalInsuredWithoutEndorsement
        );
    }

    #[test]
    fn workers_compensation_has_no_additional_insured() {
        let case = Case::with(|case| {
            let form = cg_20_10();
            let printed = case.payload.workers_compensation.as_mut().unwrap();
            printed.additional_insured = Some(PrintedEndorsement {
                id: form.id,
                line: Line::WorkersCompensation,
                form_number: form.form_number.clone(),
                edition: form.edition.clone(),
                title: form.title.clone(),
            });
            case.policy(Line::WorkersCompensation).endorsements.push(form);
        });
        assert_eq!(
            case.found()[0].0,
            FindingCode::AdditionalInsuredWithoutEndorsement
        );
    }

    #[test]
    fn the_worst_comes_first() {
        let case = Case::with(|case| {
            term(case, "2025-12-02", "2026-12-02");
            case.policy(Line::WorkersCompensation).status = Status::Quoted;
            let forms = &mut case.policy(Line::GeneralLiability).endorsements;
            *forms = forms.drain(..).map(cast::by_contract).collect();
        });
        let severities: Vec<_> = case.findings().into_iter().map(|f| f.severity).collect();
        assert_eq!(
            severities,
            [Severity::Block, Severity::Warn, Severity::Info, Severity::Info]
        );
    }

    #[test]
    fn the_named_insured_is_compared_by_letters_and_digits() {
        let case = Case::with(|case| {
            case.policy(Line::UmbrellaExcess).named_insured = cast::text("ALDER CREEK ROOFING, LLC");
        });
        assert_eq!(case.findings(), []);
    }
}
