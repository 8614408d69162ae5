//! The importer's work: bytes into rows, rows judged, records written. The rules are the domain's.
//!
//! A file is read a slice at a time and rows are judged and written in batches, each in a transaction of
//! its own, so memory and locks stay small whatever the size of a file. A crash between two batches loses
//! nothing: a check begins anew, and an apply goes on with the rows that are not marked as written.

mod apply;
mod check;
mod encoding;
pub mod folder;
pub mod rejected;
pub mod shift;
mod tokens;

pub use apply::apply;
pub use check::check;

use countersign_domain::authz::rules::RunImports;
use countersign_domain::authz::{Actor, Permit};
use countersign_domain::ids::ImportId;
use countersign_domain::imports::ImportError;
use countersign_domain::imports::plan::Outrun;
use countersign_domain::imports::run::{Progress, failed};
use countersign_persistence::{Db, Tx, agencies, imports};
use uuid::{NoContext, Timestamp, Uuid};

use crate::Clock;

/// How many rows are judged or written in one transaction.
const BATCH: u16 = 500;

/// What the importer works with.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The database, in the worker's role.
    pub db: &'a Db,
    /// As whom: the importer for a job, the console for the command line.
    pub actor: &'a Actor,
    /// The clock.
    pub clock: &'a dyn Clock,
}

impl std::fmt::Debug for Means<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Means")
            .field("actor", self.actor)
            .finish_non_exhaustive()
    }
}

/// Told how far the work is, after each batch.
pub type Told<'a> = dyn FnMut(Progress) + Send + 'a;

/// Why the importer stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Storage refused or failed.
    #[error("{0}")]
    Storage(#[from] countersign_persistence::Error),
    /// The run does not take this now.
    #[error("{0}")]
    Refused(#[from] ImportError),
    /// A row that was there at the check is gone.
    #[error("{0}")]
    Outrun(#[from] Outrun),
    /// The folder cannot be read.
    #[error("{0}")]
    Folder(String),
}

impl Error {
    /// Whether trying again later can help. Otherwise the run is marked as failed and says why.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        use countersign_persistence::Error as Storage;
        matches!(
            self,
            Self::Storage(Storage::Unavailable(_) | Storage::Conflict(_))
        )
    }
}

impl Means<'_> {
    /// Runs `work` in a transaction with the permit that the importer needs.
    async fn within<T>(
        &self,
        work: impl AsyncFnOnce(&mut Tx, &Permit<RunImports>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.db
            .transaction(self.actor.agency(), async |tx| {
                let permit = agencies::find::<RunImports>(tx, self.actor).await?;
                work(tx, &permit).await
            })
            .await
    }

    fn fresh_id(&self) -> Uuid {
        let now = self.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(
            NoContext,
            seconds,
            now.timestamp_subsec_nanos(),
        ))
    }

    async fn progress(&self, import: ImportId, progress: Progress, told: &mut Told<'_>) -> Result<(), Error> {
        told(progress);
        self.within(async |tx, permit| Ok(imports::record_progress(tx, permit, import, progress).await?))
            .await
    }

    /// Marks the run as failed, unless trying again can help; the error goes on to the caller either way.
    async fn give_up<T>(&self, import: ImportId, error: Error) -> Result<T, Error> {
        if error.is_passing() {
            return Err(error);
        }
        tracing::error!(%import, %error, "the import stopped");
        let words = match &error {
            Error::Storage(_) => {
                "The import stopped because of an internal error. What was written stays; check the import again."
                    .to_owned()
            }
            Error::Refused(_) | Error::Outrun(_) | Error::Folder(_) => error.to_string(),
        };
        self.within(async |tx, permit| Ok(imports::record_failed(tx, &failed(permit, import, words)).await?))
            .await?;
        Err(error)
    }
}
