//! What a policy says of itself, as staff write it down and as a change begins with it.

use countersign_domain::money::Cents;
use countersign_domain::policies::coverage::{
    AggregatePer, AutoLimit, Basis, CommercialAuto, Coverage, CoveredAutos, Excluded, ExtraBoxes,
    GeneralLiability, NamedLimit, OtherCoverage, Retention, UmbrellaExcess, UpTo, WorkersCompensation,
};
use countersign_domain::policies::terms::{InsurerChoice, TermsError};
use countersign_domain::policies::words::{IssuingAuthority, Status as StatusOfBooks};
use countersign_domain::policies::{Carrier, Market, Naic, Status, Terms};
use countersign_domain::text::NonBlank;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::faults::Faults;
use crate::insureds::{
    AggregateWord, AuthorityWord, ExcessKindWord, ExcludedWord, RetentionWord, TriggerWord,
};
use crate::problem::Problem;
use crate::wire::{Money, NaiveDate, PolicyStatus};

/// An insurer: the writing company, never the group. One that is not on file yet is added.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InsurerBody {
    /// NAIC company code, which names it.
    #[schema(example = "25674")]
    naic: String,
    /// Legal name; that of the file where the code is on file.
    name: String,
}

/// A limit that the page has no label for.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NamedLimit)]
struct NamedLimitBody {
    label: String,
    amount: Money,
}

/// What a policy covers, by line. A limit that is left out is one that the policy does not have.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = CoverageTerms)]
enum CoverageBody {
    GeneralLiability {
        trigger: TriggerWord,
        aggregate_per: AggregateWord,
        /// What the aggregate applies to; for `other`, and only for it.
        #[serde(skip_serializing_if = "Option::is_none")]
        aggregate_other: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        each_occurrence: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        damage_to_rented_premises: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        medical_expense: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        personal_and_advertising_injury: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        general_aggregate: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        products_completed_operations_aggregate: Option<Money>,
        /// Further boxes that are crossed, in words; two at most.
        extra_boxes: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra_limit: Option<NamedLimitBody>,
    },
    CommercialAuto {
        any: bool,
        owned: bool,
        scheduled: bool,
        hired: bool,
        non_owned: bool,
        /// Combined single limit, each accident. Either this or all three split limits.
        #[serde(skip_serializing_if = "Option::is_none")]
        combined_single_limit: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        bodily_injury_per_person: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        bodily_injury_per_accident: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        property_damage_per_accident: Option<Money>,
        /// Further boxes that are crossed, in words; two at most.
        extra_boxes: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra_limit: Option<NamedLimitBody>,
    },
    UmbrellaExcess {
        kind: ExcessKindWord,
        trigger: TriggerWord,
        retention: RetentionWord,
        /// For `deductible` and `retention`, and only for them.
        #[serde(skip_serializing_if = "Option::is_none")]
        retention_amount: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        each_occurrence: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        aggregate: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        extra_limit: Option<NamedLimitBody>,
    },
    WorkersCompensation {
        /// Limits as the state's statute says. This or `other_basis`, or both.
        per_statute: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        other_basis: Option<String>,
        excluded: ExcludedWord,
        /// Who is excluded; for `yes`, and only for it.
        #[serde(skip_serializing_if = "Option::is_none")]
        excluded_who: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        each_accident: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        disease_each_employee: Option<Money>,
        #[serde(skip_serializing_if = "Option::is_none")]
        disease_policy_limit: Option<Money>,
    },
    Other {
        description: String,
        /// Three at most.
        limits: Vec<NamedLimitBody>,
    },
}

/// What a policy says of itself. Its line stays what it is.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PolicyTerms)]
pub(crate) struct TermsBody {
    /// The number exactly as printed on the declarations. Number, first day and line together name the policy.
    number: String,
    insurer: InsurerBody,
    /// The named insured exactly as on the declarations.
    named_insured: String,
    effective_on: NaiveDate,
    /// The term ends at 12:01 a.m. of this day.
    expires_on: NaiveDate,
    /// `cancelled` is refused: cancelling is an act of its own. Left out, a cancelled policy stays cancelled; with
    /// another word it is reinstated.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<PolicyStatus>,
    /// For a surplus lines policy, who may issue certificates; left out for a policy of an admitted insurer.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuing_authority: Option<AuthorityWord>,
    /// The wholesaler that alone issues; for `wholesaler`, and only for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    wholesaler: Option<String>,
    coverage: CoverageBody,
}

fn money(amount: Option<Cents>) -> Option<Money> {
    amount.map(Money::from)
}

fn words_of(boxes: &ExtraBoxes) -> Vec<String> {
    boxes.iter().map(ToString::to_string).collect()
}

fn named(limit: &NamedLimit) -> NamedLimitBody {
    NamedLimitBody {
        label: limit.label.to_string(),
        amount: limit.amount.into(),
    }
}

impl From<&Coverage> for CoverageBody {
    fn from(coverage: &Coverage) -> Self {
        match coverage {
            Coverage::GeneralLiability(gl) => {
                let (aggregate_per, aggregate_other) = AggregateWord::of(&gl.aggregate_per);
                Self::GeneralLiability {
                    trigger: gl.trigger.into(),
                    aggregate_per,
                    aggregate_other,
                    each_occurrence: money(gl.each_occurrence),
                    damage_to_rented_premises: money(gl.damage_to_rented_premises),
                    medical_expense: money(gl.medical_expense),
                    personal_and_advertising_injury: money(gl.personal_and_advertising_injury),
                    general_aggregate: money(gl.general_aggregate),
                    products_completed_operations_aggregate: money(
                        gl.products_completed_operations_aggregate,
                    ),
                    extra_boxes: words_of(&gl.extra_boxes),
                    extra_limit: gl.extra_limit.as_ref().map(named),
                }
            }
            Coverage::CommercialAuto(auto) => {
                let (single, person, accident, property) = match auto.limit {
                    AutoLimit::CombinedSingle { each_accident } => (Some(each_accident), None, None, None),
                    AutoLimit::Split {
                        bodily_injury_per_person: person,
                        bodily_injury_per_accident: accident,
                        property_damage_per_accident: property,
                    } => (None, Some(person), Some(accident), Some(property)),
                };
                Self::CommercialAuto {
                    any: auto.covered_autos.any,
                    owned: auto.covered_autos.owned,
                    scheduled: auto.covered_autos.scheduled,
                    hired: auto.covered_autos.hired,
                    non_owned: auto.covered_autos.non_owned,
                    combined_single_limit: money(single),
                    bodily_injury_per_person: money(person),
                    bodily_injury_per_accident: money(accident),
                    property_damage_per_accident: money(property),
                    extra_boxes: words_of(&auto.extra_boxes),
                    extra_limit: auto.extra_limit.as_ref().map(named),
                }
            }
            Coverage::UmbrellaExcess(excess) => {
                let (retention, amount) = RetentionWord::of(excess.retention);
                Self::UmbrellaExcess {
                    kind: excess.kind.into(),
                    trigger: excess.trigger.into(),
                    retention,
                    retention_amount: money(amount),
                    each_occurrence: money(excess.each_occurrence),
                    aggregate: money(excess.aggregate),
                    extra_limit: excess.extra_limit.as_ref().map(named),
                }
            }
            Coverage::WorkersCompensation(wc) => {
                let (excluded, excluded_who) = ExcludedWord::of(&wc.excluded);
                Self::WorkersCompensation {
                    per_statute: wc.basis.per_statute(),
                    other_basis: wc.basis.other().map(ToString::to_string),
                    excluded,
                    excluded_who,
                    each_accident: money(wc.each_accident),
                    disease_each_employee: money(wc.disease_each_employee),
                    disease_policy_limit: money(wc.disease_policy_limit),
                }
            }
            Coverage::Other(other) => Self::Other {
                description: other.description.to_string(),
                limits: other.limits.iter().map(named).collect(),
            },
        }
    }
}

impl From<&Terms> for TermsBody {
    fn from(terms: &Terms) -> Self {
        Self {
            number: terms.number.to_string(),
            insurer: InsurerBody {
                naic: terms.carrier.naic.to_string(),
                name: terms.carrier.name.to_string(),
            },
            named_insured: terms.named_insured.to_string(),
            effective_on: terms.effective_on,
            expires_on: terms.expires_on,
            status: match terms.status.word() {
                StatusOfBooks::Cancelled => None,
                word => Some(word.into()),
            },
            issuing_authority: terms.market.word().map(Into::into),
            wholesaler: terms.market.wholesaler().map(ToString::to_string),
            coverage: CoverageBody::from(&terms.coverage),
        }
    }
}

/// Terms whose insurer is not settled yet.
pub(super) struct Written {
    pub(super) insurer: InsurerChoice,
    number: NonBlank,
    named_insured: NonBlank,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    /// None: as it is.
    status: Option<Status>,
    market: Market,
    coverage: Coverage,
}

impl Written {
    /// The terms of a policy that stood as `status` before.
    pub(super) fn terms(self, carrier: Carrier, status: Status) -> Terms {
        Terms {
            number: self.number,
            carrier,
            named_insured: self.named_insured,
            effective_on: self.effective_on,
            expires_on: self.expires_on,
            status: self.status.unwrap_or(status),
            market: self.market,
            coverage: self.coverage,
        }
    }
}

/// Reads amounts and texts of a cover that stands at a pointer.
struct Cover<'f> {
    faults: &'f mut Faults,
    pointer: String,
}

/// A part that is missing, or an amount that was refused and is noted.
struct Refused;

impl Cover<'_> {
    fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.pointer)
    }

    fn money(&mut self, field: &str, money: Option<&Money>) -> Option<Cents> {
        let money = money?;
        let at = self.at(field);
        if money.currency != "USD" {
            self.faults.add(&at, "not_dollars", "must be in USD");
            return None;
        }
        self.faults
            .value(&at, "not_an_amount", Cents::parse(&money.amount))
    }

    fn boxes(&mut self, texts: &[String]) -> ExtraBoxes {
        let at = self.at("extra_boxes");
        let mut words = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            words.extend(self.faults.text(&format!("{at}/{place}"), text, NonBlank::parse));
        }
        let boxes = self.faults.value(&at, "too_many", ExtraBoxes::try_from(words));
        boxes.unwrap_or_default()
    }

    fn named(&mut self, field: &str, limit: &NamedLimitBody) -> Option<NamedLimit> {
        let at = self.at(field);
        let label = self
            .faults
            .text(&format!("{at}/label"), &limit.label, NonBlank::parse);
        let amount = self.money(&format!("{field}/amount"), Some(&limit.amount));
        Some(NamedLimit {
            label: label?,
            amount: amount?,
        })
    }

    /// What stands only with a certain word: there with it, and nowhere else.
    fn belonging(&mut self, field: &str, with: bool, text: Option<&str>, only: &str) -> Option<NonBlank> {
        let at = self.at(field);
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        match (with, text) {
            (true, text) => self.faults.text(&at, text.unwrap_or_default(), NonBlank::parse),
            (false, Some(_)) => {
                self.faults.add(&at, "does_not_belong", only);
                None
            }
            (false, None) => None,
        }
    }

    fn general_liability(&mut self, body: &CoverageBody) -> Result<Option<Coverage>, Refused> {
        let CoverageBody::GeneralLiability {
            trigger,
            aggregate_per,
            aggregate_other,
            each_occurrence,
            damage_to_rented_premises,
            medical_expense,
            personal_and_advertising_injury,
            general_aggregate,
            products_completed_operations_aggregate: products,
            extra_boxes,
            extra_limit,
        } = body
        else {
            return Ok(None);
        };
        let other = self.belonging(
            "aggregate_other",
            *aggregate_per == AggregateWord::Other,
            aggregate_other.as_deref(),
            "is only for an aggregate that applies to something else",
        );
        let cover = GeneralLiability {
            trigger: (*trigger).into(),
            aggregate_per: match aggregate_per {
                AggregateWord::Policy => AggregatePer::Policy,
                AggregateWord::Project => AggregatePer::Project,
                AggregateWord::Location => AggregatePer::Location,
                AggregateWord::Other => AggregatePer::Other(other.ok_or(Refused)?),
            },
            each_occurrence: self.money("each_occurrence", each_occurrence.as_ref()),
            damage_to_rented_premises: self
                .money("damage_to_rented_premises", damage_to_rented_premises.as_ref()),
            medical_expense: self.money("medical_expense", medical_expense.as_ref()),
            personal_and_advertising_injury: self.money(
                "personal_and_advertising_injury",
                personal_and_advertising_injury.as_ref(),
            ),
            general_aggregate: self.money("general_aggregate", general_aggregate.as_ref()),
            products_completed_operations_aggregate: self
                .money("products_completed_operations_aggregate", products.as_ref()),
            extra_boxes: self.boxes(extra_boxes),
            extra_limit: extra_limit
                .as_ref()
                .and_then(|limit| self.named("extra_limit", limit)),
        };
        Ok(Some(Coverage::GeneralLiability(cover)))
    }

    fn commercial_auto(&mut self, body: &CoverageBody) -> Result<Option<Coverage>, Refused> {
        let CoverageBody::CommercialAuto {
            any,
            owned,
            scheduled,
            hired,
            non_owned,
            combined_single_limit,
            bodily_injury_per_person,
            bodily_injury_per_accident,
            property_damage_per_accident,
            extra_boxes,
            extra_limit,
        } = body
        else {
            return Ok(None);
        };
        let covered_autos = CoveredAutos {
            any: *any,
            owned: *owned,
            scheduled: *scheduled,
            hired: *hired,
            non_owned: *non_owned,
        };
        let boxes = self.boxes(extra_boxes);
        if covered_autos == CoveredAutos::default() && boxes.is_empty() {
            let at = self.at("any");
            self.faults
                .add(&at, "no_autos", "an auto policy covers at least one kind of auto");
        }
        let single = self.money("combined_single_limit", combined_single_limit.as_ref());
        let split = (
            self.money("bodily_injury_per_person", bodily_injury_per_person.as_ref()),
            self.money("bodily_injury_per_accident", bodily_injury_per_accident.as_ref()),
            self.money(
                "property_damage_per_accident",
                property_damage_per_accident.as_ref(),
            ),
        );
        let extra_limit = extra_limit
            .as_ref()
            .and_then(|limit| self.named("extra_limit", limit));
        let limit = match (single, split) {
            (Some(each_accident), (None, None, None)) => AutoLimit::CombinedSingle { each_accident },
            (None, (Some(person), Some(accident), Some(property))) => AutoLimit::Split {
                bodily_injury_per_person: person,
                bodily_injury_per_accident: accident,
                property_damage_per_accident: property,
            },
            _ => {
                let at = self.at("combined_single_limit");
                self.faults.add(
                    &at,
                    "one_or_three_limits",
                    "enter either the combined single limit or all three split limits",
                );
                return Err(Refused);
            }
        };
        Ok(Some(Coverage::CommercialAuto(CommercialAuto {
            covered_autos,
            limit,
            extra_boxes: boxes,
            extra_limit,
        })))
    }

    fn umbrella_excess(&mut self, body: &CoverageBody) -> Result<Option<Coverage>, Refused> {
        let CoverageBody::UmbrellaExcess {
            kind,
            trigger,
            retention,
            retention_amount,
            each_occurrence,
            aggregate,
            extra_limit,
        } = body
        else {
            return Ok(None);
        };
        let amount = self.money("retention_amount", retention_amount.as_ref());
        let at = self.at("retention_amount");
        let retention = match (retention, amount) {
            (RetentionWord::None, None) => Some(Retention::None),
            (RetentionWord::Deductible, Some(amount)) => Some(Retention::Deductible(amount)),
            (RetentionWord::Retention, Some(amount)) => Some(Retention::Retention(amount)),
            (RetentionWord::None, Some(_)) => {
                let why = "is only for a deductible or a retention";
                self.faults.add(&at, "does_not_belong", why);
                None
            }
            (_, None) => {
                if retention_amount.is_none() {
                    self.faults.add(&at, "empty", "must not be empty");
                }
                None
            }
        };
        let cover = UmbrellaExcess {
            kind: (*kind).into(),
            trigger: (*trigger).into(),
            retention: retention.ok_or(Refused)?,
            each_occurrence: self.money("each_occurrence", each_occurrence.as_ref()),
            aggregate: self.money("aggregate", aggregate.as_ref()),
            extra_limit: extra_limit
                .as_ref()
                .and_then(|limit| self.named("extra_limit", limit)),
        };
        Ok(Some(Coverage::UmbrellaExcess(cover)))
    }

    fn workers_compensation(&mut self, body: &CoverageBody) -> Result<Option<Coverage>, Refused> {
        let CoverageBody::WorkersCompensation {
            per_statute,
            other_basis,
            excluded,
            excluded_who,
            each_accident,
            disease_each_employee,
            disease_policy_limit,
        } = body
        else {
            return Ok(None);
        };
        let at = self.at("other_basis");
        let other = self.faults.optional(&at, other_basis.as_deref(), NonBlank::parse);
        let basis = self.faults.value(&at, "no_basis", Basis::of(*per_statute, other));
        let who = self.belonging(
            "excluded_who",
            *excluded == ExcludedWord::Yes,
            excluded_who.as_deref(),
            "is only for where somebody is excluded",
        );
        let cover = WorkersCompensation {
            basis: basis.ok_or(Refused)?,
            excluded: match excluded {
                ExcludedWord::Yes => Excluded::Yes(who.ok_or(Refused)?),
                ExcludedWord::No => Excluded::No,
                ExcludedWord::NotApplicable => Excluded::NotApplicable,
            },
            each_accident: self.money("each_accident", each_accident.as_ref()),
            disease_each_employee: self.money("disease_each_employee", disease_each_employee.as_ref()),
            disease_policy_limit: self.money("disease_policy_limit", disease_policy_limit.as_ref()),
        };
        Ok(Some(Coverage::WorkersCompensation(cover)))
    }

    fn other(&mut self, body: &CoverageBody) -> Result<Option<Coverage>, Refused> {
        let CoverageBody::Other { description, limits } = body else {
            return Ok(None);
        };
        let at = self.at("description");
        let description = self.faults.text(&at, description, NonBlank::parse);
        let mut entries = Vec::new();
        for (place, limit) in limits.iter().enumerate() {
            entries.extend(self.named(&format!("limits/{place}"), limit));
        }
        let at = self.at("limits");
        let limits = self.faults.value(&at, "too_many", UpTo::try_from(entries));
        Ok(Some(Coverage::Other(OtherCoverage {
            description: description.ok_or(Refused)?,
            limits: limits.ok_or(Refused)?,
        })))
    }

    fn read(mut self, body: &CoverageBody) -> Option<Coverage> {
        let read = match body {
            CoverageBody::GeneralLiability { .. } => self.general_liability(body),
            CoverageBody::CommercialAuto { .. } => self.commercial_auto(body),
            CoverageBody::UmbrellaExcess { .. } => self.umbrella_excess(body),
            CoverageBody::WorkersCompensation { .. } => self.workers_compensation(body),
            CoverageBody::Other { .. } => self.other(body),
        };
        read.ok().flatten()
    }
}

impl TermsBody {
    /// Checks every field by itself; `pointer` is where the terms stand in the body.
    pub(super) fn parse(&self, pointer: &str) -> Result<Written, Problem> {
        let mut faults = Faults::default();
        let at = |field: &str| format!("{pointer}/{field}");
        let number = faults.text(&at("number"), &self.number, NonBlank::parse);
        let naic = faults.value(
            &at("insurer/naic"),
            "not_a_naic_code",
            Naic::parse(&self.insurer.naic),
        );
        let name = faults.text(&at("insurer/name"), &self.insurer.name, NonBlank::parse);
        let named_insured = faults.text(&at("named_insured"), &self.named_insured, NonBlank::parse);
        let status = self.status.map(StatusOfBooks::from);
        let status = status.map(|word| Status::of(word, None, None));
        let status = match status {
            None => Some(None),
            Some(Ok(status)) => Some(Some(status)),
            Some(Err(_)) => {
                faults.add(
                    &at("status"),
                    "cancel_by_itself",
                    "cancelling has a day and a reason, and is an act of its own",
                );
                None
            }
        };
        let wholesaler = faults.optional(&at("wholesaler"), self.wholesaler.as_deref(), NonBlank::parse);
        let authority = self.issuing_authority.map(IssuingAuthority::from);
        let market = faults.value(
            &at("wholesaler"),
            "wholesaler_and_authority",
            Market::of(authority, wholesaler),
        );
        let cover = Cover {
            faults: &mut faults,
            pointer: at("coverage"),
        };
        let coverage = cover.read(&self.coverage);
        let written = (|| {
            Some(Written {
                insurer: InsurerChoice {
                    naic: naic?,
                    name: name?,
                },
                number: number?,
                named_insured: named_insured?,
                effective_on: self.effective_on,
                expires_on: self.expires_on,
                status: status?,
                market: market?,
                coverage: coverage?,
            })
        })();
        faults.finish(written)
    }
}

/// Where refused terms stand in a body.
pub(super) fn refused(pointer: &str, error: &TermsError) -> Problem {
    let (field, code) = match error {
        TermsError::OtherInsurer(_) => ("insurer/name", "other_insurer"),
        TermsError::TermBackward => ("expires_on", "before_start"),
        TermsError::OtherLine(_) => ("coverage/line", "wrong_line"),
        TermsError::NoLimit => ("coverage", "no_limit"),
        TermsError::CancelledOutsideTerm(_) => ("expires_on", "cancellation_outside_term"),
        TermsError::FormOutsideTerm(_) => ("expires_on", "form_outside_term"),
    };
    Problem::field(&format!("{pointer}/{field}"), code, error)
}
