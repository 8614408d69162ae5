//! What the states ask of a certificate's form. Reference data of the installation: each rule has its source and the
//! date of that, so that people can check it; nothing here is legal advice. Beside it stands what an agency has found
//! out for its own layout, for which the agency answers.
//!
//! Invariant: a state that nobody has looked up is never taken for one without a rule.

use chrono::NaiveDate;
use serde_json::json;

use crate::agency::Agency;
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::StateLayout;
use crate::authz::{By, Permit};
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

vocabulary! {
    /// What an agency has found out about its own layout in a state.
    pub enum LayoutStanding {
        /// The layout was filed with the state, and approved or deemed so.
        Filed = "filed",
        /// The state asks for no filing of a layout like this.
        NotRequired = "not_required",
    }
}

/// What an agency has found out about its own layout in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutStatement {
    /// The state.
    pub state: UsState,
    /// What was found out.
    pub standing: LayoutStanding,
    /// Where that can be read again: the filing's number, or the text that was looked up.
    pub reference: NonBlank,
    /// The day on which it was filed or looked up.
    pub checked_on: NaiveDate,
}

impl LayoutStatement {
    /// Whether it answers what the state asks. No looking up stands against a rule that names a filed form and blocks:
    /// there only the filing helps.
    #[must_use]
    pub fn settles(&self, rule: Option<&StateRule>) -> bool {
        match self.standing {
            LayoutStanding::Filed => true,
            LayoutStanding::NotRequired => !rule.is_some_and(StateRule::insists),
        }
    }
}

impl StateRule {
    /// Whether nothing but a form that was filed will do.
    fn insists(&self) -> bool {
        self.rule == LayoutRule::FiledForm && self.severity == Severity::Block
    }
}

/// Why a statement was not taken down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementRefused {
    /// The rule on file asks for a filing, so that a look at it cannot find the opposite.
    #[error("the rule on file asks for a filed form: {0}")]
    FilingRequired(NonBlank),
    /// Nobody has looked it up tomorrow.
    #[error("must not be later than today")]
    LaterThanToday,
}

/// An agency's statement about its layout in a state was taken down, changed or taken back.
#[derive(Debug)]
pub struct LayoutStated {
    agency: Agency,
    state: UsState,
    statement: Option<LayoutStatement>,
    before: Option<LayoutStatement>,
    by: By,
}

/// Takes down what the agency has found out, in place of what it had before.
///
/// # Errors
/// [`StatementRefused`].
pub fn state_layout(
    permit: Permit<StateLayout>,
    statement: LayoutStatement,
    before: Option<LayoutStatement>,
    rule: Option<&StateRule>,
    today: NaiveDate,
) -> Result<LayoutStated, StatementRefused> {
    if statement.checked_on > today {
        return Err(StatementRefused::LaterThanToday);
    }
    match rule {
        Some(rule) if !statement.settles(Some(rule)) => {
            return Err(StatementRefused::FilingRequired(rule.source.clone()));
        }
        _ => {}
    }
    let by = permit.by();
    Ok(LayoutStated {
        agency: permit.into_target(),
        state: statement.state.clone(),
        statement: Some(statement),
        before,
        by,
    })
}

/// Takes a statement back: the state's rule counts again as it stands.
#[must_use]
pub fn take_back_layout(permit: Permit<StateLayout>, before: LayoutStatement) -> LayoutStated {
    let by = permit.by();
    LayoutStated {
        agency: permit.into_target(),
        state: before.state.clone(),
        statement: None,
        before: Some(before),
        by,
    }
}

impl LayoutStated {
    /// The state that it is about.
    #[must_use]
    pub const fn state(&self) -> &UsState {
        &self.state
    }

    /// What stands now; none when it was taken back.
    #[must_use]
    pub const fn statement(&self) -> Option<&LayoutStatement> {
        self.statement.as_ref()
    }

    /// Who stated it.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }
}

impl Audited for LayoutStated {
    fn entry(&self) -> Entry {
        let told = |statement: &LayoutStatement| {
            json!({
                "standing": statement.standing.as_str(),
                "reference": statement.reference.as_str(),
                "checked_on": statement.checked_on,
            })
        };
        Entry {
            by: self.by.clone(),
            action: Action::LayoutStated,
            insured: None,
            object_kind: "agency",
            object_id: Some(self.agency.id.uuid()),
            object_label: self.agency.profile.name.to_string(),
            detail: json!({
                "state": self.state.as_str(),
                "before": self.before.as_ref().map(told),
                "after": self.statement.as_ref().map(told),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Actor;
    use crate::testing as cast;

    fn rule(severity: Severity) -> StateRule {
        StateRule {
            state: UsState::parse("TX").unwrap(),
            rule: LayoutRule::FiledForm,
            source: cast::text("Insurance Code"),
            source_date: None,
            severity,
            note: None,
        }
    }

    fn statement(standing: LayoutStanding, day: &str) -> LayoutStatement {
        LayoutStatement {
            state: UsState::parse("TX").unwrap(),
            standing,
            reference: cast::text("SERFF CNTR-133"),
            checked_on: cast::day(day),
        }
    }

    fn stated(
        standing: LayoutStanding,
        day: &str,
        rule: Option<&StateRule>,
    ) -> Result<LayoutStated, StatementRefused> {
        let permit = cast::administrator().request(cast::agency()).unwrap();
        state_layout(
            permit,
            statement(standing, day),
            None,
            rule,
            cast::day("2026-11-02"),
        )
    }

    #[test]
    fn a_look_at_the_law_does_not_stand_against_a_rule_that_asks_for_a_filing() {
        let blocks = rule(Severity::Block);
        assert_eq!(
            stated(LayoutStanding::NotRequired, "2026-11-02", Some(&blocks)).unwrap_err(),
            StatementRefused::FilingRequired(cast::text("Insurance Code"))
        );
        assert!(stated(LayoutStanding::Filed, "2026-11-02", Some(&blocks)).is_ok());
        let warns = rule(Severity::Warn);
        for known in [None, Some(&warns)] {
            assert!(stated(LayoutStanding::NotRequired, "2026-11-01", known).is_ok());
        }
    }

    #[test]
    fn nothing_was_looked_up_tomorrow() {
        assert_eq!(
            stated(LayoutStanding::Filed, "2026-11-03", None).unwrap_err(),
            StatementRefused::LaterThanToday
        );
    }

    #[test]
    fn the_trail_says_what_stood_before_and_what_stands_now() {
        let permit = |actor: &Actor| actor.request(cast::agency()).unwrap();
        let administrator = cast::administrator();
        let taken_back = take_back_layout(
            permit(&administrator),
            statement(LayoutStanding::Filed, "2026-11-01"),
        );
        let entry = taken_back.entry();
        assert_eq!(entry.action, Action::LayoutStated);
        assert_eq!(entry.detail["state"], "TX");
        assert_eq!(entry.detail["before"]["reference"], "SERFF CNTR-133");
        assert!(entry.detail["after"].is_null());
        assert!(taken_back.statement().is_none());
    }
}
