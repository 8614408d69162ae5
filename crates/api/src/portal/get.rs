//! An insured's account.

use actix_web::{HttpResponse, get, web};
use countersign_domain::ids::InsuredId;
use countersign_domain::portal::{PortalUser, change};
use countersign_persistence::portal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PortalState, RightWord};
use crate::context::{Caller, Desk};
use crate::problem::{Problem, Problems};
use crate::version::with_version;
use crate::wire::{DateTime, Utc};

/// An insured's portal account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PortalUser)]
pub(crate) struct PortalUserView {
    id: Uuid,
    pub(super) version: i32,
    insured_id: Uuid,
    username: String,
    email: String,
    state: PortalState,
    rights: Vec<RightWord>,
    invited_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activated_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in_at: Option<DateTime<Utc>>,
    /// Until when the newest unused link works.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation_expires_at: Option<DateTime<Utc>>,
    /// What can be done with it now: `change_rights`, `rename`, `invite`, `mail_reset`, `suspend`, `resume`, `revoke`.
    may: Vec<&'static str>,
}

impl From<&PortalUser> for PortalUserView {
    fn from(user: &PortalUser) -> Self {
        Self {
            id: user.id.uuid(),
            version: user.version,
            insured_id: user.insured.uuid(),
            username: user.username.to_string(),
            email: user.email.to_string(),
            state: user.standing.into(),
            rights: user.rights.iter().map(|right| (*right).into()).collect(),
            invited_at: user.invited_at,
            activated_at: user.activated_at,
            suspended_at: user.suspended_at,
            last_sign_in_at: user.last_sign_in_at,
            invitation_expires_at: user.link_expires_at,
            may: change::fitting(user.standing).to_vec(),
        }
    }
}

pub(super) async fn view(desk: &mut Desk<'_>, insured: InsuredId) -> Result<PortalUserView, Problem> {
    let permit = portal::lock(desk.tx, desk.actor, insured).await?;
    Ok(PortalUserView::from(&*permit))
}

/// Shows an insured's portal account. The ETag is its version.
#[utoipa::path(tag = "portal", params(("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = PortalUserView), Problems))]
#[get("/v1/insureds/{insured}/portal-user")]
pub(crate) async fn get_portal_user(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let view = caller
        .transaction(async |mut desk| view(&mut desk, insured).await)
        .await?;
    Ok(with_version(view.version).json(view))
}
