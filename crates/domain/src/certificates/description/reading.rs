//! Reading a text as words and sentences, and looking for turns of phrase in it.
//!
//! Invariant: every position is a count of characters from the beginning of the text, so it can never lie inside
//! of one.

use std::ops::Range;

/// One word of a text.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// In lower case, without apostrophes.
    pub(super) low: String,
    /// As it is written.
    pub(super) written: String,
    /// Where it stands, in characters.
    pub(super) place: Range<usize>,
    /// In which sentence.
    pub(super) sentence: usize,
    /// Whether a dollar sign stands before it.
    pub(super) dollar: bool,
    /// Whether nothing but the end of a line stands between it and the word before.
    pub(super) wrapped: bool,
}

/// A text as words and sentences.
#[derive(Debug)]
pub(super) struct Reading {
    letters: Vec<char>,
    pub(super) words: Vec<Word>,
    /// Where each sentence stands, in characters, without the white space before it.
    sentences: Vec<Range<usize>>,
}

/// After these a dot ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "no", "nos", "st", "ave", "blvd", "rd", "dr", "ste", "apt", "inc", "co", "corp", "ltd", "dba", "mr",
    "mrs", "ms", "attn", "approx", "vs", "ph", "ext", "addl", "add", "ins", "hwy", "ln", "ct", "mt", "ft",
];

/// One letter, as in L. L. C.
fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

const fn apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}' | '\u{02bc}')
}

impl Reading {
    /// Reads a text.
    pub(super) fn of(text: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let at = |place: usize| letters.get(place).copied();
        // A separator between digits belongs to the number: 1,000,000.00.
        let inside = |place: usize| {
            let digit = |place: Option<usize>| place.and_then(at).is_some_and(|c| c.is_ascii_digit());
            match at(place) {
                Some(c) if c.is_alphanumeric() => true,
                Some(',' | '.') => digit(place.checked_sub(1)) && digit(Some(place + 1)),
                Some(c) if apostrophe(c) => {
                    let letter = |place: Option<usize>| place.and_then(at).is_some_and(char::is_alphabetic);
                    letter(place.checked_sub(1)) && letter(Some(place + 1))
                }
                _ => false,
            }
        };
        let mut words: Vec<Word> = Vec::new();
        let mut sentences = Vec::new();
        let (mut begun, mut place) = (0, 0);
        let mut wraps = 0;
        while let Some(letter) = at(place) {
            if inside(place) {
                let first = place;
                while inside(place) {
                    place += 1;
                }
                let written: String = letters.get(first..place).unwrap_or_default().iter().collect();
                let before = letters.get(..first).unwrap_or_default().iter().rev();
                words.push(Word {
                    low: written
                        .chars()
                        .filter(|c| !apostrophe(*c))
                        .flat_map(char::to_lowercase)
                        .collect(),
                    written,
                    place: first..place,
                    sentence: sentences.len(),
                    dollar: before.copied().find(|c| *c != ' ') == Some('$'),
                    wrapped: wraps == 1,
                });
                wraps = 0;
                continue;
            }
            place += 1;
            let ends = match letter {
                '\n' | ';' | '!' | '?' => true,
                '.' => {
                    let blank = at(place).is_none_or(char::is_whitespace);
                    let short = words.last().is_some_and(|last| {
                        last.place.end + 1 == place
                            && (is_initial(&last.low) || ABBREVIATIONS.contains(&last.low.as_str()))
                    });
                    blank && !short
                }
                _ => false,
            };
            if ends {
                // A second end of whatever kind is a gap that no phrase goes over.
                wraps += if letter == '\n' { 1 } else { 2 };
                let end = if letter == '\n' { place - 1 } else { place };
                sentences.push(begun..end.max(begun));
                begun = place;
            }
        }
        sentences.push(begun..letters.len());
        let trimmed = sentences
            .into_iter()
            .map(|Range { mut start, end }| {
                while start < end && letters.get(start).is_some_and(|c| c.is_whitespace()) {
                    start += 1;
                }
                start..end
            })
            .collect();
        Self {
            sentences: trimmed,
            letters,
            words,
        }
    }

    /// What stands between two places.
    pub(super) fn text(&self, place: &Range<usize>) -> String {
        self.letters
            .get(place.clone())
            .unwrap_or_default()
            .iter()
            .collect()
    }

    /// Where the sentence of a word stands.
    pub(super) fn sentence(&self, word: usize) -> Range<usize> {
        let number = self.words.get(word).map_or(0, |word| word.sentence);
        self.sentences.get(number).cloned().unwrap_or(0..0)
    }

    /// Where the sentences of some words stand.
    pub(super) fn sentences(&self, words: &Range<usize>) -> Range<usize> {
        let first = self.sentence(words.start);
        let last = self.sentence(words.end.saturating_sub(1).max(words.start));
        first.start..last.end.max(first.end)
    }

    /// The words of the sentence that a word stands in, as their numbers.
    pub(super) fn words_beside(&self, word: usize) -> Range<usize> {
        let Some(number) = self.words.get(word).map(|word| word.sentence) else {
            return word..word;
        };
        let first = self.words.partition_point(|word| word.sentence < number);
        let end = self.words.partition_point(|word| word.sentence <= number);
        first..end
    }

    /// Where some words stand, in characters.
    pub(super) fn place(&self, words: &Range<usize>) -> Range<usize> {
        let first = self.words.get(words.start).map_or(0, |word| word.place.start);
        let last = words.end.checked_sub(1).and_then(|last| self.words.get(last));
        first..last.map_or(first, |word| word.place.end)
    }

    /// Where a turn of phrase stands among these words, as numbers of words.
    ///
    /// A turn is written as words in lower case: `a|b` is either of two, `*` at the end any ending, `#` a number,
    /// `~3` up to three words of any kind. None reaches over the end of a sentence; but two words that follow each other
    /// may stand on two lines, as where a text was wrapped by hand.
    pub(super) fn find(&self, turn: &str, among: &Range<usize>) -> Vec<Range<usize>> {
        let parts: Vec<&str> = turn.split(' ').collect();
        let mut found: Vec<Range<usize>> = Vec::new();
        for first in among.clone() {
            if found.last().is_some_and(|last| first < last.end) {
                continue;
            }
            let sentence = self.words.get(first).map(|word| word.sentence);
            if let Some(end) = self.reaches(first, &parts, among.end, sentence, false) {
                found.push(first..end);
            }
        }
        found
    }

    /// Whether a turn of phrase stands among these words.
    pub(super) fn has(&self, turns: &[&str], among: &Range<usize>) -> bool {
        turns.iter().any(|turn| !self.find(turn, among).is_empty())
    }

    /// Where the turn ends that goes on at this word. `follows` says that the word before was matched, and not skipped.
    fn reaches(
        &self,
        at: usize,
        parts: &[&str],
        end: usize,
        sentence: Option<usize>,
        follows: bool,
    ) -> Option<usize> {
        let Some((part, rest)) = parts.split_first() else {
            return Some(at);
        };
        if let Some(most) = part.strip_prefix('~').and_then(|most| most.parse::<usize>().ok()) {
            return (0..=most).find_map(|skipped| {
                self.reaches(at + skipped, rest, end, sentence, follows && skipped == 0)
            });
        }
        if at >= end {
            return None;
        }
        let word = self.words.get(at)?;
        let sentence = if follows && word.wrapped {
            Some(word.sentence)
        } else {
            sentence
        };
        let same = Some(word.sentence) == sentence;
        (same && part.split('|').any(|wanted| fits(&word.low, wanted)))
            .then(|| self.reaches(at + 1, rest, end, sentence, true))
            .flatten()
    }
}

/// Numbers of days as they are written out.
const NUMBERS: &[(&str, u16)] = &[
    ("five", 5),
    ("seven", 7),
    ("ten", 10),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("fortyfive", 45),
    ("sixty", 60),
    ("ninety", 90),
];

/// The number that a word is, in digits or written out; one that is too large for any notice is the largest.
pub(super) fn number(word: &str) -> Option<u16> {
    if let Some((_, number)) = NUMBERS.iter().find(|(written, _)| *written == word) {
        return Some(*number);
    }
    (!word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().unwrap_or(u16::MAX))
}

fn fits(word: &str, wanted: &str) -> bool {
    if wanted == "#" {
        return number(word).is_some();
    }
    match wanted.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<String> {
        let reading = Reading::of(text);
        let mut seen = Vec::new();
        for word in 0..reading.words.len() {
            let sentence = reading.text(&reading.sentence(word));
            if seen.last() != Some(&sentence) {
                seen.push(sentence);
            }
        }
        seen
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(
            sentences("Job no. 4471 at 12 Main St. in Reno. Roof only; no siding\nPhase 2."),
            [
                "Job no. 4471 at 12 Main St. in Reno.",
                "Roof only;",
                "no siding",
                "Phase 2."
            ]
        );
        assert_eq!(
            sentences("$1,000,000.00 each. Ruiz & Sons, L. L. C."),
            ["$1,000,000.00 each.", "Ruiz & Sons, L. L. C."]
        );
        assert_eq!(sentences(" \n "), [""; 0]);
    }

    #[test]
    fn a_turn_of_phrase_allows_for_endings_gaps_and_choices() {
        let reading = Reading::of("Thirty (30) days\u{2019} prior written notice. Cancelled.");
        let all = 0..reading.words.len();
        let found = |turn: &str| {
            reading
                .find(turn, &all)
                .iter()
                .map(|words| reading.text(&reading.place(words)))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            found("# day|days ~3 notice"),
            ["30) days\u{2019} prior written notice"]
        );
        assert_eq!(found("days notice"), [""; 0]);
        assert_eq!(found("cancel*"), ["Cancelled"]);
        assert_eq!(
            found("notice ~3 cancel*"),
            [""; 0],
            "not over the end of a sentence"
        );
    }

    #[test]
    fn a_turn_of_phrase_may_be_wrapped_but_not_fetched_from_another_line() {
        let found = |text: &str, turn: &str| {
            let reading = Reading::of(text);
            let all = 0..reading.words.len();
            reading.find(turn, &all).len()
        };
        for text in [
            "additional\ninsured",
            "additional \n  insured: Reno",
            "Additional\r\nInsured",
        ] {
            assert_eq!(found(text, "additional insured*"), 1, "{text:?}");
        }
        for text in [
            "additional.\ninsured",
            "additional\n\ninsured",
            "additional; insured",
        ] {
            assert_eq!(found(text, "additional insured*"), 0, "{text:?}");
        }
        assert_eq!(found("notice of work\nno parking", "notice ~3 parking"), 0);
    }
}
