//! The agency's profile.

use actix_web::{HttpResponse, get};
use countersign_domain::agency::Agency;
use countersign_domain::authz::rules::{EditAgency, ViewAgency};
use countersign_persistence::agencies;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::version::with_version;
use crate::wire::{AddressBody, ChannelWord};

/// The agency's profile.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Agency)]
pub(crate) struct AgencyView {
    id: Uuid,
    pub(super) version: i32,
    slug: String,
    name: String,
    /// Mailing address; certificates cannot be issued without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<AddressBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fax: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Whom to ask, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_name: Option<String>,
    /// Where replies to mails go.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<String>,
    /// How to reach support.
    #[serde(skip_serializing_if = "Option::is_none")]
    support_text: Option<String>,
    accent_color: String,
    /// Who signs certificates unless a master says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    authorized_representative: Option<String>,
    /// IANA name.
    time_zone: String,
    /// How mails carry certificates that insureds send in the portal to holders who prefer nothing.
    portal_channel: ChannelWord,
    /// What the caller may do: `edit`.
    may: Vec<&'static str>,
}

impl AgencyView {
    pub(super) fn of(agency: &Agency, may_edit: bool) -> Self {
        let profile = &agency.profile;
        let text = |value: Option<String>| value;
        Self {
            id: agency.id.uuid(),
            version: agency.version,
            slug: agency.slug.to_string(),
            name: profile.name.to_string(),
            address: profile.address.as_ref().map(AddressBody::from),
            phone: text(profile.phone.as_ref().map(ToString::to_string)),
            fax: text(profile.fax.as_ref().map(ToString::to_string)),
            email: text(profile.email.as_ref().map(ToString::to_string)),
            contact_name: text(profile.contact_name.as_ref().map(ToString::to_string)),
            reply_to: text(profile.reply_to.as_ref().map(ToString::to_string)),
            support_text: text(profile.support_text.as_ref().map(ToString::to_string)),
            accent_color: profile.accent_color.to_string(),
            authorized_representative: text(
                profile
                    .authorized_representative
                    .as_ref()
                    .map(ToString::to_string),
            ),
            time_zone: profile.zone.name().to_owned(),
            portal_channel: profile.portal_channel.into(),
            may: if may_edit { vec!["edit"] } else { Vec::new() },
        }
    }
}

/// Shows the agency's profile.
#[utoipa::path(tag = "agency", responses((status = 200, body = AgencyView), Problems))]
#[get("/v1/agency")]
pub(crate) async fn get_agency(caller: Caller) -> Result<HttpResponse, Problem> {
    let view = caller
        .read(async |desk| {
            let permit = agencies::find::<ViewAgency>(desk.tx, desk.actor).await?;
            Ok(AgencyView::of(&permit, desk.actor.may::<EditAgency>(&permit)))
        })
        .await?;
    Ok(with_version(view.version).json(view))
}
