//! What becomes of a checked record: it is new, it changes what is stored, or it says nothing new.
//!
//! Invariant: a record that says what is stored already is never written, so importing a file twice
//! changes nothing the second time.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::fault::{Fault, Reason};
use super::header::Header;
use super::ledger::{Known, Ledger};
use super::records::{Key, PolicyKey, Record, Target};
use super::{File, Row};
use crate::authz::Permit;
use crate::authz::rules::RunImports;
use crate::ids::ImportId;
use crate::policies::Coverage;
use crate::vocabulary;

vocabulary! {
    /// What a record does to what is stored.
    pub enum Change {
        /// There is no such record yet.
        New = "new",
        /// The stored record differs.
        Changed = "changed",
        /// The stored record says the same.
        Unchanged = "unchanged",
    }
}

/// A stored record, in the words of an import.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its row's id.
    pub id: Uuid,
    /// What it says.
    pub record: Record,
}

/// What a batch of records refers to, each once.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Customers.
    pub customers: HashSet<Key>,
    /// Insurers.
    pub carriers: HashSet<Key>,
    /// Policies.
    pub policies: HashSet<PolicyKey>,
}

impl Wanted {
    /// Gathers what the records refer to.
    #[must_use]
    pub fn of<'r>(records: impl IntoIterator<Item = &'r Record>) -> Self {
        let mut wanted = Self::default();
        for reference in records.into_iter().flat_map(Record::references) {
            match reference.to {
                Target::Customer(key) => drop(wanted.customers.insert(key)),
                Target::Carrier(key) => drop(wanted.carriers.insert(key)),
                Target::Policy(policy) | Target::Cover(policy) => drop(wanted.policies.insert(policy)),
            }
        }
        wanted
    }
}

/// What the first pass found in a row.
#[derive(Debug)]
pub struct ReadRow {
    /// The row as it stands in the file.
    pub row: Row,
    /// What names it.
    pub key: Option<Key>,
    /// Whether it may go on to the second pass.
    pub good: bool,
    /// Its own faults. A faulty row without any is one of a file whose header is faulty.
    pub faults: Vec<Fault>,
}

impl ReadRow {
    /// Reads a row and notes it.
    pub fn of(header: &Header, row: Row, ledger: &mut Ledger) -> Self {
        let key = Record::key_of(header, &row);
        let faults = Record::read(header, &row).err().unwrap_or_default();
        if let Some(key) = &key {
            ledger.note(header.file(), key, row.line, faults.is_empty());
        }
        if let Some(key) = Record::id_key_of(header, &row) {
            ledger.note(header.file(), &key, row.line, faults.is_empty());
        }
        Self {
            row,
            key,
            good: faults.is_empty(),
            faults,
        }
    }

    /// A row whose cells were not looked at, because its quotation marks or the file's header are at fault.
    #[must_use]
    pub const fn unread(row: Row, faults: Vec<Fault>) -> Self {
        Self {
            row,
            key: None,
            good: false,
            faults,
        }
    }
}

/// A batch of rows of the first pass.
#[derive(Debug)]
pub struct ReadBatch {
    import: ImportId,
    file: File,
    rows: Vec<ReadRow>,
}

/// Seals a batch of the first pass.
#[must_use]
pub fn read(_permit: &Permit<RunImports>, import: ImportId, file: File, rows: Vec<ReadRow>) -> ReadBatch {
    ReadBatch { import, file, rows }
}

impl ReadBatch {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }

    /// Which file.
    #[must_use]
    pub const fn file(&self) -> File {
        self.file
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[ReadRow] {
        &self.rows
    }
}

/// What the second pass found in a good row.
#[derive(Debug)]
pub enum Verdict {
    /// It may be written, and would do this.
    Good(Change),
    /// What it refers to is not there or faulty, or it lacks something.
    Faulty(Vec<Fault>),
}

/// A batch of rows of the second pass.
#[derive(Debug)]
pub struct SettledBatch {
    import: ImportId,
    file: File,
    rows: Vec<(u32, Verdict)>,
}

/// Settles a batch: each record against the ledger, what is known, and what is stored under its key. A column
/// that the file does not have is only then missing when the stored record does not fill it in.
#[must_use]
pub fn settle(
    _permit: &Permit<RunImports>,
    import: ImportId,
    header: &Header,
    records: Vec<(u32, Record)>,
    ledger: &mut Ledger,
    known: &Known,
    stored: &HashMap<Key, Stored>,
) -> SettledBatch {
    let rows = records
        .into_iter()
        .map(|(line, record)| {
            let faults = ledger.settle(&record, line, known);
            if !faults.is_empty() {
                return (line, Verdict::Faulty(faults));
            }
            if let Some(fault) = mistaken(&record, line, ledger, stored) {
                ledger.refuse(&record);
                return (line, Verdict::Faulty(vec![fault]));
            }
            let (change, merged) = over(record, header, stored);
            let verdict = match merged.lacks() {
                None => Verdict::Good(change),
                Some((column, reason)) => {
                    ledger.refuse(&merged);
                    Verdict::Faulty(vec![Fault {
                        column: Some(column.to_owned()),
                        ..Fault::of_row(header.file(), line, reason)
                    }])
                }
            };
            (line, verdict)
        })
        .collect();
    SettledBatch {
        import,
        file: header.file(),
        rows,
    }
}

impl SettledBatch {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }

    /// Which file.
    #[must_use]
    pub const fn file(&self) -> File {
        self.file
    }

    /// What became of each row.
    #[must_use]
    pub fn rows(&self) -> &[(u32, Verdict)] {
        &self.rows
    }
}

/// Why a row does not mean one record, and that one alone: the id that it gives is nobody's, what it calls the record
/// is another one's name, or another row means the same record.
fn mistaken(record: &Record, line: u32, ledger: &mut Ledger, stored: &HashMap<Key, Stored>) -> Option<Fault> {
    let found = stored.get(&record.key()).map(|stored| stored.id);
    if let Some(id) = record.means() {
        let reason = match found {
            Some(found) if found == id => None,
            Some(_) => Some(Reason::HolderTaken),
            None => Some(Reason::NoHolder),
        };
        if let Some(reason) = reason {
            let value = id.to_string();
            return Some(Fault::of_cell(record.file(), line, "holder_id", &value, reason));
        }
    }
    let key = record.key_under(found?)?;
    ledger.doubled(record, line, &key)
}

fn over(record: Record, header: &Header, stored: &HashMap<Key, Stored>) -> (Change, Record) {
    match stored.get(&record.key()) {
        None => (Change::New, record),
        Some(stored) => {
            let merged = record.over(&stored.record, header);
            let change = if merged == stored.record {
                Change::Unchanged
            } else {
                Change::Changed
            };
            (change, merged)
        }
    }
}

/// The good row of coverages.csv that belongs to a new policy.
#[derive(Clone, Debug)]
pub struct Cover {
    /// Its line in the file.
    pub line: u32,
    /// What the policy covers.
    pub coverage: Coverage,
}

/// A record to write.
#[derive(Debug)]
pub struct Write {
    /// The line of its row.
    pub line: u32,
    /// What it does.
    pub change: Change,
    /// Its row's id: the stored one, or a fresh one.
    pub id: Uuid,
    /// What is to be stored.
    pub record: Record,
    /// The cover of a new policy.
    pub cover: Option<Cover>,
}

/// A batch of records to write.
#[derive(Debug)]
pub struct WriteBatch {
    import: ImportId,
    file: File,
    writes: Vec<Write>,
}

/// What was checked is not so any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Outrun {
    /// A new policy whose row of cover is gone: the run was tampered with between check and apply.
    #[error("the row of coverages.csv for the policy on line {line} is missing; check the import again")]
    CoverMissing {
        /// The policy's line.
        line: u32,
    },
    /// The holder that a row means was merged, or another one was given its name, since the check.
    #[error("the holder on line {line} of holders.csv was changed since the check; check the import again")]
    HolderChanged {
        /// The holder's line.
        line: u32,
    },
}

/// Decides what is written for a batch of good records.
///
/// # Errors
/// [`Outrun`]; nothing of the batch is written then.
pub fn write(
    _permit: &Permit<RunImports>,
    import: ImportId,
    header: &Header,
    records: Vec<(u32, Record)>,
    stored: &HashMap<Key, Stored>,
    covers: &HashMap<Key, Cover>,
    mut fresh_id: impl FnMut() -> Uuid,
) -> Result<WriteBatch, Outrun> {
    let mut writes = Vec::with_capacity(records.len());
    for (line, record) in records {
        let id = stored.get(&record.key()).map(|stored| stored.id);
        if record.means().is_some_and(|meant| id != Some(meant)) {
            return Err(Outrun::HolderChanged { line });
        }
        let (change, record) = over(record, header, stored);
        let cover = match (&record, change) {
            (Record::Policy(_), Change::New) => Some(
                covers
                    .get(&record.key())
                    .cloned()
                    .ok_or(Outrun::CoverMissing { line })?,
            ),
            _ => None,
        };
        writes.push(Write {
            line,
            change,
            id: id.unwrap_or_else(&mut fresh_id),
            record,
            cover,
        });
    }
    Ok(WriteBatch {
        import,
        file: header.file(),
        writes,
    })
}

impl WriteBatch {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }

    /// Which file.
    #[must_use]
    pub const fn file(&self) -> File {
        self.file
    }

    /// The records, unchanged ones included.
    #[must_use]
    pub fn writes(&self) -> &[Write] {
        &self.writes
    }
}
