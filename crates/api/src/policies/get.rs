//! A policy as it is on file.

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{
    EditPolicy, SendCourtesyNotices, ViewPolicy, ViewPolicyHistory, ViewPolicyHolders,
};
use countersign_domain::ids::PolicyId;
use countersign_domain::policies::record::OtherTerm;
use countersign_domain::policies::{PolicyRecord, Terms};
use countersign_persistence::{agencies, policies};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::terms::TermsBody;
use crate::context::{Caller, Desk};
use crate::insureds::PolicyView;
use crate::problem::{Problem, Problems};
use crate::version::with_version;
use crate::wire::{DateTime, NaiveDate, Utc};

/// Another term of the same policy.
#[derive(Serialize, ToSchema)]
#[schema(as = OtherTerm)]
struct OtherTermView {
    id: Uuid,
    number: String,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
}

impl From<&OtherTerm> for OtherTermView {
    fn from(term: &OtherTerm) -> Self {
        Self {
            id: term.id.uuid(),
            number: term.number.to_string(),
            effective_on: term.effective_on,
            expires_on: term.expires_on,
        }
    }
}

/// A policy as it is on file.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyRecord)]
pub(crate) struct PolicyRecordView {
    id: Uuid,
    /// Counts changes of the policy, its forms and its vehicles.
    pub(crate) version: i32,
    insured_id: Uuid,
    policy: PolicyView,
    /// The term that it renews.
    #[serde(skip_serializing_if = "Option::is_none")]
    prior_term: Option<OtherTermView>,
    /// The term that renews it.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_term: Option<OtherTermView>,
    /// What the policy says of itself, in the form in which a change or a renewal takes it.
    terms: TermsBody,
    /// What the caller may do: `edit`, `view_holders`, `view_history`, and on a cancelled policy `send_notices`.
    may: Vec<&'static str>,
}

impl PolicyRecordView {
    fn of(record: &PolicyRecord, today: NaiveDate, actor: &Actor) -> Self {
        let mut may = Vec::new();
        if actor.may::<EditPolicy>(record) {
            may.push("edit");
        }
        if actor.may::<ViewPolicyHolders>(record) {
            may.push("view_holders");
        }
        if actor.may::<ViewPolicyHistory>(record) {
            may.push("view_history");
        }
        if record.policy.status.cancelled_on().is_some() && actor.may::<SendCourtesyNotices>(record) {
            may.push("send_notices");
        }
        Self {
            id: record.policy.id.uuid(),
            version: record.version,
            insured_id: record.policy.insured_id.uuid(),
            policy: PolicyView::of(&record.policy, today),
            prior_term: record.prior.as_ref().map(OtherTermView::from),
            next_term: record.next.as_ref().map(OtherTermView::from),
            terms: TermsBody::from(&Terms::from(&record.policy)),
            may,
        }
    }
}

pub(super) async fn view(
    desk: &mut Desk<'_>,
    id: PolicyId,
    now: DateTime<Utc>,
) -> Result<PolicyRecordView, Problem> {
    let permit = policies::find::<ViewPolicy>(desk.tx, desk.actor, id).await?;
    let today = agencies::card(desk.tx).await?.profile.zone.day(now);
    Ok(PolicyRecordView::of(&permit, today, desk.actor))
}

/// Shows a policy with its forms, its vehicles and the terms beside it. The ETag is its version.
#[utoipa::path(tag = "policies", params(("policy" = Uuid, Path, description = "The policy's id")),
    responses((status = 200, body = PolicyRecordView), Problems))]
#[get("/v1/policies/{policy}")]
pub(crate) async fn get_policy(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = PolicyId::from_uuid(path.into_inner());
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| view(&mut desk, id, now).await)
        .await?;
    Ok(with_version(view.version).json(view))
}
