//! The file of an endorsement: attached, looked at, taken off. The policy's version covers it.

use actix_web::http::header::{self, DispositionType};
use actix_web::{HttpRequest, HttpResponse, delete, get, put, web};
use countersign_domain::authz::rules::{EditPolicy, ViewPolicy};
use countersign_domain::ids::{EndorsementId, PolicyId};
use countersign_domain::policies::attach::{AttachError, attach, detach};
use countersign_domain::policies::file::{FileError, MAX_FILE_BYTES};
use countersign_persistence::policies;
use futures::StreamExt as _;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::get::{PolicyRecordView, view};
use crate::certificates::reply;
use crate::context::Caller;
use crate::faults::code;
use crate::problem::{Problem, ProblemType, Problems, sentence};
use crate::version::{IfMatch, with_version};

/// What an uploaded file is called.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileQuery {
    /// The file's name, which ends in `.pdf`.
    #[param(example = "CG 20 10 04 13.pdf")]
    name: String,
}

/// Reads a body of at most [`MAX_FILE_BYTES`].
async fn read(mut body: web::Payload) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| {
            Problem::new(ProblemType::BadRequest).detail(format!("the upload broke off: {error}"))
        })?;
        if bytes.len() + chunk.len() > MAX_FILE_BYTES {
            return Err(AttachError::File(FileError::TooLarge).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn is_pdf(request: &HttpRequest) -> bool {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/pdf"))
}

/// Attaches a file to a form on a policy, in the place of the one before. Needs `If-Match` with the policy's version.
///
/// A PDF of at most 5 MB: its name and its first bytes must agree that it is one. It is kept as it is and never opened
/// here. Certificates that rest on the form carry it from now on; what was sent before carries what it carried.
#[utoipa::path(tag = "policies", params(IfMatch, ("policy" = Uuid, Path, description = "The policy's id"),
    ("endorsement" = Uuid, Path, description = "The endorsement's id"), FileQuery),
    request_body(content = Vec<u8>, content_type = "application/pdf"),
    responses((status = 200, body = PolicyRecordView), Problems))]
#[put("/v1/policies/{policy}/endorsements/{endorsement}/file")]
pub(crate) async fn attach_endorsement_file(
    caller: Caller,
    request: HttpRequest,
    path: web::Path<(Uuid, Uuid)>,
    query: web::Query<FileQuery>,
    version: IfMatch,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (policy, endorsement) = path.into_inner();
    let (policy, endorsement) = (PolicyId::from_uuid(policy), EndorsementId::from_uuid(endorsement));
    let now = caller.now();
    // Asked before the body is read: nobody makes the server hold a file who may not attach one. No transaction is open
    // while the body comes in, however slow the client is.
    caller
        .transaction(async |desk| {
            let permit = policies::find::<EditPolicy>(desk.tx, desk.actor, policy).await?;
            version.check(permit.version)
        })
        .await?;
    if !is_pdf(&request) {
        return Err(Problem::new(ProblemType::UnsupportedMediaType).detail("Send application/pdf."));
    }
    let bytes = read(body).await?;
    let view = caller
        .transaction(async |mut desk| {
            let permit = policies::lock::<EditPolicy>(desk.tx, desk.actor, policy).await?;
            version.check(permit.version)?;
            let changed = attach(permit, endorsement, &query.name, bytes, now)?;
            policies::record_file_changed(desk.tx, &changed).await?;
            view(&mut desk, policy, now).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

/// Shows the file of a form on a policy. The ETag is the SHA-256 of its bytes.
#[utoipa::path(tag = "policies", params(("policy" = Uuid, Path, description = "The policy's id"),
    ("endorsement" = Uuid, Path, description = "The endorsement's id")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>,
        headers(("ETag" = String, description = "The SHA-256 of the file"))), Problems))]
#[get("/v1/policies/{policy}/endorsements/{endorsement}/file")]
pub(crate) async fn get_endorsement_file(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (policy, endorsement) = path.into_inner();
    let policy = PolicyId::from_uuid(policy);
    caller
        .transaction(async |desk| {
            let permit = policies::find::<ViewPolicy>(desk.tx, desk.actor, policy).await?;
            let endorsement = EndorsementId::from_uuid(endorsement);
            let (file, document) = policies::endorsement_file(desk.tx, &permit, endorsement).await?;
            Ok(reply(
                document,
                DispositionType::Inline,
                plain(file.name.as_str()),
            ))
        })
        .await
}

/// A name for a header, which takes ASCII.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii() { c } else { '-' }).collect()
}

/// Takes the file off a form on a policy. Needs `If-Match` with the policy's version. Certificates that it went with
/// keep it.
#[utoipa::path(tag = "policies", params(IfMatch, ("policy" = Uuid, Path, description = "The policy's id"),
    ("endorsement" = Uuid, Path, description = "The endorsement's id")),
    responses((status = 200, body = PolicyRecordView), Problems))]
#[delete("/v1/policies/{policy}/endorsements/{endorsement}/file")]
pub(crate) async fn remove_endorsement_file(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (policy, endorsement) = path.into_inner();
    let policy = PolicyId::from_uuid(policy);
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = policies::lock::<EditPolicy>(desk.tx, desk.actor, policy).await?;
            version.check(permit.version)?;
            let changed = detach(permit, EndorsementId::from_uuid(endorsement), now)?;
            policies::record_file_changed(desk.tx, &changed).await?;
            view(&mut desk, policy, now).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

impl From<AttachError> for Problem {
    fn from(error: AttachError) -> Self {
        match error {
            AttachError::NoSuchForm | AttachError::NoFile => Self::new(ProblemType::NotFound),
            AttachError::File(FileError::Empty) => Self::field("", "empty", error),
            AttachError::File(FileError::Name(fault)) => Self::field("/name", code(fault), error),
            AttachError::File(FileError::TooLarge) => {
                Self::new(ProblemType::PayloadTooLarge).detail(sentence(&error.to_string()))
            }
            AttachError::File(FileError::NotCalledPdf | FileError::NotAPdf) => {
                Self::new(ProblemType::UnsupportedMediaType).detail(sentence(&error.to_string()))
            }
        }
    }
}
