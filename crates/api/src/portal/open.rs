//! Opening an account.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::OpenPortalUser;
use countersign_domain::ids::{InsuredId, JobId, PasswordLinkId, PortalUserId};
use countersign_domain::portal::open::{OpenError, open};
use countersign_persistence::{insureds, portal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::view;
use super::{PortalUserView, RightWord};
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems};

/// What the insured is granted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RightsBody {
    /// Words of the rights catalogue.
    pub(super) rights: Vec<RightWord>,
}

/// Opens a portal account: the username is the insured's email, the rights are stored, and the invitation is queued.
///
/// All or nothing. An insured without an email is refused.
#[utoipa::path(tag = "portal", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = RightsBody, responses((status = 201, body = PortalUserView), Problems))]
#[post("/v1/insureds/{insured}/portal-user")]
pub(crate) async fn open_portal_user(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<RightsBody>,
) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let id = PortalUserId::from_uuid(caller.fresh_id());
    let link = PasswordLinkId::from_uuid(caller.fresh_id());
    let job = JobId::from_uuid(caller.fresh_id());
    let now = caller.now();
    let rights = body.rights.iter().map(|right| (*right).into()).collect();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = insureds::lock::<OpenPortalUser>(desk.tx, desk.actor, insured).await?;
            let opened = open(permit, id, link, rights, now)?;
            portal::record_opened(desk.tx, &opened, job).await?;
            view(&mut desk, insured).await
        })
        .await
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::EmailMissing => Self::new(ProblemType::InsuredEmailMissing).detail(
                "The username is the insured's email address. Add it under Actions > Edit insured, then create the account.",
            ),
            OpenError::Exists => {
                Self::new(ProblemType::PortalUserExists).detail("Use Update User on the insured's profile.")
            }
        }
    }
}
