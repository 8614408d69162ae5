//! Writes the checked records of an import.

use countersign_domain::ids::ImportId;

use super::{Attempt, JobError, end_import, importer};
use crate::import::{Means, apply};
use crate::patience::Ending;

pub(super) async fn run(attempt: &Attempt<'_>, import: ImportId) -> Result<Ending, JobError> {
    let actor = importer(attempt);
    let means = Means {
        db: &attempt.worker.db,
        actor: &actor,
        clock: attempt.worker.clock.as_ref(),
    };
    if attempt.is_exhausted() {
        return end_import(attempt, None).await;
    }
    let applied = apply(&means, import, &mut |_| {}).await;
    end_import(attempt, Some(applied)).await
}
