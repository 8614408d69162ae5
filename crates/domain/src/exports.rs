//! Lists that leave the product as a file. Each of them leaves a trace before its first line is handed out.

use serde_json::{Value, json};

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::{
    ExportActivity, ExportCertificateActivity, ExportCertificates, ExportCertificatesSent, ExportHolders,
};
use crate::authz::{By, Permit};
use crate::ids::{CertificateId, InsuredId};

/// A list was asked for as a file.
#[derive(Debug)]
pub struct Exported {
    action: Action,
    insured: Option<InsuredId>,
    /// The one that the list was of, whose own history tells of it, too.
    certificate: Option<CertificateId>,
    label: String,
    filter: Value,
    by: By,
}

/// Takes the log of all the agency's certificates out, as far as a filter leaves it.
#[must_use]
pub fn export_certificates(permit: Permit<ExportCertificates>, filter: Value) -> Exported {
    Exported {
        action: Action::CertificatesExported,
        insured: None,
        certificate: None,
        by: permit.by(),
        label: permit.into_target().profile.name.to_string(),
        filter,
    }
}

/// Takes the log of an insured's certificates out, as far as a filter leaves it.
#[must_use]
pub fn export_certificates_sent(permit: Permit<ExportCertificatesSent>, filter: Value) -> Exported {
    Exported {
        action: Action::CertificatesExported,
        insured: Some(permit.id),
        certificate: None,
        by: permit.by(),
        label: permit.into_target().profile.name.to_string(),
        filter,
    }
}

/// Takes the library of holders out, as far as a filter leaves it.
#[must_use]
pub fn export_holders(permit: Permit<ExportHolders>, filter: Value) -> Exported {
    Exported {
        action: Action::HoldersExported,
        insured: None,
        certificate: None,
        by: permit.by(),
        label: permit.into_target().profile.name.to_string(),
        filter,
    }
}

/// Takes an insured's history out, as far as a filter leaves it.
#[must_use]
pub fn export_activity(permit: Permit<ExportActivity>, filter: Value) -> Exported {
    Exported {
        action: Action::ActivityExported,
        insured: Some(permit.id),
        certificate: None,
        by: permit.by(),
        label: permit.into_target().profile.name.to_string(),
        filter,
    }
}

/// Takes a certificate's history out, as far as a filter leaves it.
#[must_use]
pub fn export_certificate_activity(permit: Permit<ExportCertificateActivity>, filter: Value) -> Exported {
    Exported {
        action: Action::ActivityExported,
        insured: Some(permit.insured),
        certificate: Some(permit.id),
        by: permit.by(),
        label: permit.into_target().number,
        filter,
    }
}

impl Audited for Exported {
    fn entry(&self) -> Entry {
        let (object_kind, detail) = if self.certificate.is_some() {
            (
                "certificate",
                json!({ "filter": self.filter, "of": "certificate" }),
            )
        } else {
            ("export", json!({ "filter": self.filter }))
        };
        Entry {
            by: self.by.clone(),
            action: self.action,
            insured: self.insured,
            object_kind,
            object_id: self.certificate.map(CertificateId::uuid),
            object_label: self.label.clone(),
            detail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn an_export_tells_what_was_taken_out_and_by_whom() {
        let staff = cast::administrator();
        let filter = json!({ "state": "issued" });
        let of_insured =
            export_certificates_sent(staff.request(cast::insured()).unwrap(), filter.clone()).entry();
        assert_eq!(of_insured.action, Action::CertificatesExported);
        assert_eq!(of_insured.insured, Some(cast::INSURED));
        assert_eq!(of_insured.by, staff.by());
        assert_eq!(of_insured.detail["filter"], filter);
        let of_agency = export_certificates(staff.request(cast::agency()).unwrap(), json!({})).entry();
        assert_eq!(
            (of_agency.action, of_agency.insured),
            (Action::CertificatesExported, None)
        );
        let history = export_activity(staff.request(cast::insured()).unwrap(), json!({})).entry();
        assert_eq!(history.action, Action::ActivityExported);
        assert_eq!((history.object_kind, history.object_id), ("export", None));
    }

    #[test]
    fn the_export_of_a_certificates_history_is_told_by_that_certificate_and_by_its_insured() {
        let (staff, certificate) = (cast::administrator(), cast::certificate());
        let entry =
            export_certificate_activity(staff.request(cast::certificate()).unwrap(), json!({})).entry();
        assert_eq!(entry.action, Action::ActivityExported);
        assert_eq!(entry.insured, Some(certificate.insured));
        assert_eq!(
            (entry.object_kind, entry.object_id),
            ("certificate", Some(certificate.id.uuid()))
        );
        assert_eq!(entry.object_label, certificate.number);
    }
}
