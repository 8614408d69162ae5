//! The workshop beside the house: `cargo xtask demo`, `test`, `bench` and `database`.
//!
//! It finds or brings what those need (PostgreSQL, a mailbox, a browser), starts it, and ends it.
//! Invariant: whatever a command started is gone when the command is gone, however it ended.

#[cfg(unix)]
mod bench;
#[cfg(unix)]
mod bench_table;
#[cfg(unix)]
mod browser;
#[cfg(unix)]
mod cargo;
#[cfg(unix)]
mod chromium;
#[cfg(unix)]
mod console;
#[cfg(unix)]
mod database;
#[cfg(unix)]
mod database_url;
#[cfg(unix)]
mod demo;
#[cfg(unix)]
mod demo_people;
#[cfg(unix)]
mod external_database;
#[cfg(unix)]
mod fingerprint;
#[cfg(unix)]
mod frontend;
#[cfg(unix)]
mod http;
#[cfg(unix)]
mod interrupt;
#[cfg(unix)]
mod leash;
#[cfg(unix)]
mod mail_sink;
#[cfg(unix)]
mod ports;
#[cfg(unix)]
mod postgres;
#[cfg(unix)]
mod processes;
#[cfg(unix)]
mod product;
#[cfg(unix)]
mod scratch;
#[cfg(unix)]
mod secrets;
#[cfg(unix)]
mod stages;
#[cfg(unix)]
mod surroundings;
#[cfg(unix)]
mod test;
#[cfg(unix)]
mod tools;
#[cfg(unix)]
mod unprivileged;
#[cfg(unix)]
mod workspace;

use std::process::ExitCode;

#[cfg(unix)]
const USAGE: &str = "\
cargo xtask demo [--fresh] [--port N]
    Starts the whole product with a demo agency; Ctrl-C ends it. --fresh forgets the data of earlier runs.
cargo xtask test [rust|frontend|browser|all] [-- ARGUMENTS]
    Runs every check, or one part. ARGUMENTS go to the part's own runner (cargo test, vitest, playwright).
cargo xtask bench [render|log|page|send|bulk]...
    Measures a release build and writes docs/benchmarks.md, or only shows the groups that are named.
cargo xtask database
    Runs a throw-away PostgreSQL for `cargo test` in another terminal; Ctrl-C ends and removes it.
";

#[cfg(unix)]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [leash::COMMAND, rest @ ..] => leash::run(rest),
        ["demo", rest @ ..] => demo::run(rest),
        ["test", rest @ ..] => test::run(rest),
        ["bench", rest @ ..] => bench::run(rest),
        ["database"] => database::run(),
        ["help" | "--help" | "-h"] => {
            console::line(USAGE);
            Ok(())
        }
        _ => {
            console::complain(USAGE);
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<interrupt::Interrupted>() => {
            console::complain("Stopped.");
            ExitCode::from(130)
        }
        Err(error) => {
            console::complain(&format!("\nerror: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    use std::io::Write as _;
    // On Windows the workshop runs inside WSL; the product itself has no such limit.
    _ = writeln!(
        std::io::stderr(),
        "cargo xtask needs Linux or macOS; on Windows run it inside WSL."
    );
    ExitCode::FAILURE
}
