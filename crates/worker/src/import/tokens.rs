//! Rows out of CSV text, a piece at a time, so that a file is never in memory as a whole.
//!
//! The tokenizer is the one of the `csv` crate, which forgives stray quotation marks; a row that it had to
//! forgive is marked, because what was meant is a guess.

use countersign_domain::imports::{Reason, Row};
use csv_core::{ReadRecordResult, Reader};

/// A row may be this long; a longer one means a quotation mark that is not closed.
const MAX_ROW_BYTES: usize = 1024 * 1024;

/// A row, and whether its quotation marks are in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The row.
    pub(super) row: Row,
    /// Whether no quotation mark had to be forgiven.
    pub(super) sound: bool,
}

/// Where in a row the next byte stands, by RFC 4180.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Between rows.
    Outside,
    /// At the start of a cell.
    Start,
    /// In a cell without quotation marks.
    Bare,
    /// Between quotation marks.
    Quoted,
    /// Behind a quotation mark that closes the cell, or is the first of a doubled one.
    Closing,
}

/// Cuts text into rows.
pub(super) struct Tokens {
    reader: Reader,
    output: Vec<u8>,
    written: usize,
    ends: Vec<usize>,
    ended: usize,
    place: Place,
    sound: bool,
    line: u32,
    starts_on: u32,
    after_return: bool,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self {
            reader: Reader::new(),
            output: vec![0; 4096],
            written: 0,
            ends: vec![0; 64],
            ended: 0,
            place: Place::Outside,
            sound: true,
            line: 1,
            starts_on: 1,
            after_return: false,
        }
    }

    /// The line on which the row that is being read begins.
    pub(super) const fn starts_on(&self) -> u32 {
        self.starts_on
    }

    /// Takes the next piece of text; whole rows go to `rows`.
    pub(super) fn feed(&mut self, text: &str, rows: &mut Vec<Token>) -> Result<(), Reason> {
        let mut input = text.as_bytes();
        while !input.is_empty() {
            let (taken, _) = self.step(input, rows)?;
            input = input.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    /// Takes the end of the file; the last row goes to `rows`.
    pub(super) fn finish(&mut self, rows: &mut Vec<Token>) -> Result<(), Reason> {
        self.sound &= self.place != Place::Quoted;
        // Empty input tells the reader that there is no more.
        while self.step(&[], rows)?.1 != ReadRecordResult::End {}
        Ok(())
    }

    /// One step of the reader: how many bytes it took, and what came of it.
    fn step(&mut self, input: &[u8], rows: &mut Vec<Token>) -> Result<(usize, ReadRecordResult), Reason> {
        let (result, taken, wrote, ended) = self.reader.read_record(
            input,
            self.output.get_mut(self.written..).unwrap_or_default(),
            self.ends.get_mut(self.ended..).unwrap_or_default(),
        );
        self.written += wrote;
        self.ended += ended;
        self.watch(input.get(..taken).unwrap_or_default());
        match result {
            ReadRecordResult::Record => rows.push(self.row()),
            ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
            ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
        }
        if self.written > MAX_ROW_BYTES {
            return Err(Reason::EndlessRow(MAX_ROW_BYTES));
        }
        Ok((taken, result))
    }

    fn row(&mut self) -> Token {
        let mut from = 0;
        let ends = self.ends.get(..self.ended).unwrap_or_default();
        let cells = ends
            .iter()
            .map(|end| {
                let cell = self.output.get(from..*end).unwrap_or_default();
                from = *end;
                // The input is text and is cut only at commas, so this replaces nothing.
                String::from_utf8_lossy(cell).into_owned()
            })
            .collect();
        let token = Token {
            row: Row {
                line: self.starts_on,
                cells,
            },
            sound: self.sound,
        };
        self.written = 0;
        self.ended = 0;
        self.place = Place::Outside;
        self.sound = true;
        token
    }

    /// Follows the bytes that the reader took: lines are counted, quotation marks are judged.
    fn watch(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let breaks = matches!(byte, b'\r' | b'\n');
            if self.place == Place::Outside && !breaks {
                self.starts_on = self.line;
                self.place = Place::Start;
            }
            self.place = match (self.place, byte) {
                (Place::Outside, _) => Place::Outside,
                (Place::Start, b'"') => Place::Quoted,
                (Place::Closing, b'"') => Place::Quoted,
                (Place::Quoted, b'"') => Place::Closing,
                (Place::Quoted, _) => Place::Quoted,
                (_, b',') => Place::Start,
                (_, b'\r' | b'\n') => Place::Outside,
                (Place::Closing, _) => {
                    self.sound = false;
                    Place::Bare
                }
                (Place::Start | Place::Bare, _) => Place::Bare,
            };
            // CR LF is one line break.
            if *byte == b'\r' || (*byte == b'\n' && !self.after_return) {
                self.line = self.line.saturating_add(1);
            }
            self.after_return = *byte == b'\r';
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, size: usize) -> Result<Vec<Token>, Reason> {
        let mut tokens = Tokens::new();
        let mut rows = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let at = (size..=rest.len())
                .find(|at| rest.is_char_boundary(*at))
                .unwrap_or(rest.len());
            let (piece, after) = rest.split_at(at);
            tokens.feed(piece, &mut rows)?;
            rest = after;
        }
        tokens.finish(&mut rows)?;
        Ok(rows)
    }

    fn lines(text: &str) -> Vec<(u32, Vec<String>, bool)> {
        let whole = read(text, usize::MAX / 2).unwrap();
        for size in 1..12 {
            assert_eq!(read(text, size).unwrap(), whole, "{size}");
        }
        whole
            .into_iter()
            .map(|token| (token.row.line, token.row.cells, token.sound))
            .collect()
    }

    fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>, bool) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect(), true)
    }

    #[test]
    fn a_row_knows_the_line_it_begins_on() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "\"x", "y\",2", "", "", "c,d"].join(end);
            let broken = format!("x{end}y");
            assert_eq!(
                lines(&text),
                [row(1, &["a", "b"]), row(2, &[&broken, "2"]), row(6, &["c", "d"])],
                "{end:?}"
            );
        }
    }

    #[test]
    fn quoted_commas_and_doubled_marks_are_cells() {
        assert_eq!(
            lines("\"Granite Peak Builders, Inc.\",\"say \"\"yes\"\"\",6\" pipe,\n"),
            [row(
                1,
                &["Granite Peak Builders, Inc.", "say \"yes\"", "6\" pipe", ""]
            )]
        );
        assert_eq!(lines(""), []);
        assert_eq!(lines("\n\n"), []);
        assert_eq!(lines("\"\"\n"), [row(1, &[""])]);
    }

    #[test]
    fn a_mark_that_is_not_closed_or_has_text_behind_it_is_noticed() {
        let found = |text: &str| {
            lines(text)
                .into_iter()
                .map(|(line, _, sound)| (line, sound))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("a,b\n\"x,1\ny,2\n"), [(1, true), (2, false)]);
        assert_eq!(found("a,b\n\"x\"y,1\nz,2\n"), [(1, true), (2, false), (3, true)]);
        assert_eq!(found("a,b\n\"x\" ,1\n"), [(1, true), (2, false)]);
    }

    #[test]
    fn a_row_that_never_ends_is_refused_before_it_fills_the_memory() {
        let text = format!("a,b\n\"{}", "x,1\n".repeat(400_000));
        assert_eq!(read(&text, 1 << 16), Err(Reason::EndlessRow(MAX_ROW_BYTES)));
    }

    proptest! {
        #[test]
        fn whatever_is_written_as_csv_is_read_back(
            table in prop::collection::vec(prop::collection::vec("[a,\"\r\n =é–]{0,8}", 2..5), 1..8),
            size in 1usize..40,
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read = read(&text, size).unwrap();
            prop_assert!(read.iter().all(|token| token.sound));
            let cells: Vec<_> = read.into_iter().map(|token| token.row.cells).collect();
            prop_assert_eq!(cells, table);
        }

        #[test]
        fn no_text_breaks_the_tokenizer(text in "[a,\"\r\n;é]{0,200}", size in 1usize..40) {
            let read = read(&text, size).unwrap();
            let mut by_crate = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> =
                by_crate.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            let lines: Vec<u32> = read.iter().map(|token| token.row.line).collect();
            prop_assert!(lines.is_sorted());
            let cells: Vec<_> = read.into_iter().map(|token| token.row.cells).collect();
            prop_assert_eq!(cells, expected);
        }
    }
}
