//! `cargo xtask test`: everything that a change must pass, against a real PostgreSQL, a real server
//! and worker, a real SMTP sink and a real browser, all of them made for the run and gone after it.

use std::thread;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::browser::{self, Stories};
use crate::cargo;
use crate::console;
use crate::database_url::DatabaseUrl;
use crate::frontend::Frontend;
use crate::interrupt;
use crate::postgres::{self, Cluster, Purpose};
use crate::scratch::Scratch;
use crate::stages::{Stages, Told};
use crate::surroundings;
use crate::tools::{self, Tools};
use crate::workspace::Workspace;

const SET_UP: &str = "Set-up";
const BUILD: &str = "Rust build";
const PACKAGES: &str = "Frontend packages";
const APPS: &str = "Frontend build";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    All,
    Rust,
    Frontend,
    Browser,
}

impl Part {
    fn includes(self, other: Part) -> bool {
        self == Part::All || self == other
    }
}

/// What the person asked for: a part, and arguments for that part's own runner.
#[derive(Debug)]
struct Wishes<'a> {
    part: Part,
    arguments: &'a [&'a str],
}

impl<'a> Wishes<'a> {
    fn read(words: &'a [&'a str]) -> Result<Self> {
        let (part, rest) = match words {
            [] => (Part::All, words),
            ["all", rest @ ..] => (Part::All, rest),
            ["rust", rest @ ..] => (Part::Rust, rest),
            ["frontend", rest @ ..] => (Part::Frontend, rest),
            ["browser", rest @ ..] => (Part::Browser, rest),
            [word, ..] => bail!("`{word}` is no part; the parts are rust, frontend, browser and all"),
        };
        match rest {
            [] => Ok(Self { part, arguments: &[] }),
            ["--", arguments @ ..] if part != Part::All => Ok(Self { part, arguments }),
            _ => bail!("arguments for a runner come after the part and `--`"),
        }
    }
}

pub(crate) fn run(words: &[&str]) -> Result<()> {
    let wishes = Wishes::read(words)?;
    interrupt::listen()?;
    let workspace = Workspace::find()?;
    let mut stages = Stages::new(console::line);
    match wishes.part {
        Part::Rust if !wishes.arguments.is_empty() => {
            rust_tests_alone(&workspace, &mut stages, wishes.arguments)?
        }
        Part::Frontend if !wishes.arguments.is_empty() => {
            frontend_tests_alone(&workspace, &mut stages, wishes.arguments)?;
        }
        part => everything(&workspace, &mut stages, part, wishes.arguments)?,
    }
    stages.finish()
}

fn everything(workspace: &Workspace, stages: &mut Stages, part: Part, arguments: &[&str]) -> Result<()> {
    let frontend = Frontend::of(workspace);
    let scaffold = match part {
        Part::Frontend => {
            stages.run(SET_UP, &[], tools::require_node)?;
            None
        }
        _ => stages.run(SET_UP, &[], || Scaffold::start(workspace))?,
    };

    if part != Part::Rust {
        stages.run(PACKAGES, &[], || frontend.install())?;
    }
    // The compiler leaves a core idle where one crate waits for the other; the frontend's checks use it.
    thread::scope(|scope| {
        let checks = (part.includes(Part::Frontend) && stages.passed(PACKAGES))
            .then(|| scope.spawn(|| frontend_checks(workspace, &frontend)));
        if part.includes(Part::Rust) {
            rust_checks(workspace, stages)?;
        }
        if part != Part::Frontend {
            // As the tests need it, so that nothing is compiled twice; it brings the product's binary along.
            stages.run(BUILD, &[], || {
                cargo::run(workspace, &["test", "--workspace", "--no-run"], &[])
            })?;
        }
        let Some(checks) = checks else { return Ok(()) };
        let told = checks
            .join()
            .map_err(|_| anyhow!("the frontend's checks broke off"))?;
        told.into_iter().try_for_each(|told| stages.take_in(told))
    })?;
    if part.includes(Part::Rust) {
        stages.run("Rust tests", &[SET_UP, BUILD], || {
            rust_tests(
                workspace,
                scaffold.as_ref().context("no database")?,
                &["--workspace", "--no-fail-fast"],
            )
        })?;
    }
    if part.includes(Part::Frontend) {
        frontend.forget_build()?;
    }
    if part != Part::Rust {
        stages.run(APPS, &[PACKAGES], || frontend.build())?;
    }
    if part.includes(Part::Browser) {
        stages.run("Browser stories", &[SET_UP, BUILD, APPS], || {
            let scaffold = scaffold.as_ref().context("no database")?;
            browser::run(&Stories {
                workspace,
                tools: &scaffold.tools,
                frontend: &frontend,
                folder: scaffold.scratch.path(),
                cluster: scaffold.cluster.as_ref().map(Cluster::owner),
                arguments,
            })
        })?;
    }
    Ok(())
}

fn rust_checks(workspace: &Workspace, stages: &mut Stages) -> Result<()> {
    stages.run("Rust formatting", &[], || {
        cargo::run(workspace, &["fmt", "--all", "--check"], &[])
    })?;
    stages.run("Rust lints", &[], || {
        let words = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ];
        cargo::run(workspace, &words, &[])
    })?;
    Ok(())
}

/// Types, lints and unit tests, one after the other. They run beside the compiler, so their output waits in logs.
fn frontend_checks(workspace: &Workspace, frontend: &Frontend<'_>) -> Vec<Told> {
    let checks = [
        ("Frontend types", "check"),
        ("Frontend lints", "lint"),
        ("Frontend tests", "test"),
    ];
    checks
        .into_iter()
        .map(|(title, script)| {
            let log = workspace.log(&format!("npm-{script}"));
            Told::of(title, &log, |log| frontend.quiet_script(script, log))
        })
        .collect()
}

fn rust_tests_alone(workspace: &Workspace, stages: &mut Stages, arguments: &[&str]) -> Result<()> {
    let scaffold = stages.run(SET_UP, &[], || Scaffold::start(workspace))?;
    stages.run("Rust tests", &[SET_UP], || {
        rust_tests(workspace, scaffold.as_ref().context("no database")?, arguments)
    })?;
    Ok(())
}

fn frontend_tests_alone(workspace: &Workspace, stages: &mut Stages, arguments: &[&str]) -> Result<()> {
    let frontend = Frontend::of(workspace);
    stages.run(SET_UP, &[], tools::require_node)?;
    stages.run(PACKAGES, &[SET_UP], || frontend.install())?;
    stages.run("Frontend tests", &[PACKAGES], || {
        frontend.script("test", arguments, &[])
    })?;
    Ok(())
}

fn rust_tests(workspace: &Workspace, scaffold: &Scaffold, arguments: &[&str]) -> Result<()> {
    let owner = scaffold.test_owner()?.to_string();
    let words: Vec<&str> = ["test"].iter().chain(arguments).copied().collect();
    cargo::run(workspace, &words, &[("COUNTERSIGN_TEST_OWNER_URL", &owner)])
}

/// What runs beside the tests. The cluster ends before its folder goes.
struct Scaffold {
    tools: Tools,
    cluster: Option<Cluster>,
    scratch: Scratch,
}

impl Scaffold {
    fn start(workspace: &Workspace) -> Result<Self> {
        let tools = Tools::install(workspace)?;
        let scratch = Scratch::new("test")?;
        if let Some(url) = surroundings::database_url() {
            let url = DatabaseUrl::parse(&url).context("reading DATABASE_URL")?;
            console::line(&format!(
                "  ✓ Using the PostgreSQL of DATABASE_URL: {}",
                url.location()
            ));
            return Ok(Self {
                tools,
                cluster: None,
                scratch,
            });
        }
        let cluster = console::step("Starting a throw-away PostgreSQL 18", || {
            postgres::throw_away(workspace, &tools, scratch.path(), Purpose::ThrowAway)
        })?;
        Ok(Self {
            tools,
            cluster: Some(cluster),
            scratch,
        })
    }

    /// The owner's URL that the Rust tests make their databases with.
    fn test_owner(&self) -> Result<DatabaseUrl> {
        match (&self.cluster, surroundings::database_url()) {
            (Some(cluster), _) => Ok(cluster.owner().with_database("postgres")),
            (None, Some(url)) => DatabaseUrl::parse(&url),
            (None, None) => bail!("DATABASE_URL is gone"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_their_arguments_are_read() {
        assert_eq!(Wishes::read(&[]).unwrap().part, Part::All);
        assert_eq!(Wishes::read(&["frontend"]).unwrap().part, Part::Frontend);
        let wishes = Wishes::read(&["rust", "--", "-p", "countersign-domain"]).unwrap();
        assert_eq!(
            (wishes.part, wishes.arguments),
            (Part::Rust, ["-p", "countersign-domain"].as_slice())
        );
    }

    #[test]
    fn what_nobody_would_run_is_refused() {
        assert!(Wishes::read(&["rusty"]).is_err());
        assert!(Wishes::read(&["rust", "-p", "countersign-domain"]).is_err());
        assert!(Wishes::read(&["all", "--", "x"]).is_err());
    }
}
