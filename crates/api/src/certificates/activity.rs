//! Who did what with a certificate, and when.

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::{ExportCertificateActivity, ViewCertificateActivity};
use countersign_domain::exports::export_certificate_activity as exported;
use countersign_domain::ids::CertificateId;
use countersign_persistence::audit::ActivityFilter;
use countersign_persistence::{After, audit, certificates};
use uuid::Uuid;

use crate::activity::{ActivityQuery, WantedActivity, file, lines, portion};
use crate::context::{Caller, Desk};
use crate::csv::Chunk;
use crate::cursor::Purpose;
use crate::insureds::ActivityPage;
use crate::problem::{Problem, Problems};

/// Shows who sent, looked at, saved, resent, revised or withdrew a certificate, the newest first.
#[utoipa::path(tag = "certificates",
    params(("certificate" = Uuid, Path, description = "The certificate's id"), ActivityQuery),
    responses((status = 200, body = ActivityPage), Problems))]
#[get("/v1/certificates/{certificate}/activity")]
pub(crate) async fn list_certificate_activity(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<ActivityQuery>,
) -> Result<web::Json<ActivityPage>, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let wanted = query.wanted();
    let page = caller
        .read(async |desk| {
            let permit = certificates::find::<ViewCertificateActivity>(desk.tx, desk.actor, id).await?;
            let agency = desk.actor.agency();
            let purpose = Purpose::of("certificate activity by moment", agency, &(id, &wanted));
            let (limit, cursor) = query.page();
            let request = caller.cursors().request(limit, cursor, &purpose)?;
            let page = audit::list_of_certificate(desk.tx, &permit, &wanted.filter(), &request).await?;
            ActivityPage::of(page, caller.cursors(), &purpose)
        })
        .await?;
    Ok(web::Json(page))
}

async fn chunk(
    desk: Desk<'_>,
    certificate: CertificateId,
    filter: &ActivityFilter,
    after: Option<After>,
) -> Result<Chunk, Problem> {
    let permit = certificates::find::<ViewCertificateActivity>(desk.tx, desk.actor, certificate).await?;
    let page = audit::list_of_certificate(desk.tx, &permit, filter, &portion(after)).await?;
    Ok(lines(page))
}

/// Hands out a certificate's history as CSV, the newest first, as far as the filter leaves it.
///
/// It is written into the history that it was taken out. No cell begins as a formula would.
#[utoipa::path(tag = "certificates",
    params(("certificate" = Uuid, Path, description = "The certificate's id"), WantedActivity),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
#[get("/v1/certificates/{certificate}/activity/export")]
pub(crate) async fn export_certificate_activity(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<WantedActivity>,
) -> Result<HttpResponse, Problem> {
    let certificate = CertificateId::from_uuid(path.into_inner());
    let (told, filter) = (query.told()?, query.filter());
    let now = caller.now();
    let first = caller
        .transaction(async |desk| {
            let Desk { tx, actor, session } = desk;
            let permit = certificates::find::<ExportCertificateActivity>(tx, actor, certificate).await?;
            let first = chunk(Desk { tx, actor, session }, certificate, &filter, None).await?;
            audit::record_exported(tx, &exported(permit, told), now).await?;
            Ok(first)
        })
        .await?;
    Ok(file(now, first, async move |after| {
        caller
            .transaction(async |desk| chunk(desk, certificate, &filter, Some(after)).await)
            .await
    }))
}
