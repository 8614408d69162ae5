//! The check: every row is read and judged, every fault is kept, nothing of the agency's book is touched.

use std::collections::BTreeMap;

use countersign_domain::ids::ImportId;
use countersign_domain::imports::ledger::SETTLING;
use countersign_domain::imports::plan::{ReadRow, Wanted, read, settle};
use countersign_domain::imports::run::{Progress, checked};
use countersign_domain::imports::{Fault, File, Header, ImportState, Ledger, MAX_ROWS, Reason, Record, Row};
use countersign_persistence::imports;

use super::encoding::{Encoding, Sniffer, Text};
use super::tokens::{Token, Tokens};
use super::{BATCH, Error, Means, Told};

/// How many bytes are asked of the database at a time.
const SLICE: usize = 256 * 1024;

/// Reads and judges the files of a run that waits for its check. A run that does not is left alone: the
/// job was done before.
///
/// # Errors
/// [`Error`]; unless it is passing, the run is marked as failed.
pub async fn check(means: &Means<'_>, import: ImportId, told: &mut Told<'_>) -> Result<(), Error> {
    match Check::begin(means, import).await {
        Ok(None) => Ok(()),
        Ok(Some(mut check)) => match check.run(told).await {
            Ok(()) => Ok(()),
            Err(error) => means.give_up(import, error).await,
        },
        Err(error) => means.give_up(import, error).await,
    }
}

struct Check<'a> {
    means: &'a Means<'a>,
    import: ImportId,
    files: Vec<File>,
    ledger: Ledger,
    headers: BTreeMap<File, Header>,
    progress: Progress,
}

impl<'a> Check<'a> {
    /// Takes the run up; what an earlier attempt left is cleared.
    async fn begin(means: &'a Means<'a>, import: ImportId) -> Result<Option<Self>, Error> {
        means
            .within(async |tx, permit| {
                let run = imports::lock(tx, permit, import).await?;
                if run.state != ImportState::Checking {
                    return Ok(None);
                }
                imports::clear(tx, permit, import).await?;
                Ok(Some(Self {
                    means,
                    import,
                    files: run.files.iter().map(|report| report.file).collect(),
                    ledger: Ledger::new(),
                    headers: BTreeMap::new(),
                    progress: Progress::default(),
                }))
            })
            .await
    }

    async fn run(&mut self, told: &mut Told<'_>) -> Result<(), Error> {
        let mut encodings = Vec::new();
        for file in self.files.clone() {
            let found = self.sniff(file).await?;
            if let Ok((_, lines)) = found {
                // Each row is read once and judged once.
                self.progress.total += lines * 2;
            }
            encodings.push((file, found));
        }
        for (file, found) in encodings {
            match found {
                Ok((encoding, _)) => self.read(file, encoding, told).await?,
                Err(reason) => self.refuse(file, reason).await?,
            }
        }
        for file in SETTLING {
            if let Some(header) = self.headers.remove(&file) {
                self.settle(file, &header, told).await?;
            }
        }
        self.means
            .within(async |tx, permit| {
                let run = imports::lock(tx, permit, self.import).await?;
                Ok(imports::record_checked(tx, &checked(permit, &run)?).await?)
            })
            .await
    }

    async fn slice(&self, file: File, offset: usize) -> Result<Vec<u8>, Error> {
        self.means
            .within(
                async |tx, permit| Ok(imports::slice(tx, permit, self.import, file, offset, SLICE).await?),
            )
            .await
    }

    async fn sniff(&self, file: File) -> Result<Result<(Encoding, u64), Reason>, Error> {
        let mut sniffer = Sniffer::default();
        let mut offset = 0;
        loop {
            let slice = self.slice(file, offset).await?;
            if slice.is_empty() {
                return Ok(sniffer.finish());
            }
            offset += slice.len();
            sniffer.feed(&slice);
        }
    }

    /// Refuses a file as a whole.
    async fn refuse(&self, file: File, reason: Reason) -> Result<(), Error> {
        let faults = [Fault::of_row(file, 1, reason)];
        self.note_header(file, &[], &faults).await
    }

    async fn note_header(&self, file: File, cells: &[String], faults: &[Fault]) -> Result<(), Error> {
        self.means
            .within(async |tx, permit| {
                Ok(imports::record_header(tx, permit, self.import, file, cells, faults).await?)
            })
            .await
    }

    /// The first pass over a file.
    async fn read(&mut self, file: File, encoding: Encoding, told: &mut Told<'_>) -> Result<(), Error> {
        let day_first = self.day_first(file, encoding).await?;
        let mut text = Text::new(encoding);
        let mut tokens = Tokens::new();
        let mut reading = Reading {
            file,
            day_first,
            header: None,
            rows: Vec::new(),
            count: 0,
            last: 1,
            overflows: false,
        };
        let mut offset = 0;
        loop {
            let slice = self.slice(file, offset).await?;
            let last = slice.is_empty();
            offset += slice.len();
            let mut found = Vec::new();
            let outcome = text.decode(&slice, last).and_then(|text| {
                tokens.feed(&text, &mut found)?;
                if last { tokens.finish(&mut found) } else { Ok(()) }
            });
            for token in found {
                if reading.header.is_none() {
                    self.take_header(&mut reading, token).await?;
                } else {
                    reading.take(token, &mut self.ledger);
                }
                if reading.rows.len() >= usize::from(BATCH) {
                    self.flush(&mut reading, told).await?;
                }
            }
            let full = if reading.overflows {
                Err(Reason::TooManyRows(MAX_ROWS))
            } else {
                Ok(())
            };
            if let Err(reason) = outcome.and(full) {
                if reading.header.is_none() {
                    return self.refuse(file, reason).await;
                }
                reading.break_off(tokens.starts_on(), reason);
                break;
            }
            if last {
                break;
            }
        }
        self.flush(&mut reading, told).await?;
        match reading.header {
            None => self.refuse(file, Reason::EmptyFile).await,
            Some(Some(header)) => {
                self.headers.insert(file, header);
                Ok(())
            }
            Some(None) => Ok(()),
        }
    }

    /// The first line with a date that has the day before the month. It is looked for ahead of everything
    /// else, because rows above it are as ambiguous as those below; a file without dates is not read to its
    /// end for it.
    async fn day_first(&self, file: File, encoding: Encoding) -> Result<Option<u32>, Error> {
        let mut text = Text::new(encoding);
        let mut tokens = Tokens::new();
        let mut header: Option<Header> = None;
        let mut offset = 0;
        loop {
            let slice = self.slice(file, offset).await?;
            let last = slice.is_empty();
            offset += slice.len();
            let mut found = Vec::new();
            let outcome = text.decode(&slice, last).and_then(|text| {
                tokens.feed(&text, &mut found)?;
                if last { tokens.finish(&mut found) } else { Ok(()) }
            });
            for Token { row, .. } in found.into_iter().filter(|token| !token.row.is_blank()) {
                match &header {
                    None => match Header::read(file, &row.cells) {
                        Ok(read) if read.has_dates() => header = Some(read),
                        _ => return Ok(None),
                    },
                    Some(header) if header.has_day_first(&row) => return Ok(Some(row.line)),
                    Some(_) => {}
                }
            }
            // What cannot be read any further is reported by the pass that reads the rows.
            if last || outcome.is_err() {
                return Ok(None);
            }
        }
    }

    async fn take_header(&self, reading: &mut Reading, token: Token) -> Result<(), Error> {
        let file = reading.file;
        if token.row.is_blank() {
            return Ok(());
        }
        let Row { line, cells } = token.row;
        let read = if token.sound {
            Header::read_at(file, line, &cells).map(|header| header.with_day_first(reading.day_first))
        } else {
            Err(vec![Fault::of_row(file, line, Reason::Quotes)])
        };
        match read {
            Ok(header) => {
                self.note_header(file, &cells, &[]).await?;
                reading.header = Some(Some(header));
            }
            Err(faults) => {
                self.note_header(file, &cells, &faults).await?;
                reading.header = Some(None);
            }
        }
        Ok(())
    }

    async fn flush(&mut self, reading: &mut Reading, told: &mut Told<'_>) -> Result<(), Error> {
        let rows = std::mem::take(&mut reading.rows);
        if rows.is_empty() {
            return Ok(());
        }
        self.step(rows.len());
        let file = reading.file;
        self.means
            .within(async |tx, permit| {
                Ok(imports::record_read(tx, &read(permit, self.import, file, rows)).await?)
            })
            .await?;
        self.means.progress(self.import, self.progress, told).await
    }

    fn step(&mut self, rows: usize) {
        self.progress.done += rows as u64;
        // Lines are counted before rows are known; a cell with line breaks makes the count too large, a
        // last line without one makes it too small.
        self.progress.total = self.progress.total.max(self.progress.done);
    }

    /// The second pass over a file: good rows against each other and against what is stored.
    async fn settle(&mut self, file: File, header: &Header, told: &mut Told<'_>) -> Result<(), Error> {
        let mut behind = 0;
        loop {
            let (means, import) = (self.means, self.import);
            let ledger = &mut self.ledger;
            let (last, judged) = means
                .within(async |tx, permit| {
                    let rows = imports::good_rows(tx, permit, import, file, behind, BATCH).await?;
                    let last = rows.last().map(|row| row.line);
                    let records = records(header, &rows);
                    let wanted = Wanted::of(records.iter().map(|(_, record)| record));
                    let known = imports::known(tx, permit, &wanted).await?;
                    let stored = imports::stored(tx, permit, import, file, &records).await?;
                    let batch = settle(permit, import, header, records, ledger, &known, &stored);
                    imports::record_settled(tx, &batch).await?;
                    Ok((last, rows.len()))
                })
                .await?;
            let Some(last) = last else { return Ok(()) };
            behind = last;
            self.step(judged);
            means.progress(import, self.progress, told).await?;
        }
    }
}

/// A file in the first pass.
struct Reading {
    file: File,
    day_first: Option<u32>,
    /// `Some(None)` once the header turned out to be faulty.
    header: Option<Option<Header>>,
    rows: Vec<ReadRow>,
    count: u32,
    last: u32,
    overflows: bool,
}

impl Reading {
    fn take(&mut self, token: Token, ledger: &mut Ledger) {
        if token.row.is_blank() {
            return;
        }
        if self.count >= MAX_ROWS {
            self.overflows = true;
            return;
        }
        self.count += 1;
        self.last = token.row.line;
        let row = match &self.header {
            _ if !token.sound => {
                let fault = Fault::of_row(self.file, token.row.line, Reason::Quotes);
                ReadRow::unread(token.row, vec![fault])
            }
            Some(Some(header)) => ReadRow::of(header, token.row, ledger),
            Some(None) | None => ReadRow::unread(token.row, Vec::new()),
        };
        self.rows.push(row);
    }

    /// Notes where and why the file cannot be read any further.
    fn break_off(&mut self, line: u32, reason: Reason) {
        let row = Row {
            line: line.max(self.last.saturating_add(1)),
            cells: Vec::new(),
        };
        let fault = Fault::of_row(self.file, row.line, reason);
        self.rows.push(ReadRow::unread(row, vec![fault]));
    }
}

/// Rows that were good before, read again.
pub(super) fn records(header: &Header, rows: &[Row]) -> Vec<(u32, Record)> {
    rows.iter()
        .filter_map(|row| Record::read(header, row).ok().map(|record| (row.line, record)))
        .collect()
}
