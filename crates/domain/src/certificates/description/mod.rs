//! What a description of operations may say: the one part of the page that people write in words of their own.
//!
//! A description tells of the job. It promises nothing, interprets no contract, and names a form by its number,
//! edition and title instead of saying what it does. What it says of additional insureds, waivers and amounts is
//! held against the forms and limits of the policies that are printed beside it.
//!
//! Invariant: [`wording`] builds sentences in which [`check`] finds nothing.

mod amounts;
mod forms;
mod reading;
#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::truth::{FindingCode, Severity};
use crate::money::Cents;
use crate::policies::coverage::{AggregatePer, Coverage, Retention};
use crate::policies::endorsement::{Effect, Endorsement, Scope};
use crate::policies::{Line, Policy};
pub(crate) use forms::compact;
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

/// Something that a text claims and only a form, or the policy itself, can bear out.
struct Claim {
    code: FindingCode,
    turns: &'static [&'static str],
    supports: fn(Effect) -> bool,
    policy: fn(&Policy) -> bool,
    what: &'static str,
}

const fn nothing_by_itself(_: &Policy) -> bool {
    false
}

fn counts_by(policy: &Policy, per: &AggregatePer) -> bool {
    matches!(&policy.coverage, Coverage::GeneralLiability(gl) if gl.aggregate_per == *per)
}

/// Of claims that begin at the same word the longest counts, and before it the one that stands here first.
const CLAIMS: &[Claim] = &[
    Claim {
        code: FindingCode::AdditionalInsuredClaimed,
        turns: &[
            "additional insured* ~8 completed ~1 operation*|ops",
            "ai ~6 completed ~1 operation*|ops",
        ],
        supports: |effect| matches!(effect, Effect::AdditionalInsuredCompleted),
        policy: nothing_by_itself,
        what: "an additional insured for completed operations",
    },
    Claim {
        code: FindingCode::AdditionalInsuredClaimed,
        turns: &[
            "additional insured*",
            "additionally insured",
            "addl|addnl|addtl insd|insured*",
            "additional insd|insurd|insurred",
            "asegurado|asegurados adicional|adicionales",
            "additional named insured*",
            "named|listed|included|added|covered|protected|insured as ~1 insured*",
            "ai status|applies|per|form|forms|endorsement*|included|coverage|wording|basis|incl|including|where",
            "as|is|are|named|listed|added|included ~1 ai",
            "ai ~1 wos|waiver|primary|pnc",
            "ai ~1 on|for ~2 gl|cgl|auto|umbrella|general|liability|policies",
        ],
        supports: Effect::makes_additional_insured,
        policy: nothing_by_itself,
        what: "an additional insured",
    },
    Claim {
        code: FindingCode::WaiverClaimed,
        turns: &[
            "waiver* ~1 of ~3 subrogation|recovery|subro",
            "waiver* of sub",
            "waiver* of ~2 rights",
            "subrogation|subro ~4 waive*",
            "waive* ~5 subrogation|recovery|subro",
            "recovery ~4 waived",
            "subr wvd",
            "wos",
        ],
        supports: |effect| matches!(effect, Effect::Waiver),
        policy: nothing_by_itself,
        what: "a waiver of subrogation",
    },
    Claim {
        code: FindingCode::PrimaryClaimed,
        turns: &[
            "primary ~3 non contrib*",
            "primary ~3 noncontrib*",
            "non contrib*",
            "noncontrib*",
            "primary to|over ~3 other|any",
            "primary basis|insurance|coverage|wording|language|status|endorsement*|condition",
            "coverage*|insurance|policy|policies|cgl|gl|liability|umbrella|auto ~3 is|are|be|applies ~1 primary ~1 non contrib*",
            "coverage*|insurance|policy|policies|cgl|gl|liability|umbrella|auto ~3 is|are|be|applies ~1 primary",
            "p nc",
            "pnc wording|applies|language|endorsement*|status|coverage|included",
        ],
        supports: |effect| matches!(effect, Effect::PrimaryNoncontributory),
        policy: nothing_by_itself,
        what: "primary and noncontributory cover",
    },
    Claim {
        code: FindingCode::LossPayeeClaimed,
        turns: &[
            "loss payee*",
            "loss payable",
            "named|listed|included|added|covered|as ~2 mortgagee*|mortgageholder*",
            "mortgagee clause",
        ],
        supports: |effect| matches!(effect, Effect::LossPayable),
        policy: nothing_by_itself,
        what: "a loss payee or mortgagee",
    },
    Claim {
        code: FindingCode::AggregateClaimed,
        turns: &[
            "per|each project ~2 aggregate",
            "aggregate ~4 per|each project",
            "project aggregate",
        ],
        supports: |effect| matches!(effect, Effect::PerProjectAggregate),
        policy: |policy| counts_by(policy, &AggregatePer::Project),
        what: "an aggregate for each project",
    },
    Claim {
        code: FindingCode::AggregateClaimed,
        turns: &[
            "per|each location ~2 aggregate",
            "aggregate ~4 per|each location",
            "location aggregate",
        ],
        supports: |effect| matches!(effect, Effect::PerLocationAggregate),
        policy: |policy| counts_by(policy, &AggregatePer::Location),
        what: "an aggregate for each location",
    },
];

/// How a text names the lines.
const LINE_NAMES: &[(Line, &[&str])] = &[
    (
        Line::GeneralLiability,
        &["general liability", "gl", "cgl", "liability policy"],
    ),
    (
        Line::CommercialAuto,
        &[
            "auto",
            "autos",
            "automobile*",
            "business auto",
            "vehicle liability",
        ],
    ),
    (Line::UmbrellaExcess, &["umbrella", "excess"]),
    (
        Line::WorkersCompensation,
        &[
            "worker|workers|workmens ~1 comp|compensation",
            "wc",
            "employers|employer liability",
        ],
    ),
];

const EVERY_POLICY: &[&str] = &["all|every|each ~2 policy|policies|lines|coverages"];

/// What makes a sentence speak of insurance at all.
const OF_INSURANCE: &[&str] = &[
    "insurance",
    "insured*",
    "coverage*",
    "cover",
    "limit*",
    "policy",
    "policies",
    "certificate*",
    "endorse*",
    "liability",
    "waiver*",
    "subrogation",
    "primary",
    "additional insured*",
];

/// What makes it speak of the cover, and not only of who is insured.
const OF_COVER: &[&str] = &[
    "insurance",
    "coverage*",
    "cover",
    "limit*",
    "policy",
    "policies",
    "certificate*",
    "endorse*",
];

/// What a contract asks of somebody's insurance.
const ASKED_BY_CONTRACT: &[&str] = &[
    "contract*|agreement*|lease|insurance ~2 requirement*",
    "requirement* ~3 contract*|agreement*|lease",
];

/// What promises a notice.
const PROMISES: &[&str] = &[
    "# # day|days ~4 notice|notification|noc",
    "# day|days ~4 notice|notification|noc",
    "noc ~3 # day|days",
    "notice of cancellation ~4 # day|days",
    "notice of cancellation applies|included|provided|granted|endorsement",
    "noc applies|included|provided|granted|endorsement|wording",
    "endeavor|endeavour to ~2 mail|give|provide|notify|send",
    "will|shall|must|agree*|to ~3 notify|notified ~8 cancel*|nonrenew*",
    "will|shall|must ~3 get|give|provide|send|mail|receive ~6 notice ~8 cancel*|nonrenew*|material*|terminat*",
    "notice ~6 cancel*|nonrenew* ~4 will|shall|is|to ~2 given|be|provided|sent|mailed",
    "cancel* ~10 will|shall ~3 notice|notify|notified|give|mail|provide",
    "policy|policies|coverage*|insurance ~4 not be cancel*|nonrenew*|terminated|materially",
];

/// What makes a long sentence with a notice speak of the end of a policy.
const OF_AN_END: &[&str] = &[
    "cancel*",
    "nonrenew*",
    "non renew*",
    "terminat*",
    "material*",
    "noc",
];

/// More words than this are no bare promise.
const SHORT: usize = 10;

/// Not without a notice is with one, whatever else the sentence says.
const TWICE_DENIED: &[&str] =
    &["not|never|no|cannot|neither|nor ~10 without ~4 notice|notification|notifying"];

/// A notice of something else, or none, or the policy's own.
const NO_PROMISES: &[&str] = &[
    "notice to proceed|quit|vacate|commence",
    "notice ~8 access|entry|start*|shut*|shutdown|inspection*|pour*|deliver*",
    "no|without ~2 notice|promise",
    "not ~2 promise*|give|obligat*|guarantee*|provide|mail|send|notify",
    "accordance with ~4 policy|policies|provision*|terms",
    "according to ~4 policy|policies|provision*|terms",
    "per ~3 policy|provision*",
];

const CONTRACT_CLAIMS: &[&str] = &[
    "complies|comply|complying|compliance|compliant|conforms|conform ~6 contract*|agreement*|lease|insurance",
    "meet|meets|met|meeting|satisf*|fulfill* ~6 contract*|agreement*|lease|requirement*",
    "requirement* ~4 met|satisfied|fulfilled",
];

/// What a certificate cannot do, and its own words say that it does not.
const AMENDMENTS: &[&str] = &[
    "certificate* ~3 confer*|grants|gives ~3 right*",
    "certificate* ~4 amend*|extend*|alter*|modif*|change*|broaden* ~6 policy|policies|coverage*|cover|insurance",
    "policy|policies|coverage* ~4 amended|extended|modified|broadened ~2 to ~1 include|cover|name|add",
];

const INTERPRETATIONS: &[&str] = &[
    "full|complete|total|unlimited coverage*|cover",
    "fully insured|covered",
    "all risk|risks",
    "bumper to bumper",
    "guarantee* ~4 coverage*|cover|insurance",
    "coverage*|insurance ~2 guaranteed",
];

const CONTRACT_CONDITIONS: &[&str] = &[
    "required ~1 by|in|under|per ~6 contract*|agreement*|lease",
    "require* ~3 written contract*|agreement*",
    "per ~2 written contract*|agreement*",
    "contract*|agreement* require*",
];

const TAKE_IT_OUT: &str = "Take the sentence out: a description tells of the job.";

/// Finds what a description says and should not. Nothing is found in a plain word about a job.
#[must_use]
pub fn check(text: &str, cover: &Cover<'_>) -> Vec<Remark> {
    let reading = Reading::of(text);
    let mut checker = Checker {
        quoted: quoted(&reading, cover),
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

/// Where a text quotes what others have written: titles of forms that stand and reach the holder, and the names of
/// the holder and the insured. It may say what they say.
fn quoted(reading: &Reading, cover: &Cover<'_>) -> Vec<Range<usize>> {
    let titles = cover.forms().map(|(_, form)| form.title.as_str());
    let insureds = cover.policies.iter().map(|policy| policy.named_insured.as_str());
    let mut found = Vec::new();
    for text in titles.chain(insureds).chain([cover.holder]) {
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
    quoted: Vec<Range<usize>>,
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
        self.quoted
            .iter()
            .any(|quoted| quoted.start <= words.start && words.end <= quoted.end)
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
                .find(|(_, form)| matches!(form.effect, Effect::NoticeOfCancellation { .. }));
            let said = match form {
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
            self.unsupported(words, claim, &missing);
        }
    }

    fn unsupported(&mut self, words: &Range<usize>, claim: &Claim, missing: &[Line]) {
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
        let message = if unprinted.is_empty() {
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
        } else {
            "Have the carrier add the form for this holder, or take the sentence out.".to_owned()
        };
        // Where another line has such a form, its own words may stand.
        let instead = self
            .cover
            .forms()
            .find(|(_, form)| (claim.supports)(form.effect))
            .and_then(|(line, form)| wording(line, form, self.cover.holder));
        let said = Said {
            code: claim.code,
            severity: Severity::Block,
            policy_value: "no such endorsement".to_owned(),
            message,
            fix,
        };
        self.remark(words, said, instead);
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
        self.lines_among(&(before.min(first)..first))
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
        if by_contract.is_some() {
            return;
        }
        for words in self.first_in_each_sentence(CONTRACT_CONDITIONS) {
            let sentence = self.reading.words_beside(words.start);
            if !self.reading.has(OF_INSURANCE, &sentence) || self.denied(&words, &sentence) {
                continue;
            }
            let said = Said {
                code: FindingCode::ContractInterpreted,
                severity: Severity::Warn,
                policy_value: "no form that applies where a contract requires it".to_owned(),
                message: "The page ties cover to a contract, and no form on the printed policies does."
                    .to_owned(),
                fix: "Name the form with its number, edition and title, or take the words out.".to_owned(),
            };
            self.remark(&words, said, None);
        }
    }

    /// Amounts of insurance that the policies do not have.
    fn amounts(&mut self) {
        for found in amounts::named(&self.reading) {
            if self.is_quoted(&found.words) {
                continue;
            }
            let sentence = self.reading.words_beside(found.words.start);
            let lines: Vec<Line> = self
                .lines_among(&sentence)
                .into_iter()
                .filter(|line| self.cover.prints(*line))
                .collect();
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

    /// Forms that are named and are not on the policies, or in another edition.
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
            if on_policies.iter().any(|(_, form)| same(form)) {
                continue;
            }
            match on_policies.first() {
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
