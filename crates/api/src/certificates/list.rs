//! The log of certificates.

use actix_web::{get, web};
use countersign_domain::authz::rules::{
    DownloadCertificate, ListCertificates, PreviewCertificate, ResendCertificate, ReviseCertificate,
    ViewCertificatesSent, WithdrawCertificate,
};
use countersign_domain::authz::{Actor, Scope};
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::certificates::report::MailEventKind;
use countersign_domain::certificates::{Certificate, CertificateState, Source};
use countersign_domain::ids::{CertificateId, HolderId, InsuredId, InterestId, MasterId};
use countersign_persistence::certificates::{CertificateFilter, CertificateRow};
use countersign_persistence::{Page, PageRequest, certificates, insureds};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::{Caller, Desk};
use crate::cursor::Purpose;
use crate::json::Listed;
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, NaiveDate, PageInfo, Utc, in_one_piece, wire_enum};

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
    SourceWord for Source { Staff = "staff", Portal = "portal", Bulk = "bulk", Interest = "additional_interest", }
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

wire_enum! {
    /// What became of a mail after the relay took it.
    OutcomeWord for MailEventKind {
        Deferred = "deferred",
        Delivered = "delivered",
        Bounced = "bounced",
        Complained = "complained",
    }
}

/// The newest sending; one that was taken back only where there is no other.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowDelivery {
    state: DeliveryStateWord,
    /// True only after the mail relay accepted the certificate's mail; it stays true while a further sending waits.
    sent_by_email: bool,
    to: Vec<String>,
    /// When it was accepted, or else asked for.
    #[serde(serialize_with = "in_one_piece::moment")]
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// What became of it after the relay took it, as far as it was told; the worst of all recipients.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeWord>,
    /// It was taken back before it left; `state` is `failed`.
    undone: bool,
}

/// The master a certificate was issued from, under its name at that time.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowMaster {
    id: Uuid,
    name: String,
}

/// That a certificate was taken back.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowWithdrawal {
    at: DateTime<Utc>,
    /// Who took it back; the name outlives the account.
    by_name: String,
    /// Why. The agency's own words for itself: absent in the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
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
    #[serde(serialize_with = "in_one_piece::day")]
    issued_on: NaiveDate,
    #[serde(serialize_with = "in_one_piece::moment")]
    issued_at: DateTime<Utc>,
    master: RowMaster,
    /// As printed; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    description_of_operations: Option<String>,
    source: SourceWord,
    /// The sending to many holders of which it is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_id: Option<Uuid>,
    /// The additional interest that it was sent to. The agency's own record: absent in the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    interest_id: Option<Uuid>,
    /// Who sent it; the name outlives the account.
    sent_by_name: String,
    state: CertificateStateWord,
    /// The first day on which one of the printed policies no longer covers, by what is known now: the end of the printed
    /// term, or the day as of which the policy was cancelled. From that day on what the page says is not in force any
    /// more, whatever `state` is.
    #[serde(serialize_with = "in_one_piece::day")]
    cover_ends_on: NaiveDate,
    /// When, by whom and why it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawal: Option<RowWithdrawal>,
    /// The revision before, whose place it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    supersedes: Option<Uuid>,
    /// The revision that took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<RowDelivery>,
    /// What the caller may do: `preview`, `download`, and while it stands `resend`, `revise`, `withdraw`.
    may: Vec<&'static str>,
}

/// An outcome as it is stored.
pub(crate) fn outcome(word: Option<&str>) -> Result<Option<OutcomeWord>, Problem> {
    let kind = word.map(str::parse::<MailEventKind>).transpose();
    Ok(kind.map_err(Problem::internal)?.map(OutcomeWord::from))
}

impl CertificateRowView {
    pub(crate) fn of(row: CertificateRow, actor: &Actor) -> Result<Self, Problem> {
        let columns = row.certificate;
        let state = columns.state.0;
        let source = columns.source.0;
        // The texts are lent to whom the rights are asked of, and taken back for the view.
        let target = Certificate {
            agency: actor.agency(),
            id: CertificateId::from_uuid(columns.id),
            number: columns.number,
            revision: u16::try_from(columns.revision).map_err(Problem::internal)?,
            insured: InsuredId::from_uuid(columns.insured_id),
            insured_name: columns.insured_name,
            holder: HolderId::from_uuid(columns.holder_id),
            holder_name: columns.holder_name,
            interest: columns.interest_id.map(InterestId::from_uuid),
            master: MasterId::from_uuid(columns.master_id),
            issued_on: columns.issued_on,
            issued_at: columns.issued_at,
            state,
            superseded_by: columns.superseded_by_id.map(CertificateId::from_uuid),
        };
        let mut may = Vec::with_capacity(5);
        if actor.may::<PreviewCertificate>(&target) {
            may.push("preview");
        }
        if actor.may::<DownloadCertificate>(&target) {
            may.push("download");
        }
        if target.stands().is_ok() {
            if actor.may::<ResendCertificate>(&target) {
                may.push("resend");
            }
            if actor.may::<ReviseCertificate>(&target) {
                may.push("revise");
            }
            if actor.may::<WithdrawCertificate>(&target) {
                may.push("withdraw");
            }
        }
        let to_staff = matches!(actor, Actor::Staff(_));
        let withdrawal = match (state, columns.state_changed_at) {
            (CertificateState::Withdrawn, Some(at)) => Some(RowWithdrawal {
                at,
                by_name: columns.state_changed_by_name.unwrap_or_default(),
                reason: columns.withdrawn_reason.filter(|_| to_staff),
            }),
            _ => None,
        };
        let delivery = row
            .delivery
            .map(|latest| {
                Ok::<_, Problem>(RowDelivery {
                    state: latest.state.into(),
                    sent_by_email: latest.emailed_at.is_some(),
                    to: latest.to_addresses,
                    at: latest.accepted_at.unwrap_or(latest.queued_at),
                    last_error: latest.last_error,
                    outcome: outcome(latest.outcome.as_deref())?,
                    undone: latest.undone_at.is_some(),
                })
            })
            .transpose()?;
        Ok(Self {
            id: columns.id,
            number: target.number,
            revision: columns.revision,
            insured_id: columns.insured_id,
            insured_name: target.insured_name,
            holder_name: target.holder_name,
            holder_id: columns.holder_id,
            issued_on: columns.issued_on,
            issued_at: columns.issued_at,
            master: RowMaster {
                id: columns.master_id,
                name: columns.master_name,
            },
            description_of_operations: Some(columns.description).filter(|text| !text.is_empty()),
            source: source.into(),
            batch_id: columns.batch_id.filter(|_| to_staff),
            interest_id: columns.interest_id.filter(|_| to_staff),
            sent_by_name: columns.issued_by_name,
            state: state.into(),
            cover_ends_on: columns.cover_ends_on,
            withdrawal,
            supersedes: columns.supersedes_id,
            superseded_by: columns.superseded_by_id,
            delivery,
            may,
        })
    }
}

/// Which certificates are wanted, whichever way they are handed out.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedCertificates {
    /// Part of the holder's name as printed, whatever its case and accents.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder_contains: Option<String>,
    /// Issued on this day or later, in the agency's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_from: Option<NaiveDate>,
    /// Issued on this day or earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_to: Option<NaiveDate>,
    /// From this master.
    #[serde(skip_serializing_if = "Option::is_none")]
    master_id: Option<Uuid>,
    /// In this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<CertificateStateWord>,
    /// Part of the name of who sent it, whatever its case.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_by_contains: Option<String>,
    /// Through this door.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceWord>,
    /// Of this sending to many holders.
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_id: Option<Uuid>,
    /// With cover that ends on this day or earlier: given today, those that show cover which is no longer in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    cover_ends_to: Option<NaiveDate>,
}

impl WantedCertificates {
    /// As storage asks for them; blank texts filter nothing.
    pub(super) fn filter(&self, insured: Option<InsuredId>) -> CertificateFilter {
        CertificateFilter {
            insured,
            holder: written(self.holder_contains.as_deref()),
            from: self.issued_from,
            until: self.issued_to,
            master: self.master_id,
            state: self.state.map(|state| CertificateState::from(state).to_string()),
            sent_by: written(self.sent_by_contains.as_deref()),
            source: self.source.map(|source| Source::from(source).to_string()),
            batch: self.batch_id,
            cover_ends_to: self.cover_ends_to,
        }
    }
}

/// A text to look for, unless it is blank.
fn written(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Which certificates.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CertificatesQuery {
    /// Part of the holder's name as printed, whatever its case and accents.
    holder_contains: Option<String>,
    /// Issued on this day or later, in the agency's zone.
    issued_from: Option<NaiveDate>,
    /// Issued on this day or earlier.
    issued_to: Option<NaiveDate>,
    /// From this master.
    master_id: Option<Uuid>,
    /// In this state.
    state: Option<CertificateStateWord>,
    /// Part of the name of who sent it, whatever its case.
    sent_by_contains: Option<String>,
    /// Through this door.
    source: Option<SourceWord>,
    /// Of this sending to many holders.
    batch_id: Option<Uuid>,
    /// With cover that ends on this day or earlier: given today, those that show cover which is no longer in force.
    cover_ends_to: Option<NaiveDate>,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

impl CertificatesQuery {
    fn wanted(&self) -> WantedCertificates {
        WantedCertificates {
            holder_contains: written(self.holder_contains.as_deref()),
            issued_from: self.issued_from,
            issued_to: self.issued_to,
            master_id: self.master_id,
            state: self.state,
            sent_by_contains: written(self.sent_by_contains.as_deref()),
            source: self.source,
            batch_id: self.batch_id,
            cover_ends_to: self.cover_ends_to,
        }
    }
}

/// A page of the log.
#[derive(Serialize, ToSchema)]
pub(crate) struct CertificatePage {
    data: Vec<CertificateRowView>,
    page: PageInfo,
}

/// A page that is asked for, once it is clear by whom.
struct Asked {
    scope: Scope<ListCertificates>,
    filter: CertificateFilter,
    request: PageRequest,
    purpose: Purpose,
}

impl Asked {
    fn by(
        caller: &Caller,
        actor: &Actor,
        insured: Option<InsuredId>,
        query: &CertificatesQuery,
    ) -> Result<Self, Problem> {
        let scope = actor.scope::<ListCertificates>()?;
        let wanted = query.wanted();
        let purpose = Purpose::of("certificates", scope.agency(), &(insured, &wanted));
        let request = caller
            .cursors()
            .request(query.limit, query.cursor.as_deref(), &purpose)?;
        Ok(Self {
            scope,
            filter: wanted.filter(insured),
            request,
            purpose,
        })
    }

    fn page(
        &self,
        caller: &Caller,
        actor: &Actor,
        found: Page<CertificateRow>,
    ) -> Result<CertificatePage, Problem> {
        let page = caller.cursors().info(&found, &self.purpose)?;
        let data = found
            .rows
            .into_iter()
            .map(|row| CertificateRowView::of(row, actor))
            .collect::<Result<_, _>>()?;
        Ok(CertificatePage { data, page })
    }
}

async fn page(
    caller: &Caller,
    desk: Desk<'_>,
    insured: Option<InsuredId>,
    query: &CertificatesQuery,
) -> Result<CertificatePage, Problem> {
    let asked = Asked::by(caller, desk.actor, insured, query)?;
    let found = certificates::list(desk.tx, &asked.scope, &asked.filter, &asked.request).await?;
    asked.page(caller, desk.actor, found)
}

/// The page by one statement, where that is enough to say it. Whatever it does not say, be it that there is nothing or
/// that nothing may be seen, is told by the way that asks for one thing after the other.
async fn page_at_once(
    caller: &Caller,
    insured: Option<InsuredId>,
    query: &CertificatesQuery,
) -> Result<Option<CertificatePage>, Problem> {
    caller
        .at_once(async |door, actor| {
            let Ok(asked) = Asked::by(caller, actor, insured, query) else {
                return Ok(None);
            };
            let found =
                certificates::list_at_once(&door, &asked.scope, &asked.filter, &asked.request).await?;
            found.map(|found| asked.page(caller, actor, found)).transpose()
        })
        .await
}

/// Lists an insured's certificates, the newest first: the log that stands under Certificates Sent.
#[utoipa::path(tag = "certificates", params(("insured" = Uuid, Path, description = "The insured's id"), CertificatesQuery),
    responses((status = 200, body = CertificatePage), Problems))]
#[get("/v1/insureds/{insured}/certificates")]
pub(crate) async fn list_insured_certificates(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<CertificatesQuery>,
) -> Result<Listed<CertificatePage>, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    // A certificate that the caller may list is one of an insured that there is, and whose log the caller may see.
    if let Some(page) = page_at_once(&caller, Some(insured), &query).await? {
        return Ok(Listed(page));
    }
    let page = caller
        .read(async |desk| {
            insureds::find::<ViewCertificatesSent>(desk.tx, desk.actor, insured).await?;
            page(&caller, desk, Some(insured), &query).await
        })
        .await?;
    Ok(Listed(page))
}

/// Lists certificates, the newest first: all of the agency, or in the portal the insured's own.
#[utoipa::path(tag = "certificates", params(CertificatesQuery),
    responses((status = 200, body = CertificatePage), Problems))]
#[get("/v1/certificates")]
pub(crate) async fn list_certificates(
    caller: Caller,
    query: web::Query<CertificatesQuery>,
) -> Result<Listed<CertificatePage>, Problem> {
    if let Some(page) = page_at_once(&caller, None, &query).await? {
        return Ok(Listed(page));
    }
    let page = caller
        .read(async |desk| page(&caller, desk, None, &query).await)
        .await?;
    Ok(Listed(page))
}
