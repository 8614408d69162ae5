//! The agency's holders, and those an insured used before.

use actix_web::{get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{ListHolders, ViewInsuredHolders};
use countersign_domain::holders::{Holder, HolderProfile, HolderStanding};
use countersign_domain::ids::{HolderGroupId, InsuredId};
use countersign_domain::text::{EmailAddress, NonBlank, Phone};
use countersign_persistence::holders::{self, HolderFilter, UsedHolder};
use countersign_persistence::insureds;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::Caller;
use crate::cursor::Purpose;
use crate::faults::Faults;
use crate::problem::{Problem, Problems};
use crate::wire::{AddressBody, ChannelWord, DateTime, PageInfo, Utc};

/// A new holder.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HolderBody {
    /// Exact legal name; trackers compare it letter by letter.
    name: String,
    /// Attention or care of: printed under the name as it is written, such as `Attn: Risk Management`.
    care_of: Option<String>,
    address: AddressBody,
    /// Where certificates go.
    email: Option<String>,
    phone: Option<String>,
}

impl HolderBody {
    /// Checks a holder that stands at `pointer` of a body.
    pub(crate) fn parse(&self, faults: &mut Faults, pointer: &str) -> Option<HolderProfile> {
        let at = |field: &str| format!("{pointer}/{field}");
        let name = faults.text(&at("name"), &self.name, NonBlank::parse);
        let care_of = faults.optional(&at("care_of"), self.care_of.as_deref(), NonBlank::parse);
        let address = faults.address(&at("address"), &self.address);
        let email = faults.optional(&at("email"), self.email.as_deref(), EmailAddress::parse);
        let phone = faults.optional(&at("phone"), self.phone.as_deref(), Phone::parse);
        Some(HolderProfile {
            name: name?,
            care_of,
            address: address?,
            emails: email.into_iter().collect(),
            phone,
            channel: None,
        })
    }
}

/// A holder.
#[derive(Serialize, ToSchema)]
#[schema(as = Holder)]
pub(crate) struct HolderView {
    id: Uuid,
    version: i32,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    care_of: Option<String>,
    address: AddressBody,
    emails: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// How it wants its mail to carry the page; absent where nobody has said, and in the portal, which is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelWord>,
    /// Since when it is put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    archived_at: Option<DateTime<Utc>>,
    /// The holder that took its place, when it was a double.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<Uuid>,
    /// When this insured last used it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<DateTime<Utc>>,
    /// The contract or project that its request to this insured is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_reference: Option<String>,
}

impl HolderView {
    /// A holder as an insured has it. What the contract is called and how mail is wanted is the agency's word, and not
    /// told in the portal.
    fn used(used: &UsedHolder, staff: bool) -> Self {
        let view = Self::of(&used.holder, used.last_used_at);
        Self {
            contract_reference: used.contract_reference.clone().filter(|_| staff),
            channel: view.channel.filter(|_| staff),
            ..view
        }
    }

    pub(crate) fn of(holder: &Holder, last_used_at: Option<DateTime<Utc>>) -> Self {
        let profile = &holder.profile;
        let (archived_at, merged_into) = match holder.standing {
            HolderStanding::Listed => (None, None),
            HolderStanding::Archived { at } => (Some(at), None),
            HolderStanding::Merged { into, at } => (Some(at), Some(into.uuid())),
        };
        Self {
            id: holder.id.uuid(),
            version: holder.version,
            archived_at,
            merged_into,
            name: profile.name.to_string(),
            care_of: profile.care_of.as_ref().map(ToString::to_string),
            address: AddressBody::from(&profile.address),
            emails: profile.emails.iter().map(ToString::to_string).collect(),
            phone: profile.phone.as_ref().map(ToString::to_string),
            channel: profile.channel.map(Into::into),
            last_used_at,
            contract_reference: None,
        }
    }
}

/// Which holders.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HoldersQuery {
    /// Part of a name or an alias.
    q: Option<String>,
    /// True for those that were put away, instead of those in use.
    archived: Option<bool>,
    /// Only those of this group.
    group: Option<Uuid>,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of holders.
#[derive(Serialize, ToSchema)]
pub(crate) struct HolderPage {
    data: Vec<HolderView>,
    page: PageInfo,
}

/// Lists the agency's holders by name.
#[utoipa::path(tag = "holders", params(HoldersQuery), responses((status = 200, body = HolderPage), Problems))]
#[get("/v1/holders")]
pub(crate) async fn list_holders(
    caller: Caller,
    query: web::Query<HoldersQuery>,
) -> Result<web::Json<HolderPage>, Problem> {
    let text = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let page = caller
        .read(async |desk| {
            let scope = desk.actor.scope::<ListHolders>()?;
            let archived = query.archived.unwrap_or_default();
            let purpose = Purpose::of("holders", scope.agency(), &(text, archived, query.group));
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let filter = HolderFilter {
                text,
                archived,
                group: query.group.map(HolderGroupId::from_uuid),
            };
            let page = holders::list(desk.tx, &scope, filter, &request).await?;
            let info = caller.cursors().info(&page, &purpose)?;
            let data = page
                .rows
                .iter()
                .map(|holder| HolderView::of(holder, None))
                .collect();
            Ok(HolderPage { data, page: info })
        })
        .await?;
    Ok(web::Json(page))
}

/// The holders of an insured's dropdown.
#[derive(Serialize, ToSchema)]
pub(crate) struct InsuredHolders {
    data: Vec<HolderView>,
}

/// Lists the holders that an insured used before, the latest first; they stay after the term that used them.
#[utoipa::path(tag = "holders", params(("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = InsuredHolders), Problems))]
#[get("/v1/insureds/{insured}/holders")]
pub(crate) async fn list_insured_holders(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<web::Json<InsuredHolders>, Problem> {
    let id = InsuredId::from_uuid(path.into_inner());
    let list = caller
        .read(async |desk| {
            let permit = insureds::find::<ViewInsuredHolders>(desk.tx, desk.actor, id).await?;
            let found = holders::of_insured(desk.tx, &permit).await?;
            let staff = matches!(desk.actor, Actor::Staff(_));
            Ok(InsuredHolders {
                data: found.iter().map(|used| HolderView::used(used, staff)).collect(),
            })
        })
        .await?;
    Ok(web::Json(list))
}
