//! Creating and changing insureds.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use countersign_domain::authz::rules::{CreateInsured, EditInsured};
use countersign_domain::ids::InsuredId;
use countersign_domain::insureds::{self as domain, Profile};
use countersign_domain::text::{EmailAddress, NonBlank, Phone};
use countersign_persistence::{agencies, insureds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::InsuredKindWord;
use super::get::{InsuredView, view};
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::AddressBody;

/// An insured as staff write it down.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InsuredBody {
    /// Legal name exactly as on the declarations.
    name: String,
    dba: Option<String>,
    kind: InsuredKindWord,
    trade: Option<String>,
    /// Where the portal invitation goes.
    email: Option<String>,
    phone: Option<String>,
    address: AddressBody,
    /// The agency's own number for this customer.
    customer_id: Option<String>,
    fein: Option<String>,
}

impl InsuredBody {
    fn parse(&self) -> Result<Profile, Problem> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NonBlank::parse);
        let dba = faults.optional("/dba", self.dba.as_deref(), NonBlank::parse);
        let trade = faults.optional("/trade", self.trade.as_deref(), NonBlank::parse);
        let email = faults.optional("/email", self.email.as_deref(), EmailAddress::parse);
        let phone = faults.optional("/phone", self.phone.as_deref(), Phone::parse);
        let address = faults.address("/address", &self.address);
        let customer_id = faults.optional("/customer_id", self.customer_id.as_deref(), NonBlank::parse);
        let fein = faults.optional("/fein", self.fein.as_deref(), NonBlank::parse);
        let kind = self.kind.into();
        let profile = (|| {
            Some(Profile {
                name: name?,
                dba,
                kind,
                trade,
                email,
                phone,
                address: address?,
                customer_id,
                fein,
            })
        })();
        faults.finish(profile)
    }
}

/// Creates an insured.
#[utoipa::path(tag = "insureds", params(IdempotencyKey), request_body = InsuredBody, responses((status = 201, body = InsuredView), Problems))]
#[post("/v1/insureds")]
pub(crate) async fn create_insured(
    caller: Caller,
    body: web::Json<InsuredBody>,
) -> Result<HttpResponse, Problem> {
    let id = InsuredId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = agencies::find::<CreateInsured>(desk.tx, desk.actor).await?;
            let created = domain::create(permit, id, body.parse()?);
            insureds::record_created(desk.tx, &created, now).await?;
            view(&mut desk, id).await
        })
        .await
}

/// Changes an insured's profile. Needs `If-Match`; fields left out are cleared.
#[utoipa::path(tag = "insureds", params(IfMatch, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = InsuredBody, responses((status = 200, body = InsuredView), Problems))]
#[put("/v1/insureds/{insured}")]
pub(crate) async fn edit_insured(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<InsuredBody>,
) -> Result<HttpResponse, Problem> {
    let id = InsuredId::from_uuid(path.into_inner());
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = insureds::lock::<EditInsured>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let edited = domain::edit(permit, body.parse()?);
            insureds::record_edited(desk.tx, &edited, now).await?;
            view(&mut desk, id).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}
