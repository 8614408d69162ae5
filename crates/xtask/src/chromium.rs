//! The browser of the stories: one that is on the machine, or Debian's when root can install it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::console;
use crate::processes::Program;
use crate::surroundings;
use crate::workspace::Workspace;

/// The shell without a window comes first: it is the same engine, and the stories take a third less time in it.
const NAMES: [&str; 5] = [
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const APPLICATIONS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Finds the browser or brings it; otherwise says in one line what to install.
pub(crate) fn find_or_install(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if surroundings::is_root() && surroundings::find_program(&["apt-get"]).is_some() {
        console::step("Installing Chromium (apt-get)", || {
            apt(workspace, &["update", "--quiet"])?;
            // Not every release of Debian and its children has the shell as a package of its own.
            install(workspace, "chromium-headless-shell").or_else(|_| install(workspace, "chromium"))
        })?;
        if let Some(found) = find() {
            return Ok(found);
        }
    }
    bail!(
        "the browser stories need Chromium or Google Chrome: install one of them, for example `apt install chromium`"
    )
}

fn find() -> Option<PathBuf> {
    surroundings::chosen_chromium()
        .into_iter()
        .chain(surroundings::find_program(&NAMES))
        .chain(APPLICATIONS.map(PathBuf::from))
        .find(answers)
}

/// A package can leave a stub that only tells where to get the real program.
fn answers(program: &PathBuf) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|said| said.status.success())
}

fn install(workspace: &Workspace, browser: &str) -> Result<()> {
    // The fonts decide how wide texts are; without them pages would be tested with boxes.
    apt(
        workspace,
        &[
            "install",
            "--yes",
            "--no-install-recommends",
            browser,
            "fonts-liberation",
        ],
    )
}

fn apt(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let mut apt = Program::new("apt-get", "apt-get");
    apt.command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    apt.log(&workspace.log("apt"))
}
