//! An agency's public face: what a sign-in page shows.

use actix_web::{get, web};
use countersign_domain::agency::Agency;
use countersign_persistence::agencies;
use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Stranger;
use crate::problem::{Problem, Problems};

/// An agency's public face.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AgencyCard {
    /// Its name in addresses.
    slug: String,
    /// Its name.
    name: String,
    /// Its color, `#rrggbb`.
    accent_color: String,
    /// IANA time zone of its dates.
    time_zone: String,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// Email.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// How to reach support.
    #[serde(skip_serializing_if = "Option::is_none")]
    support_text: Option<String>,
}

impl From<&Agency> for AgencyCard {
    fn from(agency: &Agency) -> Self {
        let profile = &agency.profile;
        Self {
            slug: agency.slug.to_string(),
            name: profile.name.to_string(),
            accent_color: profile.accent_color.to_string(),
            time_zone: profile.zone.name().to_owned(),
            phone: profile.phone.as_ref().map(ToString::to_string),
            email: profile.email.as_ref().map(ToString::to_string),
            support_text: profile.support_text.as_ref().map(ToString::to_string),
        }
    }
}

/// Shows an agency's public face: its name and color for the sign-in page.
#[utoipa::path(tag = "session", security(()), params(("agency" = String, Path, description = "The agency's slug")),
    responses((status = 200, body = AgencyCard), Problems))]
#[get("/v1/agencies/{agency}")]
pub(crate) async fn get_agency_card(
    stranger: Stranger,
    path: web::Path<String>,
) -> Result<web::Json<AgencyCard>, Problem> {
    let id = stranger.agency(&path).await?;
    let agency = stranger
        .transaction(id, async |tx| Ok(agencies::card(tx).await?))
        .await?;
    Ok(web::Json(AgencyCard::from(&agency)))
}
