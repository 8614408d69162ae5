//! What the states ask of a certificate's form.

use actix_web::{get, web};
use countersign_domain::authz::rules::{StateLayout, ViewStateRules};
use countersign_domain::state_rules::{LayoutRule, StateRule, UNKNOWN_STATE};
use countersign_persistence::{agencies, state_rules};
use serde::Serialize;
use utoipa::ToSchema;

use super::layouts::LayoutStatementView;
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::wire::{SeverityWord, wire_enum};

wire_enum! {
    /// What a state asks of the form of a certificate: `filed_form` when only a form that was filed there may be used,
    /// `nothing_misleading` when a layout of one's own may be.
    LayoutRuleWord for LayoutRule { FiledForm = "filed_form", NothingMisleading = "nothing_misleading", }
}

/// The rule of one state.
#[derive(Serialize, ToSchema)]
#[schema(as = StateRule)]
pub(crate) struct StateRuleView {
    /// Two-letter state code.
    #[schema(example = "TX")]
    state: String,
    rule: LayoutRuleWord,
    /// How much it weighs when the page is a layout of the agency's own.
    severity: SeverityWord,
    /// Where the rule stands.
    source: String,
    /// A year, a month or a day, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<StateRule> for StateRuleView {
    fn from(rule: StateRule) -> Self {
        Self {
            state: rule.state.to_string(),
            rule: rule.rule.into(),
            severity: rule.severity.into(),
            source: rule.source.to_string(),
            source_date: rule.source_date.as_ref().map(ToString::to_string),
            note: rule.note.as_ref().map(ToString::to_string),
        }
    }
}

/// The rules that are on file.
#[derive(Serialize, ToSchema)]
pub(crate) struct StateRuleList {
    data: Vec<StateRuleView>,
    /// How much it weighs that a state is not among them.
    unknown_state: SeverityWord,
    /// What the agency has found out for its own layout, by state.
    layouts: Vec<LayoutStatementView>,
    /// Whether the caller may state that.
    may_state: bool,
}

/// Lists what the states ask of a certificate's form, each rule with its source and the date of that, and what the
/// agency has found out for its own layout.
///
/// Reference data of the installation, and no legal advice: a state that is not listed was not looked up.
#[utoipa::path(tag = "agency", responses((status = 200, body = StateRuleList), Problems))]
#[get("/v1/state-rules")]
pub(crate) async fn list_state_rules(caller: Caller) -> Result<web::Json<StateRuleList>, Problem> {
    let list = caller
        .read(async |desk| {
            let permit = agencies::find::<ViewStateRules>(desk.tx, desk.actor).await?;
            let rules = state_rules::list(desk.tx, &permit).await?;
            let statements = state_rules::statements(desk.tx, &permit).await?;
            Ok(StateRuleList {
                data: rules.into_iter().map(StateRuleView::from).collect(),
                unknown_state: UNKNOWN_STATE.into(),
                layouts: statements.into_iter().map(LayoutStatementView::from).collect(),
                may_state: desk.actor.may::<StateLayout>(&permit),
            })
        })
        .await?;
    Ok(web::Json(list))
}
