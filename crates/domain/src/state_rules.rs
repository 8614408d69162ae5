//! What the states ask of a certificate's form. Reference data of the installation: each rule has its source and the
//! date of that, so that people can check it; nothing here is legal advice.
//!
//! Invariant: a state that nobody has looked up is never taken for one without a rule.

use crate::certificates::truth::Severity;
use crate::text::{NonBlank, UsState};
use crate::vocabulary;

vocabulary! {
    /// What a state asks of the form of a certificate.
    pub enum LayoutRule {
        /// Only a form that was filed with the state, and approved or deemed so.
        FiledForm = "filed_form",
        /// No form and no words that mislead or change the cover; a layout of one's own may be used.
        NothingMisleading = "nothing_misleading",
    }
}

/// The rule of one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRule {
    /// The state.
    pub state: UsState,
    /// What it asks.
    pub rule: LayoutRule,
    /// Where that stands.
    pub source: NonBlank,
    /// The date of the source as far as it is known: a year, a month or a day.
    pub source_date: Option<NonBlank>,
    /// How much it weighs when the page is a layout of one's own.
    pub severity: Severity,
    /// What else there is to know about it.
    pub note: Option<NonBlank>,
}

/// How much it weighs that a state is in no rule: somebody should look it up.
pub const UNKNOWN_STATE: Severity = Severity::Warn;
