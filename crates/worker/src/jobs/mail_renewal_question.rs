//! Mails a question before a renewal run. The secret of its link is made here; only its hash is kept.
//!
//! Invariant: a question that was answered or replaced, or whose time is over, is not mailed.

use countersign_domain::certificates::question::Closed;
use countersign_domain::ids::QuestionId;
use countersign_persistence::questions::{self, TakenUp};

use super::{Attempt, JobError, message, page};
use crate::mail::{Letterhead, letters};
use crate::patience::Ending;

pub(super) async fn run(attempt: &Attempt<'_>, question: QuestionId) -> Result<Ending, JobError> {
    if attempt.is_exhausted() {
        let reason = "every attempt ended before it could tell how it went".to_owned();
        return attempt.end(Ending::Buried { reason }).await;
    }
    let (permit, taken) = attempt
        .worker
        .db
        .transaction(attempt.claim.agency(), async |tx| {
            let permit = attempt.permit(tx).await?;
            let taken = questions::take_up(tx, &permit, question, attempt.now()).await?;
            Ok::<_, JobError>((permit, taken))
        })
        .await?;
    let asked = match taken {
        TakenUp::ToMail(asked) => *asked,
        TakenUp::Closed(Closed::Answered | Closed::Replaced) => return attempt.end(Ending::Done).await,
        TakenUp::Closed(Closed::Expired) => {
            let reason = "the time to answer was over before the mail was taken".to_owned();
            return attempt.end(Ending::Buried { reason }).await;
        }
    };
    let mut address = page(&attempt.settings().portal_origin, permit.slug.as_str(), "renewal")?;
    // In the fragment it reaches neither a server's log nor a scanner that opens links.
    address.set_fragment(Some(&format!("token={}", asked.token.encode())));
    let head = Letterhead::of(&permit);
    let letter = letters::renewal_question(&head, &asked, &address)?;
    // Every secret that was mailed opens the same question, so a second copy may be dropped by a mail program.
    let identity = asked.id.to_string();
    let letter = message(attempt, &head, identity, asked.to, letter, Vec::new());
    match attempt.mail(&letter).await {
        Ok(_) => attempt.end(Ending::Done).await,
        Err(error) => attempt.end(attempt.ending(error.into())).await,
    }
}
