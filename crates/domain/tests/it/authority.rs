//! Laws of authorization that hold whatever the rules say in detail.

use std::collections::BTreeSet;

use countersign_domain::authz::{Actor, Permission, Process, Reach, Right, RightKind, Rule, Verdict};
use countersign_domain::testing as cast;
use proptest::prelude::*;

use crate::surface::{Nature, Request, lists, requests};

fn permissions() -> impl Strategy<Value = BTreeSet<Permission>> {
    proptest::sample::subsequence(Permission::ALL, 0..=Permission::ALL.len())
        .prop_map(|some| some.into_iter().collect())
}

fn rights() -> impl Strategy<Value = BTreeSet<Right>> {
    proptest::sample::subsequence(Right::ALL, 0..=Right::ALL.len())
        .prop_map(|some| some.into_iter().collect())
}

fn staff(permissions: &BTreeSet<Permission>) -> Actor {
    cast::staff_with(&permissions.iter().copied().collect::<Vec<_>>())
}

fn portal(rights: &BTreeSet<Right>) -> Actor {
    cast::portal_with(&rights.iter().copied().collect::<Vec<_>>())
}

fn anybody() -> impl Strategy<Value = Actor> {
    prop_oneof![
        permissions().prop_map(|some| staff(&some)),
        rights().prop_map(|some| portal(&some)),
        rights().prop_map(|some| cast::of_other_insured(portal(&some))),
        proptest::sample::select(Process::ALL).prop_map(cast::system),
    ]
}

/// What an actor is allowed, by name.
fn opened(actor: &Actor) -> BTreeSet<String> {
    let operations = requests()
        .into_iter()
        .filter(|request| request.ask(actor) == Verdict::Allowed)
        .map(|request: Request| format!("{} on {}", request.name, request.on));
    let listings = lists().into_iter().filter_map(|list| {
        list.ask(actor)
            .ok()
            .map(|reach| format!("{} {reach:?}", list.name))
    });
    operations.chain(listings).collect()
}

proptest! {
    #[test]
    fn another_permission_never_takes_access_away(held in permissions(), more in permissions()) {
        let before = opened(&staff(&held));
        let after = opened(&staff(&held.union(&more).copied().collect()));
        prop_assert!(before.is_subset(&after), "{:?} was lost", before.difference(&after));
    }

    #[test]
    fn another_right_never_takes_access_away(held in rights(), more in rights()) {
        let before = opened(&portal(&held));
        let after = opened(&portal(&held.union(&more).copied().collect()));
        prop_assert!(before.is_subset(&after), "{:?} was lost", before.difference(&after));
    }

    /// A1.20: suspension closes everything, whatever the account holds.
    #[test]
    fn a_suspended_account_is_refused_everywhere(actor in anybody()) {
        prop_assume!(!matches!(actor, Actor::System { .. }));
        let actor = cast::suspended(actor);
        let refusal = Verdict::Forbidden(Rule::AccountSuspended);
        for request in requests() {
            prop_assert_eq!(request.ask(&actor), refusal, "{}", request.name);
        }
        for list in lists() {
            prop_assert_eq!(list.ask(&actor), Err(refusal), "{}", list.name);
        }
    }

    #[test]
    fn a_record_of_another_agency_does_not_exist(actor in anybody()) {
        let stranger = cast::elsewhere(actor);
        for request in requests() {
            prop_assert_eq!(request.ask(&stranger), Verdict::Hidden(Rule::OtherAgency), "{}", request.name);
        }
    }

    /// A1.08: what is another insured's stays hidden, whatever the account holds.
    #[test]
    fn a_record_of_another_insured_does_not_exist_in_the_portal(held in rights()) {
        let stranger = cast::of_other_insured(portal(&held));
        for request in requests() {
            let verdict = request.ask(&stranger);
            let refusal = if request.on == "the agency" {
                Verdict::Forbidden(Rule::NotForThisActor)
            } else {
                Verdict::Hidden(Rule::OtherInsured)
            };
            prop_assert_eq!(verdict, refusal, "{}", request.name);
        }
        for list in lists() {
            if let Ok(reach) = list.ask(&stranger) {
                prop_assert_eq!(reach, Reach::Insured(cast::OTHER_INSURED), "{}", list.name);
            }
        }
    }

    /// The log of an insured is shown without asking for the insured where a list of certificates finds something.
    #[test]
    fn whoever_lists_certificates_may_see_the_log_of_each_insured_in_the_list(actor in anybody()) {
        let log = requests().into_iter().find(|request| request.name == "view_certificates_sent").unwrap();
        let list = lists().into_iter().find(|list| list.name == "list_certificates").unwrap();
        match list.ask(&actor) {
            Ok(Reach::Insured(cast::OTHER_INSURED)) | Err(_) => {}
            Ok(_) => prop_assert_eq!(log.ask(&actor), Verdict::Allowed),
        }
    }

    /// A1.23: no set of rights lets an insured touch an account, its own included.
    #[test]
    fn no_portal_user_can_raise_its_own_rights(held in rights()) {
        let actor = portal(&held);
        for request in requests() {
            if ["open_portal_user", "manage_portal_user"].contains(&request.name) {
                prop_assert_ne!(request.ask(&actor), Verdict::Allowed, "{}", request.name);
            }
        }
    }

    /// A1.13: whoever holds only rights that read cannot change anything.
    #[test]
    fn rights_that_only_read_open_nothing_that_changes(held in rights()) {
        let reading: BTreeSet<_> = held.into_iter().filter(|right| right.kind() == RightKind::Read).collect();
        let actor = portal(&reading);
        for request in requests() {
            if request.nature == Nature::Changes {
                prop_assert_ne!(request.ask(&actor), Verdict::Allowed, "{}", request.name);
            }
        }
    }
}

#[test]
fn without_any_grant_only_self_service_is_left() {
    let left = |actor: &Actor| opened(actor).into_iter().collect::<Vec<_>>();
    assert_eq!(
        left(&cast::staff_with(&[])),
        ["view_agency on the agency", "view_state_rules on the agency"]
    );
    assert_eq!(left(&cast::portal_with(&[])), ["view_portal_home on an insured"]);
}

#[test]
fn every_permission_opens_something() {
    let nothing = opened(&cast::staff_with(&[]));
    for permission in Permission::ALL {
        let opened = opened(&cast::staff_with(&[*permission]));
        assert!(nothing.len() < opened.len(), "{permission} opens nothing");
    }
}

/// A1.12: a right may be in the catalogue before the area that it opens.
#[test]
fn every_right_of_a_finished_area_opens_something() {
    let waiting = [
        Right::VehiclesIdCardAccess,
        Right::FileAccess,
        Right::AddAdditionalInterests,
    ];
    let nothing = opened(&cast::portal_with(&[]));
    for right in Right::ALL {
        let opens = nothing.len() < opened(&cast::portal_with(&[*right])).len();
        assert_eq!(opens, !waiting.contains(right), "{right}");
    }
}

/// An actor gets a permit exactly where it is told that it may.
#[test]
fn a_permit_names_who_asked_and_holds_what_was_asked_for() {
    use countersign_domain::authz::rules::{EditInsured, ViewInsured};
    let staff = cast::staff_with(&[Permission::ViewInsureds]);
    assert!(staff.may::<ViewInsured>(&cast::insured()));
    let permit = staff.request::<ViewInsured>(cast::insured()).unwrap();
    assert_eq!(permit.actor(), &staff);
    assert_eq!(permit.by(), staff.by());
    assert_eq!(permit.into_target(), cast::insured());
    assert!(!staff.may::<EditInsured>(&cast::insured()));
    assert_eq!(
        staff.request::<EditInsured>(cast::insured()).unwrap_err(),
        Verdict::Forbidden(Rule::GroupDoesNotOpen)
    );
}
