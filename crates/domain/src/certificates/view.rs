//! Looking at an issued certificate. Each look leaves a trace (checklist A2.22).

use serde_json::json;

use super::Certificate;
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::{DownloadCertificate, PreviewCertificate};
use crate::authz::{By, Permit};

/// A certificate was looked at.
#[derive(Debug)]
pub struct Viewed {
    certificate: Certificate,
    action: Action,
    attachment: Option<String>,
    by: By,
}

/// Opens the page in the browser.
#[must_use]
pub fn preview(permit: Permit<PreviewCertificate>) -> Viewed {
    let by = permit.by();
    Viewed {
        certificate: permit.into_target(),
        action: Action::CertificatePreviewed,
        attachment: None,
        by,
    }
}

/// Opens an endorsement that went with it.
#[must_use]
pub fn preview_attachment(permit: Permit<PreviewCertificate>, file_name: &str) -> Viewed {
    Viewed {
        attachment: Some(file_name.to_owned()),
        ..preview(permit)
    }
}

/// Saves the page.
#[must_use]
pub fn download(permit: Permit<DownloadCertificate>) -> Viewed {
    let by = permit.by();
    Viewed {
        certificate: permit.into_target(),
        action: Action::CertificateDownloaded,
        attachment: None,
        by,
    }
}

impl Viewed {
    /// Which certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

impl Audited for Viewed {
    fn entry(&self) -> Entry {
        let mut detail = json!({ "holder": self.certificate.holder_name });
        if let (Some(facts), Some(name)) = (detail.as_object_mut(), &self.attachment) {
            facts.insert("attachment".into(), json!(name));
        }
        Entry {
            by: self.by.clone(),
            action: self.action,
            insured: Some(self.certificate.insured),
            object_kind: "certificate",
            object_id: Some(self.certificate.id.uuid()),
            object_label: self.certificate.number.clone(),
            detail,
        }
    }
}
