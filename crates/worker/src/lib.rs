//! What must happen later: mail that was queued, files that are to be read.
//!
//! [`run`] is for production: any number of workers on one queue. [`drain`] is for tests and for small
//! errands: it does what is due and returns.
//!
//! Invariants: nobody else in the product sends mail; a job's claim is counted before its work starts; no
//! transaction is open while anything outside is spoken to.

pub mod import;
mod jobs;
pub mod mail;
mod patience;
mod pulse;
mod runner;
#[cfg(feature = "testing")]
pub mod testing;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use countersign_domain::text::EmailAddress;
use countersign_persistence::Db;
use countersign_persistence::jobs::Queue;
use url::Url;

use crate::mail::Mailer;

pub use pulse::Pulse;
pub use runner::{Drained, Stalled, drain, run};

/// Tells the time; a port to the outside, so that tests can hold it still.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// This moment.
    fn now(&self) -> DateTime<Utc>;
}

/// What a worker is told at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The worker's name, different from that of every other worker, e.g. host and process.
    pub name: String,
    /// How many jobs it does at a time.
    pub concurrency: u16,
    /// Where links for staff lead, e.g. `https://staff.example.com`.
    pub staff_origin: Url,
    /// Where links for insureds lead.
    pub portal_origin: Url,
    /// The address that mail is sent from; replies go to the agency.
    pub mail_from: EmailAddress,
}

/// A worker: the queue, the way out for mail, and what it was told.
#[derive(Clone, Debug)]
pub struct Worker {
    pub(crate) db: Db,
    pub(crate) queue: Queue,
    pub(crate) mailer: Arc<dyn Mailer>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) pulse: Pulse,
}

impl Worker {
    /// A worker on a pool in the worker's role. The pool should have a connection or two more than jobs are
    /// done at a time.
    #[must_use]
    pub fn new(db: Db, mailer: Arc<dyn Mailer>, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        Self {
            queue: Queue::new(db.clone()),
            db,
            mailer,
            clock,
            settings: Arc::new(settings),
            pulse: Pulse::new(),
        }
    }

    /// Its signs of life, once it [runs](run).
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }
}
