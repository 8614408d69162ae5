//! Amounts of money in a text that speak of insurance: not what a job costs.

use std::collections::BTreeSet;
use std::ops::Range;

use super::reading::Reading;
use crate::holders::requirements::LimitKind;
use crate::money::Cents;

/// An amount and the words that name it, as their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) amount: Cents,
    pub(super) words: Range<usize>,
}

/// What makes an amount one of insurance.
const OF_INSURANCE: &[&str] = &[
    "limit*",
    "coverage*",
    "cover",
    "liability",
    "aggregate",
    "occurrence",
    "umbrella",
    "excess",
    "insurance",
    "insured",
    "policy",
    "policies",
    "accident",
    "csl",
    "gl",
    "cgl",
    "auto",
    "deductible",
    "retention",
];

/// What makes an amount one of a job.
const OF_THE_JOB: &[&str] = &[
    "contract*",
    "project*",
    "job*",
    "cost*",
    "budget*",
    "bid*",
    "loan*",
    "value*",
    "valued",
    "price*",
    "purchase*",
    "bond*",
    "fee*",
    "rent",
    "rental",
    "invoice*",
    "estimate*",
    "lease*",
    "sum",
    "payment*",
    "grant",
    "worth",
];

/// What is counted in these is no money, although it is written without a dollar sign often.
const UNITS: &[&str] = &[
    "sq", "square", "sf", "gal", "gallon*", "ft", "feet", "foot", "units", "lbs", "pounds", "cubic", "yards",
    "tons", "miles", "people", "bricks", "acres",
];

/// How limits are called, and which ones may be meant. A sum that is called aggregate alone may be any.
const LIMITS: &[(&str, &[LimitKind])] = &[
    (
        "each|per occurrence",
        &[LimitKind::GlEachOccurrence, LimitKind::UmbEachOccurrence],
    ),
    (
        "aggregate",
        &[
            LimitKind::GlGeneralAggregate,
            LimitKind::GlProductsCompletedOperationsAggregate,
            LimitKind::UmbAggregate,
        ],
    ),
    ("rented premises", &[LimitKind::GlDamageToRentedPremises]),
    (
        "medical|med expense*|exp|payments",
        &[LimitKind::GlMedicalExpense],
    ),
    ("personal ~2 injury", &[LimitKind::GlPersonalAndAdvertisingInjury]),
    ("combined single limit", &[LimitKind::AutoCombinedSingleLimit]),
    ("csl", &[LimitKind::AutoCombinedSingleLimit]),
    ("each|per person", &[LimitKind::AutoBodilyInjuryPerPerson]),
    (
        "each|per accident",
        &[
            LimitKind::AutoCombinedSingleLimit,
            LimitKind::AutoBodilyInjuryPerAccident,
            LimitKind::AutoPropertyDamagePerAccident,
            LimitKind::WcEachAccident,
        ],
    ),
    ("each|per employee", &[LimitKind::WcDiseaseEachEmployee]),
    ("disease ~1 policy limit", &[LimitKind::WcDiseasePolicyLimit]),
];

/// The limits that an amount may be meant to be by the words right before and right after it. As one cannot know to which
/// of two amounts the name between them belongs, it counts for both.
pub(super) fn called(reading: &Reading, amount: &Amount, all: &[Amount]) -> BTreeSet<LimitKind> {
    const NEAR: usize = 6;
    let sentence = reading.words_beside(amount.words.start);
    let before = all.iter().map(|each| each.words.end);
    let first = before.filter(|end| *end <= amount.words.start).max().unwrap_or(0);
    let first = first
        .max(sentence.start)
        .max(amount.words.start.saturating_sub(NEAR));
    let after = all.iter().map(|each| each.words.start);
    let last = after
        .filter(|start| *start >= amount.words.end)
        .min()
        .unwrap_or(sentence.end);
    let last = last.min(sentence.end).min(amount.words.end + NEAR);
    let near = [first..amount.words.start, amount.words.end..last];
    LIMITS
        .iter()
        .filter(|(turn, _)| near.iter().any(|words| !reading.find(turn, words).is_empty()))
        .flat_map(|(_, kinds)| kinds.iter().copied())
        .collect()
}

/// The amounts of insurance that a text names.
pub(super) fn named(reading: &Reading) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    for first in 0..reading.words.len() {
        if found.last().is_some_and(|last| first < last.words.end) {
            continue;
        }
        let Some(amount) = at(reading, first) else {
            continue;
        };
        let sentence = reading.words_beside(first);
        let near = first.saturating_sub(4).max(sentence.start)..(amount.words.end + 3).min(sentence.end);
        if reading.has(OF_INSURANCE, &sentence) && !reading.has(OF_THE_JOB, &near) {
            found.push(amount);
        }
    }
    found
}

fn at(reading: &Reading, first: usize) -> Option<Amount> {
    let word = reading.words.get(first)?;
    let digits = word.low.find(|c: char| !matches!(c, '0'..='9' | ',' | '.'));
    let (number, attached) = word.low.split_at(digits.unwrap_or(word.low.len()));
    let mut end = first + 1;
    let following = reading
        .words
        .get(end)
        .filter(|next| next.sentence == word.sentence)
        .map_or("", |next| next.low.as_str());
    let scale = match attached {
        "" => match scale(following) {
            Some(scale) if following != "m" || word.dollar => {
                end += 1;
                scale
            }
            _ => 1,
        },
        attached => scale(attached)?,
    };
    let grouped = number.contains(',');
    let amount = Cents::parse_loose(number).ok()?;
    let amount = Cents::new(amount.get().checked_mul(scale)?);
    let counted = reading.has(UNITS, &(end..end + 1));
    // Without a dollar sign only what is written as a large amount is money.
    let money = word.dollar || ((scale > 1 || (grouped && amount >= Cents::dollars(100_000))) && !counted);
    money.then_some(Amount {
        amount,
        words: first..end,
    })
}

fn scale(word: &str) -> Option<u64> {
    match word {
        "k" | "thousand" => Some(1_000),
        "m" | "mm" | "mil" | "mill" | "million" => Some(1_000_000),
        "b" | "bn" | "billion" => Some(1_000_000_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_insurance_are_told_from_what_a_job_costs() {
        let read = |text: &str| {
            named(&Reading::of(text))
                .into_iter()
                .map(|found| found.amount.to_string())
                .collect::<Vec<_>>()
        };
        for text in [
            "Umbrella limit $5,000,000",
            "Umbrella $5M",
            "umbrella: 5 million",
            "$5 mm excess liability",
            "5,000,000 aggregate",
            "Excess of $5,000,000.00 each occurrence",
        ] {
            assert_eq!(read(text), ["$5,000,000"], "{text}");
        }
        for none in [
            "Contract amount $12,000,000, liability of the owner.",
            "Project: $4.5 million, general liability on file.",
            "Replace 250,000 sq ft of roof; liability only.",
            "Job 4471, $12,000",
            "Umbrella stands, 12 of them, for the pool deck",
            "Coverage from unit 5 m to the west",
        ] {
            assert_eq!(read(none), [""; 0], "{none}");
        }
    }
}
