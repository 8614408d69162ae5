//! Forms that a text names by their numbers, as in `CG 20 10 12 19`.

use std::ops::Range;

use super::reading::Reading;

/// Bureaus whose forms are told from other words by their letters and digits, and how many digits a number has.
const BUREAUS: &[(&str, usize)] = &[
    ("CG", 4),
    ("CA", 4),
    ("IL", 4),
    ("CU", 4),
    ("CX", 4),
    ("BP", 4),
    ("WC", 6),
];

/// A form as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Letters and digits of its number without blanks, e.g. `CG2010`.
    pub(super) number: String,
    /// Month and year of its edition without a blank, e.g. `1219`, where they stand there.
    pub(super) edition: Option<String>,
    /// The words that name it, as their numbers.
    pub(super) words: Range<usize>,
}

/// Letters and digits of a form's number or edition, so that two ways to write it compare.
pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The forms that a text names.
pub(super) fn named(reading: &Reading) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for first in 0..reading.words.len() {
        if found.last().is_some_and(|last| first < last.words.end) {
            continue;
        }
        found.extend(at(reading, first));
    }
    found
}

fn at(reading: &Reading, first: usize) -> Option<Named> {
    let word = reading.words.get(first)?;
    let (bureau, length) = BUREAUS
        .iter()
        .find(|(bureau, _)| word.written.starts_with(bureau))?;
    let mut digits = word.written.strip_prefix(bureau)?.to_owned();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut end = first + 1;
    let sentence = word.sentence;
    let next = |end: usize| {
        let word = reading.words.get(end)?;
        let number = matches!(word.low.len(), 2 | 4 | 6) && word.low.bytes().all(|b| b.is_ascii_digit());
        (number && !word.dollar && word.sentence == sentence).then_some(word.low.as_str())
    };
    while digits.len() < *length {
        digits.push_str(next(end)?);
        end += 1;
    }
    // A number and its edition may be written in one: CG20101219.
    let rest = digits.split_off(*length);
    let edition = match rest.len() {
        0 => {
            let mut edition = String::new();
            let mut last = end;
            while edition.len() < 4 {
                let Some(more) = next(last) else { break };
                edition.push_str(more);
                last += 1;
            }
            let whole = is_edition(&edition);
            end = if whole { last } else { end };
            whole.then_some(edition)
        }
        4 if is_edition(&rest) => Some(rest),
        _ => return None,
    };
    Some(Named {
        number: format!("{bureau}{digits}"),
        edition,
        words: first..end,
    })
}

/// Month and year in two digits each.
fn is_edition(text: &str) -> bool {
    text.len() == 4
        && text
            .get(..2)
            .and_then(|month| month.parse::<u8>().ok())
            .is_some_and(|month| (1..=12).contains(&month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_however_they_are_written() {
        let read = |text: &str| {
            named(&Reading::of(text))
                .into_iter()
                .map(|form| (form.number, form.edition.unwrap_or_default()))
                .collect::<Vec<_>>()
        };
        let owned = |number: &str, edition: &str| (number.to_owned(), edition.to_owned());
        for text in [
            "CG 20 10 12 19",
            "CG2010 1219",
            "per CG 20 10 (12/19),",
            "CG20101219",
            "CG 2010 12-19",
        ] {
            assert_eq!(read(text), [owned("CG2010", "1219")], "{text}");
        }
        assert_eq!(
            read("CG 20 10 and CG 20 37 04 13."),
            [owned("CG2010", ""), owned("CG2037", "0413")]
        );
        assert_eq!(read("WC 00 03 13 04 84"), [owned("WC000313", "0484")]);
        for none in [
            "Sacramento, CA 95814",
            "IL 60601",
            "CG units",
            "Lot CA 20",
            "CGC 2010",
            "unit 20 10",
        ] {
            assert_eq!(read(none), [], "{none}");
        }
    }
}
