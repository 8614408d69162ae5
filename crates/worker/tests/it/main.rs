//! Stories of the worker against a real Postgres and a real socket.
#![cfg(test)]

mod book;
mod crashes;
mod deliveries;
mod imports;
mod passwords;
mod queue;
mod relay;
mod smtp;
mod support;
