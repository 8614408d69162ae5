//! An insured's policies, as they are.

use actix_web::{get, web};
use countersign_domain::authz::rules::ViewPolicies;
use countersign_domain::ids::InsuredId;
use countersign_domain::money::Cents;
use countersign_domain::policies::coverage::{
    AggregatePer, AutoLimit, Coverage, ExcessKind, Excluded, ExtraBoxes, Retention, Trigger,
};
use countersign_domain::policies::endorsement::Endorsement;
use countersign_domain::policies::words::{Effect, Scope};
use countersign_domain::policies::{Policy, Status, Vehicle};
use countersign_persistence::{agencies, insureds, policies};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::wire::{LineWord, Money, NaiveDate, PolicyState, PolicyStatus, wire_enum};

wire_enum! {
    /// Claims-made or occurrence.
    TriggerWord for Trigger { Occurrence = "occurrence", ClaimsMade = "claims_made", }
}

wire_enum! {
    /// Umbrella or excess.
    ExcessKindWord for ExcessKind { Umbrella = "umbrella", Excess = "excess", }
}

wire_enum! {
    /// What a form does to the policy.
    EffectWord for Effect {
        AdditionalInsuredOngoing = "additional_insured_ongoing",
        AdditionalInsuredCompleted = "additional_insured_completed",
        AdditionalInsuredPremises = "additional_insured_premises",
        AdditionalInsuredLessor = "additional_insured_lessor",
        AdditionalInsuredVendor = "additional_insured_vendor",
        AdditionalInsuredDesignated = "additional_insured_designated",
        PrimaryNoncontributory = "primary_noncontributory",
        Waiver = "waiver",
        NoticeOfCancellation = "notice_of_cancellation",
        PerProjectAggregate = "per_project_aggregate",
        PerLocationAggregate = "per_location_aggregate",
        LossPayable = "loss_payable",
        Exclusion = "exclusion",
    }
}

wire_enum! {
    /// Whom a form reaches.
    ScopeWord for Scope {
        Scheduled = "scheduled",
        Blanket = "blanket",
        WhenRequiredByContract = "when_required_by_contract",
    }
}

/// What the general aggregate applies to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AggregateWord {
    Policy,
    Project,
    Location,
    Other,
}

/// A deductible or a self-insured retention.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RetentionWord {
    None,
    Deductible,
    Retention,
}

/// Whether owners, partners or officers are excluded.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExcludedWord {
    Yes,
    No,
    NotApplicable,
}

/// A limit with its label, in the order of the page.
#[derive(Serialize, ToSchema)]
struct LimitView {
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
}

/// What a policy covers, by line; `limits` repeats every limit with its label.
#[derive(Serialize, ToSchema)]
#[serde(tag = "line", rename_all = "snake_case")]
#[schema(as = Coverage)]
enum CoverageView {
    GeneralLiability {
        trigger: TriggerWord,
        aggregate_per: AggregateWord,
        /// What the aggregate applies to, where it is `other`.
        #[serde(skip_serializing_if = "Option::is_none")]
        aggregate_other: Option<String>,
        /// Further boxes that are crossed, in words.
        extra_boxes: Vec<String>,
        limits: Vec<LimitView>,
    },
    CommercialAuto {
        any: bool,
        owned: bool,
        scheduled: bool,
        hired: bool,
        non_owned: bool,
        /// Combined single limit rather than split ones.
        combined_single_limit: bool,
        /// Further boxes that are crossed, in words.
        extra_boxes: Vec<String>,
        limits: Vec<LimitView>,
    },
    UmbrellaExcess {
        kind: ExcessKindWord,
        trigger: TriggerWord,
        retention: RetentionWord,
        #[serde(skip_serializing_if = "Option::is_none")]
        retention_amount: Option<Money>,
        limits: Vec<LimitView>,
    },
    WorkersCompensation {
        per_statute: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        other_basis: Option<String>,
        excluded: ExcludedWord,
        /// Who is excluded.
        #[serde(skip_serializing_if = "Option::is_none")]
        excluded_who: Option<String>,
        limits: Vec<LimitView>,
    },
    Other {
        description: String,
        limits: Vec<LimitView>,
    },
}

fn money(amount: Cents) -> Money {
    amount.into()
}

fn words_of(boxes: &ExtraBoxes) -> Vec<String> {
    boxes.iter().map(ToString::to_string).collect()
}

impl From<&Coverage> for CoverageView {
    fn from(coverage: &Coverage) -> Self {
        let limits = coverage
            .limits()
            .into_iter()
            .map(|limit| LimitView {
                label: limit.label,
                amount: limit.amount.map(money),
            })
            .collect();
        match coverage {
            Coverage::GeneralLiability(gl) => {
                let (aggregate_per, aggregate_other) = match &gl.aggregate_per {
                    AggregatePer::Policy => (AggregateWord::Policy, None),
                    AggregatePer::Project => (AggregateWord::Project, None),
                    AggregatePer::Location => (AggregateWord::Location, None),
                    AggregatePer::Other(text) => (AggregateWord::Other, Some(text.to_string())),
                };
                Self::GeneralLiability {
                    trigger: gl.trigger.into(),
                    aggregate_per,
                    aggregate_other,
                    extra_boxes: words_of(&gl.extra_boxes),
                    limits,
                }
            }
            Coverage::CommercialAuto(auto) => Self::CommercialAuto {
                any: auto.covered_autos.any,
                owned: auto.covered_autos.owned,
                scheduled: auto.covered_autos.scheduled,
                hired: auto.covered_autos.hired,
                non_owned: auto.covered_autos.non_owned,
                combined_single_limit: matches!(auto.limit, AutoLimit::CombinedSingle { .. }),
                extra_boxes: words_of(&auto.extra_boxes),
                limits,
            },
            Coverage::UmbrellaExcess(excess) => {
                let (retention, retention_amount) = match excess.retention {
                    Retention::None => (RetentionWord::None, None),
                    Retention::Deductible(amount) => (RetentionWord::Deductible, Some(money(amount))),
                    Retention::Retention(amount) => (RetentionWord::Retention, Some(money(amount))),
                };
                Self::UmbrellaExcess {
                    kind: excess.kind.into(),
                    trigger: excess.trigger.into(),
                    retention,
                    retention_amount,
                    limits,
                }
            }
            Coverage::WorkersCompensation(wc) => {
                let (excluded, excluded_who) = match &wc.excluded {
                    Excluded::Yes(who) => (ExcludedWord::Yes, Some(who.to_string())),
                    Excluded::No => (ExcludedWord::No, None),
                    Excluded::NotApplicable => (ExcludedWord::NotApplicable, None),
                };
                Self::WorkersCompensation {
                    per_statute: wc.basis.per_statute(),
                    other_basis: wc.basis.other().map(ToString::to_string),
                    excluded,
                    excluded_who,
                    limits,
                }
            }
            Coverage::Other(other) => Self::Other {
                description: other.description.to_string(),
                limits,
            },
        }
    }
}

/// A form attached to a policy.
#[derive(Serialize, ToSchema)]
#[schema(as = Endorsement)]
struct EndorsementView {
    id: Uuid,
    #[schema(example = "CG 20 10")]
    form_number: String,
    #[schema(example = "04 13")]
    edition: String,
    title: String,
    effect: EffectWord,
    scope: ScopeWord,
    /// The parties on its schedule.
    scheduled_parties: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice_days: Option<u16>,
}

impl From<&Endorsement> for EndorsementView {
    fn from(form: &Endorsement) -> Self {
        Self {
            id: form.id.uuid(),
            form_number: form.form_number.to_string(),
            edition: form.edition.to_string(),
            title: form.title.to_string(),
            effect: form.effect.word().into(),
            scope: form.scope.word().into(),
            scheduled_parties: form.scope.parties().iter().map(ToString::to_string).collect(),
            notice_days: form.effect.notice_days(),
        }
    }
}

/// A vehicle on a policy.
#[derive(Serialize, ToSchema)]
#[schema(as = Vehicle)]
struct VehicleView {
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    make: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    vin: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    garaging_state: Option<String>,
}

impl From<&Vehicle> for VehicleView {
    fn from(vehicle: &Vehicle) -> Self {
        Self {
            id: vehicle.id.uuid(),
            year: vehicle.year,
            make: vehicle.make.as_ref().map(ToString::to_string),
            model: vehicle.model.as_ref().map(ToString::to_string),
            vin: vehicle.vin.to_string(),
            garaging_state: vehicle.garaging_state.as_ref().map(ToString::to_string),
        }
    }
}

/// The insurer of a policy.
#[derive(Serialize, ToSchema)]
struct CarrierView {
    id: Uuid,
    name: String,
    naic: String,
}

/// A policy.
#[derive(Serialize, ToSchema)]
#[schema(as = Policy)]
pub(crate) struct PolicyView {
    id: Uuid,
    number: String,
    line: LineWord,
    line_label: String,
    carrier: CarrierView,
    effective_on: NaiveDate,
    /// The term ends at 12:01 a.m. of this day.
    expires_on: NaiveDate,
    status: PolicyStatus,
    /// What the policy is worth today.
    state: PolicyState,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_reason: Option<String>,
    /// The named insured as on the declarations.
    named_insured: String,
    coverage: CoverageView,
    endorsements: Vec<EndorsementView>,
    vehicles: Vec<VehicleView>,
}

impl PolicyView {
    fn of(policy: &Policy, today: NaiveDate) -> Self {
        let cancel_reason = match &policy.status {
            Status::Cancelled { reason, .. } => reason.as_ref().map(ToString::to_string),
            _ => None,
        };
        let line_label = match &policy.coverage {
            Coverage::Other(other) => other.description.to_string(),
            _ => policy.line().label().to_owned(),
        };
        Self {
            id: policy.id.uuid(),
            number: policy.number.to_string(),
            line: policy.line().into(),
            line_label,
            carrier: CarrierView {
                id: policy.carrier.id.uuid(),
                name: policy.carrier.name.to_string(),
                naic: policy.carrier.naic.to_string(),
            },
            effective_on: policy.effective_on,
            expires_on: policy.expires_on,
            status: policy.status.word().into(),
            state: policy.standing(today).into(),
            cancelled_on: policy.status.cancelled_on(),
            cancel_reason,
            named_insured: policy.named_insured.to_string(),
            coverage: CoverageView::from(&policy.coverage),
            endorsements: policy.endorsements.iter().map(EndorsementView::from).collect(),
            vehicles: policy.vehicles.iter().map(VehicleView::from).collect(),
        }
    }
}

/// An insured's policies.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyList {
    data: Vec<PolicyView>,
}

/// Lists an insured's policies, the newest term first. Read-only for everybody.
#[utoipa::path(tag = "insureds", params(("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = PolicyList), Problems))]
#[get("/v1/insureds/{insured}/policies")]
pub(crate) async fn list_policies(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<web::Json<PolicyList>, Problem> {
    let id = InsuredId::from_uuid(path.into_inner());
    let now = caller.now();
    let list = caller
        .transaction(async |desk| {
            let permit = insureds::find::<ViewPolicies>(desk.tx, desk.actor, id).await?;
            let today = agencies::card(desk.tx).await?.profile.zone.day(now);
            let found = policies::list(desk.tx, &permit).await?;
            Ok(PolicyList {
                data: found.iter().map(|policy| PolicyView::of(policy, today)).collect(),
            })
        })
        .await?;
    Ok(web::Json(list))
}
