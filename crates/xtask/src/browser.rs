//! The browser stories: a real server and a real worker as two processes, a mailbox and a freshly
//! filled database, for Playwright in the frontend's `e2e` folder.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::chromium;
use crate::console;
use crate::database_url::DatabaseUrl;
use crate::demo_people::{ADMINISTRATOR, PortalUser, SERVICE, SLUG};
use crate::external_database::ExternalDatabase;
use crate::frontend::Frontend;
use crate::mail_sink::MailSink;
use crate::ports;
use crate::product::Installation;
use crate::secrets::Secrets;
use crate::surroundings;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// For how long the second server, that of the story about undoing, lets a mail wait: long enough that somebody who is
/// slow still finds the button, and the story does not wait much longer for a mail that leaves in the end.
const PATIENCE: u16 = 20;

/// What the stories need that is there already.
pub(crate) struct Stories<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) tools: &'a Tools,
    pub(crate) frontend: &'a Frontend<'a>,
    /// A folder of this run.
    pub(crate) folder: &'a Path,
    /// The owner's URL on the run's own cluster; none when the caller brought a server.
    pub(crate) cluster: Option<&'a DatabaseUrl>,
    pub(crate) arguments: &'a [&'a str],
}

pub(crate) fn run(stories: &Stories<'_>) -> Result<()> {
    let workspace = stories.workspace;
    let chromium = chromium::find_or_install(workspace)?;
    // The value that drops the database at the end lives as long as this function.
    let (owner, _brought) = match stories.cluster {
        Some(owner) => (owner.clone(), None),
        None => {
            let url = surroundings::database_url().context("DATABASE_URL is gone")?;
            let brought = ExternalDatabase::create(workspace, stories.tools, &DatabaseUrl::parse(&url)?)?;
            (brought.owner(), Some(brought))
        }
    };
    let mailbox = console::step("Starting the mailbox", || {
        MailSink::start(
            stories.tools,
            &stories.folder.join("mail"),
            ports::any()?,
            ports::any()?,
            &workspace.log("e2e-mailbox"),
        )
    })?;
    let installation = Installation {
        binary: workspace.built("debug", "countersign"),
        owner,
        secrets: Secrets::random()?,
        port: ports::any()?,
        smtp: mailbox.smtp(),
        staff_app: stories.frontend.staff(),
        portal_app: stories.frontend.portal(),
        // Stories read their mail at once; the one about undoing has a server of its own.
        undo_seconds: 0,
    };
    let printed = console::step("Filling a database with the demo agency", || {
        installation.migrate(&workspace.log("e2e-migrate"))?;
        installation.bootstrap(&workspace.log("e2e-bootstrap"))?;
        installation.import(
            workspace,
            &stories.folder.join("book"),
            &workspace.log("e2e-import"),
        )?;
        installation.demo_data(&workspace.log("e2e-demo-data"))
    })?;
    let patient = Installation {
        port: ports::any()?,
        undo_seconds: PATIENCE,
        ..installation.clone()
    };
    let (mut server, mut waiting, mut worker) = console::step("Starting two servers and a worker", || {
        let mut server = installation.serve(ports::any()?, false, &workspace.log("e2e-server"))?;
        let mut waiting = patient.serve(ports::any()?, false, &workspace.log("e2e-patient-server"))?;
        let worker = installation.work(ports::any()?, &workspace.log("e2e-worker"))?;
        installation.wait_until_ready(&mut server)?;
        patient.wait_until_ready(&mut waiting)?;
        Ok((server, waiting, worker))
    })?;

    let variables = variables(&installation, &patient, &mailbox, &printed, &chromium);
    let told = stories.frontend.script("e2e", stories.arguments, &variables);
    // A server that died explains more than the stories that then failed.
    server.must_run()?;
    waiting.must_run()?;
    worker.must_run()?;
    told
}

fn variables(
    installation: &Installation,
    patient: &Installation,
    mailbox: &MailSink,
    printed: &str,
    chromium: &Path,
) -> Vec<(String, String)> {
    let mut variables = vec![
        ("STAFF", installation.staff_origin()),
        ("PATIENT_STAFF", patient.staff_origin()),
        ("PORTAL", installation.portal_origin()),
        ("API", installation.api_origin()),
        ("MAILBOX", mailbox.interface()),
        (
            "MAIL_EVENTS_SECRET",
            installation.secrets.mail_events_secret.clone(),
        ),
        ("AGENCY", SLUG.to_owned()),
        ("CHROMIUM", chromium.display().to_string()),
        ("DATABASE_URL", installation.server_database().to_string()),
        ("ADMIN_USERNAME", ADMINISTRATOR.username.to_owned()),
        ("ADMIN_PASSWORD", ADMINISTRATOR.password.to_owned()),
        ("STAFF_USERNAME", SERVICE.username.to_owned()),
        ("STAFF_PASSWORD", SERVICE.password.to_owned()),
    ];
    if let Some(user) = PortalUser::read(printed) {
        variables.push(("PORTAL_USERNAME", user.username));
        variables.push(("PORTAL_PASSWORD", user.password));
    }
    variables
        .into_iter()
        .map(|(name, value)| (format!("COUNTERSIGN_E2E_{name}"), value))
        .collect()
}
