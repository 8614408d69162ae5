//! The user that PostgreSQL runs as when the caller is root, because PostgreSQL refuses to be root.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use nix::unistd::{Gid, Uid, User, setgid, setgroups, setuid};

use crate::surroundings;

/// Tried in this order; the last one is created when none exists.
const CANDIDATES: [&str; 3] = ["postgres", "nobody", "countersign-demo"];

/// A user of this machine.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    uid: Uid,
    gid: Gid,
}

impl Account {
    /// The user to run PostgreSQL as; none when the caller is an ordinary user already.
    pub(crate) fn for_postgres() -> Result<Option<Self>> {
        if !surroundings::is_root() {
            return Ok(None);
        }
        for name in CANDIDATES {
            if let Some(found) = Self::named(name)? {
                return Ok(Some(found));
            }
        }
        let [.., name] = CANDIDATES;
        let made = Command::new("useradd")
            .args(["--system", "--no-create-home", name])
            .status();
        if !made.is_ok_and(|status| status.success()) {
            bail!("PostgreSQL must not run as root: create a user `{name}`, or run this as an ordinary user");
        }
        Self::named(name)
    }

    pub(crate) fn named(name: &str) -> Result<Option<Self>> {
        let found = User::from_name(name).with_context(|| format!("looking for the user {name}"))?;
        Ok(found.filter(|user| !user.uid.is_root()).map(|user| Self {
            name: user.name,
            uid: user.uid,
            gid: user.gid,
        }))
    }

    /// Gives up root for good; only for a process that is about to become another program.
    pub(crate) fn become_it(&self) -> Result<()> {
        setgroups(&[self.gid]).context("leaving root's groups")?;
        setgid(self.gid).context("changing the group")?;
        setuid(self.uid).with_context(|| format!("becoming {}", self.name))
    }

    /// Makes a folder that only this user can enter.
    pub(crate) fn create_private_dir(&self, path: &Path) -> Result<()> {
        fs::create_dir_all(path).with_context(|| format!("creating {}", path.display()))?;
        chown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))
            .with_context(|| format!("giving {} to {}", path.display(), self.name))
    }
}
