//! The clock of the machine, and fresh ids. Only this crate may ask either.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place that tells the time to all others"
)]

use chrono::{DateTime, SubsecRound as _, Utc};
use uuid::Uuid;

/// The machine's clock, to the microsecond that Postgres keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl SystemClock {
    /// This moment.
    pub(crate) fn moment() -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

impl countersign_api::Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Self::moment()
    }
}

impl countersign_worker::Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Self::moment()
    }
}

/// A fresh id.
pub(crate) fn fresh_id() -> Uuid {
    Uuid::now_v7()
}
