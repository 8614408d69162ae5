//! The list of insureds.

use actix_web::{get, web};
use countersign_domain::authz::rules::{ListInsureds, ViewAgency};
use countersign_domain::text::UsState;
use countersign_persistence::insureds::{InsuredFilter, InsuredRow, InsuredSort};
use countersign_persistence::{agencies, insureds};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::Caller;
use crate::cursor::Purpose;
use crate::faults::Faults;
use crate::portal::PortalState;
use crate::problem::{Problem, Problems};
use crate::wire::{NaiveDate, PageInfo, wire_enum};

wire_enum! {
    /// How the list is sorted; a leading `-` sorts backward.
    InsuredSortWord for InsuredSort {
        Name = "name",
        NameDescending = "-name",
        City = "city",
        CityDescending = "-city",
        NextExpiration = "next_expiration",
        NextExpirationDescending = "-next_expiration",
    }
}

/// Which insureds, in which order.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InsuredsQuery {
    /// Part of a name, "doing business as", email or policy number.
    q: Option<String>,
    /// Two-letter state code.
    state: Option<String>,
    /// Order; by name unless given.
    sort: Option<InsuredSortWord>,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A row of the list.
#[derive(Serialize, ToSchema)]
#[schema(as = InsuredRow)]
pub(crate) struct InsuredRowView {
    id: Uuid,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dba: Option<String>,
    city: String,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trade: Option<String>,
    /// Policies in force.
    policy_count: i64,
    /// The next end of a policy in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_expiration_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portal_state: Option<PortalState>,
}

impl InsuredRowView {
    fn of(row: InsuredRow) -> Result<Self, Problem> {
        let portal_state = match row.portal_state {
            Some(word) => {
                let standing: countersign_domain::portal::AccountStanding =
                    word.parse().map_err(Problem::internal)?;
                Some(standing.into())
            }
            None => None,
        };
        Ok(Self {
            id: row.id,
            name: row.name,
            dba: row.dba,
            city: row.city,
            state: row.state,
            email: row.email,
            phone: row.phone,
            trade: row.trade,
            policy_count: row.policy_count,
            next_expiration_on: row.next_expiration_on,
            portal_state,
        })
    }
}

/// A page of insureds.
#[derive(Serialize, ToSchema)]
pub(crate) struct InsuredPage {
    data: Vec<InsuredRowView>,
    page: PageInfo,
}

/// Lists the agency's insureds.
#[utoipa::path(tag = "insureds", params(InsuredsQuery), responses((status = 200, body = InsuredPage), Problems))]
#[get("/v1/insureds")]
pub(crate) async fn list_insureds(
    caller: Caller,
    query: web::Query<InsuredsQuery>,
) -> Result<web::Json<InsuredPage>, Problem> {
    let query = query.into_inner();
    let text = query
        .q
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned);
    let mut faults = Faults::default();
    let state = faults.optional("/state", query.state.as_deref(), UsState::parse);
    faults.finish(Some(()))?;
    let state = state.map(|state| state.to_string());
    let sort = query.sort.unwrap_or(InsuredSortWord::Name);
    let now = caller.now();
    let page = caller
        .read(async |desk| {
            let agency = agencies::find::<ViewAgency>(desk.tx, desk.actor).await?;
            let scope = desk.actor.scope::<ListInsureds>()?;
            let purpose = Purpose::of("insureds", scope.agency(), &(&text, &state, sort));
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let filter = InsuredFilter {
                text: text.clone(),
                state: state.clone(),
                today: agency.profile.zone.day(now),
                sort: sort.into(),
            };
            let page = insureds::list(desk.tx, &scope, &filter, &request).await?;
            let info = caller.cursors().info(&page, &purpose)?;
            let data = page
                .rows
                .into_iter()
                .map(InsuredRowView::of)
                .collect::<Result<_, _>>()?;
            Ok(InsuredPage { data, page: info })
        })
        .await?;
    Ok(web::Json(page))
}
