//! Runs of the importer: their files, their rows while they last, and every fault.
//!
//! * [`run`] – a run and its states, its files as bytes
//! * [`rows`] – what the check found, row by row; faults and rejected rows
//! * [`stored`] – what the agency's records say already, in the words of an import
//! * [`terms`] – which policy is the next term of which
//! * [`write`] – batches of records into the tables
//!
//! Invariant: rows are written only from a batch that the domain decided, and a row that was written is
//! marked in the same transaction, so that a run which is taken up again does nothing twice.

mod pick;
mod rows;
mod run;
mod stored;
mod terms;
mod write;

pub use rows::{
    ChangeRow, FaultRow, RejectedRow, RowState, changes, clear, covers, faults, good_rows, record_header,
    record_read, record_settled, rejected,
};
pub use run::{
    find, header, list, lock, lock_book, record_applied, record_apply_requested, record_check_requested,
    record_checked, record_failed, record_opened, record_progress, record_uploaded, slice, tally,
};
pub use stored::{known, stored};
pub use write::record_written;
