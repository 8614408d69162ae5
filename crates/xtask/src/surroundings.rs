//! What the machine and the caller's environment say. The only place of this crate that reads
//! environment variables.

#![expect(
    clippy::disallowed_methods,
    reason = "the one module of the workshop that reads the environment"
)]

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use nix::unistd::Uid;

/// An owner's URL of a PostgreSQL that the caller brings instead of the embedded one.
pub(crate) fn database_url() -> Option<String> {
    text("DATABASE_URL")
}

/// A browser that the caller wants the stories to run in.
pub(crate) fn chosen_chromium() -> Option<PathBuf> {
    text("COUNTERSIGN_E2E_CHROMIUM").map(PathBuf::from)
}

/// True on a build server, where nothing is compiled twice and incremental state is only ballast.
pub(crate) fn is_ci() -> bool {
    text("CI").is_some()
}

pub(crate) fn is_root() -> bool {
    Uid::effective().is_root()
}

/// The cargo that runs us, or the one on the path.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The folder of this crate as cargo announces it; absent when the program is run by itself.
pub(crate) fn manifest_dir() -> Option<PathBuf> {
    env::var_os("CARGO_MANIFEST_DIR")
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from)
}

/// Where cargo puts what it builds, when the caller moved it.
pub(crate) fn target_dir() -> Option<PathBuf> {
    env::var_os("CARGO_TARGET_DIR").map(PathBuf::from)
}

/// The first program of these names on the path.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| is_executable(candidate))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

fn text(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}
