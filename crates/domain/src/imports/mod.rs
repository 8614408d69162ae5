//! The importer's rules: rows of CSV files become checked records, and every fault is reported with file,
//! line, column, value and reason.
//!
//! Rows refer to each other by the agency's own references (customer number, NAIC code, policy number with
//! its term). Reading bytes is the worker's part; here a row is already a list of cells.
//!
//! A run ([`run`]) is first checked ([`ledger`], [`plan`]) and only then applied; every fault is known before
//! anything is written.
//!
//! Invariant: a record of [`records`] holds only values that the model takes, and a row whose record
//! refers to a faulty or unknown record is faulty itself ([`ledger`]).

pub mod alteration;
mod cells;
pub mod columns;
pub mod export;
pub mod fault;
pub mod header;
pub mod ledger;
pub mod plan;
pub mod records;
pub mod run;
pub mod values;

pub use alteration::Alteration;
pub use fault::{Fault, Reason};
pub use header::Header;
pub use ledger::Ledger;
pub use records::Record;
pub use run::{Import, ImportError, ImportState};

use crate::vocabulary;

vocabulary! {
    /// A file of an import.
    pub enum File {
        /// The customers.
        Insureds = "insureds",
        /// People to reach at the customers.
        Contacts = "contacts",
        /// The insurers.
        Carriers = "carriers",
        /// The policies.
        Policies = "policies",
        /// What each policy covers.
        Coverages = "coverages",
        /// The forms attached to the policies.
        Endorsements = "endorsements",
        /// The vehicles scheduled on the policies.
        Vehicles = "vehicles",
        /// The certificate holders.
        Holders = "holders",
    }
}

impl File {
    /// The file's name in a folder to import.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("{self}.csv")
    }
}

/// The largest file that is taken, in bytes.
pub const MAX_FILE_BYTES: usize = 50 * 1024 * 1024;

/// The most rows of one file. Together with the length of a key it bounds what a check keeps in memory.
pub const MAX_ROWS: u32 = 250_000;

/// A row as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, the header being line 1.
    pub line: u32,
    /// Its cells, untouched.
    pub cells: Vec<String>,
}

impl Row {
    /// Whether there is nothing in it; such rows are skipped.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}
