//! Requirement profiles on the wire: what a holder asks for, and what became of it on a certificate.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::certificates::requirements::{Checked, RequirementKind};
use countersign_domain::holders::Requirements;
use countersign_domain::holders::requirements::{LimitKind, MAX_FORMS, RequiredForm};
use countersign_domain::imports::values;
use countersign_domain::money::Cents;
use countersign_domain::text::NonBlank;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::faults::Faults;
use crate::wire::{LineWord, Money, wire_enum};

wire_enum! {
    /// A limit of insurance that a holder can ask for, by the line that has it.
    LimitWord for LimitKind {
        GlEachOccurrence = "gl_each_occurrence",
        GlDamageToRentedPremises = "gl_damage_to_rented_premises",
        GlMedicalExpense = "gl_medical_expense",
        GlPersonalAndAdvertisingInjury = "gl_personal_and_advertising_injury",
        GlGeneralAggregate = "gl_general_aggregate",
        GlProductsCompletedOperationsAggregate = "gl_products_completed_operations_aggregate",
        AutoCombinedSingleLimit = "auto_combined_single_limit",
        AutoBodilyInjuryPerPerson = "auto_bodily_injury_per_person",
        AutoBodilyInjuryPerAccident = "auto_bodily_injury_per_accident",
        AutoPropertyDamagePerAccident = "auto_property_damage_per_accident",
        UmbEachOccurrence = "umb_each_occurrence",
        UmbAggregate = "umb_aggregate",
        WcEachAccident = "wc_each_accident",
        WcDiseaseEachEmployee = "wc_disease_each_employee",
        WcDiseasePolicyLimit = "wc_disease_policy_limit",
    }
}

wire_enum! {
    /// What a requirement is about.
    RequirementWord for RequirementKind {
        MinimumLimit = "minimum_limit",
        AdditionalInsuredOngoing = "additional_insured_ongoing",
        AdditionalInsuredCompleted = "additional_insured_completed",
        PrimaryNoncontributory = "primary_noncontributory",
        Waiver = "waiver",
        Form = "form",
        HolderName = "holder_name",
    }
}

/// The least that a limit must be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MinimumLimit)]
pub(crate) struct MinimumBody {
    limit: LimitWord,
    minimum: Money,
}

/// A form that must be on a policy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequiredForm)]
pub(crate) struct RequiredFormBody {
    /// Form number without its edition.
    #[schema(example = "CG 20 37")]
    form_number: String,
    /// Edition as month and year of two digits each; any will do unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "04 13")]
    edition: Option<String>,
}

/// What a holder asks of an insured's cover.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Requirements)]
pub(crate) struct RequirementsBody {
    /// The least that each limit must be, each limit once.
    #[serde(default)]
    limits: Vec<MinimumBody>,
    /// An additional insured under general liability, for ongoing operations.
    #[serde(default)]
    additional_insured_ongoing: bool,
    /// An additional insured under general liability, for completed operations.
    #[serde(default)]
    additional_insured_completed: bool,
    /// General liability is to be primary and noncontributory, and the certificate is to say so.
    #[serde(default)]
    primary_noncontributory: bool,
    /// The lines that must waive the right to recover.
    #[serde(default)]
    waiver: BTreeSet<LineWord>,
    /// The forms that must be on the policies, at most 20.
    #[serde(default)]
    forms: Vec<RequiredFormBody>,
    /// The holder's name letter by letter, where the contract has one that must be printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder_name: Option<String>,
}

impl RequirementsBody {
    /// Checks a profile that stands at `pointer` of a body.
    pub(super) fn parse(&self, faults: &mut Faults, pointer: &str) -> Requirements {
        let mut limits = BTreeMap::new();
        for (place, wanted) in self.limits.iter().enumerate() {
            let at = format!("{pointer}/limits/{place}");
            let amount = faults.value(
                &format!("{at}/minimum/amount"),
                "not_an_amount",
                Cents::parse(&wanted.minimum.amount),
            );
            if wanted.minimum.currency != "USD" {
                faults.add(&format!("{at}/minimum/currency"), "not_usd", "is always USD");
            }
            let Some(amount) = amount else { continue };
            if amount == Cents::default() {
                faults.add(&format!("{at}/minimum/amount"), "zero", "must be above zero");
            }
            if limits.insert(LimitKind::from(wanted.limit), amount).is_some() {
                faults.add(&format!("{at}/limit"), "twice", "this limit is asked for already");
            }
        }
        if self.forms.len() > MAX_FORMS {
            let detail = format!("takes at most {MAX_FORMS}");
            faults.add(&format!("{pointer}/forms"), "too_many", detail);
        }
        let mut forms: Vec<RequiredForm> = Vec::new();
        for (place, wanted) in self.forms.iter().enumerate().take(MAX_FORMS) {
            let at = format!("{pointer}/forms/{place}");
            let number = faults.text(&format!("{at}/form_number"), &wanted.form_number, NonBlank::parse);
            let edition = match wanted.edition.as_deref().map(str::trim) {
                None | Some("") => None,
                Some(text) => faults.value(&format!("{at}/edition"), "not_an_edition", values::edition(text)),
            };
            let Some(form_number) = number else { continue };
            let form = RequiredForm { form_number, edition };
            if forms.contains(&form) {
                faults.add(&at, "twice", "this form is asked for already");
            }
            forms.push(form);
        }
        Requirements {
            limits,
            additional_insured_ongoing: self.additional_insured_ongoing,
            additional_insured_completed: self.additional_insured_completed,
            primary_noncontributory: self.primary_noncontributory,
            waiver: self.waiver.iter().map(|line| (*line).into()).collect(),
            forms,
            holder_name: faults.optional(
                &format!("{pointer}/holder_name"),
                self.holder_name.as_deref(),
                NonBlank::parse,
            ),
        }
    }
}

impl From<&Requirements> for RequirementsBody {
    fn from(wanted: &Requirements) -> Self {
        Self {
            limits: wanted
                .limits
                .iter()
                .map(|(kind, minimum)| MinimumBody {
                    limit: (*kind).into(),
                    minimum: (*minimum).into(),
                })
                .collect(),
            additional_insured_ongoing: wanted.additional_insured_ongoing,
            additional_insured_completed: wanted.additional_insured_completed,
            primary_noncontributory: wanted.primary_noncontributory,
            waiver: wanted.waiver.iter().map(|line| (*line).into()).collect(),
            forms: wanted
                .forms
                .iter()
                .map(|form| RequiredFormBody {
                    form_number: form.form_number.to_string(),
                    edition: form.edition.as_ref().map(ToString::to_string),
                })
                .collect(),
            holder_name: wanted.holder_name.as_ref().map(ToString::to_string),
        }
    }
}

/// A requirement and what became of it. One that is not met warns and never prevents sending: the certificate tells
/// what the policies say.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Requirement)]
pub(crate) struct RequirementView {
    kind: RequirementWord,
    /// Absent for the certificate as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<LineWord>,
    /// What it is called, e.g. `General aggregate`.
    label: String,
    /// What the holder asks for.
    asked: String,
    /// What there is.
    has: String,
    /// Whether it is met.
    met: bool,
    /// What is missing, in one sentence; absent where it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// What to do about it; absent where it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

impl From<Checked> for RequirementView {
    fn from(checked: Checked) -> Self {
        let met = checked.is_met();
        let (message, fix) = checked
            .shortfall
            .map_or((None, None), |short| (Some(short.message), Some(short.fix)));
        Self {
            kind: checked.kind.into(),
            line: checked.line.map(Into::into),
            label: checked.label,
            asked: checked.asked,
            has: checked.has,
            met,
            message,
            fix,
        }
    }
}

/// Each requirement with what became of it, as the contract has them.
pub(crate) fn views(checked: Vec<Checked>) -> Vec<RequirementView> {
    checked.into_iter().map(RequirementView::from).collect()
}
