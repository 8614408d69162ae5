//! The API's tests: one binary, so that it is linked once.
#![cfg(test)]

mod access;
mod agency;
mod certificates_sent;
mod exports;
mod failed_mail;
mod imports;
mod insureds;
mod masters;
mod openapi;
mod passwords;
mod portal_accounts;
mod problems;
mod sending;
mod sessions;
mod standing;
mod support;
