//! Additional interests of insureds: who has a stake in their cover, and of what nature.

mod end;
mod list;
mod write;

use countersign_domain::interests::{ItemKind, Nature, StakeError, Standing};

use crate::problem::{Problem, ProblemType, sentence};
use crate::wire::wire_enum;

pub(crate) use end::end_interest;
pub(crate) use list::{get_interest, list_interests};
pub(crate) use write::{add_interest, edit_interest};

wire_enum! {
    /// The nature of an interest, by the two-letter code of the industry's forms and files.
    NatureWord for Nature {
        AdditionalInsured = "AI",
        AdditionalInterest = "AD",
        AdditionalNamedInsured = "AN",
        AdditionalInterestLessor = "AL",
        AdditionalInsuredAndMortgagee = "AM",
        AdditionalInsuredLessor = "AS",
        AdditionalInsuredLessorAndLossPayee = "AT",
        BreachOfWarranty = "BW",
        CorporateOwner = "CO",
        CoOwner = "CZ",
        DesignatedPerson = "DP",
        FinanceCompany = "FC",
        Franchisor = "FR",
        GovernmentalSubdivision = "GS",
        AdditionalInsuredAndLienholder = "IL",
        LeasebackOwner = "LB",
        Lienholder = "LH",
        LossPayeeAndAdditionalInsured = "LI",
        LendersLossPayable = "LO",
        LossPayee = "LP",
        LessorOfEquipment = "LS",
        MortgageeAssigneeReceiver = "MA",
        Mortgagee = "MG",
        ManagerOrLessor = "ML",
        MortgageeAndLossPayee = "MP",
        Municipality = "MU",
        OwnerLesseeContractorB = "OC",
        OwnerLesseeContractorA = "OL",
        OwnerManagerOperator = "OM",
        Owner = "ON",
        Other = "OT",
        Registrant = "RG",
        Trustee = "TE",
        TitleHolder = "TH",
        Vendor = "VN",
    }
}

wire_enum! {
    /// What kind of thing an interest is about.
    ItemKindWord for ItemKind {
        Everything = "everything",
        Vehicle = "vehicle",
        Location = "location",
        Contract = "contract",
    }
}

wire_enum! {
    /// Where an interest stands: `over` when its last day has passed, `ended` when a person ended it.
    InterestState for Standing { Current = "current", Over = "over", Ended = "ended", }
}

impl From<StakeError> for Problem {
    fn from(error: StakeError) -> Self {
        match error {
            StakeError::NotCurrent(reason) => {
                Self::new(ProblemType::InterestEnded).detail(sentence(&reason.to_string()))
            }
            StakeError::DatesReversed => Self::field("/until_on", "before_from", error),
            StakeError::PolicyUnknown(_) => Self::field("/policy_ids", "unknown", error),
            StakeError::EndorsementUnknown(_) => Self::field("/endorsement_ids", "unknown", error),
            StakeError::VehicleUnknown => Self::field("/item/vehicle_id", "unknown", error),
        }
    }
}
