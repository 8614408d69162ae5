//! Renewing a policy into a new term.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::EditPolicy;
use countersign_domain::ids::{CarrierId, EndorsementId, PolicyId};
use countersign_domain::policies::Status;
use countersign_domain::policies::renew::{Carried, RenewError, renew};
use countersign_persistence::policies;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{PolicyRecordView, view};
use super::terms::{TermsBody, refused};
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems};

/// A new term.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenewalBody {
    /// What the new term says of itself. Without a status it is active.
    terms: TermsBody,
    /// The endorsements of the term before that the new one has too. Their own days do not go along.
    endorsements: Vec<Uuid>,
    /// Whether the vehicles go along.
    vehicles: bool,
}

/// Renews a policy into a new term, which is linked with this one; this one stays as it is. Master certificates
/// go on selecting the term that they select.
#[utoipa::path(tag = "policies", params(IdempotencyKey, ("policy" = Uuid, Path, description = "The id of the term before")),
    request_body = RenewalBody, responses((status = 201, body = PolicyRecordView), Problems))]
#[post("/v1/policies/{policy}/renewal")]
pub(crate) async fn renew_policy(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<RenewalBody>,
) -> Result<HttpResponse, Problem> {
    let before = PolicyId::from_uuid(path.into_inner());
    let id = PolicyId::from_uuid(caller.fresh_id());
    let fresh = CarrierId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = policies::lock::<EditPolicy>(desk.tx, desk.actor, before).await?;
            let written = body.terms.parse("/terms")?;
            let on_file = policies::insurer_on_file(desk.tx, &permit, &written.insurer.naic).await?;
            let insurer = written.insurer.clone().settle(on_file, fresh);
            let insurer = insurer.map_err(|error| refused("/terms", &error))?;
            let terms = written.terms(insurer, Status::Active);
            let wanted = body.endorsements.iter().copied();
            let carried = Carried {
                endorsements: wanted.map(EndorsementId::from_uuid).collect(),
                vehicles: body.vehicles,
            };
            let renewed = renew(permit, id, terms, &carried, || caller.fresh_id(), now)?;
            policies::record_renewed(desk.tx, &renewed).await?;
            view(&mut desk, id, now).await
        })
        .await
}

impl From<RenewError> for Problem {
    fn from(error: RenewError) -> Self {
        match &error {
            RenewError::RenewedAlready(_) => {
                Self::new(ProblemType::PolicyRenewedAlready).detail(format!("{error}."))
            }
            RenewError::NotLater => Self::field("/terms/effective_on", "not_later", error),
            RenewError::Cancelled => Self::field("/terms/status", "cancel_by_itself", error),
            RenewError::NoSuchForm(place) => {
                Self::field(&format!("/endorsements/{place}"), "not_on_policy", &error)
            }
            RenewError::Terms(refusal) => refused("/terms", refusal),
        }
    }
}
