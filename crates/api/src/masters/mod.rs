//! Master certificates.

mod follow;
mod get;
mod list;
mod write;

pub(crate) use follow::{follow_new_terms, list_new_terms};
pub(crate) use get::{MasterView, get_master};
pub(crate) use list::list_masters;
pub(crate) use write::{create_master, edit_master};
