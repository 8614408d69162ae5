//! Tells a person that the password of the account was changed.

use countersign_domain::ids::PasswordLinkId;
use countersign_persistence::mailing::{self, Person};

use super::{Attempt, JobError, message, page};
use crate::mail::{Letterhead, letters};
use crate::patience::Ending;

pub(super) async fn run(attempt: &Attempt<'_>, link: PasswordLinkId) -> Result<Ending, JobError> {
    if attempt.is_exhausted() {
        let reason = "every attempt ended before it could tell how it went".to_owned();
        return attempt.end(Ending::Buried { reason }).await;
    }
    let (permit, used) = attempt
        .worker
        .db
        .transaction(attempt.claim.agency(), async |tx| {
            let permit = attempt.permit(tx).await?;
            let used = mailing::find_used(tx, &permit, link).await?;
            Ok::<_, JobError>((permit, used))
        })
        .await?;
    let Some(used) = used else {
        return attempt.end(Ending::Done).await;
    };
    let settings = attempt.settings();
    let origin = match used.to.person {
        Person::Staff { .. } => &settings.staff_origin,
        Person::Portal { .. } => &settings.portal_origin,
    };
    let sign_in = page(origin, permit.slug.as_str(), "sign-in")?;
    let head = Letterhead::of(&permit);
    let letter = letters::password_changed(&head, &used, &sign_in)?;
    let identity = format!("{}.notice", used.id);
    let letter = message(attempt, &head, identity, vec![used.to.email], letter, Vec::new());
    match attempt.mail(&letter).await {
        Ok(_) => attempt.end(Ending::Done).await,
        Err(error) => attempt.end(attempt.ending(error.into())).await,
    }
}
