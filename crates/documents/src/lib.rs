//! Certificates as paper: a frozen payload in, the bytes of a PDF out.
//!
//! Invariant: the same payload gives the same bytes, on every machine and for ever. There is no clock,
//! no randomness and no I/O here; fonts are part of the program, dates come from the payload.
//! Invariant: no text is dropped. What does not fit its place at a readable size stands in full on a
//! remarks page, and what no font of ours can print is an error, never a substitute.
//!
//! How a page comes about: `furniture` draws everything that is the same on all certificates with
//! genpdf, once per process; `template` condenses that drawing to reusable objects; `certificate` and
//! `remarks` stamp the payload's values between them; `file` writes one finished revision. The layout is
//! our own; it is not a form of ACORD and borrows neither its artwork nor its words.

pub mod bundle;
mod certificate;
mod condense;
mod coverage;
mod description;
mod embed;
mod error;
mod file;
mod furniture;
mod ink;
mod lean;
mod parties;
mod pen;
mod plan;
mod remarks;
mod setting;
mod template;
mod text;
mod typeface;

use countersign_domain::certificates::payload::CertificatePayload;

pub use error::RenderError;

/// Version of the page: its furniture, its words and how values are placed on it.
///
/// It rises with every change that alters a byte, and the payload remembers the one it was made for.
pub const TEMPLATE_VERSION: u16 = 1;

/// A certificate as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedCertificate {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has, remarks pages included.
    pub pages: u16,
}

/// Draws the furniture, so that the first certificate does not wait for it and a fault shows at the start.
///
/// # Errors
/// [`RenderError::Template`]: a fault of this program.
pub fn prepare() -> Result<(), RenderError> {
    template::template().map(|_| ())
}

/// Whether a page can print a character wherever it may stand.
///
/// Blanks of all widths, line breaks and marks without ink are printed too, as blanks, as line breaks and as
/// nothing.
#[must_use]
pub fn is_printable(character: char) -> bool {
    matches!(character, '\n' | '\r') || text::is_adapted(character) || typeface::has_letter(character)
}

/// Draws the certificate that `payload` describes.
///
/// # Errors
/// [`RenderError`] when the payload asks for another template, names more insurers than the page has
/// letters, or holds a character that no font here can print.
pub fn render_certificate(payload: &CertificatePayload) -> Result<RenderedCertificate, RenderError> {
    certificate::render(payload, file::Packing::Deflated)
}

/// Draws the same pages with their own content left readable, for measuring and for looking inside.
///
/// The bytes differ from those of [`render_certificate`]; they are never what is stored or sent.
///
/// # Errors
/// As [`render_certificate`].
pub fn render_uncompressed(payload: &CertificatePayload) -> Result<RenderedCertificate, RenderError> {
    certificate::render(payload, file::Packing::Plain)
}
