//! Programs that we start: each in a process group of its own, so that ending one ends whatever it
//! started in turn, and a Ctrl-C at the terminal reaches us alone and is passed on in our order.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::interrupt::{self, Interrupted};
use crate::leash;
use crate::unprivileged::Account;

const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How long a finished command's group may linger before it is killed.
const GRACE: Duration = Duration::from_secs(10);
const SHOWN_OF_A_LOG: usize = 40;

/// A program to start: a [`Command`] with a name for people and the user to run it as.
pub(crate) struct Program<'a> {
    pub(crate) name: &'a str,
    pub(crate) command: Command,
    /// The signal that asks it to end in good order.
    pub(crate) farewell: Signal,
    /// How long its good order may take.
    pub(crate) grace: Duration,
}

impl<'a> Program<'a> {
    pub(crate) fn new(name: &'a str, program: impl AsRef<OsStr>) -> Self {
        Self::of_user(name, program, None, Signal::SIGTERM)
    }

    pub(crate) fn of_user(
        name: &'a str,
        program: impl AsRef<OsStr>,
        user: Option<&Account>,
        farewell: Signal,
    ) -> Self {
        Self {
            name,
            command: leash::command(program.as_ref(), user, farewell),
            farewell,
            grace: GRACE,
        }
    }

    /// Starts it in the background; it ends when the returned value is dropped.
    pub(crate) fn start(mut self, log: &Path) -> Result<Running> {
        let output = open_log(log)?;
        let errors = output.try_clone().context("sharing the log")?;
        self.command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .process_group(0);
        let child = self
            .command
            .spawn()
            .with_context(|| format!("starting {}", self.name))?;
        Ok(Running {
            name: self.name.to_owned(),
            child,
            farewell: self.farewell,
            grace: self.grace,
            log: log.to_owned(),
        })
    }

    /// Runs it to its end with its output on the terminal.
    pub(crate) fn show(mut self) -> Result<()> {
        self.command.stdin(Stdio::null());
        let name = self.name.to_owned();
        let status = self.finish()?;
        if !status.success() {
            bail!("{name} failed ({status})");
        }
        Ok(())
    }

    /// Runs it to its end with its output in a file, whose end is told when it fails.
    pub(crate) fn log(mut self, log: &Path) -> Result<()> {
        let output = open_log(log)?;
        let errors = output.try_clone().context("sharing the log")?;
        self.command.stdin(Stdio::null()).stdout(output).stderr(errors);
        let name = self.name.to_owned();
        let status = self.finish()?;
        if !status.success() {
            bail!(
                "{name} failed ({status}):\n{}\nThe whole log: {}",
                last_lines(log),
                log.display()
            );
        }
        Ok(())
    }

    /// Runs it to its end, gives it `input` to read, and returns what it wrote; errors go to `log`.
    pub(crate) fn read(mut self, input: &str, log: &Path) -> Result<String> {
        let spoken = log.with_extension("in");
        let heard = log.with_extension("out");
        write_private(&spoken, input)?;
        self.command
            .stdin(File::open(&spoken).context("opening the input")?)
            .stdout(open_log(&heard)?)
            .stderr(open_log(log)?);
        let name = self.name.to_owned();
        let ended = self.finish();
        _ = fs::remove_file(&spoken);
        let status = ended?;
        let said = fs::read_to_string(&heard).with_context(|| format!("reading what {name} wrote"))?;
        _ = fs::remove_file(&heard);
        if !status.success() {
            bail!(
                "{name} failed ({status}):\n{}\n{}",
                said.trim_end(),
                last_lines(log)
            );
        }
        Ok(said)
    }

    fn finish(mut self) -> Result<ExitStatus> {
        let child = self
            .command
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {}", self.name))?;
        let mut running = Running {
            name: self.name.to_owned(),
            child,
            farewell: Signal::SIGINT,
            grace: self.grace,
            log: PathBuf::new(),
        };
        loop {
            if let Some(status) = running.ended()? {
                return Ok(status);
            }
            if interrupt::asked() {
                running.stop();
                return Err(Interrupted.into());
            }
            thread::sleep(LOOK_AGAIN);
        }
    }
}

/// A program that runs beside us. Dropping it ends it and everything it started.
pub(crate) struct Running {
    name: String,
    child: Child,
    farewell: Signal,
    grace: Duration,
    log: PathBuf,
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .with_context(|| format!("asking after {}", self.name))
    }

    /// Refuses when the program is gone, with the last it said.
    pub(crate) fn must_run(&mut self) -> Result<()> {
        match self.ended()? {
            None => Ok(()),
            Some(status) => bail!(
                "{} ended by itself ({status}):\n{}\nThe whole log: {}",
                self.name,
                last_lines(&self.log),
                self.log.display()
            ),
        }
    }

    /// Ends it: politely, then firmly. Ends what is left of its group in every case.
    pub(crate) fn stop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(self.farewell);
            if !self.gone_within(self.grace) {
                self.signal(Signal::SIGTERM);
                _ = self.gone_within(Duration::from_secs(2));
            }
        }
        // The leader's id stays the group's id for as long as the group has a member.
        self.signal(Signal::SIGKILL);
        _ = self.child.wait();
    }

    fn gone_within(&mut self, limit: Duration) -> bool {
        let started = Instant::now();
        while started.elapsed() < limit {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            thread::sleep(LOOK_AGAIN);
        }
        false
    }

    fn signal(&self, signal: Signal) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            // A group without members is what we want; the answer does not matter.
            _ = killpg(Pid::from_raw(id), signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

fn open_log(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    File::create(path).with_context(|| format!("writing {}", path.display()))
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    _ = fs::remove_file(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("writing {}", path.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("writing {}", path.display()))
}

fn last_lines(log: &Path) -> String {
    let Ok(bytes) = fs::read(log) else {
        return String::new();
    };
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(SHOWN_OF_A_LOG))
        .map(|line| format!("    {line}\n"))
        .collect()
}
