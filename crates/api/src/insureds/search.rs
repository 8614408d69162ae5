//! One search over insureds, policies, certificates and holders.

use actix_web::{get, web};
use countersign_domain::authz::rules::Search;
use countersign_persistence::{agencies, search};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Part of a name, policy number, certificate number or email.
    q: String,
}

/// What kind of record was found.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HitKind {
    Insured,
    Policy,
    Certificate,
    Holder,
}

/// What matched.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Matched {
    Name,
    Email,
    CustomerNumber,
    PolicyNumber,
    CertificateNumber,
}

/// One thing that was found.
#[derive(Serialize, ToSchema)]
pub(crate) struct SearchHit {
    kind: HitKind,
    id: Uuid,
    /// The profile it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    insured_id: Option<Uuid>,
    title: String,
    subtitle: String,
    matched: Matched,
}

/// What was found, at most 20.
#[derive(Serialize, ToSchema)]
pub(crate) struct SearchHits {
    data: Vec<SearchHit>,
}

/// Searches insureds, policies, certificates and holders.
#[utoipa::path(tag = "insureds", params(SearchQuery), responses((status = 200, body = SearchHits), Problems))]
#[get("/v1/search")]
pub(crate) async fn search_everything(
    caller: Caller,
    query: web::Query<SearchQuery>,
) -> Result<web::Json<SearchHits>, Problem> {
    let text = query.q.trim();
    if text.chars().count() > 200 {
        return Err(Problem::field("/q", "too_long", "must be at most 200 characters"));
    }
    let hits = caller
        .read(async |desk| {
            let permit = agencies::find::<Search>(desk.tx, desk.actor).await?;
            if text.is_empty() {
                return Ok(Vec::new());
            }
            Ok(search::search(desk.tx, &permit, text).await?)
        })
        .await?;
    let data = hits
        .into_iter()
        .map(|hit| {
            let kind = match hit.kind.as_str() {
                "policy" => HitKind::Policy,
                "certificate" => HitKind::Certificate,
                "holder" => HitKind::Holder,
                _ => HitKind::Insured,
            };
            let matched = match hit.matched.as_str() {
                "email" => Matched::Email,
                "customer_number" => Matched::CustomerNumber,
                "policy_number" => Matched::PolicyNumber,
                "certificate_number" => Matched::CertificateNumber,
                _ => Matched::Name,
            };
            SearchHit {
                kind,
                id: hit.id,
                insured_id: hit.insured_id,
                title: hit.title,
                subtitle: hit.subtitle,
                matched,
            }
        })
        .collect();
    Ok(web::Json(SearchHits { data }))
}
