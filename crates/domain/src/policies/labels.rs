//! What the boxes and limits of a certificate are called: our own words, once for the page, the findings and
//! the lists on screen.
//!
//! Invariant: a label is short enough for its place on the page; the page's layout tests hold it.

/// Heading of the column that names the kinds of insurance.
pub const KIND: &str = "Kind of insurance";
/// Heading of the column of policy numbers.
pub const POLICY_NUMBER: &str = "Policy number";
/// Heading of the column of limits.
pub const LIMITS: &str = "Limits";
/// A box whose words stand beside it.
pub const OTHER: &str = "Other:";
/// Claims-made cover.
pub const CLAIMS_MADE: &str = "Claims-made";
/// Occurrence cover.
pub const OCCURRENCE: &str = "Occurrence";
/// Each occurrence, on every line that has it.
pub const EACH_OCCURRENCE: &str = "Each occurrence";

/// General liability.
pub mod general_liability {
    use super::EACH_OCCURRENCE;

    /// The line.
    pub const COMMERCIAL: &str = "Commercial general liability";
    /// What the boxes of the aggregate answer.
    pub const AGGREGATE_PER: &str = "General aggregate counts per";
    /// Per policy.
    pub const PER_POLICY: &str = "Policy";
    /// Per project.
    pub const PER_PROJECT: &str = "Project";
    /// Per location.
    pub const PER_LOCATION: &str = "Location";
    /// The limits, in the order of the page.
    pub const LIMITS: [&str; 6] = [
        EACH_OCCURRENCE,
        "Damage to rented premises",
        "Medical expense, one person",
        "Personal & advertising injury",
        "General aggregate",
        "Products & completed ops agg.",
    ];
}

/// Automobile liability.
pub mod commercial_auto {
    /// The line.
    pub const AUTO: &str = "Automobile liability";
    /// Any auto.
    pub const ANY: &str = "Any auto";
    /// Owned autos.
    pub const OWNED: &str = "Owned only";
    /// Scheduled autos.
    pub const SCHEDULED: &str = "Scheduled autos";
    /// Hired autos.
    pub const HIRED: &str = "Hired only";
    /// Non-owned autos.
    pub const NON_OWNED: &str = "Non-owned only";
    /// The limits, in the order of the page.
    pub const LIMITS: [&str; 4] = [
        "Combined single limit, ea. acc.",
        "Bodily injury, per person",
        "Bodily injury, per accident",
        "Property damage, per accident",
    ];
}

/// Umbrella and excess liability.
pub mod umbrella_excess {
    use super::EACH_OCCURRENCE;

    /// An umbrella.
    pub const UMBRELLA: &str = "Umbrella";
    /// An excess policy.
    pub const EXCESS: &str = "Excess liability";
    /// A deductible.
    pub const DEDUCTIBLE: &str = "Deductible";
    /// A retention.
    pub const RETENTION: &str = "Retention";
    /// The limits, in the order of the page.
    pub const LIMITS: [&str; 2] = [EACH_OCCURRENCE, "Aggregate"];
}

/// Workers compensation and employers' liability.
pub mod workers_compensation {
    /// Limits as the statute says.
    pub const PER_STATUTE: &str = "Per statute";
    /// What the boxes of exclusion answer.
    pub const EXCLUDED: &str = "Owners, officers or members excluded?";
    /// Somebody is excluded.
    pub const YES: &str = "Yes";
    /// Nobody is.
    pub const NO: &str = "No";
    /// The question does not arise.
    pub const NOT_APPLICABLE: &str = "Not applicable";
    /// The limits, in the order of the page.
    pub const LIMITS: [&str; 3] = [
        "E.L. each accident",
        "E.L. disease, each employee",
        "E.L. disease, policy limit",
    ];
}
