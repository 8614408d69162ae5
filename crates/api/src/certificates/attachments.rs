//! The endorsements that a certificate rests on: before it is sent as they would go with it, and after as they went.

use actix_web::http::header::DispositionType;
use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::PreviewCertificate;
use countersign_domain::certificates::attachments::{Behind, MAX_MAIL_BYTES};
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::certificates::payload::hex;
use countersign_domain::certificates::send::Draft;
use countersign_domain::certificates::view::preview_attachment;
use countersign_domain::ids::CertificateId;
use countersign_persistence::certificates::{self, AttachmentRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::document::reply;
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::wire::LineWord;

/// An endorsement that a certificate rests on.
#[derive(Serialize, ToSchema)]
#[schema(as = EndorsementBehind)]
pub(crate) struct BehindView {
    line: LineWord,
    policy_number: String,
    /// The form's number and edition.
    #[schema(example = "CG 20 10 04 13")]
    form: String,
    title: String,
    /// Size of its file; absent where it has none, so that nothing goes with the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    size_bytes: Option<u64>,
}

impl From<&Behind<'_>> for BehindView {
    fn from(behind: &Behind<'_>) -> Self {
        Self {
            line: behind.line.into(),
            policy_number: behind.policy_number.to_string(),
            form: behind.form.name(),
            title: behind.form.title.to_string(),
            size_bytes: behind.form.file.as_ref().map(|file| file.size_bytes),
        }
    }
}

/// The endorsements of a draft.
pub(crate) fn behind(draft: &Draft) -> Vec<BehindView> {
    draft.endorsements().iter().map(BehindView::from).collect()
}

/// The endorsements that would go with a certificate, and whether one mail can carry them.
#[derive(Serialize, ToSchema)]
pub(crate) struct Enclosures {
    /// Those that stand behind the marks or that the description names, in the order of the page.
    endorsements: Vec<BehindView>,
    /// Bytes of their files and of the page together.
    size_bytes: u64,
    /// What one mail carries at most; absent where the caller's mails carry links, which have no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    mail_limit_bytes: Option<u64>,
}

impl Enclosures {
    pub(crate) fn of(draft: &Draft, page_bytes: usize) -> Self {
        let files = draft.attachments();
        Self {
            endorsements: behind(draft),
            size_bytes: page_bytes as u64 + files.iter().map(|file| file.size_bytes).sum::<u64>(),
            mail_limit_bytes: match draft.usual_channel() {
                Channel::Attachment => Some(MAX_MAIL_BYTES),
                Channel::Link => None,
            },
        }
    }
}

/// The file of an endorsement that went with a certificate.
#[derive(Serialize, ToSchema)]
#[schema(as = CertificateAttachment)]
pub(crate) struct AttachmentView {
    /// Its place among them, from 1.
    ordinal: i32,
    #[schema(example = "CG 20 10")]
    form_number: String,
    #[schema(example = "04 13")]
    edition: String,
    title: String,
    /// What the file is called where it arrives.
    #[schema(example = "Endorsement-CG-20-10-04-13.pdf")]
    file_name: String,
    size_bytes: i32,
    /// SHA-256 of its bytes, hexadecimal.
    sha256: String,
}

impl From<AttachmentRow> for AttachmentView {
    fn from(row: AttachmentRow) -> Self {
        Self {
            ordinal: row.ordinal,
            form_number: row.form_number,
            edition: row.edition,
            title: row.title,
            file_name: row.file_name,
            size_bytes: row.file_size,
            sha256: hex(&row.file_sha256),
        }
    }
}

/// Shows the file of an endorsement that went with a certificate: the very bytes that were mailed. The ETag is their
/// SHA-256.
#[utoipa::path(tag = "certificates", params(("certificate" = Uuid, Path, description = "The certificate's id"),
    ("ordinal" = i32, Path, description = "Its place among the attachments, from 1")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>,
        headers(("ETag" = String, description = "The SHA-256 of the file"))), Problems))]
#[get("/v1/certificates/{certificate}/attachments/{ordinal}")]
pub(crate) async fn get_certificate_attachment(
    caller: Caller,
    path: web::Path<(Uuid, i32)>,
) -> Result<HttpResponse, Problem> {
    let (certificate, ordinal) = path.into_inner();
    let id = CertificateId::from_uuid(certificate);
    let now = caller.now();
    caller
        .transaction(async |desk| {
            let permit = certificates::find::<PreviewCertificate>(desk.tx, desk.actor, id).await?;
            let (file, document) = certificates::attachment_to_preview(desk.tx, &permit, ordinal).await?;
            let viewed = preview_attachment(permit, &file.file_name);
            certificates::record_viewed(desk.tx, &viewed, now).await?;
            Ok(reply(document, DispositionType::Inline, file.file_name))
        })
        .await
}
