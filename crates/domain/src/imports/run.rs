//! One run of the importer: draft → checking → checked → applying → applied, or failed.
//!
//! Invariant: files change only while nothing works on them, and records are written only after a check.
//! A failed run can be checked again; natural keys make that safe at any point.

use chrono::{DateTime, Utc};

use super::{File, MAX_FILE_BYTES};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::RunImports;
use crate::authz::{By, Permit};
use crate::ids::ImportId;
use crate::jobs::Job;
use crate::vocabulary;
use serde_json::json;

vocabulary! {
    /// Where a run stands.
    pub enum ImportState {
        /// Files are being gathered.
        Draft = "draft",
        /// The worker reads them.
        Checking = "checking",
        /// Every fault is known; nothing is written yet.
        Checked = "checked",
        /// The worker writes the records.
        Applying = "applying",
        /// The records are written.
        Applied = "applied",
        /// The worker gave up; what it wrote stays, and a new check finds it.
        Failed = "failed",
    }
}

/// How many rows of a file are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows, without the header and blank ones.
    pub rows: u32,
    /// Rows without a fault.
    pub good: u32,
    /// Rows with one.
    pub faulty: u32,
    /// Good rows whose record is not there yet.
    pub new: u32,
    /// Good rows whose record is there and differs.
    pub changed: u32,
    /// Good rows whose record is there and says the same.
    pub unchanged: u32,
}

/// A file of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// Which file.
    pub file: File,
    /// Its size in bytes.
    pub size: u64,
    /// Its rows; all zero before the check.
    pub counts: Counts,
}

/// How far the worker is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows done, each counted once for reading and once for checking.
    pub done: u64,
    /// Rows to do.
    pub total: u64,
}

/// A run of the importer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Where it stands.
    pub state: ImportState,
    /// Since when it exists.
    pub created_at: DateTime<Utc>,
    /// Who created it, by the name at that time.
    pub created_by: String,
    /// Its files, in the order of [`File::ALL`].
    pub files: Vec<FileReport>,
    /// How far the worker is.
    pub progress: Progress,
    /// How many faults the check found.
    pub faults: u64,
    /// Why the run failed.
    pub error: Option<String>,
}

/// Why a run does not take what was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The worker is at it.
    #[error("the import is being worked on; wait until it is done")]
    Busy,
    /// The run is over.
    #[error("the import is finished; start a new one")]
    Finished,
    /// Nothing to check.
    #[error("the import has no file; upload at least one")]
    NoFiles,
    /// An empty upload.
    #[error("the file is empty")]
    EmptyFile,
    /// Too large an upload.
    #[error("the file is larger than 50 MB; split it into several imports")]
    TooLarge,
    /// Not checked since the last upload.
    #[error("the import must be checked first")]
    NotChecked,
    /// Faulty rows, and the person did not choose to leave them out.
    #[error("some rows are faulty; correct them, or choose to take the good rows only")]
    HasFaults,
    /// Nothing would be written.
    #[error("no row is good; there is nothing to import")]
    NothingGood,
}

impl Import {
    /// Good rows of all files.
    #[must_use]
    pub fn good(&self) -> u64 {
        self.files.iter().map(|file| u64::from(file.counts.good)).sum()
    }

    /// Whether records may be written: all of them, or the good ones when the person chooses so.
    #[must_use]
    pub fn can_apply(&self) -> bool {
        self.state == ImportState::Checked && self.good() > 0
    }

    const fn at_rest(&self) -> Result<(), ImportError> {
        match self.state {
            ImportState::Checking | ImportState::Applying => Err(ImportError::Busy),
            ImportState::Applied => Err(ImportError::Finished),
            ImportState::Draft | ImportState::Checked | ImportState::Failed => Ok(()),
        }
    }
}

/// A run was created.
#[derive(Debug)]
pub struct Opened {
    id: ImportId,
    by: By,
}

/// Creates an empty run.
#[must_use]
pub fn open(permit: &Permit<RunImports>, id: ImportId) -> Opened {
    Opened { id, by: permit.by() }
}

impl Opened {
    /// The new run.
    #[must_use]
    pub const fn id(&self) -> ImportId {
        self.id
    }

    /// Who created it.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }
}

fn entry(by: &By, action: Action, import: ImportId, detail: serde_json::Value) -> Entry {
    Entry {
        by: by.clone(),
        action,
        insured: None,
        object_kind: "import",
        object_id: Some(import.uuid()),
        object_label: "Import".to_owned(),
        detail,
    }
}

impl Audited for Opened {
    fn entry(&self) -> Entry {
        entry(&self.by, Action::ImportCreated, self.id, json!({}))
    }
}

/// A file was uploaded; an earlier one of the same name is replaced, and the run must be checked again.
#[derive(Debug)]
pub struct Uploaded<'bytes> {
    import: ImportId,
    file: File,
    bytes: &'bytes [u8],
    by: By,
}

/// Adds a file to a run.
///
/// # Errors
/// [`ImportError::Busy`], [`ImportError::Finished`], [`ImportError::EmptyFile`], [`ImportError::TooLarge`].
pub fn upload<'bytes>(
    permit: &Permit<RunImports>,
    import: &Import,
    file: File,
    bytes: &'bytes [u8],
) -> Result<Uploaded<'bytes>, ImportError> {
    import.at_rest()?;
    if bytes.is_empty() {
        return Err(ImportError::EmptyFile);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ImportError::TooLarge);
    }
    Ok(Uploaded {
        import: import.id,
        file,
        bytes,
        by: permit.by(),
    })
}

impl Uploaded<'_> {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }

    /// Which file.
    #[must_use]
    pub const fn file(&self) -> File {
        self.file
    }

    /// Its bytes, untouched.
    #[must_use]
    pub const fn bytes(&self) -> &[u8] {
        self.bytes
    }
}

impl Audited for Uploaded<'_> {
    fn entry(&self) -> Entry {
        let detail = json!({ "file": self.file, "size": self.bytes.len() });
        entry(&self.by, Action::ImportFileUploaded, self.import, detail)
    }
}

/// The worker was asked to read the files.
#[derive(Debug)]
pub struct CheckRequested {
    import: ImportId,
    files: Vec<File>,
    by: By,
}

/// Asks for a check.
///
/// # Errors
/// [`ImportError::Busy`], [`ImportError::Finished`], [`ImportError::NoFiles`].
pub fn check(permit: &Permit<RunImports>, import: &Import) -> Result<CheckRequested, ImportError> {
    import.at_rest()?;
    if import.files.is_empty() {
        return Err(ImportError::NoFiles);
    }
    let files = import.files.iter().map(|report| report.file).collect();
    Ok(CheckRequested {
        import: import.id,
        files,
        by: permit.by(),
    })
}

impl CheckRequested {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }

    /// The work.
    #[must_use]
    pub const fn job(&self) -> Job {
        Job::CheckImport { import: self.import }
    }
}

impl Audited for CheckRequested {
    fn entry(&self) -> Entry {
        entry(
            &self.by,
            Action::ImportChecked,
            self.import,
            json!({ "files": self.files }),
        )
    }
}

/// The worker was asked to write the records.
#[derive(Debug)]
pub struct ApplyRequested {
    import: ImportId,
    take_good_rows: bool,
    good: u64,
    faults: u64,
    by: By,
}

/// Asks for the records to be written.
///
/// # Errors
/// Everything of [`ImportError`] that speaks of a run that is not checked or not good.
pub fn apply(
    permit: &Permit<RunImports>,
    import: &Import,
    take_good_rows: bool,
) -> Result<ApplyRequested, ImportError> {
    import.at_rest()?;
    if import.state != ImportState::Checked {
        return Err(ImportError::NotChecked);
    }
    if import.faults > 0 && !take_good_rows {
        return Err(ImportError::HasFaults);
    }
    if import.good() == 0 {
        return Err(ImportError::NothingGood);
    }
    let (good, faults) = (import.good(), import.faults);
    Ok(ApplyRequested {
        import: import.id,
        take_good_rows,
        good,
        faults,
        by: permit.by(),
    })
}

impl ApplyRequested {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }

    /// Rows to write.
    #[must_use]
    pub const fn good(&self) -> u64 {
        self.good
    }

    /// The work.
    #[must_use]
    pub const fn job(&self) -> Job {
        Job::ApplyImport {
            import: self.import,
            take_good_rows: self.take_good_rows,
        }
    }
}

impl Audited for ApplyRequested {
    fn entry(&self) -> Entry {
        let detail =
            json!({ "take_good_rows": self.take_good_rows, "good_rows": self.good, "faults": self.faults });
        entry(&self.by, Action::ImportApplyRequested, self.import, detail)
    }
}

/// The worker is through with reading: every fault is known.
#[derive(Debug)]
pub struct Checked {
    import: ImportId,
}

/// Ends a check. What it found stands in the run already, row by row.
///
/// # Errors
/// [`ImportError::NotChecked`] when the run is not being checked.
pub fn checked(_permit: &Permit<RunImports>, import: &Import) -> Result<Checked, ImportError> {
    match import.state {
        ImportState::Checking => Ok(Checked { import: import.id }),
        _ => Err(ImportError::NotChecked),
    }
}

impl Checked {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }
}

/// The records are written.
#[derive(Debug)]
pub struct Applied {
    import: ImportId,
    counts: Vec<(File, Counts)>,
    requested_by: String,
    by: By,
}

/// Ends an import with what became of each file's rows.
///
/// # Errors
/// [`ImportError::NotChecked`] when the run is not being applied.
pub fn applied(
    permit: &Permit<RunImports>,
    import: &Import,
    counts: Vec<(File, Counts)>,
) -> Result<Applied, ImportError> {
    match import.state {
        ImportState::Applying => {
            let requested_by = import.created_by.clone();
            Ok(Applied {
                import: import.id,
                counts,
                requested_by,
                by: permit.by(),
            })
        }
        _ => Err(ImportError::NotChecked),
    }
}

impl Applied {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }

    /// What became of each file's rows.
    #[must_use]
    pub fn counts(&self) -> &[(File, Counts)] {
        &self.counts
    }
}

impl Audited for Applied {
    fn entry(&self) -> Entry {
        let files: serde_json::Map<String, serde_json::Value> = self
            .counts
            .iter()
            .map(|(file, counts)| {
                let counts = json!({
                    "new": counts.new,
                    "changed": counts.changed,
                    "unchanged": counts.unchanged,
                    "faulty": counts.faulty,
                });
                (file.to_string(), counts)
            })
            .collect();
        let detail = json!({ "files": files, "created_by": self.requested_by });
        entry(&self.by, Action::ImportApplied, self.import, detail)
    }
}

/// The worker gave up.
#[derive(Debug)]
pub struct Failed {
    import: ImportId,
    error: String,
}

/// Gives a run up, with words for the person who asked for it.
#[must_use]
pub fn failed(_permit: &Permit<RunImports>, import: ImportId, error: String) -> Failed {
    Failed { import, error }
}

impl Failed {
    /// Which run.
    #[must_use]
    pub const fn import(&self) -> ImportId {
        self.import
    }

    /// Why, in words for a person.
    #[must_use]
    pub fn error(&self) -> &str {
        &self.error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::{Agency, AgencyProfile, Zone};
    use crate::authz::{Actor, Process};
    use crate::ids::AgencyId;
    use crate::text::{Color, NonBlank, Slug};

    fn permit() -> Permit<RunImports> {
        let id = AgencyId::from_uuid(uuid::Uuid::from_u128(1));
        let profile = AgencyProfile {
            name: NonBlank::parse("Summit Ridge Insurance").unwrap(),
            address: None,
            phone: None,
            fax: None,
            email: None,
            contact_name: None,
            reply_to: None,
            support_text: None,
            accent_color: Color::parse("#1f5f4a").unwrap(),
            authorized_representative: None,
            zone: Zone::parse("America/Los_Angeles").unwrap(),
            portal_channel: crate::certificates::delivery::Channel::Attachment,
        };
        let agency = Agency {
            id,
            slug: Slug::parse("summit-ridge").unwrap(),
            version: 1,
            profile,
        };
        let actor = Actor::System {
            agency: id,
            process: Process::Importer,
        };
        actor.request(agency).unwrap()
    }

    fn import(state: ImportState, good: u32, faults: u64) -> Import {
        let counts = Counts {
            rows: good,
            good,
            ..Counts::default()
        };
        Import {
            id: ImportId::from_uuid(uuid::Uuid::from_u128(2)),
            state,
            created_at: DateTime::UNIX_EPOCH,
            created_by: "Ana Ruiz".into(),
            files: vec![FileReport {
                file: File::Insureds,
                size: 10,
                counts,
            }],
            progress: Progress::default(),
            faults,
            error: None,
        }
    }

    #[test]
    fn nothing_is_written_before_a_check_or_with_faults_unless_the_person_chooses() {
        let permit = permit();
        let ask = |state, good, faults, take| apply(&permit, &import(state, good, faults), take).err();
        assert_eq!(
            ask(ImportState::Draft, 3, 0, false),
            Some(ImportError::NotChecked)
        );
        assert_eq!(
            ask(ImportState::Failed, 3, 0, true),
            Some(ImportError::NotChecked)
        );
        assert_eq!(ask(ImportState::Checked, 3, 0, false), None);
        assert_eq!(
            ask(ImportState::Checked, 3, 1, false),
            Some(ImportError::HasFaults)
        );
        assert_eq!(ask(ImportState::Checked, 3, 1, true), None);
        assert_eq!(
            ask(ImportState::Checked, 0, 1, true),
            Some(ImportError::NothingGood)
        );
    }

    #[test]
    fn nothing_changes_while_the_worker_is_at_it_or_when_the_run_is_over() {
        let permit = permit();
        for (state, error) in [
            (ImportState::Checking, ImportError::Busy),
            (ImportState::Applying, ImportError::Busy),
            (ImportState::Applied, ImportError::Finished),
        ] {
            let import = import(state, 3, 0);
            assert_eq!(upload(&permit, &import, File::Insureds, b"x").err(), Some(error));
            assert_eq!(check(&permit, &import).err(), Some(error));
            assert_eq!(apply(&permit, &import, true).err(), Some(error));
        }
    }

    #[test]
    fn an_empty_and_an_endless_file_are_refused() {
        let (permit, import) = (permit(), import(ImportState::Draft, 0, 0));
        assert_eq!(
            upload(&permit, &import, File::Insureds, b"").err(),
            Some(ImportError::EmptyFile)
        );
        let large = vec![b'x'; MAX_FILE_BYTES + 1];
        assert_eq!(
            upload(&permit, &import, File::Insureds, &large).err(),
            Some(ImportError::TooLarge)
        );
    }
}
