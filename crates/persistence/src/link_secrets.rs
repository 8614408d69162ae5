//! Secrets of links in mails: made while a mail is written, and shown by whoever opens the link.
//!
//! Invariants: only a hash is kept, within the agency that the secret names; a secret opens the one thing that it was made
//! for; and whoever shows one acts as the reader of that link and as nobody else.

use chrono::{DateTime, Utc};
use countersign_domain::authz::{Actor, Process};
use countersign_domain::ids::{DeliveryId, QuestionId};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::schema::link_secrets;
use crate::sessions::Token;

/// What a secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opens {
    /// The certificate of a sending.
    Delivery(DeliveryId),
    /// A question before a renewal run.
    Question(QuestionId),
}

/// Makes a secret for one attempt to mail a link.
pub(crate) async fn make(tx: &mut Tx, opens: Opens, now: DateTime<Utc>) -> Result<Token, Error> {
    let token = Token::fresh(tx.agency())?;
    let (delivery, question) = match opens {
        Opens::Delivery(id) => (Some(id.uuid()), None),
        Opens::Question(id) => (None, Some(id.uuid())),
    };
    diesel::insert_into(link_secrets::table)
        .values((
            link_secrets::agency_id.eq(tx.agency().uuid()),
            link_secrets::token_hash.eq(token.hash().to_vec()),
            link_secrets::delivery_id.eq(delivery),
            link_secrets::question_id.eq(question),
            link_secrets::made_at.eq(now),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(token)
}

/// Who shows a secret, and what it opens.
///
/// # Errors
/// [`Error::NotFound`] when nothing was ever mailed with it.
pub(crate) async fn shown(tx: &mut Tx, token: &Token) -> Result<(Actor, Opens), Error> {
    let agency = tx.agency();
    let (delivery, question): (Option<Uuid>, Option<Uuid>) = link_secrets::table
        .find((agency.uuid(), token.hash().to_vec()))
        .select((link_secrets::delivery_id, link_secrets::question_id))
        .first(&mut tx.connection()?)
        .await?;
    let opens = match (delivery, question) {
        (Some(id), _) => Opens::Delivery(DeliveryId::from_uuid(id)),
        (None, Some(id)) => Opens::Question(QuestionId::from_uuid(id)),
        (None, None) => return Err(Error::Broken("link_secrets: opens nothing".to_owned())),
    };
    let reader = Actor::System {
        agency,
        process: Process::LinkReader,
    };
    Ok((reader, opens))
}
