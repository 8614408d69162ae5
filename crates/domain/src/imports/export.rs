//! CSV that we hand out: templates and rejected rows.
//!
//! Invariant: what is written here is read back by the importer as it was, and no spreadsheet computes it.

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::imports::{File, Header, Record, Row};

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(csv_line(["a", "b, c", "say \"yes\"", ""]), "a,\"b, c\",\"say \"\"yes\"\"\",\r\n");
        assert_eq!(csv_line(["two\nlines", " x"]), "\"two\nlines\",\" x\"\r\n");
        assert_eq!(csv_line([""]), "\"\"\r\n");
    }

    #[test]
    fn a_formula_is_handed_out_as_text() {
        assert_eq!(csv_line(["=1+1", "@x", "-2,5"]), "'=1+1,'@x,\"'-2,5\"\r\n");
    }

    proptest! {
        #[test]
        fn no_cell_of_an_export_is_a_formula(cell in "\\PC{0,20}") {
            let line = csv_line([cell.as_str()]);
            let bare = line.trim_start_matches('"');
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
