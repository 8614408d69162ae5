//! The portal's home page: am I covered, and what happened last.

use actix_web::{get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{ListCertificates, ViewPolicies, ViewPortalHome};
use countersign_domain::policies::coverage::Coverage;
use countersign_domain::policies::{Policy, Standing};
use countersign_persistence::certificates::CertificateFilter;
use countersign_persistence::{PageRequest, agencies, certificates, insureds, policies};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::certificates::CertificateRowView;
use crate::context::Caller;
use crate::problem::{Problem, ProblemType, Problems};
use crate::session::AgencyCard;
use crate::wire::{LineWord, NaiveDate, PolicyState};

/// A policy in one sentence's worth of facts.
#[derive(Serialize, ToSchema)]
pub(crate) struct PortalPolicy {
    id: Uuid,
    line: LineWord,
    line_label: String,
    carrier_name: String,
    number: String,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    state: PolicyState,
    /// The day on which a cancellation takes effect, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_on: Option<NaiveDate>,
}

/// The insured whose portal this is.
#[derive(Serialize, ToSchema)]
pub(crate) struct PortalInsured {
    id: Uuid,
    name: String,
}

/// The portal's home page.
#[derive(Serialize, ToSchema)]
pub(crate) struct PortalHome {
    insured: PortalInsured,
    agency: AgencyCard,
    /// Policies in force and upcoming; absent without the right to see policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    policies: Option<Vec<PortalPolicy>>,
    /// The last five certificates; empty without a right to see them.
    recent_certificates: Vec<CertificateRowView>,
}

fn portal_policy(policy: &Policy, today: NaiveDate) -> PortalPolicy {
    PortalPolicy {
        id: policy.id.uuid(),
        line: policy.line().into(),
        line_label: match &policy.coverage {
            Coverage::Other(other) => other.description.to_string(),
            _ => policy.line().label().to_owned(),
        },
        carrier_name: policy.carrier.name.to_string(),
        number: policy.number.to_string(),
        effective_on: policy.effective_on,
        expires_on: policy.expires_on,
        state: policy.standing(today).into(),
        cancelled_on: policy.status.cancelled_on(),
    }
}

/// Shows the portal's home page: cover and the last certificates, each only if granted.
#[utoipa::path(tag = "portal", responses((status = 200, body = PortalHome), Problems))]
#[get("/v1/portal/home")]
pub(crate) async fn get_portal_home(caller: Caller) -> Result<web::Json<PortalHome>, Problem> {
    let now = caller.now();
    let home = caller
        .read(async |desk| {
            let Actor::Portal(portal) = desk.actor else {
                return Err(Problem::new(ProblemType::Forbidden).detail("This is the insureds' own page."));
            };
            let own = portal.insured;
            let permit = insureds::find::<ViewPortalHome>(desk.tx, desk.actor, own).await?;
            let agency = agencies::card(desk.tx).await?;
            let zone = agency.profile.zone;
            let today = zone.day(now);
            let policies = match insureds::find::<ViewPolicies>(desk.tx, desk.actor, own).await {
                Ok(permit) => Some(
                    policies::list(desk.tx, &permit)
                        .await?
                        .iter()
                        .filter(|p| matches!(p.standing(today), Standing::InForce | Standing::Upcoming))
                        .map(|policy| portal_policy(policy, today))
                        .collect(),
                ),
                Err(_) => None,
            };
            let recent = match desk.actor.scope::<ListCertificates>() {
                Ok(scope) => {
                    let page = PageRequest {
                        limit: 5,
                        after: None,
                    };
                    certificates::list(desk.tx, &scope, &CertificateFilter::default(), &page)
                        .await?
                        .rows
                }
                Err(_) => Vec::new(),
            };
            Ok(PortalHome {
                insured: PortalInsured {
                    id: own.uuid(),
                    name: permit.profile.name.to_string(),
                },
                agency: AgencyCard::from(&agency),
                policies,
                recent_certificates: recent
                    .into_iter()
                    .map(|row| CertificateRowView::of(row, desk.actor))
                    .collect::<Result<_, _>>()?,
            })
        })
        .await?;
    Ok(web::Json(home))
}
