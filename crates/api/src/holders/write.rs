//! Adding holders to the library and changing them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use countersign_domain::authz::rules::{CreateHolder, EditHolder};
use countersign_domain::holders::{self as domain, HolderProfile, MAX_ENTRIES};
use countersign_domain::ids::HolderId;
use countersign_domain::text::{NonBlank, Phone};
use countersign_persistence::{agencies, holders};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{HolderDetail, answer};
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::{AddressBody, ChannelWord};

/// A holder as staff write it down.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HolderRecordBody {
    /// Exact legal name; trackers compare it letter by letter.
    name: String,
    /// Attention or care of: printed under the name as it is written, such as `Attn: Risk Management`.
    care_of: Option<String>,
    address: AddressBody,
    /// Where certificates go, at most 20.
    #[serde(default)]
    emails: Vec<String>,
    phone: Option<String>,
    /// How it wants its mail to carry the page; no preference unless given. Sendings that do not say how go by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelWord>,
    /// Other names under which people look for it, at most 20; never printed.
    #[serde(default)]
    aliases: Vec<String>,
}

impl HolderRecordBody {
    fn parse(&self) -> Result<(HolderProfile, Vec<NonBlank>), Problem> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NonBlank::parse);
        let care_of = faults.optional("/care_of", self.care_of.as_deref(), NonBlank::parse);
        let address = faults.address("/address", &self.address);
        let phone = faults.optional("/phone", self.phone.as_deref(), Phone::parse);
        for (pointer, entries) in [("/emails", &self.emails), ("/aliases", &self.aliases)] {
            if entries.len() > MAX_ENTRIES {
                faults.add(pointer, "too_many", format!("takes at most {MAX_ENTRIES}"));
            }
        }
        let emails = faults.emails("/emails", &self.emails);
        let aliases = self
            .aliases
            .iter()
            .enumerate()
            .filter_map(|(place, alias)| {
                faults.optional(
                    &format!("/aliases/{place}"),
                    Some(alias.as_str()),
                    NonBlank::parse,
                )
            })
            .collect();
        let profile = (|| {
            Some(HolderProfile {
                name: name?,
                care_of,
                address: address?,
                emails,
                phone,
                channel: self.channel.map(Into::into),
            })
        })();
        Ok((faults.finish(profile)?, aliases))
    }
}

/// Adds a holder to the library.
#[utoipa::path(tag = "holders", params(IdempotencyKey), request_body = HolderRecordBody,
    responses((status = 201, body = HolderDetail), Problems))]
#[post("/v1/holders")]
pub(crate) async fn create_holder(
    caller: Caller,
    body: web::Json<HolderRecordBody>,
) -> Result<HttpResponse, Problem> {
    let id = HolderId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = agencies::find::<CreateHolder>(desk.tx, desk.actor).await?;
            let (profile, aliases) = body.parse()?;
            let created = domain::create(permit, id, profile, aliases);
            holders::record_created(desk.tx, &created, now).await?;
            let (_, detail) = answer(&mut desk, id).await?;
            Ok(detail)
        })
        .await
}

/// Changes a holder. Needs `If-Match`; fields left out are cleared. Certificates keep what they printed.
#[utoipa::path(tag = "holders", params(IfMatch, ("holder" = Uuid, Path, description = "The holder's id")),
    request_body = HolderRecordBody, responses((status = 200, body = HolderDetail), Problems))]
#[put("/v1/holders/{holder}")]
pub(crate) async fn edit_holder(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<HolderRecordBody>,
) -> Result<HttpResponse, Problem> {
    let id = HolderId::from_uuid(path.into_inner());
    let now = caller.now();
    let (version, detail) = caller
        .transaction(async |mut desk| {
            let permit = holders::lock::<EditHolder>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let (profile, aliases) = body.parse()?;
            let edited = domain::edit(permit, profile, aliases)?;
            holders::record_edited(desk.tx, &edited, now).await?;
            answer(&mut desk, id).await
        })
        .await?;
    Ok(with_version(version).json(detail))
}
