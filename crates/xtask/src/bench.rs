//! `cargo xtask bench [GROUP]...`: measures a release build, and writes `docs/benchmarks.md` where it measured all.
//!
//! Only ratios within one run mean anything on a shared machine, so every bench is run in each of
//! three interleaved rounds, together with what it is compared with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::bench_table::{self, Comparison, Group, Reading};
use crate::cargo;
use crate::console;
use crate::fingerprint::{self, Stamp};
use crate::interrupt;
use crate::postgres::{self, Purpose};
use crate::processes::Program;
use crate::scratch::Scratch;
use crate::surroundings;
use crate::tools::Tools;
use crate::workspace::Workspace;

const ROUNDS: usize = 3;

/// A bench of ours: an example of a crate, which prints readings (see [`bench_table`]). It finds the
/// owner's URL of a PostgreSQL in `COUNTERSIGN_BENCH_OWNER_URL`, the release binary of the product in
/// `COUNTERSIGN_BENCH_BINARY`, and what it starts to compare with in `COUNTERSIGN_BENCH_HTTP_BASELINES`.
struct Bench {
    package: &'static str,
    example: &'static str,
    /// What it measures. It is told which of them are wanted, and measures all where it is told none.
    groups: &'static [&'static str],
}

const BENCHES: &[Bench] = &[
    Bench {
        package: "countersign-documents",
        example: "bench_render",
        groups: &["render"],
    },
    Bench {
        package: "countersign-cli",
        example: "bench_http",
        groups: &["log", "page", "send", "bulk"],
    },
];

const GROUPS: &[Group] = &[
    Group {
        name: "render",
        title: "Rendering one certificate",
    },
    Group {
        name: "log",
        title: "Searching and paging the log as it grows, one request at a time, 50 rows a page",
    },
    Group {
        name: "page",
        title: "Reading a page of 20 certificates over HTTP, of 1 million in 200 agencies",
    },
    Group {
        name: "send",
        title: "Sending one certificate over HTTP, eight agencies at a time",
    },
    Group {
        name: "bulk",
        title: "Sending 10,000 certificates of one agency in batches of 500",
    },
];

const COMPARISONS: &[Comparison] = &[
    Comparison {
        group: "render",
        name: "certificate",
        unit: "ms",
        baseline: Some("ReportLab (Python)"),
        target: "≥ 60×",
    },
    Comparison {
        group: "render",
        name: "certificate",
        unit: "ms",
        baseline: Some("certificate, not deflated"),
        target: "≥ 0.333×",
    },
    Comparison {
        group: "render",
        name: "certificate",
        unit: "bytes",
        baseline: None,
        target: "≤ 8000 bytes",
    },
    Comparison {
        group: "render",
        name: "certificate, embedded subset",
        unit: "bytes",
        baseline: None,
        target: "≤ 40000 bytes",
    },
    requests("page", "first page", "first page: bare SQL", "≥ 0.6×"),
    // The newest delivery looked up instead of kept on the row as the product does.
    requests(
        "page",
        "first page",
        "first page: bare SQL with the newest delivery looked up",
        "",
    ),
    requests(
        "page",
        "first page",
        "first page: bare SQL of half the columns",
        "",
    ),
    requests("page", "first page", "first page: Fastify + pg", "≥ 2.5×"),
    requests(
        "page",
        "first page",
        "first page: Fastify + pg, two processes",
        "",
    ),
    requests(
        "page",
        "first page of an insured",
        "first page of an insured: bare SQL",
        "",
    ),
    requests("page", "page 121", "first page", "≥ 0.833×"),
    requests("page", "page 121", "page 121: bare SQL", ""),
    requests(
        "page",
        "first page, part of a holder's name",
        "first page, part of a holder's name: bare SQL",
        "",
    ),
    requests(
        "page",
        "first page, one month",
        "first page, one month: bare SQL",
        "",
    ),
    Comparison {
        group: "page",
        name: "first page, 4 in flight for each connection: 99th percentile by median",
        unit: "times",
        baseline: None,
        target: "≤ 5 times",
    },
    Comparison {
        group: "page",
        name: "memory of the server afterwards",
        unit: "MB",
        baseline: None,
        target: "< 64 MB",
    },
    requests("send", "certificate sent", "bare inserts", ""),
    certificates(
        "gate, page, hash and rows",
        Some("COPY of the same rows"),
        "≥ 0.2×",
    ),
    certificates("gate, page, hash and rows", None, "≥ 1000 certificates/s"),
    certificates("mail handed over", Some("COPY of the same rows"), "≥ 0.0833×"),
    certificates("mail handed over", Some("lettre as it comes, one connection"), ""),
    certificates(
        "the mailer alone, one connection",
        Some("lettre as it comes, one connection"),
        "≥ 50×",
    ),
    certificates("both", Some("COPY of the same rows"), ""),
];

/// How many requests a second, against another row of the group.
const fn requests(
    group: &'static str,
    name: &'static str,
    baseline: &'static str,
    target: &'static str,
) -> Comparison {
    Comparison {
        group,
        name,
        unit: "requests/s",
        baseline: Some(baseline),
        target,
    }
}

/// How many certificates a second of a sending to many, against another row of the group or as they are.
const fn certificates(
    name: &'static str,
    baseline: Option<&'static str>,
    target: &'static str,
) -> Comparison {
    Comparison {
        group: "bulk",
        name,
        unit: "certificates/s",
        baseline,
        target,
    }
}

pub(crate) fn run(words: &[&str]) -> Result<()> {
    if let Some(word) = words
        .iter()
        .find(|word| GROUPS.iter().all(|group| group.name != **word))
    {
        let known: Vec<_> = GROUPS.iter().map(|group| group.name).collect();
        bail!(
            "`cargo xtask bench` measures {}; it knows no `{word}`",
            known.join(", ")
        );
    }
    let wanted = |group: &str| words.is_empty() || words.contains(&group);
    interrupt::listen()?;
    let workspace = Workspace::find()?;
    let tools = Tools::install(&workspace)?;
    let engines = Baselines::install(&workspace, "crates/documents/benches", "baselines")?;
    let servers = Baselines::install(&workspace, "crates/cli/benches", "baselines-http")?;

    console::announce("Building for release (cargo build --release)");
    let mut build = vec!["build", "--release", "--bin", "countersign"];
    for bench in BENCHES {
        build.extend(["--package", bench.package, "--example", bench.example]);
    }
    cargo::run(&workspace, &build, &[])?;

    let scratch = Scratch::new("bench")?;
    let cluster = console::step(
        "Starting PostgreSQL 18 (with fsync, 1 GB of shared buffers)",
        || postgres::throw_away(&workspace, &tools, scratch.path(), Purpose::Measured),
    )?;
    let variables = [
        (
            "COUNTERSIGN_BENCH_OWNER_URL",
            cluster.owner().with_database("postgres").to_string(),
        ),
        (
            "COUNTERSIGN_BENCH_BINARY",
            workspace.built("release", "countersign").display().to_string(),
        ),
        (
            "COUNTERSIGN_BENCH_HTTP_BASELINES",
            servers.folder.display().to_string(),
        ),
    ];

    let mut rounds = Vec::new();
    for round in 1..=ROUNDS {
        rounds.push(console::step(&format!("Round {round} of {ROUNDS}"), || {
            let mut readings = Vec::new();
            if wanted("render") {
                readings.extend(engines.measure(&workspace)?);
            }
            for bench in BENCHES {
                if !bench.groups.iter().any(|group| wanted(group)) {
                    continue;
                }
                let program = workspace.built("release", "examples").join(bench.example);
                let mut program = Program::new(bench.example, program);
                program
                    .command
                    .envs(variables.iter().map(|(key, value)| (key, value)));
                program.command.args(words).current_dir(workspace.root());
                readings.extend(Reading::all(&program.read("", &workspace.log(bench.example))?));
            }
            Ok(readings)
        })?);
    }

    let report = report(&bench_table::markdown(&rounds, GROUPS, COMPARISONS))?;
    console::line(&format!("\n{report}"));
    if !words.is_empty() {
        console::line("Only a part was measured, so docs/benchmarks.md stays as it is.");
        return Ok(());
    }
    let file = workspace.at("docs/benchmarks.md");
    fs::create_dir_all(workspace.at("docs")).context("creating docs")?;
    fs::write(&file, report).with_context(|| format!("writing {}", file.display()))?;
    console::line("Written to docs/benchmarks.md.");
    Ok(())
}

fn report(tables: &str) -> Result<String> {
    if tables.is_empty() {
        bail!("no bench printed a reading");
    }
    Ok(format!(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench`: {date}, {machine}, {rustc}, PostgreSQL 18\n\
         with fsync and 1 GB of shared buffers on the same machine.\n\n\
         Load, server and database share the machine, so the figures are for orientation and only the ratios\n\
         within this one run mean anything: each is the median of {ROUNDS} interleaved rounds. A ratio says how many\n\
         times better the row is than the row that it stands against.\n\n{tables}",
        date = first_line("date", &["+%Y-%m-%d"]),
        machine = machine(),
        rustc = first_line("rustc", &["--version"]),
    ))
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        text.lines().find_map(|line| {
            line.strip_prefix("model name")?
                .split_once(": ")
                .map(|(_, name)| name.to_owned())
        })
    });
    let model = model.unwrap_or_else(|| first_line("uname", &["-m"]));
    format!("{cores} cores of {model}, {}", first_line("uname", &["-s", "-r"]))
}

fn first_line(program: &str, arguments: &[&str]) -> String {
    let said = Command::new(program)
        .args(arguments)
        .output()
        .map(|output| output.stdout)
        .unwrap_or_default();
    String::from_utf8_lossy(&said)
        .lines()
        .next()
        .unwrap_or("unknown")
        .to_owned()
}

/// What others made for the same purpose, installed beside the demo's data at the versions that its lists pin.
struct Baselines {
    folder: PathBuf,
}

impl Baselines {
    /// Installs what the folder `sources` of the checkout lists, under `name`.
    fn install(workspace: &Workspace, sources: &str, name: &str) -> Result<Self> {
        let sources = workspace.at(sources);
        let folder = workspace.home()?.join(name);
        let stamp = Stamp::new(
            folder.join(".installed"),
            fingerprint::of(std::slice::from_ref(&sources))?,
        );
        if !stamp.is_set() {
            console::step(&format!("Installing what to compare with ({name})"), || {
                fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
                copy_files(&sources, &folder)?;
                if folder.join("requirements.txt").is_file() {
                    install_python(workspace, &folder)?;
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
                npm.log(&workspace.log(&format!("{name}-npm")))?;
                stamp.set()
            })?;
        }
        Ok(Self { folder })
    }

    /// Lets the engines that draw pages draw them.
    fn measure(&self, workspace: &Workspace) -> Result<Vec<Reading>> {
        let mut python = Program::new("the Python baselines", self.folder.join("venv/bin/python"));
        python.command.arg("baseline_python.py").current_dir(&self.folder);
        let mut node = Program::new("the Node.js baselines", "node");
        node.command.arg("baseline_node.mjs").current_dir(&self.folder);
        let mut readings = Vec::new();
        for (program, log) in [(python, "baseline-python"), (node, "baseline-node")] {
            readings.extend(Reading::all(&program.read("", &workspace.log(log))?));
        }
        Ok(readings)
    }
}

fn install_python(workspace: &Workspace, folder: &Path) -> Result<()> {
    let Some(python) = surroundings::find_program(&["python3"]) else {
        bail!(
            "the comparison with Python's engines needs Python 3 with venv: install python3 and python3-venv"
        );
    };
    let mut venv = Program::new("python3 -m venv", python);
    venv.command.args(["-m", "venv", "venv"]).current_dir(folder);
    venv.log(&workspace.log("baselines-venv"))?;
    let mut pip = Program::new("pip install", folder.join("venv/bin/python"));
    pip.command
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--only-binary=:all:",
            "--requirement",
            "requirements.txt",
        ])
        .current_dir(folder);
    pip.log(&workspace.log("baselines-pip"))
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry.context("reading the baselines")?;
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))
                .with_context(|| format!("copying {}", entry.path().display()))?;
        }
    }
    Ok(())
}
