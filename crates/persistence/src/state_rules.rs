//! What the states ask of a certificate's form: reference data of the installation.

use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::ViewStateRules;
use countersign_domain::state_rules::StateRule;
use countersign_domain::text::{NonBlank, UsState};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::Error;
use crate::agencies::optional;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::state_rules;

#[derive(Queryable, Selectable)]
#[diesel(table_name = state_rules)]
struct Row {
    state: String,
    rule: String,
    severity: String,
    source: String,
    source_date: Option<String>,
    note: Option<String>,
}

impl TryFrom<Row> for StateRule {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            state: UsState::parse(&row.state).map_err(broken("state_rules.state"))?,
            rule: row.rule.parse().map_err(broken("state_rules.rule"))?,
            severity: row.severity.parse().map_err(broken("state_rules.severity"))?,
            source: NonBlank::parse(&row.source).map_err(broken("state_rules.source"))?,
            source_date: optional(row.source_date, "state_rules.source_date", NonBlank::parse)?,
            note: optional(row.note, "state_rules.note", NonBlank::parse)?,
        })
    }
}

/// Every rule that is on file, by state.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(tx: &mut Tx, _permit: &Permit<ViewStateRules>) -> Result<Vec<StateRule>, Error> {
    let rows: Vec<Row> = state_rules::table
        .order(state_rules::state.asc())
        .select(Row::as_select())
        .load(tx.connection()?)
        .await?;
    rows.into_iter().map(StateRule::try_from).collect()
}

/// The rule of one state, where there is one on file.
pub(crate) async fn of(tx: &mut Tx, state: &UsState) -> Result<Option<StateRule>, Error> {
    let row: Option<Row> = state_rules::table
        .find(state.as_str())
        .select(Row::as_select())
        .first(tx.connection()?)
        .await
        .optional()?;
    row.map(StateRule::try_from).transpose()
}
