//! Issues the certificates of a batch, a few rows a transaction.
//!
//! Invariant: certificate, delivery, trace, mail job and the row's result commit together, while the batch's row is
//! held. So whatever ends this process, a row is either settled whole or waits as before; none is sent twice.
//! Invariant: each certificate is asked for with the permissions that the sender has at that moment.

use std::time::Duration;

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::{RunBatch, SendCertificate};
use countersign_domain::authz::{Actor, Permit, Process};
use countersign_domain::certificates::batch::{BatchState, RowInHand, RowResult, finish, halt, settle};
use countersign_domain::certificates::renewal::anew;
use countersign_domain::certificates::send::{
    Draft, Facts, FreshIds, HolderChoice, Page, SendError, Wish, draft,
};
use countersign_domain::certificates::truth;
use countersign_domain::holders::HolderStanding;
use countersign_domain::ids::{BatchId, CertificateId, DeliveryId, HolderId, JobId};
use countersign_domain::insureds::Insured;
use countersign_domain::text::NonBlank;
use countersign_persistence::jobs::Counting;
use countersign_persistence::{Error, Tx, batches, certificates, insureds};
use tokio::time::Instant;

use super::{Attempt, JobError};
use crate::patience::Ending;

/// Rows of one transaction. It holds the agency's counter of numbers and the head of its trail, for which others who
/// send are waiting, so it is short.
const TOGETHER: i64 = 5;
/// For so long one batch keeps a hand of the worker before others have their turn.
const TURN: Duration = Duration::from_secs(20);

/// Why rows were not settled.
enum Trouble {
    /// Not the fault of a row.
    Storage(Error),
    /// One row cannot be sent, and what was done in its transaction is undone.
    Row { ordinal: u32, reason: String },
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Storage(error)
    }
}

/// What a transaction led to.
enum Step {
    /// Rows were settled; there may be more.
    Further,
    /// Nothing is left to do, and the job is ended.
    Over,
}

pub(super) async fn run(attempt: &Attempt<'_>, batch: BatchId) -> Result<Ending, JobError> {
    if attempt.is_exhausted() {
        let reason = BROKE_OFF.to_owned();
        return Err(JobError::Fail { reason });
    }
    let begun = Instant::now();
    // After trouble with a row, as many go alone as went together.
    let mut alone = 0;
    loop {
        let at_most = if alone > 0 { 1 } else { TOGETHER };
        match rows(attempt, batch, at_most).await {
            Ok(Step::Over) => return Ok(Ending::Done),
            Ok(Step::Further) => alone = (alone - at_most).max(0),
            Err(Trouble::Row { .. }) if at_most > 1 => alone = TOGETHER,
            Err(Trouble::Row { ordinal, reason }) => {
                give_up_row(attempt, batch, ordinal, reason).await?;
                alone -= 1;
            }
            Err(Trouble::Storage(error)) => return Err(error.into()),
        }
        if begun.elapsed() > TURN {
            return attempt
                .end(Ending::Later {
                    run_at: attempt.now(),
                    reason: "others have their turn".to_owned(),
                    counting: Counting::GivenBack,
                })
                .await;
        }
    }
}

/// What staff are told when a batch was given up.
pub(super) const BROKE_OFF: &str = "the sending broke off several times; what was sent stays sent";

/// As whom the books of a batch are kept.
pub(super) fn bookkeeper(attempt: &Attempt<'_>) -> Actor {
    Actor::System {
        agency: attempt.claim.agency(),
        process: Process::BulkSender,
    }
}

/// Settles the next rows.
async fn rows(attempt: &Attempt<'_>, batch: BatchId, at_most: i64) -> Result<Step, Trouble> {
    let now = attempt.now();
    let (step, issued) = attempt
        .worker
        .db
        .transaction(attempt.claim.agency(), async |tx| {
            if let Some(request) = attempt.claim.request() {
                tx.serve(request);
            }
            let permit = batches::lock::<RunBatch>(tx, &bookkeeper(attempt), batch).await?;
            if permit.state != BatchState::Running {
                Ending::Done.record(tx, attempt.claim, now).await?;
                return Ok((Step::Over, 0));
            }
            let rows = batches::next_rows(tx, &permit, at_most).await?;
            if rows.is_empty() {
                if let Some(finished) = finish(permit, now) {
                    batches::record_finished(tx, &finished).await?;
                }
                Ending::Done.record(tx, attempt.claim, now).await?;
                return Ok((Step::Over, 0));
            }
            let insured = match sender(tx, &permit).await {
                Ok(insured) => insured,
                Err(Error::Denied(_)) => {
                    let reason = "who sends it may no longer send certificates".to_owned();
                    batches::record_halted(tx, &halt(permit, reason, now)).await?;
                    Ending::Done.record(tx, attempt.claim, now).await?;
                    return Ok((Step::Over, 0));
                }
                Err(error) => return Err(error.into()),
            };
            let mut issued = 0;
            for row in &rows {
                let result = send_row(attempt, tx, &permit, &insured, row, now).await?;
                issued += u64::from(matches!(result, RowResult::Issued(_)));
                batches::record_settled(tx, &settle(&permit, row, result, now)).await?;
            }
            Ok::<_, Trouble>((Step::Further, issued))
        })
        .await?;
    metrics::counter!("countersign_certificates_sent_total").increment(issued);
    Ok(step)
}

/// The permission of who sends, as it is now, with the insured held as for one certificate.
async fn sender(tx: &mut Tx, permit: &Permit<RunBatch>) -> Result<Permit<SendCertificate>, Error> {
    use countersign_domain::authz::{Rule, Verdict};
    let Some(actor) = batches::sender(tx, permit).await? else {
        return Err(Error::Denied(Verdict::Forbidden(Rule::AccountSuspended)));
    };
    insureds::lock::<SendCertificate>(tx, &actor, permit.insured).await
}

/// One row: through the same gate and with the same records as one certificate sent alone.
async fn send_row(
    attempt: &Attempt<'_>,
    tx: &mut Tx,
    batch: &Permit<RunBatch>,
    insured: &Permit<SendCertificate>,
    row: &RowInHand,
    now: DateTime<Utc>,
) -> Result<RowResult, Trouble> {
    let trouble = |reason: String| Trouble::Row {
        ordinal: row.ordinal,
        reason,
    };
    let of_row = |error: Error| match error {
        Error::Broken(_) | Error::Conflict(_) | Error::NotFound => {
            tracing::error!(%error, batch = %batch.id, row = row.ordinal, "a row of a batch could not be written");
            trouble("it could not be written; the server's log says why".to_owned())
        }
        other => Trouble::Storage(other),
    };
    let wish = Wish {
        master: batch.master,
        holder: HolderChoice::Known(row.holder),
        description: batch.description.clone(),
        additional_insured: None,
        waiver: None,
    };
    let facts = certificates::send_facts(tx, insured, &wish, now)
        .await
        .map_err(of_row)?;
    if let Some(reason) = not_for(&facts) {
        return Ok(RowResult::Failed(reason));
    }
    let wish = match row.follows {
        Some(held) => {
            let held = batches::followed(tx, batch, held).await.map_err(of_row)?;
            anew(&held, &facts.master, row.holder)
        }
        None => wish,
    };
    // Looked at under no number first: one that is taken for a row that is not sent would be missing in the log.
    let unnumbered = NonBlank::parse("PREVIEW").map_err(|error| trouble(error.to_string()))?;
    let findings = match compose(insured, wish.clone(), facts.clone(), unnumbered) {
        Ok(draft) => draft.findings().to_vec(),
        Err(Composing::Refused(error)) => return Ok(RowResult::Failed(error.to_string())),
        Err(Composing::Storage(error)) => return Err(error.into()),
    };
    if !truth::clears(&findings) {
        return Ok(RowResult::SetAside(findings));
    }
    let number = certificates::next_number(tx, now).await.map_err(of_row)?;
    let cleared = match compose(insured, wish, facts, number) {
        Ok(draft) => draft.clear().map_err(|error| trouble(error.to_string()))?,
        Err(Composing::Refused(error)) => return Err(trouble(error.to_string())),
        Err(Composing::Storage(error)) => return Err(error.into()),
    };
    let page = countersign_documents::render_certificate(cleared.payload())
        .map_err(|error| trouble(error.to_string()))?;
    let page = Page {
        bytes: page.bytes,
        pages: page.pages,
    };
    let envelope = row.envelope(batch).map_err(|error| trouble(error.to_string()))?;
    let ids = FreshIds {
        certificate: CertificateId::from_uuid(attempt.fresh_id()),
        delivery: DeliveryId::from_uuid(attempt.fresh_id()),
        holder: HolderId::from_uuid(attempt.fresh_id()),
        job: JobId::from_uuid(attempt.fresh_id()),
    };
    let sent = cleared
        .of_batch(batch.id)
        .seal(page, envelope, ids, now)
        .map_err(|error| trouble(error.to_string()))?;
    certificates::record_sent(tx, &sent).await.map_err(of_row)?;
    Ok(RowResult::Issued(sent.id()))
}

/// Why a holder cannot be sent to any more, since the batch was started.
fn not_for(facts: &Facts) -> Option<String> {
    let holder = facts.holder.as_ref()?;
    match holder.standing {
        HolderStanding::Merged { .. } => {
            Some("this holder was merged into another one meanwhile; send to that one".to_owned())
        }
        HolderStanding::Listed | HolderStanding::Archived { .. } => None,
    }
}

enum Composing {
    Refused(SendError),
    Storage(Error),
}

/// Asks for the permission of one certificate, and composes what it would print.
fn compose(
    insured: &Permit<SendCertificate>,
    wish: Wish,
    facts: Facts,
    number: NonBlank,
) -> Result<Draft, Composing> {
    let target: &Insured = insured;
    let permit = insured
        .actor()
        .request::<SendCertificate>(target.clone())
        .map_err(|verdict| Composing::Storage(verdict.into()))?;
    draft(permit, wish, facts, number, countersign_documents::is_printable).map_err(Composing::Refused)
}

/// Writes that a row cannot be sent, in a transaction of its own, unless it was settled meanwhile.
async fn give_up_row(
    attempt: &Attempt<'_>,
    batch: BatchId,
    ordinal: u32,
    reason: String,
) -> Result<(), JobError> {
    let now = attempt.now();
    attempt
        .worker
        .db
        .transaction(attempt.claim.agency(), async |tx| {
            let permit = batches::lock::<RunBatch>(tx, &bookkeeper(attempt), batch).await?;
            let next = batches::next_rows(tx, &permit, 1).await?;
            if let Some(row) = next.iter().find(|row| row.ordinal == ordinal) {
                let settled = settle(&permit, row, RowResult::Failed(reason), now);
                batches::record_settled(tx, &settled).await?;
            }
            Ok::<_, JobError>(())
        })
        .await
}
