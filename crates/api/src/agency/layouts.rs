//! What an agency has found out about its own layout in a state.

use actix_web::{HttpResponse, delete, put, web};
use countersign_domain::authz::rules::StateLayout;
use countersign_domain::state_rules::{
    LayoutStanding, LayoutStatement, StatementRefused, state_layout as stated, take_back_layout,
};
use countersign_domain::text::{NonBlank, UsState};
use countersign_persistence::state_rules::Stated;
use countersign_persistence::{agencies, state_rules};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::context::Caller;
use crate::faults::Faults;
use crate::problem::{Problem, ProblemType, Problems};
use crate::wire::{DateTime, NaiveDate, Utc, wire_enum};

wire_enum! {
    /// What was found out: `filed` when the layout was filed with the state, and approved or deemed so, `not_required`
    /// when the state asks for no filing of a layout like this.
    LayoutStandingWord for LayoutStanding { Filed = "filed", NotRequired = "not_required", }
}

/// What an agency has found out about its layout in a state.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LayoutStatementBody {
    standing: LayoutStandingWord,
    /// Where that can be read again: the filing's number, or the text that was looked up.
    reference: String,
    /// The day on which it was filed or looked up; not later than today in the agency's zone.
    checked_on: NaiveDate,
}

/// A statement of the agency, and who made it when.
#[derive(Serialize, ToSchema)]
#[schema(as = LayoutStatement)]
pub(crate) struct LayoutStatementView {
    /// Two-letter state code.
    #[schema(example = "TX")]
    state: String,
    standing: LayoutStandingWord,
    reference: String,
    checked_on: NaiveDate,
    /// Who stated it; the name outlives the account.
    by_name: String,
    at: DateTime<Utc>,
}

impl From<Stated> for LayoutStatementView {
    fn from(stated: Stated) -> Self {
        let Stated {
            statement,
            by_name,
            at,
        } = stated;
        Self {
            state: statement.state.to_string(),
            standing: statement.standing.into(),
            reference: statement.reference.to_string(),
            checked_on: statement.checked_on,
            by_name,
            at,
        }
    }
}

/// A state that is none is as if it did not exist.
fn state_of(path: web::Path<String>) -> Result<UsState, Problem> {
    UsState::parse(&path).map_err(|_| Problem::new(ProblemType::NotFound))
}

/// Takes down what the agency has found out about its own layout in a state, in place of what it had stated before.
///
/// From then on the truth gate asks no more about the layout there. Where the rule on file asks for a filed form and
/// blocks, only `filed` is taken.
#[utoipa::path(tag = "agency", params(("state" = String, Path, description = "Two-letter state code")),
    request_body = LayoutStatementBody, responses((status = 200, body = LayoutStatementView), Problems))]
#[put("/v1/state-rules/{state}/layout")]
pub(crate) async fn state_layout(
    caller: Caller,
    path: web::Path<String>,
    body: web::Json<LayoutStatementBody>,
) -> Result<web::Json<LayoutStatementView>, Problem> {
    let now = caller.now();
    let view = caller
        .transaction(async |desk| {
            let permit = agencies::find::<StateLayout>(desk.tx, desk.actor).await?;
            let state = state_of(path)?;
            let mut faults = Faults::default();
            let reference = faults.text("/reference", &body.reference, NonBlank::parse);
            let statement = LayoutStatement {
                reference: faults.finish(reference)?,
                standing: body.standing.into(),
                checked_on: body.checked_on,
                state,
            };
            let (rule, before) = state_rules::about(desk.tx, &permit, &statement.state).await?;
            let today = permit.profile.zone.day(now);
            let stated = stated(permit, statement.clone(), before, rule.as_ref(), today)?;
            state_rules::record_stated(desk.tx, &stated, now).await?;
            Ok(LayoutStatementView::from(Stated {
                statement,
                by_name: stated.by().name.clone(),
                at: now,
            }))
        })
        .await?;
    Ok(web::Json(view))
}

/// Takes the agency's statement about a state back: the rule on file counts again as it stands.
#[utoipa::path(tag = "agency", params(("state" = String, Path, description = "Two-letter state code")),
    responses((status = 204), Problems))]
#[delete("/v1/state-rules/{state}/layout")]
pub(crate) async fn take_back_layout_statement(
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let now = caller.now();
    caller
        .transaction(async |desk| {
            let permit = agencies::find::<StateLayout>(desk.tx, desk.actor).await?;
            let state = state_of(path)?;
            let (_, before) = state_rules::about(desk.tx, &permit, &state).await?;
            let before = before.ok_or_else(|| Problem::new(ProblemType::NotFound))?;
            let stated = take_back_layout(permit, before);
            Ok(state_rules::record_stated(desk.tx, &stated, now).await?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<StatementRefused> for Problem {
    fn from(refused: StatementRefused) -> Self {
        let (field, code) = match refused {
            StatementRefused::FilingRequired(_) => ("/standing", "filing_required"),
            StatementRefused::LaterThanToday => ("/checked_on", "later_than_today"),
        };
        Self::field(field, code, refused)
    }
}
