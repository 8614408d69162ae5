//! What a policy covers, typed by line, so that it cannot contradict itself:
//! claims-made and occurrence are one choice, not two boxes.
//!
//! Field names follow `domain` facts E7; all limits are optional because declarations leave some out.

use serde::{Deserialize, Serialize};

use super::Line;
use crate::money::Cents;
use crate::text::NonBlank;
use crate::vocabulary;

vocabulary! {
    /// When a liability policy answers for an event.
    pub enum Trigger {
        /// For events during the term.
        Occurrence = "occurrence",
        /// For claims made during the term.
        ClaimsMade = "claims_made",
    }
}

/// What the general aggregate limit applies to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "per", content = "text", rename_all = "snake_case")]
pub enum AggregatePer {
    /// The policy as a whole.
    Policy,
    /// Each project.
    Project,
    /// Each location.
    Location,
    /// Something else, named.
    Other(NonBlank),
}

/// Commercial general liability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneralLiability {
    /// Claims-made or occurrence.
    pub trigger: Trigger,
    /// What the general aggregate applies to.
    pub aggregate_per: AggregatePer,
    /// Each occurrence.
    pub each_occurrence: Option<Cents>,
    /// Damage to rented premises, each occurrence.
    pub damage_to_rented_premises: Option<Cents>,
    /// Medical expense, any one person.
    pub medical_expense: Option<Cents>,
    /// Personal and advertising injury.
    pub personal_and_advertising_injury: Option<Cents>,
    /// General aggregate.
    pub general_aggregate: Option<Cents>,
    /// Products and completed operations aggregate.
    pub products_completed_operations_aggregate: Option<Cents>,
}

/// Which autos are covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoveredAutos {
    /// Any auto (symbol 1).
    pub any: bool,
    /// Owned autos only (symbol 2).
    pub owned: bool,
    /// Scheduled autos (symbol 7).
    pub scheduled: bool,
    /// Hired autos only (symbol 8).
    pub hired: bool,
    /// Non-owned autos only (symbol 9).
    pub non_owned: bool,
}

/// The limit of an auto policy: one combined limit, or three split ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AutoLimit {
    /// Combined single limit, each accident.
    CombinedSingle {
        /// Each accident.
        each_accident: Cents,
    },
    /// Split limits.
    Split {
        /// Bodily injury, per person.
        bodily_injury_per_person: Cents,
        /// Bodily injury, per accident.
        bodily_injury_per_accident: Cents,
        /// Property damage, per accident.
        property_damage_per_accident: Cents,
    },
}

/// Commercial automobile liability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommercialAuto {
    /// Which autos.
    pub covered_autos: CoveredAutos,
    /// Up to how much.
    pub limit: AutoLimit,
}

vocabulary! {
    /// The kind of policy above the primary ones.
    pub enum ExcessKind {
        /// Umbrella.
        Umbrella = "umbrella",
        /// Excess.
        Excess = "excess",
    }
}

/// What the insured bears first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "amount", rename_all = "snake_case")]
pub enum Retention {
    /// Nothing.
    None,
    /// A deductible.
    Deductible(Cents),
    /// A self-insured retention.
    Retention(Cents),
}

/// Umbrella or excess liability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UmbrellaExcess {
    /// Umbrella or excess.
    pub kind: ExcessKind,
    /// Claims-made or occurrence.
    pub trigger: Trigger,
    /// Deductible or retention.
    pub retention: Retention,
    /// Each occurrence.
    pub each_occurrence: Option<Cents>,
    /// Aggregate.
    pub aggregate: Option<Cents>,
}

/// Whether owners, partners or officers are excluded from workers compensation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", content = "who", rename_all = "snake_case")]
pub enum Excluded {
    /// Yes: who.
    Yes(NonBlank),
    /// No one is excluded.
    No,
    /// The question does not apply.
    NotApplicable,
}

/// Workers compensation and employers' liability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkersCompensation {
    /// Limits as the state's statute says.
    pub per_statute: bool,
    /// Another basis, named.
    pub other_basis: Option<NonBlank>,
    /// Whether proprietors, partners, executive officers or members are excluded.
    pub excluded: Excluded,
    /// Employers' liability, each accident.
    pub each_accident: Option<Cents>,
    /// Employers' liability, disease, each employee.
    pub disease_each_employee: Option<Cents>,
    /// Employers' liability, disease, policy limit.
    pub disease_policy_limit: Option<Cents>,
}

/// A limit of a line that has no band of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedLimit {
    /// What it limits.
    pub label: NonBlank,
    /// Up to how much.
    pub amount: Cents,
}

/// Any other line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherCoverage {
    /// What the policy is, in words.
    pub description: NonBlank,
    /// At most three limits.
    pub limits: Vec<NamedLimit>,
}

/// What a policy covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Coverage {
    /// Commercial general liability.
    GeneralLiability(GeneralLiability),
    /// Commercial automobile liability.
    CommercialAuto(CommercialAuto),
    /// Umbrella or excess liability.
    UmbrellaExcess(UmbrellaExcess),
    /// Workers compensation and employers' liability.
    WorkersCompensation(WorkersCompensation),
    /// Any other line.
    Other(OtherCoverage),
}

impl Coverage {
    /// The line of this cover.
    #[must_use]
    pub const fn line(&self) -> Line {
        match self {
            Self::GeneralLiability(_) => Line::GeneralLiability,
            Self::CommercialAuto(_) => Line::CommercialAuto,
            Self::UmbrellaExcess(_) => Line::UmbrellaExcess,
            Self::WorkersCompensation(_) => Line::WorkersCompensation,
            Self::Other(_) => Line::Other,
        }
    }

    /// Every limit with the label under which it is printed, in the order of the page.
    #[must_use]
    pub fn limits(&self) -> Vec<(String, Option<Cents>)> {
        let fixed = |label: &str, amount| (label.to_owned(), amount);
        match self {
            Self::GeneralLiability(gl) => vec![
                fixed("Each occurrence", gl.each_occurrence),
                fixed(
                    "Damage to rented premises (ea. occurrence)",
                    gl.damage_to_rented_premises,
                ),
                fixed("Med. exp. (any one person)", gl.medical_expense),
                fixed("Personal & adv. injury", gl.personal_and_advertising_injury),
                fixed("General aggregate", gl.general_aggregate),
                fixed(
                    "Products – comp/op aggregate",
                    gl.products_completed_operations_aggregate,
                ),
            ],
            Self::CommercialAuto(auto) => {
                let (single, person, accident, property) = match auto.limit {
                    AutoLimit::CombinedSingle { each_accident } => (Some(each_accident), None, None, None),
                    AutoLimit::Split {
                        bodily_injury_per_person,
                        bodily_injury_per_accident,
                        property_damage_per_accident,
                    } => (
                        None,
                        Some(bodily_injury_per_person),
                        Some(bodily_injury_per_accident),
                        Some(property_damage_per_accident),
                    ),
                };
                vec![
                    fixed("Combined single limit (ea. accident)", single),
                    fixed("Bodily injury (per person)", person),
                    fixed("Bodily injury (per accident)", accident),
                    fixed("Property damage (per accident)", property),
                ]
            }
            Self::UmbrellaExcess(excess) => vec![
                fixed("Each occurrence", excess.each_occurrence),
                fixed("Aggregate", excess.aggregate),
            ],
            Self::WorkersCompensation(wc) => vec![
                fixed("E.L. each accident", wc.each_accident),
                fixed("E.L. disease – ea. employee", wc.disease_each_employee),
                fixed("E.L. disease – policy limit", wc.disease_policy_limit),
            ],
            Self::Other(other) => other
                .limits
                .iter()
                .map(|l| (l.label.to_string(), Some(l.amount)))
                .collect(),
        }
    }
}
