//! Whether a worker lives and can work, for who watches it from outside.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A worker that did not come round for so long hangs.
const SILENCE: Duration = Duration::from_secs(60);

/// The signs of life of one worker; its copies tell the same.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<Mutex<Signs>>);

#[derive(Clone, Copy, Debug)]
struct Signs {
    beat_at: Instant,
    takes_jobs: bool,
}

impl Pulse {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Signs {
            beat_at: Instant::now(),
            takes_jobs: false,
        })))
    }

    pub(crate) fn beat(&self, takes_jobs: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Signs {
            beat_at: Instant::now(),
            takes_jobs,
        };
    }

    /// It came round lately.
    #[must_use]
    pub fn lives(&self) -> bool {
        let signs = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        signs.beat_at.elapsed() < SILENCE
    }

    /// It lives, reaches the queue, and was not asked to end.
    #[must_use]
    pub fn works(&self) -> bool {
        let signs = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        signs.takes_jobs && signs.beat_at.elapsed() < SILENCE
    }
}
