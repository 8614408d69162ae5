//! Writing a template.

use serde_json::json;

use super::{TemplateError, TemplateKind, Wording, checked};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::CreateTemplate;
use crate::authz::{By, Permit};
use crate::ids::TemplateId;

/// A template was written.
#[derive(Debug)]
pub struct Created {
    id: TemplateId,
    kind: TemplateKind,
    wording: Wording,
    by: By,
}

/// Writes a template under a fresh id.
///
/// # Errors
/// [`TemplateError`].
pub fn create(
    permit: Permit<CreateTemplate>,
    id: TemplateId,
    kind: TemplateKind,
    wording: Wording,
) -> Result<Created, TemplateError> {
    Ok(Created {
        id,
        kind,
        wording: checked(kind, wording)?,
        by: permit.by(),
    })
}

impl Created {
    /// The new template's id.
    #[must_use]
    pub const fn id(&self) -> TemplateId {
        self.id
    }

    /// What it is for.
    #[must_use]
    pub const fn kind(&self) -> TemplateKind {
        self.kind
    }

    /// What it says.
    #[must_use]
    pub const fn wording(&self) -> &Wording {
        &self.wording
    }
}

impl Audited for Created {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::TemplateCreated,
            insured: None,
            object_kind: "template",
            object_id: Some(self.id.uuid()),
            object_label: self.wording.name.to_string(),
            detail: json!({ "kind": self.kind }),
        }
    }
}
