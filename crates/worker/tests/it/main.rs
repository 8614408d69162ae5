//! Stories of the worker against a real Postgres.

mod imports;
