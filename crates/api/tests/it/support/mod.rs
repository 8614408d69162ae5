//! What every journey stands on: an agency with its server, its worker and its mailbox; people who use it;
//! and a book of business.

pub(crate) mod app;
pub(crate) mod book;
pub(crate) mod browser;
pub(crate) mod contract;
pub(crate) mod people;
pub(crate) mod relay;

pub(crate) use app::App;
pub(crate) use browser::{Answer, Browser};
