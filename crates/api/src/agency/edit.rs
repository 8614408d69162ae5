//! Changing the agency's profile.

use actix_web::{HttpResponse, put, web};
use countersign_domain::agency::{self, AgencyProfile, Zone};
use countersign_domain::authz::rules::{EditAgency, ViewAgency};
use countersign_domain::text::{Color, EmailAddress, NonBlank, Phone};
use countersign_persistence::agencies;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AgencyView;
use crate::context::Caller;
use crate::faults::Faults;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::{AddressBody, ChannelWord};

/// The agency's profile as staff write it down.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgencyBody {
    name: String,
    address: Option<AddressBody>,
    phone: Option<String>,
    fax: Option<String>,
    email: Option<String>,
    contact_name: Option<String>,
    reply_to: Option<String>,
    support_text: Option<String>,
    accent_color: String,
    authorized_representative: Option<String>,
    /// IANA name.
    time_zone: String,
    /// How mails carry certificates that insureds send in the portal to holders who prefer nothing; as it is unless given.
    portal_channel: Option<ChannelWord>,
}

impl AgencyBody {
    fn parse(&self, before: &AgencyProfile) -> Result<AgencyProfile, Problem> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NonBlank::parse);
        let address = self
            .address
            .as_ref()
            .and_then(|address| faults.address("/address", address));
        let phone = faults.optional("/phone", self.phone.as_deref(), Phone::parse);
        let fax = faults.optional("/fax", self.fax.as_deref(), Phone::parse);
        let email = faults.optional("/email", self.email.as_deref(), EmailAddress::parse);
        let contact_name = faults.optional("/contact_name", self.contact_name.as_deref(), NonBlank::parse);
        let reply_to = faults.optional("/reply_to", self.reply_to.as_deref(), EmailAddress::parse);
        let support_text = faults.optional("/support_text", self.support_text.as_deref(), NonBlank::parse);
        let accent_color = faults.text("/accent_color", &self.accent_color, Color::parse);
        let authorized_representative = faults.optional(
            "/authorized_representative",
            self.authorized_representative.as_deref(),
            NonBlank::parse,
        );
        let zone = faults.value("/time_zone", "not_a_zone", Zone::parse(&self.time_zone));
        let profile = (|| {
            Some(AgencyProfile {
                name: name?,
                address,
                phone,
                fax,
                email,
                contact_name,
                reply_to,
                support_text,
                accent_color: accent_color?,
                authorized_representative,
                zone: zone?,
                portal_channel: self.portal_channel.map_or(before.portal_channel, Into::into),
            })
        })();
        faults.finish(profile)
    }
}

/// Changes the agency's profile. Needs `If-Match`.
#[utoipa::path(tag = "agency", params(IfMatch), request_body = AgencyBody, responses((status = 200, body = AgencyView), Problems))]
#[put("/v1/agency")]
pub(crate) async fn edit_agency(
    caller: Caller,
    version: IfMatch,
    body: web::Json<AgencyBody>,
) -> Result<HttpResponse, Problem> {
    let now = caller.now();
    let view = caller
        .transaction(async |desk| {
            let permit = agencies::find::<EditAgency>(desk.tx, desk.actor).await?;
            version.check(permit.version)?;
            let profile = body.parse(&permit.profile)?;
            let edited = agency::edit(permit, profile);
            agencies::record_edited(desk.tx, &edited, now).await?;
            let permit = agencies::find::<ViewAgency>(desk.tx, desk.actor).await?;
            Ok(AgencyView::of(&permit, true))
        })
        .await?;
    Ok(with_version(view.version).json(view))
}
