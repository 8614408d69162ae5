//! What a holder held on a day.

use actix_web::{get, web};
use countersign_domain::authz::rules::{ListCertificates, ViewHolder};
use countersign_domain::certificates::held::held_on;
use countersign_domain::certificates::payload::{Band, PrintedEndorsement};
use countersign_domain::ids::HolderId;
use countersign_persistence::certificates::{Held, HeldCertificate};
use countersign_persistence::{certificates, holders};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::Caller;
use crate::cursor::Purpose;
use crate::insureds::{LimitView, limits_of};
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, LineWord, NaiveDate, PageInfo, Utc};

/// A band of a certificate that covered the day.
#[derive(Serialize, ToSchema)]
pub(crate) struct HeldLine {
    line: LineWord,
    policy_id: Uuid,
    policy_number: String,
    /// The insurer as printed.
    insurer: String,
    naic: String,
    effective_on: NaiveDate,
    /// Cover ends on this day, at 12:01 a.m.
    expires_on: NaiveDate,
    /// The limits as printed, in the order of the page.
    limits: Vec<LimitView>,
    /// Form number and edition behind the ADDL INSD mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_insured: Option<String>,
    /// Form number and edition behind the SUBR WVD mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<String>,
    /// From which day on the policy was cancelled, whenever that became known. On that day and later there was no
    /// cover, whatever the certificate printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_on: Option<NaiveDate>,
    /// Whether the policy still covered the day: true unless it was cancelled by then.
    covered: bool,
}

/// A certificate that stood at the end of the day.
#[derive(Serialize, ToSchema)]
#[schema(as = HeldCertificate)]
pub(crate) struct HeldCertificateView {
    id: Uuid,
    number: String,
    revision: u16,
    insured_id: Uuid,
    /// The insured as printed.
    insured_name: String,
    /// The holder as printed: a double that was merged later keeps its name here.
    holder_name: String,
    issued_on: NaiveDate,
    issued_at: DateTime<Utc>,
    /// Every mail that was to carry it was taken back before it left, so that the agency never sent it by mail.
    never_left: bool,
    /// The bands that covered the day, in the order of the page.
    lines: Vec<HeldLine>,
}

/// Which day.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HeldQuery {
    /// The day, in the agency's zone.
    on: NaiveDate,
    /// At most this many certificates are looked at, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// What a holder held on a day.
#[derive(Serialize, ToSchema)]
pub(crate) struct HeldPage {
    /// May be shorter than the limit and yet not the last page.
    data: Vec<HeldCertificateView>,
    page: PageInfo,
}

fn form(printed: &PrintedEndorsement) -> String {
    format!("{} {}", printed.form_number, printed.edition)
}

fn line(held: &Held, certificate: &HeldCertificate, band: Band<'_>, day: NaiveDate) -> HeldLine {
    let insurer = certificate.payload.insurer(band.insurer);
    let printed = certificate.payload.coverage(band.line);
    let cancelled_on = held.cancelled.get(&band.policy_id).copied();
    HeldLine {
        line: band.line.into(),
        policy_id: band.policy_id.uuid(),
        policy_number: band.policy_number.to_string(),
        insurer: insurer
            .map(|insurer| insurer.name.to_string())
            .unwrap_or_default(),
        naic: insurer
            .map(|insurer| insurer.naic.to_string())
            .unwrap_or_default(),
        effective_on: band.effective_on,
        expires_on: band.expires_on,
        limits: printed.as_ref().map(limits_of).unwrap_or_default(),
        additional_insured: band.additional_insured.map(form),
        waiver: band.waiver.map(form),
        cancelled_on,
        covered: cancelled_on.is_none_or(|cancelled| day < cancelled),
    }
}

fn view(held: &Held, certificate: &HeldCertificate, day: NaiveDate) -> HeldCertificateView {
    let payload = &certificate.payload;
    HeldCertificateView {
        id: certificate.id,
        number: payload.number.to_string(),
        revision: payload.revision,
        insured_id: certificate.insured_id,
        insured_name: payload.insured.name.to_string(),
        holder_name: payload.holder.name.to_string(),
        issued_on: payload.issued_on,
        issued_at: certificate.issued_at,
        never_left: certificate.never_left,
        lines: held_on(payload, day)
            .map(|band| line(held, certificate, band, day))
            .collect(),
    }
}

/// Lists what a holder held at the end of a day: certificates that were issued by then, not withdrawn or superseded
/// by then, with cover for the day. It is read from what they printed, so that later changes of policies do not
/// change the answer; a cancellation is told beside it.
#[utoipa::path(tag = "holders", params(("holder" = Uuid, Path, description = "The holder's id"), HeldQuery),
    responses((status = 200, body = HeldPage), Problems))]
#[get("/v1/holders/{holder}/held")]
pub(crate) async fn list_held(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<HeldQuery>,
) -> Result<web::Json<HeldPage>, Problem> {
    let id = HolderId::from_uuid(path.into_inner());
    let day = query.on;
    let page = caller
        .read(async |desk| {
            let permit = holders::find::<ViewHolder>(desk.tx, desk.actor, id).await?;
            let scope = desk.actor.scope::<ListCertificates>()?;
            let purpose = Purpose::of("held", scope.agency(), &(id, day));
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let held = certificates::held(desk.tx, &permit, &scope, day, &request).await?;
            let page = caller.cursors().info(&held.certificates, &purpose)?;
            let data = held
                .certificates
                .rows
                .iter()
                .map(|certificate| view(&held, certificate, day))
                .collect();
            Ok(HeldPage { data, page })
        })
        .await?;
    Ok(web::Json(page))
}
