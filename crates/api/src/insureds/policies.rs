//! An insured's policies, as they are.

use actix_web::{get, web};
use countersign_domain::authz::rules::ViewPolicies;
use countersign_domain::certificates::payload::hex;
use countersign_domain::ids::InsuredId;
use countersign_domain::money::Cents;
use countersign_domain::policies::coverage::{
    AggregatePer, AutoLimit, Coverage, ExcessKind, Excluded, ExtraBoxes, Retention, Trigger,
};
use countersign_domain::policies::endorsement::Endorsement;
use countersign_domain::policies::words::{Effect, IssuingAuthority, Scope};
use countersign_domain::policies::{Carrier, EndorsementFile, Policy, Status, Vehicle};
use countersign_persistence::{agencies, insureds, policies};
use serde::{Deserialize, Serialize};
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

wire_enum! {
    /// Who may issue certificates for a surplus lines policy.
    AuthorityWord for IssuingAuthority {
        NotKnown = "not_known",
        Agency = "agency",
        Wholesaler = "wholesaler",
    }
}

/// What the general aggregate applies to.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AggregateWord {
    Policy,
    Project,
    Location,
    Other,
}

impl AggregateWord {
    /// The word, and what else it is.
    pub(crate) fn of(per: &AggregatePer) -> (Self, Option<String>) {
        match per {
            AggregatePer::Policy => (Self::Policy, None),
            AggregatePer::Project => (Self::Project, None),
            AggregatePer::Location => (Self::Location, None),
            AggregatePer::Other(text) => (Self::Other, Some(text.to_string())),
        }
    }
}

/// A deductible or a self-insured retention.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RetentionWord {
    None,
    Deductible,
    Retention,
}

impl RetentionWord {
    /// The word, and how much it is.
    pub(crate) const fn of(retention: Retention) -> (Self, Option<Cents>) {
        match retention {
            Retention::None => (Self::None, None),
            Retention::Deductible(amount) => (Self::Deductible, Some(amount)),
            Retention::Retention(amount) => (Self::Retention, Some(amount)),
        }
    }
}

/// Whether owners, partners or officers are excluded.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExcludedWord {
    Yes,
    No,
    NotApplicable,
}

impl ExcludedWord {
    /// The word, and who is excluded.
    pub(crate) fn of(excluded: &Excluded) -> (Self, Option<String>) {
        match excluded {
            Excluded::Yes(who) => (Self::Yes, Some(who.to_string())),
            Excluded::No => (Self::No, None),
            Excluded::NotApplicable => (Self::NotApplicable, None),
        }
    }
}

/// A limit with its label, in the order of the page.
#[derive(Serialize, ToSchema)]
pub(crate) struct LimitView {
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

/// Every limit of what a policy covers.
pub(crate) fn limits_of(coverage: &Coverage) -> Vec<LimitView> {
    let limits = coverage.limits().into_iter().map(|limit| LimitView {
        label: limit.label,
        amount: limit.amount.map(money),
    });
    limits.collect()
}

fn money(amount: Cents) -> Money {
    amount.into()
}

fn words_of(boxes: &ExtraBoxes) -> Vec<String> {
    boxes.iter().map(ToString::to_string).collect()
}

impl From<&Coverage> for CoverageView {
    fn from(coverage: &Coverage) -> Self {
        let limits = limits_of(coverage);
        match coverage {
            Coverage::GeneralLiability(gl) => {
                let (aggregate_per, aggregate_other) = AggregateWord::of(&gl.aggregate_per);
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
                let (retention, amount) = RetentionWord::of(excess.retention);
                Self::UmbrellaExcess {
                    kind: excess.kind.into(),
                    trigger: excess.trigger.into(),
                    retention,
                    retention_amount: amount.map(money),
                    limits,
                }
            }
            Coverage::WorkersCompensation(wc) => {
                let (excluded, excluded_who) = ExcludedWord::of(&wc.excluded);
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
    /// First day on which it stands; absent for the first day of the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_on: Option<NaiveDate>,
    /// Day on which it was taken off in mid-term.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_on: Option<NaiveDate>,
    /// Whether its own days let it stand behind a mark today.
    stands: bool,
    /// The endorsement itself as a PDF, where somebody attached it.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<FileView>,
}

/// A file that is kept with a form.
#[derive(Serialize, ToSchema)]
#[schema(as = EndorsementFile)]
struct FileView {
    /// What it was called when it was uploaded.
    #[schema(example = "CG 20 10 04 13.pdf")]
    name: String,
    size_bytes: u64,
    /// SHA-256 of its bytes, hexadecimal.
    sha256: String,
}

impl From<&EndorsementFile> for FileView {
    fn from(file: &EndorsementFile) -> Self {
        Self {
            name: file.name.to_string(),
            size_bytes: file.size_bytes,
            sha256: hex(&file.sha256),
        }
    }
}

impl EndorsementView {
    fn of(form: &Endorsement, today: NaiveDate) -> Self {
        Self {
            id: form.id.uuid(),
            form_number: form.form_number.to_string(),
            edition: form.edition.to_string(),
            title: form.title.to_string(),
            effect: form.effect.word().into(),
            scope: form.scope.word().into(),
            scheduled_parties: form.scope.parties().iter().map(ToString::to_string).collect(),
            notice_days: form.effect.notice_days(),
            effective_on: form.effective_on,
            ends_on: form.ends_on,
            stands: form.stands_on(today),
            file: form.file.as_ref().map(FileView::from),
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
#[schema(as = Carrier)]
pub(crate) struct CarrierView {
    id: Uuid,
    name: String,
    naic: String,
}

impl From<&Carrier> for CarrierView {
    fn from(carrier: &Carrier) -> Self {
        Self {
            id: carrier.id.uuid(),
            name: carrier.name.to_string(),
            naic: carrier.naic.to_string(),
        }
    }
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
    /// For a surplus lines policy, who may issue certificates; absent for a policy of an admitted insurer.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuing_authority: Option<AuthorityWord>,
    /// The wholesaler that alone issues.
    #[serde(skip_serializing_if = "Option::is_none")]
    wholesaler: Option<String>,
    coverage: CoverageView,
    endorsements: Vec<EndorsementView>,
    vehicles: Vec<VehicleView>,
}

impl PolicyView {
    pub(crate) fn of(policy: &Policy, today: NaiveDate) -> Self {
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
            carrier: CarrierView::from(&policy.carrier),
            effective_on: policy.effective_on,
            expires_on: policy.expires_on,
            status: policy.status.word().into(),
            state: policy.standing(today).into(),
            cancelled_on: policy.status.cancelled_on(),
            cancel_reason,
            named_insured: policy.named_insured.to_string(),
            issuing_authority: policy.market.word().map(Into::into),
            wholesaler: policy.market.wholesaler().map(ToString::to_string),
            coverage: CoverageView::from(&policy.coverage),
            endorsements: policy
                .endorsements
                .iter()
                .map(|form| EndorsementView::of(form, today))
                .collect(),
            vehicles: policy.vehicles.iter().map(VehicleView::from).collect(),
        }
    }
}

/// An insured's policies.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyList {
    data: Vec<PolicyView>,
}

/// Lists an insured's policies, the newest term first.
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
        .read(async |desk| {
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
