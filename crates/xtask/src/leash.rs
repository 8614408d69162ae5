//! `xtask leash`: becomes another program, as another user where asked, such that the program ends
//! when its starter ends, even when that was killed outright.
//!
//! The wish to die with the parent is a property of the process on Linux and is lost when the user
//! changes, so the order here matters: groups, user, wish, then the program.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::Signal;
use nix::unistd::Pid;

use crate::unprivileged::Account;

/// The word that selects this program in `main`.
pub(crate) const COMMAND: &str = "leash";

/// A command that runs `program` on a leash. The starter must still put it into a group of its own.
pub(crate) fn command(program: &OsStr, user: Option<&Account>, farewell: Signal) -> Command {
    let mut command = Command::new(ourselves());
    command
        .arg(COMMAND)
        .arg(farewell.as_str())
        .arg(std::process::id().to_string());
    match user {
        Some(user) => command.arg(&user.name),
        None => command.arg("-"),
    };
    command.arg(program);
    command
}

/// The other end: called in the child.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let [farewell, parent, user, program, arguments @ ..] = words else {
        bail!("`leash` is not meant to be called by hand");
    };
    if *user != "-" {
        Account::named(user)?
            .context("the user to run as is gone")?
            .become_it()?;
    }
    die_with_parent(farewell.parse()?, Pid::from_raw(parent.parse()?))?;
    Err(Command::new(program).args(arguments).exec()).with_context(|| format!("starting {program}"))
}

#[cfg(target_os = "linux")]
fn die_with_parent(farewell: Signal, parent: Pid) -> Result<()> {
    nix::sys::prctl::set_pdeathsig(farewell).context("asking to end with the parent")?;
    // The parent may have died before the wish was spoken.
    if nix::unistd::getppid() != parent {
        bail!("the program that started this one is gone");
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent(_farewell: Signal, _parent: Pid) -> Result<()> {
    Ok(())
}

/// On Linux the link in /proc stays good when cargo replaces the file of a running program.
fn ourselves() -> PathBuf {
    let link = PathBuf::from("/proc/self/exe");
    if link.exists() {
        link
    } else {
        std::env::current_exe().unwrap_or_else(|_| "xtask".into())
    }
}
