//! Certificate holders: the agency's library, and each insured's dropdown.

mod archive;
mod export;
mod get;
mod groups;
mod held;
mod link;
mod list;
mod merge;
pub(crate) mod requirements;
mod similar;
mod write;

use countersign_domain::holders::AlreadyMerged;

use crate::problem::{Problem, ProblemType};

pub(crate) use archive::{archive_holder, restore_holder};
pub(crate) use export::export_all_holders;
pub(crate) use get::get_holder;
pub(crate) use groups::{
    change_holder_group, create_holder_group, delete_holder_group, list_holder_groups, rename_holder_group,
};
pub(crate) use held::list_held;
pub(crate) use link::{edit_holder_link, get_holder_link};
pub(crate) use list::{HolderBody, HolderView, list_holders, list_insured_holders};
pub(crate) use merge::merge_holder;
pub(crate) use similar::find_similar_holders;
pub(crate) use write::{create_holder, edit_holder};

impl From<AlreadyMerged> for Problem {
    fn from(error: AlreadyMerged) -> Self {
        Self::new(ProblemType::HolderMerged).detail(error.to_string())
    }
}
