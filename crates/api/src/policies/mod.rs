//! A policy: what it says, who relies on it, and how staff change it.

mod attach;
mod cancel;
mod carriers;
mod edit;
mod endorse;
mod get;
mod history;
mod holders;
mod notices;
mod renew;
mod terms;

pub(crate) use attach::{attach_endorsement_file, get_endorsement_file, remove_endorsement_file};
pub(crate) use cancel::cancel_policy;
pub(crate) use carriers::list_carriers;
pub(crate) use edit::edit_policy;
pub(crate) use endorse::{add_endorsement, edit_endorsement, remove_endorsement};
pub(crate) use get::get_policy;
pub(crate) use history::list_policy_history;
pub(crate) use holders::list_policy_holders;
pub(crate) use notices::{preview_courtesy_notice, send_courtesy_notices};
pub(crate) use renew::renew_policy;
