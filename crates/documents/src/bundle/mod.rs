//! Many certificates as one file: an archive with a file for each, or one PDF with all their pages.
//!
//! Invariant: bytes are handed out as they come about, so that however many certificates there are, one of them is
//! in memory.

mod archive;
mod merged;

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

pub use archive::Archive;
pub use merged::Merged;

/// Why a bundle broke off.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The archive could not be written.
    #[error("the archive: {0}")]
    Archive(String),
    /// A certificate is not a PDF that can be read.
    #[error("a certificate: {0}")]
    Page(String),
}

/// Where a writer puts its bytes, and whence they are taken.
#[derive(Clone, Debug, Default)]
struct Outlet(Arc<Mutex<Vec<u8>>>);

impl Outlet {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
