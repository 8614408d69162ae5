//! Keyset pages: rows after a key, never an offset, so that a page costs the same at any depth.

use chrono::{DateTime, Utc};
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where the page before ended: the sort key and the id that breaks ties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// The sort key as text.
    #[serde(rename = "k")]
    pub key: String,
    /// The id.
    #[serde(rename = "i")]
    pub id: Uuid,
}

/// Which page is wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// At most this many rows.
    pub limit: u16,
    /// Where the page before ended.
    pub after: Option<After>,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<After>,
}

impl PageRequest {
    /// How many rows to ask for: one more than wanted tells whether there is another page.
    #[must_use]
    pub fn probe(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts the probe row off and notes where the next page begins.
    pub fn cut<T>(&self, mut rows: Vec<T>, key: impl FnOnce(&T) -> After) -> Page<T> {
        let limit = usize::from(self.limit);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Page { rows, next }
    }
}

/// A query whose `LIMIT` stands in its text.
///
/// Postgres plans a limit that is a parameter anew each time, since it cannot know how few rows are wanted; a
/// number in the text lets it keep the plan of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limited<Q> {
    query: Q,
    rows: i64,
}

/// Adds the limit of a page.
pub(crate) trait AtMost: Sized {
    /// At most this many rows.
    fn at_most(self, rows: i64) -> Limited<Self> {
        Limited { query: self, rows }
    }
}

impl<Q: Query> AtMost for Q {}

impl<Q: Query> Query for Limited<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Limited<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Limited<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.rows.to_string());
        Ok(())
    }
}

/// Whether a row comes after another one where the newest moment comes first, and of one moment the greatest id.
///
/// Compared as a whole, and not by parts joined by OR, so that Postgres walks the index from just there.
///
/// The values are [`Unseen`]: where a page begins does not matter to how it is read.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct OlderThan<M, I> {
    columns: (M, I),
    moment: DateTime<Utc>,
    id: Uuid,
}

/// The rows after the one of this moment and id.
pub(crate) const fn older_than<M, I>(columns: (M, I), moment: DateTime<Utc>, id: Uuid) -> OlderThan<M, I> {
    OlderThan { columns, moment, id }
}

impl<M, I> Expression for OlderThan<M, I>
where
    M: Expression<SqlType = sql_types::Timestamptz>,
    I: Expression<SqlType = sql_types::Uuid>,
{
    type SqlType = sql_types::Bool;
}

impl<M, I, G> ValidGrouping<G> for OlderThan<M, I> {
    type IsAggregate = is_aggregate::No;
}

impl<M, I, QS> AppearsOnTable<QS> for OlderThan<M, I>
where
    Self: Expression,
    M: AppearsOnTable<QS>,
    I: AppearsOnTable<QS>,
{
}

impl<M, I, QS> SelectableExpression<QS> for OlderThan<M, I>
where
    Self: AppearsOnTable<QS>,
    M: SelectableExpression<QS>,
    I: SelectableExpression<QS>,
{
}

impl<M: QueryFragment<Pg>, I: QueryFragment<Pg>> QueryFragment<Pg> for OlderThan<M, I> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (moment, id) = &self.columns;
        out.push_sql("(");
        moment.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        id.walk_ast(out.reborrow())?;
        out.push_sql(") < ((SELECT ");
        out.push_bind_param::<sql_types::Timestamptz, _>(&self.moment)?;
        out.push_sql("), (SELECT ");
        out.push_bind_param::<sql_types::Uuid, _>(&self.id)?;
        out.push_sql("))");
        Ok(())
    }
}

/// An id that Postgres does not look at while it plans.
///
/// Of a statement that it has prepared, Postgres keeps the plan only while plans that look at the values promise to cost
/// no less than planning takes. A page of the log is read in the same way whichever agency, insured or place in it is
/// asked for, but the promises differ by a little, and then it plans anew for each request, which takes longer than
/// reading the page.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct Unseen(pub(crate) Uuid);

impl Expression for Unseen {
    type SqlType = sql_types::Uuid;
}

impl<G> ValidGrouping<G> for Unseen {
    type IsAggregate = is_aggregate::Never;
}

impl<QS> AppearsOnTable<QS> for Unseen {}

impl<QS> SelectableExpression<QS> for Unseen {}

impl QueryFragment<Pg> for Unseen {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(SELECT ");
        out.push_bind_param::<sql_types::Uuid, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

diesel::define_sql_function! {
    /// Lower case without accents.
    fn folded(plain: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

diesel::define_sql_function! {
    /// Where a part of a text begins, counted from 1; 0 where it has none. Under row-level security the database may not
    /// look into what it knows of a column to tell how many rows a pattern finds. It then takes next to none for likely,
    /// reads all and sorts. Of a place beyond 0 it takes a third for likely, and walks in the wanted order until the page
    /// is full.
    fn strpos(text: diesel::sql_types::Text, part: diesel::sql_types::Text) -> diesel::sql_types::Integer;
}

diesel::define_sql_function! {
    /// The pattern that finds a part of a folded text, whatever wildcards it holds.
    fn folded_anywhere(part: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A text as a `LIKE` pattern that finds it anywhere, with its wildcards made plain.
#[must_use]
pub(crate) fn anywhere(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_text_cannot_smuggle_wildcards() {
        assert_eq!(anywhere("100%_a\\"), "%100\\%\\_a\\\\%");
    }
}
