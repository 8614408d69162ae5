//! What a policy covers, typed by line, so that it cannot contradict itself:
//! claims-made and occurrence are one choice, not two boxes.
//!
//! All limits are optional because declarations leave some out. What is stored as JSON is checked when it is
//! read: an auto policy that covers no auto, or a compensation policy without a basis, is refused.

use serde::{Deserialize, Serialize};

use super::{Contradiction, Line, labels};
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

/// A list with room for so many entries and no more, as the page has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "Vec<T>",
    into = "Vec<T>",
    bound(serialize = "T: Clone + Serialize", deserialize = "T: Deserialize<'de>")
)]
pub struct UpTo<const MAX: usize, T>(Vec<T>);

/// A list with more entries than there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has room for {0} entries")]
pub struct TooMany(pub usize);

impl<const MAX: usize, T> UpTo<MAX, T> {
    /// Nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }
}

impl<const MAX: usize, T> Default for UpTo<MAX, T> {
    fn default() -> Self {
        Self::none()
    }
}

impl<const MAX: usize, T> TryFrom<Vec<T>> for UpTo<MAX, T> {
    type Error = TooMany;

    fn try_from(entries: Vec<T>) -> Result<Self, TooMany> {
        if entries.len() > MAX {
            return Err(TooMany(MAX));
        }
        Ok(Self(entries))
    }
}

impl<const MAX: usize, T> From<UpTo<MAX, T>> for Vec<T> {
    fn from(entries: UpTo<MAX, T>) -> Self {
        entries.0
    }
}

impl<const MAX: usize, T> std::ops::Deref for UpTo<MAX, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// Boxes beyond those that the page names, with their words.
pub type ExtraBoxes = UpTo<2, NonBlank>;

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
    /// Further boxes that are crossed.
    #[serde(default, skip_serializing_if = "no_boxes")]
    pub extra_boxes: ExtraBoxes,
    /// A further limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_limit: Option<NamedLimit>,
}

fn no_boxes(boxes: &ExtraBoxes) -> bool {
    boxes.is_empty()
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
#[serde(try_from = "StoredAuto")]
pub struct CommercialAuto {
    /// Which autos.
    pub covered_autos: CoveredAutos,
    /// Up to how much.
    pub limit: AutoLimit,
    /// Further boxes that are crossed.
    #[serde(default, skip_serializing_if = "no_boxes")]
    pub extra_boxes: ExtraBoxes,
    /// A further limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_limit: Option<NamedLimit>,
}

/// [`CommercialAuto`] before it is known to cover anything.
#[derive(Deserialize)]
struct StoredAuto {
    covered_autos: CoveredAutos,
    limit: AutoLimit,
    #[serde(default)]
    extra_boxes: ExtraBoxes,
    #[serde(default)]
    extra_limit: Option<NamedLimit>,
}

impl TryFrom<StoredAuto> for CommercialAuto {
    type Error = Contradiction;

    fn try_from(stored: StoredAuto) -> Result<Self, Contradiction> {
        if stored.covered_autos == CoveredAutos::default() && stored.extra_boxes.is_empty() {
            return Err(Contradiction("an auto policy covers at least one kind of auto"));
        }
        Ok(Self {
            covered_autos: stored.covered_autos,
            limit: stored.limit,
            extra_boxes: stored.extra_boxes,
            extra_limit: stored.extra_limit,
        })
    }
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
    /// A further limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_limit: Option<NamedLimit>,
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

/// What the limits of workers compensation go by: the statute, something named, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// As the state's statute says.
    Statute,
    /// Another basis, named.
    Other(NonBlank),
    /// As the state's statute says, and another basis, named.
    StatuteAnd(NonBlank),
}

impl Basis {
    /// Puts together what is stored side by side.
    ///
    /// # Errors
    /// [`Contradiction`] when there is no basis at all.
    pub fn of(per_statute: bool, other: Option<NonBlank>) -> Result<Self, Contradiction> {
        match (per_statute, other) {
            (true, None) => Ok(Self::Statute),
            (true, Some(other)) => Ok(Self::StatuteAnd(other)),
            (false, Some(other)) => Ok(Self::Other(other)),
            (false, None) => Err(Contradiction(
                "workers compensation goes by the statute or by something named",
            )),
        }
    }

    /// Whether the statute is (part of) it.
    #[must_use]
    pub const fn per_statute(&self) -> bool {
        matches!(self, Self::Statute | Self::StatuteAnd(_))
    }

    /// The basis that is named.
    #[must_use]
    pub const fn other(&self) -> Option<&NonBlank> {
        match self {
            Self::Statute => None,
            Self::Other(other) | Self::StatuteAnd(other) => Some(other),
        }
    }
}

/// Workers compensation and employers' liability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredCompensation", into = "StoredCompensation")]
pub struct WorkersCompensation {
    /// What its limits go by.
    pub basis: Basis,
    /// Whether proprietors, partners, executive officers or members are excluded.
    pub excluded: Excluded,
    /// Employers' liability, each accident.
    pub each_accident: Option<Cents>,
    /// Employers' liability, disease, each employee.
    pub disease_each_employee: Option<Cents>,
    /// Employers' liability, disease, policy limit.
    pub disease_policy_limit: Option<Cents>,
}

/// [`WorkersCompensation`] as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredCompensation {
    per_statute: bool,
    other_basis: Option<NonBlank>,
    excluded: Excluded,
    each_accident: Option<Cents>,
    disease_each_employee: Option<Cents>,
    disease_policy_limit: Option<Cents>,
}

impl TryFrom<StoredCompensation> for WorkersCompensation {
    type Error = Contradiction;

    fn try_from(stored: StoredCompensation) -> Result<Self, Contradiction> {
        Ok(Self {
            basis: Basis::of(stored.per_statute, stored.other_basis)?,
            excluded: stored.excluded,
            each_accident: stored.each_accident,
            disease_each_employee: stored.disease_each_employee,
            disease_policy_limit: stored.disease_policy_limit,
        })
    }
}

impl From<WorkersCompensation> for StoredCompensation {
    fn from(cover: WorkersCompensation) -> Self {
        Self {
            per_statute: cover.basis.per_statute(),
            other_basis: cover.basis.other().cloned(),
            excluded: cover.excluded,
            each_accident: cover.each_accident,
            disease_each_employee: cover.disease_each_employee,
            disease_policy_limit: cover.disease_policy_limit,
        }
    }
}

/// A limit that the page has no label for.
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
    /// Its limits.
    pub limits: UpTo<3, NamedLimit>,
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

    /// Every limit, in the order of the page.
    #[must_use]
    pub fn limits(&self) -> Vec<Limit> {
        let mut limits: Vec<Limit> = match self {
            Self::GeneralLiability(gl) => fixed(
                &labels::general_liability::LIMITS,
                [
                    ("each_occurrence", gl.each_occurrence),
                    ("damage_to_rented_premises", gl.damage_to_rented_premises),
                    ("medical_expense", gl.medical_expense),
                    (
                        "personal_and_advertising_injury",
                        gl.personal_and_advertising_injury,
                    ),
                    ("general_aggregate", gl.general_aggregate),
                    (
                        "products_completed_operations_aggregate",
                        gl.products_completed_operations_aggregate,
                    ),
                ],
            ),
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
                fixed(
                    &labels::commercial_auto::LIMITS,
                    [
                        ("limit/each_accident", single),
                        ("limit/bodily_injury_per_person", person),
                        ("limit/bodily_injury_per_accident", accident),
                        ("limit/property_damage_per_accident", property),
                    ],
                )
            }
            Self::UmbrellaExcess(excess) => fixed(
                &labels::umbrella_excess::LIMITS,
                [
                    ("each_occurrence", excess.each_occurrence),
                    ("aggregate", excess.aggregate),
                ],
            ),
            Self::WorkersCompensation(wc) => fixed(
                &labels::workers_compensation::LIMITS,
                [
                    ("each_accident", wc.each_accident),
                    ("disease_each_employee", wc.disease_each_employee),
                    ("disease_policy_limit", wc.disease_policy_limit),
                ],
            ),
            Self::Other(other) => {
                let limits = other.limits.iter().enumerate();
                limits
                    .map(|(place, limit)| named(format!("limits/{place}/amount"), limit))
                    .collect()
            }
        };
        let extra = match self {
            Self::GeneralLiability(gl) => gl.extra_limit.as_ref(),
            Self::CommercialAuto(auto) => auto.extra_limit.as_ref(),
            Self::UmbrellaExcess(excess) => excess.extra_limit.as_ref(),
            Self::WorkersCompensation(_) | Self::Other(_) => None,
        };
        limits.extend(extra.map(|limit| named("extra_limit/amount".to_owned(), limit)));
        limits
    }

    /// Everything that the page says without an amount of its own: its boxes, in the order of the page.
    #[must_use]
    pub fn boxes(&self) -> Vec<Said> {
        match self {
            Self::GeneralLiability(gl) => vec![
                Said::new("trigger", "Claims-made or occurrence", said_trigger(gl.trigger)),
                Said::new(
                    "extra_boxes",
                    "Further boxes of general liability",
                    said_boxes(&gl.extra_boxes),
                ),
                Said::new(
                    "aggregate_per",
                    labels::general_liability::AGGREGATE_PER,
                    match &gl.aggregate_per {
                        AggregatePer::Policy => labels::general_liability::PER_POLICY.to_owned(),
                        AggregatePer::Project => labels::general_liability::PER_PROJECT.to_owned(),
                        AggregatePer::Location => labels::general_liability::PER_LOCATION.to_owned(),
                        AggregatePer::Other(what) => what.to_string(),
                    },
                ),
            ],
            Self::CommercialAuto(auto) => {
                use labels::commercial_auto as words;
                let autos = auto.covered_autos;
                let mut boxes: Vec<Said> = [
                    ("covered_autos/any", words::ANY, autos.any),
                    ("covered_autos/owned", words::OWNED, autos.owned),
                    ("covered_autos/scheduled", words::SCHEDULED, autos.scheduled),
                    ("covered_autos/hired", words::HIRED, autos.hired),
                    ("covered_autos/non_owned", words::NON_OWNED, autos.non_owned),
                ]
                .into_iter()
                .map(|(field, label, crossed)| Said::new(field, label, said_crossed(crossed)))
                .collect();
                boxes.push(Said::new(
                    "extra_boxes",
                    "Further boxes of automobile liability",
                    said_boxes(&auto.extra_boxes),
                ));
                boxes
            }
            Self::UmbrellaExcess(excess) => vec![
                Said::new(
                    "kind",
                    "Umbrella or excess",
                    match excess.kind {
                        ExcessKind::Umbrella => labels::umbrella_excess::UMBRELLA.to_owned(),
                        ExcessKind::Excess => labels::umbrella_excess::EXCESS.to_owned(),
                    },
                ),
                Said::new(
                    "trigger",
                    "Claims-made or occurrence",
                    said_trigger(excess.trigger),
                ),
                Said::new(
                    "retention",
                    "Deductible or retention",
                    match excess.retention {
                        Retention::None => "neither".to_owned(),
                        Retention::Deductible(amount) => {
                            format!("{} {amount}", labels::umbrella_excess::DEDUCTIBLE)
                        }
                        Retention::Retention(amount) => {
                            format!("{} {amount}", labels::umbrella_excess::RETENTION)
                        }
                    },
                ),
            ],
            Self::WorkersCompensation(wc) => vec![
                Said::new(
                    "per_statute",
                    labels::workers_compensation::PER_STATUTE,
                    said_crossed(wc.basis.per_statute()),
                ),
                Said::new(
                    "other_basis",
                    "Other basis of the limits",
                    wc.basis
                        .other()
                        .map_or_else(|| "none".to_owned(), ToString::to_string),
                ),
                Said::new(
                    "excluded",
                    labels::workers_compensation::EXCLUDED,
                    match &wc.excluded {
                        Excluded::Yes(who) => format!("{}: {who}", labels::workers_compensation::YES),
                        Excluded::No => labels::workers_compensation::NO.to_owned(),
                        Excluded::NotApplicable => labels::workers_compensation::NOT_APPLICABLE.to_owned(),
                    },
                ),
            ],
            Self::Other(other) => vec![Said::new(
                "description",
                labels::KIND,
                other.description.to_string(),
            )],
        }
    }
}

/// A limit as the page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Where it stands in the coverage's JSON, e.g. `limit/each_accident`.
    pub field: String,
    /// The label under which it is printed.
    pub label: String,
    /// The amount, where the policy has such a limit.
    pub amount: Option<Cents>,
}

/// A statement of the page that is no limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where it stands in the coverage's JSON, e.g. `covered_autos/any`.
    pub field: &'static str,
    /// What it is about.
    pub label: &'static str,
    /// What it says.
    pub says: String,
}

impl Said {
    const fn new(field: &'static str, label: &'static str, says: String) -> Self {
        Self { field, label, says }
    }
}

fn fixed<const N: usize>(labels: &[&str; N], amounts: [(&str, Option<Cents>); N]) -> Vec<Limit> {
    let pairs = labels.iter().zip(amounts);
    pairs
        .map(|(label, (field, amount))| Limit {
            field: field.to_owned(),
            label: (*label).to_owned(),
            amount,
        })
        .collect()
}

fn named(field: String, limit: &NamedLimit) -> Limit {
    Limit {
        field,
        label: limit.label.to_string(),
        amount: Some(limit.amount),
    }
}

fn said_trigger(trigger: Trigger) -> String {
    match trigger {
        Trigger::Occurrence => labels::OCCURRENCE.to_owned(),
        Trigger::ClaimsMade => labels::CLAIMS_MADE.to_owned(),
    }
}

fn said_crossed(crossed: bool) -> String {
    if crossed { "crossed" } else { "not crossed" }.to_owned()
}

fn said_boxes(boxes: &ExtraBoxes) -> String {
    if boxes.is_empty() {
        return "none".to_owned();
    }
    let words: Vec<&str> = boxes.iter().map(NonBlank::as_str).collect();
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn stored(coverage: &Coverage, change: impl FnOnce(&mut serde_json::Value)) -> Result<Coverage, String> {
        let mut value = serde_json::to_value(coverage).unwrap();
        change(&mut value);
        serde_json::from_value(value).map_err(|error| error.to_string())
    }

    #[test]
    fn what_was_stored_before_there_were_further_boxes_is_read_as_it_is() {
        for policy in cast::policies() {
            assert_eq!(stored(&policy.coverage, |_| {}).unwrap(), policy.coverage);
            let text = serde_json::to_string(&policy.coverage).unwrap();
            assert!(!text.contains("extra_"), "{text}");
        }
        let wc = serde_json::to_value(cast::workers_compensation().coverage).unwrap();
        assert_eq!(wc["per_statute"], serde_json::json!(true));
        assert_eq!(wc["other_basis"], serde_json::Value::Null);
    }

    #[test]
    fn a_cover_that_contradicts_itself_is_refused() {
        let auto = cast::commercial_auto().coverage;
        assert!(stored(&auto, |value| value["covered_autos"]["any"] = false.into()).is_err());
        let free = stored(&auto, |value| {
            value["covered_autos"]["any"] = false.into();
            value["extra_boxes"] = serde_json::json!(["Symbol 10"]);
        });
        assert!(free.is_ok());
        let wc = cast::workers_compensation().coverage;
        assert!(stored(&wc, |value| value["per_statute"] = false.into()).is_err());
        let gl = cast::general_liability().coverage;
        assert!(
            stored(&gl, |value| value["extra_boxes"] =
                serde_json::json!(["a", "b", "c"]))
            .is_err()
        );
        let other = cast::other_line().coverage;
        assert!(
            stored(&other, |value| {
                let limit = value["limits"][0].clone();
                value["limits"] = vec![limit; 4].into();
            })
            .is_err()
        );
    }

    #[test]
    fn every_limit_says_where_its_amount_stands() {
        let mut policies = cast::policies();
        for policy in &mut policies {
            cast::with_extras(&mut policy.coverage);
        }
        for policy in policies {
            let value = serde_json::to_value(&policy.coverage).unwrap();
            for limit in policy.coverage.limits() {
                let amount = value.pointer(&format!("/{}", limit.field));
                let amount = amount.and_then(serde_json::Value::as_u64).map(Cents::new);
                assert_eq!(amount, limit.amount, "{}", limit.field);
            }
        }
    }
}
