//! The first law of the product: a certificate never says more than the policies behind it. Here it is held
//! against any policies, any selection and any wish, by an oracle of its own that shares no code with the gate.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use countersign_domain::authz::rules::SendCertificate;
use countersign_domain::certificates::Source;
use countersign_domain::certificates::master::MasterLine;
use countersign_domain::certificates::payload::{CertificatePayload, PrintedEndorsement, PrintedLine};
use countersign_domain::certificates::send::{self, Facts, HolderChoice, SendError, Wish};
use countersign_domain::certificates::truth::{self, Severity};
use countersign_domain::holders::HolderProfile;
use countersign_domain::ids::{EndorsementId, PolicyId};
use countersign_domain::money::Cents;
use countersign_domain::policies::coverage::{
    AggregatePer, AutoLimit, Basis, CommercialAuto, Coverage, CoveredAutos, ExcessKind, Excluded, ExtraBoxes,
    GeneralLiability, NamedLimit, OtherCoverage, Retention, Trigger, UmbrellaExcess, WorkersCompensation,
};
use countersign_domain::policies::endorsement::{Effect, Endorsement, Scope};
use countersign_domain::policies::{Line, Policy, Status, words};
use countersign_domain::state_rules::LayoutRule;
use countersign_domain::testing as cast;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use uuid::Uuid;

const NAMES: &[&str] = &[
    "Northgate Builders, Inc.",
    "City of Sparks",
    "Tahoe Lending Group",
];

// Anything an agency's books may hold.

fn cents() -> impl Strategy<Value = Cents> {
    (0_u64..20).prop_map(|steps| Cents::dollars(steps * 250_000))
}

fn limit() -> impl Strategy<Value = Option<Cents>> {
    proptest::option::weighted(0.8, cents())
}

fn trigger() -> impl Strategy<Value = Trigger> {
    select(Trigger::ALL)
}

fn general_liability() -> impl Strategy<Value = Coverage> {
    let per = prop_oneof![
        Just(AggregatePer::Policy),
        Just(AggregatePer::Project),
        Just(AggregatePer::Location),
        Just(AggregatePer::Other(cast::text("each silo"))),
    ];
    (
        trigger(),
        per,
        limit(),
        limit(),
        limit(),
        limit(),
        limit(),
        limit(),
    )
        .prop_map(|(trigger, aggregate_per, a, b, c, d, e, f)| {
            Coverage::GeneralLiability(GeneralLiability {
                trigger,
                aggregate_per,
                each_occurrence: a,
                damage_to_rented_premises: b,
                medical_expense: c,
                personal_and_advertising_injury: d,
                general_aggregate: e,
                products_completed_operations_aggregate: f,
                extra_boxes: ExtraBoxes::none(),
                extra_limit: None,
            })
        })
}

fn extra_limit() -> impl Strategy<Value = Option<NamedLimit>> {
    let named = cents().prop_map(|amount| NamedLimit {
        label: cast::text("Uninsured motorist"),
        amount,
    });
    proptest::option::weighted(0.3, named)
}

fn commercial_auto() -> impl Strategy<Value = Coverage> {
    let limit = prop_oneof![
        cents().prop_map(|each_accident| AutoLimit::CombinedSingle { each_accident }),
        (cents(), cents(), cents()).prop_map(|(person, accident, property)| AutoLimit::Split {
            bodily_injury_per_person: person,
            bodily_injury_per_accident: accident,
            property_damage_per_accident: property,
        }),
    ];
    let autos = (any::<[bool; 5]>(), limit, extra_limit());
    autos.prop_map(
        |([any, owned, scheduled, hired, non_owned], limit, extra_limit)| {
            Coverage::CommercialAuto(CommercialAuto {
                covered_autos: CoveredAutos {
                    any,
                    owned,
                    scheduled,
                    hired,
                    // A policy that covers no auto is refused where it is read.
                    non_owned: non_owned || !(any || owned || scheduled || hired),
                },
                limit,
                extra_boxes: ExtraBoxes::none(),
                extra_limit,
            })
        },
    )
}

fn umbrella() -> impl Strategy<Value = Coverage> {
    let retention = prop_oneof![
        Just(Retention::None),
        cents().prop_map(Retention::Deductible),
        cents().prop_map(Retention::Retention),
    ];
    (
        select(ExcessKind::ALL),
        trigger(),
        retention,
        limit(),
        limit(),
        extra_limit(),
    )
        .prop_map(
            |(kind, trigger, retention, each_occurrence, aggregate, extra_limit)| {
                Coverage::UmbrellaExcess(UmbrellaExcess {
                    kind,
                    trigger,
                    retention,
                    each_occurrence,
                    aggregate,
                    extra_limit,
                })
            },
        )
}

fn workers_compensation() -> impl Strategy<Value = Coverage> {
    let excluded = prop_oneof![
        Just(Excluded::No),
        Just(Excluded::NotApplicable),
        Just(Excluded::Yes(cast::text("A. Ruiz"))),
    ];
    (any::<bool>(), excluded, limit(), limit(), limit()).prop_map(|(per_statute, excluded, a, b, c)| {
        Coverage::WorkersCompensation(WorkersCompensation {
            basis: if per_statute {
                Basis::Statute
            } else {
                Basis::Other(cast::text("Stop gap"))
            },
            excluded,
            each_accident: a,
            disease_each_employee: b,
            disease_policy_limit: c,
        })
    })
}

fn other() -> impl Strategy<Value = Coverage> {
    proptest::collection::vec((select(vec!["Each claim", "Aggregate"]), cents()), 0..3).prop_map(|limits| {
        Coverage::Other(OtherCoverage {
            description: cast::text("Contractors pollution liability"),
            limits: limits
                .into_iter()
                .map(|(label, amount)| NamedLimit {
                    label: cast::text(label),
                    amount,
                })
                .collect::<Vec<_>>()
                .try_into()
                .unwrap(),
        })
    })
}

fn coverage() -> impl Strategy<Value = Coverage> {
    prop_oneof![
        general_liability(),
        commercial_auto(),
        umbrella(),
        workers_compensation(),
        other()
    ]
}

fn form() -> impl Strategy<Value = Endorsement> {
    let parties = proptest::sample::subsequence(NAMES.to_vec(), 0..=2);
    (
        any::<u64>(),
        select(words::Effect::ALL),
        select(words::Scope::ALL),
        parties,
        proptest::option::weighted(0.2, near_today()),
        proptest::option::weighted(0.2, near_today()),
    )
        .prop_map(
            |(id, effect, scope, parties, effective_on, ends_on)| Endorsement {
                id: EndorsementId::from_uuid(Uuid::from_u128(u128::from(id))),
                form_number: cast::text("CG 20 10"),
                edition: cast::text("04 13"),
                title: cast::text("A form"),
                effect: Effect::of(effect, None).unwrap_or(Effect::NoticeOfCancellation { days: 30 }),
                scope: match scope {
                    words::Scope::Scheduled => {
                        Scope::Scheduled(parties.into_iter().map(cast::text).collect())
                    }
                    words::Scope::Blanket => Scope::Blanket,
                    words::Scope::WhenRequiredByContract => Scope::WhenRequiredByContract,
                },
                effective_on,
                ends_on,
                file: None,
            },
        )
}

/// Days around today, so that every boundary is hit often.
fn near_today() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![6 => -250_i64..0, 1 => 0_i64..400, 1 => -1_i64..=1]
        .prop_map(|days| cast::today() + TimeDelta::days(days))
}

fn status() -> impl Strategy<Value = Status> {
    let other = (select(words::Status::ALL), near_today()).prop_map(|(word, on)| {
        Status::of(word, None, None).unwrap_or(Status::Cancelled { on, reason: None })
    });
    prop_oneof![8 => Just(Status::Active), 1 => other]
}

fn policy() -> impl Strategy<Value = Policy> {
    let carrier = prop_oneof![Just(cast::first_company()), Just(cast::second_company())];
    let named = prop_oneof![
        12 => Just("Alder Creek Roofing LLC"),
        1 => Just("ALDER CREEK ROOFING, LLC"),
        1 => Just("Alder Creek Holdings LLC"),
    ];
    (
        any::<u64>(),
        carrier,
        named,
        near_today(),
        prop_oneof![4 => 250_i64..500, 1 => 1_i64..250],
        status(),
        coverage(),
        proptest::collection::vec(form(), 0..4),
    )
        .prop_map(
            |(id, carrier, named, effective_on, days, status, coverage, endorsements)| Policy {
                id: PolicyId::from_uuid(Uuid::from_u128(u128::from(id))),
                carrier,
                named_insured: cast::text(named),
                effective_on,
                expires_on: effective_on + TimeDelta::days(days),
                status,
                coverage,
                endorsements,
                ..cast::general_liability()
            },
        )
}

/// A section over one of the policies, with any of its forms or none behind each mark.
fn section(policy: &Policy) -> impl Strategy<Value = MasterLine> + use<> {
    let mut forms: Vec<_> = policy.endorsements.iter().map(|form| Some(form.id)).collect();
    forms.extend([None, None]);
    let policy = policy.id;
    (select(forms.clone()), select(forms)).prop_map(move |(additional_insured, waiver)| MasterLine {
        policy,
        additional_insured,
        waiver,
    })
}

fn lines() -> impl Strategy<Value = Option<BTreeSet<Line>>> {
    let some = proptest::sample::subsequence(Line::ALL, 0..=2).prop_map(|lines| lines.into_iter().collect());
    proptest::option::weighted(0.3, some)
}

/// A case: what is known and what is wished. The policies may be of any worth, the master may select any of
/// them in any section, and the wish may ask for any mark.
pub(crate) fn anything() -> impl Strategy<Value = (Facts, Wish)> {
    let policies = proptest::collection::vec(policy(), 1..=3);
    policies
        .prop_flat_map(|policies| {
            let sections: Vec<_> = policies.iter().map(section).collect();
            (Just(policies), sections, lines(), lines(), select(NAMES))
        })
        .prop_map(|(policies, sections, additional_insured, waiver, holder)| {
            let mut facts = cast::send_facts(&policies);
            facts.master.selection.lines = policies.iter().map(Policy::line).zip(sections).collect();
            let wish = Wish {
                holder: HolderChoice::New(HolderProfile {
                    name: cast::text(holder),
                    ..cast::holder_profile()
                }),
                additional_insured,
                waiver,
                ..cast::wish()
            };
            (facts, wish)
        })
}

pub(crate) fn draft(facts: Facts, wish: Wish) -> Result<send::Draft, SendError> {
    let permit = cast::administrator()
        .request::<SendCertificate>(cast::insured())
        .unwrap();
    send::draft(permit, wish, facts, cast::text("26-000001"), cast::printable)
}

// The oracle.

/// A band as it would be printed, whatever its line.
struct Band {
    line: Line,
    policy: PolicyId,
    number: String,
    term: (NaiveDate, NaiveDate),
    insurer: char,
    additional_insured: Option<PrintedEndorsement>,
    waiver: Option<PrintedEndorsement>,
    coverage: Coverage,
}

fn bands(payload: &CertificatePayload) -> Vec<Band> {
    fn band<C: Clone>(line: Line, printed: Option<&PrintedLine<C>>, wrap: fn(C) -> Coverage) -> Option<Band> {
        printed.map(|printed| Band {
            line,
            policy: printed.policy_id,
            number: printed.policy_number.to_string(),
            term: (printed.effective_on, printed.expires_on),
            insurer: printed.insurer,
            additional_insured: printed.additional_insured.clone(),
            waiver: printed.waiver.clone(),
            coverage: wrap(printed.coverage.clone()),
        })
    }
    [
        band(
            Line::GeneralLiability,
            payload.general_liability.as_ref(),
            Coverage::GeneralLiability,
        ),
        band(
            Line::CommercialAuto,
            payload.commercial_auto.as_ref(),
            Coverage::CommercialAuto,
        ),
        band(
            Line::UmbrellaExcess,
            payload.umbrella_excess.as_ref(),
            Coverage::UmbrellaExcess,
        ),
        band(
            Line::WorkersCompensation,
            payload.workers_compensation.as_ref(),
            Coverage::WorkersCompensation,
        ),
        band(Line::Other, payload.other.as_ref(), Coverage::Other),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Limits by their JSON names, found without asking the product how it lists them.
fn amounts(coverage: &Coverage) -> BTreeMap<String, u64> {
    fn walk(path: &str, value: &serde_json::Value, found: &mut BTreeMap<String, u64>) {
        match value {
            serde_json::Value::Number(number) => {
                found.insert(path.to_owned(), number.as_u64().unwrap());
            }
            serde_json::Value::Object(members) => {
                for (name, value) in members {
                    walk(&format!("{path}/{name}"), value, found);
                }
            }
            serde_json::Value::Array(items) => {
                for (place, value) in items.iter().enumerate() {
                    walk(&format!("{path}/{place}"), value, found);
                }
            }
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    walk("", &serde_json::to_value(coverage).unwrap(), &mut found);
    found
}

/// What the certificate says that the policies do not.
fn excess(payload: &CertificatePayload, policies: &[Policy], today: NaiveDate) -> Vec<String> {
    let mut said = Vec::new();
    let mut say = |wrong: bool, what: String| {
        if wrong {
            said.push(what);
        }
    };
    for band in bands(payload) {
        let line = band.line;
        let Some(policy) = policies.iter().find(|policy| policy.id == band.policy) else {
            say(true, format!("{line}: a policy that is not there"));
            continue;
        };
        say(band.number != policy.number.as_str(), format!("{line}: number"));
        say(
            band.term != (policy.effective_on, policy.expires_on),
            format!("{line}: term"),
        );
        say(today < policy.effective_on, format!("{line}: not yet effective"));
        say(today >= policy.expires_on, format!("{line}: expired"));
        say(
            matches!(policy.status, Status::Cancelled { on, .. } if on <= today),
            format!("{line}: cancelled"),
        );
        say(
            matches!(policy.status, Status::Quoted | Status::Expired),
            format!("{line}: {:?}", policy.status),
        );
        let insurers: Vec<_> = payload
            .insurers
            .iter()
            .filter(|insurer| insurer.letter == band.insurer)
            .collect();
        say(
            insurers.len() != 1
                || insurers
                    .iter()
                    .any(|i| i.name != policy.carrier.name || i.naic != policy.carrier.naic),
            format!("{line}: insurer"),
        );
        let allowed = amounts(&policy.coverage);
        for (name, printed) in amounts(&band.coverage) {
            let limit = allowed.get(&name).copied();
            say(
                limit.is_none_or(|limit| printed > limit),
                format!("{line}: {name} {printed} over {limit:?}"),
            );
        }
        for (mark, form) in [
            ("ADDL INSD", &band.additional_insured),
            ("SUBR WVD", &band.waiver),
        ] {
            let Some(form) = form else { continue };
            let standing = policy
                .endorsements
                .iter()
                .find(|candidate| candidate.id == form.id);
            let Some(standing) = standing else {
                say(true, format!("{line}: {mark} without a form"));
                continue;
            };
            let right_effect = if mark == "ADDL INSD" {
                standing.effect.word().as_str().starts_with("additional_insured_")
            } else {
                standing.effect == Effect::Waiver
            };
            say(
                !right_effect,
                format!("{line}: {mark} by a form that does something else"),
            );
            say(
                standing.effective_on.is_some_and(|first| today < first)
                    || standing.ends_on.is_some_and(|end| end <= today),
                format!("{line}: {mark} by a form that does not stand today"),
            );
            let scheduled = match &standing.scope {
                Scope::Scheduled(parties) => Some(parties.contains(&payload.holder.name)),
                Scope::Blanket | Scope::WhenRequiredByContract => None,
            };
            say(
                scheduled == Some(false),
                format!("{line}: {mark} for a holder that the form does not name"),
            );
            say(
                line == Line::WorkersCompensation && mark == "ADDL INSD",
                format!("{line}: {mark} where there is none"),
            );
        }
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn what_may_be_sent_never_says_more_than_the_policies((facts, wish) in anything()) {
        let (policies, today) = (facts.policies.clone(), facts.today);
        let sections: Vec<_> = facts.master.selection.lines.keys().copied().collect();
        let wished = [wish.additional_insured.clone(), wish.waiver.clone()];
        let cleared = draft(facts, wish).and_then(send::Draft::clear);
        match cleared {
            Ok(cleared) => {
                let payload = cleared.payload();
                prop_assert_eq!(excess(payload, &policies, today), Vec::<String>::new());
                prop_assert_eq!(bands(payload).iter().map(|band| band.line).collect::<Vec<_>>(), sections);
                // Nothing that was asked for is left out in silence.
                for band in bands(payload) {
                    let marks = [band.additional_insured.is_some(), band.waiver.is_some()];
                    for (wished, printed) in wished.iter().zip(marks) {
                        if let Some(wished) = wished {
                            prop_assert_eq!(wished.contains(&band.line), printed);
                        }
                    }
                }
                for line in wished.iter().flatten().flatten() {
                    prop_assert!(bands(payload).iter().any(|band| band.line == *line));
                }
            }
            Err(SendError::Blocked(findings)) => {
                prop_assert!(findings.iter().any(|finding| finding.severity == Severity::Block));
                for finding in findings {
                    prop_assert!(finding.field.is_empty() || finding.field.starts_with('/'), "{finding:?}");
                    prop_assert!(!finding.message.is_empty() && !finding.fix.is_empty(), "{finding:?}");
                }
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }

    /// The gate compares print with policy: whoever composed the print, nothing above the policy passes.
    #[test]
    fn a_print_that_was_tampered_with_is_blocked(
        (which, more) in (0_usize..9, 1_u64..1_000_000),
        day in 1_i64..400,
    ) {
        let policies = cast::policies();
        let wish = Wish { additional_insured: Some(BTreeSet::new()), waiver: Some(BTreeSet::new()), ..cast::wish() };
        let mut payload = draft(cast::send_facts(&policies), wish).unwrap().payload().clone();
        let raise = |amount: &mut Option<Cents>| *amount = amount.map(|a| Cents::new(a.get() + more));
        let gl = payload.general_liability.as_mut().unwrap();
        match which {
            0 => raise(&mut gl.coverage.each_occurrence),
            1 => raise(&mut gl.coverage.general_aggregate),
            2 => raise(&mut payload.umbrella_excess.as_mut().unwrap().coverage.aggregate),
            3 => raise(&mut payload.workers_compensation.as_mut().unwrap().coverage.disease_policy_limit),
            4 => gl.expires_on += TimeDelta::days(day),
            5 => gl.effective_on -= TimeDelta::days(day),
            6 => gl.coverage.trigger = Trigger::ClaimsMade,
            7 => gl.waiver = Some(PrintedEndorsement {
                id: EndorsementId::from_uuid(Uuid::from_u128(u128::from(more))),
                line: Line::GeneralLiability,
                form_number: cast::text("CG 24 04"),
                edition: cast::text("05 09"),
                title: cast::text("Waiver"),
            }),
            _ => {
                let limits = &mut payload.other.as_mut().unwrap().coverage.limits;
                let mut more_limits = limits.to_vec();
                more_limits.push(NamedLimit {
                    label: cast::text("Aggregate"),
                    amount: Cents::new(more),
                });
                *limits = more_limits.try_into().unwrap();
            }
        }
        let rule = cast::state_rule(LayoutRule::NothingMisleading, Severity::Info);
        let gate = truth::Draft {
            payload: &payload,
            unsupported_marks: &[],
            policies: &policies,
            door: Source::Staff,
            printable: cast::printable,
            state_rule: Some(&rule),
            layout: None,
        };
        prop_assert!(!truth::clears(&truth::evaluate(&gate, cast::today())));
    }

    #[test]
    fn a_limit_may_be_printed_lower_than_the_policy_has_it(less in 0_u64..=1_000_000) {
        let policies = cast::policies();
        let mut payload = draft(cast::send_facts(&policies), cast::wish()).unwrap().payload().clone();
        payload.general_liability.as_mut().unwrap().coverage.each_occurrence = Some(Cents::dollars(less));
        let rule = cast::state_rule(LayoutRule::NothingMisleading, Severity::Info);
        let gate = truth::Draft {
            payload: &payload,
            unsupported_marks: &[],
            policies: &policies,
            door: Source::Staff,
            printable: cast::printable,
            state_rule: Some(&rule),
            layout: None,
        };
        prop_assert_eq!(truth::evaluate(&gate, cast::today()), vec![]);
    }

    #[test]
    fn the_same_facts_give_the_same_fingerprint((facts, wish) in anything()) {
        let once = draft(facts.clone(), wish.clone()).unwrap();
        let again = draft(facts, wish).unwrap();
        let fingerprint = once.payload().fingerprint().unwrap();
        prop_assert_eq!(&fingerprint, &again.payload().fingerprint().unwrap());
        // What is stored is read back as it was, so it can be held against the policies again.
        let stored = serde_json::to_value(once.payload()).unwrap();
        let read: CertificatePayload = serde_json::from_value(stored).unwrap();
        prop_assert_eq!(&read, once.payload());
        prop_assert_eq!(read.fingerprint().unwrap(), fingerprint);
    }
}

#[test]
fn the_generated_cases_reach_both_sides_of_the_gate() {
    let mut runner = TestRunner::deterministic();
    let (mut sent, mut marked, mut blocked) = (0, 0, 0);
    for _ in 0..2_000 {
        let (facts, wish) = anything().new_tree(&mut runner).unwrap().current();
        match draft(facts, wish).and_then(send::Draft::clear) {
            Ok(cleared) => {
                sent += 1;
                marked += usize::from(!cleared.payload().endorsements().is_empty());
            }
            Err(_) => blocked += 1,
        }
    }
    assert!(
        sent > 100 && marked > 10 && blocked > 100,
        "{sent} sent, {marked} with marks, {blocked} blocked"
    );
}

#[test]
fn a_master_that_is_in_order_has_nothing_for_the_gate_to_find() {
    let policies = cast::policies();
    let draft = draft(cast::send_facts(&policies), cast::wish()).unwrap();
    assert_eq!(draft.findings(), []);
    assert_eq!(bands(draft.payload()).len(), 5);
    assert_eq!(
        excess(draft.payload(), &policies, cast::today()),
        Vec::<String>::new()
    );
    assert!(draft.clear().is_ok());
}
