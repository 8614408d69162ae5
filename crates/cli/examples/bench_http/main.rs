//! Measures the product over HTTP, as the release binary of its own process on a database of a million
//! certificates, and prints one JSON line per figure:
//! `{"group":"log"|"page"|"send"|"bulk","name":…,"value":…,"unit":…}`.
//!
//! Words name the groups that are wanted; all of them where there is none. `cargo xtask bench` says by environment where the cluster, the binary and the installed baselines are. Load,
//! server and database share the machine, and so do load and database of what the product is compared with. The
//! database is made by the first round and found by the later ones.

mod bulk;
mod http;
mod installation;
mod load;
mod log;
mod page;
mod send;
mod sink;

use std::error::Error;
use std::path::PathBuf;

use installation::{BOOK, Installation};
use url::Url;

/// Any failure ends the bench: a figure with failures in it would mean nothing.
type Failure = Box<dyn Error + Send + Sync>;
type Result<T> = std::result::Result<T, Failure>;

/// Connections of the server to its database, and of everything that it is compared with.
const CONNECTIONS: usize = 8;

/// One figure of the report.
struct Reading {
    group: &'static str,
    name: String,
    value: f64,
    unit: &'static str,
    /// What it is held against, beside what the report knows by itself.
    against: Vec<Against>,
}

/// Another row of the group, or the figure itself where there is none, and what must be reached.
struct Against {
    baseline: Option<String>,
    target: &'static str,
}

impl Reading {
    fn line(&self) -> String {
        let against = self.against.iter();
        let against: Vec<_> = against
            .map(|it| serde_json::json!({ "baseline": it.baseline, "target": it.target }))
            .collect();
        serde_json::json!({
            "group": self.group, "name": self.name, "value": self.value, "unit": self.unit, "against": against,
        })
        .to_string()
    }
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let readings = runtime.block_on(measure())?;
    #[expect(clippy::print_stdout, reason = "the report is what this program is for")]
    for reading in readings {
        println!("{}", reading.line());
    }
    Ok(())
}

async fn measure() -> Result<Vec<Reading>> {
    let owner = Url::parse(&told("COUNTERSIGN_BENCH_OWNER_URL")?)?;
    let binary = PathBuf::from(told("COUNTERSIGN_BENCH_BINARY")?);
    let baselines = PathBuf::from(told("COUNTERSIGN_BENCH_HTTP_BASELINES")?);
    let only: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |group: &str| only.is_empty() || only.iter().any(|word| word == group);
    let mut readings = Vec::new();
    if wanted("log") {
        readings.extend(log::measure(&binary, &owner).await?);
    }
    if !["page", "send", "bulk"].iter().any(|group| wanted(group)) {
        return Ok(readings);
    }
    let installation = Installation::make_or_find(&binary, &owner, &BOOK).await?;
    let agencies = installation.open_sessions().await?;
    if wanted("page") {
        readings.extend(page::measure(&installation, &agencies, &baselines).await?);
    }
    if wanted("send") {
        readings.extend(send::measure(&installation, &agencies).await?);
    }
    if wanted("bulk") {
        readings.extend(bulk::measure(&installation, &agencies).await?);
    }
    Ok(readings)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this program is a process of its own, and its starter says by environment what to measure"
)]
fn told(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set; run this through `cargo xtask bench`").into())
}
