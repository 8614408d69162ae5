//! Keyset pages: rows after a key, never an offset, so that a page costs the same at any depth.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
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

diesel::define_sql_function! {
    /// Lower case without accents.
    fn folded(plain: diesel::sql_types::Text) -> diesel::sql_types::Text;
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
