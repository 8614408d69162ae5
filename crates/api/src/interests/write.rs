//! Adding additional interests and changing them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use chrono::NaiveDate;
use countersign_domain::authz::rules::{AddInterest, EditInterest};
use countersign_domain::holders::HolderProfile;
use countersign_domain::ids::{EndorsementId, HolderId, InsuredId, InterestId, PolicyId, VehicleId};
use countersign_domain::interests::{self as domain, Item, MAX_EMAILS, Stake};
use countersign_domain::text::NonBlank;
use countersign_persistence::{insureds, interests};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::{InterestView, answer};
use super::{ItemKindWord, NatureWord};
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::AddressBody;

/// What an interest is about.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemBody {
    kind: ItemKindWord,
    /// With `vehicle`: one on a policy that the interest is written on.
    vehicle_id: Option<Uuid>,
    /// With `location` and `contract`: which one, in words.
    text: Option<String>,
}

/// An additional interest as staff write it down.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InterestBody {
    /// Exact legal name; it is what a certificate prints.
    name: String,
    /// Attention or care of: printed under the name as it is written, such as `Attn: Insurance Department`.
    care_of: Option<String>,
    address: AddressBody,
    /// Where its certificates go, at most 20.
    #[serde(default)]
    emails: Vec<String>,
    nature: NatureWord,
    item: ItemBody,
    /// Loan number, lease number or another reference of its own.
    reference: Option<String>,
    /// First day.
    from_on: NaiveDate,
    /// Last day, not before the first one; none while nobody knows one.
    until_on: Option<NaiveDate>,
    /// The insured's policies that it is written on.
    #[serde(default)]
    policy_ids: Vec<Uuid>,
    /// The forms on these policies that name it or reach it. They raise no mark on a certificate: the truth gate
    /// reads the policies.
    #[serde(default)]
    endorsement_ids: Vec<Uuid>,
}

impl ItemBody {
    fn parse(&self, faults: &mut Faults) -> Option<Item> {
        let unfit = match self.kind {
            ItemKindWord::Vehicle => self.text.as_ref().map(|_| "/item/text"),
            ItemKindWord::Location | ItemKindWord::Contract => self.vehicle_id.map(|_| "/item/vehicle_id"),
            ItemKindWord::Everything => {
                (self.text.is_some() || self.vehicle_id.is_some()).then_some("/item/kind")
            }
        };
        if let Some(pointer) = unfit {
            faults.add(pointer, "unfit", "does not fit the kind of item");
            return None;
        }
        let mut words = || {
            faults.text(
                "/item/text",
                self.text.as_deref().unwrap_or_default(),
                NonBlank::parse,
            )
        };
        match self.kind {
            ItemKindWord::Everything => Some(Item::Everything),
            ItemKindWord::Location => words().map(Item::Location),
            ItemKindWord::Contract => words().map(Item::Contract),
            ItemKindWord::Vehicle => {
                if self.vehicle_id.is_none() {
                    faults.add("/item/vehicle_id", "empty", "choose a vehicle");
                }
                self.vehicle_id.map(VehicleId::from_uuid).map(Item::Vehicle)
            }
        }
    }
}

impl InterestBody {
    fn parse(&self) -> Result<(HolderProfile, Stake), Problem> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NonBlank::parse);
        let care_of = faults.optional("/care_of", self.care_of.as_deref(), NonBlank::parse);
        let address = faults.address("/address", &self.address);
        if self.emails.len() > MAX_EMAILS {
            faults.add("/emails", "too_many", format!("takes at most {MAX_EMAILS}"));
        }
        let emails = faults.emails("/emails", &self.emails);
        let item = self.item.parse(&mut faults);
        let reference = faults.optional("/reference", self.reference.as_deref(), NonBlank::parse);
        let both = (|| {
            let party = HolderProfile {
                name: name?,
                care_of,
                address: address?,
                emails: emails.clone(),
                phone: None,
                channel: None,
            };
            let stake = Stake {
                nature: self.nature.into(),
                item: item?,
                reference,
                emails,
                from_on: self.from_on,
                until_on: self.until_on,
                policies: self.policy_ids.iter().copied().map(PolicyId::from_uuid).collect(),
                endorsements: self
                    .endorsement_ids
                    .iter()
                    .copied()
                    .map(EndorsementId::from_uuid)
                    .collect(),
            };
            Some((party, stake))
        })();
        faults.finish(both)
    }
}

/// Adds an additional interest to an insured. Its name and address are those of a holder of the library, which is
/// added where there is none such yet; the insured's dropdown shows it once something was sent to it.
#[utoipa::path(tag = "interests", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = InterestBody, responses((status = 201, body = InterestView), Problems))]
#[post("/v1/insureds/{insured}/interests")]
pub(crate) async fn add_interest(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<InterestBody>,
) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let id = InterestId::from_uuid(caller.fresh_id());
    let holder = HolderId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = insureds::find::<AddInterest>(desk.tx, desk.actor, insured).await?;
            let (party, stake) = body.parse()?;
            let policies = interests::facts_for_new(desk.tx, &permit).await?;
            let added = domain::add(permit, id, (holder, party), stake, &policies, now)?;
            interests::record_added(desk.tx, &added).await?;
            answer(&mut desk, insured, id, now).await
        })
        .await
}

/// Changes an additional interest. Needs `If-Match`; fields left out are cleared. Another name or address makes it
/// another holder of the library. Certificates keep what they printed.
#[utoipa::path(tag = "interests", params(IfMatch, ("insured" = Uuid, Path, description = "The insured's id"),
    ("interest" = Uuid, Path, description = "The interest's id")),
    request_body = InterestBody, responses((status = 200, body = InterestView), Problems))]
#[put("/v1/insureds/{insured}/interests/{interest}")]
pub(crate) async fn edit_interest(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
    version: IfMatch,
    body: web::Json<InterestBody>,
) -> Result<HttpResponse, Problem> {
    let (insured, interest) = path.into_inner();
    let (insured, id) = (InsuredId::from_uuid(insured), InterestId::from_uuid(interest));
    let holder = HolderId::from_uuid(caller.fresh_id());
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = interests::lock::<EditInterest>(desk.tx, desk.actor, insured, id).await?;
            version.check(permit.version)?;
            let (party, stake) = body.parse()?;
            let policies = interests::facts_for_edited(desk.tx, &permit).await?;
            let edited = domain::edit(permit, (holder, party), stake, &policies, now)?;
            interests::record_edited(desk.tx, &edited).await?;
            answer(&mut desk, insured, id, now).await
        })
        .await?;
    Ok(with_version(view.version()).json(view))
}
