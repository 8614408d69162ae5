//! The frontend's packages and built apps, brought up to date only where something changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::console;
use crate::fingerprint::{self, Stamp};
use crate::processes::Program;
use crate::workspace::Workspace;

/// The folder of the browser programs.
pub(crate) struct Frontend<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
}

impl<'a> Frontend<'a> {
    pub(crate) fn of(workspace: &'a Workspace) -> Self {
        Self {
            workspace,
            folder: workspace.at("frontend"),
        }
    }

    /// The built staff app.
    pub(crate) fn staff(&self) -> PathBuf {
        self.folder.join("apps/staff/dist")
    }

    /// The built portal.
    pub(crate) fn portal(&self) -> PathBuf {
        self.folder.join("apps/portal/dist")
    }

    /// Installs the packages when the lock changed since they were installed.
    pub(crate) fn install(&self) -> Result<()> {
        let lock = self.folder.join("package-lock.json");
        let stamp = Stamp::new(
            self.folder.join("node_modules/.installed"),
            fingerprint::of(&[lock, self.folder.join("package.json")])?,
        );
        if stamp.is_set() {
            return Ok(());
        }
        console::step("Installing the frontend's packages (npm ci)", || {
            let mut npm = self.npm("npm ci");
            npm.command
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
            npm.log(&self.workspace.log("npm-ci"))?;
            stamp.set()
        })
    }

    /// Builds both apps when their sources changed since they were built.
    pub(crate) fn build(&self) -> Result<()> {
        let sources = fingerprint::of(&[self.folder.clone(), self.workspace.at("openapi")])?;
        let stamp = Stamp::new(self.workspace.home()?.join("state/frontend"), sources);
        if stamp.is_set() && self.is_built() {
            return Ok(());
        }
        console::step("Building the staff app and the portal (npm run build)", || {
            let mut npm = self.npm("npm run build");
            npm.command.args(["run", "build"]);
            npm.log(&self.workspace.log("npm-build"))
        })?;
        if !self.is_built() {
            bail!(
                "the build left no {} or {}",
                self.staff().display(),
                self.portal().display()
            );
        }
        stamp.set()
    }

    /// Runs one of the frontend's scripts with its output on the terminal.
    pub(crate) fn script(
        &self,
        script: &str,
        arguments: &[&str],
        variables: &[(String, String)],
    ) -> Result<()> {
        let name = format!("npm run {script}");
        let mut npm = self.npm(&name);
        npm.command.args(["run", script]);
        if !arguments.is_empty() {
            npm.command.arg("--").args(arguments);
        }
        npm.command
            .envs(variables.iter().map(|(key, value)| (key, value)));
        npm.show()
    }

    /// As [`Self::script`], with its output in a file.
    pub(crate) fn quiet_script(&self, script: &str, log: &Path) -> Result<()> {
        let name = format!("npm run {script}");
        let mut npm = self.npm(&name);
        npm.command.args(["run", script]);
        npm.log(log)
    }

    /// Forgets that the apps were built, for a check that must build them.
    pub(crate) fn forget_build(&self) -> Result<()> {
        match fs::remove_file(self.workspace.home()?.join("state/frontend")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).context("forgetting the build")
            }
            _ => Ok(()),
        }
    }

    fn is_built(&self) -> bool {
        [self.staff(), self.portal()]
            .iter()
            .all(|app| app.join("index.html").is_file())
    }

    fn npm<'b>(&self, name: &'b str) -> Program<'b> {
        let mut npm = Program::new(name, "npm");
        npm.command.current_dir(&self.folder);
        npm
    }
}
