//! Certificates: preview, send, log, resend, look.

mod activity;
mod attachments;
mod document;
mod export;
mod get;
mod list;
mod preview;
mod recipients;
mod resend;
mod revise;
pub(crate) mod send;
mod turn_off;
mod undo;
mod withdraw;

pub(crate) use activity::{export_certificate_activity, list_certificate_activity};
pub(crate) use attachments::{AttachmentView, BehindView, Enclosures, behind, get_certificate_attachment};
pub(crate) use document::{download_certificate, file_name, preview_certificate, reply};
pub(crate) use export::{export_all_certificates, export_insured_certificates};
pub(crate) use get::{CertificateView, EndedPolicyView, get_certificate, view};
pub(crate) use list::{
    CertificateRowView, CertificateStateWord, DeliveryStateWord, OutcomeWord, list_certificates,
    list_insured_certificates, outcome,
};
pub(crate) use preview::preview_draft;
pub(crate) use recipients::{ConcernView, check_recipients};
pub(crate) use resend::resend_certificate;
pub(crate) use revise::{preview_revision, revise_certificate};
pub(crate) use send::{SendBody, fresh_ids, master_unknown, send_certificate};
pub(crate) use turn_off::turn_off_link;
pub(crate) use undo::undo_delivery;
pub(crate) use withdraw::withdraw_certificate;
