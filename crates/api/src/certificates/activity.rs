//! Who did what with a certificate, and when.

use actix_web::{get, web};
use countersign_domain::authz::rules::ViewCertificateActivity;
use countersign_domain::ids::CertificateId;
use countersign_persistence::{audit, certificates};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::context::Caller;
use crate::cursor::Purpose;
use crate::insureds::ActivityPage;
use crate::problem::{Problem, Problems};

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Shows who sent, looked at, saved, resent, revised or withdrew a certificate, the newest first.
#[utoipa::path(tag = "certificates",
    params(("certificate" = Uuid, Path, description = "The certificate's id"), PageQuery),
    responses((status = 200, body = ActivityPage), Problems))]
#[get("/v1/certificates/{certificate}/activity")]
pub(crate) async fn list_certificate_activity(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<ActivityPage>, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let page = caller
        .read(async |desk| {
            let permit = certificates::find::<ViewCertificateActivity>(desk.tx, desk.actor, id).await?;
            let purpose = Purpose::of("certificate activity by moment", desk.actor.agency(), &id);
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let page = audit::list_of_certificate(desk.tx, &permit, &request).await?;
            ActivityPage::of(page, caller.cursors(), &purpose)
        })
        .await?;
    Ok(web::Json(page))
}
