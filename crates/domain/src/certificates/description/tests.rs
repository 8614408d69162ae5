//! What is found in a description, and above all what is not.

use super::*;
use crate::policies::endorsement::Effect;
use crate::testing as cast;
use proptest::prelude::*;

const HOLDER: &str = "Northgate Builders, Inc.";

fn cover(policies: &[Policy]) -> Cover<'_> {
    Cover {
        policies: policies.iter().collect(),
        holder: HOLDER,
        today: cast::today(),
    }
}

/// The cast's policies, with further forms on general liability.
fn with_forms(more: Vec<Endorsement>) -> Vec<Policy> {
    let mut policies = cast::policies();
    for policy in &mut policies {
        if policy.line() == Line::GeneralLiability {
            policy.endorsements.extend(more.clone());
        }
    }
    policies
}

fn bare() -> Vec<Policy> {
    let mut policies = cast::policies();
    for policy in &mut policies {
        policy.endorsements.clear();
    }
    policies
}

fn codes(text: &str, policies: &[Policy]) -> Vec<FindingCode> {
    check(text, &cover(policies))
        .into_iter()
        .map(|remark| remark.code)
        .collect()
}

/// Plain words about a job, and true words about forms that are there: nothing is found in any of them.
const PLAIN: &[&str] = &[
    "",
    "Job: 30-day roofing project at 12 Main St., contract no. 4471",
    "Roofing operations of the named insured.",
    "Job 4471, parking lot and access road.",
    "Project: Riverside Apartments, contract amount $12,000,000, liability of the owner excluded from bid.",
    "Replace 250,000 sq ft of TPO roofing at Sparks Distribution Center, 2250 Vassar Street, Reno, NV 89502.",
    "Work to comply with the building code and ADA requirements at unit 4.",
    "Insured meets all safety requirements of the site.",
    "General liability: $1,000,000 each occurrence, $2,000,000 general aggregate.",
    "General liability limits: each occurrence $1,000,000, general aggregate $2,000,000.",
    "Umbrella: $5,000,000 per occurrence and aggregate over general liability of $1,000,000 per occurrence.",
    "Notice to proceed dated 03/01/2026; 60 days to completion.",
    "Thirty days notice to proceed was given by the owner.",
    "Give the tenants two days notice before access to the apartments.",
    "Contractor to notify the City of change orders.",
    "The event will not be cancelled in case of rain.",
    "Location 3: full service restaurant, all risers replaced.",
    "Primary contractor: Northgate Builders, Inc.; primary entrance at Auto Mall Drive.",
    "Should any of the policies be cancelled, notice will be delivered in accordance with the policy provisions.",
    "This page promises no notice of cancellation.",
    "The certificate holder is not an additional insured.",
    "No additional insured status or waiver of subrogation is granted by this certificate.",
    "If the holder is an additional insured, the policies must be endorsed.",
    "Vehicles: 2024 Ford F-150, VIN 1FTFW1E50PFA00001; 2 trailers.",
    "Work performed as required by contract 4471 between the parties.",
    "Sacramento, CA 95814 and Chicago, IL 60601.",
    "Umbrella tables, 12 of them, for the pool deck.",
    "General liability limit $1,000,000 each occurrence.",
    "Umbrella $5M.",
    "Additional insured per CG 20 10 04 13.",
    "Additional insured on general liability and auto; waiver of subrogation on workers compensation.",
    "WC 00 03 13 04 84 and CG 24 04 05 09 are attached.",
    "Retention $10,000 on the umbrella policy.",
    "AI data center, phase 2; AI and robotics laboratory.",
    "NOC recorded 03/01/2026, Pasco County.",
    "Conditional lien waivers with each draw; retainage waived.",
    "Sub to provide its own dumpster.",
    "First National Bank is the construction lender and mortgagee of the property.",
    "This certificate does not amend, extend or alter the coverage afforded by the policies.",
    "This certificate confers no rights upon the holder and gives it no right to notice.",
    "Insured will not start without notice to the owner.",
    "Aggregate base and asphalt paving, per project plans.",
    "Project: Aggregate Industries Plant 4, additional bays.\nInsured: roofing of bay 2.",
    "General aggregate applies per project.",
    "General liability on an occurrence basis.",
    "No exclusion zones on the site; crane exclusion zone at gate 2.",
    "Contractor shall indemnify the owner as contract 4471 says.",
    "Driveway extended to the street; work covered by tarpaulin.",
];

#[test]
fn plain_words_about_a_job_and_true_words_about_forms_are_left_alone() {
    for text in PLAIN {
        assert_eq!(codes(text, &cast::policies()), [], "{text}");
    }
}

/// Words that should not stand there, what is found, and in which of them.
const FOUND: &[(&str, FindingCode, Severity, &str)] = &[
    (
        "30 days notice will be given.",
        FindingCode::NoticePromised,
        Severity::Block,
        "30 days notice",
    ),
    (
        "Thirty (30) days\u{2019} prior written notice of cancellation, 10 days for nonpayment.",
        FindingCode::NoticePromised,
        Severity::Block,
        "Thirty (30) days\u{2019} prior written notice",
    ),
    (
        "The insurer will endeavor to mail notice to the holder.",
        FindingCode::NoticePromised,
        Severity::Block,
        "endeavor to mail",
    ),
    (
        "Policies shall not be cancelled without the holder's consent.",
        FindingCode::NoticePromised,
        Severity::Block,
        "Policies shall not be cancelled",
    ),
    (
        "Holder shall be notified of any cancellation.",
        FindingCode::NoticePromised,
        Severity::Block,
        "shall be notified of any cancellation",
    ),
    (
        "Coverage complies with contract 4471.",
        FindingCode::ContractClaimed,
        Severity::Block,
        "complies with contract",
    ),
    (
        "All insurance requirements have been met.",
        FindingCode::ContractClaimed,
        Severity::Block,
        "requirements have been met",
    ),
    (
        "Full coverage is provided.",
        FindingCode::CoverInterpreted,
        Severity::Warn,
        "Full coverage",
    ),
    (
        "All risks of loss.",
        FindingCode::CoverInterpreted,
        Severity::Warn,
        "All risks",
    ),
    (
        "Coverage applies as required by written contract.",
        FindingCode::ContractInterpreted,
        Severity::Warn,
        "required by written contract",
    ),
    (
        "Northgate Builders is named as an additional insured.",
        FindingCode::AdditionalInsuredClaimed,
        Severity::Block,
        "additional insured",
    ),
    (
        "A waiver of subrogation applies in favor of the holder.",
        FindingCode::WaiverClaimed,
        Severity::Block,
        "waiver of subrogation",
    ),
    (
        "Coverage is primary and non-contributory.",
        FindingCode::PrimaryClaimed,
        Severity::Block,
        "Coverage is primary and non-contributory",
    ),
    (
        "Umbrella limit $6,000,000.",
        FindingCode::AmountAbovePolicies,
        Severity::Block,
        "6,000,000",
    ),
    (
        "Commercial general liability, each occurrence limit: $2,000,000.",
        FindingCode::AmountAbovePolicies,
        Severity::Block,
        "2,000,000",
    ),
    (
        "General liability medical expense limit of $1,000,000.",
        FindingCode::AmountAbovePolicies,
        Severity::Block,
        "1,000,000",
    ),
    (
        "General liability $2 million, products aggregate $1.5 million.",
        FindingCode::AmountNotOnPolicies,
        Severity::Warn,
        "1.5 million",
    ),
    (
        "Form CG 20 37 04 13 applies.",
        FindingCode::FormNotOnPolicies,
        Severity::Block,
        "CG 20 37 04 13",
    ),
];

/// How agencies write what they must not, in the short words of the trade. Which words are found is not the point.
const IN_SHORT: &[(&str, FindingCode)] = &[
    (
        "ADDITIONAL\nINSURED: CITY OF SPARKS",
        FindingCode::AdditionalInsuredClaimed,
    ),
    (
        "AI status for holder incl. completed operations",
        FindingCode::AdditionalInsuredClaimed,
    ),
    ("AI on GL where required", FindingCode::AdditionalInsuredClaimed),
    ("Holder listed as AI", FindingCode::AdditionalInsuredClaimed),
    ("Add\u{2019}l Insd: holder", FindingCode::AdditionalInsuredClaimed),
    (
        "City of Sparks is covered as an insured",
        FindingCode::AdditionalInsuredClaimed,
    ),
    (
        "As per contract requirements, AI included",
        FindingCode::AdditionalInsuredClaimed,
    ),
    (
        "Asegurado adicional: City of Sparks",
        FindingCode::AdditionalInsuredClaimed,
    ),
    (
        "Holder will get notice prior to any material change",
        FindingCode::NoticePromised,
    ),
    (
        "Certificate confers rights on holder",
        FindingCode::CoverInterpreted,
    ),
    ("WOS applies", FindingCode::WaiverClaimed),
    ("Waiver of sub included", FindingCode::WaiverClaimed),
    ("NOC 30 days", FindingCode::NoticePromised),
    ("30-day NOC applies", FindingCode::NoticePromised),
    ("Notice of cancellation: 30 days", FindingCode::NoticePromised),
    (
        "Policy may not be canceled without 30 days notice",
        FindingCode::NoticePromised,
    ),
    (
        "Policies will not be cancelled without prior written notice to holder",
        FindingCode::NoticePromised,
    ),
    ("Coverage is primary", FindingCode::PrimaryClaimed),
    ("P&NC wording applies", FindingCode::PrimaryClaimed),
    ("Primary/non-contrib.", FindingCode::PrimaryClaimed),
    ("Complies with contract", FindingCode::ContractClaimed),
    ("Meets lease requirements.", FindingCode::ContractClaimed),
    ("Holder is loss payee", FindingCode::LossPayeeClaimed),
    (
        "Bank is named as mortgagee and lender's loss payable",
        FindingCode::LossPayeeClaimed,
    ),
    (
        "This certificate amends the policy to include the holder",
        FindingCode::CoverInterpreted,
    ),
    (
        "The coverage is extended to include the holder",
        FindingCode::CoverInterpreted,
    ),
    (
        "Completed operations AI where required",
        FindingCode::AdditionalInsuredClaimed,
    ),
    (
        "Holder and its officers are named on the policy as insureds",
        FindingCode::AdditionalInsuredClaimed,
    ),
    (
        "Coverage shall be extended to the holder",
        FindingCode::CoverInterpreted,
    ),
    (
        "No exclusions for residential work",
        FindingCode::CoverInterpreted,
    ),
    (
        "Action over exclusion does not apply",
        FindingCode::CoverInterpreted,
    ),
    (
        "Indemnity obligations under the agreement are covered",
        FindingCode::CoverInterpreted,
    ),
    ("Cancellation notice 30 days", FindingCode::NoticePromised),
    ("General liability is claims-made", FindingCode::CoverageDiffers),
    ("Umbrella: claims made", FindingCode::CoverageDiffers),
    ("Per location aggregate applies", FindingCode::AggregateClaimed),
    (
        "General aggregate applies to each location",
        FindingCode::AggregateClaimed,
    ),
];

#[test]
fn the_short_words_of_the_trade_are_found_and_can_be_taken_out() {
    let policies = bare();
    for (text, code) in IN_SHORT {
        let around = format!("Job 4471 at 12 Main St. in Reno.\n\n{text}\n\nPhase two.");
        let mut text = around.clone();
        let mut seen = Vec::new();
        while let Some(remark) = check(&text, &cover(&policies)).first() {
            assert!(seen.len() < 4, "{text}");
            seen.push((remark.code, remark.severity));
            text = mended(&text, &remark.replacement);
        }
        assert!(seen.contains(&(*code, Severity::Block)), "{around}: {seen:?}");
        assert!(text.starts_with("Job 4471 at 12 Main St. in Reno.") && text.ends_with("Phase two."));
    }
}

/// Completed operations are another form than ongoing ones.
#[test]
fn completed_operations_need_a_form_of_their_own() {
    let policies = cast::policies();
    let text = "Additional insured on general liability including completed operations.";
    let remark = check(text, &cover(&policies)).remove(0);
    assert_eq!(remark.code, FindingCode::AdditionalInsuredClaimed);
    assert!(
        remark.message.contains("completed operations"),
        "{}",
        remark.message
    );
    let form = cast::form(33, "CG 20 37", "04 13", Effect::AdditionalInsuredCompleted);
    assert_eq!(codes(text, &with_forms(vec![form])), []);
}

#[test]
fn an_aggregate_counts_by_project_where_policy_or_form_says_so() {
    let text = "General aggregate applies per location.";
    assert_eq!(codes(text, &cast::policies()), [FindingCode::AggregateClaimed]);
    let form = cast::form(34, "CG 25 04", "05 09", Effect::PerLocationAggregate);
    assert_eq!(codes(text, &with_forms(vec![form])), []);
}

#[test]
fn what_says_more_than_the_policies_is_found_with_its_words_and_a_way_out() {
    let policies = bare();
    for (text, code, severity, words) in FOUND {
        let remarks = check(text, &cover(&policies));
        let found: Vec<_> = remarks
            .iter()
            .map(|remark| (remark.code, remark.severity, remark.passage.words.as_str()))
            .collect();
        assert_eq!(found, [(*code, *severity, *words)], "{text}");
        for remark in remarks {
            assert!(
                !remark.message.is_empty() && !remark.fix.is_empty() && !remark.policy_value.is_empty(),
                "{remark:?}"
            );
        }
    }
}

/// Replaces what a remark would replace.
fn mended(text: &str, replacement: &Replacement) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut mended: String = letters[..replacement.start].iter().collect();
    mended.push_str(&replacement.text);
    mended.extend(&letters[replacement.end..]);
    mended
}

#[test]
fn the_remedy_of_a_remark_leaves_nothing_to_find() {
    let policies = bare();
    for (text, ..) in FOUND {
        let around = format!("Job 4471 at 12 Main St. in Reno.\n{text}\nPhase two.");
        let remark = check(&around, &cover(&policies)).remove(0);
        let mended = mended(&around, &remark.replacement);
        assert_eq!(codes(&mended, &policies), [], "{mended}");
        assert!(mended.starts_with("Job 4471 at 12 Main St. in Reno.") && mended.ends_with("Phase two."));
    }
}

#[test]
fn a_claim_is_borne_out_on_the_line_that_it_names() {
    let policies = cast::policies();
    for (text, missing) in [
        (
            "Additional insured on the umbrella.",
            FindingCode::AdditionalInsuredClaimed,
        ),
        (
            "Additional insured on workers compensation.",
            FindingCode::AdditionalInsuredClaimed,
        ),
        (
            "Additional insured on all policies.",
            FindingCode::AdditionalInsuredClaimed,
        ),
        (
            "Waiver of subrogation: general liability and umbrella.",
            FindingCode::WaiverClaimed,
        ),
    ] {
        assert_eq!(codes(text, &policies), [missing], "{text}");
    }
    assert_eq!(
        codes(
            "Additional insured and waiver of subrogation on GL and auto.",
            &policies
        ),
        []
    );
    // The line that is named before stands for what comes after.
    assert_eq!(
        codes(
            "On general liability the holder is an additional insured.",
            &policies
        ),
        []
    );
}

#[test]
fn a_form_that_names_others_bears_out_nothing_for_this_holder() {
    let mut policies = bare();
    let form = cast::form(11, "CG 20 10", "04 13", Effect::AdditionalInsuredOngoing);
    policies[0].endorsements = vec![cast::scheduled(form.clone(), &["City of Sparks"])];
    assert_eq!(
        codes("The holder is an additional insured.", &policies),
        [FindingCode::AdditionalInsuredClaimed]
    );
    policies[0].endorsements = vec![cast::scheduled(form.clone(), &[HOLDER])];
    assert_eq!(codes("The holder is an additional insured.", &policies), []);
    policies[0].endorsements[0].ends_on = Some(cast::today());
    assert_eq!(
        codes("The holder is an additional insured.", &policies),
        [FindingCode::AdditionalInsuredClaimed]
    );
}

/// What a form is named for, it gives to those on its schedule alone, whatever another form gives the holder.
#[test]
fn a_form_that_is_named_reaches_the_holder() {
    let mut policies = cast::policies();
    let notice = Effect::NoticeOfCancellation { days: 30 };
    for (number, (name, edition, effect)) in (50..).zip([
        ("CG 20 26", "04 13", Effect::AdditionalInsuredDesignated),
        ("CG 20 37", "04 13", Effect::AdditionalInsuredCompleted),
        ("IL 02 75", "11 13", notice),
    ]) {
        let form = cast::form(number, name, edition, effect);
        policies[0]
            .endorsements
            .push(cast::scheduled(form, &["City of Sparks"]));
    }
    for (text, code) in [
        (
            "Additional insured per CG 20 26 04 13.",
            FindingCode::AdditionalInsuredClaimed,
        ),
        (
            "Northgate Builders, Inc. is included per CG 20 26 04 13.",
            FindingCode::AdditionalInsuredClaimed,
        ),
        // The edition is wrong as well; the right one would still be for others.
        (
            "Completed operations AI per CG 20 37 07 04.",
            FindingCode::AdditionalInsuredClaimed,
        ),
        (
            "Cancellation notice 30 days per IL 02 75 11 13.",
            FindingCode::NoticePromised,
        ),
        ("Form IL 02 75 11 13 is attached.", FindingCode::NoticePromised),
    ] {
        let remarks = check(text, &cover(&policies));
        let found: Vec<_> = remarks
            .iter()
            .map(|remark| (remark.code, remark.severity))
            .collect();
        assert_eq!(found, [(code, Severity::Block)], "{text}: {remarks:?}");
        assert_eq!(codes(&mended(text, &remarks[0].replacement), &policies), []);
    }
    assert_eq!(
        codes("CG 20 26 04 13 does not apply to the holder.", &policies),
        []
    );
}

#[test]
fn a_claim_is_about_the_lines_among_its_own_words() {
    let form = cast::form(35, "CG 20 01", "12 19", Effect::PrimaryNoncontributory);
    let policies = with_forms(vec![form]);
    for text in [
        "Auto and umbrella are primary and noncontributory.",
        "All policies are primary and noncontributory.",
        "Umbrella is primary.",
    ] {
        assert_eq!(codes(text, &policies), [FindingCode::PrimaryClaimed], "{text}");
    }
    assert_eq!(codes("CGL is primary and noncontributory.", &policies), []);
}

/// The form of a line that the sentence does not name is no remedy for it.
#[test]
fn no_line_is_put_in_the_place_of_another() {
    let policies = cast::policies();
    let instead = |text: &str| check(text, &cover(&policies)).remove(0).replacement.text;
    assert_eq!(instead("Waiver of subrogation applies to umbrella."), "");
    let both = instead("Waiver of subrogation: general liability and umbrella.");
    assert!(both.contains("general liability"), "{both}");
    assert_eq!(codes(&both, &policies), []);
}

#[test]
fn more_days_than_the_form_gives_are_not_promised() {
    let form = cast::form(31, "IL 02 77", "01 20", Effect::NoticeOfCancellation { days: 30 });
    let policies = with_forms(vec![form]);
    for (text, severity) in [
        ("60 days notice will be given.", Severity::Block),
        ("Sixty (60) days notice of cancellation.", Severity::Block),
        ("Notice of cancellation: 31 days", Severity::Block),
        (
            "Notice of cancellation 30 days, 10 days for nonpayment.",
            Severity::Warn,
        ),
    ] {
        let remark = check(text, &cover(&policies)).remove(0);
        assert_eq!(
            (remark.code, remark.severity),
            (FindingCode::NoticePromised, severity),
            "{text}"
        );
    }
}

#[test]
fn a_form_by_contract_ties_no_other_cover_to_one() {
    let form = cast::form(32, "CG 20 33", "04 13", Effect::AdditionalInsuredOngoing);
    let policies = with_forms(vec![cast::by_contract(form)]);
    let remark = check(
        "Insurance is maintained as required by contract.",
        &cover(&policies),
    )
    .remove(0);
    assert_eq!(
        (remark.code, remark.severity),
        (FindingCode::ContractInterpreted, Severity::Warn)
    );
    assert_eq!(remark.policy_value, "CG 20 33 04 13");
}

#[test]
fn another_edition_is_replaced_by_the_one_that_the_policy_has() {
    let policies = cast::policies();
    let text = "Additional insured per CG 20 10 11 85, Reno.";
    let remarks = check(text, &cover(&policies));
    let [remark] = remarks.as_slice() else {
        panic!("{remarks:?}")
    };
    assert_eq!(remark.code, FindingCode::EditionDiffers);
    assert_eq!(remark.policy_value, "CG 20 10 04 13");
    assert_eq!(
        mended(text, &remark.replacement),
        "Additional insured per CG 20 10 04 13, Reno."
    );
}

#[test]
fn a_notice_that_a_form_gives_is_named_by_the_form() {
    let mut form = cast::form(31, "IL 02 77", "01 20", Effect::NoticeOfCancellation { days: 30 });
    form.title = cast::text("Earlier Notice of Cancellation Provided by Us, 30 Days Notice");
    let policies = with_forms(vec![form]);
    let remark = check("30 days notice will be given.", &cover(&policies)).remove(0);
    assert_eq!(
        (remark.code, remark.severity),
        (FindingCode::NoticePromised, Severity::Warn)
    );
    assert!(remark.replacement.text.contains("IL 02 77 01 20"), "{remark:?}");
    assert_eq!(codes(&remark.replacement.text, &policies), []);
}

#[test]
fn words_about_a_contract_stand_where_a_form_says_so() {
    let form = cast::form(32, "CG 20 33", "04 13", Effect::AdditionalInsuredOngoing);
    let policies = with_forms(vec![cast::by_contract(form)]);
    let text = "Additional insured as required by written contract.";
    assert_eq!(codes(text, &policies), []);
    assert_eq!(codes(text, &cast::policies()), [FindingCode::ContractInterpreted]);
}

#[test]
fn a_wording_is_number_edition_and_title() {
    let mut form = cast::form(11, "CG 20 10", "12 19", Effect::AdditionalInsuredOngoing);
    form.title =
        cast::text("Additional Insured \u{2013} Owners, Lessees or Contractors \u{2013} Scheduled Person");
    assert_eq!(
        wording(Line::GeneralLiability, &form, HOLDER).unwrap(),
        "Additional insured (general liability): CG 20 10 12 19, Additional Insured \u{2013} Owners, Lessees or \
         Contractors \u{2013} Scheduled Person, applies to Northgate Builders, Inc."
    );
    let by_contract = wording(Line::Other, &cast::by_contract(form.clone()), HOLDER).unwrap();
    assert!(by_contract.ends_with("applies to Northgate Builders, Inc. where required by written contract."));
    let others = cast::scheduled(form.clone(), &["City of Sparks"]);
    assert_eq!(wording(Line::GeneralLiability, &others, HOLDER), None);
    form.effect = Effect::Exclusion;
    assert_eq!(wording(Line::GeneralLiability, &form, HOLDER), None);
}

/// Every form that may stand on a policy, with the titles that forms have.
fn any_form() -> impl Strategy<Value = Endorsement> {
    let titles = [
        "Additional Insured \u{2013} Automatic Status When Required in Written Construction Agreement with You",
        "Waiver of Transfer of Rights of Recovery Against Others to Us",
        "Primary and Noncontributory \u{2013} Other Insurance Condition",
        "Earlier Notice of Cancellation Provided by Us; 30 days notice",
        "Full coverage. All risks",
        "Umbrella",
    ];
    let effects = crate::policies::words::Effect::ALL;
    (
        proptest::sample::select(effects),
        proptest::sample::select(titles.to_vec()),
        proptest::sample::select(vec!["CG 20 10", "CG2037", "WC 00 03 13", "AB-123"]),
        any::<bool>(),
    )
        .prop_map(|(word, title, number, by_contract)| {
            let effect = Effect::of(word, None).unwrap_or(Effect::NoticeOfCancellation { days: 30 });
            let mut form = cast::form(40, number, "12 19", effect);
            form.title = cast::text(title);
            if by_contract {
                cast::by_contract(form)
            } else {
                form
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_wording_never_says_more_than_its_form(
        form in any_form(),
        holder in proptest::sample::select(vec![
            HOLDER, "City of Sparks", "Umbrella & Auto Mall LLC", "Full Coverage, Inc.", "The Additional Insured Co.",
        ]),
    ) {
        let policies = with_forms(vec![form]);
        let cover = Cover { holder, ..cover(&policies) };
        for wording in wordings(&cover) {
            prop_assert_eq!(check(&wording.text, &cover), vec![], "{}", wording.text);
        }
    }

    /// Whatever is written: no panic, and every place lies in the text and says what stands there.
    #[test]
    fn any_text_can_be_read(
        text in prop_oneof![
            any::<String>(),
            proptest::collection::vec(
                proptest::sample::select(vec![
                    "30 days", "notice", "additional insured", "\u{1f3e0}", "e\u{301}", "$5,000,000", "umbrella", ".",
                    ";", "\n", "CG 20 10", "12 19", "\u{2019}", "waiver of subrogation", "not", "complies with",
                    "contract", "policy", "$", "5", "million", "\u{a0}", "(", "primary and non-contributory",
                ]),
                0..24,
            ).prop_map(|parts| parts.join(" ")),
        ],
        bare_policies in any::<bool>(),
    ) {
        let policies = if bare_policies { bare() } else { cast::policies() };
        let letters: Vec<char> = text.chars().collect();
        for remark in check(&text, &cover(&policies)) {
            let Passage { words, start, end } = &remark.passage;
            prop_assert!(start < end && *end <= letters.len(), "{remark:?}");
            prop_assert_eq!(&letters[*start..*end].iter().collect::<String>(), words);
            let Replacement { start: first, end: last, .. } = remark.replacement;
            prop_assert!(first <= *start && *end <= last && last <= letters.len(), "{remark:?}");
        }
    }
}
