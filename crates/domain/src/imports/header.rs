//! The first row of a file: which cell of a row belongs to which column.

use chrono::NaiveDate;

use super::columns::{ADDED, Column, Kind, folded};
use super::fault::{Fault, Reason};
use super::values;
use super::{File, Row};

/// A file's header, matched with the table of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    file: File,
    /// The names as they stand in the file.
    written: Vec<String>,
    /// For each cell of a row its column's place in the table; `None` for a column to skip.
    places: Vec<Option<usize>>,
    /// The first line with a date that has the day before the month, where the file has one.
    day_first: Option<u32>,
}

impl Header {
    /// Matches the first line of a file with the columns of `file`.
    ///
    /// # Errors
    /// As [`Header::read_at`].
    pub fn read(file: File, cells: &[String]) -> Result<Self, Vec<Fault>> {
        Self::read_at(file, 1, cells)
    }

    /// Matches a file's header, which stands on `line`, with the columns of `file`.
    ///
    /// # Errors
    /// Every unknown, repeated and missing column, or that the file is not separated by commas.
    pub fn read_at(file: File, line: u32, cells: &[String]) -> Result<Self, Vec<Fault>> {
        if let [only] = cells {
            for (separator, name) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
                if only.contains(separator) {
                    return Err(vec![Fault::of_row(file, line, Reason::NotCommas(name))]);
                }
            }
        }
        // Spreadsheets leave commas behind the last column; a nameless column is skipped while it is empty.
        let named = cells
            .iter()
            .rposition(|cell| !folded(cell).is_empty())
            .map_or(0, |last| last + 1);
        let mut faults = Vec::new();
        let mut places: Vec<Option<usize>> = Vec::with_capacity(cells.len());
        for cell in cells.iter().take(named) {
            let name = folded(cell);
            let place = file
                .columns()
                .iter()
                .position(|column| folded(column.name) == name);
            let repeated = place.is_some() && places.contains(&place);
            if repeated {
                faults.push(Fault::of_cell(
                    file,
                    line,
                    cell.trim(),
                    cell,
                    Reason::RepeatedColumn,
                ));
            } else if place.is_none() && !ADDED.iter().any(|added| folded(added) == name) {
                faults.push(Fault::of_cell(
                    file,
                    line,
                    cell.trim(),
                    cell,
                    Reason::UnknownColumn { file },
                ));
            }
            places.push(place);
        }
        for (place, column) in file.columns().iter().enumerate() {
            if column.required && !places.contains(&Some(place)) {
                let reason = Reason::MissingColumn(column.description);
                faults.push(Fault {
                    column: Some(column.name.to_owned()),
                    ..Fault::of_row(file, line, reason)
                });
            }
        }
        if faults.is_empty() {
            Ok(Self {
                file,
                written: cells.iter().take(named).cloned().collect(),
                places,
                day_first: None,
            })
        } else {
            Err(faults)
        }
    }

    /// The header of a file of which `line` is the first that has the day before the month; see
    /// [`Header::has_day_first`]. From then on a date that can be read both ways is refused.
    #[must_use]
    pub fn with_day_first(self, line: Option<u32>) -> Self {
        Self {
            day_first: line,
            ..self
        }
    }

    /// Whether the file has columns of dates.
    #[must_use]
    pub fn has_dates(&self) -> bool {
        (0..self.places.len()).any(|cell| self.is_date(cell))
    }

    /// Whether a date of this row can only be read with the day before the month.
    #[must_use]
    pub fn has_day_first(&self, row: &Row) -> bool {
        let cells = row.cells.iter().enumerate();
        cells
            .filter(|(place, _)| self.is_date(*place))
            .any(|(_, cell)| matches!(values::date(cell.trim()), Err(Reason::DayFirst { .. })))
    }

    fn is_date(&self, cell: usize) -> bool {
        self.column(cell).is_some_and(|column| column.kind == Kind::Date)
    }

    /// A date of this file.
    ///
    /// # Errors
    /// As [`values::date`], and a date that can be read both ways in a file that has the day first elsewhere.
    pub(super) fn date(&self, text: &str) -> Result<NaiveDate, Reason> {
        let date = values::date(text)?;
        match (self.day_first, values::swapped(date)) {
            (Some(line), Some(day_first)) if text.contains('/') => Err(Reason::AmbiguousDate {
                line,
                month_first: date,
                day_first,
            }),
            _ => Ok(date),
        }
    }

    /// The file whose header this is.
    #[must_use]
    pub const fn file(&self) -> File {
        self.file
    }

    /// The names as they stand in the file, for the file of rejected rows.
    #[must_use]
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// Whether the file has the column.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.place_of(name).is_some()
    }

    /// The column behind a cell, unless the cell is to be skipped.
    #[must_use]
    pub fn column(&self, cell: usize) -> Option<&'static Column> {
        self.places
            .get(cell)
            .copied()
            .flatten()
            .and_then(|place| self.file.columns().get(place))
    }

    fn place_of(&self, name: &str) -> Option<usize> {
        debug_assert!(
            self.file.columns().iter().any(|column| column.name == name),
            "{name} is not in the table of {}",
            self.file
        );
        let place = self.file.columns().iter().position(|column| column.name == name);
        self.places
            .iter()
            .position(|found| found.is_some() && *found == place)
    }

    /// The cell of a column, trimmed; empty where the file has no such column.
    ///
    /// An apostrophe before `=`, `+`, `-`, `@` is what keeps spreadsheets from computing a cell of our own
    /// files of rejected rows; it is taken off again.
    pub(super) fn cell<'row>(&self, row: &'row Row, name: &str) -> &'row str {
        let cell = self
            .place_of(name)
            .and_then(|place| row.cells.get(place))
            .map_or("", |cell| cell.trim());
        match cell.strip_prefix('\'') {
            Some(bare) if bare.starts_with(['=', '+', '-', '@']) => bare,
            _ => cell,
        }
    }

    /// Whether a row has as many cells as the header; empty cells behind the last column do not count.
    ///
    /// # Errors
    /// The row's fault.
    pub(super) fn fits(&self, row: &Row) -> Result<(), Fault> {
        let filled = row
            .cells
            .iter()
            .rposition(|cell| !cell.trim().is_empty())
            .map_or(0, |last| last + 1);
        let (found, expected) = (row.cells.len(), self.places.len());
        if found < expected || filled > expected {
            return Err(Fault::of_row(
                self.file,
                row.line,
                Reason::CellCount { found, expected },
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    fn reasons(line: &str) -> Vec<(Option<String>, Reason)> {
        let faults = Header::read(File::Carriers, &cells(line)).unwrap_err();
        assert!(
            faults
                .iter()
                .all(|fault| fault.line == 1 && fault.file == File::Carriers)
        );
        faults
            .into_iter()
            .map(|fault| (fault.column, fault.reason))
            .collect()
    }

    #[test]
    fn columns_are_found_in_any_order_and_spelling() {
        let header = Header::read(File::Carriers, &cells("\u{feff} Name ,N-A_I C,reason,,")).unwrap();
        let row = Row {
            line: 2,
            cells: cells("Acme Mutual, 12345 ,was wrong,,"),
        };
        assert_eq!(header.cell(&row, "naic"), "12345");
        assert_eq!(header.cell(&row, "name"), "Acme Mutual");
        assert!(header.fits(&row).is_ok());
    }

    #[test]
    fn an_unknown_a_repeated_and_a_missing_column_are_faults_of_line_one() {
        assert!(matches!(
            reasons("name,nick name,Name").as_slice(),
            [
                (Some(unknown), Reason::UnknownColumn { file: File::Carriers }),
                (Some(repeated), Reason::RepeatedColumn),
                (Some(missing), Reason::MissingColumn(_)),
            ] if unknown == "nick name" && repeated == "Name" && missing == "naic"
        ));
    }

    #[test]
    fn a_faulty_header_is_found_on_its_own_line() {
        for names in ["naic;name", "name", "naic,name,colour", "naic,name,name"] {
            let faults = Header::read_at(File::Carriers, 4, &cells(names)).unwrap_err();
            assert!(faults.iter().all(|fault| fault.line == 4), "{names}: {faults:?}");
        }
    }

    #[test]
    fn a_date_with_the_day_first_makes_others_ambiguous_unless_they_read_the_same() {
        let header = Header::read(File::Vehicles, &cells("policy_number,effective_on,vin")).unwrap();
        let row = |date: &str| Row {
            line: 2,
            cells: vec!["BA 13/02/2026".into(), date.into(), "13/02/2026".into()],
        };
        assert!(header.has_dates());
        assert!(header.has_day_first(&row(" 13/02/2026 ")));
        for date in ["12/02/2026", "2026-02-13", "13/13/2026", "02/13/2026", ""] {
            assert!(!header.has_day_first(&row(date)), "{date}");
        }
        let day = |text: &str| header.clone().with_day_first(Some(7)).date(text);
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(header.date("4/5/2026"), Ok(date("2026-04-05")));
        let refused = day("4/5/2026").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "may be 2026-04-05 or 2026-05-04, because line 7 of this file has the day before the month; \
             write all dates of this file in the form 2026-11-22"
        );
        for (text, read) in [
            ("4/4/2026", "2026-04-04"),
            ("4/13/2026", "2026-04-13"),
            ("2026-04-05", "2026-04-05"),
        ] {
            assert_eq!(day(text), Ok(date(read)), "{text}");
        }
        let carriers = Header::read(File::Carriers, &cells("naic,name")).unwrap();
        assert!(!carriers.has_dates());
    }

    #[test]
    fn a_file_with_semicolons_is_told_so() {
        assert_eq!(reasons("naic;name"), [(None, Reason::NotCommas("semicolons"))]);
    }

    #[test]
    fn a_row_that_does_not_fit_the_header_is_refused() {
        let header = Header::read(File::Carriers, &cells("naic,name")).unwrap();
        for (line, fits) in [("1,a", true), ("1,a,", true), ("1", false), ("1,a,b", false)] {
            assert_eq!(
                header
                    .fits(&Row {
                        line: 2,
                        cells: cells(line)
                    })
                    .is_ok(),
                fits,
                "{line}"
            );
        }
    }

    #[test]
    fn the_guard_against_formulas_is_taken_off_again() {
        let header = Header::read(File::Carriers, &cells("naic,name")).unwrap();
        for (written, read) in [
            ("'=1+1", "=1+1"),
            ("=1+1", "=1+1"),
            ("'tis", "'tis"),
            ("'+1 775", "+1 775"),
        ] {
            let row = Row {
                line: 2,
                cells: vec!["1".into(), written.into()],
            };
            assert_eq!(header.cell(&row, "name"), read);
        }
    }
}
