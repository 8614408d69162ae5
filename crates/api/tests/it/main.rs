//! The API's tests: one binary, so that it is linked once.
#![cfg(test)]

mod access;
mod agency;
mod approvals;
mod batches;
mod bounces;
mod certificates_sent;
mod channels;
mod endorsement_files;
mod exports;
mod failed_mail;
mod gate;
mod holders;
mod imports;
mod insureds;
mod interests;
mod links;
mod masters;
mod notices;
mod notices_elsewhere;
mod openapi;
mod passwords;
mod policies;
mod portal_accounts;
mod problems;
mod questions;
mod recipients;
mod sending;
mod sessions;
mod standing;
mod support;
mod templates;
mod undo;
