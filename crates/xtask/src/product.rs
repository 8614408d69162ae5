//! The product itself, run as an installation runs it: migrate, bootstrap, import, serve, work.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use crate::database_url::DatabaseUrl;
use crate::demo_people::{ADMINISTRATOR, AGENCY, SLUG, TIME_ZONE};
use crate::http;
use crate::interrupt;
use crate::processes::{Program, Running};
use crate::secrets::Secrets;
use crate::workspace::Workspace;

/// The product drains requests and jobs before it ends.
const DRAIN: Duration = Duration::from_secs(75);
const START: Duration = Duration::from_secs(60);

/// The role that the running product signs in to the database as; `migrate` creates it.
const SERVER_ROLE: &str = "countersign_server";

/// Everything that one installation is configured with.
#[derive(Clone)]
pub(crate) struct Installation {
    pub(crate) binary: PathBuf,
    pub(crate) owner: DatabaseUrl,
    pub(crate) secrets: Secrets,
    pub(crate) port: u16,
    pub(crate) smtp: u16,
    pub(crate) staff_app: PathBuf,
    pub(crate) portal_app: PathBuf,
    /// For how long a mail waits to be undone.
    pub(crate) undo_seconds: u16,
}

impl Installation {
    pub(crate) fn staff_origin(&self) -> String {
        self.origin("staff")
    }

    pub(crate) fn portal_origin(&self) -> String {
        self.origin("portal")
    }

    pub(crate) fn api_origin(&self) -> String {
        self.origin("api")
    }

    pub(crate) fn server_database(&self) -> DatabaseUrl {
        self.owner.with_login(SERVER_ROLE, &self.secrets.server_password)
    }

    fn origin(&self, name: &str) -> String {
        format!("http://{name}.localhost:{}", self.port)
    }

    /// Brings the database's schema up to date.
    pub(crate) fn migrate(&self, log: &Path) -> Result<()> {
        self.command("migrate", true).log(log)
    }

    /// Creates the demo agency and its administrator, unless they are there.
    pub(crate) fn bootstrap(&self, log: &Path) -> Result<()> {
        let mut program = self.command("bootstrap", true);
        program.command.args([
            "--slug",
            SLUG,
            "--name",
            AGENCY,
            "--zone",
            TIME_ZONE,
            "--password-stdin",
        ]);
        program
            .command
            .args(["--admin-first-name", ADMINISTRATOR.first_name]);
        program
            .command
            .args(["--admin-last-name", ADMINISTRATOR.last_name]);
        program.command.args([
            "--admin-username",
            ADMINISTRATOR.username,
            "--admin-email",
            ADMINISTRATOR.email,
        ]);
        program.read(&format!("{}\n", ADMINISTRATOR.password), log)?;
        Ok(())
    }

    /// Loads the demo agency's book of business through the product's own importer. The copy in
    /// `folder` has its dates moved, so that policies renew within days of today.
    pub(crate) fn import(&self, workspace: &Workspace, folder: &Path, log: &Path) -> Result<()> {
        let mut dates = self.command("demo-folder", false);
        dates.command.arg(book(workspace)).arg(folder);
        dates.log(log)?;
        let mut program = self.command("import", false);
        program.command.arg(folder).args(["--agency", SLUG]);
        program.log(log)
    }

    /// Adds what no import carries; returns what it printed, the portal's sign-in among it.
    pub(crate) fn demo_data(&self, log: &Path) -> Result<String> {
        let mut program = self.command("demo-data", false);
        program.command.args(["--agency", SLUG]);
        program.read("", log)
    }

    /// Starts the server and waits until it is ready.
    pub(crate) fn serve(&self, metrics: u16, with_worker: bool, log: &Path) -> Result<Running> {
        let mut program = self.command("serve", false);
        if with_worker {
            program.command.arg("--with-worker");
        }
        program
            .command
            .env("COUNTERSIGN_METRICS_BIND", format!("127.0.0.1:{metrics}"));
        let mut running = program.start(log)?;
        interrupt::wait_for("the server", START, || {
            running.must_run()?;
            Ok((http::status_of(self.port, "/livez") == Some(200)).then_some(()))
        })?;
        Ok(running)
    }

    /// Starts a worker beside the server.
    pub(crate) fn work(&self, metrics: u16, log: &Path) -> Result<Running> {
        let mut program = self.command("work", false);
        program
            .command
            .env("COUNTERSIGN_METRICS_BIND", format!("127.0.0.1:{metrics}"));
        program.start(log)
    }

    /// Waits until the server says that database and schema are well.
    pub(crate) fn wait_until_ready(&self, running: &mut Running) -> Result<()> {
        interrupt::wait_for("the product", START, || {
            running.must_run()?;
            Ok((http::status_of(self.port, "/readyz") == Some(200)).then_some(()))
        })
    }

    fn command<'a>(&self, verb: &'a str, as_owner: bool) -> Program<'a> {
        let mut program = Program::new(verb, &self.binary);
        program.grace = DRAIN;
        program.command.arg(verb);
        if as_owner {
            program
                .command
                .env("COUNTERSIGN_OWNER_DATABASE_URL", self.owner.to_string());
        }
        program
            .command
            .env("COUNTERSIGN_DATABASE_URL", self.server_database().to_string());
        program
            .command
            .env("COUNTERSIGN_SECRET_KEY", &self.secrets.secret_key)
            .env(
                "COUNTERSIGN_PASSWORD_PEPPERS",
                format!("demo:{}", self.secrets.pepper),
            );
        program
            .command
            .env("COUNTERSIGN_BIND", format!("127.0.0.1:{}", self.port));
        program
            .command
            .env("COUNTERSIGN_STAFF_ORIGIN", self.staff_origin());
        program
            .command
            .env("COUNTERSIGN_PORTAL_ORIGIN", self.portal_origin());
        program.command.env("COUNTERSIGN_API_ORIGIN", self.api_origin());
        program.command.env("COUNTERSIGN_STAFF_DIR", &self.staff_app);
        program.command.env("COUNTERSIGN_PORTAL_DIR", &self.portal_app);
        program.command.env("COUNTERSIGN_SMTP_HOST", "127.0.0.1");
        program
            .command
            .env("COUNTERSIGN_SMTP_PORT", self.smtp.to_string());
        program.command.env("COUNTERSIGN_SMTP_TLS", "none");
        program
            .command
            .env("COUNTERSIGN_MAIL_FROM", "Countersign <mail@countersign.example>");
        program.command.env("COUNTERSIGN_LOG_FORMAT", "text");
        // Nobody spreads requests over several servers here, so nobody has to notice that this one ends.
        program.command.env("COUNTERSIGN_DRAIN_SECONDS", "0");
        program
            .command
            .env("COUNTERSIGN_UNDO_SECONDS", self.undo_seconds.to_string());
        program
            .command
            .env("COUNTERSIGN_MAIL_EVENTS_SECRET", &self.secrets.mail_events_secret);
        // The logs are files.
        program.command.env("NO_COLOR", "1");
        // A file of settings that the caller has for another installation.
        program.command.env_remove("COUNTERSIGN_CONFIG");
        program
    }
}

/// The demo agency's CSV files.
pub(crate) fn book(workspace: &Workspace) -> PathBuf {
    workspace.at("crates/cli/demo")
}
