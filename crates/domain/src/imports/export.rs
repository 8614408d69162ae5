//! CSV that we hand out: templates and rejected rows.
//!
//! Invariant: what is written here is read back by the importer as it was, and no spreadsheet computes it.

use super::Row;
use super::columns::{ADDED, folded};

/// What a spreadsheet takes for the start of a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// One line of CSV (RFC 4180), line break included. A cell that looks like a formula gets an apostrophe,
/// which spreadsheets take for "this is text" and the importer takes off again.
#[must_use]
pub fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        let guard = if cell.starts_with(FORMULA_STARTS) { "'" } else { "" };
        if cell.contains([',', '"', '\r', '\n']) || cell.trim() != cell {
            line.push('"');
            line.push_str(guard);
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(guard);
            line.push_str(cell);
        }
    }
    // A line with one empty cell would otherwise read as a blank line.
    if line.is_empty() {
        line.push_str("\"\"");
    }
    line.push_str("\r\n");
    line
}

/// A file of rejected rows: the columns as they were, then the line in the file that was uploaded and the
/// reason. Corrected, it can be uploaded as it is.
#[derive(Debug)]
pub struct RejectedFile<'a> {
    header: &'a [String],
    /// The columns to keep: those that an earlier file of rejected rows brought along are written anew.
    kept: Vec<usize>,
}

impl<'a> RejectedFile<'a> {
    /// A file with these columns.
    #[must_use]
    pub fn new(header: &'a [String]) -> Self {
        let is_ours = |name: &str| ADDED.iter().any(|added| folded(added) == folded(name));
        let kept = header
            .iter()
            .enumerate()
            .filter(|(_, name)| !is_ours(name))
            .map(|(place, _)| place);
        Self {
            header,
            kept: kept.collect(),
        }
    }

    /// The first line.
    #[must_use]
    pub fn head(&self) -> String {
        let names = self
            .kept
            .iter()
            .filter_map(|place| self.header.get(*place))
            .map(String::as_str);
        csv_line(names.chain(ADDED.iter().copied()))
    }

    /// A rejected row. Cells behind the last column stay behind everything, so that the row is refused again
    /// until somebody has looked at it.
    #[must_use]
    pub fn line(&self, row: &Row, reason: &str) -> String {
        let line = row.line.to_string();
        let cell = |place: &usize| row.cells.get(*place).map_or("", String::as_str);
        let cells = self.kept.iter().map(cell);
        let surplus = row.cells.iter().skip(self.header.len()).map(String::as_str);
        csv_line(cells.chain([line.as_str(), reason]).chain(surplus))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::imports::{File, Header, Record, Row};

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(
            csv_line(["a", "b, c", "say \"yes\"", ""]),
            "a,\"b, c\",\"say \"\"yes\"\"\",\r\n"
        );
        assert_eq!(csv_line(["two\nlines", " x"]), "\"two\nlines\",\" x\"\r\n");
        assert_eq!(csv_line([""]), "\"\"\r\n");
    }

    #[test]
    fn a_formula_is_handed_out_as_text() {
        assert_eq!(csv_line(["=1+1", "@x", "-2,5"]), "'=1+1,'@x,\"'-2,5\"\r\n");
    }

    #[test]
    fn a_rejected_row_carries_its_line_and_reason_once() {
        let header = ["naic", "name", "File Line", "Reason"].map(str::to_owned);
        let file = RejectedFile::new(&header);
        assert_eq!(file.head(), "naic,name,file_line,reason\r\n");
        let cells = ["2567", "Travelers", "9", "an old one"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(
            file.line(&Row { line: 4, cells }, "naic: too short"),
            "2567,Travelers,4,naic: too short\r\n"
        );
        let short = Row {
            line: 5,
            cells: vec!["2567".into()],
        };
        assert_eq!(file.line(&short, "why"), "2567,,5,why\r\n");
    }

    #[test]
    fn surplus_cells_stay_surplus() {
        let header = ["naic", "name"].map(str::to_owned);
        let cells = ["25674", "Acuity", " A Mutual"].map(str::to_owned).to_vec();
        let line = RejectedFile::new(&header).line(&Row { line: 2, cells }, "why");
        assert_eq!(line, "25674,Acuity,2,why,\" A Mutual\"\r\n");
    }

    proptest! {
        #[test]
        fn no_cell_of_an_export_is_a_formula(cell in "\\PC{0,20}") {
            let line = csv_line([cell.as_str()]);
            let bare = line.strip_prefix('"').unwrap_or(&line);
            prop_assert!(!bare.starts_with(FORMULA_STARTS) || bare.trim().is_empty());
        }

        #[test]
        fn the_guard_is_taken_off_when_the_file_comes_back(name in "[=+@-][a-z0-9]{1,12}") {
            let columns = File::Carriers.columns().iter().map(|column| column.name.to_owned());
            let header = Header::read(File::Carriers, &columns.collect::<Vec<_>>()).unwrap();
            let line = csv_line(["12345", name.as_str()]);
            let cells = line.trim_end().split(',').map(str::to_owned).collect();
            let Ok(Record::Carrier(carrier)) = Record::read(&header, &Row { line: 2, cells }) else { panic!() };
            prop_assert_eq!(carrier.name.as_str(), name);
        }
    }
}
