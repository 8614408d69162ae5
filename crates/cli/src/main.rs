//! The composition root: one binary, a command per task.

mod clock;
mod commands;
mod config;
mod log_lines;
mod signals;
mod telemetry;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Certificates of insurance, portal accounts and staff of an insurance agency.
#[derive(Parser)]
#[command(name = "countersign", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Brings the database's schema up to date and makes the server's login.
    Migrate,
    /// Creates an agency and its first administrator.
    Bootstrap(commands::bootstrap::Options),
    /// Answers requests.
    Serve {
        /// Also works through the queue, for a small agency on one host.
        #[arg(long)]
        with_worker: bool,
    },
    /// Works through the queue: mail, imports.
    Work,
    /// Imports a folder of CSV files.
    Import(commands::import::Options),
    /// Writes a copy of the demo agency's files with their dates moved to today.
    DemoFolder {
        /// The files as they are kept.
        from: PathBuf,
        /// Where the copy goes.
        to: PathBuf,
        /// The agency's time zone, whose day is today.
        #[arg(long, default_value = "America/Los_Angeles")]
        zone: String,
    },
    /// Adds to the demo agency what no import carries: masters, an account, certificates.
    DemoData {
        /// The agency's slug.
        #[arg(long)]
        agency: String,
    },
    /// Prints the contract of the API.
    Openapi,
    /// Walks along an agency's audit chain.
    VerifyAudit {
        /// The agency's slug.
        #[arg(long)]
        agency: String,
    },
    /// Reports where each setting comes from, or everything that is wrong with them.
    ConfigCheck,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Migrate => commands::migrate::run(),
        Command::Bootstrap(options) => commands::bootstrap::run(&options),
        Command::Serve { with_worker } => commands::serve::run(with_worker),
        Command::Work => commands::work::run(),
        Command::Import(options) => commands::import::run(&options),
        Command::DemoFolder { from, to, zone } => commands::demo_folder::run(&from, &to, &zone),
        Command::DemoData { agency } => commands::demo_data::run(&agency),
        Command::Openapi => commands::openapi::run(),
        Command::VerifyAudit { agency } => commands::verify_audit::run(&agency),
        Command::ConfigCheck => commands::config_check::run(),
    };
    log_lines::LINES.flush();
    match result {
        Ok(code) => code,
        Err(error) => {
            say_error(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "this is how a command line speaks")]
fn say_error(error: &str) {
    eprintln!("countersign: {error}");
}

/// Prints a line for the person at the command line.
#[expect(clippy::print_stdout, reason = "this is how a command line speaks")]
fn say(line: &str) {
    println!("{line}");
}
