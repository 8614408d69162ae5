//! Who did what for an insured, and when.

use actix_web::{get, web};
use countersign_domain::audit::Action;
use countersign_domain::authz::rules::ViewActivity;
use countersign_domain::authz::{ActorKind, By};
use countersign_domain::ids::InsuredId;
use countersign_persistence::{audit, insureds};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, PageInfo, Utc, wire_enum};

wire_enum! {
    /// Who did something.
    ActorKindWord for ActorKind { Staff = "staff", Portal = "portal", System = "system", }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivityQuery {
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u16>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Who did something; the name outlives the account.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityActor {
    kind: ActorKindWord,
    name: String,
}

impl From<By> for ActivityActor {
    fn from(by: By) -> Self {
        Self {
            kind: by.kind.into(),
            name: name(by.kind, by.name),
        }
    }
}

/// What was touched.
#[derive(Serialize, ToSchema)]
struct ActivityObject {
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    label: String,
}

/// One thing that was done.
#[derive(Serialize, ToSchema)]
#[schema(as = Activity)]
pub(crate) struct ActivityView {
    /// Its place in the agency's trail.
    id: String,
    at: DateTime<Utc>,
    actor: ActivityActor,
    /// A word for programs.
    #[schema(example = "certificate_sent")]
    action: String,
    /// A sentence for people.
    summary: String,
    object: ActivityObject,
    /// Facts, by name.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

/// A page of the history.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityPage {
    data: Vec<ActivityView>,
    page: PageInfo,
}

/// Shows who did what for an insured, the newest first.
#[utoipa::path(tag = "insureds", params(("insured" = Uuid, Path, description = "The insured's id"), ActivityQuery),
    responses((status = 200, body = ActivityPage), Problems))]
#[get("/v1/insureds/{insured}/activity")]
pub(crate) async fn list_activity(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<ActivityQuery>,
) -> Result<web::Json<ActivityPage>, Problem> {
    let id = InsuredId::from_uuid(path.into_inner());
    let page = caller
        .transaction(async |desk| {
            let permit = insureds::find::<ViewActivity>(desk.tx, desk.actor, id).await?;
            let purpose = Purpose::of("activity", desk.actor.agency(), &id);
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let page = audit::list(desk.tx, &permit, &request).await?;
            let info = caller.cursors().info(&page, &purpose)?;
            let data = page
                .rows
                .into_iter()
                .map(|row| ActivityView {
                    id: row.seq.to_string(),
                    at: row.at,
                    summary: summary(row.action, &row.object_label, &row.detail),
                    actor: ActivityActor::from(row.by),
                    action: row.action.to_string(),
                    object: ActivityObject {
                        kind: row.object_kind,
                        id: row.object_id,
                        label: row.object_label,
                    },
                    detail: row.detail,
                })
                .collect();
            Ok(ActivityPage { data, page: info })
        })
        .await?;
    Ok(web::Json(page))
}

/// The product's own processes under names that people understand.
fn name(kind: ActorKind, name: String) -> String {
    match (kind, name.as_str()) {
        (ActorKind::System, "mailer") => "Mail delivery".to_owned(),
        (ActorKind::System, "importer") => "Import".to_owned(),
        (ActorKind::System, "console") => "System operator".to_owned(),
        _ => name,
    }
}

/// What changed, by the labels of its fields.
fn labels(detail: &serde_json::Value) -> String {
    let changes = detail.get("changes").and_then(serde_json::Value::as_array);
    let labels = changes
        .into_iter()
        .flatten()
        .filter_map(|change| change.get("label")?.as_str());
    labels.collect::<Vec<_>>().join(", ")
}

/// One sentence about an entry.
pub(crate) fn summary(action: Action, label: &str, detail: &serde_json::Value) -> String {
    let text = |key: &str| {
        detail
            .get(key)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
    };
    let list = |key: &str| {
        let items = detail
            .get(key)
            .and_then(serde_json::Value::as_array)
            .into_iter()
            .flatten();
        items
            .filter_map(serde_json::Value::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match action {
        Action::SignedIn => "Signed in".to_owned(),
        Action::SignedOut => "Signed out".to_owned(),
        Action::PasswordSet => "Chose a password".to_owned(),
        Action::PasswordLinkRequested => "Asked for a password reset".to_owned(),
        Action::AgencyEdited => "Changed the agency's profile".to_owned(),
        Action::InsuredCreated => "Created the insured".to_owned(),
        Action::InsuredEdited => match list("changed") {
            fields if fields.is_empty() => "Saved the profile unchanged".to_owned(),
            fields => format!("Changed the profile: {}", fields.replace('_', " ")),
        },
        Action::PortalUserOpened => format!("Created portal account {label}; invitation queued"),
        Action::PortalRightsChanged => {
            let (granted, removed) = (list("granted"), list("removed"));
            let part = |word: &str, rights: &str| match rights {
                "" => None,
                rights => Some(format!("{word} {}", rights.replace('_', " "))),
            };
            let parts: Vec<_> = [part("granted", &granted), part("removed", &removed)]
                .into_iter()
                .flatten()
                .collect();
            if parts.is_empty() {
                "Saved the portal rights unchanged".to_owned()
            } else {
                format!("Changed portal rights: {}", parts.join("; "))
            }
        }
        Action::PortalUserRenamed => format!("Changed the username from {} to {}", text("from"), text("to")),
        Action::PortalUserSuspended => format!("Suspended portal account {label}"),
        Action::PortalUserResumed => format!("Resumed portal account {label}"),
        Action::PortalUserRevoked => format!("Revoked portal account {label}"),
        Action::PortalUserInvited => format!("Invited {label} again"),
        Action::PortalPasswordLinkSent => format!("Sent {label} a password reset"),
        Action::PolicyEdited => match labels(detail) {
            fields if fields.is_empty() => format!("Saved policy {label} unchanged"),
            fields => format!("Changed policy {label}: {fields}"),
        },
        Action::PolicyCancelled => {
            let said = detail
                .pointer("/changes/0/after")
                .and_then(serde_json::Value::as_str);
            match said.and_then(|said| said.strip_prefix("cancelled ")) {
                Some(how) => format!("Cancelled policy {label} {how}"),
                None => format!("Saved the cancellation of policy {label} unchanged"),
            }
        }
        Action::PolicyRenewed => {
            let next = detail.pointer("/next/number").and_then(serde_json::Value::as_str);
            format!("Renewed policy {label} into {}", next.unwrap_or_default())
        }
        Action::EndorsementAdded => format!("Added endorsement {} to policy {label}", text("form")),
        Action::EndorsementEdited => {
            format!("Changed endorsement {} on policy {label}", text("form"))
        }
        Action::EndorsementRemoved => {
            format!("Removed endorsement {} from policy {label}", text("form"))
        }
        Action::MasterCreated => format!("Created master certificate {label}"),
        Action::MasterEdited => format!("Changed master certificate {label}"),
        Action::HolderCreated => format!("Added certificate holder {label}"),
        Action::HolderEdited => format!(
            "Changed certificate holder {label}: {}",
            list("changed").replace('_', " ")
        ),
        Action::HolderArchived => format!("Put certificate holder {label} away"),
        Action::HolderRestored => format!("Brought certificate holder {label} back"),
        Action::HolderMerged => format!("Merged certificate holder {label} into {}", text("into_name")),
        Action::CertificateSent => {
            format!(
                "Sent certificate {label} for {} to {}",
                text("holder"),
                list("to")
            )
        }
        Action::CertificateResent => {
            let how = if text("kind") == "edited" {
                "with changes"
            } else {
                "as an exact copy"
            };
            format!("Resent certificate {label} {how} to {}", list("to"))
        }
        Action::CertificatePreviewed => format!("Looked at certificate {label}"),
        Action::CertificateDownloaded => format!("Downloaded certificate {label}"),
        Action::DeliveryAccepted => format!("Certificate {label} was accepted by the mail relay"),
        Action::DeliveryFailed => format!("Certificate {label} could not be mailed"),
        Action::JobRetried => format!("Tried again: {label}"),
        Action::ImportCreated => "Started an import".to_owned(),
        Action::ImportFileUploaded => format!("Uploaded {label}"),
        Action::ImportChecked => "Checked an import".to_owned(),
        Action::ImportApplyRequested => "Asked to write checked records".to_owned(),
        Action::ImportApplied => "Imported records".to_owned(),
    }
}
