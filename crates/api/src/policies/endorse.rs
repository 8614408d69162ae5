//! Adding, changing and removing the forms on a policy. The policy's version covers them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, post, put, web};
use countersign_domain::authz::rules::EditPolicy;
use countersign_domain::ids::{EndorsementId, PolicyId};
use countersign_domain::imports::values;
use countersign_domain::policies::Endorsement;
use countersign_domain::policies::endorse::{EndorseError, add, change, remove};
use countersign_domain::policies::endorsement::{Effect, Scope};
use countersign_domain::text::NonBlank;
use countersign_persistence::policies;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{PolicyRecordView, view};
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::insureds::{EffectWord, ScopeWord};
use crate::problem::{Problem, ProblemType, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::NaiveDate;

/// A form on a policy, as staff write it down. Numbers of the rating bureaus are set as the importer sets them.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndorsementBody {
    #[schema(example = "CG 20 10")]
    form_number: String,
    /// Month and year of two digits each.
    #[schema(example = "04 13")]
    edition: String,
    title: String,
    effect: EffectWord,
    scope: ScopeWord,
    /// The parties on its schedule; for `scheduled`, and only for it.
    #[serde(default)]
    scheduled_parties: Vec<String>,
    /// From 1 to 365; for `notice_of_cancellation`, and only for it.
    notice_days: Option<u16>,
    /// First day on which it stands; left out: the first day of the term.
    effective_on: Option<NaiveDate>,
    /// Day on which it was taken off in mid-term: no mark stands on it from this day on.
    ends_on: Option<NaiveDate>,
}

impl EndorsementBody {
    fn parse(&self, id: EndorsementId) -> Result<Endorsement, Problem> {
        let mut faults = Faults::default();
        let number = faults.value(
            "/form_number",
            "not_a_form_number",
            values::form_number(&self.form_number),
        );
        let edition = faults.value("/edition", "not_an_edition", values::edition(self.edition.trim()));
        let title = faults.text("/title", &self.title, NonBlank::parse);
        let mut parties = Vec::new();
        for (place, party) in self.scheduled_parties.iter().enumerate() {
            parties.extend(faults.text(&format!("/scheduled_parties/{place}"), party, NonBlank::parse));
        }
        let scope = faults.value(
            "/scheduled_parties",
            "schedule_and_parties",
            Scope::of(self.scope.into(), parties),
        );
        if self.notice_days.is_some_and(|days| !(1..=365).contains(&days)) {
            faults.add("/notice_days", "not_days", "must be from 1 to 365 days");
        }
        let effect = faults.value(
            "/notice_days",
            "notice_and_days",
            Effect::of(self.effect.into(), self.notice_days),
        );
        let form = (|| {
            Some(Endorsement {
                id,
                form_number: number?,
                edition: edition?,
                title: title?,
                effect: effect?,
                scope: scope?,
                effective_on: self.effective_on,
                ends_on: self.ends_on,
                file: None,
            })
        })();
        faults.finish(form)
    }
}

/// Adds a form to a policy. Needs `If-Match` with the policy's version.
#[utoipa::path(tag = "policies", params(IfMatch, IdempotencyKey, ("policy" = Uuid, Path, description = "The policy's id")),
    request_body = EndorsementBody, responses((status = 201, body = PolicyRecordView), Problems))]
#[post("/v1/policies/{policy}/endorsements")]
pub(crate) async fn add_endorsement(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<EndorsementBody>,
) -> Result<HttpResponse, Problem> {
    let policy = PolicyId::from_uuid(path.into_inner());
    let id = EndorsementId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = policies::lock::<EditPolicy>(desk.tx, desk.actor, policy).await?;
            version.check(permit.version)?;
            let endorsed = add(permit, body.parse(id)?, now)?;
            policies::record_endorsed(desk.tx, &endorsed).await?;
            view(&mut desk, policy, now).await
        })
        .await
}

/// Changes a form on a policy; with an end it is taken off in mid-term. Needs `If-Match` with the policy's version.
#[utoipa::path(tag = "policies", params(IfMatch, ("policy" = Uuid, Path, description = "The policy's id"),
    ("endorsement" = Uuid, Path, description = "The endorsement's id")),
    request_body = EndorsementBody, responses((status = 200, body = PolicyRecordView), Problems))]
#[put("/v1/policies/{policy}/endorsements/{endorsement}")]
pub(crate) async fn edit_endorsement(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
    version: IfMatch,
    body: web::Json<EndorsementBody>,
) -> Result<HttpResponse, Problem> {
    let (policy, endorsement) = path.into_inner();
    let policy = PolicyId::from_uuid(policy);
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = policies::lock::<EditPolicy>(desk.tx, desk.actor, policy).await?;
            version.check(permit.version)?;
            let form = body.parse(EndorsementId::from_uuid(endorsement))?;
            let endorsed = change(permit, form, now)?;
            policies::record_endorsed(desk.tx, &endorsed).await?;
            view(&mut desk, policy, now).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

/// Removes a form that was never on the policy. One that was gets an end instead; one that a master certificate
/// links stays. Needs `If-Match` with the policy's version.
#[utoipa::path(tag = "policies", params(IfMatch, ("policy" = Uuid, Path, description = "The policy's id"),
    ("endorsement" = Uuid, Path, description = "The endorsement's id")),
    responses((status = 200, body = PolicyRecordView), Problems))]
#[delete("/v1/policies/{policy}/endorsements/{endorsement}")]
pub(crate) async fn remove_endorsement(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (policy, endorsement) = path.into_inner();
    let policy = PolicyId::from_uuid(policy);
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = policies::lock::<EditPolicy>(desk.tx, desk.actor, policy).await?;
            version.check(permit.version)?;
            let endorsed = remove(permit, EndorsementId::from_uuid(endorsement), now)?;
            policies::record_endorsed(desk.tx, &endorsed).await?;
            view(&mut desk, policy, now).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

impl From<EndorseError> for Problem {
    fn from(error: EndorseError) -> Self {
        let (pointer, code) = match error {
            EndorseError::NoSuchForm => return Self::new(ProblemType::NotFound),
            EndorseError::EffectNotOnLine(_) => ("/effect", "not_on_this_line"),
            EndorseError::NumberNotOnLine(_) => ("/form_number", "not_on_this_line"),
            EndorseError::BeginsOutsideTerm => ("/effective_on", "outside_term"),
            EndorseError::EndsOutsideTerm => ("/ends_on", "outside_term"),
            EndorseError::EndsBeforeItBegins => ("/ends_on", "before_start"),
        };
        Self::field(pointer, code, error)
    }
}
