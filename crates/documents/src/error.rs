//! Why a certificate could not be drawn.
//!
//! Invariant: every cause that a payload can have is named here; the caller can tell a person what to change.

/// Why a certificate could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The payload was frozen for a template that this program does not have.
    #[error("the page's template version {asked} is not known here; this is version {known}")]
    UnknownTemplate {
        /// What the payload asks for.
        asked: u16,
        /// What is drawn here.
        known: u16,
    },
    /// More insurers than letters.
    #[error("a certificate has room for six insurers, not {0}; issue a second certificate")]
    TooManyInsurers(usize),
    /// An insurer that has no row of its own on the page.
    #[error("insurers have the letters A to F, each once; {0} is not one of them or is given twice")]
    InsurerLetter(char),
    /// A band names an insurer that is not listed.
    #[error("a coverage line names insurer {0}, which is not among the insurers")]
    UnlistedInsurer(char),
    /// A character that no font here can print: a script written from right to left, an emoji,
    /// a control character.
    #[error("the character U+{:04X} cannot be printed", u32::from(*.0))]
    Unprintable(char),
    /// More remarks than a document can hold.
    #[error("the remarks need more than {0} pages")]
    TooLong(u16),
    /// The payload has no canonical form.
    #[error("the payload cannot be written as JSON: {0}")]
    Payload(String),
    /// The furniture could not be drawn or a font not be read: a fault of this program.
    #[error("the page's template could not be made: {0}")]
    Template(String),
}
