//! The file of a form: the endorsement itself, as the carrier issued it.
//!
//! Invariant: what is kept begins as a PDF begins and is called one. It is never opened here: whoever reads it does so
//! with a program of their own, so a file that somebody prepared finds nothing to harm.

use sha2::{Digest as _, Sha256};

use crate::text::{NonBlank, TextError};

/// At most this many bytes in one file. An endorsement is a few pages; a scan of one stays below it.
pub const MAX_FILE_BYTES: usize = 5_000_000;

/// How every PDF begins (ISO 32000-2, 7.5.2).
const MAGIC: &[u8] = b"%PDF-";

/// A file that is kept with a form, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndorsementFile {
    /// What it was called when it was uploaded.
    pub name: NonBlank,
    /// SHA-256 of its bytes, under which they are kept.
    pub sha256: [u8; 32],
    /// How many bytes.
    pub size_bytes: u64,
}

/// Why a file was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It has too many.
    #[error("a file may have 5 MB; save the endorsement alone, without the rest of the policy")]
    TooLarge,
    /// Its name does not end as that of a PDF.
    #[error("the file's name must end in .pdf")]
    NotCalledPdf,
    /// Its bytes do not begin as those of a PDF.
    #[error("the file is called a PDF and is none; open it and save it as PDF")]
    NotAPdf,
    /// Its name is not one that may stand there.
    #[error("the file's name {0}")]
    Name(TextError),
}

impl EndorsementFile {
    /// Checks an upload: its name and its first bytes must agree that it is a PDF.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn of(name: &str, bytes: &[u8]) -> Result<Self, FileError> {
        let name = NonBlank::parse(name).map_err(FileError::Name)?;
        let extension = name.as_str().rsplit_once('.').map(|(_, extension)| extension);
        if !extension.is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")) {
            return Err(FileError::NotCalledPdf);
        }
        if bytes.is_empty() {
            return Err(FileError::Empty);
        }
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FileError::TooLarge);
        }
        if !bytes.starts_with(MAGIC) {
            return Err(FileError::NotAPdf);
        }
        Ok(Self {
            name,
            sha256: Sha256::digest(bytes).into(),
            size_bytes: bytes.len() as u64,
        })
    }

    /// Name and size, as the history tells of it.
    pub(super) fn said(&self) -> String {
        format!("{} ({})", self.name, size(self.size_bytes))
    }
}

/// A size for people, as the screens say it.
#[must_use]
pub fn size(bytes: u64) -> String {
    const KB: u64 = 1_000;
    const MB: u64 = 1_000 * KB;
    // Rounded up: what is a little more than the limit must not read like the limit.
    if bytes <= MB - KB {
        return format!("{} kB", bytes.div_ceil(KB));
    }
    let tenths = (bytes * 10).div_ceil(MB);
    match tenths % 10 {
        0 => format!("{} MB", tenths / 10),
        rest => format!("{}.{rest} MB", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_first_bytes_agree_that_it_is_a_pdf() {
        let file = EndorsementFile::of("  CG 20 10.PDF ", b"%PDF-1.7 page").unwrap();
        assert_eq!((file.name.as_str(), file.size_bytes), ("CG 20 10.PDF", 13));
        let refused = |name: &str, bytes: &[u8]| EndorsementFile::of(name, bytes).unwrap_err();
        assert_eq!(refused("form.docx", b"%PDF-1.7"), FileError::NotCalledPdf);
        assert_eq!(refused("pdf", b"%PDF-1.7"), FileError::NotCalledPdf);
        assert_eq!(refused("form.pdf", b"<html>%PDF-1.7"), FileError::NotAPdf);
        assert_eq!(refused("form.pdf", b""), FileError::Empty);
        assert_eq!(refused("  ", b"%PDF-1.7"), FileError::Name(TextError::Empty));
    }

    #[test]
    fn a_file_has_at_most_five_megabytes() {
        let mut bytes = vec![b' '; MAX_FILE_BYTES];
        bytes[..MAGIC.len()].copy_from_slice(MAGIC);
        assert!(EndorsementFile::of("form.pdf", &bytes).is_ok());
        bytes.push(b' ');
        assert_eq!(EndorsementFile::of("form.pdf", &bytes), Err(FileError::TooLarge));
    }

    #[test]
    fn a_size_is_never_said_smaller_than_it_is() {
        assert_eq!(size(1), "1 kB");
        assert_eq!(size(48_000), "48 kB");
        assert_eq!(size(999_001), "1 MB");
        assert_eq!(size(10_000_000), "10 MB");
        assert_eq!(size(10_000_001), "10.1 MB");
    }
}
