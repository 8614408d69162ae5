//! Changing a template.

use serde_json::json;

use super::{Template, TemplateError, Wording, checked};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditTemplate;
use crate::authz::{By, Permit};

/// A template was changed.
#[derive(Debug)]
pub struct Edited {
    before: Template,
    wording: Wording,
    by: By,
}

/// Changes what a template says. What was filled from it before keeps its words.
///
/// # Errors
/// [`TemplateError`].
pub fn edit(permit: Permit<EditTemplate>, wording: Wording) -> Result<Edited, TemplateError> {
    let wording = checked(permit.kind, wording)?;
    let by = permit.by();
    Ok(Edited {
        before: permit.into_target(),
        wording,
        by,
    })
}

impl Edited {
    /// The template as it was.
    #[must_use]
    pub const fn before(&self) -> &Template {
        &self.before
    }

    /// What it says now.
    #[must_use]
    pub const fn wording(&self) -> &Wording {
        &self.wording
    }
}

impl Audited for Edited {
    fn entry(&self) -> Entry {
        let (old, new) = (&self.before.wording, &self.wording);
        let changed: Vec<&str> = [
            ("name", old.name != new.name),
            ("subject", old.subject != new.subject),
            ("text", old.body != new.body),
            ("endorsements", old.forms != new.forms),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect();
        Entry {
            by: self.by.clone(),
            action: Action::TemplateEdited,
            insured: None,
            object_kind: "template",
            object_id: Some(self.before.id.uuid()),
            object_label: new.name.to_string(),
            detail: json!({ "kind": self.before.kind, "changed": changed }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn the_trail_names_what_changed() {
        let permit = cast::administrator().request(cast::template()).unwrap();
        let mut wording = cast::template().wording;
        wording.body = "For {{holder}}.".to_owned();
        wording.forms.clear();
        let edited = edit(permit, wording).unwrap();
        assert_eq!(edited.entry().detail["changed"], json!(["text", "endorsements"]));
    }
}
