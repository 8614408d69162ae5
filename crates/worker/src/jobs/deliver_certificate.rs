//! Mails a certificate: the stored bytes or a link to them, under the identity of the delivery.
//!
//! Invariant: an attempt is committed as "sending" before the relay is spoken to, and "accepted" is written
//! only on the relay's word. So nothing is lost, and the one gap that is left, between that word and our
//! commit, shows as "may have arrived twice".

use countersign_domain::agency::Agency;
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::MailQueued;
use countersign_domain::certificates::deliver;
use countersign_domain::ids::DeliveryId;
use countersign_persistence::deliveries::{self, Outgoing, TakenUp};

use super::{Attempt, JobError, message, page};
use crate::mail::letters::{self, file_name};
use crate::mail::{Attachment, Letterhead, MailError, Message};
use crate::patience::Ending;

pub(super) async fn run(attempt: &Attempt<'_>, delivery: DeliveryId) -> Result<Ending, JobError> {
    let (permit, taken) = attempt
        .worker
        .db
        .transaction(attempt.claim.agency(), async |tx| {
            let permit = attempt.permit(tx).await?;
            let taken = deliveries::take_up(tx, &permit, delivery, attempt.now()).await?;
            Ok::<_, JobError>((permit, taken))
        })
        .await?;
    let outgoing = match taken {
        TakenUp::ToMail(outgoing) => *outgoing,
        TakenUp::Undone => return attempt.end(Ending::Done).await,
        TakenUp::AcceptedBefore => return attempt.end(Ending::Done).await,
        TakenUp::GivenUpBefore(reason) => return attempt.end(Ending::Buried { reason }).await,
        TakenUp::LinkGone(taken, gone) => {
            let reason = format!("not mailed: {gone}");
            return hold_back(attempt, &permit, *taken, reason).await;
        }
        TakenUp::NoLongerStands(taken, state) => {
            let reason = format!("not mailed: the certificate was {state} before");
            return hold_back(attempt, &permit, *taken, reason).await;
        }
    };
    if attempt.is_exhausted() {
        let reason = "every attempt ended before it could tell how it went".to_owned();
        return fail(attempt, &permit, outgoing, JobError::Fail { reason }, false).await;
    }
    let head = Letterhead::of(&permit);
    let letter = match compose(attempt, &permit, &head, &outgoing) {
        Ok(letter) => letter,
        Err(error) => return fail(attempt, &permit, outgoing, error, false).await,
    };
    match attempt.mail(&letter).await {
        Ok(accepted) => {
            let accepted = deliver::accepted(&permit, outgoing.attempt, accepted.reply, attempt.now());
            attempt
                .record(async |tx| {
                    deliveries::record_accepted(tx, &accepted).await?;
                    Ending::Done.record(tx, attempt.claim, accepted.at()).await?;
                    Ok(())
                })
                .await?;
            metrics::counter!("deliveries_total", "state" => "accepted").increment(1);
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

/// The mail carries the page with its endorsements or the way to them, never both.
fn compose(
    attempt: &Attempt<'_>,
    agency: &Agency,
    head: &Letterhead,
    outgoing: &Outgoing,
) -> Result<Message, JobError> {
    let (letter, files) = match &outgoing.link {
        Some(link) => {
            let origin = &attempt.settings().portal_origin;
            let mut address = page(origin, agency.slug.as_str(), "certificate")?;
            // In the fragment it reaches neither a server's log nor a scanner that opens links.
            address.set_fragment(Some(&format!("token={}", link.token.encode())));
            let letter = letters::certificate_link(head, outgoing, &address, link.expires_at)?;
            (letter, Vec::new())
        }
        None => {
            let page = Attachment {
                name: file_name(outgoing),
                bytes: outgoing.bytes.clone(),
            };
            let endorsements = outgoing.enclosures.iter().map(|file| Attachment {
                name: file.file_name.clone(),
                bytes: file.bytes.clone(),
            });
            let files = std::iter::once(page).chain(endorsements).collect();
            (letters::certificate(head, outgoing)?, files)
        }
    };
    let identity = outgoing.attempt.delivery.to_string();
    let to = outgoing.attempt.to.clone();
    Ok(Message {
        cc: outgoing.attempt.cc.clone(),
        ..message(attempt, head, identity, to, letter, files)
    })
}

/// Does not mail what no longer stands, or whose link was turned off while its mail waited. There is nothing to try again, so the
/// job is done and no dead letter is left.
async fn hold_back(
    attempt: &Attempt<'_>,
    permit: &Permit<MailQueued>,
    taken: deliver::Attempt,
    reason: String,
) -> Result<Ending, JobError> {
    let now = attempt.now();
    let given_up = deliver::given_up(permit, taken, reason, false, now);
    attempt
        .record(async |tx| {
            deliveries::record_given_up(tx, &given_up).await?;
            Ending::Done.record(tx, attempt.claim, now).await?;
            Ok(())
        })
        .await?;
    metrics::counter!("deliveries_total", "state" => "failed").increment(1);
    Ok(Ending::Done)
}

/// Writes a failed attempt: the delivery's state and the job's in one transaction.
async fn fail(
    attempt: &Attempt<'_>,
    permit: &Permit<MailQueued>,
    outgoing: Outgoing,
    error: JobError,
    unanswered: bool,
) -> Result<Ending, JobError> {
    let now = attempt.now();
    let ending = attempt.ending(error);
    let state = match &ending {
        Ending::Buried { reason } => {
            let given_up = deliver::given_up(permit, outgoing.attempt, reason.clone(), unanswered, now);
            attempt
                .record(async |tx| {
                    deliveries::record_given_up(tx, &given_up).await?;
                    ending.record(tx, attempt.claim, now).await?;
                    Ok(())
                })
                .await?;
            "failed"
        }
        Ending::Later { reason, .. } => {
            let deferred = deliver::deferred(permit, outgoing.attempt, reason.clone(), unanswered, now);
            attempt
                .record(async |tx| {
                    deliveries::record_deferred(tx, &deferred).await?;
                    ending.record(tx, attempt.claim, now).await?;
                    Ok(())
                })
                .await?;
            "deferred"
        }
        Ending::Done => return Ok(ending),
    };
    metrics::counter!("deliveries_total", "state" => state).increment(1);
    Ok(ending)
}
