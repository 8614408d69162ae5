//! The log of certificates as a file.

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{ExportCertificates, ExportCertificatesSent, ListCertificates};
use countersign_domain::certificates::approval::Override;
use countersign_domain::exports::{Exported, export_certificates, export_certificates_sent};
use countersign_domain::ids::InsuredId;
use countersign_domain::imports::export::csv_line;
use countersign_persistence::certificates::{self, CertificateFilter, CertificateRow, LatestDelivery};
use countersign_persistence::{After, PageRequest, agencies, audit, insureds};
use uuid::Uuid;

use super::list::WantedCertificates;
use crate::context::{Caller, Desk};
use crate::csv::{AT_ONCE, Chunk, streamed};
use crate::problem::{Problem, Problems};

const COLUMNS: [&str; 21] = [
    "number",
    "revision",
    "state",
    "issued_on",
    "issued_at",
    "insured",
    "holder",
    "master",
    "description_of_operations",
    "source",
    "sent_by",
    "emailed",
    "delivery",
    "delivered_to",
    "delivery_at",
    "delivery_error",
    "withdrawn_at",
    "withdrawn_by",
    "withdrawn_reason",
    "overrides",
    "cover_ends_on",
];

fn line(row: &CertificateRow, overrides: Option<&serde_json::Value>) -> String {
    let columns = &row.certificate;
    let delivery = row.delivery.as_ref();
    let moment = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let withdrawn = columns.withdrawn_reason.is_some();
    let emailed = delivery.and_then(|latest| latest.emailed_at);
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    csv_line(
        [
            columns.number.clone(),
            columns.revision.to_string(),
            columns.state.0.to_string(),
            columns.issued_on.to_string(),
            moment(columns.issued_at),
            columns.insured_name.clone(),
            columns.holder_name.clone(),
            columns.master_name.clone(),
            columns.description.clone(),
            columns.source.0.to_string(),
            columns.issued_by_name.clone(),
            if emailed.is_some() { "yes" } else { "no" }.to_owned(),
            delivery.map(stands).unwrap_or_default(),
            delivery
                .map(|latest| latest.to_addresses.join("; "))
                .unwrap_or_default(),
            delivery
                .map(|latest| moment(latest.accepted_at.unwrap_or(latest.queued_at)))
                .unwrap_or_default(),
            text(delivery.and_then(|latest| latest.last_error.as_ref())),
            columns
                .state_changed_at
                .filter(|_| withdrawn)
                .map(moment)
                .unwrap_or_default(),
            text(columns.state_changed_by_name.as_ref().filter(|_| withdrawn)),
            text(columns.withdrawn_reason.as_ref()),
            overrides.map(lifted).unwrap_or_default(),
            columns.cover_ends_on.to_string(),
        ]
        .iter()
        .map(String::as_str),
    )
}

/// How far the mail got: what the relay told of it, or else how far it took it.
fn stands(latest: &LatestDelivery) -> String {
    match (&latest.undone_at, &latest.outcome) {
        (Some(_), _) => "undone".to_owned(),
        (None, Some(outcome)) => outcome.clone(),
        (None, None) => latest.state.to_string(),
    }
}

/// What a second person lifted, in one cell: which finding, who asked, who approved, when and why.
fn lifted(overrides: &serde_json::Value) -> String {
    // What does not parse is shown on the certificate's own page as the fault that it is.
    let overrides: Vec<Override> = serde_json::from_value(overrides.clone()).unwrap_or_default();
    let told = overrides.iter().map(|lifted| {
        format!(
            "{} ({}): asked by {}, approved by {} at {}: {}",
            lifted.finding.code,
            lifted.finding.message,
            lifted.asked_by,
            lifted.approved_by,
            lifted
                .approved_at
                .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            lifted.reason
        )
    });
    told.collect::<Vec<_>>().join("; ")
}

async fn chunk(desk: Desk<'_>, filter: &CertificateFilter, after: Option<After>) -> Result<Chunk, Problem> {
    let scope = desk.actor.scope::<ListCertificates>()?;
    let request = PageRequest {
        limit: AT_ONCE,
        after,
    };
    let page = certificates::list(desk.tx, &scope, filter, &request).await?;
    let overrides = certificates::overrides(desk.tx, &scope, &page.rows).await?;
    let lines = page
        .rows
        .iter()
        .map(|row| line(row, overrides.get(&row.certificate.id)));
    Ok(Chunk {
        lines: lines.collect(),
        next: page.next,
    })
}

/// Notes the export, then hands the file out.
async fn export(
    caller: Caller,
    insured: Option<InsuredId>,
    wanted: &WantedCertificates,
    permitted: impl AsyncFnOnce(&mut countersign_persistence::Tx, &Actor) -> Result<Exported, Problem>,
) -> Result<HttpResponse, Problem> {
    let filter = wanted.filter(insured);
    let now = caller.now();
    let first = caller
        .transaction(async |desk| {
            let Desk { tx, actor, session } = desk;
            let exported = permitted(tx, actor).await?;
            let first = chunk(Desk { tx, actor, session }, &filter, None).await?;
            audit::record_exported(tx, &exported, now).await?;
            Ok(first)
        })
        .await?;
    let name = format!("certificates-sent-{}.csv", now.format("%Y%m%d-%H%M%S"));
    Ok(streamed(name, &csv_line(COLUMNS), first, async move |after| {
        caller
            .transaction(async |desk| chunk(desk, &filter, Some(after)).await)
            .await
    }))
}

fn told(wanted: &WantedCertificates) -> Result<serde_json::Value, Problem> {
    serde_json::to_value(wanted).map_err(Problem::internal)
}

/// Hands out the log of an insured's certificates as CSV, the newest first, as far as the filter leaves it.
///
/// It is written into the insured's history that it was taken out. No cell begins as a formula would.
#[utoipa::path(tag = "certificates",
    params(("insured" = Uuid, Path, description = "The insured's id"), WantedCertificates),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
#[get("/v1/insureds/{insured}/certificates/export")]
pub(crate) async fn export_insured_certificates(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<WantedCertificates>,
) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let filter = told(&query)?;
    export(caller, Some(insured), &query, async |tx, actor| {
        let permit = insureds::find::<ExportCertificatesSent>(tx, actor, insured).await?;
        Ok(export_certificates_sent(permit, filter))
    })
    .await
}

/// Hands out the log of all the agency's certificates as CSV, the newest first, as far as the filter leaves it.
///
/// It is written into the agency's trail that it was taken out. No cell begins as a formula would.
#[utoipa::path(tag = "certificates", params(WantedCertificates),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
#[get("/v1/certificates/export")]
pub(crate) async fn export_all_certificates(
    caller: Caller,
    query: web::Query<WantedCertificates>,
) -> Result<HttpResponse, Problem> {
    let filter = told(&query)?;
    export(caller, None, &query, async |tx, actor| {
        let permit = agencies::find::<ExportCertificates>(tx, actor).await?;
        Ok(export_certificates(permit, filter))
    })
    .await
}
