//! A folder for one run, removed at its end. It lies where another user can enter it, because
//! PostgreSQL started by root runs as somebody else.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use nix::sys::signal::kill;
use nix::unistd::Pid;

use crate::surroundings;

const PREFIX: &str = "countersign-run-";

/// A folder that goes when this value goes.
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes the folder, and removes what runs that were killed left behind.
    pub(crate) fn new(purpose: &str) -> Result<Self> {
        // Root's own temporary folder may be closed to everybody else.
        let parent = if surroundings::is_root() {
            PathBuf::from("/var/tmp")
        } else {
            env::temp_dir()
        };
        sweep(&parent);
        let path = parent.join(format!("{PREFIX}{}-{purpose}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("creating {}", path.display()))?;
        let scratch = Self { path };
        fs::set_permissions(&scratch.path, Permissions::from_mode(0o711))
            .context("opening the folder of this run")?;
        Ok(scratch)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.path);
    }
}

fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX))
            .and_then(|rest| rest.split('-').next());
        if let Some(Ok(owner)) = owner.map(str::parse::<i32>)
            && kill(Pid::from_raw(owner), None) == Err(nix::Error::ESRCH)
        {
            // Another user's leftovers cannot be removed and are not ours to worry about.
            _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_folder_goes_with_its_value() {
        let scratch = Scratch::new("gone").unwrap();
        let path = scratch.path().to_owned();
        fs::write(path.join("file"), "x").unwrap();
        drop(scratch);
        assert!(!path.exists());
    }
}
