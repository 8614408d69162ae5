//! PostgreSQL URLs: taken apart and put together with another login or database.

use std::fmt;

use anyhow::{Context as _, Result};

/// `postgres://login@place/database?options`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DatabaseUrl {
    login: String,
    place: String,
    database: String,
    options: String,
}

impl DatabaseUrl {
    /// A URL for a server on this machine. User and password must need no escaping.
    pub(crate) fn local(port: u16, user: &str, password: &str, database: &str) -> Self {
        Self {
            login: format!("{user}:{password}"),
            place: format!("127.0.0.1:{port}"),
            database: database.to_owned(),
            options: String::new(),
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let rest = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"))
            .context("a database URL starts with postgres://")?;
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, place) = authority
            .rsplit_once('@')
            .context("the database URL names no user")?;
        let login_user = login.split(':').next().unwrap_or_default();
        let database = if database.is_empty() { login_user } else { database };
        Ok(Self {
            login: login.to_owned(),
            place: place.to_owned(),
            database: database.to_owned(),
            options: options.to_owned(),
        })
    }

    pub(crate) fn with_login(&self, user: &str, password: &str) -> Self {
        Self {
            login: format!("{user}:{password}"),
            ..self.clone()
        }
    }

    pub(crate) fn with_database(&self, database: &str) -> Self {
        Self {
            database: database.to_owned(),
            ..self.clone()
        }
    }

    /// Where it leads, without the password.
    pub(crate) fn location(&self) -> String {
        format!("{}/{}", self.place, self.database)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}@{}/{}", self.login, self.place, self.database)?;
        if !self.options.is_empty() {
            write!(f, "?{}", self.options)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_survives_being_taken_apart() {
        for text in [
            "postgres://me:p%40ss@db.example:5433/book?sslmode=require",
            "postgres://me@localhost/book",
        ] {
            assert_eq!(DatabaseUrl::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn login_and_database_can_be_replaced() {
        let url = DatabaseUrl::parse("postgresql://me:secret@db.example/book?sslmode=require").unwrap();
        let other = url.with_login("server", "abc").with_database("log");
        assert_eq!(
            other.to_string(),
            "postgres://server:abc@db.example/log?sslmode=require"
        );
        assert_eq!(other.location(), "db.example/log");
    }

    #[test]
    fn a_url_without_a_database_means_the_one_named_like_the_user() {
        assert_eq!(
            DatabaseUrl::parse("postgres://me:secret@localhost")
                .unwrap()
                .location(),
            "localhost/me"
        );
    }

    #[test]
    fn a_url_without_a_user_is_refused() {
        assert!(DatabaseUrl::parse("postgres://localhost/book").is_err());
        assert!(DatabaseUrl::parse("mysql://me@localhost/book").is_err());
    }
}
