//! An insured's profile.

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{
    CreateMaster, EditInsured, OpenPortalUser, SendCertificate, ViewInsured,
};
use countersign_domain::ids::InsuredId;
use countersign_domain::insureds::{Contact, Insured};
use countersign_persistence::insureds;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::InsuredKindWord;
use crate::context::{Caller, Desk};
use crate::portal::PortalState;
use crate::problem::{Problem, Problems};
use crate::version::with_version;
use crate::wire::{AddressBody, DateTime, NaiveDate, Utc};

/// A person to reach at an insured.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Contact)]
pub(crate) struct ContactView {
    id: Uuid,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

impl From<Contact> for ContactView {
    fn from(contact: Contact) -> Self {
        Self {
            id: contact.id.uuid(),
            name: contact.name.to_string(),
            title: contact.title.map(|text| text.to_string()),
            email: contact.email.map(|text| text.to_string()),
            phone: contact.phone.map(|text| text.to_string()),
        }
    }
}

/// What a profile says about the portal account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PortalUserSummary {
    id: Uuid,
    state: PortalState,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in_at: Option<DateTime<Utc>>,
}

/// An insured.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Insured)]
pub(crate) struct InsuredView {
    id: Uuid,
    pub(super) version: i32,
    /// Legal name exactly as on the declarations.
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dba: Option<String>,
    kind: InsuredKindWord,
    #[serde(skip_serializing_if = "Option::is_none")]
    trade: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    address: AddressBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fein: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_since: Option<NaiveDate>,
    contacts: Vec<ContactView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portal_user: Option<PortalUserSummary>,
    /// What the caller may do: `edit`, `create_user_account`, `update_user`, `send_certificate`, `create_master`.
    may: Vec<&'static str>,
}

impl InsuredView {
    pub(super) fn of(insured: &Insured, contacts: Vec<Contact>, actor: &Actor) -> Self {
        let profile = &insured.profile;
        let mut may = Vec::new();
        if actor.may::<EditInsured>(insured) {
            may.push("edit");
        }
        if actor.may::<OpenPortalUser>(insured) {
            may.push(if insured.account.is_some() {
                "update_user"
            } else {
                "create_user_account"
            });
        }
        if actor.may::<SendCertificate>(insured) {
            may.push("send_certificate");
        }
        if actor.may::<CreateMaster>(insured) {
            may.push("create_master");
        }
        Self {
            id: insured.id.uuid(),
            version: insured.version,
            name: profile.name.to_string(),
            dba: profile.dba.as_ref().map(ToString::to_string),
            kind: profile.kind.into(),
            trade: profile.trade.as_ref().map(ToString::to_string),
            email: profile.email.as_ref().map(ToString::to_string),
            phone: profile.phone.as_ref().map(ToString::to_string),
            address: AddressBody::from(&profile.address),
            customer_id: profile.customer_id.as_ref().map(ToString::to_string),
            fein: profile.fein.as_ref().map(ToString::to_string),
            customer_since: insured.customer_since,
            contacts: contacts.into_iter().map(ContactView::from).collect(),
            portal_user: insured.account.as_ref().map(|account| PortalUserSummary {
                id: account.id.uuid(),
                state: account.standing.into(),
                last_sign_in_at: account.last_sign_in_at,
            }),
            may,
        }
    }
}

pub(super) async fn view(desk: &mut Desk<'_>, id: InsuredId) -> Result<InsuredView, Problem> {
    let permit = insureds::find::<ViewInsured>(desk.tx, desk.actor, id).await?;
    let contacts = insureds::contacts(desk.tx, &permit).await?;
    Ok(InsuredView::of(&permit, contacts, desk.actor))
}

/// Shows an insured's profile. The ETag is its version.
#[utoipa::path(tag = "insureds", params(("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = InsuredView), Problems))]
#[get("/v1/insureds/{insured}")]
pub(crate) async fn get_insured(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = InsuredId::from_uuid(path.into_inner());
    let view = caller
        .transaction(async |mut desk| view(&mut desk, id).await)
        .await?;
    Ok(with_version(view.version).json(view))
}
