//! The file of a form: attached, replaced, taken off.
//!
//! Invariant: what was mailed with a certificate stays with it; a form that loses its file loses it for what is sent
//! from now on.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::endorsement::Endorsement;
use super::file::{EndorsementFile, FileError};
use super::record::PolicyRecord;
use super::terms::differences;
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditPolicy;
use crate::authz::{By, Permit};
use crate::certificates::payload::hex;
use crate::ids::EndorsementId;

/// Why a file was not attached, or not taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachError {
    /// The form is not on this policy.
    #[error("the endorsement is not on this policy")]
    NoSuchForm,
    /// The form has no file.
    #[error("the endorsement has no file")]
    NoFile,
    /// The file was refused.
    #[error(transparent)]
    File(#[from] FileError),
}

/// What became of a form's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChange {
    /// It was attached, in the place of the one before where there was one.
    Attached {
        /// The file.
        file: EndorsementFile,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// It was taken off.
    Detached,
}

/// The file of a form was changed.
#[derive(Debug)]
pub struct FileChanged {
    before: PolicyRecord,
    form: Endorsement,
    change: FileChange,
    by: By,
    at: DateTime<Utc>,
}

fn on_policy(record: &PolicyRecord, id: EndorsementId) -> Result<Endorsement, AttachError> {
    let mut forms = record.policy.endorsements.iter();
    forms
        .find(|form| form.id == id)
        .cloned()
        .ok_or(AttachError::NoSuchForm)
}

/// Attaches a file to a form, in the place of the one before.
///
/// # Errors
/// [`AttachError`].
pub fn attach(
    permit: Permit<EditPolicy>,
    id: EndorsementId,
    name: &str,
    bytes: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<FileChanged, AttachError> {
    let form = on_policy(&permit, id)?;
    let file = EndorsementFile::of(name, &bytes)?;
    Ok(FileChanged::of(
        permit,
        form,
        FileChange::Attached { file, bytes },
        now,
    ))
}

/// Takes the file off a form.
///
/// # Errors
/// [`AttachError`].
pub fn detach(
    permit: Permit<EditPolicy>,
    id: EndorsementId,
    now: DateTime<Utc>,
) -> Result<FileChanged, AttachError> {
    let form = on_policy(&permit, id)?;
    if form.file.is_none() {
        return Err(AttachError::NoFile);
    }
    Ok(FileChanged::of(permit, form, FileChange::Detached, now))
}

impl FileChanged {
    fn of(permit: Permit<EditPolicy>, form: Endorsement, change: FileChange, now: DateTime<Utc>) -> Self {
        let by = permit.by();
        Self {
            before: permit.into_target(),
            form,
            change,
            by,
            at: now,
        }
    }

    /// The policy as it was.
    #[must_use]
    pub const fn before(&self) -> &PolicyRecord {
        &self.before
    }

    /// Of which form.
    #[must_use]
    pub const fn form(&self) -> EndorsementId {
        self.form.id
    }

    /// What became of the file.
    #[must_use]
    pub const fn change(&self) -> &FileChange {
        &self.change
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for FileChanged {
    fn entry(&self) -> Entry {
        let policy = &self.before.policy;
        let said = |file: Option<&EndorsementFile>| {
            vec![(
                "file".to_owned(),
                "File".to_owned(),
                file.map(EndorsementFile::said),
            )]
        };
        let (action, now) = match &self.change {
            FileChange::Attached { file, .. } => (Action::EndorsementFileAttached, Some(file)),
            FileChange::Detached => (Action::EndorsementFileRemoved, None),
        };
        Entry {
            by: self.by.clone(),
            action,
            insured: Some(policy.insured_id),
            object_kind: "policy",
            object_id: Some(policy.id.uuid()),
            object_label: policy.number.to_string(),
            detail: json!({
                "form": self.form.name(),
                "endorsement": self.form.id,
                "sha256": now.map(|file| hex(&file.sha256)),
                "changes": differences(said(self.form.file.as_ref()), said(now)),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn permit(file: Option<EndorsementFile>) -> (Permit<EditPolicy>, EndorsementId) {
        let mut policy = cast::general_liability();
        policy.endorsements[0].file = file;
        let id = policy.endorsements[0].id;
        (cast::administrator().request(cast::on_file(policy)).unwrap(), id)
    }

    #[test]
    fn attaching_and_taking_off_say_of_which_form_and_which_file() {
        let (policy, form) = permit(None);
        let bytes = b"%PDF-1.7 a form".to_vec();
        let attached = attach(policy, form, "CG2010.pdf", bytes.clone(), cast::now()).unwrap();
        let FileChange::Attached { file, bytes: kept } = attached.change() else {
            panic!("a file was attached");
        };
        assert_eq!((file.size_bytes, kept), (15, &bytes));
        let entry = attached.entry();
        assert_eq!(entry.action, Action::EndorsementFileAttached);
        assert_eq!(entry.detail["form"], "CG 20 10 04 13");
        assert_eq!(
            entry.detail["changes"],
            json!([{ "field": "file", "label": "File", "after": "CG2010.pdf (1 kB)" }])
        );
        let (policy, form) = permit(Some(file.clone()));
        let entry = detach(policy, form, cast::now()).unwrap().entry();
        assert_eq!(entry.action, Action::EndorsementFileRemoved);
        assert_eq!(entry.detail["changes"][0]["before"], "CG2010.pdf (1 kB)");
    }

    #[test]
    fn there_must_be_a_form_and_to_take_off_a_file() {
        let (policy, form) = permit(None);
        assert_eq!(
            detach(policy, form, cast::now()).unwrap_err(),
            AttachError::NoFile
        );
        let (policy, form) = permit(None);
        assert_eq!(
            attach(policy, form, "form.pdf", Vec::new(), cast::now()).unwrap_err(),
            AttachError::File(FileError::Empty)
        );
        let stranger = cast::commercial_auto().endorsements[0].id;
        let (policy, _) = permit(None);
        assert_eq!(
            attach(policy, stranger, "form.pdf", b"%PDF-".to_vec(), cast::now()).unwrap_err(),
            AttachError::NoSuchForm
        );
        let (policy, _) = permit(None);
        assert_eq!(
            detach(policy, stranger, cast::now()).unwrap_err(),
            AttachError::NoSuchForm
        );
    }
}
