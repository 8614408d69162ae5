//! A master that follows its policies into their new terms: what would change, and the change.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, post, web};
use countersign_domain::authz::rules::EditMaster;
use countersign_domain::certificates::follow::{Change, FollowError, Step, Way, follow, steps};
use countersign_domain::ids::{MasterId, PolicyId};
use countersign_domain::policies::{Line, Policy};
use countersign_persistence::{agencies, masters};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::MasterView;
use super::get::{MasterPolicy, view};
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::{LineWord, NaiveDate, wire_enum};

wire_enum! {
    /// Which way something goes from one term to the next.
    WayWord for Way { Changed = "changed", Up = "up", Down = "down", Gained = "gained", Lost = "lost", }
}

/// One thing that differs between two terms.
#[derive(Serialize, ToSchema)]
#[schema(as = TermChange)]
pub(crate) struct ChangeView {
    /// What it is about, in words.
    label: String,
    /// What the term before says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// What the new term says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    way: WayWord,
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        Self {
            label: change.label,
            before: change.before,
            after: change.after,
            way: change.way.into(),
        }
    }
}

/// A section whose policy has a new term.
#[derive(Serialize, ToSchema)]
#[schema(as = NewTerm)]
pub(crate) struct NewTermView {
    line: LineWord,
    before: MasterPolicy,
    after: MasterPolicy,
    /// Whether the section loses its ADDL INSD mark, because the new term has no such form.
    additional_insured_lost: bool,
    /// Whether the section loses its SUBR WVD mark, because the new term has no such form.
    waiver_lost: bool,
    /// What differs between the two terms.
    changes: Vec<ChangeView>,
}

/// The sections that could follow.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewTerms {
    /// The master's version, to be named when it follows.
    version: i32,
    data: Vec<NewTermView>,
}

fn shown(
    master: &countersign_domain::certificates::master::Master,
    step: Step,
    today: NaiveDate,
) -> NewTermView {
    let section = master.selection.lines.get(&step.line);
    let had = |form: Option<&countersign_domain::ids::EndorsementId>| form.is_some();
    let policy = |policy: &Policy| MasterPolicy::of(policy, today);
    NewTermView {
        line: step.line.into(),
        before: policy(&step.before),
        after: policy(&step.after),
        additional_insured_lost: had(section.and_then(|section| section.additional_insured.as_ref()))
            && step.section.additional_insured.is_none(),
        waiver_lost: had(section.and_then(|section| section.waiver.as_ref()))
            && step.section.waiver.is_none(),
        changes: step.changes.into_iter().map(ChangeView::from).collect(),
    }
}

/// Shows which sections of a master have policies with new terms, and what differs.
#[utoipa::path(tag = "masters", params(("master" = Uuid, Path, description = "The master's id")),
    responses((status = 200, body = NewTerms), Problems))]
#[get("/v1/masters/{master}/new-terms")]
pub(crate) async fn list_new_terms(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = MasterId::from_uuid(path.into_inner());
    let now = caller.now();
    let terms = caller
        .read(async |desk| {
            let permit = masters::find::<EditMaster>(desk.tx, desk.actor, id).await?;
            let today = agencies::card(desk.tx).await?.profile.zone.day(now);
            let (policies, successions) = masters::terms_of(desk.tx, &permit).await?;
            let steps = steps(&permit.selection, &policies, &successions, today);
            Ok(NewTerms {
                version: permit.version,
                data: steps
                    .into_iter()
                    .map(|step| shown(&permit, step, today))
                    .collect(),
            })
        })
        .await?;
    Ok(with_version(terms.version).json(terms))
}

/// A section and the term that it shall follow into.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowSection {
    line: LineWord,
    /// The new term as it was looked at.
    policy_id: Uuid,
}

/// The sections that shall follow.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowBody {
    /// At least one.
    sections: Vec<FollowSection>,
}

/// Moves sections of a master to the new terms of their policies. Needs `If-Match`.
///
/// A mark goes along where the new term has a form of the same number and effect, and is taken off otherwise.
/// Certificates issued from the master keep what they printed.
#[utoipa::path(tag = "masters", params(IfMatch, ("master" = Uuid, Path, description = "The master's id")),
    request_body = FollowBody, responses((status = 200, body = MasterView), Problems))]
#[post("/v1/masters/{master}/new-terms")]
pub(crate) async fn follow_new_terms(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<FollowBody>,
) -> Result<HttpResponse, Problem> {
    let id = MasterId::from_uuid(path.into_inner());
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = masters::lock::<EditMaster>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let today = agencies::card(desk.tx).await?.profile.zone.day(now);
            let (policies, successions) = masters::terms_of(desk.tx, &permit).await?;
            let chosen: BTreeMap<Line, PolicyId> = body
                .sections
                .iter()
                .map(|section| (section.line.into(), PolicyId::from_uuid(section.policy_id)))
                .collect();
            let followed = follow(permit, &chosen, &policies, &successions, today, now)?;
            masters::record_followed(desk.tx, &followed).await?;
            view(&mut desk, id, now).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

impl From<FollowError> for Problem {
    fn from(error: FollowError) -> Self {
        let code = match error {
            FollowError::Nothing => "empty",
            FollowError::NotTheNewTerm(_) => "not_the_new_term",
        };
        Self::field("/sections", code, error)
    }
}
