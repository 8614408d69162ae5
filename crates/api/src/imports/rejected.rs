//! The rows that were rejected, as a file to correct and upload again.

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::ImportId;
use countersign_domain::imports::File;
use countersign_domain::imports::export::RejectedFile;
use countersign_persistence::{agencies, imports};
use uuid::Uuid;

use super::ImportFile;
use super::templates::csv_file;
use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// How many rows are fetched at a time.
const AT_ONCE: u16 = 1_000;

/// Hands out the rejected rows of a file: its own columns, then `file_line` and `reason`. Corrected, it can
/// be uploaded as it is; the two columns are skipped.
#[utoipa::path(tag = "imports",
    params(("import" = Uuid, Path, description = "The import's id"), ("file" = ImportFile, Path, description = "Which file")),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
#[get("/v1/imports/{import}/rejected/{file}")]
pub(crate) async fn get_rejected_rows(
    caller: Caller,
    path: web::Path<(Uuid, ImportFile)>,
) -> Result<HttpResponse, Problem> {
    let (import, file) = path.into_inner();
    let (id, file) = (ImportId::from_uuid(import), File::from(file));
    let text: String = caller
        .transaction(async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            let header = imports::header(desk.tx, &permit, id, file)
                .await?
                .unwrap_or_default();
            let rejected = RejectedFile::new(&header);
            let mut text: String = rejected.head();
            let mut behind = 0;
            loop {
                let rows = imports::rejected(desk.tx, &permit, id, file, behind, AT_ONCE).await?;
                let Some(last) = rows.last() else { return Ok(text) };
                behind = last.row.line;
                for found in &rows {
                    text.push_str(&rejected.line(&found.row, &found.reason));
                }
            }
        })
        .await?;
    Ok(csv_file(format!("rejected-{file}.csv"), &text))
}
