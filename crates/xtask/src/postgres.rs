//! A PostgreSQL cluster of our own: made, started, ended.
//!
//! It listens on the loopback address only. Its superuser has no password and there is no socket, so
//! nobody can be superuser while it runs; the owner role that the product migrates with may create
//! roles and databases and no more, as in a real deployment.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::database_url::DatabaseUrl;
use crate::fingerprint;
use crate::interrupt;
use crate::ports;
use crate::processes::{Program, Running};
use crate::secrets::Secrets;
use crate::surroundings;
use crate::tools::Tools;
use crate::unprivileged::Account;
use crate::workspace::Workspace;

const OWNER: &str = "countersign_owner";
const MAJOR: &str = "18";
const START: Duration = Duration::from_secs(60);

/// What a cluster is for decides how careful it is with the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Keeps its data and everything on disk in time, as in production.
    Lasting,
    /// As [`Self::Lasting`], with memory of its own as README.md recommends for production.
    Measured,
    /// Gone at the end of the run; a power failure may take it.
    ThrowAway,
}

/// PostgreSQL's programs at a place where the user that runs them can read them.
pub(crate) struct Server {
    programs: PathBuf,
    user: Option<Account>,
}

impl Server {
    /// The server of the demo.
    pub(crate) fn of_demo(workspace: &Workspace, tools: &Tools) -> Result<Self> {
        let place = if surroundings::is_root() {
            open_home(workspace)?
        } else {
            workspace.home()?
        };
        Self::at(&place, tools)
    }

    /// Root's other user may not be able to enter the checkout: it gets a copy in `place`.
    fn at(place: &Path, tools: &Tools) -> Result<Self> {
        let (installed, version) = tools.postgres()?;
        let user = Account::for_postgres()?;
        let programs = match &user {
            None => installed,
            Some(_) => copy_once(&installed, &place.join(format!("postgres-{version}")))?,
        };
        Ok(Self { programs, user })
    }

    /// Starts the cluster in `data`, making it first when there is none.
    pub(crate) fn start(
        &self,
        data: &Path,
        purpose: Purpose,
        secrets: &Secrets,
        port: u16,
        log: &Path,
    ) -> Result<Cluster> {
        self.end_leftover(data, log)?;
        if !data.join("PG_VERSION").is_file() {
            self.create(data, purpose, secrets, log)?;
        }
        let found = fs::read_to_string(data.join("PG_VERSION")).context("reading the cluster's version")?;
        if found.trim() != MAJOR {
            bail!(
                "the data of this demo is of PostgreSQL {}; start it again with --fresh",
                found.trim()
            );
        }
        let mut program = self.program("PostgreSQL", "postgres");
        program.grace = Duration::from_secs(60);
        program
            .command
            .arg("-D")
            .arg(data)
            .arg("-p")
            .arg(port.to_string())
            .current_dir(data);
        let mut settings = vec![
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "timezone=UTC",
            "log_timezone=UTC",
        ];
        if purpose == Purpose::ThrowAway {
            settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
            settings.extend([
                "wal_level=minimal",
                "max_wal_senders=0",
                "max_wal_size=4GB",
                "shared_buffers=256MB",
            ]);
        }
        if purpose == Purpose::Measured {
            settings.push("shared_buffers=1GB");
        }
        for setting in settings {
            program.command.args(["-c", setting]);
        }
        let mut running = program.start(log)?;
        interrupt::wait_for("PostgreSQL", START, || {
            running.must_run()?;
            Ok(is_ready(data, running.id()).then_some(()))
        })?;
        let owner = DatabaseUrl::local(port, OWNER, &secrets.owner_password, "countersign");
        Ok(Cluster { running, owner })
    }

    fn create(&self, data: &Path, purpose: Purpose, secrets: &Secrets, log: &Path) -> Result<()> {
        let unfinished = data.with_extension("unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).with_context(|| format!("removing {}", unfinished.display()))?;
        }
        match &self.user {
            Some(user) => user.create_private_dir(&unfinished)?,
            None => fs::create_dir_all(&unfinished)
                .with_context(|| format!("creating {}", unfinished.display()))?,
        }
        let mut initdb = self.program("initdb", "initdb");
        initdb.command.arg("-D").arg(&unfinished).current_dir(&unfinished);
        // The same order of words on every machine, with the letters of every language.
        initdb
            .command
            .args(["--username=postgres", "--encoding=UTF8", "--no-instructions"]);
        initdb
            .command
            .args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
        let locale = if cfg!(target_os = "macos") {
            "--locale=en_US.UTF-8"
        } else {
            "--locale=C.UTF-8"
        };
        initdb.command.arg(locale);
        // There is no local socket: see the head of this file.
        initdb
            .command
            .args(["--auth-local=trust", "--auth-host=scram-sha-256"]);
        if purpose == Purpose::ThrowAway {
            initdb.command.args(["--no-sync", "--no-data-checksums"]);
        }
        initdb.log(log)?;
        self.create_owner(&unfinished, secrets, log)?;
        fs::rename(&unfinished, data).with_context(|| format!("creating {}", data.display()))
    }

    /// The server's single-user mode is the one way to say something as superuser.
    fn create_owner(&self, data: &Path, secrets: &Secrets, log: &Path) -> Result<()> {
        let mut single = self.program("PostgreSQL's single-user mode", "postgres");
        single
            .command
            .arg("--single")
            .arg("-D")
            .arg(data)
            .args(["-c", "exit_on_error=on", "postgres"]);
        single.command.current_dir(data);
        let password = &secrets.owner_password;
        let statements = format!(
            "CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB PASSWORD '{password}'\nCREATE DATABASE countersign OWNER {OWNER}\n"
        );
        single.read(&statements, &log.with_extension("setup.log"))?;
        Ok(())
    }

    /// A server that survived its starter would hold the data; it is asked to end.
    fn end_leftover(&self, data: &Path, log: &Path) -> Result<()> {
        let Some(process) = leftover(data) else {
            return Ok(());
        };
        if kill(process, None).is_err() {
            return Ok(());
        }
        let mut control = self.program("pg_ctl", "pg_ctl");
        control
            .command
            .arg("stop")
            .arg("-D")
            .arg(data)
            .args(["-m", "fast"]);
        if let Some(folder) = data.parent() {
            control.command.current_dir(folder);
        }
        // Another program may have got the number meanwhile; then there is nothing to end.
        if let Err(error) = control.log(&log.with_extension("stop.log"))
            && error.is::<interrupt::Interrupted>()
        {
            return Err(error);
        }
        Ok(())
    }

    fn program<'a>(&self, name: &'a str, file: &str) -> Program<'a> {
        let path = self.programs.join("bin").join(file);
        Program::of_user(name, path, self.user.as_ref(), Signal::SIGINT)
    }
}

/// A running cluster; dropping it ends it in good order.
pub(crate) struct Cluster {
    running: Running,
    owner: DatabaseUrl,
}

impl Cluster {
    /// The owner's URL of the database `countersign`.
    pub(crate) fn owner(&self) -> &DatabaseUrl {
        &self.owner
    }

    pub(crate) fn must_run(&mut self) -> Result<()> {
        self.running.must_run()
    }
}

/// The folder for the data of the demo. Root's is outside the checkout, which the user that
/// PostgreSQL runs as may not be able to enter.
pub(crate) fn demo_data(workspace: &Workspace, secrets: &Secrets) -> Result<PathBuf> {
    if !surroundings::is_root() {
        let home = workspace.home()?.join("postgres");
        fs::create_dir_all(&home).with_context(|| format!("creating {}", home.display()))?;
        return Ok(home.join("data"));
    }
    let home = open_home(workspace)?;
    let data = home.join("data");
    let owner = home.join("installation");
    let known = fs::read_to_string(&owner).is_ok_and(|found| found == secrets.installation);
    if !known {
        if data.exists() {
            // A checkout that was at this place before left it.
            fs::remove_dir_all(&data).with_context(|| format!("removing {}", data.display()))?;
        }
        fs::write(&owner, &secrets.installation).with_context(|| format!("writing {}", owner.display()))?;
    }
    Ok(data)
}

/// A folder outside the checkout, keyed by its place, that belongs to root and that all may enter.
fn open_home(workspace: &Workspace) -> Result<PathBuf> {
    let key = fingerprint::of_text(&workspace.root().to_string_lossy());
    let home = PathBuf::from(format!("/var/tmp/countersign-{key}"));
    if home.symlink_metadata().is_err() {
        fs::create_dir(&home).with_context(|| format!("creating {}", home.display()))?;
    }
    let found = home
        .symlink_metadata()
        .with_context(|| format!("looking at {}", home.display()))?;
    if !found.is_dir() || found.uid() != 0 {
        bail!("{} does not belong to root; remove it", home.display());
    }
    fs::set_permissions(&home, Permissions::from_mode(0o711))
        .with_context(|| format!("opening {}", home.display()))?;
    Ok(home)
}

fn copy_once(from: &Path, to: &Path) -> Result<PathBuf> {
    if !to.exists() {
        let unfinished = to.with_extension(format!("unfinished-{}", std::process::id()));
        copy_tree(from, &unfinished)
            .with_context(|| format!("copying PostgreSQL to {}", unfinished.display()))?;
        if fs::rename(&unfinished, to).is_err() && !to.exists() {
            bail!("cannot put PostgreSQL at {}", to.display());
        }
    }
    Ok(to.to_owned())
}

/// Copies a folder such that everybody can read it, whatever the caller's umask says.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            let runs = entry.metadata()?.mode() & 0o100 != 0;
            fs::set_permissions(&target, Permissions::from_mode(if runs { 0o755 } else { 0o644 }))?;
        }
    }
    Ok(())
}

/// The first line of the lock file is the process that holds the cluster.
fn leftover(data: &Path) -> Option<Pid> {
    let text = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
}

/// The eighth line of the lock file is the state.
fn is_ready(data: &Path, process: u32) -> bool {
    let Ok(text) = fs::read_to_string(data.join("postmaster.pid")) else {
        return false;
    };
    let mut lines = text.lines();
    lines.next().and_then(|line| line.trim().parse().ok()) == Some(process)
        && lines.nth(6).is_some_and(|state| state.trim() == "ready")
}

/// A cluster for one run, on any port.
pub(crate) fn throw_away(
    workspace: &Workspace,
    tools: &Tools,
    folder: &Path,
    purpose: Purpose,
) -> Result<Cluster> {
    let server = Server::at(folder, tools)?;
    let data = folder.join("cluster");
    server.start(
        &data,
        purpose,
        &Secrets::random()?,
        ports::any()?,
        &workspace.log("postgres-of-a-run"),
    )
}
