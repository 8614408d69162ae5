//! Forms attached to a policy. A mark on a certificate (ADDL INSD, SUBR WVD) exists only
//! because one of these says so.

use serde::{Deserialize, Serialize};

use crate::ids::EndorsementId;
use crate::text::NonBlank;
use crate::vocabulary;

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

/// A form attached to a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endorsement {
    /// Its id.
    pub id: EndorsementId,
    /// Form number, e.g. `CG 20 10`.
    pub form_number: NonBlank,
    /// Edition as month and year, e.g. `04 13`.
    pub edition: NonBlank,
    /// The form's title.
    pub title: NonBlank,
    /// What it does.
    pub effect: Effect,
    /// Whom it reaches.
    pub scope: Scope,
    /// The parties on its schedule, where there is one.
    pub scheduled_parties: Vec<NonBlank>,
    /// Days of notice, where it gives notice.
    pub notice_days: Option<u16>,
}

impl Endorsement {
    /// Whether the form reaches `holder`.
    ///
    /// A schedule is compared without regard to case, punctuation and runs of blanks; nothing is guessed
    /// beyond that, because a name that differs is another party.
    #[must_use]
    pub fn reaches(&self, holder: &str) -> bool {
        match self.scope {
            Scope::Blanket | Scope::WhenRequiredByContract => true,
            Scope::Scheduled => {
                let wanted = comparable(holder);
                self.scheduled_parties
                    .iter()
                    .any(|party| comparable(party.as_str()) == wanted)
            }
        }
    }
}

/// A party's name for comparison: letters and digits in lower case, single blanks.
#[must_use]
pub fn comparable(name: &str) -> String {
    let spaced: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn a_schedule_reaches_whom_it_names_whatever_the_case_and_the_punctuation() {
        let form = cast::form(1, "CG 20 10", "04 13", Effect::AdditionalInsuredOngoing);
        let scheduled = cast::scheduled(form.clone(), &["Northgate Builders, Inc."]);
        assert!(scheduled.reaches("NORTHGATE  BUILDERS INC"));
        assert!(!scheduled.reaches("Northgate Builders"));
        assert!(!scheduled.reaches("Northgate Builders Inc and others"));
        assert!(form.reaches("anybody"));
        assert!(cast::by_contract(form).reaches("anybody"));
    }

    #[test]
    fn an_effect_makes_an_additional_insured_exactly_when_its_word_says_so() {
        for effect in Effect::ALL {
            let says = effect.as_str().starts_with("additional_insured_");
            assert_eq!(effect.makes_additional_insured(), says, "{effect}");
        }
    }
}
