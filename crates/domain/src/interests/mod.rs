//! Additional interests: who has a stake in what an insured's policies cover, and of what nature.
//!
//! An interest points at a holder of the agency's library and keeps beside it what a holder does not have: the
//! nature of the stake, what it is about, a loan number, its days, and where the policies say so. A certificate is
//! sent to it as to any holder, and links to forms that are written here raise no mark on it: the truth gate reads
//! the policies.
//!
//! Invariants: an interest is never deleted, only ended; every link is to a policy of its own insured, and every
//! form and vehicle is one of a linked policy.

mod add;
mod edit;
mod end;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::authz::Belongs;
use crate::holders::HolderProfile;
use crate::ids::{AgencyId, EndorsementId, HolderId, InsuredId, InterestId, PolicyId, VehicleId};
use crate::policies::Policy;
use crate::text::{EmailAddress, NonBlank};
use crate::vocabulary;

pub use add::{Added, add};
pub use edit::{Edited, edit};
pub use end::{EndedInterest, end};

/// At most this many email addresses.
pub const MAX_EMAILS: usize = 20;

vocabulary! {
    /// The nature of an interest, by the code that the industry's forms and files use. A mere certificate holder
    /// (`CH`) has no stake and is none of them: it stands in the list of holders.
    pub enum Nature {
        /// Additional insured.
        AdditionalInsured = "AI",
        /// Additional interest.
        AdditionalInterest = "AD",
        /// Additional named insured.
        AdditionalNamedInsured = "AN",
        /// Additional interest, lessor.
        AdditionalInterestLessor = "AL",
        /// Additional insured and mortgagee.
        AdditionalInsuredAndMortgagee = "AM",
        /// Additional insured, lessor.
        AdditionalInsuredLessor = "AS",
        /// Additional insured, lessor and loss payee.
        AdditionalInsuredLessorAndLossPayee = "AT",
        /// Breach of warranty.
        BreachOfWarranty = "BW",
        /// Corporate owner.
        CorporateOwner = "CO",
        /// Co-owner.
        CoOwner = "CZ",
        /// Designated person or organization.
        DesignatedPerson = "DP",
        /// Finance company.
        FinanceCompany = "FC",
        /// Franchisor.
        Franchisor = "FR",
        /// Governmental subdivision.
        GovernmentalSubdivision = "GS",
        /// Additional insured and lienholder.
        AdditionalInsuredAndLienholder = "IL",
        /// Leaseback owner.
        LeasebackOwner = "LB",
        /// Lienholder.
        Lienholder = "LH",
        /// Loss payee and additional insured.
        LossPayeeAndAdditionalInsured = "LI",
        /// Lender's loss payable.
        LendersLossPayable = "LO",
        /// Loss payee.
        LossPayee = "LP",
        /// Lessor of leased equipment.
        LessorOfEquipment = "LS",
        /// Mortgagee, assignee or receiver.
        MortgageeAssigneeReceiver = "MA",
        /// Mortgagee.
        Mortgagee = "MG",
        /// Manager or lessor of premises.
        ManagerOrLessor = "ML",
        /// Mortgagee and loss payee.
        MortgageeAndLossPayee = "MP",
        /// Municipality.
        Municipality = "MU",
        /// Owner, lessee or contractor, form B.
        OwnerLesseeContractorB = "OC",
        /// Owner, lessee or contractor, form A.
        OwnerLesseeContractorA = "OL",
        /// Owner, manager or operator of premises.
        OwnerManagerOperator = "OM",
        /// Owner.
        Owner = "ON",
        /// Other.
        Other = "OT",
        /// Registrant.
        Registrant = "RG",
        /// Trustee.
        Trustee = "TE",
        /// Title holder.
        TitleHolder = "TH",
        /// Vendor.
        Vendor = "VN",
    }
}

impl Nature {
    /// The standard name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::AdditionalInsured => "Additional insured",
            Self::AdditionalInterest => "Additional interest",
            Self::AdditionalNamedInsured => "Additional named insured",
            Self::AdditionalInterestLessor => "Additional interest, lessor",
            Self::AdditionalInsuredAndMortgagee => "Additional insured and mortgagee",
            Self::AdditionalInsuredLessor => "Additional insured, lessor",
            Self::AdditionalInsuredLessorAndLossPayee => "Additional insured, lessor and loss payee",
            Self::BreachOfWarranty => "Breach of warranty",
            Self::CorporateOwner => "Corporate owner",
            Self::CoOwner => "Co-owner",
            Self::DesignatedPerson => "Designated person or organization",
            Self::FinanceCompany => "Finance company",
            Self::Franchisor => "Franchisor",
            Self::GovernmentalSubdivision => "Governmental subdivision",
            Self::AdditionalInsuredAndLienholder => "Additional insured and lienholder",
            Self::LeasebackOwner => "Leaseback owner",
            Self::Lienholder => "Lienholder",
            Self::LossPayeeAndAdditionalInsured => "Loss payee and additional insured",
            Self::LendersLossPayable => "Lender's loss payable",
            Self::LossPayee => "Loss payee",
            Self::LessorOfEquipment => "Lessor of leased equipment",
            Self::MortgageeAssigneeReceiver => "Mortgagee, assignee or receiver",
            Self::Mortgagee => "Mortgagee",
            Self::ManagerOrLessor => "Manager or lessor of premises",
            Self::MortgageeAndLossPayee => "Mortgagee and loss payee",
            Self::Municipality => "Municipality",
            Self::OwnerLesseeContractorB => "Owner, lessee or contractor (form B)",
            Self::OwnerLesseeContractorA => "Owner, lessee or contractor (form A)",
            Self::OwnerManagerOperator => "Owner, manager or operator of premises",
            Self::Owner => "Owner",
            Self::Other => "Other",
            Self::Registrant => "Registrant",
            Self::Trustee => "Trustee",
            Self::TitleHolder => "Title holder",
            Self::Vendor => "Vendor",
        }
    }
}

vocabulary! {
    /// What kind of thing an interest is about.
    pub enum ItemKind {
        /// Everything that the policies cover.
        Everything = "everything",
        /// A vehicle on a policy.
        Vehicle = "vehicle",
        /// A location or a property.
        Location = "location",
        /// A project or a contract.
        Contract = "contract",
    }
}

/// What an interest is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Everything that the policies cover.
    Everything,
    /// A vehicle on one of the linked policies.
    Vehicle(VehicleId),
    /// A location or a property, in words.
    Location(NonBlank),
    /// A project or a contract, in words.
    Contract(NonBlank),
}

impl Item {
    /// What kind of thing it is.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        match self {
            Self::Everything => ItemKind::Everything,
            Self::Vehicle(_) => ItemKind::Vehicle,
            Self::Location(_) => ItemKind::Location,
            Self::Contract(_) => ItemKind::Contract,
        }
    }
}

/// What is written down about the stake itself; name and address are the holder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stake {
    /// Of what nature it is.
    pub nature: Nature,
    /// What it is about.
    pub item: Item,
    /// Loan number, lease number or another reference of the interest's own.
    pub reference: Option<NonBlank>,
    /// Where its certificates go.
    pub emails: Vec<EmailAddress>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; none while nobody knows one.
    pub until_on: Option<NaiveDate>,
    /// The policies that it is written on.
    pub policies: BTreeSet<PolicyId>,
    /// The forms on these policies that name it or reach it.
    pub endorsements: BTreeSet<EndorsementId>,
}

/// That a person ended an interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; the name at that time.
    pub by_name: String,
}

/// An additional interest of an insured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interest {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: InterestId,
    /// Whose cover it has a stake in.
    pub insured: InsuredId,
    /// The holder of the library that it is.
    pub holder: HolderId,
    /// Name and address as the library has them.
    pub party: HolderProfile,
    /// Counts changes; a change must name the version it was made from.
    pub version: i32,
    /// What is written down.
    pub stake: Stake,
    /// That it was ended.
    pub ended: Option<Ended>,
}

impl Belongs for Interest {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// Where an interest stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It stands; a certificate can be sent to it.
    Current,
    /// Its last day is over.
    Over,
    /// A person ended it.
    Ended,
}

/// Why nothing more is done with an interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCurrent {
    /// A person ended it.
    #[error("this additional interest was ended; add it again if it holds once more")]
    Ended,
    /// Its last day is over.
    #[error("this additional interest's last day is over; give it a later one if it goes on")]
    Over,
}

impl Interest {
    /// Whether it stands on a day, so that a certificate may be sent to it. One that begins later stands: proof is
    /// most often asked for before a loan or a lease begins.
    ///
    /// # Errors
    /// [`NotCurrent`].
    pub fn stands(&self, today: NaiveDate) -> Result<(), NotCurrent> {
        if self.ended.is_some() {
            return Err(NotCurrent::Ended);
        }
        match self.stake.until_on {
            Some(last) if last < today => Err(NotCurrent::Over),
            _ => Ok(()),
        }
    }

    /// Where it stands on a day.
    #[must_use]
    pub fn standing(&self, today: NaiveDate) -> Standing {
        match self.stands(today) {
            Ok(()) => Standing::Current,
            Err(NotCurrent::Over) => Standing::Over,
            Err(NotCurrent::Ended) => Standing::Ended,
        }
    }

    fn open(&self) -> Result<(), StakeError> {
        match self.ended {
            Some(_) => Err(NotCurrent::Ended.into()),
            None => Ok(()),
        }
    }
}

/// Why a stake was not written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StakeError {
    /// It was ended.
    #[error(transparent)]
    NotCurrent(#[from] NotCurrent),
    /// The last day is before the first one.
    #[error("must not be before the first day")]
    DatesReversed,
    /// A policy that is not one of the insured's.
    #[error("is not a policy of this insured")]
    PolicyUnknown(PolicyId),
    /// A form that is on none of the linked policies.
    #[error("is not a form on a policy that the interest is written on")]
    EndorsementUnknown(EndorsementId),
    /// A vehicle that is on none of the linked policies.
    #[error("is not a vehicle on a policy that the interest is written on")]
    VehicleUnknown,
}

impl Stake {
    /// Checks it against the insured's own policies.
    fn check(&self, policies: &[Policy]) -> Result<(), StakeError> {
        if self.until_on.is_some_and(|last| last < self.from_on) {
            return Err(StakeError::DatesReversed);
        }
        let known = |id: &PolicyId| policies.iter().any(|policy| policy.id == *id);
        if let Some(stranger) = self.policies.iter().find(|id| !known(id)) {
            return Err(StakeError::PolicyUnknown(*stranger));
        }
        let linked: Vec<&Policy> = policies
            .iter()
            .filter(|policy| self.policies.contains(&policy.id))
            .collect();
        let on_file = |id: &EndorsementId| {
            linked
                .iter()
                .any(|policy| policy.endorsements.iter().any(|form| form.id == *id))
        };
        if let Some(stranger) = self.endorsements.iter().find(|id| !on_file(id)) {
            return Err(StakeError::EndorsementUnknown(*stranger));
        }
        match self.item {
            Item::Vehicle(id)
                if !linked
                    .iter()
                    .any(|policy| policy.vehicles.iter().any(|car| car.id == id)) =>
            {
                Err(StakeError::VehicleUnknown)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn a_nature_has_a_code_of_two_letters_and_a_name_of_its_own() {
        let names: BTreeSet<_> = Nature::ALL.iter().map(|nature| nature.label()).collect();
        assert_eq!(names.len(), Nature::ALL.len());
        for nature in Nature::ALL {
            let code = nature.as_str();
            assert!(
                code.len() == 2 && code.chars().all(|letter| letter.is_ascii_uppercase()),
                "{code}"
            );
        }
        assert!("CH".parse::<Nature>().is_err(), "a mere holder is no interest");
    }

    #[test]
    fn links_reach_only_the_insureds_own_policies_and_what_is_on_them() {
        let policies = cast::policies();
        let stake = |change: &dyn Fn(&mut Stake)| {
            let mut stake = cast::stake();
            change(&mut stake);
            stake.check(&policies)
        };
        assert_eq!(stake(&|_| {}), Ok(()));
        let foreign = PolicyId::from_uuid(uuid::Uuid::from_u128(0xdead));
        assert_eq!(
            stake(&|stake| stake.policies = [foreign].into()),
            Err(StakeError::PolicyUnknown(foreign))
        );
        let form = cast::general_liability().endorsements[0].id;
        assert_eq!(
            stake(&|stake| stake.endorsements = [form].into()),
            Ok(()),
            "the form is on the linked policy"
        );
        assert_eq!(
            stake(&|stake| {
                stake.policies = [cast::umbrella().id].into();
                stake.endorsements = [form].into();
            }),
            Err(StakeError::EndorsementUnknown(form)),
            "the form is on a policy that is not linked"
        );
        let vehicle = VehicleId::from_uuid(uuid::Uuid::from_u128(0xca4));
        assert_eq!(
            stake(&|stake| stake.item = Item::Vehicle(vehicle)),
            Err(StakeError::VehicleUnknown)
        );
    }

    #[test]
    fn the_last_day_may_be_open_or_the_first_one_but_not_before_it() {
        let check = |until: Option<&str>| {
            let mut stake = cast::stake();
            stake.until_on = until.map(cast::day);
            stake.check(&cast::policies())
        };
        let first = cast::stake().from_on.to_string();
        assert_eq!(check(None), Ok(()));
        assert_eq!(check(Some(&first)), Ok(()));
        assert_eq!(check(Some("2020-01-01")), Err(StakeError::DatesReversed));
    }

    #[test]
    fn an_interest_stands_through_its_last_day_and_until_it_is_ended() {
        let mut interest = cast::interest();
        assert_eq!(interest.stands(cast::today()), Ok(()));
        interest.stake.until_on = Some(cast::today());
        assert_eq!(interest.stands(cast::today()), Ok(()));
        interest.stake.until_on = cast::today().pred_opt();
        assert_eq!(interest.stands(cast::today()), Err(NotCurrent::Over));
        interest.stake.until_on = None;
        interest.stake.from_on = cast::today().succ_opt().unwrap();
        assert_eq!(
            interest.stands(cast::today()),
            Ok(()),
            "asked for before it begins"
        );
        interest.ended = Some(Ended {
            at: cast::now(),
            by_name: "Maren Voss".into(),
        });
        assert_eq!(interest.stands(cast::today()), Err(NotCurrent::Ended));
    }
}
