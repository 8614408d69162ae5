//! Words of the domain in columns of text.

use std::str::FromStr;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::Text;

/// A word of the domain, read from a column that holds its spelling. Another spelling is an error of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromSqlRow)]
pub struct Word<T>(pub T);

impl<T> FromSql<Text, Pg> for Word<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(std::str::from_utf8(value.as_bytes())?.parse()?))
    }
}
