//! Who did what for an insured, and when.

use actix_web::{HttpResponse, get, web};
use countersign_domain::audit::Action;
use countersign_domain::authz::rules::{ExportActivity, ViewActivity};
use countersign_domain::authz::{ActorKind, By};
use countersign_domain::exports;
use countersign_domain::ids::InsuredId;
use countersign_persistence::audit::ActivityFilter;
use countersign_persistence::{After, Page, audit, insureds};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::activity::{ActivityQuery, WantedActivity, file, lines, portion};
use crate::context::{Caller, Desk};
use crate::csv::Chunk;
use crate::cursor::{Cursors, Purpose};
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, PageInfo, Utc, wire_enum};

wire_enum! {
    /// Who did something.
    ActorKindWord for ActorKind { Staff = "staff", Portal = "portal", System = "system", }
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

impl ActivityView {
    pub(crate) fn of(row: audit::Activity) -> Self {
        Self {
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
        }
    }

    /// Its cells in a file, as [`crate::activity`] heads them.
    pub(crate) fn cells(&self) -> [String; 7] {
        [
            self.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            self.actor.name.clone(),
            ActorKind::from(self.actor.kind).as_str().to_owned(),
            self.summary.clone(),
            self.action.clone(),
            self.object.kind.clone(),
            self.object.label.clone(),
        ]
    }
}

impl ActivityPage {
    pub(crate) fn of(
        page: Page<audit::Activity>,
        cursors: &Cursors,
        purpose: &Purpose,
    ) -> Result<Self, Problem> {
        let info = cursors.info(&page, purpose)?;
        Ok(Self {
            data: page.rows.into_iter().map(ActivityView::of).collect(),
            page: info,
        })
    }
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
    let wanted = query.wanted();
    let page = caller
        .read(async |desk| {
            let permit = insureds::find::<ViewActivity>(desk.tx, desk.actor, id).await?;
            let purpose = Purpose::of("activity by moment", desk.actor.agency(), &(id, &wanted));
            let (limit, cursor) = query.page();
            let request = caller.cursors().request(limit, cursor, &purpose)?;
            let page = audit::list(desk.tx, &permit, &wanted.filter(), &request).await?;
            ActivityPage::of(page, caller.cursors(), &purpose)
        })
        .await?;
    Ok(web::Json(page))
}

async fn chunk(
    desk: Desk<'_>,
    insured: InsuredId,
    filter: &ActivityFilter,
    after: Option<After>,
) -> Result<Chunk, Problem> {
    let permit = insureds::find::<ViewActivity>(desk.tx, desk.actor, insured).await?;
    let page = audit::list(desk.tx, &permit, filter, &portion(after)).await?;
    Ok(lines(page))
}

/// Hands out an insured's history as CSV, the newest first, as far as the filter leaves it.
///
/// It is written into the history that it was taken out. No cell begins as a formula would.
#[utoipa::path(tag = "insureds", params(("insured" = Uuid, Path, description = "The insured's id"), WantedActivity),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
#[get("/v1/insureds/{insured}/activity/export")]
pub(crate) async fn export_activity(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<WantedActivity>,
) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let (told, filter) = (query.told()?, query.filter());
    let now = caller.now();
    let first = caller
        .transaction(async |desk| {
            let Desk { tx, actor, session } = desk;
            let permit = insureds::find::<ExportActivity>(tx, actor, insured).await?;
            let first = chunk(Desk { tx, actor, session }, insured, &filter, None).await?;
            audit::record_exported(tx, &exports::export_activity(permit, told), now).await?;
            Ok(first)
        })
        .await?;
    Ok(file(now, first, async move |after| {
        caller
            .transaction(async |desk| chunk(desk, insured, &filter, Some(after)).await)
            .await
    }))
}

/// The product's own processes under names that people understand.
fn name(kind: ActorKind, name: String) -> String {
    match (kind, name.as_str()) {
        (ActorKind::System, "mailer") => "Mail delivery".to_owned(),
        (ActorKind::System, "importer") => "Import".to_owned(),
        (ActorKind::System, "bulk_sender") => "Bulk sending".to_owned(),
        (ActorKind::System, "link_reader") => "Secure link".to_owned(),
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

/// A number among the facts of an entry.
fn number(detail: &serde_json::Value, key: &str) -> u64 {
    detail
        .get(key)
        .and_then(serde_json::Value::as_u64)
        .unwrap_or_default()
}

/// To how many holders.
fn holders(detail: &serde_json::Value) -> String {
    match number(detail, "rows") {
        1 => "1 holder".to_owned(),
        many => format!("{many} holders"),
    }
}

/// As the beginning of a sentence.
fn begun(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// What mail an entry tells of.
fn mail(label: &str, detail: &serde_json::Value) -> String {
    let text = |key: &str| detail.get(key).and_then(serde_json::Value::as_str);
    match text("mail") {
        Some("notice") => format!(
            "the courtesy notice of policy {label} to {}",
            text("holder").unwrap_or_default()
        ),
        Some("question") => format!("the question to {label} who still needs a certificate"),
        _ => format!("certificate {label}"),
    }
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
    let by_link = || {
        if text("channel") == "link" {
            ", as a link"
        } else {
            ""
        }
    };
    match action {
        Action::SignedIn => "Signed in".to_owned(),
        Action::SignedOut => "Signed out".to_owned(),
        Action::PasswordSet => "Chose a password".to_owned(),
        Action::PasswordLinkRequested => "Asked for a password reset".to_owned(),
        Action::AgencyEdited => "Changed the agency's profile".to_owned(),
        Action::LayoutStated => format!("Stated what holds for the layout in {}", text("state")),
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
        Action::EndorsementFileAttached => {
            format!(
                "Attached a file to endorsement {} on policy {label}",
                text("form")
            )
        }
        Action::EndorsementFileRemoved => {
            format!("Took the file off endorsement {} on policy {label}", text("form"))
        }
        Action::MasterCreated => format!("Created master certificate {label}"),
        Action::MasterEdited => format!("Changed master certificate {label}"),
        Action::MasterFollowed => format!(
            "Moved master certificate {label} to the new term of {}",
            list("policies")
        ),
        Action::TemplateCreated => format!("Wrote template {label}"),
        Action::TemplateEdited => match list("changed") {
            fields if fields.is_empty() => format!("Saved template {label} unchanged"),
            fields => format!("Changed template {label}: {fields}"),
        },
        Action::TemplateArchived => format!("Put template {label} away"),
        Action::TemplateRestored => format!("Brought template {label} back"),
        Action::HolderCreated => format!("Added certificate holder {label}"),
        Action::HolderEdited => format!(
            "Changed certificate holder {label}: {}",
            list("changed").replace('_', " ")
        ),
        Action::HolderArchived => format!("Put certificate holder {label} away"),
        Action::HolderRestored => format!("Brought certificate holder {label} back"),
        Action::HolderMerged => format!("Merged certificate holder {label} into {}", text("into_name")),
        Action::HoldersExported => "Exported the library of certificate holders".to_owned(),
        Action::InterestAdded => format!(
            "Added additional interest {label} ({})",
            text("nature").to_lowercase()
        ),
        Action::InterestEdited => match list("changed") {
            fields if fields.is_empty() => format!("Saved additional interest {label} unchanged"),
            fields => format!("Changed additional interest {label}: {fields}"),
        },
        Action::InterestEnded => format!(
            "Ended additional interest {label} ({})",
            text("nature").to_lowercase()
        ),
        Action::HolderGroupCreated => format!("Made the group of holders {label}"),
        Action::HolderGroupRenamed => format!("Renamed the group of holders {} to {label}", text("before")),
        Action::HolderGroupDeleted => format!("Took away the group of holders {label}"),
        Action::HolderGroupChanged => format!("Changed who is in the group of holders {label}"),
        Action::HolderLinkEdited => {
            let what = match list("changed").as_str() {
                "" => String::new(),
                fields => format!(": {}", fields.replace('_', " ")),
            };
            let insured = text("insured_name");
            format!("Changed the entry of certificate holder {label} for {insured}{what}")
        }
        Action::CertificateSent => {
            format!(
                "Sent certificate {label} for {} to {}{}",
                text("holder"),
                list("to"),
                by_link()
            )
        }
        Action::CertificateResent => {
            let how = if text("kind") == "edited" {
                "with changes"
            } else {
                "as an exact copy"
            };
            format!("Resent certificate {label} {how} to {}{}", list("to"), by_link())
        }
        Action::CertificateRevised => format!(
            "Sent revision {} of certificate {label} for {} to {}{}",
            detail
                .get("revision")
                .and_then(serde_json::Value::as_u64)
                .unwrap_or_default(),
            text("holder"),
            list("to"),
            by_link()
        ),
        Action::CertificateWithdrawn => format!("Withdrew certificate {label}: {}", text("reason")),
        Action::ApprovalAsked => format!(
            "Asked for approval of a certificate for {label}: {}",
            text("note")
        ),
        Action::ApprovalGiven => format!(
            "Approved the certificate for {label} that {} asked for: {}",
            text("asked_by"),
            text("reason")
        ),
        Action::ApprovalDeclined => format!(
            "Declined the certificate for {label} that {} asked for: {}",
            text("asked_by"),
            text("reason")
        ),
        Action::CourtesyNoticeSent => format!(
            "Sent a courtesy notice that policy {} is cancelled to {} ({})",
            text("policy"),
            text("holder"),
            list("to")
        ),
        Action::CourtesyNoticeAccepted => format!(
            "The courtesy notice of policy {label} to {} was accepted by the mail relay",
            text("holder")
        ),
        Action::CourtesyNoticeFailed => format!(
            "The courtesy notice of policy {label} to {} could not be mailed",
            text("holder")
        ),
        Action::CertificatesExported => "Exported the log of certificates".to_owned(),
        Action::ActivityExported if text("of") == "certificate" => {
            format!("Exported the activity history of certificate {label}")
        }
        Action::ActivityExported => "Exported the activity history".to_owned(),
        Action::CertificatePreviewed => match text("attachment") {
            "" => format!("Looked at certificate {label}"),
            file => format!("Looked at {file} of certificate {label}"),
        },
        Action::CertificateDownloaded => format!("Downloaded certificate {label}"),
        Action::RenewalAsked => format!(
            "Asked {} which of {} of {label} still need a certificate",
            list("to"),
            holders(detail)
        ),
        Action::RenewalAnswered => format!(
            "{} answered that {} of {} still need a certificate",
            text("name"),
            number(detail, "wanted"),
            holders(detail)
        ),
        Action::BatchStarted => format!("Started sending {label} to {}", holders(detail)),
        Action::BatchPaused => format!("Paused the sending of {label}; {} wait", holders(detail)),
        Action::BatchHalted => format!("The sending of {label} stopped: {}", text("reason")),
        Action::BatchResumed => format!("Let the sending of {label} go on to {}", holders(detail)),
        Action::BatchCancelled => format!("Called off the sending of {label} to {}", holders(detail)),
        Action::BatchRetried => format!("Tried the sending of {label} again for {}", holders(detail)),
        Action::BatchFinished => format!(
            "Finished sending {label}: {} issued, {} set aside, {} failed",
            number(detail, "issued"),
            number(detail, "set_aside"),
            number(detail, "failed")
        ),
        Action::BatchDownloaded => {
            let form = text("form").to_uppercase();
            format!("Downloaded the certificates sent from {label} as one {form}")
        }
        Action::DeliveryAccepted => format!("Certificate {label} was accepted by the mail relay"),
        Action::DeliveryFailed => format!("Certificate {label} could not be mailed"),
        Action::DeliveryUndone => format!(
            "Took the mail of certificate {label} to {} back before it left",
            list("to")
        ),
        Action::LinkOpened => format!(
            "Certificate {label} was opened by the link sent to {}",
            list("to")
        ),
        Action::LinkDownloaded => {
            format!(
                "Certificate {label} was downloaded by the link sent to {}",
                list("to")
            )
        }
        Action::LinkTurnedOff => format!(
            "Turned off the link to certificate {label} sent to {}",
            list("to")
        ),
        Action::MailDelivered => format!("{} arrived at {}", begun(&mail(label, detail)), list("to")),
        Action::MailDeferred => format!(
            "{} waits at the mail server of {}",
            begun(&mail(label, detail)),
            list("to")
        ),
        Action::MailBounced => {
            let what = format!("{} came back from {}", begun(&mail(label, detail)), list("to"));
            match text("reason") {
                "" => what,
                reason => format!("{what}: {reason}"),
            }
        }
        Action::MailComplained => format!("{} called {} unwanted", list("to"), mail(label, detail)),
        Action::TaskSettled => format!(
            "Replaced {} with {} and sent {} there",
            text("from"),
            list("to"),
            mail(label, detail)
        ),
        Action::TaskDismissed if text("mail") == "answer" => match text("reason") {
            "" => format!("Looked at the answer of {} for {label}", text("name")),
            reason => format!("Looked at the answer of {} for {label}: {reason}", text("name")),
        },
        Action::TaskDismissed if detail["declined"] == true => {
            let what = format!(
                "Looked at why the request of {} for {label} was declined",
                text("asked_by")
            );
            match text("reason") {
                "" => what,
                reason => format!("{what}: {reason}"),
            }
        }
        Action::TaskDismissed => format!(
            "Dismissed that {} came back from {}: {}",
            mail(label, detail),
            text("address"),
            text("reason")
        ),
        Action::JobRetried => format!("Tried again: {label}"),
        Action::ImportCreated => "Started an import".to_owned(),
        Action::ImportFileUploaded => format!("Uploaded {label}"),
        Action::ImportChecked => "Checked an import".to_owned(),
        Action::ImportApplyRequested => "Asked to write checked records".to_owned(),
        Action::ImportApplied => "Imported records".to_owned(),
    }
}
