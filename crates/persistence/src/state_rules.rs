//! What the states ask of a certificate's form, which is reference data of the installation, and what an agency has
//! found out for its own layout.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{StateLayout, ViewStateRules};
use countersign_domain::state_rules::{LayoutStated, LayoutStatement, StateRule};
use countersign_domain::text::{NonBlank, UsState};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::agencies::optional;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::{layout_statements, state_rules};
use crate::{Error, audit};

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
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(StateRule::try_from).collect()
}

/// The rule of one state, where there is one on file.
pub(crate) async fn of(tx: &mut Tx, state: &UsState) -> Result<Option<StateRule>, Error> {
    let row: Option<Row> = state_rules::table
        .find(state.as_str())
        .select(Row::as_select())
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    row.map(StateRule::try_from).transpose()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = layout_statements)]
struct StatementRow {
    state: String,
    standing: String,
    reference: String,
    checked_on: NaiveDate,
    stated_by_name: String,
    stated_at: DateTime<Utc>,
}

/// A statement, and who made it when.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The statement.
    pub statement: LayoutStatement,
    /// Who made it; the name at that time.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl TryFrom<StatementRow> for Stated {
    type Error = Error;

    fn try_from(row: StatementRow) -> Result<Self, Error> {
        Ok(Self {
            statement: LayoutStatement {
                state: UsState::parse(&row.state).map_err(broken("layout_statements.state"))?,
                standing: row
                    .standing
                    .parse()
                    .map_err(broken("layout_statements.standing"))?,
                reference: NonBlank::parse(&row.reference).map_err(broken("layout_statements.reference"))?,
                checked_on: row.checked_on,
            },
            by_name: row.stated_by_name,
            at: row.stated_at,
        })
    }
}

/// What the agency has found out, by state.
///
/// # Errors
/// [`Error`] of the database.
pub async fn statements(tx: &mut Tx, _permit: &Permit<ViewStateRules>) -> Result<Vec<Stated>, Error> {
    let rows: Vec<StatementRow> = layout_statements::table
        .filter(layout_statements::agency_id.eq(tx.agency().uuid()))
        .order(layout_statements::state.asc())
        .select(StatementRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(Stated::try_from).collect()
}

/// What the agency has found out about its layout in one state.
pub(crate) async fn statement(tx: &mut Tx, state: &UsState) -> Result<Option<LayoutStatement>, Error> {
    let row: Option<StatementRow> = layout_statements::table
        .find((tx.agency().uuid(), state.as_str()))
        .select(StatementRow::as_select())
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    Ok(row
        .map(Stated::try_from)
        .transpose()?
        .map(|stated| stated.statement))
}

/// What a statement about a state is held against: the rule on file, and what was stated before.
///
/// # Errors
/// [`Error`] of the database.
pub async fn about(
    tx: &mut Tx,
    _permit: &Permit<StateLayout>,
    state: &UsState,
) -> Result<(Option<StateRule>, Option<LayoutStatement>), Error> {
    Ok((of(tx, state).await?, statement(tx, state).await?))
}

/// Writes what the agency has found out, in place of what it had before, or takes it away.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_stated(tx: &mut Tx, stated: &LayoutStated, now: DateTime<Utc>) -> Result<(), Error> {
    let key = (tx.agency().uuid(), stated.state().as_str());
    match stated.statement() {
        Some(statement) => {
            let values = (
                layout_statements::standing.eq(statement.standing.as_str()),
                layout_statements::reference.eq(statement.reference.as_str()),
                layout_statements::checked_on.eq(statement.checked_on),
                layout_statements::stated_by_id.eq(stated.by().id),
                layout_statements::stated_by_name.eq(&stated.by().name),
                layout_statements::stated_at.eq(now),
            );
            diesel::insert_into(layout_statements::table)
                .values((
                    layout_statements::agency_id.eq(key.0),
                    layout_statements::state.eq(key.1),
                    values,
                ))
                .on_conflict((layout_statements::agency_id, layout_statements::state))
                .do_update()
                .set(values)
                .execute(&mut tx.connection()?)
                .await?;
        }
        None => {
            diesel::delete(layout_statements::table.find(key))
                .execute(&mut tx.connection()?)
                .await?;
        }
    }
    audit::append(tx, stated, now).await
}
