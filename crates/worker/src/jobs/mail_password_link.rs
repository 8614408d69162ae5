//! Mails an invitation or a reset link. The secret is made here, for this one mail; only its hash is kept.
//!
//! Invariants: each attempt makes a new secret, which ends the one before; a link that was used or replaced, or
//! whose account is closed, is not mailed; a link lives from the attempt on that may have reached its reader,
//! not from when it was ordered, and one whose time ran out is buried where staff see it.

use countersign_domain::ids::PasswordLinkId;
use countersign_persistence::mailing::{self, Person, TakenUp};

use super::{Attempt, JobError, message, page};
use crate::mail::{Letterhead, letters};
use crate::patience::Ending;

pub(super) async fn run(attempt: &Attempt<'_>, link: PasswordLinkId) -> Result<Ending, JobError> {
    if attempt.is_exhausted() {
        let reason = "every attempt ended before it could tell how it went".to_owned();
        return attempt.end(Ending::Buried { reason }).await;
    }
    let (permit, taken) = attempt
        .worker
        .db
        .transaction(attempt.claim.agency(), async |tx| {
            let permit = attempt.permit(tx).await?;
            let taken = mailing::arm_link(tx, &permit, link, attempt.now()).await?;
            Ok::<_, JobError>((permit, taken))
        })
        .await?;
    let armed = match taken {
        TakenUp::Armed(armed) => *armed,
        TakenUp::Used | TakenUp::Replaced | TakenUp::Closed => return attempt.end(Ending::Done).await,
        TakenUp::Expired(at) => {
            let at = at.format("%Y-%m-%d %H:%M UTC");
            let reason = format!("the link expired ({at}) before it was known whether its mail was taken");
            return attempt.end(Ending::Buried { reason }).await;
        }
    };
    let settings = attempt.settings();
    let origin = match armed.to.person {
        Person::Staff { .. } => &settings.staff_origin,
        Person::Portal { .. } => &settings.portal_origin,
    };
    let mut address = page(origin, permit.slug.as_str(), "set-password")?;
    // In the fragment it reaches neither a server's log nor a scanner that opens links.
    address.set_fragment(Some(&format!("token={}", armed.token.encode())));
    let head = Letterhead::of(&permit);
    let letter = letters::password_link(&head, &armed, &address)?;
    // Mail programs drop a message whose identity they have seen, and only the newest secret works.
    let identity = format!("{}.{}", armed.id, armed.mark);
    let letter = message(
        attempt,
        &head,
        identity,
        vec![armed.to.email.clone()],
        letter,
        Vec::new(),
    );
    let error = match attempt.mail(&letter).await {
        Ok(_) => return attempt.end(Ending::Done).await,
        Err(error) => error,
    };
    if !error.is_unanswered() {
        // It surely did not arrive, so its time does not run.
        attempt
            .worker
            .db
            .transaction(attempt.claim.agency(), async |tx| {
                mailing::disarm_link(tx, &permit, &armed).await
            })
            .await?;
    }
    attempt.end(attempt.ending(error.into())).await
}
