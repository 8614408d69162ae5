//! Looking at recipients before something is sent to them.

use actix_web::{post, web};
use countersign_domain::authz::rules::CheckRecipients;
use countersign_domain::certificates::delivery::MAX_RECIPIENTS;
use countersign_domain::certificates::recipients::{Concern, ConcernCode, KnownHolder, concerns};
use countersign_domain::ids::HolderId;
use countersign_domain::text::EmailAddress;
use countersign_persistence::{agencies, recipients};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Caller;
use crate::faults::Faults;
use crate::problem::{Problem, Problems};
use crate::wire::{SeverityWord, wire_enum};

wire_enum! {
    /// What is odd about a recipient.
    ConcernWord for ConcernCode {
        LookalikeDomain = "lookalike_domain",
        Bounced = "bounced",
        NewDomain = "new_domain",
        DiffersFromLast = "differs_from_last",
    }
}

/// One thing that is odd about one recipient. Nothing of it prevents sending.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Concern)]
pub(crate) struct ConcernView {
    code: ConcernWord,
    /// `warn` or `info`.
    severity: SeverityWord,
    /// Whom it is about.
    address: String,
    /// The domain that it looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    resembles: Option<String>,
    /// In one sentence.
    message: String,
}

impl From<Concern> for ConcernView {
    fn from(concern: Concern) -> Self {
        Self {
            code: concern.code.into(),
            severity: concern.severity.into(),
            address: concern.address.to_string(),
            resembles: concern.resembles,
            message: concern.message,
        }
    }
}

/// Whom somebody is about to send to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecipientCheckBody {
    /// Everybody who would receive it, at most 20. An entry that is no address is passed over: sending refuses it.
    recipients: Vec<String>,
    /// The holder that the certificate is for, where it is in the library.
    holder_id: Option<Uuid>,
}

/// What is odd about the recipients.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecipientCheck {
    /// What weighs most first; empty when nothing is odd.
    concerns: Vec<ConcernView>,
}

/// Says what is odd about recipients: a domain that this agency never wrote to or that looks like a known one, an
/// address that mail came back from, another one than last time. Nothing is kept, and nothing of it prevents sending.
#[utoipa::path(tag = "certificates", request_body = RecipientCheckBody,
    responses((status = 200, body = RecipientCheck), Problems))]
#[post("/v1/recipient-checks")]
pub(crate) async fn check_recipients(
    caller: Caller,
    body: web::Json<RecipientCheckBody>,
) -> Result<web::Json<RecipientCheck>, Problem> {
    let found = caller
        .transaction(async |desk| {
            let permit = agencies::find::<CheckRecipients>(desk.tx, desk.actor).await?;
            let mut faults = Faults::default();
            if body.recipients.len() > MAX_RECIPIENTS {
                faults.add(
                    "/recipients",
                    "too_many",
                    format!("takes at most {MAX_RECIPIENTS}"),
                );
            }
            faults.finish(Some(()))?;
            let parsed = body.recipients.iter().map(|text| EmailAddress::parse(text));
            let addresses: Vec<EmailAddress> = parsed.filter_map(Result::ok).collect();
            let known = recipients::known(desk.tx, &permit, &addresses).await?;
            let holder = match body.holder_id {
                Some(id) => {
                    let id = HolderId::from_uuid(id);
                    let holder = recipients::holder(desk.tx, &permit, id).await?;
                    let unknown =
                        || Problem::field("/holder_id", "unknown", "is not a holder of the library");
                    Some(holder.ok_or_else(unknown)?)
                }
                None => None,
            };
            let holder = match &holder {
                Some((holder, last)) => KnownHolder {
                    emails: &holder.profile.emails,
                    last,
                },
                None => KnownHolder::default(),
            };
            Ok(concerns(&addresses, &known, holder))
        })
        .await?;
    Ok(web::Json(RecipientCheck {
        concerns: found.into_iter().map(ConcernView::from).collect(),
    }))
}
