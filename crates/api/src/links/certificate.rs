//! A certificate through the link that was mailed in its place.

use actix_web::http::header::DispositionType;
use actix_web::{HttpResponse, post, web};
use countersign_domain::certificates::link::{NotForSaving, look, open, save};
use countersign_domain::certificates::{Certificate, CertificateState};
use countersign_persistence::{agencies, certificates};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LinkBody, by_secret, counted, found};
use crate::certificates::{AttachmentView, CertificateStateWord, EndedPolicyView, file_name, reply};
use crate::context::Stranger;
use crate::problem::{Problem, Problems};
use crate::session::AgencyCard;
use crate::wire::{DateTime, NaiveDate, Utc};

/// A certificate as whoever has its link sees it: what it is, and what stands of it now.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkedCertificate {
    agency: AgencyCard,
    number: String,
    /// Counts from 0.
    revision: u16,
    /// As printed.
    insured_name: String,
    /// As printed.
    holder_name: String,
    /// The day of issue, in the agency's zone.
    issued_on: NaiveDate,
    /// What stands of it now.
    state: CertificateStateWord,
    /// Since when; absent while it stands as issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    state_changed_at: Option<DateTime<Utc>>,
    /// The newest revision, where another one took its place; nothing else is told of that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by_revision: Option<i32>,
    /// When that one was withdrawn, so that nothing stands under the number any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement_withdrawn_at: Option<DateTime<Utc>>,
    /// The first day on which one of the printed policies no longer covers, by what is known now.
    cover_ends_on: NaiveDate,
    /// The policies on it that do not cover today any more, in the order of the page, and why.
    cover_ended: Vec<EndedPolicyView>,
    pages: i32,
    /// The endorsements that go with it.
    attachments: Vec<AttachmentView>,
    /// Until when the link works.
    expires_at: DateTime<Utc>,
    /// What can be done with it: `view` and `download`; nothing once it was withdrawn.
    may: Vec<&'static str>,
}

/// Opens a link to a certificate.
///
/// The first time is noted in the history of the sending; who it was is not asked and not kept. A link that was turned off
/// or has expired says which of the two it was.
#[utoipa::path(tag = "links", security(()), request_body = LinkBody, responses((status = 200, body = LinkedCertificate), Problems))]
#[post("/v1/certificate-links/open")]
pub(crate) async fn open_certificate_link(
    stranger: Stranger,
    body: web::Json<LinkBody>,
) -> Result<web::Json<LinkedCertificate>, Problem> {
    let now = stranger.now();
    let shown = by_secret(&stranger, &body.token, async |tx, token| {
        let (permit, link) = found(certificates::by_link(tx, token).await)?;
        let opened = open(&permit, &link, now)?;
        certificates::record_link_opened(tx, &opened).await?;
        let standing = certificates::standing(tx, &permit).await?;
        let files = certificates::attachments_by_link(tx, &permit).await?;
        let ended = certificates::cover_ended_by_link(tx, &permit, now).await?;
        let agency = agencies::card(tx).await?;
        let withdrawn = permit.state == CertificateState::Withdrawn;
        Ok(LinkedCertificate {
            agency: AgencyCard::from(&agency),
            number: permit.number.clone(),
            revision: permit.revision,
            insured_name: permit.insured_name.clone(),
            holder_name: permit.holder_name.clone(),
            issued_on: permit.issued_on,
            state: permit.state.into(),
            state_changed_at: standing.changed_at,
            replaced_by_revision: standing.replaced_by.map(|newest| newest.revision),
            replacement_withdrawn_at: standing.replaced_by.and_then(|newest| newest.withdrawn_at),
            cover_ends_on: standing.cover_ends_on,
            cover_ended: ended.into_iter().map(EndedPolicyView::behind_link).collect(),
            pages: standing.pages,
            attachments: files.into_iter().map(AttachmentView::from).collect(),
            expires_at: link.expires_at,
            may: if withdrawn {
                Vec::new()
            } else {
                vec!["view", "download"]
            },
        })
    })
    .await?;
    Ok(web::Json(shown))
}

/// Shows the page behind a link: the stored bytes, to be looked at. The ETag is their SHA-256.
///
/// Refused with `certificate_not_standing` once the certificate was withdrawn.
#[utoipa::path(tag = "links", security(()), request_body = LinkBody,
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>,
        headers(("ETag" = String, description = "The SHA-256 of the file"))), Problems))]
#[post("/v1/certificate-links/view")]
pub(crate) async fn view_certificate_link(
    stranger: Stranger,
    body: web::Json<LinkBody>,
) -> Result<HttpResponse, Problem> {
    let now = stranger.now();
    by_secret(&stranger, &body.token, async |tx, token| {
        let (permit, link) = found(certificates::by_link(tx, token).await)?;
        look(&permit, &link, now)?;
        counted(tx, &stranger, "link-view", link.delivery).await?;
        let document = certificates::document_by_link(tx, &permit).await?;
        Ok(reply(document, DispositionType::Inline, name(&permit)))
    })
    .await
}

/// Saves the page behind a link: the very bytes that an attachment would have carried. Each time is noted in the history
/// of the sending. The ETag is their SHA-256.
///
/// Refused with `certificate_not_standing` once the certificate was withdrawn.
#[utoipa::path(tag = "links", security(()), request_body = LinkBody,
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>,
        headers(("ETag" = String, description = "The SHA-256 of the file"))), Problems))]
#[post("/v1/certificate-links/download")]
pub(crate) async fn download_certificate_link(
    stranger: Stranger,
    body: web::Json<LinkBody>,
) -> Result<HttpResponse, Problem> {
    let now = stranger.now();
    by_secret(&stranger, &body.token, async |tx, token| {
        let (permit, link) = found(certificates::by_link(tx, token).await)?;
        let document = certificates::document_by_link(tx, &permit).await?;
        let name = name(&permit);
        let delivery = link.delivery;
        let saved = save(permit, link, now)?;
        counted(tx, &stranger, "link-download", delivery).await?;
        certificates::record_link_saved(tx, &saved).await?;
        Ok(reply(document, DispositionType::Attachment, name))
    })
    .await
}

/// A link's secret, and which of the endorsements.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttachmentLinkBody {
    /// The link's secret.
    token: String,
    /// Its place among the attachments, from 1.
    ordinal: i32,
}

/// Saves an endorsement that goes with the certificate behind a link: the very bytes that a mail would have carried. The
/// ETag is their SHA-256.
///
/// Refused with `certificate_not_standing` once the certificate was withdrawn.
#[utoipa::path(tag = "links", security(()), request_body = AttachmentLinkBody,
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>,
        headers(("ETag" = String, description = "The SHA-256 of the file"))), Problems))]
#[post("/v1/certificate-links/attachment")]
pub(crate) async fn download_attachment_link(
    stranger: Stranger,
    body: web::Json<AttachmentLinkBody>,
) -> Result<HttpResponse, Problem> {
    let now = stranger.now();
    by_secret(&stranger, &body.token, async |tx, token| {
        let (permit, link) = found(certificates::by_link(tx, token).await)?;
        look(&permit, &link, now)?;
        let (file, document) = certificates::attachment_by_link(tx, &permit, body.ordinal).await?;
        counted(tx, &stranger, "link-download", link.delivery).await?;
        Ok(reply(document, DispositionType::Attachment, file.file_name))
    })
    .await
}

/// What a page that was replaced says so by, wherever it is saved.
fn name(certificate: &Certificate) -> String {
    let name = file_name(certificate);
    match certificate.state {
        CertificateState::Issued => name,
        CertificateState::Superseded | CertificateState::Withdrawn => format!("Replaced-{name}"),
    }
}

impl From<NotForSaving> for Problem {
    fn from(error: NotForSaving) -> Self {
        match error {
            NotForSaving::Gone(gone) => gone.into(),
            NotForSaving::Withdrawn(why) => Self::not_standing(why),
        }
    }
}
