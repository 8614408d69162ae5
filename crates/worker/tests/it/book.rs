//! The demo agency's book says nothing that its own policies do not bear out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use countersign_domain::imports::File;

type Row = BTreeMap<String, String>;

fn rows(file: File) -> Vec<Row> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/demo"));
    let mut reader = csv::Reader::from_path(folder.join(file.file_name())).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn policy(row: &Row) -> (&str, &str, &str) {
    (&row["policy_number"], &row["effective_on"], &row["line"])
}

fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|entry| !entry.is_empty())
}

#[test]
fn the_box_of_the_general_aggregate_and_the_form_for_it_agree() {
    let forms = rows(File::Endorsements);
    let has = |cover: &Row, number: &str| {
        forms
            .iter()
            .any(|form| policy(form) == policy(cover) && form["form_number"] == number)
    };
    let mut seen = BTreeMap::new();
    for cover in rows(File::Coverages)
        .iter()
        .filter(|cover| cover["line"] == "general_liability")
    {
        let expected = match (has(cover, "CG 25 03"), has(cover, "CG 25 04")) {
            (false, false) => "policy",
            (true, false) => "project",
            (false, true) => "location",
            (true, true) => panic!("{:?} has both forms", policy(cover)),
        };
        assert_eq!(cover["gl_aggregate_per"], expected, "{:?}", policy(cover));
        *seen.entry(expected).or_insert(0) += 1;
    }
    assert!(
        seen.len() == 3 && seen.values().all(|count| *count > 2),
        "{seen:?}"
    );
}

#[test]
fn forms_reach_whom_their_wording_reaches() {
    for form in rows(File::Endorsements) {
        let number = form["form_number"].as_str();
        assert_ne!(
            number, "CG 02 24",
            "it lengthens the notice to the first named insured only"
        );
        let on_contract = matches!(
            number,
            "CG 20 01" | "CA 04 49" | "CG 20 33" | "CG 20 34" | "CG 20 38"
        );
        if on_contract {
            assert_eq!(form["scope"], "when_required_by_contract", "{form:?}");
        }
        if form["effect"] == "notice_of_cancellation" {
            assert_eq!(form["scope"], "scheduled", "{form:?}");
        }
    }
}

#[test]
fn a_policy_or_two_pays_for_claims_made_and_most_for_occurrences() {
    let covers = rows(File::Coverages);
    let with = |trigger: &str| {
        covers
            .iter()
            .filter(|cover| cover["gl_trigger"] == trigger)
            .count()
    };
    assert!((1..=3).contains(&with("claims_made")));
    assert!(with("occurrence") > 50);
}

#[test]
fn people_are_many_and_each_has_a_name_and_an_address_of_their_own() {
    let contacts = rows(File::Contacts);
    let distinct = |column: &str| {
        let filled = contacts
            .iter()
            .map(|contact| contact[column].as_str())
            .filter(|cell| !cell.is_empty());
        let all: Vec<&str> = filled.collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{column}");
        all.len()
    };
    assert!(distinct("name") > 100 && distinct("email") > 100);
}

/// Who asks an insured for certificates is where it works: in its state, across the lake, on a schedule of its
/// policies, or, for those who drive, anywhere.
#[test]
fn every_insured_has_holders_where_it_works() {
    let insureds = rows(File::Insureds);
    let owner: BTreeMap<_, _> = rows(File::Policies)
        .iter()
        .map(|row| {
            let (number, from, line) = policy(row);
            (
                (number.to_owned(), from.to_owned(), line.to_owned()),
                row["customer_id"].clone(),
            )
        })
        .collect();
    let mut scheduled = BTreeSet::new();
    for form in rows(File::Endorsements) {
        let (number, from, line) = policy(&form);
        let of = &owner[&(number.to_owned(), from.to_owned(), line.to_owned())];
        scheduled.extend(list(&form["scheduled_parties"]).map(|party| (of.clone(), party.to_owned())));
    }
    let mut linked = BTreeSet::new();
    let mut pairs = BTreeSet::new();
    for holder in rows(File::Holders) {
        for id in list(&holder["customer_ids"]) {
            let insured = insureds
                .iter()
                .find(|insured| insured["customer_id"] == id)
                .unwrap();
            let states = [insured["state"].as_str(), holder["state"].as_str()];
            let near = states[0] == states[1] || matches!(states, ["NV", "CA"] | ["CA", "NV"]);
            let pair = (id.to_owned(), holder["name"].clone());
            let drives = insured["trade"] == "Trucking for hire";
            assert!(near || drives || scheduled.contains(&pair), "{pair:?} {states:?}");
            if !holder["emails"].is_empty() {
                linked.insert(id.to_owned());
            }
            pairs.insert(pair);
        }
    }
    assert_eq!(linked.len(), insureds.len(), "somebody has no holder");
    let missing: Vec<_> = scheduled.difference(&pairs).collect();
    assert!(
        missing.is_empty(),
        "parties of a schedule that are not linked: {missing:?}"
    );
}

/// Vehicle numbers are invented, but nobody could tell: the ninth character checks the others.
#[test]
fn vehicle_numbers_have_their_check_digit() {
    let value = |c: char| -> usize {
        match c {
            'A'..='H' => c as usize - 'A' as usize + 1,
            'J'..='N' => c as usize - 'J' as usize + 1,
            'P' => 7,
            'R' => 9,
            'S'..='Z' => c as usize - 'S' as usize + 2,
            digit => digit.to_digit(10).unwrap() as usize,
        }
    };
    const WEIGHTS: [usize; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    for vehicle in rows(File::Vehicles) {
        let vin = &vehicle["vin"];
        let sum: usize = vin
            .chars()
            .zip(WEIGHTS)
            .map(|(c, weight)| value(c) * weight)
            .sum();
        assert_eq!(vin.chars().nth(8), "0123456789X".chars().nth(sum % 11), "{vin}");
    }
}
