//! Closed words have one spelling: each CHECK of the database lists exactly the words of the domain.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::authz::ActorKind;
use countersign_domain::certificates::approval::ApprovalState;
use countersign_domain::certificates::batch::{BatchKind, BatchState, RowState};
use countersign_domain::certificates::delivery::{Channel, DeliveryKind, DeliveryState};
use countersign_domain::certificates::report::MailEventKind;
use countersign_domain::certificates::truth::Severity;
use countersign_domain::certificates::{CertificateState, Source};
use countersign_domain::imports;
use countersign_domain::insureds::InsuredKind;
use countersign_domain::interests::{ItemKind, Nature};
use countersign_domain::jobs::JobState;
use countersign_domain::policies::Line;
use countersign_domain::policies::words::{Effect, IssuingAuthority, Scope, Status};
use countersign_domain::portal::{AccountStanding, LinkPurpose};
use countersign_domain::state_rules::{LayoutRule, LayoutStanding};
use countersign_domain::tasks::{TaskKind, TaskState};
use countersign_domain::templates::TemplateKind;
use countersign_persistence::sessions::App;
use countersign_persistence::testing::TestDb;

use crate::sql::Sql;

macro_rules! words {
    ($vocabulary:ty) => {
        <$vocabulary>::ALL
            .iter()
            .map(|word| word.as_str().to_owned())
            .collect::<BTreeSet<String>>()
    };
}

fn known() -> BTreeMap<&'static str, BTreeSet<String>> {
    // Of storage alone: the domain knows rows by what becomes of them.
    let row_states = ["good", "faulty", "written"].map(str::to_owned).into();
    let staff_states = ["invited", "active", "inactive"].map(str::to_owned).into();
    let link_events = ["opened", "downloaded"].map(str::to_owned).into();
    let setbacks = [DeliveryState::Deferred, DeliveryState::Failed]
        .map(|state| state.as_str().to_owned())
        .into();
    [
        ("agencies_portal_channel_known", words!(Channel)),
        ("approvals_state_known", words!(ApprovalState)),
        ("audit_entries_actor_kind_known", words!(ActorKind)),
        ("batch_rows_channel_known", words!(Channel)),
        ("batch_rows_state_known", words!(RowState)),
        ("batches_channel_known", words!(Channel)),
        ("batches_kind_known", words!(BatchKind)),
        ("batches_state_known", words!(BatchState)),
        ("certificates_source_known", words!(Source)),
        ("certificates_state_known", words!(CertificateState)),
        ("courtesy_notices_state_known", words!(DeliveryState)),
        ("deliveries_channel_known", words!(Channel)),
        ("deliveries_kind_known", words!(DeliveryKind)),
        ("deliveries_state_known", words!(DeliveryState)),
        ("deliveries_outcome_known", words!(MailEventKind)),
        ("delivery_events_kind_known", words!(MailEventKind)),
        ("delivery_setbacks_state_known", setbacks),
        ("endorsements_effect_known", words!(Effect)),
        ("endorsements_scope_known", words!(Scope)),
        ("holders_channel_known", words!(Channel)),
        ("import_files_file_known", words!(imports::File)),
        ("import_rows_change_known", words!(imports::plan::Change)),
        ("import_rows_state_known", row_states),
        ("imports_state_known", words!(imports::run::ImportState)),
        ("insureds_kind_known", words!(InsuredKind)),
        ("interests_item_kind_known", words!(ItemKind)),
        ("interests_nature_known", words!(Nature)),
        ("jobs_state_known", words!(JobState)),
        ("layout_statements_standing_known", words!(LayoutStanding)),
        ("letter_events_kind_known", words!(MailEventKind)),
        ("link_events_kind_known", link_events),
        ("master_lines_line_known", words!(Line)),
        ("password_links_app_known", words!(App)),
        ("password_links_purpose_known", words!(LinkPurpose)),
        ("policies_issuing_authority_known", words!(IssuingAuthority)),
        ("policies_line_known", words!(Line)),
        ("policies_status_known", words!(Status)),
        ("portal_users_state_known", words!(AccountStanding)),
        ("sessions_app_known", words!(App)),
        ("state_rules_rule_known", words!(LayoutRule)),
        ("state_rules_severity_known", words!(Severity)),
        ("tasks_kind_known", words!(TaskKind)),
        ("tasks_state_known", words!(TaskState)),
        ("templates_kind_known", words!(TemplateKind)),
        // The states of staff users become a vocabulary with the screens that change them.
        ("staff_users_state_known", staff_states),
    ]
    .into()
}

/// The words between quotes: `CHECK ((state = ANY (ARRAY['a'::text, 'b'::text])))`.
fn quoted(definition: &str) -> BTreeSet<String> {
    definition
        .split('\'')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_closed_column_takes_exactly_the_words_of_its_vocabulary() {
    let db = TestDb::new();
    let checks = Sql::owner(&db)
        .await
        .rows(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conname LIKE '%\\_known' ORDER BY 1",
        )
        .await;
    let stored: BTreeMap<_, _> = checks
        .iter()
        .map(|check| (check[0].as_str(), quoted(&check[1])))
        .collect();
    assert_eq!(stored, known());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_closed_words_says_so_in_the_name_of_its_check() {
    let db = TestDb::new();
    let unnamed = Sql::owner(&db)
        .await
        .column(
            "SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace \
             AND pg_get_constraintdef(oid) LIKE '%= ANY (ARRAY[%' AND conname NOT LIKE '%\\_known'",
        )
        .await;
    assert_eq!(unnamed, Vec::<String>::new());
}
