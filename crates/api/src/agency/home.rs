//! The staff app's home page: what ends soon, what was sent, what failed.

use actix_web::{get, web};
use countersign_domain::authz::rules::{
    DecideApprovals, ListCertificates, ListInsureds, RetryMail, ViewAgency,
};
use countersign_domain::policies::Line;
use countersign_persistence::certificates::CertificateFilter;
use countersign_persistence::{PageRequest, agencies, approvals, certificates, insureds, jobs};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::certificates::CertificateRowView;
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::wire::{LineWord, NaiveDate};

/// A policy that ends within 30 days: its term is over, or its cancellation takes effect.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExpiringPolicy {
    policy_id: Uuid,
    insured_id: Uuid,
    insured_name: String,
    number: String,
    line: LineWord,
    line_label: String,
    expires_on: NaiveDate,
    /// The day on which its cancellation takes effect, where one is ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_on: Option<NaiveDate>,
}

/// What the home page counts.
#[derive(Serialize, ToSchema)]
pub(crate) struct HomeCounts {
    insureds: i64,
    policies_in_force: i64,
    certificates_30_days: i64,
}

/// The home page.
#[derive(Serialize, ToSchema)]
pub(crate) struct Home {
    /// Policies in force that end within 30 days, by cancellation or by a term that no bound one renews, the next
    /// first; at most 50.
    expiring: Vec<ExpiringPolicy>,
    /// The last ten certificates.
    recent_certificates: Vec<CertificateRowView>,
    /// How many requests of others wait for a second person; absent when the caller may not decide them.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_approvals: Option<i64>,
    /// How much mail was given up; absent when the caller may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_jobs: Option<u64>,
    counts: HomeCounts,
}

/// Shows what ends soon, what was sent and what failed.
#[utoipa::path(tag = "agency", responses((status = 200, body = Home), Problems))]
#[get("/v1/home")]
pub(crate) async fn get_home(caller: Caller) -> Result<web::Json<Home>, Problem> {
    let now = caller.now();
    let home = caller
        .read(async |desk| {
            let agency = agencies::find::<ViewAgency>(desk.tx, desk.actor).await?;
            let zone = agency.profile.zone;
            let scope = desk.actor.scope::<ListInsureds>()?;
            let (counts, expiring) = insureds::home(desk.tx, &scope, zone.day(now), now).await?;
            let recent = match desk.actor.scope::<ListCertificates>() {
                Ok(scope) => {
                    let page = PageRequest {
                        limit: 10,
                        after: None,
                    };
                    certificates::list(desk.tx, &scope, &CertificateFilter::default(), &page)
                        .await?
                        .rows
                }
                Err(_) => Vec::new(),
            };
            let waiting_approvals = match desk.actor.scope::<DecideApprovals>() {
                Ok(scope) => Some(approvals::count_waiting(desk.tx, &scope, desk.actor.by().id).await?),
                Err(_) => None,
            };
            let failed_jobs = match agencies::find::<RetryMail>(desk.tx, desk.actor).await {
                Ok(permit) => Some(jobs::count_buried(desk.tx, &permit).await?),
                Err(_) => None,
            };
            let expiring = expiring
                .into_iter()
                .map(|row| {
                    let line: Line = row.line.parse().map_err(Problem::internal)?;
                    Ok(ExpiringPolicy {
                        policy_id: row.policy_id,
                        insured_id: row.insured_id,
                        insured_name: row.insured_name,
                        number: row.number,
                        line: line.into(),
                        line_label: line.label().to_owned(),
                        expires_on: row.expires_on,
                        cancelled_on: row.cancelled_on,
                    })
                })
                .collect::<Result<_, Problem>>()?;
            Ok(Home {
                expiring,
                recent_certificates: recent
                    .into_iter()
                    .map(|row| CertificateRowView::of(row, desk.actor))
                    .collect::<Result<_, _>>()?,
                waiting_approvals,
                failed_jobs,
                counts: HomeCounts {
                    insureds: counts.insureds,
                    policies_in_force: counts.policies_in_force,
                    certificates_30_days: counts.certificates_30_days,
                },
            })
        })
        .await?;
    Ok(web::Json(home))
}
