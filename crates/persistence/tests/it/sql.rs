//! Plain statements, for what the product itself must not be able to ask.

use countersign_persistence::testing::TestDb;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// A connection that speaks SQL.
pub(crate) struct Sql {
    client: Client,
}

/// The fields of a row as text, nulls as empty text.
pub(crate) type Row = Vec<String>;

impl Sql {
    pub(crate) async fn at(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        Self { client }
    }

    /// As the owner of the database.
    pub(crate) async fn owner(db: &TestDb) -> Self {
        Self::at(&db.owner_url()).await
    }

    /// As the server.
    pub(crate) async fn app(db: &TestDb) -> Self {
        Self::at(db.app().url()).await
    }

    /// As the worker.
    pub(crate) async fn worker(db: &TestDb) -> Self {
        Self::at(db.worker().url()).await
    }

    /// The rows of the last statement that has some.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<Row> {
        self.tried(sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// As [`Self::rows`], or the server's words.
    pub(crate) async fn tried(&self, sql: &str) -> Result<Vec<Row>, String> {
        let messages = self.client.simple_query(sql).await.map_err(|error| {
            error.as_db_error().map_or_else(
                || error.to_string(),
                |db| format!("{}: {}", db.code().code(), db.message()),
            )
        })?;
        let rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(
                (0..row.len())
                    .map(|place| row.get(place).unwrap_or_default().to_owned())
                    .collect(),
            ),
            _ => None,
        });
        Ok(rows.collect())
    }

    /// The first column.
    pub(crate) async fn column(&self, sql: &str) -> Vec<String> {
        let rows = self.rows(sql).await.into_iter();
        rows.map(|row| row.into_iter().next().unwrap()).collect()
    }

    /// The one field.
    pub(crate) async fn one(&self, sql: &str) -> String {
        let mut column = self.column(sql).await;
        assert_eq!(column.len(), 1, "{sql}");
        column.remove(0)
    }

    /// The one number.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.one(sql).await.parse().unwrap()
    }
}
