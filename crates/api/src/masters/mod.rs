//! Master certificates.

mod get;
mod list;
mod write;

pub(crate) use get::{MasterView, get_master};
pub(crate) use list::list_masters;
pub(crate) use write::{create_master, edit_master};
