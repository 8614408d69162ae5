//! One file per command.

pub(crate) mod bootstrap;
pub(crate) mod config_check;
pub(crate) mod demo_data;
mod demo_files;
pub(crate) mod demo_folder;
mod demo_templates;
pub(crate) mod import;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod serve;
pub(crate) mod verify_audit;
pub(crate) mod work;

use std::future::Future;

use countersign_domain::ids::AgencyId;
use countersign_domain::text::Slug;
use countersign_persistence::{Db, Role, agencies};

use crate::config::{self, Reader};
use crate::telemetry;

/// Runs async work to its end on a runtime of several threads.
fn block_on<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?
        .block_on(work)
}

/// Reads settings, reports all faults together, and starts to log.
fn settings<T>(read: impl FnOnce(&mut Reader) -> Option<T>) -> Result<T, String> {
    let mut reader = Reader::new();
    let log = config::log(&mut reader);
    let value = read(&mut reader);
    let ((log, value), _) = reader
        .finish(log.zip(value))
        .map_err(|faults| faults.to_string())?;
    telemetry::log(&log)?;
    Ok(value)
}

/// A pool, and the agency of a slug.
async fn agency(login: &str, role: Role, slug: &str) -> Result<(Db, AgencyId), String> {
    let slug = Slug::parse(slug).map_err(|error| format!("--agency {error}"))?;
    let db = Db::new(login, role, 4).map_err(|error| error.to_string())?;
    let id = agencies::id_of(&db, &slug).await.map_err(|error| match error {
        countersign_persistence::Error::NotFound => {
            format!("there is no agency {slug}; create it with bootstrap")
        }
        other => other.to_string(),
    })?;
    Ok((db, id))
}
