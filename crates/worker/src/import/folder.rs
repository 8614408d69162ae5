//! An import of a folder from end to end, for the command line: open, upload, check, apply.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use countersign_domain::ids::{ImportId, JobId};
use countersign_domain::imports::run::{self, Import};
use countersign_domain::imports::{File, MAX_FILE_BYTES};
use countersign_persistence::PageRequest;
use countersign_persistence::imports::{self, FaultRow};

use super::rejected::PREFIX;
use super::{Error, Means, Told, apply, check};

/// The work is done here and now; the queued job takes over only if this process dies.
const TAKE_OVER: TimeDelta = TimeDelta::hours(1);

/// How many faults a report holds; [`super::rejected`] fetches them all.
const SHOWN: u16 = 200;

/// How an import of a folder ended.
#[derive(Debug)]
pub struct Report {
    /// The run as it stands now.
    pub import: Import,
    /// The first 200 faults.
    pub faults: Vec<FaultRow>,
}

/// Imports every file of a folder. With faulty rows nothing is written, unless `take_good_rows` says so.
///
/// # Errors
/// [`Error::Folder`] for a folder that cannot be read or is no import, else as [`check`] and [`apply`].
pub async fn import_folder(
    means: &Means<'_>,
    folder: &Path,
    take_good_rows: bool,
    told: &mut Told<'_>,
) -> Result<Report, Error> {
    let files = files_of(folder)?;
    let import = ImportId::from_uuid(means.fresh_id());
    let now = means.clock.now();
    means
        .within(async |tx, permit| Ok(imports::record_opened(tx, &run::open(permit, import), now).await?))
        .await?;
    for (file, path) in files {
        upload(means, import, file, &path).await?;
    }
    means
        .within(async |tx, permit| {
            let run = imports::lock(tx, permit, import).await?;
            let requested = run::check(permit, &run)?;
            let job = JobId::from_uuid(means.fresh_id());
            Ok(imports::record_check_requested(tx, &requested, job, now + TAKE_OVER, now).await?)
        })
        .await?;
    check(means, import, told).await?;
    let checked = report(means, import).await?;
    if checked.import.faults > 0 && !take_good_rows || !checked.import.can_apply() {
        return Ok(checked);
    }
    means
        .within(async |tx, permit| {
            let run = imports::lock(tx, permit, import).await?;
            let requested = run::apply(permit, &run, take_good_rows)?;
            let job = JobId::from_uuid(means.fresh_id());
            let now = means.clock.now();
            Ok(imports::record_apply_requested(tx, &requested, job, now + TAKE_OVER, now).await?)
        })
        .await?;
    apply(means, import, told).await?;
    report(means, import).await
}

async fn report(means: &Means<'_>, import: ImportId) -> Result<Report, Error> {
    means
        .within(async |tx, permit| {
            let page = PageRequest {
                limit: SHOWN,
                after: None,
            };
            let faults = imports::faults(tx, permit, import, &page).await?.rows;
            Ok(Report {
                import: imports::find(tx, permit, import).await?,
                faults,
            })
        })
        .await
}

async fn upload(means: &Means<'_>, import: ImportId, file: File, path: &Path) -> Result<(), Error> {
    let unreadable = |error: std::io::Error| Error::Folder(format!("{}: {error}", path.display()));
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_FILE_BYTES as u64 {
        return Err(Error::Folder(format!("{} is larger than 50 MB", path.display())));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    means
        .within(async |tx, permit| {
            let run = imports::lock(tx, permit, import).await?;
            let uploaded = run::upload(permit, &run, file, &bytes)?;
            Ok(imports::record_uploaded(tx, &uploaded, means.clock.now()).await?)
        })
        .await
}

/// The files of an import in a folder, by their own names or as files of rejected rows of theirs. Other CSV
/// files are refused: a misspelled name would otherwise be left out without a word.
fn files_of(folder: &Path) -> Result<Vec<(File, PathBuf)>, Error> {
    let unreadable = |error: std::io::Error| Error::Folder(format!("{}: {error}", folder.display()));
    let mut files: Vec<(File, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_csv = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        if !is_csv {
            continue;
        }
        let name = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        let name = name.strip_prefix(PREFIX).unwrap_or(&name);
        let file = name.parse::<File>().map_err(|_| {
            let names = File::ALL
                .iter()
                .map(|file| file.file_name())
                .collect::<Vec<_>>()
                .join(", ");
            Error::Folder(format!(
                "{} is no file of an import; the names are {names}",
                path.display()
            ))
        })?;
        if let Some((_, other)) = files.iter().find(|(of, _)| *of == file) {
            return Err(Error::Folder(format!(
                "{} and {} are both {}; move one of them to another folder",
                other.display(),
                path.display(),
                file.file_name()
            )));
        }
        files.push((file, path));
    }
    files.sort();
    if files.is_empty() {
        let names = File::ALL
            .iter()
            .map(|file| file.file_name())
            .collect::<Vec<_>>()
            .join(", ");
        return Err(Error::Folder(format!(
            "{} holds none of {names}",
            folder.display()
        )));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for one test, removed with the value.
    struct Folder(PathBuf);

    impl Folder {
        fn with(name: &str, files: &[&str]) -> Self {
            let path = std::env::temp_dir().join(format!("countersign-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            for file in files {
                std::fs::write(path.join(file), "x").unwrap();
            }
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn a_folder_is_read_by_the_names_of_its_files() {
        let folder = Folder::with("names", &["Holders.CSV", "insureds.csv", "README.md"]);
        let files: Vec<File> = files_of(&folder.0)
            .unwrap()
            .into_iter()
            .map(|(file, _)| file)
            .collect();
        assert_eq!(files, [File::Insureds, File::Holders]);
    }

    #[test]
    fn a_folder_of_rejected_rows_is_an_import_and_a_file_is_not_there_twice() {
        let folder = Folder::with("rejected", &["rejected-policies.csv", "faults.txt"]);
        let files = files_of(&folder.0).unwrap();
        assert_eq!(files, [(File::Policies, folder.0.join("rejected-policies.csv"))]);
        let twice = Folder::with("twice", &["rejected-policies.csv", "policies.csv"]);
        let error = files_of(&twice.0).unwrap_err().to_string();
        assert!(error.contains("are both policies.csv"), "{error}");
    }

    #[test]
    fn a_misspelled_name_is_refused_and_not_left_out() {
        let folder = Folder::with("misspelled", &["insureds.csv", "policy.csv"]);
        let error = files_of(&folder.0).unwrap_err().to_string();
        assert!(error.contains("policy.csv is no file of an import"), "{error}");
        let empty = Folder::with("empty", &[]);
        assert!(
            files_of(&empty.0)
                .unwrap_err()
                .to_string()
                .contains("holds none of")
        );
    }
}
