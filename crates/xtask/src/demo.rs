//! `cargo xtask demo`: the whole product on this machine, with a demo agency in it.
//!
//! A second start finds everything done and takes seconds. What it keeps lies in `.demo` (root's
//! database beside it, see [`postgres`]); `--fresh` forgets it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::cargo;
use crate::console;
use crate::database_url::DatabaseUrl;
use crate::demo_people::{ADMINISTRATOR, PortalUser, SERVICE, SLUG};
use crate::fingerprint::{self, Stamp};
use crate::frontend::Frontend;
use crate::interrupt;
use crate::mail_sink::MailSink;
use crate::ports;
use crate::postgres::{self, Cluster, Purpose, Server};
use crate::processes::Running;
use crate::product::{self, Installation};
use crate::secrets::Secrets;
use crate::surroundings;
use crate::tools::Tools;
use crate::workspace::Workspace;

const SERVER_PORT: u16 = 8080;
const METRICS_PORT: u16 = 9464;
const SMTP_PORT: u16 = 1025;
const MAILBOX_PORT: u16 = 1080;
const DATABASE_PORT: u16 = 54_318;

const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// What the person asked for.
struct Wishes {
    fresh: bool,
    port: u16,
}

impl Wishes {
    fn read(mut words: &[&str]) -> Result<Self> {
        let mut wishes = Self {
            fresh: false,
            port: SERVER_PORT,
        };
        loop {
            words = match words {
                [] => return Ok(wishes),
                ["--fresh", rest @ ..] => {
                    wishes.fresh = true;
                    rest
                }
                ["--port", port, rest @ ..] => {
                    wishes.port = match port.parse() {
                        Ok(port) if port > 0 => port,
                        _ => bail!("`{port}` is no port"),
                    };
                    rest
                }
                [word, ..] => bail!("`{word}` means nothing to `cargo xtask demo [--fresh] [--port N]`"),
            }
        }
    }
}

pub(crate) fn run(words: &[&str]) -> Result<()> {
    let wishes = Wishes::read(words)?;
    let started = Instant::now();
    interrupt::listen()?;
    let workspace = Workspace::find()?;
    let _only_one = lock(&workspace.home()?)?;
    console::line("\nCountersign demo\n");

    let tools = Tools::install(&workspace)?;
    let frontend = Frontend::of(&workspace);
    frontend.install()?;
    frontend.build()?;
    console::announce("Building the product (cargo build)");
    cargo::run(&workspace, &["build", "--workspace", "--bin", "countersign"], &[])?;

    if wishes.fresh {
        forget(&workspace)?;
    }
    let secrets = Secrets::kept_in(&workspace.home()?.join("state/secrets.json"))?;
    let mut taken = Vec::new();
    let mut database = Database::open(&workspace, &tools, &secrets, &mut taken)?;

    let mut mailbox = {
        let smtp = ports::from(SMTP_PORT, "mail", &mut taken)?;
        let page = ports::from(MAILBOX_PORT, "the mailbox", &mut taken)?;
        let folder = workspace.home()?.join("mail");
        console::step("Starting the mailbox", || {
            MailSink::start(&tools, &folder, smtp, page, &workspace.log("mailbox"))
        })?
    };

    let installation = Installation {
        binary: workspace.built("debug", "countersign"),
        owner: database.owner(),
        secrets,
        port: ports::from(wishes.port, "the product", &mut taken)?,
        smtp: mailbox.smtp(),
        staff_app: frontend.staff(),
        portal_app: frontend.portal(),
        undo_seconds: 10,
    };
    let metrics = ports::from(METRICS_PORT, "metrics", &mut taken)?;
    let printed = fill(&workspace, &installation)?;

    let mut server = console::step("Starting server and worker", || {
        let mut server = installation.serve(metrics, true, &workspace.log("server"))?;
        installation.wait_until_ready(&mut server)?;
        Ok(server)
    })?;

    console::line(&screen(
        &workspace,
        &installation,
        &mailbox,
        &printed,
        metrics,
        started.elapsed(),
    ));
    let ended = watch(&mut server, &mut mailbox, &mut database);
    console::line("\n  Stopping …");
    drop(server);
    drop(mailbox);
    drop(database);
    console::line("  Everything is stopped; the data is kept.");
    ended
}

/// One demo at a time in one checkout; the lock goes with the process that holds it.
fn lock(home: &Path) -> Result<File> {
    let path = home.join("lock");
    let file = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .context("opening the demo's lock")?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("a demo of this checkout is running already; end it with Ctrl-C")
        }
        Err(TryLockError::Error(error)) => Err(error).context("taking the demo's lock"),
    }
}

/// Removes the data of earlier runs, and nothing that only took time to install or build.
fn forget(workspace: &Workspace) -> Result<()> {
    if surroundings::database_url().is_some() {
        bail!("--fresh does not empty a database that you brought with DATABASE_URL; empty it yourself");
    }
    let home = workspace.home()?;
    // New secrets make root's database, which lies elsewhere, one of an earlier installation.
    for path in [
        home.join("state/secrets.json"),
        home.join("state/book"),
        home.join("state/sign-ins"),
    ] {
        remove(&path)?;
    }
    for path in [home.join("postgres"), home.join("mail")] {
        remove(&path)?;
    }
    console::line("  ✓ Forgot the data of earlier runs");
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// The demo's own cluster, or the caller's.
enum Database {
    Own(Cluster),
    Brought(DatabaseUrl),
}

impl Database {
    fn open(workspace: &Workspace, tools: &Tools, secrets: &Secrets, taken: &mut Vec<u16>) -> Result<Self> {
        if let Some(url) = surroundings::database_url() {
            let url = DatabaseUrl::parse(&url).context("reading DATABASE_URL")?;
            console::line(&format!(
                "  ✓ Using the database of DATABASE_URL: {}",
                url.location()
            ));
            return Ok(Self::Brought(url));
        }
        let port = ports::from(DATABASE_PORT, "PostgreSQL", taken)?;
        let cluster = console::step("Starting PostgreSQL 18", || {
            let server = Server::of_demo(workspace, tools)?;
            let data = postgres::demo_data(workspace, secrets)?;
            server.start(&data, Purpose::Lasting, secrets, port, &workspace.log("postgres"))
        })?;
        Ok(Self::Own(cluster))
    }

    fn owner(&self) -> DatabaseUrl {
        match self {
            Self::Own(cluster) => cluster.owner().clone(),
            Self::Brought(url) => url.clone(),
        }
    }

    fn must_run(&mut self) -> Result<()> {
        match self {
            Self::Own(cluster) => cluster.must_run(),
            Self::Brought(_) => Ok(()),
        }
    }
}

/// Migrates, and loads the demo agency unless this very book was loaded before. Returns what
/// `demo-data` printed.
fn fill(workspace: &Workspace, installation: &Installation) -> Result<String> {
    console::step("Bringing the database's schema up to date", || {
        installation.migrate(&workspace.log("migrate"))?;
        installation.bootstrap(&workspace.log("bootstrap"))
    })?;
    let state = workspace.home()?.join("state");
    let folder = workspace.home()?.join("book");
    let kept = state.join("sign-ins");
    let book = Stamp::new(state.join("book"), book_in(workspace, installation)?);
    if book.is_set()
        && let Ok(printed) = fs::read_to_string(&kept)
    {
        return Ok(printed);
    }
    console::step("Loading the demo agency", || {
        installation.import(workspace, &folder, &workspace.log("import"))
    })?;
    let printed = console::step("Opening a portal and sending certificates", || {
        installation.demo_data(&workspace.log("demo-data"))
    })?;
    crate::processes::write_private(&kept, &printed)?;
    book.set()?;
    Ok(printed)
}

/// The book and where it was loaded to; the port may differ from start to start.
fn book_in(workspace: &Workspace, installation: &Installation) -> Result<String> {
    let book: PathBuf = product::book(workspace);
    let place = match surroundings::database_url() {
        Some(url) => fingerprint::of_text(&url),
        None => installation.secrets.installation.clone(),
    };
    Ok(format!("{} in {place}", fingerprint::of(&[book])?))
}

fn screen(
    workspace: &Workspace,
    installation: &Installation,
    mailbox: &MailSink,
    printed: &str,
    metrics: u16,
    took: Duration,
) -> String {
    let portal_user = PortalUser::read(printed);
    let mut people = vec![
        (
            "Administrator (staff)",
            ADMINISTRATOR.username,
            ADMINISTRATOR.password,
        ),
        ("Service staff", SERVICE.username, SERVICE.password),
    ];
    people.extend(
        portal_user
            .iter()
            .map(|user| ("Insured (portal)", user.username.as_str(), user.password.as_str())),
    );
    let widest = people
        .iter()
        .map(|(_, username, _)| username.len())
        .max()
        .unwrap_or_default();
    let people: String = people
        .iter()
        .map(|(label, username, password)| format!("    {label:<21}  {username:<widest$}  {password}\n"))
        .collect();
    format!(
        "
  ────────────────────────────────────────────────────────────────────────────
  Countersign is ready ({took})

    Staff app     {staff}/{SLUG}/sign-in
    Portal        {portal}/{SLUG}/sign-in
    Mailbox       {mailbox}
    API docs      {api}/docs
    Metrics       http://localhost:{metrics}/metrics

{people}
  Logs: {logs}
  Ctrl-C stops everything and keeps the data.
  ────────────────────────────────────────────────────────────────────────────",
        took = console::seconds(took),
        staff = installation.staff_origin(),
        portal = installation.portal_origin(),
        mailbox = mailbox.page(),
        api = installation.api_origin(),
        logs = workspace.at(".demo/logs").display(),
    )
}

/// Returns when the person wants the end, or with the reason when a program ended by itself.
fn watch(server: &mut Running, mailbox: &mut MailSink, database: &mut Database) -> Result<()> {
    while !interrupt::asked() {
        server.must_run()?;
        mailbox.must_run()?;
        database.must_run()?;
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_in_any_order() {
        let wishes = Wishes::read(&["--port", "9000", "--fresh"]).unwrap();
        assert!(wishes.fresh && wishes.port == 9000);
        assert_eq!(Wishes::read(&[]).unwrap().port, SERVER_PORT);
    }

    #[test]
    fn an_unknown_wish_is_refused_by_name() {
        assert!(
            Wishes::read(&["--prot", "9000"])
                .err()
                .unwrap()
                .to_string()
                .contains("--prot")
        );
        assert!(Wishes::read(&["--port", "many"]).is_err());
        assert!(Wishes::read(&["--port"]).is_err());
    }
}
