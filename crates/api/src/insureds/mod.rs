//! Insureds: list, search, profile, policies, history.

mod activity;
mod get;
mod list;
mod policies;
mod search;
mod write;

pub(crate) use activity::{
    ActivityActor, ActivityPage, ActivityView, export_activity, list_activity, summary,
};
pub(crate) use get::get_insured;
pub(crate) use list::{InsuredSortWord, list_insureds};
pub(crate) use policies::{
    AggregateWord, AuthorityWord, CarrierView, EffectWord, ExcessKindWord, ExcludedWord, LimitView,
    PolicyView, RetentionWord, ScopeWord, TriggerWord, limits_of, list_policies,
};
pub(crate) use search::search_everything;
pub(crate) use write::{create_insured, edit_insured};

use crate::wire::wire_enum;
use countersign_domain::insureds::InsuredKind;

wire_enum! {
    /// Whether the insured is a business or a person.
    InsuredKindWord for InsuredKind { Commercial = "commercial", Personal = "personal", }
}
