//! The certificates of a batch as one file, handed out while it is made.

use std::collections::VecDeque;

use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use countersign_documents::bundle::{Archive, BundleError, Merged};
use countersign_domain::authz::rules::DownloadBatch;
use countersign_domain::certificates::batch::download;
use countersign_domain::ids::BatchId;
use countersign_persistence::batches::{self, BatchDocument};
use futures::stream;
use uuid::Uuid;

use crate::context::Caller;
use crate::problem::{Problem, ProblemType, Problems};

/// How many certificates are fetched at a time.
const AT_ONCE: i64 = 10;

/// What makes one file of many.
enum Bundle {
    Zip(Box<Archive>),
    Pdf(Merged),
}

impl Bundle {
    fn add(&mut self, document: &BatchDocument) -> Result<Vec<u8>, BundleError> {
        match self {
            Self::Zip(archive) => {
                let name = format!("{}.pdf", stem(document));
                archive.add(&name, document.issued_at.naive_utc(), &document.bytes)
            }
            Self::Pdf(merged) => merged.add(&document.bytes),
        }
    }

    /// Adds the files that went with a certificate, beside it and under its number, so that they stand together in any
    /// list. One PDF has only pages that the product drew: what others made is never opened here.
    async fn add_attachments(
        &mut self,
        caller: &Caller,
        id: BatchId,
        document: &BatchDocument,
    ) -> Result<Vec<u8>, Problem> {
        let mut ready = Vec::new();
        if let Self::Zip(archive) = self {
            for file in &document.attachments {
                let bytes = caller
                    .transaction(async |desk| {
                        let permit = batches::find::<DownloadBatch>(desk.tx, desk.actor, id).await?;
                        Ok(batches::attached_file(desk.tx, &permit, file).await?)
                    })
                    .await?;
                let name = format!("{} - {}", stem(document), file.file_name);
                let added = archive.add(&name, document.issued_at.naive_utc(), &bytes);
                ready.extend(added.map_err(Problem::internal)?);
            }
        }
        Ok(ready)
    }

    fn finish(self) -> Result<Vec<u8>, BundleError> {
        match self {
            Self::Zip(archive) => archive.finish(),
            Self::Pdf(merged) => merged.finish(),
        }
    }
}

/// How the files of a certificate begin to be called.
fn stem(document: &BatchDocument) -> String {
    format!("{} {}", document.number, document.holder_name)
}

async fn fetch(caller: &Caller, id: BatchId, behind: i32) -> Result<Vec<BatchDocument>, Problem> {
    caller
        .transaction(async |desk| {
            let permit = batches::find::<DownloadBatch>(desk.tx, desk.actor, id).await?;
            Ok(batches::documents(desk.tx, &permit, behind, AT_ONCE).await?)
        })
        .await
}

struct Making {
    caller: Caller,
    id: BatchId,
    behind: i32,
    /// Fetched and not yet handed out.
    waiting: VecDeque<BatchDocument>,
    bundle: Bundle,
}

/// The next part of the file; a failure on the way breaks the connection off, so that nobody takes the part for the
/// whole.
async fn part(making: Option<Making>) -> Result<Option<(Bytes, Option<Making>)>, Problem> {
    let Some(mut making) = making else { return Ok(None) };
    if making.waiting.is_empty() {
        let documents = fetch(&making.caller, making.id, making.behind).await?;
        making.waiting.extend(documents);
    }
    // One certificate with its files at a time, so that no more of them are in memory.
    let Some(document) = making.waiting.pop_front() else {
        let last = making.bundle.finish().map_err(Problem::internal)?;
        return Ok(Some((Bytes::from(last), None)));
    };
    let mut bytes = making.bundle.add(&document).map_err(Problem::internal)?;
    let (caller, bundle) = (&making.caller, &mut making.bundle);
    bytes.extend(bundle.add_attachments(caller, making.id, &document).await?);
    making.behind = document.ordinal;
    Ok(Some((Bytes::from(bytes), Some(making))))
}

async fn hand_out(
    caller: Caller,
    id: BatchId,
    bundle: Bundle,
    form: &'static str,
    media_type: &'static str,
) -> Result<HttpResponse, Problem> {
    let now = caller.now();
    let name = caller
        .transaction(async |desk| {
            let permit = batches::find::<DownloadBatch>(desk.tx, desk.actor, id).await?;
            if permit.counts.issued == 0 {
                return Err(Problem::new(ProblemType::WrongBatchState)
                    .detail("No certificate of this batch was issued, so there is nothing to take out."));
            }
            let name = format!("Certificates-{}.{form}", now.format("%Y%m%d-%H%M%S"));
            let downloaded = download(permit, form)?;
            batches::record_downloaded(desk.tx, &downloaded, now).await?;
            Ok(name)
        })
        .await?;
    let making = Making {
        caller,
        id,
        behind: 0,
        waiting: VecDeque::new(),
        bundle,
    };
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(stream::try_unfold(Some(making), part)))
}

/// Hands out the certificates of a batch that has ended as a ZIP with a PDF for each: the very bytes that were mailed.
///
/// The endorsements that went with a certificate stand beside it, called as it is and by their forms.
#[utoipa::path(tag = "batches", params(("batch" = Uuid, Path, description = "The batch's id")),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), Problems))]
#[get("/v1/batches/{batch}/zip")]
pub(crate) async fn download_batch_zip(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = BatchId::from_uuid(path.into_inner());
    hand_out(caller, id, Bundle::Zip(Box::default()), "zip", "application/zip").await
}

/// Hands out the certificates of a batch that has ended as one PDF with all their pages, for printing.
///
/// The endorsements that went with them are in the ZIP only.
#[utoipa::path(tag = "batches", params(("batch" = Uuid, Path, description = "The batch's id")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), Problems))]
#[get("/v1/batches/{batch}/pdf")]
pub(crate) async fn download_batch_pdf(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = BatchId::from_uuid(path.into_inner());
    hand_out(caller, id, Bundle::Pdf(Merged::new()), "pdf", "application/pdf").await
}
