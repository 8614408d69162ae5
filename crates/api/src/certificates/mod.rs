//! Certificates: preview, send, log, resend, look.

mod document;
mod get;
mod list;
mod preview;
mod resend;
mod send;

pub(crate) use document::{download_certificate, preview_certificate};
pub(crate) use get::{CertificateView, get_certificate};
pub(crate) use list::{CertificateRowView, list_certificates, list_insured_certificates};
pub(crate) use preview::preview_draft;
pub(crate) use resend::resend_certificate;
pub(crate) use send::send_certificate;
