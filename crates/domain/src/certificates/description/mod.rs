//! What a description of operations may say: the one part of the page that people write in words of their own.
//!
//! A description tells of the job. It promises nothing, interprets no contract, and names a form by its number,
//! edition and title instead of saying what it does. What it says of additional insureds, waivers and amounts is
//! held against the forms and limits of the policies that are printed beside it.
//!
//! Invariant: [`wording`] builds sentences in which [`check`] finds nothing.

mod amounts;
mod forms;
mod phrases;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::requirements;
use super::truth::{FindingCode, Severity};
use crate::holders::requirements::LimitKind;
use crate::money::Cents;
use crate::policies::coverage::{Coverage, Retention};
use crate::policies::endorsement::{Effect, Endorsement, Scope};
use crate::policies::{Line, Policy};
pub(crate) use forms::compact;
use phrases::{
    AMENDMENTS, ASKED_BY_CONTRACT, CLAIMS, CONTRACT_CLAIMS, CONTRACT_CONDITIONS, COVER_EXPLAINED, Claim,
    EVERY_POLICY, INTERPRETATIONS, LINE_NAMES, NO_PROMISES, OF_AN_END, OF_COVER, OF_INSURANCE, PROMISES,
    SHORT, TAKE_IT_OUT, TWICE_DENIED,
};
use reading::Reading;

/// Words of a text that something is wrong with. Places are counted in characters from its beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The words as they are written.
    pub words: String,
    /// The first character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
}

/// What would put it right: other words in place of these, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The first character that goes.
    pub start: usize,
    /// The character after the last one that goes.
    pub end: usize,
    /// What comes in its place; empty where the words are only taken out.
    pub text: String,
}

/// One thing that a description says and should not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it is about.
    pub code: FindingCode,
    /// How much it weighs.
    pub severity: Severity,
    /// The words.
    pub passage: Passage,
    /// What the policies say instead.
    pub policy_value: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub fix: String,
    /// The same, to be done at the press of a button.
    pub replacement: Replacement,
}

/// What a description is held against: the policies that are printed, the holder and the day.
#[derive(Clone, Debug)]
pub struct Cover<'a> {
    /// The printed policies.
    pub policies: Vec<&'a Policy>,
    /// The holder as printed.
    pub holder: &'a str,
    /// The day.
    pub today: NaiveDate,
}

/// What a form is called that does this, where a certificate may speak of it at all.
const fn subject(effect: Effect) -> Option<&'static str> {
    if effect.makes_additional_insured() {
        return Some("Additional insured");
    }
    match effect {
        Effect::Waiver => Some("Waiver of subrogation"),
        Effect::PrimaryNoncontributory => Some("Primary and noncontributory"),
        Effect::NoticeOfCancellation { .. } => Some("Notice of cancellation"),
        Effect::PerProjectAggregate => Some("Aggregate per project"),
        Effect::PerLocationAggregate => Some("Aggregate per location"),
        Effect::LossPayable => Some("Loss payable"),
        _ => None,
    }
}

/// A line as a description names it; the free row has no name of its own.
const fn line_words(line: Line) -> Option<&'static str> {
    match line {
        Line::GeneralLiability => Some("general liability"),
        Line::CommercialAuto => Some("automobile liability"),
        Line::UmbrellaExcess => Some("umbrella/excess liability"),
        Line::WorkersCompensation => Some("workers compensation"),
        Line::Other => None,
    }
}

/// The sentence that a form allows about a holder: its number, edition and title, and not what it means.
///
/// None where the form takes cover away or does not reach the holder.
#[must_use]
pub fn wording(line: Line, form: &Endorsement, holder: &str) -> Option<String> {
    let subject = subject(form.effect).filter(|_| form.reaches(holder))?;
    let place = line_words(line).map_or_else(String::new, |line| format!(" ({line})"));
    let reach = match form.scope {
        Scope::WhenRequiredByContract => " where required by written contract",
        Scope::Scheduled(_) | Scope::Blanket => "",
    };
    let Endorsement {
        form_number,
        edition,
        title,
        ..
    } = form;
    let sentence = format!("{subject}{place}: {form_number} {edition}, {title}, applies to {holder}{reach}");
    // A name may end with a dot of its own.
    let dot = if sentence.ends_with('.') { "" } else { "." };
    Some(format!("{sentence}{dot}"))
}

/// A sentence that may be put into a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// On which line's policy the form is.
    pub line: Line,
    /// The form's number and edition.
    pub form: String,
    /// The sentence.
    pub text: String,
}

/// Every sentence that the forms on the printed policies allow about this holder, in the order of the page.
#[must_use]
pub fn wordings(cover: &Cover<'_>) -> Vec<Wording> {
    cover
        .forms()
        .filter_map(|(line, form)| {
            Some(Wording {
                line,
                form: form.name(),
                text: wording(line, form, cover.holder)?,
            })
        })
        .collect()
}

impl<'a> Cover<'a> {
    /// The forms that stand and reach the holder.
    fn forms(&self) -> impl Iterator<Item = (Line, &'a Endorsement)> + '_ {
        let policies = self.policies.iter().copied();
        policies
            .flat_map(|policy| policy.endorsements.iter().map(move |form| (policy.line(), form)))
            .filter(|(_, form)| form.stands_on(self.today) && form.reaches(self.holder))
    }

    fn prints(&self, line: Line) -> bool {
        self.policies.iter().any(|policy| policy.line() == line)
    }

    /// The highest of some limits that the policies of these lines have; of all lines where none is named.
    fn highest(&self, lines: &[Line], kinds: &BTreeSet<LimitKind>) -> Option<Cents> {
        let meant = kinds
            .iter()
            .filter(|kind| lines.is_empty() || lines.contains(&kind.line()));
        let amounts = meant.flat_map(|kind| {
            let policies = self.policies.iter();
            let policies = policies.filter(|policy| policy.line() == kind.line());
            policies.filter_map(|policy| requirements::amount(&policy.coverage, *kind))
        });
        amounts.max()
    }

    /// The limits that the policies of these lines have; of all lines where none is named.
    fn amounts(&self, lines: &[Line]) -> Vec<Cents> {
        let wanted = |policy: &&&Policy| lines.is_empty() || lines.contains(&policy.line());
        let mut amounts = Vec::new();
        for policy in self.policies.iter().filter(wanted) {
            amounts.extend(policy.coverage.limits().iter().filter_map(|limit| limit.amount));
            if let Coverage::UmbrellaExcess(excess) = &policy.coverage {
                match excess.retention {
                    Retention::Deductible(amount) | Retention::Retention(amount) => amounts.push(amount),
                    Retention::None => {}
                }
            }
        }
        amounts
    }
}

/// Finds what a description says and should not. Nothing is found in a plain word about a job.
#[must_use]
pub fn check(text: &str, cover: &Cover<'_>) -> Vec<Remark> {
    let reading = Reading::of(text);
    let titles = places(&reading, cover.forms().map(|(_, form)| form.title.as_str()));
    let insureds = cover.policies.iter().map(|policy| policy.named_insured.as_str());
    let names = places(&reading, insureds.chain([cover.holder]));
    let mut checker = Checker {
        titles,
        names,
        numbers: forms::named(&reading)
            .into_iter()
            .map(|form| form.words)
            .collect(),
        reading,
        cover,
        remarks: Vec::new(),
    };
    checker.notices();
    checker.claims();
    checker.contracts();
    checker.amounts();
    checker.forms();
    let mut remarks = checker.remarks;
    remarks.sort_by_key(|remark| (remark.passage.start, remark.severity));
    remarks
}

/// Where a text says one of these word by word.
fn places<'a>(reading: &Reading, texts: impl Iterator<Item = &'a str>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for text in texts {
        let text = Reading::of(text);
        let length = text.words.len();
        if length == 0 {
            continue;
        }
        let last = (reading.words.len() + 1).saturating_sub(length);
        for first in 0..last {
            let candidate = reading.words.get(first..first + length).unwrap_or_default();
            let wanted = text.words.iter().map(|word| &word.low);
            if candidate.iter().map(|word| &word.low).eq(wanted) {
                found.push(first..first + length);
            }
        }
    }
    found
}

struct Checker<'a, 'b> {
    reading: Reading,
    cover: &'a Cover<'b>,
    /// Where titles stand of forms that reach the holder. It may say what they say.
    titles: Vec<Range<usize>>,
    /// Where the holder or an insured is named, who may be called anything.
    names: Vec<Range<usize>>,
    /// Where forms are named: their letters, as in WC 00 03 13, name no line.
    numbers: Vec<Range<usize>>,
    remarks: Vec<Remark>,
}

/// What a remark says besides its words.
struct Said {
    code: FindingCode,
    severity: Severity,
    policy_value: String,
    message: String,
    fix: String,
}

impl Checker<'_, '_> {
    fn all(&self) -> Range<usize> {
        0..self.reading.words.len()
    }

    /// Where one of the turns stands, outside of quoted titles, the first in each sentence.
    fn first_in_each_sentence(&self, turns: &[&str]) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = turns
            .iter()
            .flat_map(|turn| self.reading.find(turn, &self.all()))
            .filter(|words| !self.is_quoted(words))
            .collect();
        // The longest of those that begin at the same word says most.
        found.sort_by_key(|words| (words.start, std::cmp::Reverse(words.end)));
        let sentence = |words: &Range<usize>| self.reading.words.get(words.start).map(|word| word.sentence);
        found.dedup_by_key(|words| sentence(words));
        found
    }

    fn is_quoted(&self, words: &Range<usize>) -> bool {
        let mut quoted = self.titles.iter().chain(&self.names);
        quoted.any(|quoted| quoted.start <= words.start && words.end <= quoted.end)
    }

    fn is_number(&self, words: &Range<usize>) -> bool {
        self.numbers
            .iter()
            .any(|number| number.start <= words.start && words.end <= number.end)
    }

    /// Notes that these words should not stand there; `instead` comes in place of their sentence.
    fn remark(&mut self, words: &Range<usize>, said: Said, instead: Option<String>) {
        let sentence = self.reading.sentences(words);
        self.remark_on(words, said, sentence, instead.unwrap_or_default());
    }

    fn remark_on(&mut self, words: &Range<usize>, said: Said, goes: Range<usize>, text: String) {
        let place = self.reading.place(words);
        let Said {
            code,
            severity,
            policy_value,
            message,
            fix,
        } = said;
        self.remarks.push(Remark {
            code,
            severity,
            passage: Passage {
                words: self.reading.text(&place),
                start: place.start,
                end: place.end,
            },
            policy_value,
            message,
            fix,
            replacement: Replacement {
                start: goes.start,
                end: goes.end,
                text,
            },
        });
    }

    /// Promises of a notice of cancellation: only a form can give one.
    fn notices(&mut self) {
        for words in self.first_in_each_sentence(PROMISES) {
            let sentence = self.reading.words_beside(words.start);
            let of_a_policy = sentence.len() <= SHORT
                || self.reading.has(OF_AN_END, &sentence)
                || self.reading.has(OF_INSURANCE, &sentence);
            let no_promise =
                self.reading.has(NO_PROMISES, &sentence) && !self.reading.has(TWICE_DENIED, &sentence);
            if !of_a_policy || no_promise {
                continue;
            }
            let form = self
                .cover
                .forms()
                .filter(|(_, form)| matches!(form.effect, Effect::NoticeOfCancellation { .. }))
                .max_by_key(|(_, form)| form.effect.notice_days());
            let promised = self.days_among(&sentence);
            let said = match form {
                Some((_, form)) if form.effect.notice_days().is_some_and(|days| promised > days) => Said {
                    code: FindingCode::NoticePromised,
                    severity: Severity::Block,
                    policy_value: form.name(),
                    message: format!(
                        "The page promises a notice of {promised} days; form {} gives {}.",
                        form.name(),
                        form.effect.notice_days().unwrap_or_default()
                    ),
                    fix: "Name the form instead of promising what it does.".to_owned(),
                },
                Some((_, form)) => Said {
                    code: FindingCode::NoticePromised,
                    severity: Severity::Warn,
                    policy_value: form.name(),
                    message: format!(
                        "The page promises a notice; only form {} gives one, on its own terms.",
                        form.name()
                    ),
                    fix: "Name the form instead of promising what it does.".to_owned(),
                },
                None => Said {
                    code: FindingCode::NoticePromised,
                    severity: Severity::Block,
                    policy_value: "no notice by endorsement".to_owned(),
                    message: "The page promises a notice of cancellation, and no form on the printed policies gives \
                              this holder one."
                        .to_owned(),
                    fix: "Take the sentence out, or have the carrier add a notice form to the policy.".to_owned(),
                },
            };
            let instead = form.and_then(|(line, form)| wording(line, form, self.cover.holder));
            self.remark(&words, said, instead);
        }
    }

    /// The most days that some words count; 0 where they count none.
    fn days_among(&self, words: &Range<usize>) -> u16 {
        let counted = ["# day|days", "# # day|days"];
        let places = counted.iter().flat_map(|turn| self.reading.find(turn, words));
        places
            .filter_map(|place| reading::number(self.low(place.start)))
            .max()
            .unwrap_or(0)
    }

    /// The lines that some words name.
    fn lines_among(&self, words: &Range<usize>) -> Vec<Line> {
        if self.reading.has(EVERY_POLICY, words) {
            let mut lines: Vec<Line> = self.cover.policies.iter().map(|policy| policy.line()).collect();
            lines.dedup();
            return lines;
        }
        let named = LINE_NAMES.iter();
        named
            .filter(|(_, names)| {
                let mut places = names.iter().flat_map(|name| self.reading.find(name, words));
                places.any(|place| !self.is_quoted(&place) && !self.is_number(&place))
            })
            .map(|(line, _)| *line)
            .collect()
    }

    /// Additional insureds, waivers and primary cover: what a form on the named line must bear out.
    fn claims(&mut self) {
        let mut found: Vec<(Range<usize>, &Claim)> = CLAIMS
            .iter()
            .flat_map(|claim| {
                let places = claim
                    .turns
                    .iter()
                    .flat_map(|turn| self.reading.find(turn, &self.all()));
                places.map(move |words| (words, claim)).collect::<Vec<_>>()
            })
            .filter(|(words, _)| !self.is_quoted(words))
            .collect();
        found.sort_by_key(|(words, _)| (words.start, std::cmp::Reverse(words.end)));
        let mut apart: Vec<(Range<usize>, &Claim)> = Vec::new();
        for one in found {
            if apart.last().is_none_or(|(last, _)| last.end <= one.0.start) {
                apart.push(one);
            }
        }
        let mut told: Vec<(FindingCode, usize)> = Vec::new();
        for (place, (words, claim)) in apart.iter().enumerate() {
            let sentence = self.reading.words_beside(words.start);
            if self.denied(words, &sentence) {
                continue;
            }
            let lines = self.lines_of_claim(place, &apart, &sentence);
            let supported = |line: Option<Line>| {
                let of_it = |of: Line| line.is_none_or(|line| line == of);
                let mut forms = self.cover.forms();
                let mut policies = self.cover.policies.iter();
                forms.any(|(of, form)| of_it(of) && (claim.supports)(form.effect))
                    || policies.any(|policy| of_it(policy.line()) && (claim.policy)(policy))
            };
            let missing: Vec<Line> = lines
                .iter()
                .copied()
                .filter(|line| !supported(Some(*line)))
                .collect();
            if missing.is_empty() && (!lines.is_empty() || supported(None)) {
                continue;
            }
            // Once in a sentence is enough.
            if told.contains(&(claim.code, sentence.start)) {
                continue;
            }
            told.push((claim.code, sentence.start));
            self.unsupported(words, claim, &lines, &missing);
        }
    }

    fn unsupported(&mut self, words: &Range<usize>, claim: &Claim, lines: &[Line], missing: &[Line]) {
        let on = match missing {
            [] => "the printed policies".to_owned(),
            lines => lines
                .iter()
                .map(|line| line.label())
                .collect::<Vec<_>>()
                .join(" and "),
        };
        let unprinted: Vec<&str> = missing
            .iter()
            .filter(|line| !self.cover.prints(**line))
            .map(|line| line.label())
            .collect();
        let of_basis = claim.code == FindingCode::CoverageDiffers;
        let message = if unprinted.is_empty() && of_basis {
            format!("The page speaks of {}; {on} is not written so.", claim.what)
        } else if unprinted.is_empty() {
            format!(
                "The page speaks of {}; {} is given it by no form on {on}.",
                claim.what, self.cover.holder
            )
        } else {
            format!(
                "The page speaks of {} on {}, which is not printed.",
                claim.what,
                unprinted.join(" and ")
            )
        };
        let wc_alone = missing == [Line::WorkersCompensation];
        let fix = if wc_alone && claim.code == FindingCode::AdditionalInsuredClaimed {
            "Take workers compensation out of the sentence: it has no additional insureds.".to_owned()
        } else if of_basis {
            "Leave the basis to the page, which prints it from the policy.".to_owned()
        } else {
            "Have the carrier add the form for this holder, or take the sentence out.".to_owned()
        };
        // What the sentence says of its other lines may stand in the form's own words; of a line that it does not name
        // nothing is put into its place.
        let of_it = |line: &Line| lines.is_empty() || lines.contains(line);
        let mut told: Vec<Line> = Vec::new();
        let mut instead: Vec<String> = Vec::new();
        for (line, form) in self.cover.forms() {
            if of_it(&line) && !told.contains(&line) && (claim.supports)(form.effect) {
                told.push(line);
                instead.extend(wording(line, form, self.cover.holder));
            }
        }
        let said = Said {
            code: claim.code,
            severity: Severity::Block,
            policy_value: if of_basis {
                "another basis".to_owned()
            } else {
                "no such endorsement".to_owned()
            },
            message,
            fix,
        };
        self.remark(words, said, (!instead.is_empty()).then(|| instead.join(" ")));
    }

    /// Whether the sentence denies what it speaks of, or says only what would have to be.
    fn denied(&self, words: &Range<usize>, sentence: &Range<usize>) -> bool {
        let before = words.start.saturating_sub(5).max(sentence.start)..words.start;
        let after = words.end..(words.end + 6).min(sentence.end);
        let conditional =
            self.low(sentence.start) == "if" && self.reading.has(&["must ~3 be|have"], sentence);
        before.chain(after).any(|word| self.denies(word)) || conditional
    }

    fn low(&self, word: usize) -> &str {
        let word = self.reading.words.get(word);
        word.map_or("", |word| word.low.as_str())
    }

    /// Whether a word denies; `not limited to` does not.
    fn denies(&self, word: usize) -> bool {
        const DENIALS: &[&str] = &["no", "not", "never", "without", "neither", "nor", "cannot"];
        DENIALS.contains(&self.low(word)) && self.low(word + 1) != "limited"
    }

    /// The lines that a claim is about: those named after it before the next one, or else after the next ones, or
    /// else before it.
    fn lines_of_claim(
        &self,
        place: usize,
        claims: &[(Range<usize>, &Claim)],
        sentence: &Range<usize>,
    ) -> Vec<Line> {
        let later = claims.get(place..).unwrap_or_default();
        let of_sentence: Vec<&Range<usize>> = later
            .iter()
            .map(|(words, _)| words)
            .take_while(|words| sentence.contains(&words.start))
            .collect();
        for (number, words) in of_sentence.iter().enumerate() {
            let end = of_sentence
                .get(number + 1)
                .map_or(sentence.end, |next| next.start);
            let lines = self.lines_among(&(words.end..end));
            if !lines.is_empty() {
                return lines;
            }
        }
        let first = claims.get(place).map_or(sentence.start, |(words, _)| words.start);
        let before = place
            .checked_sub(1)
            .and_then(|last| claims.get(last))
            .map_or(sentence.start, |(words, _)| words.end.max(sentence.start));
        // Of the claim's own words too: auto and umbrella are primary.
        let own = claims.get(place).map_or(first, |(words, _)| words.end);
        self.lines_among(&(before.min(first)..own))
    }

    /// Contracts that are interpreted, and cover that is praised.
    fn contracts(&mut self) {
        for words in self.first_in_each_sentence(CONTRACT_CLAIMS) {
            let sentence = self.reading.words_beside(words.start);
            // Without a word of who or what complies, it is the page that speaks of itself.
            let of_itself = words.start == sentence.start;
            let of_cover = of_itself
                || self.reading.has(OF_COVER, &sentence)
                || self.reading.has(ASKED_BY_CONTRACT, &sentence);
            if !of_cover || self.denied(&words, &sentence) {
                continue;
            }
            let said = Said {
                code: FindingCode::ContractClaimed,
                severity: Severity::Block,
                policy_value: "policies say nothing of a contract".to_owned(),
                message:
                    "The page says that a contract's requirements are met; a certificate cannot know that."
                        .to_owned(),
                fix: TAKE_IT_OUT.to_owned(),
            };
            self.remark(&words, said, None);
        }
        for words in self.first_in_each_sentence(AMENDMENTS) {
            let sentence = self.reading.words_beside(words.start);
            let within = words.clone().any(|number| self.denies(number));
            if within || self.denied(&words, &sentence) {
                continue;
            }
            let said = Said {
                code: FindingCode::CoverInterpreted,
                severity: Severity::Block,
                policy_value: "only an endorsement changes a policy".to_owned(),
                message: "The page says that it changes a policy; a certificate informs and changes nothing."
                    .to_owned(),
                fix: "Take the sentence out; what the carrier has changed is told by the number of its form."
                    .to_owned(),
            };
            self.remark(&words, said, None);
        }
        for words in self.first_in_each_sentence(COVER_EXPLAINED) {
            // A place on the site that nobody may enter.
            if self.low(words.end).starts_with("zone") {
                continue;
            }
            let said = Said {
                code: FindingCode::CoverInterpreted,
                severity: Severity::Block,
                policy_value: "policies with limits and exclusions".to_owned(),
                message: "The page says what the policies cover or exclude; only the policies themselves do."
                    .to_owned(),
                fix: TAKE_IT_OUT.to_owned(),
            };
            self.remark(&words, said, None);
        }
        for words in self.first_in_each_sentence(INTERPRETATIONS) {
            let said = Said {
                code: FindingCode::CoverInterpreted,
                severity: Severity::Warn,
                policy_value: "policies with limits and exclusions".to_owned(),
                message: "These words say more of the cover than any policy does.".to_owned(),
                fix: TAKE_IT_OUT.to_owned(),
            };
            self.remark(&words, said, None);
        }
        let by_contract = self
            .cover
            .forms()
            .find(|(_, form)| form.scope == Scope::WhenRequiredByContract);
        for words in self.first_in_each_sentence(CONTRACT_CONDITIONS) {
            let sentence = self.reading.words_beside(words.start);
            if !self.reading.has(OF_INSURANCE, &sentence) || self.denied(&words, &sentence) {
                continue;
            }
            // Such a form is about what it gives; it ties no other cover to a contract.
            let of_a_form = || {
                let mut named = self.numbers.iter().chain(&self.titles);
                named.any(|form| form.start < sentence.end && sentence.start < form.end)
                    || CLAIMS
                        .iter()
                        .any(|claim| self.reading.has(claim.turns, &sentence))
            };
            if by_contract.is_some() && of_a_form() {
                continue;
            }
            let (policy_value, message) = match by_contract {
                None => (
                    "no form that applies where a contract requires it".to_owned(),
                    "The page ties cover to a contract, and no form on the printed policies does.".to_owned(),
                ),
                Some((_, form)) => (
                    form.name(),
                    format!(
                        "The page ties cover to a contract; form {} does so only for what it gives.",
                        form.name()
                    ),
                ),
            };
            let said = Said {
                code: FindingCode::ContractInterpreted,
                severity: Severity::Warn,
                policy_value,
                message,
                fix: "Name the form with its number, edition and title, or take the words out.".to_owned(),
            };
            self.remark(&words, said, None);
        }
    }

    /// Amounts of insurance that the policies do not have.
    fn amounts(&mut self) {
        let all = amounts::named(&self.reading);
        for found in &all {
            if self.is_quoted(&found.words) {
                continue;
            }
            let sentence = self.reading.words_beside(found.words.start);
            let lines: Vec<Line> = self
                .lines_among(&sentence)
                .into_iter()
                .filter(|line| self.cover.prints(*line))
                .collect();
            let called = amounts::called(&self.reading, found, &all);
            if let Some(highest) = self.cover.highest(&lines, &called)
                && found.amount > highest
            {
                let said = Said {
                    code: FindingCode::AmountAbovePolicies,
                    severity: Severity::Block,
                    policy_value: format!("at most {highest}"),
                    message: format!("{} is above the limit that it is said to be.", found.amount),
                    fix: "Leave amounts to the page, which prints them from the policies.".to_owned(),
                };
                self.remark(&found.words, said, None);
                continue;
            }
            let limits = self.cover.amounts(&lines);
            if limits.contains(&found.amount) {
                continue;
            }
            let highest = limits.iter().max().copied();
            let above = highest.is_none_or(|highest| found.amount > highest);
            let said = Said {
                code: if above {
                    FindingCode::AmountAbovePolicies
                } else {
                    FindingCode::AmountNotOnPolicies
                },
                severity: if above { Severity::Block } else { Severity::Warn },
                policy_value: highest
                    .map_or_else(|| "no limit".to_owned(), |highest| format!("at most {highest}")),
                message: if above {
                    format!(
                        "{} is above every limit of the policies it speaks of.",
                        found.amount
                    )
                } else {
                    format!("No policy that is printed has a limit of {}.", found.amount)
                },
                fix: "Leave amounts to the page, which prints them from the policies.".to_owned(),
            };
            self.remark(&found.words, said, None);
        }
    }

    /// A form whose schedule names others and not this holder.
    fn form_of_others(&mut self, words: &Range<usize>, form: &Endorsement) {
        let code = match form.effect {
            Effect::Waiver => FindingCode::WaiverClaimed,
            Effect::PrimaryNoncontributory => FindingCode::PrimaryClaimed,
            Effect::NoticeOfCancellation { .. } => FindingCode::NoticePromised,
            Effect::LossPayable => FindingCode::LossPayeeClaimed,
            effect if effect.makes_additional_insured() => FindingCode::AdditionalInsuredClaimed,
            // What it takes away or counts otherwise is no good to anybody in particular.
            _ => return,
        };
        let sentence = self.reading.words_beside(words.start);
        let place = self.reading.place(&sentence);
        let told = |remark: &Remark| remark.code == code && place.contains(&remark.passage.start);
        if self.denied(words, &sentence) || self.remarks.iter().any(told) {
            return;
        }
        let said = Said {
            code,
            severity: Severity::Block,
            policy_value: format!("{} for others", form.name()),
            message: format!(
                "Form {} is scheduled to others; {} is not on its schedule.",
                form.name(),
                self.cover.holder
            ),
            fix: "Have the carrier add the holder to the form's schedule, or take the sentence out."
                .to_owned(),
        };
        self.remark(words, said, None);
    }

    /// Forms that are named and are not on the policies, in another edition, or for others.
    fn forms(&mut self) {
        for named in forms::named(&self.reading) {
            if self.is_quoted(&named.words) {
                continue;
            }
            let on_policies: Vec<(Line, &Endorsement)> = self
                .cover
                .policies
                .iter()
                .flat_map(|policy| policy.endorsements.iter().map(|form| (policy.line(), form)))
                .filter(|(_, form)| {
                    form.stands_on(self.cover.today) && compact(form.form_number.as_str()) == named.number
                })
                .collect();
            let written = self.reading.text(&self.reading.place(&named.words));
            let same = |form: &Endorsement| {
                named
                    .edition
                    .as_ref()
                    .is_none_or(|edition| compact(form.edition.as_str()) == *edition)
            };
            let reaching: Vec<(Line, &Endorsement)> = on_policies
                .iter()
                .copied()
                .filter(|(_, form)| form.reaches(self.cover.holder))
                .collect();
            if let (Some((_, others)), None) = (on_policies.first(), reaching.first()) {
                self.form_of_others(&named.words, others);
                continue;
            }
            if reaching.iter().any(|(_, form)| same(form)) {
                continue;
            }
            match reaching.first() {
                None => {
                    let said = Said {
                        code: FindingCode::FormNotOnPolicies,
                        severity: Severity::Block,
                        policy_value: "no such endorsement".to_owned(),
                        message: format!("Form {written} is not on any of the printed policies."),
                        fix: "Have the carrier add the form, or take the sentence out.".to_owned(),
                    };
                    self.remark(&named.words, said, None);
                }
                Some((_, form)) => {
                    let name = form.name();
                    let said = Said {
                        code: FindingCode::EditionDiffers,
                        severity: Severity::Block,
                        policy_value: name.clone(),
                        message: format!("The policy has form {name}, not {written}."),
                        fix: "Name the edition that the policy has; if the holder asks for another one, ask the carrier."
                            .to_owned(),
                    };
                    let place = self.reading.place(&named.words);
                    self.remark_on(&named.words, said, place, name);
                }
            }
        }
    }
}
