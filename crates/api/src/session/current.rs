//! Who is signed in, and what they may.

use actix_web::{get, web};
use countersign_domain::agency::Agency;
use countersign_domain::authz::{Actor, Permission, Right};
use countersign_persistence::agencies;
use countersign_persistence::sessions::{App, Resolved};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::AgencyCard;
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::wire::{AppWord, DateTime, Utc};

/// The account that is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SessionUser {
    id: Uuid,
    username: String,
    display_name: String,
    email: String,
}

/// The insured of a portal session.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SessionInsured {
    id: Uuid,
    name: String,
}

/// A session: who, where, what they may, and until when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CurrentSession {
    app: AppWord,
    user: SessionUser,
    agency: AgencyCard,
    /// The insured, in the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    insured: Option<SessionInsured>,
    /// Permissions of the security group, or rights in the portal. For drawing pages; the server decides anew each time.
    may: Vec<String>,
    /// End of the session without further requests.
    idle_expires_at: DateTime<Utc>,
    /// End of the session in any case.
    expires_at: DateTime<Utc>,
}

impl CurrentSession {
    pub(super) fn of(app: App, session: &Resolved, agency: &Agency) -> Self {
        let by = session.actor.by();
        let (may, insured, display_name): (Vec<String>, _, _) = match &session.actor {
            Actor::Staff(staff) => (
                staff.permissions.iter().map(Permission::to_string).collect(),
                None,
                by.name,
            ),
            Actor::Portal(portal) => {
                let name = session.insured_name.clone().unwrap_or_default();
                let insured = SessionInsured {
                    id: portal.insured.uuid(),
                    name: name.clone(),
                };
                (
                    portal.rights.iter().map(Right::to_string).collect(),
                    Some(insured),
                    name,
                )
            }
            Actor::System { .. } => (Vec::new(), None, by.name),
        };
        Self {
            app: app.into(),
            user: SessionUser {
                id: by.id.unwrap_or_default(),
                username: session.username.clone(),
                display_name,
                email: session.email.clone(),
            },
            agency: AgencyCard::from(agency),
            insured,
            may,
            idle_expires_at: session.idle_expires_at,
            expires_at: session.expires_at,
        }
    }
}

/// Shows who is signed in.
#[utoipa::path(tag = "session", responses((status = 200, body = CurrentSession), Problems))]
#[get("/v1/session")]
pub(crate) async fn current_session(caller: Caller) -> Result<web::Json<CurrentSession>, Problem> {
    let app = caller.app();
    let view = caller
        .read(async |desk| {
            let agency = agencies::card(desk.tx).await?;
            Ok(CurrentSession::of(app, desk.session, &agency))
        })
        .await?;
    Ok(web::Json(view))
}
