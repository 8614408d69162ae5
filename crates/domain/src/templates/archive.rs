//! Putting a template away, and bringing it back.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Template;
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditTemplate;
use crate::authz::{By, Permit};

/// A template was put away.
#[derive(Debug)]
pub struct Archived {
    template: Template,
    by: By,
    at: DateTime<Utc>,
}

/// A template was brought back.
#[derive(Debug)]
pub struct Restored {
    template: Template,
    by: By,
}

/// Puts a template away: it is offered no more.
#[must_use]
pub fn archive(permit: Permit<EditTemplate>, now: DateTime<Utc>) -> Archived {
    let by = permit.by();
    Archived {
        template: permit.into_target(),
        by,
        at: now,
    }
}

/// Brings a template back that was put away.
#[must_use]
pub fn restore(permit: Permit<EditTemplate>) -> Restored {
    let by = permit.by();
    Restored {
        template: permit.into_target(),
        by,
    }
}

impl Archived {
    /// The template as it was.
    #[must_use]
    pub const fn template(&self) -> &Template {
        &self.template
    }

    /// Since when.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Restored {
    /// The template as it was.
    #[must_use]
    pub const fn template(&self) -> &Template {
        &self.template
    }
}

fn entry(template: &Template, by: &By, action: Action) -> Entry {
    Entry {
        by: by.clone(),
        action,
        insured: None,
        object_kind: "template",
        object_id: Some(template.id.uuid()),
        object_label: template.wording.name.to_string(),
        detail: json!({ "kind": template.kind }),
    }
}

impl Audited for Archived {
    fn entry(&self) -> Entry {
        entry(&self.template, &self.by, Action::TemplateArchived)
    }
}

impl Audited for Restored {
    fn entry(&self) -> Entry {
        entry(&self.template, &self.by, Action::TemplateRestored)
    }
}
