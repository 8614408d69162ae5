//! The library of holders as a file that the importer reads: edited and imported again, it changes those holders.

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::{ExportHolders, ListHolders};
use countersign_domain::exports::export_holders;
use countersign_domain::holders::Holder;
use countersign_domain::ids::HolderGroupId;
use countersign_domain::imports::File;
use countersign_domain::imports::export::csv_line;
use countersign_domain::text::NonBlank;
use countersign_persistence::holders::{self, HolderFilter};
use countersign_persistence::{After, PageRequest, agencies, audit};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::context::{Caller, Desk};
use crate::csv::{AT_ONCE, Chunk, streamed};
use crate::problem::{Problem, Problems};

/// Which holders.
#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedHolders {
    /// Part of a name or an alias.
    #[serde(skip_serializing_if = "Option::is_none")]
    q: Option<String>,
    /// True for those that were put away, instead of those in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    archived: Option<bool>,
    /// Only those of this group.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Uuid>,
}

impl WantedHolders {
    fn filter(&self) -> HolderFilter<'_> {
        HolderFilter {
            text: self.q.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            archived: self.archived.unwrap_or_default(),
            group: self.group.map(HolderGroupId::from_uuid),
        }
    }
}

/// What stands under a column of holders.csv.
fn cell(holder: &Holder, customers: &[String], column: &str) -> String {
    let profile = &holder.profile;
    let home = &profile.address;
    let text = |text: Option<&NonBlank>| text.map_or_else(String::new, ToString::to_string);
    match column {
        "holder_id" => holder.id.to_string(),
        "name" => profile.name.to_string(),
        "care_of" => text(profile.care_of.as_ref()),
        "address_line1" => home.line1.to_string(),
        "address_line2" => text(home.line2.as_ref()),
        "city" => home.city.to_string(),
        "state" => home.state.to_string(),
        "postal_code" => home.postal_code.to_string(),
        "emails" => {
            let emails: Vec<String> = profile.emails.iter().map(ToString::to_string).collect();
            emails.join("; ")
        }
        "phone" => profile
            .phone
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        "delivery" => profile
            .channel
            .map_or_else(String::new, |channel| channel.to_string()),
        "customer_ids" => customers.join("; "),
        _ => String::new(),
    }
}

async fn chunk(desk: Desk<'_>, wanted: &WantedHolders, after: Option<After>) -> Result<Chunk, Problem> {
    let scope = desk.actor.scope::<ListHolders>()?;
    let request = PageRequest {
        limit: AT_ONCE,
        after,
    };
    let page = holders::list(desk.tx, &scope, wanted.filter(), &request).await?;
    let ids: Vec<_> = page.rows.iter().map(|holder| holder.id).collect();
    let customers = holders::customers_of(desk.tx, &scope, &ids).await?;
    let columns = File::Holders.columns();
    let lines = page.rows.iter().map(|holder| {
        let own = customers.get(&holder.id).map_or(&[][..], Vec::as_slice);
        let cells: Vec<String> = columns
            .iter()
            .map(|column| cell(holder, own, column.name))
            .collect();
        csv_line(cells.iter().map(String::as_str))
    });
    Ok(Chunk {
        lines: lines.collect(),
        next: page.next,
    })
}

/// Hands out the library of holders as CSV, by name, as far as the filter leaves it.
///
/// The file is one that an import takes as `holders.csv`: as it is, it changes nothing; what was edited in it changes
/// the holder that `holder_id` names. It is written into the agency's trail that it was taken out. No cell begins as
/// a formula would.
#[utoipa::path(tag = "holders", params(WantedHolders),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
#[get("/v1/holders/export")]
pub(crate) async fn export_all_holders(
    caller: Caller,
    query: web::Query<WantedHolders>,
) -> Result<HttpResponse, Problem> {
    let wanted = query.into_inner();
    let filter = serde_json::to_value(&wanted).map_err(Problem::internal)?;
    let now = caller.now();
    let first = caller
        .transaction(async |desk| {
            let Desk { tx, actor, session } = desk;
            let permit = agencies::find::<ExportHolders>(tx, actor).await?;
            let exported = export_holders(permit, filter);
            let first = chunk(Desk { tx, actor, session }, &wanted, None).await?;
            audit::record_exported(tx, &exported, now).await?;
            Ok(first)
        })
        .await?;
    let head = csv_line(File::Holders.columns().iter().map(|column| column.name));
    let name = format!("holders-{}.csv", now.format("%Y%m%d-%H%M%S"));
    Ok(streamed(name, &head, first, async move |after| {
        caller
            .transaction(async |desk| chunk(desk, &wanted, Some(after)).await)
            .await
    }))
}
