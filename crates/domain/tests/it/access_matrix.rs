//! Who may do what, as a table that people review: a change of a rule is a readable difference.
//!
//! `UPDATE=access cargo test -p countersign-domain` writes the table anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use countersign_domain::authz::rules::{LISTINGS, OPERATIONS};
use countersign_domain::authz::{Actor, Permission, Process, Reach, Right, Verdict};
use countersign_domain::testing as cast;

use crate::surface::{lists, requests};

/// What the group "Service staff" of a new agency opens.
const SERVICE_STAFF: &[Permission] = &[
    Permission::ViewInsureds,
    Permission::EditInsureds,
    Permission::EditPolicies,
    Permission::ManagePortalAccounts,
    Permission::ViewCertificates,
    Permission::SendCertificates,
    Permission::EditMasters,
    Permission::RetryMail,
];

/// Actors of one kind, of whom the table names only those who get another answer than the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Staff,
    Portal,
    Process,
    Outside,
}

impl Family {
    const FOLDED: [(Self, &'static str); 3] = [
        (Self::Staff, "staff"),
        (Self::Portal, "portal users"),
        (Self::Process, "processes"),
    ];
}

struct Member {
    family: Family,
    name: String,
    actor: Actor,
}

fn cast() -> Vec<Member> {
    let member = |family, name: &str, actor| Member {
        family,
        name: name.to_owned(),
        actor,
    };
    let mut cast = vec![
        member(Family::Staff, "administrator", cast::administrator()),
        member(Family::Staff, "service staff", cast::staff_with(SERVICE_STAFF)),
    ];
    for permission in Permission::ALL {
        let name = format!("staff[{permission}]");
        cast.push(member(Family::Staff, &name, cast::staff_with(&[*permission])));
    }
    cast.push(member(Family::Staff, "staff[]", cast::staff_with(&[])));
    cast.push(member(
        Family::Portal,
        "portal[all]",
        cast::portal_with(Right::ALL),
    ));
    for right in Right::ALL {
        let name = format!("portal[{right}]");
        cast.push(member(Family::Portal, &name, cast::portal_with(&[*right])));
    }
    cast.push(member(Family::Portal, "portal[]", cast::portal_with(&[])));
    for process in Process::ALL {
        cast.push(member(Family::Process, process.as_str(), cast::system(*process)));
    }
    let everything = || cast::portal_with(Right::ALL);
    cast.extend([
        member(
            Family::Outside,
            "suspended administrator",
            cast::suspended(cast::administrator()),
        ),
        member(
            Family::Outside,
            "suspended portal user",
            cast::suspended(everything()),
        ),
        member(
            Family::Outside,
            "other insured's portal user",
            cast::of_other_insured(everything()),
        ),
        member(
            Family::Outside,
            "other agency's administrator",
            cast::elsewhere(cast::administrator()),
        ),
        member(
            Family::Outside,
            "other agency's portal user",
            cast::elsewhere(everything()),
        ),
        member(
            Family::Outside,
            "other agency's mailer",
            cast::elsewhere(cast::system(Process::Mailer)),
        ),
    ]);
    cast
}

fn word(verdict: Verdict) -> String {
    match verdict {
        Verdict::Allowed => "allow".to_owned(),
        Verdict::Forbidden(rule) => format!("forbid({rule})"),
        Verdict::Hidden(rule) => format!("hide({rule})"),
    }
}

/// One block: the answer, then those who get it; "allow" comes first.
fn block(title: &str, cast: &[Member], answer: impl Fn(&Actor) -> String) -> String {
    let mut told: BTreeMap<(bool, String), Vec<&Member>> = BTreeMap::new();
    for member in cast {
        let answer = answer(&member.actor);
        told.entry((!answer.starts_with("allow"), answer))
            .or_default()
            .push(member);
    }
    let mut text = format!("{title}\n");
    for ((refused, answer), members) in &told {
        let of = |family: Family| members.iter().filter(|m| m.family == family).count();
        let mut names: Vec<String> = Vec::new();
        for (family, word) in Family::FOLDED {
            let here = of(family);
            let all = cast.iter().filter(|m| m.family == family).count();
            let most = told
                .iter()
                .filter(|((refused, _), _)| *refused)
                .all(|(_, others)| others.iter().filter(|m| m.family == family).count() <= here);
            if here == all {
                names.push(format!("all {word}"));
            } else if *refused && most && here > 1 {
                names.push(format!("all other {word}"));
            } else {
                let named = members.iter().filter(|m| m.family == family);
                names.extend(named.map(|m| m.name.clone()));
            }
        }
        let outside = members.iter().filter(|m| m.family == Family::Outside);
        names.extend(outside.map(|m| m.name.clone()));
        text.push_str(&format!("  {answer:<27} {}\n", names.join(", ")));
    }
    text
}

fn matrix() -> String {
    let cast = cast();
    let names = |family| {
        let members = cast.iter().filter(|m: &&Member| m.family == family);
        members.map(|m| m.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut blocks = vec![format!(
        "Who may do what. Written by the tests from the rules; review a change as you would review a rule.\n\
         staff[x], portal[x]: whoever holds x and nothing else; [] holds nothing, [all] everything.\n\
         Staff:        {}.\nPortal users: {}.\nProcesses:    {}.\n\
         Those of another insured or agency hold everything there.\n",
        names(Family::Staff),
        names(Family::Portal),
        names(Family::Process),
    )];
    for request in requests() {
        let title = format!("{} on {}", request.name, request.on);
        blocks.push(block(&title, &cast, |actor| word(request.ask(actor))));
    }
    for list in lists() {
        blocks.push(block(list.name, &cast, |actor| match list.ask(actor) {
            // A list never crosses the agency's border: a foreign actor sees its own agency's.
            Ok(Reach::Everything) => "allow(all of its agency)".to_owned(),
            Ok(Reach::Insured(_)) => "allow(its own insured's)".to_owned(),
            Err(verdict) => word(verdict),
        }));
    }
    blocks.join("\n")
}

/// A1.07, A1.08, A1.09, A1.10, A1.11: each right opens what its line says and nothing else.
#[test]
fn the_rules_are_those_that_were_reviewed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/access_matrix.txt");
    let now = matrix();
    if update() {
        std::fs::write(&path, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let differences = diff(&reviewed, &now);
    assert!(
        differences.is_empty(),
        "the rules changed; if that is meant, run again with UPDATE=access and have the table reviewed:\n{}",
        differences.join("\n")
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "the person at the keyboard says that the change is meant"
)]
fn update() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "access")
}

/// Blocks that differ, the reviewed one before the new one.
fn diff(reviewed: &str, now: &str) -> Vec<String> {
    let blocks = |text: &str| -> Vec<String> { text.split("\n\n").map(|b| b.trim().to_owned()).collect() };
    let (old, new) = (blocks(reviewed), blocks(now));
    let gone = old
        .iter()
        .filter(|block| !new.contains(block))
        .map(|b| format!("- {b}"));
    let come = new
        .iter()
        .filter(|block| !old.contains(block))
        .map(|b| format!("+ {b}"));
    gone.chain(come).collect()
}

#[test]
fn every_operation_and_every_listing_is_in_the_matrix() {
    let asked: BTreeSet<_> = requests().iter().map(|request| request.name).collect();
    assert_eq!(asked, OPERATIONS.iter().copied().collect());
    let listed: BTreeSet<_> = lists().iter().map(|list| list.name).collect();
    assert_eq!(listed, LISTINGS.iter().copied().collect());
}

#[test]
fn a_name_stands_for_one_operation_only() {
    let names: Vec<_> = OPERATIONS.iter().chain(LISTINGS).collect();
    let distinct: BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), distinct.len());
}
