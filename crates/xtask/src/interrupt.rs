//! Ctrl-C, SIGTERM and a closed terminal: noted here, asked for by everything that waits.
//!
//! Invariant: a signal never ends this program at once; it always passes through the code that ends
//! the programs it started.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The error of work that was given up because the person asked for it.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// Starts to listen; called once, before anything is started.
pub(crate) fn listen() -> Result<()> {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&ASKED)).context("listening for signals")?;
    }
    Ok(())
}

pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Asks `ready` again and again until it yields something; gives up when interrupted or late.
pub(crate) fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut ready: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = ready()? {
            return Ok(found);
        }
        if asked() {
            return Err(Interrupted.into());
        }
        if started.elapsed() > limit {
            bail!("{what} was not ready after {} seconds", limit.as_secs());
        }
        thread::sleep(LOOK_AGAIN);
    }
}
