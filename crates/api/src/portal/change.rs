//! Update User: rights, username, suspension, links.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use chrono::{DateTime, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::ManagePortalUser;
use countersign_domain::ids::{InsuredId, JobId, PasswordLinkId};
use countersign_domain::portal::change::{self, ChangeError, Changed};
use countersign_domain::text::Username;
use countersign_persistence::portal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PortalUserView;
use super::get::view;
use super::open::RightsBody;
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems};
use crate::version::{IfMatch, with_version};

/// Changes an account that was loaded in a known version.
async fn versioned(
    caller: &Caller,
    insured: InsuredId,
    version: IfMatch,
    decide: impl FnOnce(Permit<ManagePortalUser>) -> Result<Changed, ChangeError>,
) -> Result<HttpResponse, Problem> {
    let job = JobId::from_uuid(caller.fresh_id());
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = portal::lock(desk.tx, desk.actor, insured).await?;
            version.check(permit.version)?;
            let changed = decide(permit)?;
            portal::record_changed(desk.tx, &changed, job, now).await?;
            view(&mut desk, insured).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

/// Changes where an account stands, or mails it a link: one verb, no body.
async fn verb(
    caller: &Caller,
    insured: InsuredId,
    decide: impl FnOnce(Permit<ManagePortalUser>, PasswordLinkId, DateTime<Utc>) -> Result<Changed, ChangeError>,
) -> Result<HttpResponse, Problem> {
    let link = PasswordLinkId::from_uuid(caller.fresh_id());
    let job = JobId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::OK, &(), async |mut desk| {
            let permit = portal::lock(desk.tx, desk.actor, insured).await?;
            let changed = decide(permit, link, now)?;
            portal::record_changed(desk.tx, &changed, job, now).await?;
            view(&mut desk, insured).await
        })
        .await
}

/// Replaces an account's rights; they take effect on the insured's next request. Needs `If-Match`.
#[utoipa::path(tag = "portal", params(IfMatch, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = RightsBody, responses((status = 200, body = PortalUserView), Problems))]
#[put("/v1/insureds/{insured}/portal-user/rights")]
pub(crate) async fn change_portal_rights(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<RightsBody>,
) -> Result<HttpResponse, Problem> {
    let rights = body.rights.iter().map(|right| (*right).into()).collect();
    versioned(&caller, InsuredId::from_uuid(*path), version, |permit| {
        change::grant(permit, rights)
    })
    .await
}

/// A new username.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UsernameBody {
    /// Compared without regard to case; unique in the agency.
    username: String,
}

/// Changes what an account signs in with; the old name stops working. Needs `If-Match`.
#[utoipa::path(tag = "portal", params(IfMatch, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = UsernameBody, responses((status = 200, body = PortalUserView), Problems))]
#[put("/v1/insureds/{insured}/portal-user/username")]
pub(crate) async fn rename_portal_user(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<UsernameBody>,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let username = faults.text("/username", &body.username, Username::parse);
    let username = faults.finish(username)?;
    versioned(&caller, InsuredId::from_uuid(*path), version, |permit| {
        change::rename(permit, username)
    })
    .await
}

/// Suspends an account: its very next request is refused.
#[utoipa::path(tag = "portal", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = PortalUserView), Problems))]
#[post("/v1/insureds/{insured}/portal-user/suspend")]
pub(crate) async fn suspend_portal_user(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    verb(&caller, InsuredId::from_uuid(*path), |permit, _, now| {
        change::suspend(permit, now)
    })
    .await
}

/// Resumes a suspended account.
#[utoipa::path(tag = "portal", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = PortalUserView), Problems))]
#[post("/v1/insureds/{insured}/portal-user/resume")]
pub(crate) async fn resume_portal_user(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    verb(&caller, InsuredId::from_uuid(*path), |permit, _, _| {
        change::resume(permit)
    })
    .await
}

/// Revokes an account: password and sessions are destroyed; only a new invitation opens it again.
#[utoipa::path(tag = "portal", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = PortalUserView), Problems))]
#[post("/v1/insureds/{insured}/portal-user/revoke")]
pub(crate) async fn revoke_portal_user(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    verb(&caller, InsuredId::from_uuid(*path), |permit, _, now| {
        change::revoke(permit, now)
    })
    .await
}

/// Mails the invitation again; older links stop working.
#[utoipa::path(tag = "portal", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = PortalUserView), Problems))]
#[post("/v1/insureds/{insured}/portal-user/invite")]
pub(crate) async fn invite_portal_user(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    verb(&caller, InsuredId::from_uuid(*path), change::invite).await
}

/// Mails a reset link to an account in use; older links stop working.
#[utoipa::path(tag = "portal", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = PortalUserView), Problems))]
#[post("/v1/insureds/{insured}/portal-user/password-link")]
pub(crate) async fn mail_portal_password_link(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    verb(&caller, InsuredId::from_uuid(*path), change::mail_reset).await
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::WrongStanding(standing) => Self::new(ProblemType::WrongAccountState).detail(
                format!("The account is {standing}. Reload the page to see what can be done with it."),
            ),
        }
    }
}
