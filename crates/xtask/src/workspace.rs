//! Where things are in a checkout.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::surroundings;

/// The checkout that the command works on.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The checkout of the running cargo, or the one that the current folder is in.
    pub(crate) fn find() -> Result<Self> {
        let start = match surroundings::manifest_dir() {
            Some(folder) => folder,
            None => env::current_dir().context("finding the current folder")?,
        };
        let root = start
            .ancestors()
            .find(|folder| folder.join("Cargo.toml").is_file() && folder.join("crates/xtask").is_dir())
            .context("run this inside a checkout of Countersign")?;
        let root = root.canonicalize().context("finding the checkout")?;
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Everything that the commands keep: data, logs, installed tools. Ignored by git.
    pub(crate) fn home(&self) -> Result<PathBuf> {
        let home = self.root.join(".demo");
        fs::create_dir_all(&home).with_context(|| format!("creating {}", home.display()))?;
        Ok(home)
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.root.join(".demo/logs").join(name).with_extension("log")
    }

    /// A program that cargo built.
    pub(crate) fn built(&self, profile: &str, program: &str) -> PathBuf {
        surroundings::target_dir()
            .unwrap_or_else(|| self.at("target"))
            .join(profile)
            .join(program)
    }
}
