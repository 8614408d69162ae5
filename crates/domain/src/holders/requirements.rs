//! What a holder asks of an insured's cover, as the contract between them has it.
//!
//! It never changes what a certificate prints: it is held against the print, so that what is missing is known before
//! the holder sends it back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::money::Cents;
use crate::policies::{Line, labels};
use crate::text::NonBlank;
use crate::vocabulary;

vocabulary! {
    /// A limit of insurance that a contract can ask for, by the line that has it.
    pub enum LimitKind {
        /// General liability, each occurrence.
        GlEachOccurrence = "gl_each_occurrence",
        /// General liability, damage to rented premises.
        GlDamageToRentedPremises = "gl_damage_to_rented_premises",
        /// General liability, medical expense.
        GlMedicalExpense = "gl_medical_expense",
        /// General liability, personal and advertising injury.
        GlPersonalAndAdvertisingInjury = "gl_personal_and_advertising_injury",
        /// General liability, general aggregate.
        GlGeneralAggregate = "gl_general_aggregate",
        /// General liability, aggregate for products and completed operations.
        GlProductsCompletedOperationsAggregate = "gl_products_completed_operations_aggregate",
        /// Auto, combined single limit.
        AutoCombinedSingleLimit = "auto_combined_single_limit",
        /// Auto, bodily injury, each person.
        AutoBodilyInjuryPerPerson = "auto_bodily_injury_per_person",
        /// Auto, bodily injury, each accident.
        AutoBodilyInjuryPerAccident = "auto_bodily_injury_per_accident",
        /// Auto, property damage, each accident.
        AutoPropertyDamagePerAccident = "auto_property_damage_per_accident",
        /// Umbrella or excess, each occurrence.
        UmbEachOccurrence = "umb_each_occurrence",
        /// Umbrella or excess, aggregate.
        UmbAggregate = "umb_aggregate",
        /// Employers' liability, each accident.
        WcEachAccident = "wc_each_accident",
        /// Employers' liability, disease, each employee.
        WcDiseaseEachEmployee = "wc_disease_each_employee",
        /// Employers' liability, disease, policy limit.
        WcDiseasePolicyLimit = "wc_disease_policy_limit",
    }
}

impl LimitKind {
    /// The line that has the limit.
    #[must_use]
    pub const fn line(self) -> Line {
        self.place().0
    }

    /// Where the line's cover has it, as [`crate::policies::coverage::Coverage::limits`] names it.
    #[must_use]
    pub const fn field(self) -> &'static str {
        self.place().1
    }

    /// What the page calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.place().2
    }

    const fn place(self) -> (Line, &'static str, &'static str) {
        const GL: [&str; 6] = labels::general_liability::LIMITS;
        const AUTO: [&str; 4] = labels::commercial_auto::LIMITS;
        const UMB: [&str; 2] = labels::umbrella_excess::LIMITS;
        const WC: [&str; 3] = labels::workers_compensation::LIMITS;
        match self {
            Self::GlEachOccurrence => (Line::GeneralLiability, "each_occurrence", GL[0]),
            Self::GlDamageToRentedPremises => (Line::GeneralLiability, "damage_to_rented_premises", GL[1]),
            Self::GlMedicalExpense => (Line::GeneralLiability, "medical_expense", GL[2]),
            Self::GlPersonalAndAdvertisingInjury => {
                (Line::GeneralLiability, "personal_and_advertising_injury", GL[3])
            }
            Self::GlGeneralAggregate => (Line::GeneralLiability, "general_aggregate", GL[4]),
            Self::GlProductsCompletedOperationsAggregate => (
                Line::GeneralLiability,
                "products_completed_operations_aggregate",
                GL[5],
            ),
            Self::AutoCombinedSingleLimit => (Line::CommercialAuto, "limit/each_accident", AUTO[0]),
            Self::AutoBodilyInjuryPerPerson => {
                (Line::CommercialAuto, "limit/bodily_injury_per_person", AUTO[1])
            }
            Self::AutoBodilyInjuryPerAccident => {
                (Line::CommercialAuto, "limit/bodily_injury_per_accident", AUTO[2])
            }
            Self::AutoPropertyDamagePerAccident => (
                Line::CommercialAuto,
                "limit/property_damage_per_accident",
                AUTO[3],
            ),
            Self::UmbEachOccurrence => (Line::UmbrellaExcess, "each_occurrence", UMB[0]),
            Self::UmbAggregate => (Line::UmbrellaExcess, "aggregate", UMB[1]),
            Self::WcEachAccident => (Line::WorkersCompensation, "each_accident", WC[0]),
            Self::WcDiseaseEachEmployee => (Line::WorkersCompensation, "disease_each_employee", WC[1]),
            Self::WcDiseasePolicyLimit => (Line::WorkersCompensation, "disease_policy_limit", WC[2]),
        }
    }
}

/// A form that a contract asks for by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredForm {
    /// Form number, e.g. `CG 20 37`.
    pub form_number: NonBlank,
    /// Edition, e.g. `04 13`; any edition will do where the contract names none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub edition: Option<NonBlank>,
}

impl RequiredForm {
    /// Number and edition, as people name a form.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.edition {
            Some(edition) => format!("{} {edition}", self.form_number),
            None => self.form_number.to_string(),
        }
    }
}

/// At most this many forms.
pub const MAX_FORMS: usize = 20;

/// The requirement profile: what a holder asks of an insured's cover. Empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Requirements {
    /// The least that each limit must be.
    pub limits: BTreeMap<LimitKind, Cents>,
    /// An additional insured under general liability, for ongoing operations.
    pub additional_insured_ongoing: bool,
    /// An additional insured under general liability, for completed operations.
    pub additional_insured_completed: bool,
    /// General liability is to be primary and noncontributory, and the certificate is to say so.
    pub primary_noncontributory: bool,
    /// The lines that must waive the right to recover.
    pub waiver: BTreeSet<Line>,
    /// The forms that must be on the policies.
    pub forms: Vec<RequiredForm>,
    /// The holder's name letter by letter, where the contract has one that must be printed.
    pub holder_name: Option<NonBlank>,
}

impl Requirements {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn every_limit_is_one_that_a_policy_of_its_line_has_under_that_name() {
        let mut policies = cast::policies();
        policies.push(cast::split_auto());
        for kind in LimitKind::ALL {
            let of_line = policies.iter().filter(|policy| policy.line() == kind.line());
            let found = of_line
                .flat_map(|policy| policy.coverage.limits())
                .any(|limit| limit.field == kind.field() && limit.label == kind.label());
            assert!(found, "{kind}");
        }
    }

    #[test]
    fn what_is_stored_reads_back_and_what_is_not_there_asks_for_nothing() {
        let asked = Requirements {
            limits: BTreeMap::from([(LimitKind::UmbEachOccurrence, Cents::dollars(5_000_000))]),
            waiver: BTreeSet::from([Line::WorkersCompensation]),
            forms: vec![RequiredForm {
                form_number: cast::text("CG 20 37"),
                edition: None,
            }],
            holder_name: Some(cast::text("Northgate Builders, Inc.")),
            ..Requirements::default()
        };
        let stored = serde_json::to_value(&asked).unwrap();
        assert_eq!(stored["limits"]["umb_each_occurrence"], 500_000_000);
        assert_eq!(serde_json::from_value::<Requirements>(stored).unwrap(), asked);
        let empty: Requirements = serde_json::from_str("{}").unwrap();
        assert!(empty.is_empty() && !asked.is_empty());
    }
}
