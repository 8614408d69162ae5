//! How long to wait before the next attempt, and when to stop.
//!
//! Invariants: what fails by itself is tried ever more rarely and then buried; what fails because something
//! it needs is away is not counted against it, but does not wait for ever either.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::jobs::MAX_CLAIMS;
use countersign_persistence::jobs::{Claim, Counting};
use countersign_persistence::{Error, Tx, jobs};

use crate::jobs::JobError;

/// Waits after the first, second, … failed attempt. Greylisting ends within minutes, an outage within hours.
const LADDER: &[TimeDelta] = &[
    TimeDelta::seconds(10),
    TimeDelta::seconds(30),
    TimeDelta::minutes(2),
    TimeDelta::minutes(10),
    TimeDelta::minutes(30),
    TimeDelta::hours(1),
    TimeDelta::hours(2),
];

/// For so long a job waits for what is away, from its first attempt on: a relay that is down over a weekend
/// loses no mail.
const WEEKEND: TimeDelta = TimeDelta::hours(72);

/// How an attempt ends for the job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The work is done.
    Done,
    /// It is tried again.
    Later {
        /// When.
        run_at: DateTime<Utc>,
        /// Why not now.
        reason: String,
        /// Whether the attempt speaks against the job.
        counting: Counting,
    },
    /// It is given up, for staff to see.
    Buried {
        /// Why.
        reason: String,
    },
}

impl Ending {
    /// Decides what becomes of a job whose attempt failed. `chance` spreads attempts, so that what failed
    /// together is not tried together.
    pub(crate) fn after(error: JobError, claim: &Claim, now: DateTime<Utc>, chance: u8) -> Self {
        let age = (now - claim.first_claimed_at()).max(TimeDelta::zero());
        match error {
            JobError::Fail { reason } => Self::Buried { reason },
            JobError::Retry { reason } if claim.claims() >= MAX_CLAIMS => Self::Buried { reason },
            JobError::Retry { reason } => {
                let run_at = now + spread(step(claim.claims()), chance);
                Self::Later {
                    run_at,
                    reason,
                    counting: Counting::Counted,
                }
            }
            JobError::Unanswered { reason } if claim.is_unanswered() || claim.claims() >= MAX_CLAIMS => {
                Self::Buried {
                    reason: format!("{reason}; it may have arrived, as may the one before"),
                }
            }
            JobError::Unanswered { reason } => Self::Later {
                run_at: now + spread(step(claim.claims()), chance),
                reason,
                counting: Counting::Unanswered,
            },
            JobError::Away { reason } if age >= WEEKEND => Self::Buried { reason },
            JobError::Away { reason } => {
                let run_at = now + spread(while_away(age), chance);
                Self::Later {
                    run_at,
                    reason,
                    counting: Counting::GivenBack,
                }
            }
        }
    }

    /// The word for metrics and logs.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Later { .. } => "later",
            Self::Buried { .. } => "buried",
        }
    }

    /// Writes it; `false` when another worker has the job by now.
    pub(crate) async fn record(&self, tx: &mut Tx, claim: &Claim, now: DateTime<Utc>) -> Result<bool, Error> {
        match self {
            Self::Done => jobs::finish(tx, claim).await,
            Self::Later {
                run_at,
                reason,
                counting,
            } => jobs::put_back(tx, claim, *run_at, reason, *counting).await,
            Self::Buried { reason } => jobs::bury(tx, claim, reason, now).await,
        }
    }
}

fn step(claims: u32) -> TimeDelta {
    let index = usize::try_from(claims.saturating_sub(1)).unwrap_or(usize::MAX);
    LADDER
        .get(index)
        .or(LADDER.last())
        .copied()
        .unwrap_or(TimeDelta::hours(1))
}

/// The longer something has been away, the more rarely we ask: at once after a hiccup, each ten minutes in
/// an outage.
fn while_away(age: TimeDelta) -> TimeDelta {
    (age / 4).clamp(TimeDelta::seconds(10), TimeDelta::minutes(10))
}

/// Between 80 and 120 percent of a wait.
fn spread(wait: TimeDelta, chance: u8) -> TimeDelta {
    wait * (80_000 + i32::from(chance) * 40_000 / 255) / 100_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_at_the_longest() {
        let waits: Vec<_> = (1..=9).map(|claims| step(claims).num_seconds()).collect();
        assert_eq!(waits, [10, 30, 120, 600, 1_800, 3_600, 7_200, 7_200, 7_200]);
    }

    #[test]
    fn chance_spreads_by_a_fifth_and_no_further() {
        let wait = TimeDelta::seconds(100);
        assert_eq!(spread(wait, 0), TimeDelta::seconds(80));
        assert_eq!(spread(wait, 255), TimeDelta::seconds(120));
    }

    #[test]
    fn what_is_away_is_asked_for_ever_more_rarely() {
        assert_eq!(while_away(TimeDelta::zero()), TimeDelta::seconds(10));
        assert_eq!(while_away(TimeDelta::minutes(8)), TimeDelta::minutes(2));
        assert_eq!(while_away(TimeDelta::days(1)), TimeDelta::minutes(10));
    }
}
