//! A holder as one insured has it: contract, renewals, and what the holder asks for.

use actix_web::{HttpResponse, get, put, web};
use countersign_domain::authz::rules::{EditHolderLink, ViewHolderLink};
use countersign_domain::holders::{LinkWish, edit_link};
use countersign_domain::ids::{HolderId, InsuredId};
use countersign_domain::text::NonBlank;
use countersign_persistence::holders;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::requirements::{RequirementView, RequirementsBody, views};
use crate::context::{Caller, Desk};
use crate::faults::Faults;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::{DateTime, Utc};

/// What is written down about a holder and an insured.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HolderLinkBody {
    /// The contract or project that the holder's request is about.
    contract_reference: Option<String>,
    /// Whether the renewal run takes the holder along unless told otherwise.
    #[serde(default = "receives")]
    receives_renewals: bool,
    /// What the holder asks for.
    #[serde(default)]
    requirements: RequirementsBody,
}

const fn receives() -> bool {
    true
}

impl HolderLinkBody {
    fn parse(&self) -> Result<LinkWish, Problem> {
        let mut faults = Faults::default();
        let contract_reference = faults.optional(
            "/contract_reference",
            self.contract_reference.as_deref(),
            NonBlank::parse,
        );
        let requirements = self.requirements.parse(&mut faults, "/requirements");
        faults.finish(Some(LinkWish {
            contract_reference,
            receives_renewals: self.receives_renewals,
            requirements,
        }))
    }
}

/// One of the two that a link joins.
#[derive(Serialize, ToSchema)]
struct LinkedParty {
    id: Uuid,
    name: String,
}

/// The newest standing certificate of the link, held against what the holder asks for.
#[derive(Serialize, ToSchema)]
struct LinkCheck {
    certificate_id: Uuid,
    certificate_number: String,
    certificate_revision: u16,
    /// Each requirement, in the order of the page, with the policies as they are now.
    requirements: Vec<RequirementView>,
}

/// A holder as one insured has it.
#[derive(Serialize, ToSchema)]
pub(crate) struct HolderLink {
    insured: LinkedParty,
    holder: LinkedParty,
    /// Counts changes; 0 for a link that was never made, which writing it makes.
    version: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<DateTime<Utc>>,
    /// The contract or project that the holder's request is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_reference: Option<String>,
    /// Whether the renewal run takes the holder along unless told otherwise.
    receives_renewals: bool,
    /// Since when it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    renewals_stopped_at: Option<DateTime<Utc>>,
    /// What the holder asks for.
    requirements: RequirementsBody,
    /// What the holder has now; absent where nothing is asked for, and where no certificate stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<LinkCheck>,
    /// What the caller may do: `edit`.
    may: Vec<&'static str>,
}

async fn answer(
    desk: &mut Desk<'_>,
    insured: InsuredId,
    holder: HolderId,
    now: DateTime<Utc>,
) -> Result<(i32, HolderLink), Problem> {
    let permit = holders::find_link::<ViewHolderLink>(desk.tx, desk.actor, insured, holder).await?;
    let checked = holders::checked(desk.tx, &permit, now).await?;
    let terms = &permit.terms;
    let edits = permit.merged_into.is_none() && desk.actor.may::<EditHolderLink>(&permit);
    let link = HolderLink {
        insured: LinkedParty {
            id: permit.insured.uuid(),
            name: permit.insured_name.to_string(),
        },
        holder: LinkedParty {
            id: permit.holder.uuid(),
            name: permit.holder_name.to_string(),
        },
        version: permit.version,
        last_used_at: permit.last_used_at,
        contract_reference: terms.contract_reference.as_ref().map(ToString::to_string),
        receives_renewals: terms.renewals_stopped_at.is_none(),
        renewals_stopped_at: terms.renewals_stopped_at,
        requirements: RequirementsBody::from(&terms.requirements),
        check: checked.map(|checked| LinkCheck {
            certificate_id: checked.id,
            certificate_number: checked.number,
            certificate_revision: checked.revision,
            requirements: views(checked.requirements),
        }),
        may: if edits { vec!["edit"] } else { Vec::new() },
    };
    Ok((permit.version, link))
}

/// Shows a holder as one insured has it: the contract, whether renewals go there, and what the holder asks for, held
/// against the newest certificate that stands. A link that was never made shows as version 0. The ETag is its version.
#[utoipa::path(tag = "holders", params(("insured" = Uuid, Path, description = "The insured's id"),
    ("holder" = Uuid, Path, description = "The holder's id")),
    responses((status = 200, body = HolderLink), Problems))]
#[get("/v1/insureds/{insured}/holders/{holder}")]
pub(crate) async fn get_holder_link(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (insured, holder) = path.into_inner();
    let (insured, holder) = (InsuredId::from_uuid(insured), HolderId::from_uuid(holder));
    let now = caller.now();
    let (version, link) = caller
        .transaction(async |mut desk| answer(&mut desk, insured, holder, now).await)
        .await?;
    Ok(with_version(version).json(link))
}

/// Changes what is written down about a holder and an insured, and links them where they were not. Needs `If-Match`,
/// `"0"` for a link that was never made; fields left out are cleared. No certificate changes by it.
#[utoipa::path(tag = "holders", params(IfMatch, ("insured" = Uuid, Path, description = "The insured's id"),
    ("holder" = Uuid, Path, description = "The holder's id")),
    request_body = HolderLinkBody, responses((status = 200, body = HolderLink), Problems))]
#[put("/v1/insureds/{insured}/holders/{holder}")]
pub(crate) async fn edit_holder_link(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
    version: IfMatch,
    body: web::Json<HolderLinkBody>,
) -> Result<HttpResponse, Problem> {
    let (insured, holder) = path.into_inner();
    let (insured, holder) = (InsuredId::from_uuid(insured), HolderId::from_uuid(holder));
    let now = caller.now();
    let (version, link) = caller
        .transaction(async |mut desk| {
            let permit = holders::find_link::<EditHolderLink>(desk.tx, desk.actor, insured, holder).await?;
            version.check(permit.version)?;
            let edited = edit_link(permit, body.parse()?, now)?;
            holders::record_link_edited(desk.tx, &edited, now).await?;
            answer(&mut desk, insured, holder, now).await
        })
        .await?;
    Ok(with_version(version).json(link))
}
