//! Reading in one statement: it admits whoever shows a session, names the agency to row-level security, and reads.
//!
//! What a session stands for is remembered together with the versions of the rows that say so (their `xmin`, which any
//! change of a row changes). The statement reads those versions again before anything else, so an answer is given only
//! if nothing has changed since, on whichever server.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Binary, Bool, SqlType, Text, Timestamptz};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

use crate::sessions::Shown;

/// Where whoever shows a session stands, until a statement lets them in.
pub struct Door<'a> {
    pub(crate) connection: &'a AsyncPgConnection,
    pub(crate) shown: Shown<'a>,
    pub(crate) rows: &'a str,
}

impl std::fmt::Debug for Door<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

impl<'a> Door<'a> {
    /// The condition that lets a query read: that the session and the account behind it still are what is remembered.
    pub(crate) fn admits(&self) -> Admits<'a> {
        let Shown { app, token, now, .. } = self.shown;
        Admits {
            agency: token.agency().uuid(),
            token: token.hash(),
            app: app.as_str(),
            rows: self.rows,
            moment: now,
            idle_since: now - app.idle(),
        }
    }
}

/// SQL as it stands here. Unlike diesel's own literal it is prepared once: a text that never changes may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verbatim<T> {
    text: &'static str,
    of: PhantomData<T>,
}

impl<T> Verbatim<T> {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            of: PhantomData,
        }
    }
}

impl<T: SqlType + TypedExpressionType> Expression for Verbatim<T> {
    type SqlType = T;
}

impl<T, G> ValidGrouping<G> for Verbatim<T> {
    type IsAggregate = is_aggregate::Never;
}

impl<T, QS> AppearsOnTable<QS> for Verbatim<T> where Self: Expression {}

impl<T, QS> SelectableExpression<QS> for Verbatim<T> where Self: AppearsOnTable<QS> {}

impl<T> QueryId for Verbatim<T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T> QueryFragment<Pg> for Verbatim<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.text);
        Ok(())
    }
}

/// The versions of the rows behind a session of staff, as `admit` compares them.
pub(crate) const fn staff_rows() -> Verbatim<Text> {
    Verbatim::new("concat_ws(' ', sessions.xmin, staff_users.xmin, staff_groups.xmin)")
}

/// The versions of the rows behind a session in the portal, as `admit` compares them.
pub(crate) const fn portal_rows() -> Verbatim<Text> {
    Verbatim::new("concat_ws(' ', sessions.xmin, portal_users.xmin, insureds.xmin)")
}

/// What [`Door::admits`] asks.
///
/// It is a subquery of its own that depends on no row. Postgres answers such a one once, before it reads the first row,
/// and reads none if the answer is no; whatever else holds for all rows alike, as row-level security does, it asks
/// afterwards. Were it ever to ask that first, no agency would be named yet, and nothing be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admits<'a> {
    agency: Uuid,
    token: [u8; 32],
    app: &'static str,
    rows: &'a str,
    moment: DateTime<Utc>,
    idle_since: DateTime<Utc>,
}

impl Expression for Admits<'_> {
    type SqlType = Bool;
}

impl<G> ValidGrouping<G> for Admits<'_> {
    type IsAggregate = is_aggregate::Never;
}

impl<QS> AppearsOnTable<QS> for Admits<'_> {}

impl QueryId for Admits<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Admits<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(SELECT admit(");
        out.push_bind_param::<diesel::sql_types::Uuid, _>(&self.agency)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&self.token)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.app)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.rows)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.moment)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.idle_since)?;
        out.push_sql("))");
        Ok(())
    }
}
