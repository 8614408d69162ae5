//! Finding the holders that a list from elsewhere means.

use actix_web::{post, web};
use countersign_domain::authz::rules::StartBatch;
use countersign_domain::certificates::batch::MAX_ROWS;
use countersign_domain::holders::{Holder, meant, meant_once};
use countersign_domain::ids::InsuredId;
use countersign_persistence::{batches, insureds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Caller;
use crate::faults::Faults;
use crate::holders::HolderView;
use crate::problem::{Problem, Problems};

/// A row of a list: a name, addresses, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedHolder {
    /// The holder's name or an alias.
    #[serde(default)]
    name: String,
    /// Where its certificate goes, and what tells namesakes apart.
    #[serde(default)]
    emails: Vec<String>,
}

/// A list of holders.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatchBody {
    /// 1 to 500 rows.
    rows: Vec<NamedHolder>,
}

/// What a row means: no holder of the library, one, or several to choose from.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatchedRow {
    holders: Vec<HolderView>,
    /// Where it means none: archived holders that it would mean.
    archived: Vec<HolderView>,
}

/// What each row means.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchMatches {
    /// In the order of the request.
    rows: Vec<MatchedRow>,
}

/// Looks up the holders that the rows of a list mean, by name, alias or address. Nothing is kept.
#[utoipa::path(tag = "batches", params(("insured" = Uuid, Path, description = "The insured's id")),
    request_body = MatchBody, responses((status = 200, body = BatchMatches), Problems))]
#[post("/v1/insureds/{insured}/batches/holders")]
pub(crate) async fn match_batch_holders(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<MatchBody>,
) -> Result<web::Json<BatchMatches>, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let rows = caller
        .transaction(async |desk| {
            let permit = insureds::find::<StartBatch>(desk.tx, desk.actor, insured).await?;
            let wanted = parse(&body.rows)?;
            let names: Vec<String> = wanted.iter().map(|(name, _)| name.clone()).collect();
            let emails: Vec<String> = wanted
                .iter()
                .flat_map(|(_, emails)| emails.iter().map(ToString::to_string))
                .collect();
            let found = batches::holders_named(desk.tx, &permit, &names, &emails).await?;
            Ok::<_, Problem>(
                wanted
                    .iter()
                    .map(|(name, emails)| {
                        let holders = meant(&found, name, emails);
                        let archived = match holders.len() {
                            0 => meant_once(&found, name, emails),
                            _ => Vec::new(),
                        };
                        let views = |of: Vec<&Holder>| {
                            of.into_iter()
                                .map(|holder| HolderView::of(holder, None))
                                .collect()
                        };
                        MatchedRow {
                            holders: views(holders),
                            archived: views(archived),
                        }
                    })
                    .collect(),
            )
        })
        .await?;
    Ok(web::Json(BatchMatches { rows }))
}

type Wanted = (String, Vec<countersign_domain::text::EmailAddress>);

fn parse(rows: &[NamedHolder]) -> Result<Vec<Wanted>, Problem> {
    let mut faults = Faults::default();
    if rows.is_empty() {
        faults.add("/rows", "empty", "the list has no row");
    }
    if rows.len() > MAX_ROWS {
        let detail = format!("takes at most {MAX_ROWS} rows");
        faults.add("/rows", "too_many", detail);
    }
    let mut wanted = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate().take(MAX_ROWS) {
        let emails = faults.emails(&format!("/rows/{place}/emails"), &row.emails);
        let parts = row.name.split(|c: char| c.is_whitespace() || c.is_control());
        let name = parts
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        if name.is_empty() && row.emails.iter().all(|email| email.trim().is_empty()) {
            faults.add(&format!("/rows/{place}"), "empty", "needs a name or an address");
        }
        wanted.push((name, emails));
    }
    faults.finish(Some(wanted))
}
