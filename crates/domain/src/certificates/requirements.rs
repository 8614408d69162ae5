//! What a holder asks for, held against what a certificate would print and the policies behind it.
//!
//! A pure function beside the truth gate. It never changes the print and never blocks it: the certificate tells what
//! the policies say, and this tells the sender what the holder will miss.
//!
//! Invariant: a minimum that is met is not above the policy's limit, nor above the printed one.

use chrono::NaiveDate;

use super::attachments;
use super::description::compact;
use super::payload::CertificatePayload;
use crate::holders::Requirements;
use crate::holders::requirements::{LimitKind, RequiredForm};
use crate::money::Cents;
use crate::policies::coverage::Coverage;
use crate::policies::endorsement::{Effect, Endorsement};
use crate::policies::{Line, Policy};
use crate::text::NonBlank;
use crate::vocabulary;

vocabulary! {
    /// What a requirement is about.
    pub enum RequirementKind {
        /// A limit that must be at least so much.
        MinimumLimit = "minimum_limit",
        /// An additional insured for ongoing operations.
        AdditionalInsuredOngoing = "additional_insured_ongoing",
        /// An additional insured for completed operations.
        AdditionalInsuredCompleted = "additional_insured_completed",
        /// Primary and noncontributory.
        PrimaryNoncontributory = "primary_noncontributory",
        /// A waiver of the right to recover, on a line.
        Waiver = "waiver",
        /// A form by its number.
        Form = "form",
        /// The holder's name letter by letter.
        HolderName = "holder_name",
    }
}

/// Why a requirement is not met, and what would meet it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// What is missing, in one sentence.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

/// One requirement and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it is about.
    pub kind: RequirementKind,
    /// On which line, unless it is about the certificate as a whole.
    pub line: Option<Line>,
    /// What it is called, e.g. `General aggregate`.
    pub label: String,
    /// What is asked for.
    pub asked: String,
    /// What there is.
    pub has: String,
    /// What is missing; none where it is met.
    pub shortfall: Option<Shortfall>,
}

impl Checked {
    /// Whether it is met.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        self.shortfall.is_none()
    }
}

/// Holds each requirement against what would be printed and the policies as they are, in the order of the page.
#[must_use]
pub fn check(
    requirements: &Requirements,
    payload: &CertificatePayload,
    policies: &[Policy],
    today: NaiveDate,
) -> Vec<Checked> {
    let view = View {
        payload,
        policies,
        today,
    };
    let mut checked: Vec<Checked> = requirements
        .limits
        .iter()
        .map(|(kind, minimum)| view.limit(*kind, *minimum))
        .collect();
    for (asked, kind) in [
        (
            requirements.additional_insured_ongoing,
            RequirementKind::AdditionalInsuredOngoing,
        ),
        (
            requirements.additional_insured_completed,
            RequirementKind::AdditionalInsuredCompleted,
        ),
        (
            requirements.primary_noncontributory,
            RequirementKind::PrimaryNoncontributory,
        ),
    ] {
        checked.extend(asked.then(|| view.status(kind, Line::GeneralLiability)));
    }
    let waivers = requirements.waiver.iter();
    checked.extend(waivers.map(|line| view.status(RequirementKind::Waiver, *line)));
    checked.extend(requirements.forms.iter().map(|form| view.form(form)));
    checked.extend(requirements.holder_name.as_ref().map(|name| view.name(name)));
    checked
}

impl RequirementKind {
    const fn label(self) -> &'static str {
        match self {
            Self::MinimumLimit => "Minimum limit",
            Self::AdditionalInsuredOngoing => "Additional insured, ongoing operations",
            Self::AdditionalInsuredCompleted => "Additional insured, completed operations",
            Self::PrimaryNoncontributory => "Primary and noncontributory",
            Self::Waiver => "Waiver of subrogation",
            Self::Form => "Form",
            Self::HolderName => "Holder\u{2019}s name",
        }
    }

    /// The effect that a form must have, where one is needed.
    const fn effect(self) -> Option<Effect> {
        match self {
            Self::AdditionalInsuredOngoing => Some(Effect::AdditionalInsuredOngoing),
            Self::AdditionalInsuredCompleted => Some(Effect::AdditionalInsuredCompleted),
            Self::PrimaryNoncontributory => Some(Effect::PrimaryNoncontributory),
            Self::Waiver => Some(Effect::Waiver),
            Self::MinimumLimit | Self::Form | Self::HolderName => None,
        }
    }
}

/// The form that carriers usually write for it.
fn usual_form(kind: RequirementKind, line: Line, state: &str) -> &'static str {
    match (kind, line) {
        (RequirementKind::AdditionalInsuredOngoing, _) => "CG 20 10",
        (RequirementKind::AdditionalInsuredCompleted, _) => "CG 20 37",
        (RequirementKind::PrimaryNoncontributory, _) => "CG 20 01",
        (_, Line::GeneralLiability) => "CG 24 04",
        (_, Line::CommercialAuto) => "CA 04 44",
        (_, Line::WorkersCompensation) => match state {
            "CA" => "WC 04 03 06",
            "TX" => "WC 42 03 04",
            _ => "WC 00 03 13",
        },
        (_, Line::UmbrellaExcess | Line::Other) => "its own waiver form",
    }
}

struct View<'a> {
    payload: &'a CertificatePayload,
    policies: &'a [Policy],
    today: NaiveDate,
}

impl<'a> View<'a> {
    fn policy(&self, line: Line) -> Option<&'a Policy> {
        let band = self.payload.bands().find(|band| band.line == line)?;
        self.policies.iter().find(|policy| policy.id == band.policy_id)
    }

    fn holder(&self) -> &'a str {
        self.payload.holder.name.as_str()
    }

    fn state(&self) -> &'a str {
        self.payload.insured.address.state.as_str()
    }

    /// What is printed under a limit.
    fn printed(&self, kind: LimitKind) -> Option<Cents> {
        let payload = self.payload;
        let coverage = match kind.line() {
            Line::GeneralLiability => payload
                .general_liability
                .as_ref()
                .map(|line| Coverage::GeneralLiability(line.coverage.clone())),
            Line::CommercialAuto => payload
                .commercial_auto
                .as_ref()
                .map(|line| Coverage::CommercialAuto(line.coverage.clone())),
            Line::UmbrellaExcess => payload
                .umbrella_excess
                .as_ref()
                .map(|line| Coverage::UmbrellaExcess(line.coverage.clone())),
            Line::WorkersCompensation => payload
                .workers_compensation
                .as_ref()
                .map(|line| Coverage::WorkersCompensation(line.coverage.clone())),
            Line::Other => payload
                .other
                .as_ref()
                .map(|line| Coverage::Other(line.coverage.clone())),
        };
        amount(&coverage?, kind)
    }

    fn limit(&self, kind: LimitKind, minimum: Cents) -> Checked {
        let line = kind.line();
        let label = kind.label().to_owned();
        let asked = format!("at least {minimum}");
        let Some(policy) = self.policy(line) else {
            let shortfall = not_printed(line);
            return Checked {
                kind: RequirementKind::MinimumLimit,
                line: Some(line),
                label,
                asked,
                has: "not on the certificate".to_owned(),
                shortfall: Some(shortfall),
            };
        };
        // The lower of the two counts, whatever the reason why they differ.
        let amount = amount(&policy.coverage, kind)
            .zip(self.printed(kind))
            .map(|(of_policy, printed)| of_policy.min(printed));
        let has = amount.map_or_else(|| "no such limit".to_owned(), |amount| amount.to_string());
        let shortfall = match amount {
            Some(amount) if amount >= minimum => None,
            Some(amount) => Some(Shortfall {
                message: format!("Policy {} has {amount}; {minimum} is asked for.", policy.number),
                fix: self.raise(kind, minimum),
            }),
            None => Some(Shortfall {
                message: format!("Policy {} has no such limit.", policy.number),
                fix: self.raise(kind, minimum),
            }),
        };
        Checked {
            kind: RequirementKind::MinimumLimit,
            line: Some(line),
            label,
            asked,
            has,
            shortfall,
        }
    }

    fn raise(&self, kind: LimitKind, minimum: Cents) -> String {
        let beneath = kind.line() != Line::UmbrellaExcess && self.payload.umbrella_excess.is_some();
        let umbrella = match beneath {
            true => ", or ask the holder whether the umbrella or excess limit counts toward it",
            false => "",
        };
        format!(
            "Ask the carrier for {} of at least {minimum}{umbrella}.",
            kind.label()
        )
    }

    /// Whether the certificate shows a form: behind a mark of its line, or by its number in the description.
    fn shows(&self, line: Line, form: &Endorsement) -> bool {
        attachments::shows(self.payload, line, form)
    }

    /// A status that only a form gives: it must be on the policy, reach the holder, and be seen on the certificate.
    fn status(&self, kind: RequirementKind, line: Line) -> Checked {
        let asked = match kind {
            RequirementKind::Waiver => format!("on {}", line.label()),
            _ => "yes".to_owned(),
        };
        let (has, shortfall) = self.found(kind, line);
        Checked {
            kind,
            line: Some(line),
            label: kind.label().to_owned(),
            asked,
            has,
            shortfall,
        }
    }

    fn found(&self, kind: RequirementKind, line: Line) -> (String, Option<Shortfall>) {
        let Some(policy) = self.policy(line) else {
            return ("not on the certificate".to_owned(), Some(not_printed(line)));
        };
        let of_kind = |form: &&Endorsement| {
            Some(form.effect.word()) == kind.effect().map(Effect::word) && form.stands_on(self.today)
        };
        let standing: Vec<&Endorsement> = policy.endorsements.iter().filter(of_kind).collect();
        let reaching = || standing.iter().filter(|form| form.reaches(self.holder()));
        let usual = usual_form(kind, line, self.state());
        // A form that is seen on the certificate is worth more than one that is not.
        let Some(form) = reaching()
            .find(|form| self.shows(line, form))
            .or_else(|| reaching().next())
        else {
            return match standing.first() {
                Some(form) => (
                    format!("{}, for others", form.name()),
                    Some(Shortfall {
                        message: format!(
                            "Form {} on policy {} names its parties, and {} is not among them.",
                            form.name(),
                            policy.number,
                            self.holder()
                        ),
                        fix: format!(
                            "Ask the carrier to add {} to the schedule of {}.",
                            self.holder(),
                            form.form_number
                        ),
                    }),
                ),
                None => (
                    "no form".to_owned(),
                    Some(Shortfall {
                        message: format!("No form on policy {} does this.", policy.number),
                        fix: format!("Ask the carrier for {usual}."),
                    }),
                ),
            };
        };
        (form.name(), self.unseen(kind, line, form))
    }

    /// Why a form that the policy has cannot be seen on the certificate.
    fn unseen(&self, kind: RequirementKind, line: Line, form: &Endorsement) -> Option<Shortfall> {
        let band = self.payload.bands().find(|band| band.line == line)?;
        let mark = match kind {
            RequirementKind::AdditionalInsuredOngoing | RequirementKind::AdditionalInsuredCompleted => {
                Some(("ADDL INSD", band.additional_insured.is_some()))
            }
            RequirementKind::Waiver => Some(("SUBR WVD", band.waiver.is_some())),
            _ => None,
        };
        if let Some((word, false)) = mark {
            return Some(Shortfall {
                message: format!(
                    "The policy has {}, but the certificate does not mark {word} on {}.",
                    form.name(),
                    line.label()
                ),
                fix: format!("Mark {word} on this line; the master certificate must link the form for it."),
            });
        }
        (!self.shows(line, form)).then(|| self.unnamed(form))
    }

    fn unnamed(&self, form: &Endorsement) -> Shortfall {
        Shortfall {
            message: format!(
                "The policy has {}, but the certificate does not name it.",
                form.name()
            ),
            fix: format!(
                "Insert the sentence of {} into the description of operations.",
                form.name()
            ),
        }
    }

    fn form(&self, wanted: &RequiredForm) -> Checked {
        let number = compact(wanted.form_number.as_str());
        let printed = self.payload.bands();
        let all: Vec<(Line, &Endorsement)> = printed
            .filter_map(|band| Some((band.line, self.policy(band.line)?)))
            .flat_map(|(line, policy)| policy.endorsements.iter().map(move |form| (line, form)))
            .filter(|(_, form)| compact(form.form_number.as_str()) == number && form.stands_on(self.today))
            .collect();
        let edition = |form: &Endorsement| {
            let wanted = wanted.edition.as_ref().map(|edition| compact(edition.as_str()));
            wanted.is_none_or(|edition| compact(form.edition.as_str()) == edition)
        };
        let fitting = || {
            all.iter()
                .filter(|(_, form)| edition(form) && form.reaches(self.holder()))
        };
        let seen = fitting()
            .find(|(line, form)| self.shows(*line, form))
            .or_else(|| fitting().next());
        let name = wanted.name();
        let (line, has, shortfall) = match (seen, all.first()) {
            (Some((line, form)), _) => {
                let shown = self.shows(*line, form);
                let shortfall = (!shown).then(|| self.unnamed(form));
                (Some(*line), form.name(), shortfall)
            }
            (None, Some((line, form))) if !edition(form) => {
                let shortfall = Shortfall {
                    message: format!("The policy has {}; {name} is asked for.", form.name()),
                    fix: format!(
                        "Ask the carrier for {name}, or ask the holder whether edition {} will do.",
                        form.edition
                    ),
                };
                (Some(*line), form.name(), Some(shortfall))
            }
            (None, Some((line, form))) => {
                let holder = self.holder();
                let shortfall = Shortfall {
                    message: format!(
                        "Form {} names its parties, and {holder} is not among them.",
                        form.name()
                    ),
                    fix: format!(
                        "Ask the carrier to add {holder} to the schedule of {}.",
                        form.form_number
                    ),
                };
                (
                    Some(*line),
                    format!("{}, for others", form.name()),
                    Some(shortfall),
                )
            }
            (None, None) => {
                let shortfall = Shortfall {
                    message: format!("{name} is on none of the printed policies."),
                    fix: format!("Ask the carrier for {name}."),
                };
                (None, "no such form".to_owned(), Some(shortfall))
            }
        };
        Checked {
            kind: RequirementKind::Form,
            line,
            label: RequirementKind::Form.label().to_owned(),
            asked: name,
            has,
            shortfall,
        }
    }

    fn name(&self, wanted: &NonBlank) -> Checked {
        let printed = self.holder();
        Checked {
            kind: RequirementKind::HolderName,
            line: None,
            label: RequirementKind::HolderName.label().to_owned(),
            asked: wanted.to_string(),
            has: printed.to_owned(),
            shortfall: (printed != wanted.as_str()).then(|| Shortfall {
                message: format!(
                    "The certificate prints \u{201c}{printed}\u{201d}; the contract has \u{201c}{wanted}\u{201d}."
                ),
                fix: "Correct the holder\u{2019}s legal name in the library, or send to the holder of that name."
                    .to_owned(),
            }),
        }
    }
}

fn not_printed(line: Line) -> Shortfall {
    Shortfall {
        message: format!("{} is not on this certificate.", line.label()),
        fix: "Choose a master certificate that prints the line, or ask the carrier for such a policy."
            .to_owned(),
    }
}

pub(super) fn amount(coverage: &Coverage, kind: LimitKind) -> Option<Cents> {
    let limits = coverage.limits();
    limits
        .iter()
        .find(|limit| limit.field == kind.field())
        .and_then(|limit| limit.amount)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::certificates::send;
    use crate::testing as cast;

    /// What becomes of requirements on a certificate from these policies, with this description.
    fn checked(requirements: &Requirements, policies: &[Policy], description: Option<&str>) -> Vec<Checked> {
        let permit = cast::administrator().request(cast::insured()).unwrap();
        let wish = send::Wish {
            description: description.map(str::to_owned),
            ..cast::wish()
        };
        let facts = cast::send_facts(policies);
        let draft = send::draft(permit, wish, facts, cast::text("PREVIEW"), cast::printable).unwrap();
        check(requirements, draft.payload(), policies, cast::today())
    }

    fn one(requirements: &Requirements, policies: &[Policy], description: Option<&str>) -> Checked {
        let mut checked = checked(requirements, policies, description);
        assert_eq!(checked.len(), 1, "{checked:?}");
        checked.remove(0)
    }

    fn minimum(kind: LimitKind, dollars: u64) -> Requirements {
        Requirements {
            limits: BTreeMap::from([(kind, Cents::dollars(dollars))]),
            ..Requirements::default()
        }
    }

    fn fix(checked: &Checked) -> &str {
        checked.shortfall.as_ref().map_or("", |short| &short.fix)
    }

    fn with_form(form: Endorsement) -> Vec<Policy> {
        let mut policies = cast::policies();
        policies[0].endorsements.push(form);
        policies
    }

    #[test]
    fn a_minimum_is_met_from_its_amount_on() {
        let policies = cast::policies();
        let exact = one(&minimum(LimitKind::GlEachOccurrence, 1_000_000), &policies, None);
        assert!(exact.is_met());
        assert_eq!(
            (exact.asked.as_str(), exact.has.as_str()),
            ("at least $1,000,000", "$1,000,000")
        );
        let short = one(&minimum(LimitKind::GlEachOccurrence, 2_000_000), &policies, None);
        assert_eq!(
            fix(&short),
            "Ask the carrier for Each occurrence of at least $2,000,000, or ask the holder whether the umbrella or \
             excess limit counts toward it."
        );
        // The cast's auto has one limit for everything, and none for property damage alone.
        let none = one(
            &minimum(LimitKind::AutoPropertyDamagePerAccident, 1),
            &policies,
            None,
        );
        assert_eq!(none.has, "no such limit");
        let unprinted = one(&minimum(LimitKind::UmbAggregate, 1), &policies[..1], None);
        assert_eq!(unprinted.has, "not on the certificate");
        assert!(!none.is_met() && !unprinted.is_met());
    }

    #[test]
    fn an_additional_insured_needs_a_form_that_reaches_the_holder_and_is_seen() {
        let ongoing = Requirements {
            additional_insured_ongoing: true,
            ..Requirements::default()
        };
        let met = one(&ongoing, &cast::policies(), None);
        assert_eq!((met.is_met(), met.has.as_str()), (true, "CG 20 10 04 13"));

        let completed = Requirements {
            additional_insured_completed: true,
            ..Requirements::default()
        };
        let missing = one(&completed, &cast::policies(), None);
        assert_eq!(fix(&missing), "Ask the carrier for CG 20 37.");
        let form = cast::form(90, "CG 20 37", "04 13", Effect::AdditionalInsuredCompleted);
        let scheduled = cast::scheduled(form.clone(), &["City of Sparks"]);
        let others = one(&completed, &with_form(scheduled), None);
        assert_eq!(others.has, "CG 20 37 04 13, for others");
        assert!(fix(&others).contains("add Northgate Builders, Inc. to the schedule of CG 20 37"));
        let unnamed = one(&completed, &with_form(form.clone()), None);
        assert!(fix(&unnamed).starts_with("Insert the sentence of CG 20 37 04 13"));
        let named = one(&completed, &with_form(form.clone()), Some("See CG 20 37 04 13."));
        assert!(named.is_met(), "{named:?}");

        let mut ended = form;
        ended.ends_on = Some(cast::today());
        assert_eq!(one(&completed, &with_form(ended), None).has, "no form");
    }

    #[test]
    fn a_waiver_is_asked_for_by_line_and_must_be_marked() {
        let waiver = |line| Requirements {
            waiver: BTreeSet::from([line]),
            ..Requirements::default()
        };
        let met = one(&waiver(Line::GeneralLiability), &cast::policies(), None);
        assert_eq!(met.has, "CG 24 04 05 09");
        assert!(met.is_met());
        let mut policies = cast::policies();
        policies[0]
            .endorsements
            .retain(|form| form.effect != Effect::Waiver);
        assert_eq!(
            fix(&one(&waiver(Line::GeneralLiability), &policies, None)),
            "Ask the carrier for CG 24 04."
        );

        let permit = cast::administrator().request(cast::insured()).unwrap();
        let bare = send::Wish {
            waiver: Some(BTreeSet::new()),
            ..cast::wish()
        };
        let facts = cast::send_facts(&cast::policies());
        let draft = send::draft(permit, bare, facts, cast::text("PREVIEW"), cast::printable).unwrap();
        let unmarked = check(
            &waiver(Line::GeneralLiability),
            draft.payload(),
            &cast::policies(),
            cast::today(),
        );
        assert!(
            unmarked
                .iter()
                .all(|checked| fix(checked).starts_with("Mark SUBR WVD"))
        );
    }

    #[test]
    fn a_form_is_compared_by_number_and_edition() {
        let wanted = |edition: Option<&str>| Requirements {
            forms: vec![RequiredForm {
                form_number: cast::text("CG2010"),
                edition: edition.map(cast::text),
            }],
            ..Requirements::default()
        };
        assert!(one(&wanted(Some("04/13")), &cast::policies(), None).is_met());
        assert!(one(&wanted(None), &cast::policies(), None).is_met());
        let older = one(&wanted(Some("11 85")), &cast::policies(), None);
        assert_eq!(
            fix(&older),
            "Ask the carrier for CG2010 11 85, or ask the holder whether edition 04 13 will do."
        );
        let other = Requirements {
            forms: vec![RequiredForm {
                form_number: cast::text("CG 20 26"),
                edition: None,
            }],
            ..Requirements::default()
        };
        assert_eq!(one(&other, &cast::policies(), None).has, "no such form");
    }

    #[test]
    fn primary_wording_needs_its_form_and_a_name_is_compared_letter_by_letter() {
        let primary = Requirements {
            primary_noncontributory: true,
            ..Requirements::default()
        };
        let form = cast::form(91, "CG 20 01", "12 19", Effect::PrimaryNoncontributory);
        assert_eq!(
            fix(&one(&primary, &cast::policies(), None)),
            "Ask the carrier for CG 20 01."
        );
        assert!(!one(&primary, &with_form(form.clone()), None).is_met());
        assert!(one(&primary, &with_form(form), Some("CG 20 01 12 19 applies.")).is_met());

        let name = |name| Requirements {
            holder_name: Some(cast::text(name)),
            ..Requirements::default()
        };
        assert!(one(&name("Northgate Builders, Inc."), &cast::policies(), None).is_met());
        assert!(!one(&name("Northgate Builders Inc."), &cast::policies(), None).is_met());
    }
}
