//! Moves every date of an import file by whole days. The demo agency's files have fixed dates around a
//! base date; moved to today, its book stays alive.

use chrono::{NaiveDate, TimeDelta};
use countersign_domain::imports::columns::Kind;
use countersign_domain::imports::values::date;
use countersign_domain::imports::{File, Header};

use super::tokens::Tokens;

/// The file with its dates moved, in the form in which they stand there. Cells that are no dates stay as
/// they are.
///
/// # Errors
/// A text, when the file is not one that the importer would read.
pub fn shifted(file: File, text: &str, days: TimeDelta) -> Result<String, String> {
    let mut tokens = Tokens::new();
    let mut rows = Vec::new();
    let fed = tokens.feed(text.trim_start_matches('\u{feff}'), &mut rows);
    fed.and_then(|()| tokens.finish(&mut rows))
        .map_err(|reason| format!("{file}: {reason}"))?;
    let mut rows = rows.into_iter().map(|token| token.row.cells);
    let names = rows.next().unwrap_or_default();
    let header = Header::read(file, &names).map_err(|_| format!("{file}: the header is faulty"))?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| format!("{file}: {error}");
    writer.write_record(&names).map_err(failed)?;
    for cells in rows {
        let moved = cells.iter().enumerate().map(|(place, cell)| {
            let is_date = header
                .column(place)
                .is_some_and(|column| column.kind == Kind::Date);
            if is_date { moved(cell, days) } else { cell.clone() }
        });
        writer.write_record(moved).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| format!("{file}: {error}"))?;
    String::from_utf8(bytes).map_err(|error| format!("{file}: {error}"))
}

fn moved(cell: &str, days: TimeDelta) -> String {
    let day: Option<NaiveDate> = date(cell.trim())
        .ok()
        .and_then(|day| day.checked_add_signed(days));
    match day {
        Some(day) if cell.contains('/') => day.format("%-m/%-d/%Y").to_string(),
        Some(day) => day.to_string(),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_moves_by_the_same_days_and_nothing_else_does() {
        let text = "policy_number,effective_on,vin,year\nBA 3/1/2026,3/1/2026,1FT7W2BTXMEC21467,2021\n\"a, b\",2026-12-31,1FT7W2BTXMEC21467,2026\n";
        let moved = shifted(File::Vehicles, text, TimeDelta::days(10)).unwrap();
        assert_eq!(
            moved,
            "policy_number,effective_on,vin,year\nBA 3/1/2026,3/11/2026,1FT7W2BTXMEC21467,2021\n\"a, b\",2027-01-10,1FT7W2BTXMEC21467,2026\n"
        );
        assert_eq!(
            shifted(File::Vehicles, &moved, TimeDelta::days(-10)).unwrap(),
            text
        );
    }

    #[test]
    fn empty_dates_stay_empty() {
        let text = "naic,name\n25674,Travelers\n";
        assert_eq!(shifted(File::Carriers, text, TimeDelta::days(5)).unwrap(), text);
        assert_eq!(moved("", TimeDelta::days(5)), "");
    }
}
