//! What the files look like: every column, and a template to fill in.

use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::imports::File;
use countersign_domain::imports::columns::Column;
use countersign_domain::imports::export::csv_line;
use countersign_persistence::agencies;
use serde::Serialize;
use utoipa::ToSchema;

use super::ImportFile;
use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// A column of an import file.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportColumn)]
pub(crate) struct ColumnView {
    /// Its name in the header; case, blanks, hyphens and underscores do not matter.
    name: &'static str,
    /// Whether the header must have it and every row must fill it.
    required: bool,
    /// What may stand in its cells.
    form: String,
    /// What it is.
    description: &'static str,
    /// A cell that would be taken.
    example: &'static str,
}

impl From<&Column> for ColumnView {
    fn from(column: &Column) -> Self {
        Self {
            name: column.name,
            required: column.required,
            form: column.kind.form(),
            description: column.description,
            example: column.example,
        }
    }
}

/// An import file and its columns.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportTemplate)]
pub(crate) struct TemplateView {
    file: ImportFile,
    /// The name in a folder to import, e.g. `insureds.csv`.
    name: String,
    columns: Vec<ColumnView>,
}

/// Every import file.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportTemplates {
    data: Vec<TemplateView>,
}

/// Lists the files of an import and their columns.
#[utoipa::path(tag = "imports", responses((status = 200, body = ImportTemplates), Problems))]
#[get("/v1/import-templates")]
pub(crate) async fn list_import_templates(caller: Caller) -> Result<web::Json<ImportTemplates>, Problem> {
    caller
        .read(async |desk| {
            agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            Ok(())
        })
        .await?;
    let data = File::ALL
        .iter()
        .map(|file| TemplateView {
            file: (*file).into(),
            name: file.file_name(),
            columns: file.columns().iter().map(ColumnView::from).collect(),
        })
        .collect();
    Ok(web::Json(ImportTemplates { data }))
}

/// A CSV file to hand out. The byte order mark tells spreadsheets that it is UTF-8.
pub(super) fn csv_file(name: String, text: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .body(format!("\u{feff}{text}"))
}

/// Hands out a template: the header and one row as an example.
#[utoipa::path(tag = "imports", params(("file" = ImportFile, Path, description = "Which file")),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
#[get("/v1/import-templates/{file}")]
pub(crate) async fn get_import_template(
    caller: Caller,
    path: web::Path<ImportFile>,
) -> Result<HttpResponse, Problem> {
    let file = File::from(path.into_inner());
    caller
        .read(async |desk| {
            agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            Ok(())
        })
        .await?;
    let text: String = file.template().into_iter().map(csv_line).collect();
    Ok(csv_file(file.file_name(), &text))
}
