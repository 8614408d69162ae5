//! A ZIP with a file for each certificate. They are stored as they are: a PDF is packed already.

use std::io::Write as _;

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{BundleError, Outlet};

/// A ZIP in the making.
pub struct Archive {
    writer: ZipWriter<StreamWriter<Outlet>>,
    outlet: Outlet,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").finish_non_exhaustive()
    }
}

impl Default for Archive {
    fn default() -> Self {
        Self::new()
    }
}

impl Archive {
    /// An archive with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        let outlet = Outlet::default();
        Self {
            writer: ZipWriter::new_stream(outlet.clone()),
            outlet,
        }
    }

    /// Adds a file, and gives the bytes that are ready. The name is data: what would be a folder or a device in it
    /// becomes a hyphen.
    ///
    /// # Errors
    /// [`BundleError::Archive`], for a name that is in it already among others.
    pub fn add(&mut self, name: &str, changed: NaiveDateTime, bytes: &[u8]) -> Result<Vec<u8>, BundleError> {
        let fault = |error: &dyn std::fmt::Display| BundleError::Archive(error.to_string());
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(moment(changed));
        self.writer
            .start_file(plain(name), options)
            .map_err(|error| fault(&error))?;
        self.writer.write_all(bytes).map_err(|error| fault(&error))?;
        Ok(self.outlet.take())
    }

    /// Ends it, and gives the last bytes.
    ///
    /// # Errors
    /// [`BundleError::Archive`].
    pub fn finish(self) -> Result<Vec<u8>, BundleError> {
        self.writer
            .finish()
            .map_err(|error| BundleError::Archive(error.to_string()))?;
        Ok(self.outlet.take())
    }
}

/// The moment as an archive knows it: from 1980 on, and to two seconds.
fn moment(at: NaiveDateTime) -> DateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    DateTime::from_date_and_time(
        u16::try_from(at.year()).unwrap_or_default(),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )
    .unwrap_or_default()
}

fn plain(name: &str) -> String {
    let forbidden =
        |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let kept: String = name.chars().map(|c| if forbidden(c) { '-' } else { c }).collect();
    let kept = kept.trim().trim_start_matches('.').trim_end_matches('.');
    if kept.is_empty() {
        "file".to_owned()
    } else {
        kept.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> NaiveDateTime {
        "2026-11-02T18:00:00".parse().unwrap()
    }

    #[test]
    fn what_goes_in_comes_out() {
        let mut archive = Archive::new();
        let mut bytes = archive.add("26-000001 Northgate.pdf", at(), b"%PDF one").unwrap();
        assert!(!bytes.is_empty(), "the first file is ready before the second");
        bytes.extend(archive.add("26-000002.pdf", at(), b"%PDF two").unwrap());
        bytes.extend(archive.finish().unwrap());
        let mut read = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(read.len(), 2);
        let mut first = read.by_name("26-000001 Northgate.pdf").unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut first, &mut content).unwrap();
        assert_eq!(content, b"%PDF one");
        assert_eq!(first.last_modified().unwrap().year(), 2026);
    }

    #[test]
    fn a_name_makes_no_folder_and_leaves_none() {
        assert_eq!(plain("../../etc/passwd"), "-..-etc-passwd");
        assert_eq!(plain("c:\\x\u{7}y?.pdf"), "c--x-y-.pdf");
        assert_eq!(plain(" .. "), "file");
    }
}
