//! Mails a courtesy notice of a cancellation, under the identity of the notice.
//!
//! Invariants: as with a certificate's mail, an attempt is committed as "sending" before the relay is spoken to and
//! "accepted" is written only on the relay's word; a notice of a cancellation that was taken back or corrected
//! meanwhile is not mailed, for it would not be true.

use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::MailQueued;
use countersign_domain::ids::NoticeId;
use countersign_domain::policies::deliver_notice;
use countersign_persistence::notices::{self, Outgoing, TakenUp};

use super::{Attempt, JobError, message};
use crate::mail::{Letterhead, MailError, letters};
use crate::patience::Ending;

pub(super) async fn run(attempt: &Attempt<'_>, notice: NoticeId) -> Result<Ending, JobError> {
    let (permit, taken) = attempt
        .worker
        .db
        .transaction(attempt.claim.agency(), async |tx| {
            let permit = attempt.permit(tx).await?;
            let taken = notices::take_up(tx, &permit, notice).await?;
            Ok::<_, JobError>((permit, taken))
        })
        .await?;
    let outgoing = match taken {
        TakenUp::ToMail(outgoing) => *outgoing,
        TakenUp::AcceptedBefore => return attempt.end(Ending::Done).await,
        TakenUp::GivenUpBefore(reason) => return attempt.end(Ending::Buried { reason }).await,
        TakenUp::NoLongerSo(taken) => return hold_back(attempt, &permit, *taken).await,
    };
    if attempt.is_exhausted() {
        let reason = "every attempt ended before it could tell how it went".to_owned();
        return fail(attempt, &permit, outgoing, JobError::Fail { reason }, false).await;
    }
    let head = Letterhead::of(&permit);
    let letter = match letters::courtesy_notice(&head, &outgoing.facts, &outgoing.requested_by) {
        Ok(letter) => letter,
        Err(error) => return fail(attempt, &permit, outgoing, error.into(), false).await,
    };
    let identity = outgoing.attempt.notice.to_string();
    let to = outgoing.attempt.to.clone();
    let letter = message(attempt, &head, identity, to, letter, Vec::new());
    match attempt.mail(&letter).await {
        Ok(_) => {
            let accepted = deliver_notice::accepted(&permit, outgoing.attempt, attempt.now());
            attempt
                .record(async |tx| {
                    notices::record_accepted(tx, &accepted).await?;
                    Ending::Done.record(tx, attempt.claim, accepted.at()).await?;
                    Ok(())
                })
                .await?;
            Ok(Ending::Done)
        }
        Err(MailError::Temporary {
            reason,
            unanswered: true,
        }) => {
            // The relay had the whole message. One more try is worth a second copy, a third is not.
            let error = if outgoing.attempt.after_unanswered {
                JobError::Fail {
                    reason: format!("{reason}; it may have arrived, as may the one before"),
                }
            } else {
                JobError::Retry { reason }
            };
            fail(attempt, &permit, outgoing, error, true).await
        }
        Err(error) => fail(attempt, &permit, outgoing, error.into(), false).await,
    }
}

/// Does not mail what is no longer so. There is nothing to try again, so the job is done and no dead letter is left.
async fn hold_back(
    attempt: &Attempt<'_>,
    permit: &Permit<MailQueued>,
    taken: deliver_notice::Attempt,
) -> Result<Ending, JobError> {
    let now = attempt.now();
    let reason = "not mailed: the cancellation was changed before".to_owned();
    let given_up = deliver_notice::given_up(permit, taken, reason, false, now);
    attempt
        .record(async |tx| {
            notices::record_given_up(tx, &given_up).await?;
            Ending::Done.record(tx, attempt.claim, now).await?;
            Ok(())
        })
        .await?;
    Ok(Ending::Done)
}

/// Writes a failed attempt: the notice's state and the job's in one transaction.
async fn fail(
    attempt: &Attempt<'_>,
    permit: &Permit<MailQueued>,
    outgoing: Outgoing,
    error: JobError,
    unanswered: bool,
) -> Result<Ending, JobError> {
    let now = attempt.now();
    let ending = attempt.ending(error);
    match &ending {
        Ending::Buried { reason } => {
            let given_up =
                deliver_notice::given_up(permit, outgoing.attempt, reason.clone(), unanswered, now);
            attempt
                .record(async |tx| {
                    notices::record_given_up(tx, &given_up).await?;
                    ending.record(tx, attempt.claim, now).await?;
                    Ok(())
                })
                .await?;
        }
        Ending::Later { reason, .. } => {
            attempt
                .record(async |tx| {
                    notices::record_deferred(tx, permit, &outgoing.attempt, reason, unanswered).await?;
                    ending.record(tx, attempt.claim, now).await?;
                    Ok(())
                })
                .await?;
        }
        Ending::Done => {}
    }
    Ok(ending)
}
