//! A request with its page and its findings, as they are now.

use actix_web::{get, web};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{ApproveFindings, DeclineFindings, ViewApproval};
use countersign_domain::certificates::approval::{Approval, ApprovalState, blocking};
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::certificates::send::Draft;
use countersign_domain::certificates::truth::Finding;
use countersign_domain::ids::ApprovalId;
use countersign_persistence::approvals::{self, ApprovalRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Number, compose};
use crate::certificates::{Enclosures, SendBody};
use crate::context::{Caller, Desk};
use crate::problem::{Problem, Problems};
use crate::wire::{ChannelWord, DateTime, FindingView, Utc, wire_enum};

wire_enum! {
    /// What became of a request.
    ApprovalStateWord for ApprovalState { Waiting = "waiting", Approved = "approved", Declined = "declined", }
}

/// How a request was decided.
#[derive(Serialize, ToSchema)]
pub(crate) struct Decision {
    /// Who decided; the name outlives the account.
    by_name: String,
    at: DateTime<Utc>,
    reason: String,
    /// The certificate that was sent; absent when it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_id: Option<Uuid>,
}

/// A request as a list shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = ApprovalRow)]
pub(crate) struct ApprovalRowView {
    id: Uuid,
    insured_id: Uuid,
    insured_name: String,
    holder_name: String,
    master_name: String,
    /// The certificate whose next revision it is; absent for a first sending.
    #[serde(skip_serializing_if = "Option::is_none")]
    revises: Option<Uuid>,
    state: ApprovalStateWord,
    /// What blocked when it was asked.
    findings: Vec<FindingView>,
    /// What the asker said.
    note: String,
    asked_by_name: String,
    /// Whether the caller asked.
    own: bool,
    asked_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Decision>,
    /// What the caller may do: while it waits, `approve` and `decline`, but not with a request of one's own.
    may: Vec<&'static str>,
}

impl ApprovalRowView {
    pub(super) fn of(row: ApprovalRow, actor: &Actor) -> Result<Self, Problem> {
        let target = row.target(actor.agency())?;
        let mut may = Vec::new();
        if target.waits().is_ok() {
            if actor.may::<ApproveFindings>(&target) {
                may.push("approve");
            }
            if actor.may::<DeclineFindings>(&target) {
                may.push("decline");
            }
        }
        let decision = match (row.decided_by_name, row.decided_at, row.reason) {
            (Some(by_name), Some(at), Some(reason)) => Some(Decision {
                by_name,
                at,
                reason,
                certificate_id: row.certificate_id,
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id,
            insured_id: row.insured_id,
            insured_name: row.insured_name,
            holder_name: row.holder_name,
            master_name: row.master_name,
            revises: row.revises_id,
            state: target.state.into(),
            findings: target.findings.into_iter().map(FindingView::from).collect(),
            note: row.note,
            asked_by_name: row.asked_by_name,
            own: actor.by().id == Some(row.asked_by_id),
            asked_at: row.asked_at,
            decision,
            may,
        })
    }
}

/// The certificate as it would be sent now.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalPage {
    /// Names what is looked at, the page and how it is mailed; an approval tells it back.
    seen_page: String,
    /// How its mail would carry the page: as was asked, or else as the holder prefers now, or else attached.
    channel: ChannelWord,
    /// Names each finding that blocks now; an approval tells them back.
    seen_findings: Vec<String>,
    /// What the truth gate finds now, worst first.
    findings: Vec<FindingView>,
    /// The endorsements that would go with it; absent where the asker left them out.
    #[serde(skip_serializing_if = "Option::is_none")]
    enclosures: Option<Enclosures>,
    pages: u16,
    /// The page, base64.
    pdf_base64: String,
}

impl ApprovalPage {
    fn of(draft: &Draft, asked: Option<Channel>, with_endorsements: bool) -> Result<Self, Problem> {
        let page = countersign_documents::render_certificate(&draft.legible()?).map_err(Problem::internal)?;
        Ok(Self {
            seen_page: draft
                .look(asked)
                .ok_or_else(|| Problem::internal("a draft has no fingerprint"))?,
            channel: draft.channel(asked)?.into(),
            seen_findings: blocking(draft.findings()).map(Finding::key).collect(),
            findings: draft.findings().iter().cloned().map(FindingView::from).collect(),
            enclosures: with_endorsements.then(|| Enclosures::of(draft, page.bytes.len())),
            pages: page.pages,
            pdf_base64: BASE64_STANDARD.encode(&page.bytes),
        })
    }
}

/// A request for approval.
#[derive(Serialize, ToSchema)]
#[schema(as = Approval)]
pub(crate) struct ApprovalView {
    #[serde(flatten)]
    row: ApprovalRowView,
    /// What shall be sent, as it was asked.
    draft: SendBody,
    /// How it would be sent now; absent when it is decided, and when it cannot be composed any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<ApprovalPage>,
    /// Why it cannot be composed any more, e.g. because the certificate that it revises was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<String>,
}

/// Reads the request to send that was kept.
pub(super) fn request_of(approval: &Approval) -> Result<SendBody, Problem> {
    serde_json::from_value(approval.draft.clone()).map_err(Problem::internal)
}

pub(super) async fn view(
    desk: &mut Desk<'_>,
    id: ApprovalId,
    now: DateTime<Utc>,
) -> Result<ApprovalView, Problem> {
    let permit = approvals::find::<ViewApproval>(desk.tx, desk.actor, id).await?;
    let row = approvals::detail(desk.tx, &permit).await?;
    let draft = request_of(&permit)?;
    let (page, gone) = if permit.waits().is_ok() {
        let (insured, revises) = (permit.insured, permit.revises);
        match compose(desk, insured, revises, &draft, Number::Placeholder, now).await {
            Ok(composed) => {
                let channel = composed.envelope.channel();
                let page = ApprovalPage::of(&composed.draft, channel, draft.has_endorsements())?;
                (Some(page), None)
            }
            Err(problem) if problem.is_of_the_client() => (None, Some(problem.in_words())),
            Err(problem) => return Err(problem),
        }
    } else {
        (None, None)
    };
    Ok(ApprovalView {
        row: ApprovalRowView::of(row, desk.actor)?,
        draft,
        page,
        gone,
    })
}

/// Shows a request for approval: what shall be sent, the page and the findings as they are now, and what became of it.
#[utoipa::path(tag = "approvals", params(("approval" = Uuid, Path, description = "The request's id")),
    responses((status = 200, body = ApprovalView), Problems))]
#[get("/v1/approvals/{approval}")]
pub(crate) async fn get_approval(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<web::Json<ApprovalView>, Problem> {
    let id = ApprovalId::from_uuid(path.into_inner());
    let now = caller.now();
    Ok(web::Json(
        caller
            .transaction(async |mut desk| view(&mut desk, id, now).await)
            .await?,
    ))
}
