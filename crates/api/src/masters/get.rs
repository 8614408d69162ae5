//! A master certificate.

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{EditMaster, ViewMaster};
use countersign_domain::certificates::follow::{self, Succession};
use countersign_domain::certificates::master::{self, Master, MasterLine, MasterStanding};
use countersign_domain::ids::{EndorsementId, MasterId, PolicyId};
use countersign_domain::policies::{Line, Policy};
use countersign_persistence::{agencies, masters};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::{Caller, Desk};
use crate::problem::{Problem, Problems};
use crate::version::with_version;
use crate::wire::{DateTime, LineWord, NaiveDate, PolicyState, Utc, wire_enum};

wire_enum! {
    /// How a master stands: `expiring` when a policy or the master itself ends within 30 days, `expired` when
    /// nothing can be sent from it, because one of them has ended, is not in force or is gone.
    MasterState for MasterStanding { Current = "current", Expiring = "expiring", Upcoming = "upcoming", Expired = "expired", }
}

/// A section's policy and the forms behind its marks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MasterLine)]
pub(crate) struct MasterLineBody {
    policy_id: Uuid,
    /// The endorsement behind ADDL INSD; workers compensation has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_insured: Option<Uuid>,
    /// The endorsement behind SUBR WVD.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<Uuid>,
}

impl From<&MasterLine> for MasterLineBody {
    fn from(line: &MasterLine) -> Self {
        Self {
            policy_id: line.policy.uuid(),
            additional_insured: line.additional_insured.map(EndorsementId::uuid),
            waiver: line.waiver.map(EndorsementId::uuid),
        }
    }
}

impl From<&MasterLineBody> for MasterLine {
    fn from(line: &MasterLineBody) -> Self {
        Self {
            policy: PolicyId::from_uuid(line.policy_id),
            additional_insured: line.additional_insured.map(EndorsementId::from_uuid),
            waiver: line.waiver.map(EndorsementId::from_uuid),
        }
    }
}

/// The sections of the page.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MasterSections {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) general_liability: Option<MasterLineBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) commercial_auto: Option<MasterLineBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) umbrella_excess: Option<MasterLineBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) workers_compensation: Option<MasterLineBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) other: Option<MasterLineBody>,
}

/// A policy that a master selects.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MasterPolicy {
    line: LineWord,
    policy_id: Uuid,
    number: String,
    carrier_name: String,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    state: PolicyState,
}

impl MasterPolicy {
    pub(super) fn of(policy: &Policy, today: NaiveDate) -> Self {
        Self {
            line: policy.line().into(),
            policy_id: policy.id.uuid(),
            number: policy.number.to_string(),
            carrier_name: policy.carrier.name.to_string(),
            effective_on: policy.effective_on,
            expires_on: policy.expires_on,
            state: policy.standing(today).into(),
        }
    }
}

/// A master certificate.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Master)]
pub(crate) struct MasterView {
    id: Uuid,
    pub(super) version: i32,
    insured_id: Uuid,
    name: String,
    sections: MasterSections,
    description: String,
    authorized_representative: String,
    portal_usable: bool,
    include_in_renewals: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<NaiveDate>,
    state: MasterState,
    /// The first day without cover among its policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest_expiration_on: Option<NaiveDate>,
    policies: Vec<MasterPolicy>,
    /// Sections whose policies have a new term to follow into, for whoever may change the master.
    new_term_lines: Vec<LineWord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<DateTime<Utc>>,
    /// What the caller may do: `edit`.
    may: Vec<&'static str>,
}

impl MasterView {
    /// `all` are the insured's policies and `successions` which renews which.
    pub(super) fn of(
        master: &Master,
        all: &[Policy],
        successions: &[Succession],
        today: NaiveDate,
        actor: &Actor,
    ) -> Self {
        let selection = &master.selection;
        let may_edit = actor.may::<EditMaster>(master);
        let policies: Vec<Policy> = selection
            .lines
            .values()
            .filter_map(|line| all.iter().find(|policy| policy.id == line.policy))
            .cloned()
            .collect();
        let policies = policies.as_slice();
        let new_terms: Vec<Line> = follow::steps(selection, all, successions, today)
            .into_iter()
            .map(|step| step.line)
            .collect();
        let section = |line: Line| selection.lines.get(&line).map(MasterLineBody::from);
        Self {
            id: master.id.uuid(),
            version: master.version,
            insured_id: master.insured.uuid(),
            name: selection.name.to_string(),
            sections: MasterSections {
                general_liability: section(Line::GeneralLiability),
                commercial_auto: section(Line::CommercialAuto),
                umbrella_excess: section(Line::UmbrellaExcess),
                workers_compensation: section(Line::WorkersCompensation),
                other: section(Line::Other),
            },
            description: selection.description.clone(),
            authorized_representative: selection.authorized_representative.to_string(),
            portal_usable: selection.portal_usable,
            include_in_renewals: selection.include_in_renewals,
            valid_from: selection.valid_from,
            valid_until: selection.valid_until,
            state: master::standing(selection, policies, today).into(),
            earliest_expiration_on: master::ends_on(selection, policies),
            policies: policies
                .iter()
                .map(|policy| MasterPolicy::of(policy, today))
                .collect(),
            // Whoever may not change the master can do nothing about it.
            new_term_lines: if may_edit {
                new_terms.iter().map(|line| LineWord::from(*line)).collect()
            } else {
                Vec::new()
            },
            last_used_at: master.last_used_at,
            may: if may_edit { vec!["edit"] } else { Vec::new() },
        }
    }
}

pub(super) async fn view(
    desk: &mut Desk<'_>,
    id: MasterId,
    now: DateTime<Utc>,
) -> Result<MasterView, Problem> {
    let permit = masters::find::<ViewMaster>(desk.tx, desk.actor, id).await?;
    let (policies, successions) = masters::terms_of(desk.tx, &permit).await?;
    let today = agencies::card(desk.tx).await?.profile.zone.day(now);
    Ok(MasterView::of(
        &permit,
        &policies,
        &successions,
        today,
        desk.actor,
    ))
}

/// Shows a master certificate. The ETag is its version.
#[utoipa::path(tag = "masters", params(("master" = Uuid, Path, description = "The master's id")),
    responses((status = 200, body = MasterView), Problems))]
#[get("/v1/masters/{master}")]
pub(crate) async fn get_master(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = MasterId::from_uuid(path.into_inner());
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| view(&mut desk, id, now).await)
        .await?;
    Ok(with_version(view.version).json(view))
}
