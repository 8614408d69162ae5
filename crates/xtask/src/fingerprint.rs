//! Fingerprints of files and folders, to leave out work whose input has not changed.
//!
//! They only save time on one machine: a wrong "changed" costs a minute, and no secret rests on them.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Produced or installed, never a source.
const NOT_SOURCES: [&str; 7] = [
    "node_modules",
    "dist",
    "test-results",
    "playwright-report",
    "e2e",
    ".git",
    "coverage",
];

/// The fingerprint of files and folders; a missing one counts as empty.
pub(crate) fn of(paths: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        take(path, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// The fingerprint of a text.
pub(crate) fn of_text(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn take(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    path.file_name().hash(hasher);
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)
            .with_context(|| format!("reading {}", path.display()))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .with_context(|| format!("reading {}", path.display()))?;
        entries.sort();
        for entry in entries {
            let name = entry.file_name().unwrap_or_default();
            if !NOT_SOURCES.iter().any(|other| name == *other) {
                take(&entry, hasher)?;
            }
        }
    } else if path.is_file() {
        fs::read(path)
            .with_context(|| format!("reading {}", path.display()))?
            .hash(hasher);
    }
    Ok(())
}

/// A file that remembers the fingerprint of what was done last.
pub(crate) struct Stamp {
    file: PathBuf,
    wanted: String,
}

impl Stamp {
    pub(crate) fn new(file: PathBuf, wanted: String) -> Self {
        Self { file, wanted }
    }

    /// True when the work was done for this very input.
    pub(crate) fn is_set(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|found| found.trim() == self.wanted)
    }

    pub(crate) fn set(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        fs::write(&self.file, &self.wanted).with_context(|| format!("writing {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_fingerprint_follows_content_and_ignores_what_was_installed() {
        let scratch = Scratch::new("fingerprint").unwrap();
        let source = scratch.path().join("source");
        fs::create_dir_all(source.join("node_modules")).unwrap();
        fs::write(source.join("a.ts"), "1").unwrap();
        let before = of(std::slice::from_ref(&source)).unwrap();
        fs::write(source.join("node_modules/b.js"), "2").unwrap();
        assert_eq!(of(std::slice::from_ref(&source)).unwrap(), before);
        fs::write(source.join("a.ts"), "2").unwrap();
        assert_ne!(of(std::slice::from_ref(&source)).unwrap(), before);
    }

    #[test]
    fn a_stamp_is_set_only_for_the_input_it_was_set_with() {
        let scratch = Scratch::new("stamp").unwrap();
        let file = scratch.path().join("deep/stamp");
        let stamp = Stamp::new(file.clone(), of_text("one"));
        assert!(!stamp.is_set());
        stamp.set().unwrap();
        assert!(stamp.is_set());
        assert!(!Stamp::new(file, of_text("two")).is_set());
    }
}
