//! The log of certificates.

use actix_web::{get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{
    DownloadCertificate, ListCertificates, PreviewCertificate, ResendCertificate, ViewCertificatesSent,
};
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::certificates::{Certificate, CertificateState, Source};
use countersign_domain::ids::{CertificateId, InsuredId, MasterId};
use countersign_persistence::certificates::{CertificateFilter, CertificateRow};
use countersign_persistence::{certificates, insureds};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::{Caller, Desk};
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, NaiveDate, PageInfo, Utc, wire_enum};

wire_enum! {
    /// What became of a certificate.
    CertificateStateWord for CertificateState {
        Issued = "issued",
        Superseded = "superseded",
        Withdrawn = "withdrawn",
    }
}

wire_enum! {
    /// Through which door a certificate was issued.
    SourceWord for Source { Staff = "staff", Portal = "portal", }
}

wire_enum! {
    /// Where a sending stands.
    DeliveryStateWord for DeliveryState {
        Queued = "queued",
        Sending = "sending",
        Accepted = "accepted",
        Deferred = "deferred",
        Failed = "failed",
    }
}

/// The newest sending.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowDelivery {
    state: DeliveryStateWord,
    /// True only after the mail relay accepted it.
    sent_by_email: bool,
    to: Vec<String>,
    /// When it was accepted, or else asked for.
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
}

/// The master a certificate was issued from, under its name at that time.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowMaster {
    id: Uuid,
    name: String,
}

/// A row of the log.
#[derive(Serialize, ToSchema)]
#[schema(as = CertificateRow)]
pub(crate) struct CertificateRowView {
    id: Uuid,
    number: String,
    revision: i32,
    insured_id: Uuid,
    insured_name: String,
    /// The holder as printed.
    holder_name: String,
    holder_id: Uuid,
    /// The day of issue, in the agency's zone.
    issued_on: NaiveDate,
    issued_at: DateTime<Utc>,
    master: RowMaster,
    /// As printed; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    description_of_operations: Option<String>,
    source: SourceWord,
    /// Who sent it; the name outlives the account.
    sent_by_name: String,
    state: CertificateStateWord,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<RowDelivery>,
    /// What the caller may do: `preview`, `download`, `resend`.
    may: Vec<&'static str>,
}

impl CertificateRowView {
    pub(crate) fn of(row: CertificateRow, actor: &Actor) -> Result<Self, Problem> {
        let columns = row.certificate;
        let state: CertificateState = columns.state.parse().map_err(Problem::internal)?;
        let source: Source = columns.source.parse().map_err(Problem::internal)?;
        let target = Certificate {
            agency: actor.agency(),
            id: CertificateId::from_uuid(columns.id),
            number: columns.number.clone(),
            revision: u16::try_from(columns.revision).map_err(Problem::internal)?,
            insured: InsuredId::from_uuid(columns.insured_id),
            insured_name: columns.insured_name.clone(),
            holder_name: columns.holder_name.clone(),
            master: MasterId::from_uuid(columns.master_id),
            issued_on: columns.issued_on,
            issued_at: columns.issued_at,
            state,
        };
        let mut may = Vec::new();
        if actor.may::<PreviewCertificate>(&target) {
            may.push("preview");
        }
        if actor.may::<DownloadCertificate>(&target) {
            may.push("download");
        }
        if actor.may::<ResendCertificate>(&target) {
            may.push("resend");
        }
        let delivery = row
            .delivery
            .map(|latest| {
                let state: DeliveryState = latest.state.parse().map_err(Problem::internal)?;
                Ok::<_, Problem>(RowDelivery {
                    state: state.into(),
                    sent_by_email: state == DeliveryState::Accepted,
                    to: latest.to_addresses,
                    at: latest.accepted_at.unwrap_or(latest.queued_at),
                    last_error: latest.last_error,
                })
            })
            .transpose()?;
        Ok(Self {
            id: columns.id,
            number: columns.number,
            revision: columns.revision,
            insured_id: columns.insured_id,
            insured_name: columns.insured_name,
            holder_name: columns.holder_name,
            holder_id: columns.holder_id,
            issued_on: columns.issued_on,
            issued_at: columns.issued_at,
            master: RowMaster {
                id: columns.master_id,
                name: columns.master_name,
            },
            description_of_operations: Some(columns.description).filter(|text| !text.is_empty()),
            source: source.into(),
            sent_by_name: columns.issued_by_name,
            state: state.into(),
            delivery,
            may,
        })
    }
}

/// Which certificates.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CertificatesQuery {
    /// Part of the holder's name, whatever its case.
    holder_contains: Option<String>,
    /// Issued on this day or later, in the agency's zone.
    issued_from: Option<NaiveDate>,
    /// Issued on this day or earlier.
    issued_to: Option<NaiveDate>,
    /// From this master.
    master_id: Option<Uuid>,
    /// In this state.
    state: Option<CertificateStateWord>,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u16>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of the log.
#[derive(Serialize, ToSchema)]
pub(crate) struct CertificatePage {
    data: Vec<CertificateRowView>,
    page: PageInfo,
}

async fn page(
    caller: &Caller,
    desk: Desk<'_>,
    insured: Option<InsuredId>,
    query: &CertificatesQuery,
) -> Result<CertificatePage, Problem> {
    let scope = desk.actor.scope::<ListCertificates>()?;
    let holder = query
        .holder_contains
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let fingerprint = (
        insured,
        holder,
        query.issued_from,
        query.issued_to,
        query.master_id,
        query.state,
    );
    let purpose = Purpose::of("certificates", scope.agency(), &fingerprint);
    let request = caller
        .cursors()
        .request(query.limit, query.cursor.as_deref(), &purpose)?;
    let filter = CertificateFilter {
        insured,
        holder: holder.map(str::to_owned),
        from: query.issued_from,
        until: query.issued_to,
        master: query.master_id,
        state: query.state.map(|state| CertificateState::from(state).to_string()),
    };
    let found = certificates::list(desk.tx, &scope, &filter, &request).await?;
    let info = caller.cursors().info(&found, &purpose)?;
    let data = found
        .rows
        .into_iter()
        .map(|row| CertificateRowView::of(row, desk.actor))
        .collect::<Result<_, _>>()?;
    Ok(CertificatePage { data, page: info })
}

/// Lists an insured's certificates, the newest first: the log that stands under Certificates Sent.
#[utoipa::path(tag = "certificates", params(("insured" = Uuid, Path, description = "The insured's id"), CertificatesQuery),
    responses((status = 200, body = CertificatePage), Problems))]
#[get("/v1/insureds/{insured}/certificates")]
pub(crate) async fn list_insured_certificates(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<CertificatesQuery>,
) -> Result<web::Json<CertificatePage>, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let page = caller
        .transaction(async |desk| {
            insureds::find::<ViewCertificatesSent>(desk.tx, desk.actor, insured).await?;
            page(&caller, desk, Some(insured), &query).await
        })
        .await?;
    Ok(web::Json(page))
}

/// Lists certificates, the newest first: all of the agency, or in the portal the insured's own.
#[utoipa::path(tag = "certificates", params(CertificatesQuery),
    responses((status = 200, body = CertificatePage), Problems))]
#[get("/v1/certificates")]
pub(crate) async fn list_certificates(
    caller: Caller,
    query: web::Query<CertificatesQuery>,
) -> Result<web::Json<CertificatePage>, Problem> {
    let page = caller
        .transaction(async |desk| page(&caller, desk, None, &query).await)
        .await?;
    Ok(web::Json(page))
}
