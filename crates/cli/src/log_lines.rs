//! Log lines on their way to standard error.
//!
//! Every answered request is a line, and nobody waits for it; but written by itself it takes a system call and wakes
//! whoever reads at the other end, which costs a busy server more than the line does. So such lines wait for each other
//! for a moment. A line that tells of trouble waits for nothing, and takes along what waits before it: whatever a
//! process had to say before it broke is out.

use std::io::{self, Stderr, Write};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// So long a line waits for others.
const PATIENCE: Duration = Duration::from_millis(20);

/// So many bytes wait at most: as many as a pipe takes at once.
const FULL: usize = 64 * 1024;

/// The lines of this process.
pub(crate) static LINES: LazyLock<Lines<Stderr>> = LazyLock::new(|| Lines::new(io::stderr()));

/// Lines that wait, and where they go.
pub(crate) struct Lines<W> {
    waiting: Mutex<Waiting<W>>,
    begun: Condvar,
}

struct Waiting<W> {
    lines: Vec<u8>,
    end: W,
}

impl<W: Write> Waiting<W> {
    /// Lines stay in their order, because whoever writes holds all of this.
    fn write_out(&mut self) -> io::Result<()> {
        let written = self.end.write_all(&self.lines).and_then(|()| self.end.flush());
        // What could not be written is lost, as it would be without waiting.
        self.lines.clear();
        written
    }
}

impl<W: Write> Lines<W> {
    fn new(end: W) -> Self {
        let lines = Vec::with_capacity(FULL);
        Self {
            waiting: Mutex::new(Waiting { lines, end }),
            begun: Condvar::new(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<W>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes out what waits: before the process ends.
    pub(crate) fn flush(&self) {
        // There is nowhere to complain.
        let _written = self.waiting().write_out();
    }

    /// Writes out again and again, without end, a moment after lines have begun to wait.
    pub(crate) fn attend(&self) {
        loop {
            let nothing = |waiting: &mut Waiting<W>| waiting.lines.is_empty();
            let some = self.begun.wait_while(self.waiting(), nothing);
            drop(some.unwrap_or_else(PoisonError::into_inner));
            std::thread::sleep(PATIENCE);
            self.flush();
        }
    }
}

/// Where one event is written to.
pub(crate) struct Line<'a, W> {
    lines: &'a Lines<W>,
    urgent: bool,
}

impl<W: Write> Write for Line<'_, W> {
    /// Takes a whole line, which is how events are written.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.lines.waiting();
        if waiting.lines.len() + line.len() > FULL {
            waiting.write_out()?;
        }
        let begins = waiting.lines.is_empty();
        waiting.lines.extend_from_slice(line);
        if self.urgent {
            waiting.write_out()?;
        } else if begins {
            self.lines.begun.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lines.waiting().write_out()
    }
}

impl<'a, W: Write + 'static> MakeWriter<'a> for &'static Lines<W> {
    type Writer = Line<'static, W>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            lines: self,
            urgent: true,
        }
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Self::Writer {
        Line {
            lines: self,
            urgent: *event.level() <= Level::WARN,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Tells what arrives, each time something does.
    struct End(Sender<String>);

    impl Write for End {
        fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
            self.0.send(String::from_utf8(lines.to_vec()).unwrap()).unwrap();
            Ok(lines.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn say<W: Write>(lines: &Lines<W>, urgent: bool, line: &str) {
        Line { lines, urgent }.write_all(line.as_bytes()).unwrap();
    }

    #[test]
    fn trouble_is_told_at_once_and_takes_along_what_waits() {
        let (end, arrived) = channel();
        let lines = Lines::new(End(end));
        say(&lines, false, "answered\n");
        assert!(arrived.try_recv().is_err());
        say(&lines, true, "broken\n");
        assert_eq!(arrived.try_recv().unwrap(), "answered\nbroken\n");
        say(&lines, false, "stopped\n");
        lines.flush();
        assert_eq!(arrived.try_recv().unwrap(), "stopped\n");
    }

    #[test]
    fn what_waits_is_written_by_itself_and_never_grows_without_end() {
        let (end, arrived) = channel();
        let lines: &'static Lines<End> = Box::leak(Box::new(Lines::new(End(end))));
        std::thread::spawn(|| lines.attend());
        say(lines, false, "answered\n");
        let told = arrived.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(told, "answered\n");
        let long = "x".repeat(FULL / 2);
        for _ in 0..3 {
            say(lines, false, &long);
        }
        let told = arrived.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(told.len() <= FULL);
    }
}
