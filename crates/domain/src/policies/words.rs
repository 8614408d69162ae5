//! The words for what a policy and its forms are, each with its one spelling in SQL, CSV and JSON.
//!
//! Invariant: a word carries no facts. What belongs to it (the day of a cancellation, the parties of a
//! schedule, the days of a notice) stands beside it where it is stored, and inside the enum of the same name
//! one module up, so that no code meets the one without the other.

use crate::vocabulary;

vocabulary! {
    /// How a policy stands on the agency's books.
    pub enum Status {
        /// An offer; no cover.
        Quoted = "quoted",
        /// Cover is bound, the policy not yet issued.
        Bound = "bound",
        /// Issued.
        Active = "active",
        /// Ended before its term.
        Cancelled = "cancelled",
        /// Runs to the end of its term and is not renewed.
        NonRenewed = "non_renewed",
        /// Its term is over.
        Expired = "expired",
    }
}

vocabulary! {
    /// What a form does to the policy.
    pub enum Effect {
        /// Additional insured, ongoing operations.
        AdditionalInsuredOngoing = "additional_insured_ongoing",
        /// Additional insured, completed operations.
        AdditionalInsuredCompleted = "additional_insured_completed",
        /// Additional insured, premises.
        AdditionalInsuredPremises = "additional_insured_premises",
        /// Additional insured, lessor of leased equipment.
        AdditionalInsuredLessor = "additional_insured_lessor",
        /// Additional insured, vendor.
        AdditionalInsuredVendor = "additional_insured_vendor",
        /// Additional insured, designated person or organization.
        AdditionalInsuredDesignated = "additional_insured_designated",
        /// Primary and noncontributory.
        PrimaryNoncontributory = "primary_noncontributory",
        /// Waiver of the right to recover from others.
        Waiver = "waiver",
        /// Notice of cancellation to a third party.
        NoticeOfCancellation = "notice_of_cancellation",
        /// General aggregate applies per project.
        PerProjectAggregate = "per_project_aggregate",
        /// General aggregate applies per location.
        PerLocationAggregate = "per_location_aggregate",
        /// Loss payable.
        LossPayable = "loss_payable",
        /// Takes cover away.
        Exclusion = "exclusion",
    }
}

impl Effect {
    /// Whether the form makes somebody an additional insured.
    #[must_use]
    pub const fn makes_additional_insured(self) -> bool {
        matches!(
            self,
            Self::AdditionalInsuredOngoing
                | Self::AdditionalInsuredCompleted
                | Self::AdditionalInsuredPremises
                | Self::AdditionalInsuredLessor
                | Self::AdditionalInsuredVendor
                | Self::AdditionalInsuredDesignated
        )
    }
}

vocabulary! {
    /// Whom a form reaches.
    pub enum Scope {
        /// Only the parties named on it.
        Scheduled = "scheduled",
        /// Everyone.
        Blanket = "blanket",
        /// Whoever a written contract requires.
        WhenRequiredByContract = "when_required_by_contract",
    }
}

vocabulary! {
    /// Who may issue certificates for a surplus lines policy.
    pub enum IssuingAuthority {
        /// Nobody has said yet.
        NotKnown = "not_known",
        /// The agency, by written authority of the wholesaler.
        Agency = "agency",
        /// The wholesaler alone.
        Wholesaler = "wholesaler",
    }
}
