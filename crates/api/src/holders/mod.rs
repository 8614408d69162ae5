//! Certificate holders.

mod list;

pub(crate) use list::{HolderBody, list_holders, list_insured_holders};
