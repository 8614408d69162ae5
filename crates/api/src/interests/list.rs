//! An insured's additional interests.

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{AddInterest, EditInterest, SendCertificate, ViewInterests};
use countersign_domain::ids::{InsuredId, InterestId};
use countersign_domain::interests::{Interest, Item};
use countersign_domain::policies::{Policy, Vehicle};
use countersign_domain::text::NonBlank;
use countersign_persistence::interests::{Interests, Named};
use countersign_persistence::{agencies, insureds, interests};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{InterestState, ItemKindWord, NatureWord};
use crate::context::{Caller, Desk};
use crate::problem::{Problem, Problems};
use crate::version::with_version;
use crate::wire::{AddressBody, ChannelWord, DateTime, LineWord, Utc};

/// What an interest is about.
#[derive(Serialize, ToSchema)]
#[schema(as = InterestItem)]
struct ItemView {
    kind: ItemKindWord,
    #[serde(skip_serializing_if = "Option::is_none")]
    vehicle_id: Option<Uuid>,
    /// The location, the property, the project or the contract in words, or the vehicle's year, make, model and VIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// A policy that an interest is written on.
#[derive(Serialize, ToSchema)]
struct InterestPolicy {
    id: Uuid,
    number: String,
    line: LineWord,
    effective_on: NaiveDate,
    /// Cover ends on this day, at 12:01 a.m.
    expires_on: NaiveDate,
}

/// A form that names an interest or reaches it.
#[derive(Serialize, ToSchema)]
struct InterestEndorsement {
    id: Uuid,
    policy_id: Uuid,
    form_number: String,
    edition: String,
    title: String,
}

/// An additional interest.
#[derive(Serialize, ToSchema)]
#[schema(as = Interest)]
pub(crate) struct InterestView {
    id: Uuid,
    version: i32,
    insured_id: Uuid,
    /// The holder of the library that it is.
    holder_id: Uuid,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    care_of: Option<String>,
    address: AddressBody,
    /// Where its certificates go.
    emails: Vec<String>,
    /// How the holder that it is wants its mail to carry the page; absent where nobody has said.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelWord>,
    nature: NatureWord,
    /// The standard name of the nature.
    nature_label: &'static str,
    item: ItemView,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    from_on: NaiveDate,
    /// The last day, itself included; absent while nobody knows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    until_on: Option<NaiveDate>,
    policies: Vec<InterestPolicy>,
    endorsements: Vec<InterestEndorsement>,
    state: InterestState,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<DateTime<Utc>>,
    /// Who ended it; the name outlives the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by_name: Option<String>,
    /// What the caller may do: `edit`, `end`, `send`.
    may: Vec<&'static str>,
}

/// An insured's additional interests.
#[derive(Serialize, ToSchema)]
pub(crate) struct InterestList {
    /// By name, those that were ended among them, at most 1000.
    data: Vec<InterestView>,
    /// What the caller may do: `add`.
    may: Vec<&'static str>,
}

fn car(vehicle: &Vehicle) -> String {
    let year = vehicle.year.map(|year| year.to_string());
    let words = [
        year.as_deref(),
        name(vehicle.make.as_ref()),
        name(vehicle.model.as_ref()),
    ];
    let said = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if said.is_empty() {
        format!("VIN {}", vehicle.vin)
    } else {
        format!("{said}, VIN {}", vehicle.vin)
    }
}

fn name(text: Option<&NonBlank>) -> Option<&str> {
    text.map(NonBlank::as_str)
}

fn item(item: &Item, policies: &[Policy]) -> ItemView {
    let vehicle = |id| {
        let cars = policies.iter().flat_map(|policy| &policy.vehicles);
        cars.filter(|car| car.id == id).map(car).next()
    };
    ItemView {
        kind: item.kind().into(),
        vehicle_id: match item {
            Item::Vehicle(id) => Some(id.uuid()),
            Item::Everything | Item::Location(_) | Item::Contract(_) => None,
        },
        text: match item {
            Item::Everything => None,
            Item::Vehicle(id) => vehicle(*id),
            Item::Location(text) | Item::Contract(text) => Some(text.to_string()),
        },
    }
}

fn linked_policies(interest: &Interest, policies: &[Policy]) -> Vec<InterestPolicy> {
    policies
        .iter()
        .filter(|policy| interest.stake.policies.contains(&policy.id))
        .map(|policy| InterestPolicy {
            id: policy.id.uuid(),
            number: policy.number.to_string(),
            line: policy.line().into(),
            effective_on: policy.effective_on,
            expires_on: policy.expires_on,
        })
        .collect()
}

fn linked_forms(interest: &Interest, policies: &[Policy]) -> Vec<InterestEndorsement> {
    policies
        .iter()
        .flat_map(|policy| policy.endorsements.iter().map(move |form| (policy, form)))
        .filter(|(_, form)| interest.stake.endorsements.contains(&form.id))
        .map(|(policy, form)| InterestEndorsement {
            id: form.id.uuid(),
            policy_id: policy.id.uuid(),
            form_number: form.form_number.to_string(),
            edition: form.edition.to_string(),
            title: form.title.to_string(),
        })
        .collect()
}

impl InterestView {
    fn of(named: &Named, policies: &[Policy], today: NaiveDate, may: Vec<&'static str>) -> Self {
        let Named { interest, holder } = named;
        let stake = &interest.stake;
        Self {
            id: interest.id.uuid(),
            version: interest.version,
            insured_id: interest.insured.uuid(),
            holder_id: holder.id.uuid(),
            name: holder.profile.name.to_string(),
            care_of: holder.profile.care_of.as_ref().map(ToString::to_string),
            address: AddressBody::from(&holder.profile.address),
            emails: stake.emails.iter().map(ToString::to_string).collect(),
            channel: holder.profile.channel.map(Into::into),
            nature: stake.nature.into(),
            nature_label: stake.nature.label(),
            item: item(&stake.item, policies),
            reference: stake.reference.as_ref().map(ToString::to_string),
            from_on: stake.from_on,
            until_on: stake.until_on,
            policies: linked_policies(interest, policies),
            endorsements: linked_forms(interest, policies),
            state: interest.standing(today).into(),
            ended_at: interest.ended.as_ref().map(|ended| ended.at),
            ended_by_name: interest.ended.as_ref().map(|ended| ended.by_name.clone()),
            may,
        }
    }
}

fn rights(desk: &Desk<'_>, interest: &Interest, sends: bool, today: NaiveDate) -> Vec<&'static str> {
    let mut may = Vec::new();
    if interest.ended.is_none() && desk.actor.may::<EditInterest>(interest) {
        may.extend(["edit", "end"]);
    }
    if sends && interest.stands(today).is_ok() {
        may.push("send");
    }
    may
}

/// The interests as the caller sees them.
async fn views(
    desk: &mut Desk<'_>,
    permit: &Permit<ViewInterests>,
    found: &Interests,
    now: DateTime<Utc>,
) -> Result<Vec<InterestView>, Problem> {
    let today = agencies::card(desk.tx).await?.profile.zone.day(now);
    let sends = desk.actor.may::<SendCertificate>(permit);
    Ok(found
        .rows
        .iter()
        .map(|named| {
            let may = rights(desk, &named.interest, sends, today);
            InterestView::of(named, &found.policies, today, may)
        })
        .collect())
}

/// One interest as it is now, under its version.
pub(super) async fn answer(
    desk: &mut Desk<'_>,
    insured: InsuredId,
    id: InterestId,
    now: DateTime<Utc>,
) -> Result<InterestView, Problem> {
    let permit = insureds::find::<ViewInterests>(desk.tx, desk.actor, insured).await?;
    let found = interests::get(desk.tx, &permit, id).await?;
    let views = views(desk, &permit, &found, now).await?;
    views
        .into_iter()
        .next()
        .ok_or_else(|| Problem::internal("an interest was found and is not there"))
}

/// Lists an insured's additional interests by name, those that were ended among them.
#[utoipa::path(tag = "interests", params(("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = InterestList), Problems))]
#[get("/v1/insureds/{insured}/interests")]
pub(crate) async fn list_interests(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<web::Json<InterestList>, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let now = caller.now();
    let list = caller
        .transaction(async |mut desk| {
            let permit = insureds::find::<ViewInterests>(desk.tx, desk.actor, insured).await?;
            let found = interests::list(desk.tx, &permit).await?;
            Ok(InterestList {
                data: views(&mut desk, &permit, &found, now).await?,
                may: if desk.actor.may::<AddInterest>(&permit) {
                    vec!["add"]
                } else {
                    Vec::new()
                },
            })
        })
        .await?;
    Ok(web::Json(list))
}

/// Shows an additional interest. The ETag is its version.
#[utoipa::path(tag = "interests", params(("insured" = Uuid, Path, description = "The insured's id"),
    ("interest" = Uuid, Path, description = "The interest's id")),
    responses((status = 200, body = InterestView), Problems))]
#[get("/v1/insureds/{insured}/interests/{interest}")]
pub(crate) async fn get_interest(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (insured, interest) = path.into_inner();
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            answer(
                &mut desk,
                InsuredId::from_uuid(insured),
                InterestId::from_uuid(interest),
                now,
            )
            .await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

impl InterestView {
    pub(super) const fn version(&self) -> i32 {
        self.version
    }
}
