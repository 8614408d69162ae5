//! Laws of small values: what was taken once is taken again unchanged, because rows are parsed on every read.

use std::collections::BTreeSet;

use countersign_domain::money::Cents;
use countersign_domain::passwords;
use countersign_domain::policies::Naic;
use countersign_domain::policies::endorsement::comparable;
use countersign_domain::testing as cast;
use countersign_domain::text::{
    Color, EmailAddress, NonBlank, PersonName, Phone, PostalCode, Slug, TextError, UsState, Username,
    paragraphs,
};
use proptest::prelude::*;

/// Text as people, exports and attackers write it: any character, with a taste for those that grow or
/// combine when their case changes.
fn written() -> impl Strategy<Value = String> {
    let awkward = proptest::sample::select(vec![
        "İ", "ß", "ẞ", "ſ", "Σ", "ς", "ﬁ", "\u{301}", "\u{307}", "e\u{301}", "K", "Å", "\u{a0}", "\u{2003}",
        "\u{200b}", "\u{feff}", "a", "A", " ", ".", "@", "-", "_",
    ]);
    let any_char = any::<char>().prop_map(String::from);
    proptest::collection::vec(
        prop_oneof![4 => awkward.prop_map(str::to_owned), 1 => any_char],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

fn address() -> impl Strategy<Value = String> {
    ("[a-zA-Z0-9.+_'-]{1,66}", written(), "[a-zA-Zéİß-]{1,20}")
        .prop_map(|(local, middle, domain)| format!("{local}@{middle}{domain}.com"))
}

macro_rules! stays_as_it_is {
    ($text:expr, $($kind:ty),+) => {$(
        if let Ok(taken) = <$kind>::parse($text) {
            prop_assert_eq!(<$kind>::parse(taken.as_str()), Ok(taken.clone()), "{}", stringify!($kind));
            prop_assert!(
                !taken.as_str().chars().any(char::is_control),
                "{} holds a control character", stringify!($kind)
            );
            let json = serde_json::to_string(&taken).unwrap();
            prop_assert_eq!(serde_json::from_str::<$kind>(&json).unwrap(), taken);
        }
    )+};
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_text_that_was_taken_is_taken_again_unchanged(text in written()) {
        stays_as_it_is!(
            &text, NonBlank, PersonName, Phone, EmailAddress, UsState, PostalCode, Color, Slug, Username, Naic
        );
        if let Ok(taken) = paragraphs(&text, 100) {
            prop_assert_eq!(paragraphs(&taken, 100), Ok(taken));
        }
    }

    #[test]
    fn an_address_that_was_taken_is_taken_again_unchanged(text in address()) {
        stays_as_it_is!(&text, EmailAddress, Username);
    }

    #[test]
    fn an_address_that_was_taken_can_be_signed_in_with(text in address()) {
        if let Ok(address) = EmailAddress::parse(&text) {
            prop_assert!(Username::parse(address.as_str()).is_ok());
        }
    }

    #[test]
    fn a_username_is_the_same_in_any_case(text in "[a-zA-Z0-9@.+ -]{1,60}") {
        prop_assume!(!text.trim().is_empty());
        prop_assert_eq!(Username::parse(&text.to_uppercase()), Username::parse(&text.to_lowercase()));
    }

    #[test]
    fn an_amount_reads_what_it_prints(cents in 0..=Cents::MAX.get()) {
        let amount = Cents::new(cents);
        prop_assert_eq!(Cents::parse(&amount.to_decimal()), Ok(amount));
        prop_assert_eq!(Cents::parse_loose(&amount.to_decimal()), Ok(amount));
        prop_assert_eq!(Cents::parse_loose(&amount.to_printed()), Ok(amount));
        prop_assert_eq!(Cents::parse_loose(&format!(" {amount} ")), Ok(amount));
    }

    #[test]
    fn a_larger_amount_is_larger_as_printed(one in 0..=Cents::MAX.get(), other in 0..=Cents::MAX.get()) {
        let read = |cents| Cents::parse_loose(&Cents::new(cents).to_printed()).unwrap();
        prop_assert_eq!(one.cmp(&other), read(one).cmp(&read(other)));
    }

    #[test]
    fn no_text_at_all_breaks_the_reading_of_amounts(text in written()) {
        let _refused_or_taken = Cents::parse_loose(&text);
    }

    #[test]
    fn names_are_compared_by_their_letters_and_digits(name in written()) {
        let folded = comparable(&name);
        prop_assert_eq!(comparable(&folded), folded.clone());
        prop_assert_eq!(comparable(&format!("  {name}, ")), folded);
    }

    #[test]
    fn waiting_never_gets_shorter_with_more_failures(failures in 0_u32..200) {
        let until = |failures| passwords::closed_until(failures, cast::now());
        prop_assert!(until(failures) <= until(failures + 1));
        prop_assert!(failures == 0 || until(failures) > cast::now());
    }
}

#[test]
fn the_largest_amount_is_taken_and_no_larger_one() {
    assert_eq!(Cents::parse("10000000000000.00"), Ok(Cents::MAX));
    assert!(Cents::parse("10000000000000.01").is_err());
}

/// Every closed vocabulary of the business: words are plain and none stands twice.
#[test]
fn every_word_is_lower_case_and_stands_once() {
    macro_rules! check {
        ($($vocabulary:ty),+ $(,)?) => {$(
            let words: Vec<_> = <$vocabulary>::ALL.iter().map(|word| word.as_str()).collect();
            let distinct: BTreeSet<_> = words.iter().collect();
            assert_eq!(words.len(), distinct.len(), "{}", stringify!($vocabulary));
            for word in words {
                assert!(
                    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()),
                    "{word:?} of {}", stringify!($vocabulary)
                );
            }
        )+};
    }
    use countersign_domain::{audit, authz, certificates, insureds, jobs, policies, portal};
    check!(
        audit::Action,
        authz::AccountState,
        authz::ActorKind,
        authz::Permission,
        authz::Process,
        authz::Right,
        authz::RightKind,
        authz::Rule,
        certificates::CertificateState,
        certificates::Source,
        certificates::delivery::DeliveryKind,
        certificates::delivery::DeliveryState,
        certificates::master::MasterStanding,
        certificates::truth::FindingCode,
        certificates::truth::Severity,
        insureds::InsuredKind,
        jobs::JobKind,
        jobs::JobState,
        policies::Line,
        policies::Standing,
        policies::words::Status,
        policies::coverage::ExcessKind,
        policies::coverage::Trigger,
        policies::words::Effect,
        policies::words::Scope,
        portal::AccountStanding,
        portal::LinkPurpose,
    );
}

#[test]
fn a_username_is_counted_and_ordered_as_it_is_kept() {
    // Lowered, `İ` is an `i` and a dot, and the dot goes before a mark that was typed after the letter.
    let taken = Username::parse("'@İ\u{11d97}-.com").unwrap();
    assert_eq!(Username::parse(taken.as_str()), Ok(taken));
    // 200 characters as typed, 400 as kept.
    assert_eq!(Username::parse(&"İ".repeat(200)), Err(TextError::TooLong(254)));
}
