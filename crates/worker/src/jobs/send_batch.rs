//! Issues the certificates of a batch, a few rows a transaction.
//!
//! Invariant: certificate, delivery, trace, mail job and the row's result commit together, while the batch's row is
//! held. So whatever ends this process, a row is either settled whole or waits as before; none is sent twice.
//! Invariant: each certificate is asked for with the permissions that the sender has at that moment.

use std::time::Duration;

use chrono::{DateTime, Utc};
use countersign_domain::authz::rules::{RunBatch, SendCertificate};
use countersign_domain::authz::{Actor, Permit, Process};
use countersign_domain::certificates::batch::{
    Batch, BatchState, RowInHand, RowResult, finish, halt, settle,
};
use countersign_domain::certificates::renewal::anew;
use countersign_domain::certificates::send::{Draft, Facts, FreshIds, HolderChoice, Page, Sent, Wish, draft};
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
/// send are waiting, so it is short; and it is as many as make the commit's share of a row small.
const TOGETHER: i64 = 50;
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
                // It was halted while its last rows were on their way.
                if permit.state == BatchState::Paused
                    && let Some(finished) = finish(permit, now)
                {
                    batches::record_finished(tx, &finished).await?;
                }
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
            let results = send_rows(attempt, tx, &permit, &insured, &rows, now).await?;
            let issued = results
                .iter()
                .filter(|result| matches!(result, RowResult::Issued(_)));
            let issued = u64::try_from(issued.count()).unwrap_or(u64::MAX);
            let settled: Vec<_> = rows
                .iter()
                .zip(results)
                .map(|(row, result)| settle(&permit, row, result, now))
                .collect();
            batches::record_settled(tx, &permit, &settled).await?;
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

/// Rows that share their transaction: each through the same gate as one certificate sent alone, and all of them with
/// the same records, read and written at once. The results are in the order of the rows.
async fn send_rows(
    attempt: &Attempt<'_>,
    tx: &mut Tx,
    batch: &Permit<RunBatch>,
    insured: &Permit<SendCertificate>,
    rows: &[RowInHand],
    now: DateTime<Utc>,
) -> Result<Vec<RowResult>, Trouble> {
    let of_rows = |error: Error| unwritten(batch, rows, error);
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let wish = Wish {
        master: batch.master,
        holder: HolderChoice::Known(first.holder),
        description: batch.description.clone(),
        additional_insured: None,
        waiver: None,
    };
    let holders: Vec<HolderId> = rows.iter().map(|row| row.holder).collect();
    let facts = batches::check_facts(tx, insured, &wish, &holders, now)
        .await
        .map_err(of_rows)?;
    let follows: Vec<CertificateId> = rows.iter().filter_map(|row| row.follows).collect();
    let followed = batches::followed(tx, batch, &follows).await.map_err(of_rows)?;
    let mut looked_at = Vec::with_capacity(rows.len());
    for row in rows {
        let facts = facts.of_holder(row.holder);
        if let Some(reason) = not_for(batch, &facts) {
            looked_at.push(Look::Settled(RowResult::Failed(reason)));
            continue;
        }
        let wish = match row.follows {
            Some(held) => {
                let held = followed.get(&held).ok_or_else(|| of_rows(Error::NotFound))?;
                anew(held, &facts.master, row.holder)
            }
            None => Wish {
                holder: HolderChoice::Known(row.holder),
                ..wish.clone()
            },
        };
        looked_at.push(look(batch, insured, row, wish, facts)?);
    }
    let good = looked_at.iter().filter(|look| matches!(look, Look::Good(_)));
    let good = u32::try_from(good.count()).unwrap_or(u32::MAX);
    let mut numbers = certificates::next_numbers(tx, good, now)
        .await
        .map_err(of_rows)?
        .into_iter();
    let mut results = Vec::with_capacity(rows.len());
    let mut all_sent = Vec::with_capacity(rows.len());
    for (row, looked_at) in rows.iter().zip(looked_at) {
        results.push(match looked_at {
            Look::Settled(result) => result,
            Look::Good(draft) => {
                let number = numbers.next().ok_or_else(|| of_rows(Error::NotFound))?;
                let sent = seal(attempt, batch, row, draft.numbered(number), now)?;
                let result = RowResult::Issued(sent.id());
                all_sent.push(sent);
                result
            }
        });
    }
    certificates::record_all_sent(tx, &all_sent)
        .await
        .map_err(of_rows)?;
    Ok(results)
}

/// What the gate made of a row.
enum Look {
    /// It is not sent.
    Settled(RowResult),
    /// It may be sent. It has no number yet: one that is taken for a row that is not sent would be missing in the log.
    Good(Box<Draft>),
}

/// Asks for the permission of one certificate, composes what it would print, and asks the gate.
fn look(
    batch: &Permit<RunBatch>,
    insured: &Permit<SendCertificate>,
    row: &RowInHand,
    wish: Wish,
    facts: Facts,
) -> Result<Look, Trouble> {
    let target: &Insured = insured;
    let permit = insured
        .actor()
        .request::<SendCertificate>(target.clone())
        .map_err(|verdict| Trouble::Storage(verdict.into()))?;
    let unnumbered = NonBlank::parse("PREVIEW").map_err(|error| of_row(row, &error))?;
    let drafted = match draft(
        permit,
        wish,
        facts,
        unnumbered,
        countersign_documents::is_printable,
    ) {
        Ok(drafted) => drafted,
        Err(error) => return Ok(Look::Settled(RowResult::Failed(error.to_string()))),
    };
    if !truth::clears(drafted.findings()) {
        let findings = drafted.findings().to_vec();
        return Ok(Look::Settled(RowResult::SetAside(findings)));
    }
    let envelope = row.envelope(batch).map_err(|error| of_row(row, &error))?;
    Ok(match drafted.endorsements_fit(&envelope) {
        Ok(()) => Look::Good(Box::new(drafted)),
        Err(error) => Look::Settled(RowResult::Failed(error.to_string())),
    })
}

/// Prints and seals what the gate let through.
fn seal(
    attempt: &Attempt<'_>,
    batch: &Permit<RunBatch>,
    row: &RowInHand,
    draft: Draft,
    now: DateTime<Utc>,
) -> Result<Sent, Trouble> {
    let cleared = draft.clear().map_err(|error| of_row(row, &error))?;
    let page =
        countersign_documents::render_certificate(cleared.payload()).map_err(|error| of_row(row, &error))?;
    let page = Page {
        bytes: page.bytes,
        pages: page.pages,
    };
    let envelope = row.envelope(batch).map_err(|error| of_row(row, &error))?;
    let ids = FreshIds {
        certificate: CertificateId::from_uuid(attempt.fresh_id()),
        delivery: DeliveryId::from_uuid(attempt.fresh_id()),
        holder: HolderId::from_uuid(attempt.fresh_id()),
        job: JobId::from_uuid(attempt.fresh_id()),
    };
    cleared
        .of_batch(batch.id)
        .seal(page, envelope, ids, now)
        .map_err(|error| of_row(row, &error))
}

fn of_row(row: &RowInHand, error: &impl std::fmt::Display) -> Trouble {
    Trouble::Row {
        ordinal: row.ordinal,
        reason: error.to_string(),
    }
}

/// Rows that could not be written. Which of them is at fault shows when each goes alone.
fn unwritten(batch: &Permit<RunBatch>, rows: &[RowInHand], error: Error) -> Trouble {
    match (error, rows.first()) {
        (error @ (Error::Broken(_) | Error::Conflict(_) | Error::NotFound), Some(row)) => {
            tracing::error!(%error, batch = %batch.id, row = row.ordinal, rows = rows.len(),
                "rows of a batch could not be written");
            of_row(row, &"it could not be written; the server's log says why")
        }
        (other, _) => Trouble::Storage(other),
    }
}

/// Why a holder cannot be sent to any more, since the batch was started. One that was archived before was chosen knowingly.
fn not_for(batch: &Batch, facts: &Facts) -> Option<String> {
    let holder = facts.holder.as_ref()?;
    match holder.standing {
        HolderStanding::Merged { .. } => {
            Some("this holder was merged into another one meanwhile; send to that one".to_owned())
        }
        HolderStanding::Archived { at } if at >= batch.started_at => Some(
            "this holder was archived meanwhile; bring it back and try again, or leave it out".to_owned(),
        ),
        HolderStanding::Listed | HolderStanding::Archived { .. } => None,
    }
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
                batches::record_settled(tx, &permit, &[settled]).await?;
            }
            Ok::<_, JobError>(())
        })
        .await
}
