//! Reads the cells of one row and keeps every fault on the way, so that a person sees all of them at once.

use chrono::NaiveDate;

use super::columns::Kind;
use super::fault::{Fault, Reason};
use super::header::Header;
use super::values::{entries, folded_word, line_of, yes_no};
use super::{Row, columns};
use crate::policies::Line;
use crate::text::{Address, NonBlank, PostalCode, TextError, UsState};

/// A reader of one row.
pub(super) struct Cells<'row> {
    header: &'row Header,
    row: &'row Row,
    faults: Vec<Fault>,
}

impl<'row> Cells<'row> {
    /// A reader of `row`; a row that does not fit the header is already faulty.
    pub(super) fn of(header: &'row Header, row: &'row Row) -> Self {
        Self {
            header,
            row,
            faults: header.fits(row).err().into_iter().collect(),
        }
    }

    /// The cell's text, trimmed; empty where the file has no such column.
    pub(super) fn text(&self, column: &'static str) -> &'row str {
        self.header.cell(self.row, column)
    }

    /// Whether the cell holds something.
    pub(super) fn filled(&self, column: &'static str) -> bool {
        !self.text(column).is_empty()
    }

    /// Adds a fault of a cell.
    pub(super) fn fault(&mut self, column: &'static str, reason: Reason) {
        let value = self.text(column);
        self.faults.push(Fault::of_cell(
            self.header.file(),
            self.row.line,
            column,
            value,
            reason,
        ));
    }

    fn keep<T>(&mut self, column: &'static str, read: Result<T, Reason>) -> Option<T> {
        read.map_err(|reason| self.fault(column, reason)).ok()
    }

    /// A value that must be there.
    pub(super) fn required<T>(
        &mut self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Option<T> {
        let text = self.text(column);
        let value = if text.is_empty() {
            Err(Reason::Empty)
        } else {
            read(text)
        };
        self.keep(column, value)
    }

    /// A value that may be missing. `None` also when it is faulty; the fault is kept.
    pub(super) fn optional<T>(
        &mut self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            None
        } else {
            self.keep(column, read(text))
        }
    }

    /// A date that must be there.
    pub(super) fn required_date(&mut self, column: &'static str) -> Option<NaiveDate> {
        let header = self.header;
        self.required(column, |text| header.date(text))
    }

    /// A date that may be missing.
    pub(super) fn optional_date(&mut self, column: &'static str) -> Option<NaiveDate> {
        let header = self.header;
        self.optional(column, |text| header.date(text))
    }

    /// Whether the file has the column.
    pub(super) fn has(&self, column: &'static str) -> bool {
        self.header.has(column)
    }

    /// A value that another cell of this row asks for.
    pub(super) fn needed<T>(
        &mut self,
        column: &'static str,
        what: &'static str,
        read: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Option<T> {
        if self.filled(column) {
            self.required(column, read)
        } else {
            self.fault(column, Reason::Needed(what));
            None
        }
    }

    /// One line of text that must be there.
    pub(super) fn required_line<T>(
        &mut self,
        column: &'static str,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        self.required(column, |text| line_of(text, parse))
    }

    /// One line of text that may be missing.
    pub(super) fn optional_line<T>(
        &mut self,
        column: &'static str,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        self.optional(column, |text| line_of(text, parse))
    }

    /// A word of the model, by the words that the table of columns documents.
    pub(super) fn word<T: std::str::FromStr>(&self, column: &'static str, text: &str) -> Result<T, Reason> {
        folded_word(text).parse().map_err(|_| {
            let columns = self.header.file().columns();
            match columns
                .iter()
                .find(|known| known.name == column)
                .map(|known| known.kind)
            {
                Some(Kind::Word(words)) => Reason::Word(words),
                _ => Reason::Word(&[]),
            }
        })
    }

    /// A word that must be there.
    pub(super) fn required_word<T: std::str::FromStr>(&mut self, column: &'static str) -> Option<T> {
        let word = self.word(column, self.text(column));
        self.required(column, |_| word)
    }

    /// A word that may be missing.
    pub(super) fn optional_word<T: std::str::FromStr>(&mut self, column: &'static str) -> Option<T> {
        let word = self.word(column, self.text(column));
        self.optional(column, |_| word)
    }

    /// Yes or no; an empty cell is no.
    pub(super) fn yes(&mut self, column: &'static str) -> bool {
        self.optional(column, yes_no).unwrap_or(false)
    }

    /// The entries of a list.
    pub(super) fn list<T>(
        &mut self,
        column: &'static str,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for entry in entries(self.text(column)) {
            match parse(entry) {
                Ok(value) => values.push(value),
                Err(reason) => self.fault(
                    column,
                    Reason::Entry {
                        entry: entry.chars().take(60).collect(),
                        reason: Box::new(reason.into()),
                    },
                ),
            }
        }
        values
    }

    /// A US mailing address from the five columns that every address has.
    pub(super) fn address(&mut self) -> Option<Address> {
        let line1 = self.required_line("address_line1", NonBlank::parse);
        let line2 = self.optional_line("address_line2", NonBlank::parse);
        let city = self.required_line("city", NonBlank::parse);
        let state = self.required_line("state", UsState::parse);
        let postal_code = self.required_line("postal_code", PostalCode::parse);
        Some(Address {
            line1: line1?,
            line2,
            city: city?,
            state: state?,
            postal_code: postal_code?,
        })
    }

    /// Refuses every filled cell that belongs to another line than the row's.
    pub(super) fn only_columns_of(&mut self, line: Line) {
        for belongs in Line::ALL.iter().copied().filter(|belongs| *belongs != line) {
            let prefix = columns::prefix(belongs);
            for column in self
                .header
                .file()
                .columns()
                .iter()
                .filter(|column| column.name.starts_with(prefix))
            {
                // An explicit "no" says nothing about the other line.
                let says_no = column.kind == Kind::YesNo && yes_no(self.text(column.name)) == Ok(false);
                if self.filled(column.name) && !says_no {
                    self.fault(column.name, Reason::OtherLinesColumn { line, belongs });
                }
            }
        }
    }

    /// The record, when no cell was faulty.
    pub(super) fn finish<T>(self, record: Option<T>) -> Result<T, Vec<Fault>> {
        match record {
            Some(record) if self.faults.is_empty() => Ok(record),
            _ => Err(self.faults),
        }
    }
}
