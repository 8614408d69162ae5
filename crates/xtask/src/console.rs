//! What the person at the terminal sees: one line for each step, with a running clock while it
//! lasts. Without a terminal (a build server, a pipe) a step is one line when it ends.

use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

const TICK: Duration = Duration::from_millis(500);

/// Writes a line; a reader that went away is no reason to stop.
pub(crate) fn line(text: &str) {
    let mut out = stdout().lock();
    _ = writeln!(out, "{text}");
    _ = out.flush();
}

/// Writes a line to the error stream.
pub(crate) fn complain(text: &str) {
    _ = writeln!(stderr().lock(), "{text}");
}

/// Runs a quiet step under its title. The work must not write to the terminal itself.
pub(crate) fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let clock = stdout().is_terminal().then(|| Clock::start(title, started));
    let done = work();
    drop(clock);
    let mark = if done.is_ok() { "✓" } else { "✗" };
    line(&format!("  {mark} {title} ({})", seconds(started.elapsed())));
    done
}

/// Announces a step whose program shows its own progress.
pub(crate) fn announce(title: &str) {
    line(&format!("  • {title}"));
}

/// A duration as a person says it.
pub(crate) fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// Redraws the line of the current step until it is dropped.
struct Clock {
    ended: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Clock {
    fn start(title: &str, started: Instant) -> Self {
        let (ended, wait) = mpsc::channel::<()>();
        let title = title.to_owned();
        let thread = thread::spawn(move || {
            loop {
                let mut out = stdout().lock();
                _ = write!(out, "\r\x1b[2K  … {title} ({})", seconds(started.elapsed()));
                _ = out.flush();
                drop(out);
                if wait.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            _ = write!(stdout().lock(), "\r\x1b[2K");
        });
        Self {
            ended: Some(ended),
            thread: Some(thread),
        }
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        drop(self.ended.take());
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}
