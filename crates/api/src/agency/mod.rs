//! The agency's own profile, and the staff app's home page.

mod edit;
mod get;
mod home;
mod layouts;
mod state_rules;

pub(crate) use edit::edit_agency;
pub(crate) use get::{AgencyView, get_agency};
pub(crate) use home::get_home;
pub(crate) use layouts::{state_layout, take_back_layout_statement};
pub(crate) use state_rules::list_state_rules;
