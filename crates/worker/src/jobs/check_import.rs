//! Checks uploaded files; nothing of the agency's book is touched.

use countersign_domain::ids::ImportId;

use super::{Attempt, JobError, end_import, importer};
use crate::import::{Means, check};
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
    let checked = check(&means, import, &mut |_| {}).await;
    end_import(attempt, Some(checked)).await
}
