//! Calls of cargo, all with the same settings so that they share what they build.

use anyhow::Result;

use crate::processes::Program;
use crate::surroundings;
use crate::workspace::Workspace;

/// Runs cargo in the checkout with its output on the terminal.
pub(crate) fn run(workspace: &Workspace, arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let name = format!("cargo {}", arguments.first().copied().unwrap_or_default());
    let mut cargo = Program::new(&name, surroundings::cargo());
    cargo
        .command
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(workspace.root());
    if surroundings::is_ci() {
        cargo.command.env("CARGO_INCREMENTAL", "0");
    }
    cargo.show()
}
