//! Measures the product over HTTP, as the release binary of its own process on a database of a million
//! certificates, and prints one JSON line per figure:
//! `{"group":"page"|"send","name":…,"value":…,"unit":…}`.
//!
//! `cargo xtask bench` says by environment where the cluster, the binary and the installed baselines are. Load,
//! server and database share the machine, and so do load and database of what the product is compared with. The
//! database is made by the first round and found by the later ones.

mod http;
mod installation;
mod load;
mod page;
mod send;

use std::error::Error;
use std::path::PathBuf;

use installation::Installation;
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
}

impl Reading {
    fn line(&self) -> String {
        let Self {
            group,
            name,
            value,
            unit,
        } = self;
        serde_json::json!({ "group": group, "name": name, "value": value, "unit": unit }).to_string()
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
    let installation = Installation::make_or_find(binary, &owner).await?;
    let agencies = installation.open_sessions().await?;
    let mut readings = page::measure(&installation, &agencies, &baselines).await?;
    readings.extend(send::measure(&installation, &agencies).await?);
    Ok(readings)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this program is a process of its own, and its starter says by environment what to measure"
)]
fn told(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set; run this through `cargo xtask bench`").into())
}
