//! The page itself: to look at, or to save. Each leaves a trace.

use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::{DownloadCertificate, PreviewCertificate};
use countersign_domain::certificates::payload::hex;
use countersign_domain::certificates::view::{download, preview};
use countersign_domain::certificates::{Certificate, file_name};
use countersign_domain::ids::CertificateId;
use countersign_persistence::certificates::{self, Document};
use uuid::Uuid;

use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// What the page is called where it is saved.
pub(crate) fn file_name(certificate: &Certificate) -> String {
    file_name::of(
        &certificate.number,
        certificate.revision,
        &certificate.holder_name,
    )
}

pub(crate) fn reply(document: Document, disposition: DispositionType, name: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::ETAG, format!("\"{}\"", hex(&document.sha256))))
        .insert_header(ContentDisposition {
            disposition,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .body(document.bytes)
}

/// Shows the page as issued. The ETag is the SHA-256 of its bytes.
#[utoipa::path(tag = "certificates", params(("certificate" = Uuid, Path, description = "The certificate's id")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>,
        headers(("ETag" = String, description = "The SHA-256 of the file"))), Problems))]
#[get("/v1/certificates/{certificate}/preview")]
pub(crate) async fn preview_certificate(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let now = caller.now();
    caller
        .transaction(async |desk| {
            let permit = certificates::find::<PreviewCertificate>(desk.tx, desk.actor, id).await?;
            let document = certificates::document_to_preview(desk.tx, &permit).await?;
            let name = file_name(&permit);
            certificates::record_viewed(desk.tx, &preview(permit), now).await?;
            Ok(reply(document, DispositionType::Inline, name))
        })
        .await
}

/// Saves the page as issued: the very bytes that were mailed. The ETag is their SHA-256.
#[utoipa::path(tag = "certificates", params(("certificate" = Uuid, Path, description = "The certificate's id")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>,
        headers(("ETag" = String, description = "The SHA-256 of the file"))), Problems))]
#[get("/v1/certificates/{certificate}/download")]
pub(crate) async fn download_certificate(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let now = caller.now();
    caller
        .transaction(async |desk| {
            let permit = certificates::find::<DownloadCertificate>(desk.tx, desk.actor, id).await?;
            let document = certificates::document_to_download(desk.tx, &permit).await?;
            let name = file_name(&permit);
            certificates::record_viewed(desk.tx, &download(permit), now).await?;
            Ok(reply(document, DispositionType::Attachment, name))
        })
        .await
}
