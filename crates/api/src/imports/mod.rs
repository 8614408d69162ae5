//! Loading files of insureds, policies and holders: create a run, upload files, check, apply.

mod apply;
mod changes;
mod check;
mod create;
mod faults;
mod get;
mod rejected;
mod templates;
mod upload;

use countersign_domain::imports::run::{FileReport, Import};
use countersign_domain::imports::{File, ImportError, ImportState};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::problem::{Problem, ProblemType};
use crate::wire::{DateTime, Utc, wire_enum};

/// Registers the operations of the importer.
pub(crate) fn routes(routes: &mut ServiceConfig<'_>) {
    routes
        .service(templates::list_import_templates)
        .service(templates::get_import_template)
        .service(create::create_import)
        .service(get::list_imports)
        .service(get::get_import)
        .service(upload::upload_import_file)
        .service(check::check_import)
        .service(apply::apply_import)
        .service(faults::list_import_faults)
        .service(changes::list_import_changes)
        .service(rejected::get_rejected_rows);
}

wire_enum! {
    /// A file of an import.
    ImportFile for File {
        Insureds = "insureds",
        Contacts = "contacts",
        Carriers = "carriers",
        Policies = "policies",
        Coverages = "coverages",
        Endorsements = "endorsements",
        Vehicles = "vehicles",
        Holders = "holders",
    }
}

wire_enum! {
    /// Where an import stands. `checking` and `applying` are the worker's.
    ImportStateWord for ImportState {
        Draft = "draft",
        Checking = "checking",
        Checked = "checked",
        Applying = "applying",
        Applied = "applied",
        Failed = "failed",
    }
}

/// A file of an import and its rows; all counts are zero before the check.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportFileReport)]
pub(crate) struct FileView {
    file: ImportFile,
    /// The name in a folder to import, e.g. `insureds.csv`.
    name: String,
    /// Size in bytes.
    size_bytes: u64,
    /// Rows without the header and blank ones.
    rows: u32,
    /// Rows without a fault.
    good: u32,
    /// Rows with one.
    faulty: u32,
    /// Good rows whose record is not there yet.
    new: u32,
    /// Good rows whose record is there and differs.
    changed: u32,
    /// Good rows whose record is there and says the same.
    unchanged: u32,
}

impl From<&FileReport> for FileView {
    fn from(report: &FileReport) -> Self {
        Self {
            file: report.file.into(),
            name: report.file.file_name(),
            size_bytes: report.size,
            rows: report.counts.rows,
            good: report.counts.good,
            faulty: report.counts.faulty,
            new: report.counts.new,
            changed: report.counts.changed,
            unchanged: report.counts.unchanged,
        }
    }
}

/// How far the worker is.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportProgress)]
pub(crate) struct ProgressView {
    /// Steps done.
    done: u64,
    /// Steps in all; it is an estimate until the files are read.
    total: u64,
}

/// A run of the importer.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
pub(crate) struct ImportView {
    id: Uuid,
    state: ImportStateWord,
    created_at: DateTime<Utc>,
    created_by_name: String,
    files: Vec<FileView>,
    progress: ProgressView,
    /// How many faults the check found.
    fault_count: u64,
    /// Whether there is something to write: all rows, or the good ones when some are faulty.
    can_apply: bool,
    /// Why the run failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl ImportView {
    fn of(import: &Import) -> Self {
        Self {
            id: import.id.uuid(),
            state: import.state.into(),
            created_at: import.created_at,
            created_by_name: import.created_by.clone(),
            files: import.files.iter().map(FileView::from).collect(),
            progress: ProgressView {
                done: import.progress.done,
                total: import.progress.total,
            },
            fault_count: import.faults,
            can_apply: import.can_apply(),
            error: import.error.clone(),
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::EmptyFile => Self::field("", "empty", error),
            ImportError::TooLarge => Self::new(ProblemType::PayloadTooLarge).detail(error.to_string()),
            ImportError::Busy
            | ImportError::Finished
            | ImportError::NoFiles
            | ImportError::NotChecked
            | ImportError::HasFaults
            | ImportError::NothingGood => Self::new(ProblemType::WrongImportState).detail(error.to_string()),
        }
    }
}
