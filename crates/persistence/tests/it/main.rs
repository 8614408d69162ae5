//! Storage against a real Postgres, in the roles of the product: what the catalog promises, what one agency
//! never sees of another, and what each outcome leaves behind.
#![cfg(test)]

mod accounts;
mod activity;
mod cast;
mod catalog;
mod certificates;
mod insureds;
mod log;
mod masters;
mod migrations;
mod policies;
mod requests;
mod schema;
mod sql;
mod sweeping;
mod tenants;
mod vocabulary;
