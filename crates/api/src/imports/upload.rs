//! Uploading a file of a run.

use actix_web::http::header;
use actix_web::{HttpRequest, put, web};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::ImportId;
use countersign_domain::imports::run::upload;
use countersign_domain::imports::{File, MAX_FILE_BYTES};
use countersign_persistence::{agencies, imports};
use futures::StreamExt as _;
use uuid::Uuid;

use super::{ImportFile, ImportView};
use crate::context::Caller;
use crate::problem::{Problem, ProblemType, Problems};

/// Reads a body of at most [`MAX_FILE_BYTES`].
async fn read(mut body: web::Payload) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| {
            Problem::new(ProblemType::BadRequest).detail(format!("the upload broke off: {error}"))
        })?;
        if bytes.len() + chunk.len() > MAX_FILE_BYTES {
            return Err(Problem::new(ProblemType::PayloadTooLarge)
                .detail("A file may have 50 MB; split it into several imports."));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn is_csv(request: &HttpRequest) -> bool {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| {
        kind.split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/csv"))
    })
}

/// Uploads a file of an import, in place of an earlier one of the same name. What an earlier check found
/// is gone then. At most 50 MB.
#[utoipa::path(tag = "imports",
    params(("import" = Uuid, Path, description = "The import's id"), ("file" = ImportFile, Path, description = "Which file")),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ImportView), Problems))]
#[put("/v1/imports/{import}/files/{file}")]
pub(crate) async fn upload_import_file(
    caller: Caller,
    request: HttpRequest,
    path: web::Path<(Uuid, ImportFile)>,
    body: web::Payload,
) -> Result<web::Json<ImportView>, Problem> {
    let (import, file) = path.into_inner();
    let (id, file) = (ImportId::from_uuid(import), File::from(file));
    let now = caller.now();
    if !is_csv(&request) {
        return Err(Problem::new(ProblemType::UnsupportedMediaType).detail("Send text/csv."));
    }
    // Asked before the body is read: nobody makes the server hold 50 MB who may not. No transaction is open
    // while the body comes in, however slow the client is.
    caller
        .transaction(async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            Ok(imports::find(desk.tx, &permit, id).await?)
        })
        .await?;
    let bytes = read(body).await?;
    let view = caller
        .transaction(async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            let import = imports::lock(desk.tx, &permit, id).await?;
            let uploaded = upload(&permit, &import, file, &bytes)?;
            imports::record_uploaded(desk.tx, &uploaded, now).await?;
            Ok(ImportView::of(&imports::find(desk.tx, &permit, id).await?))
        })
        .await?;
    Ok(web::Json(view))
}
