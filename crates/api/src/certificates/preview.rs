//! Looking at a certificate before it is sent.

use actix_web::{post, web};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use countersign_domain::authz::rules::SendCertificate;
use countersign_domain::certificates::description::Wording;
use countersign_domain::certificates::send::{Draft, draft};
use countersign_domain::certificates::truth;
use countersign_domain::ids::InsuredId;
use countersign_domain::text::NonBlank;
use countersign_persistence::{certificates, insureds};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::attachments::Enclosures;
use super::send::{DraftBody, master_unknown};
use crate::context::Caller;
use crate::faults::Faults;
use crate::holders::requirements::{RequirementView, views};
use crate::problem::{Problem, Problems};
use crate::wire::{FindingView, LineWord};

/// A certificate as it would be printed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Preview {
    /// What the truth gate found, worst first.
    findings: Vec<FindingView>,
    /// Whether it could be sent as it is.
    sendable: bool,
    /// The sentences that the forms on the printed policies allow in the description: number, edition and title.
    wordings: Vec<WordingView>,
    /// The description as it is printed, with its placeholders filled; findings count their places in it.
    description: String,
    /// What the holder asks for, each with what became of it; to staff only, and empty where nothing is written down.
    requirements: Vec<RequirementView>,
    /// The endorsements that would go with it.
    enclosures: Enclosures,
    pages: u16,
    /// The page, base64; a character that it cannot print, which is a finding, shows as a square.
    pdf_base64: String,
}

/// A sentence that may be put into the description.
#[derive(Serialize, ToSchema)]
#[schema(as = Wording)]
pub(crate) struct WordingView {
    /// On which line's policy the form is.
    line: LineWord,
    /// The form's number and edition.
    form: String,
    text: String,
}

impl From<Wording> for WordingView {
    fn from(wording: Wording) -> Self {
        Self {
            line: wording.line.into(),
            form: wording.form,
            text: wording.text,
        }
    }
}

/// Shows a certificate as it would be printed now, with everything the truth gate finds. Nothing is kept.
#[utoipa::path(tag = "certificates", params(("insured" = Uuid, Path, description = "The insured's id")),
    request_body = DraftBody, responses((status = 200, body = Preview), Problems))]
#[post("/v1/insureds/{insured}/certificates/preview")]
pub(crate) async fn preview_draft(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<DraftBody>,
) -> Result<web::Json<Preview>, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let now = caller.now();
    let drafted = caller
        .transaction(async |desk| {
            let permit = insureds::find::<SendCertificate>(desk.tx, desk.actor, insured).await?;
            let mut faults = Faults::default();
            let wish = body.parse(&mut faults);
            let wish = faults.finish(wish)?;
            let facts = certificates::send_facts(desk.tx, &permit, &wish, now)
                .await
                .map_err(master_unknown)?;
            let number = NonBlank::parse("PREVIEW").map_err(Problem::internal)?;
            Ok(draft(
                permit,
                wish,
                facts,
                number,
                countersign_documents::is_printable,
            )?)
        })
        .await?;
    rendered(&drafted)
}

/// A draft as a page to look at.
pub(super) fn rendered(drafted: &Draft) -> Result<web::Json<Preview>, Problem> {
    let page = countersign_documents::render_certificate(&drafted.legible()?).map_err(Problem::internal)?;
    Ok(web::Json(Preview {
        sendable: truth::clears(drafted.findings()),
        findings: drafted.told().cloned().map(FindingView::from).collect(),
        wordings: drafted.wordings().into_iter().map(WordingView::from).collect(),
        description: drafted.payload().description.clone(),
        requirements: views(drafted.requirements()),
        enclosures: Enclosures::of(drafted, page.bytes.len()),
        pages: page.pages,
        pdf_base64: BASE64_STANDARD.encode(&page.bytes),
    }))
}
