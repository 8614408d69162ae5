//! The mailbox: takes every mail of the product over SMTP, keeps it, and shows it on a page and over
//! an HTTP interface. Nothing leaves the machine.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::http;
use crate::interrupt;
use crate::processes::{Program, Running};
use crate::tools::Tools;

const START: Duration = Duration::from_secs(30);

/// The running mailbox; dropping it ends it.
pub(crate) struct MailSink {
    running: Running,
    smtp: u16,
    page: u16,
}

impl MailSink {
    /// Starts it; mail of earlier runs in `folder` is there again.
    pub(crate) fn start(tools: &Tools, folder: &Path, smtp: u16, page: u16, log: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        let mut node = Program::new("the mailbox", "node");
        node.command
            .arg(tools.mailbox())
            .arg("--mail-directory")
            .arg(folder)
            .current_dir(folder);
        node.command
            .args(["--ip", "127.0.0.1", "--smtp"])
            .arg(smtp.to_string());
        node.command
            .args(["--web-ip", "127.0.0.1", "--web"])
            .arg(page.to_string());
        let mut running = node.start(log)?;
        interrupt::wait_for("the mailbox", START, || {
            running.must_run()?;
            Ok((http::status_of(page, "/api/healthz") == Some(200)).then_some(()))
        })?;
        Ok(Self { running, smtp, page })
    }

    pub(crate) fn smtp(&self) -> u16 {
        self.smtp
    }

    /// The page for people.
    pub(crate) fn page(&self) -> String {
        format!("http://localhost:{}/", self.page)
    }

    /// The HTTP interface for tests: `GET /email` lists, `GET /email/ID/attachment/FILE` downloads.
    pub(crate) fn interface(&self) -> String {
        format!("http://127.0.0.1:{}/api", self.page)
    }

    pub(crate) fn must_run(&mut self) -> Result<()> {
        self.running.must_run()
    }
}
