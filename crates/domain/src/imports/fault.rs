//! What is wrong with a file, a row or a cell, and how to put it right.
//!
//! Invariant: every reason names the fix, or the fault is plain from the reason's own words.

use chrono::NaiveDate;

use super::File;
use crate::money::NotMoney;
use crate::policies::{Line, NotNaic};
use crate::text::TextError;

/// How much of a cell a fault repeats, in characters.
const SHOWN: usize = 120;

/// One fault of an import file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In which file.
    pub file: File,
    /// On which line of the file, counted from 1. A row with line breaks in its cells begins here.
    pub line: u32,
    /// In which column, unless the row or the file as a whole is meant.
    pub column: Option<String>,
    /// What stands there, shortened.
    pub value: Option<String>,
    /// What is wrong, and the fix.
    pub reason: Reason,
}

impl Fault {
    /// A fault of a whole row, or of the file on its first line.
    #[must_use]
    pub const fn of_row(file: File, line: u32, reason: Reason) -> Self {
        Self {
            file,
            line,
            column: None,
            value: None,
            reason,
        }
    }

    /// A fault of one cell.
    #[must_use]
    pub fn of_cell(file: File, line: u32, column: &str, value: &str, reason: Reason) -> Self {
        Self {
            file,
            line,
            column: Some(column.to_owned()),
            value: Some(shortened(value)),
            reason,
        }
    }
}

/// The start of a cell, without what would break a line of a report.
fn shortened(value: &str) -> String {
    let plain: String = value
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN)
        .collect();
    if value.chars().count() > SHOWN {
        format!("{plain}…")
    } else {
        plain
    }
}

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The bytes are no text that we read.
    #[error("the file is neither UTF-8 nor Windows-1252 text; save it as \"CSV UTF-8 (comma delimited)\"")]
    UnknownEncoding,
    /// UTF-8 in one place and something else in another.
    #[error(
        "the file is UTF-8 text, but a character on line {0} is not: it was joined from several files or is damaged; correct that line, or save the file anew as \"CSV UTF-8 (comma delimited)\" and look at the letters with accents"
    )]
    MixedEncodings(u64),
    /// UTF-16, or a workbook.
    #[error(
        "the file is not plain CSV text (a workbook or UTF-16); save it as \"CSV UTF-8 (comma delimited)\""
    )]
    NotText,
    /// Nothing in it.
    #[error("the file is empty; its first line must name the columns, as in the template")]
    EmptyFile,
    /// Semicolons or tabs.
    #[error("the columns are separated by {0}; save the file as comma separated")]
    NotCommas(&'static str),
    /// A row that never ends.
    #[error("the row is longer than {0} bytes; a quotation mark is probably not closed")]
    EndlessRow(usize),
    /// More rows than one import takes.
    #[error("the file has more than {0} rows; split it into several imports")]
    TooManyRows(u32),
    /// A column that we do not know.
    #[error("is not a column of {file}.csv; its columns are {}", columns_of(*file))]
    UnknownColumn {
        /// The file.
        file: File,
    },
    /// A column twice.
    #[error("stands in the header twice; remove one of the two columns")]
    RepeatedColumn,
    /// A required column is not there.
    #[error("is required and not in the header; add the column: {0}")]
    MissingColumn(&'static str),
    /// A row of a file whose header is faulty.
    #[error("the row was not read, because the file's header is faulty; correct the header first")]
    HeaderFaulty,
    /// The row does not fit the header.
    #[error(
        "the row has {found} cells and the header {expected}; a comma or a quotation mark is missing or one too many"
    )]
    CellCount {
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// Text after a closing quote, or no closing quote.
    #[error(
        "a quotation mark is not closed or has text behind it; put the whole cell in quotation marks and double those inside it"
    )]
    Quotes,
    /// No holder has this id.
    #[error("is no holder of the library; leave the cell empty to find the holder by its name, or to add it")]
    NoHolder,
    /// Another holder is called so.
    #[error(
        "another holder of the library has this name, care_of and address; change one of them, or merge the two"
    )]
    HolderTaken,
    /// An empty cell that must not be.
    #[error("must not be empty")]
    Empty,
    /// A line break in a one-line cell.
    #[error("has a line break; write it on one line")]
    LineBreak,
    /// A text that the field refuses.
    #[error("{0}")]
    Text(#[from] TextError),
    /// Not a NAIC code.
    #[error("{0}, with its leading zeros (format the column as text before saving)")]
    Naic(#[from] NotNaic),
    /// Not an amount.
    #[error("{0}; leave the cell empty where there is no limit")]
    Money(#[from] NotMoney),
    /// Not a date.
    #[error("must be a date such as 11/22/2026 or 2026-11-22, without a time of day")]
    Date,
    /// A date with a two-digit year.
    #[error("has a year of two digits; write all four, such as 11/22/2026")]
    TwoDigitYear,
    /// Day and month look swapped.
    #[error(
        "has no month {month}: dates are read as month/day/year; if the {month} is the day, write {suggestion}"
    )]
    DayFirst {
        /// What stands in the month's place.
        month: u32,
        /// The date in ISO form, if it was meant the other way round.
        suggestion: String,
    },
    /// A date of a file in which another one has the day first.
    #[error(
        "may be {month_first} or {day_first}, because line {line} of this file has the day before the month; write all dates of this file in the form 2026-11-22"
    )]
    AmbiguousDate {
        /// The first line that has the day first.
        line: u32,
        /// The date, read as month/day/year.
        month_first: NaiveDate,
        /// The date, read as day/month/year.
        day_first: NaiveDate,
    },
    /// A date that does not exist, such as 2/30/2026, or out of all reason.
    #[error("is not a day of the calendar between 1900 and 2100")]
    NoSuchDay,
    /// The number by which a spreadsheet keeps a date.
    #[error("is a spreadsheet's number for a date; format the column as a date before saving")]
    SerialDate,
    /// Neither yes nor no.
    #[error("must be y, yes, true or x for yes, and n, no, false or nothing for no")]
    YesNo,
    /// Not one of the words.
    #[error("must be one of: {}", .0.join(", "))]
    Word(&'static [&'static str]),
    /// Not a whole number in its range.
    #[error("must be a whole number from {least} to {most}")]
    Number {
        /// The least.
        least: u32,
        /// The greatest.
        most: u32,
    },
    /// Not a FEIN.
    #[error("must be a federal employer identification number of nine digits such as 89-0123456")]
    Fein,
    /// Not a VIN.
    #[error(
        "must be a vehicle identification number: 17 letters and digits without I, O and Q, or for vehicles before 1981 5 to 16"
    )]
    Vin,
    /// Not an edition.
    #[error("must be the edition as month and year of two digits each, such as 04 13")]
    Edition,
    /// Number and edition in one cell.
    #[error("holds the edition too; write {form} here and {edition} in the column edition")]
    FormWithEdition {
        /// The form number alone.
        form: String,
        /// The edition alone.
        edition: String,
    },
    /// An entry of a list is refused.
    #[error("the entry \"{entry}\" {reason}")]
    Entry {
        /// The entry.
        entry: String,
        /// Why.
        reason: Box<Reason>,
    },
    /// The term does not run forward.
    #[error("must be after effective_on")]
    TermBackward,
    /// Cancelled, but when?
    #[error("must be filled in for a cancelled policy: the day on which the cancellation takes effect")]
    CancelledWithoutDate,
    /// A date of cancellation on a policy that is not cancelled.
    #[error("is only for a cancelled policy; clear it, or set status to cancelled")]
    NotCancelled,
    /// Cancelled outside its term.
    #[error("must lie within the policy's term")]
    CancelledOutsideTerm,
    /// A form that would end before it stands.
    #[error("must be after the day from which the form stands")]
    FormEndsBeforeItBegins,
    /// A cell of another line's columns.
    #[error("is a column of {belongs}, and this row is {line}; clear the cell or correct line")]
    OtherLinesColumn {
        /// The row's line.
        line: Line,
        /// The column's line.
        belongs: Line,
    },
    /// A cell that this row needs.
    #[error("must be filled in: {0}")]
    Needed(&'static str),
    /// Two cells that contradict each other.
    #[error("contradicts {other}: {fix}")]
    Contradicts {
        /// The other column.
        other: &'static str,
        /// The fix.
        fix: &'static str,
    },
    /// A form that cannot be on a policy of that line.
    #[error("cannot be on a policy of line {line}: {why}")]
    NotOnLine {
        /// The policy's line.
        line: Line,
        /// Why.
        why: &'static str,
    },
    /// The same record on several lines.
    #[error("the same {what} also stands on line {}{}; {fix}", listed(.lines), and_more(*.more))]
    Repeated {
        /// What names the record.
        what: &'static str,
        /// Some of the other lines.
        lines: Vec<u32>,
        /// How many other lines there are beyond those.
        more: u32,
        /// What to do about it.
        fix: &'static str,
    },
    /// Refers to a record that is nowhere.
    #[error(
        "is not in {to}.csv of this import and not in the agency's records; add the row or correct the reference"
    )]
    Unknown {
        /// Where it was looked for.
        to: File,
    },
    /// The policy exists, but is of another line.
    #[error("no such policy of line {wanted}; there is one of line {found} with this number and date")]
    OtherLine {
        /// The line that was asked for.
        wanted: Line,
        /// The line that there is.
        found: Line,
    },
    /// A policy without cover.
    #[error("has no row in coverages.csv; add one with the same policy_number, effective_on and line")]
    NoCoverage,
    /// Refers to a row that is faulty itself.
    #[error("depends on line {line} of {file}.csv, which is faulty; correct that row first")]
    DependsOn {
        /// The other row's file.
        file: File,
        /// The other row's line.
        line: u32,
    },
}

fn columns_of(file: File) -> String {
    file.columns()
        .iter()
        .map(|column| column.name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// How many more there are; nothing for none.
fn and_more(more: u32) -> String {
    if more == 0 {
        return String::new();
    }
    let digits = more.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!(" and on {grouped} more")
}

fn listed(lines: &[u32]) -> String {
    lines
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_repeats_only_the_start_of_a_cell_and_no_line_breaks() {
        let fault = Fault::of_cell(File::Insureds, 3, "name", &"a\nb".repeat(100), Reason::LineBreak);
        let value = fault.value.unwrap();
        assert_eq!(value.chars().count(), SHOWN + 1);
        assert!(!value.contains('\n'));
    }

    #[test]
    fn a_reason_reads_as_the_rest_of_a_sentence_about_its_column() {
        assert_eq!(
            Reason::TwoDigitYear.to_string(),
            "has a year of two digits; write all four, such as 11/22/2026"
        );
        assert_eq!(
            Reason::Repeated {
                what: "customer_id",
                lines: vec![4, 9],
                more: 0,
                fix: "keep one of the rows",
            }
            .to_string(),
            "the same customer_id also stands on line 4, 9; keep one of the rows"
        );
        for (more, said) in [(1, "1"), (999, "999"), (1_000, "1,000"), (249_996, "249,996")] {
            assert_eq!(and_more(more), format!(" and on {said} more"));
        }
    }
}
