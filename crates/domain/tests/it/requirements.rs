//! What a holder asks for is never told to be met when it is not: held against any policies, any selection and any
//! wish, by an oracle that reads the policies' own fields.

use std::collections::BTreeMap;

use countersign_domain::certificates::requirements::{RequirementKind, check};
use countersign_domain::holders::Requirements;
use countersign_domain::holders::requirements::LimitKind;
use countersign_domain::money::Cents;
use countersign_domain::policies::Policy;
use countersign_domain::policies::coverage::{AutoLimit, Coverage};
use countersign_domain::policies::endorsement::Effect;
use countersign_domain::testing as cast;
use proptest::prelude::*;
use proptest::sample::select;

use crate::truth::{anything, draft};

/// The policy's own limit of a kind.
fn of_policy(policy: &Policy, kind: LimitKind) -> Option<Cents> {
    use LimitKind as K;
    match &policy.coverage {
        Coverage::GeneralLiability(gl) => match kind {
            K::GlEachOccurrence => gl.each_occurrence,
            K::GlDamageToRentedPremises => gl.damage_to_rented_premises,
            K::GlMedicalExpense => gl.medical_expense,
            K::GlPersonalAndAdvertisingInjury => gl.personal_and_advertising_injury,
            K::GlGeneralAggregate => gl.general_aggregate,
            K::GlProductsCompletedOperationsAggregate => gl.products_completed_operations_aggregate,
            _ => None,
        },
        Coverage::CommercialAuto(auto) => match (kind, auto.limit) {
            (K::AutoCombinedSingleLimit, AutoLimit::CombinedSingle { each_accident }) => Some(each_accident),
            (
                K::AutoBodilyInjuryPerPerson,
                AutoLimit::Split {
                    bodily_injury_per_person,
                    ..
                },
            ) => Some(bodily_injury_per_person),
            (
                K::AutoBodilyInjuryPerAccident,
                AutoLimit::Split {
                    bodily_injury_per_accident,
                    ..
                },
            ) => Some(bodily_injury_per_accident),
            (
                K::AutoPropertyDamagePerAccident,
                AutoLimit::Split {
                    property_damage_per_accident,
                    ..
                },
            ) => Some(property_damage_per_accident),
            _ => None,
        },
        Coverage::UmbrellaExcess(umbrella) => match kind {
            K::UmbEachOccurrence => umbrella.each_occurrence,
            K::UmbAggregate => umbrella.aggregate,
            _ => None,
        },
        Coverage::WorkersCompensation(wc) => match kind {
            K::WcEachAccident => wc.each_accident,
            K::WcDiseaseEachEmployee => wc.disease_each_employee,
            K::WcDiseasePolicyLimit => wc.disease_policy_limit,
            _ => None,
        },
        Coverage::Other(_) => None,
    }
}

fn asked() -> impl Strategy<Value = Requirements> {
    let limits = proptest::collection::btree_map(select(LimitKind::ALL), 1_u64..20, 0..8);
    (limits, any::<[bool; 3]>()).prop_map(|(limits, [ongoing, completed, primary])| Requirements {
        limits: limits
            .into_iter()
            .map(|(kind, steps)| (kind, Cents::dollars(steps * 250_000)))
            .collect::<BTreeMap<_, _>>(),
        additional_insured_ongoing: ongoing,
        additional_insured_completed: completed,
        primary_noncontributory: primary,
        ..Requirements::default()
    })
}

proptest! {
    #[test]
    fn what_is_met_is_on_a_printed_policy((facts, wish) in anything(), asked in asked()) {
        let policies = facts.policies.clone();
        let draft = draft(facts, wish).unwrap();
        let payload = draft.payload();
        let printed: Vec<&Policy> = payload
            .policies()
            .iter()
            .filter_map(|named| policies.iter().find(|policy| policy.id == named.id))
            .collect();
        let checked = check(&asked, payload, &policies, cast::today());
        let flags = [
            asked.additional_insured_ongoing,
            asked.additional_insured_completed,
            asked.primary_noncontributory,
        ];
        let wanted = asked.limits.len() + flags.into_iter().filter(|flag| *flag).count();
        prop_assert_eq!(checked.len(), wanted, "nothing that is asked for is passed over");

        let limits = checked.iter().filter(|each| each.kind == RequirementKind::MinimumLimit);
        for (told, (kind, minimum)) in limits.zip(&asked.limits) {
            let best = printed.iter().filter_map(|policy| of_policy(policy, *kind)).max();
            if told.is_met() {
                prop_assert!(best.is_some_and(|limit| limit >= *minimum), "{kind}: {told:?}");
            } else {
                prop_assert!(best.is_none_or(|limit| limit < *minimum), "{kind}: {told:?}");
            }
        }
        for told in checked.iter().filter(|each| each.is_met()) {
            let effect = match told.kind {
                RequirementKind::AdditionalInsuredOngoing => Effect::AdditionalInsuredOngoing,
                RequirementKind::AdditionalInsuredCompleted => Effect::AdditionalInsuredCompleted,
                RequirementKind::PrimaryNoncontributory => Effect::PrimaryNoncontributory,
                _ => continue,
            };
            let borne = printed.iter().flat_map(|policy| &policy.endorsements).any(|form| {
                form.effect == effect
                    && form.stands_on(cast::today())
                    && form.reaches(payload.holder.name.as_str())
            });
            prop_assert!(borne, "{told:?}");
        }
    }
}
