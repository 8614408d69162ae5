//! The catalogue of capabilities: what a security group opens (permissions) and what a portal user
//! holds (rights).
//!
//! Invariant (the verb rule): a right whose label starts with an action verb lets the insured act;
//! every other right only reads.

use crate::vocabulary;

vocabulary! {
    /// What a security group of staff users opens.
    pub enum Permission {
        /// See insureds, their policies and their history.
        ViewInsureds = "view_insureds",
        /// Create and change insureds.
        EditInsureds = "edit_insureds",
        /// Change, cancel and renew policies and the forms on them.
        EditPolicies = "edit_policies",
        /// Open, change, suspend and revoke portal accounts.
        ManagePortalAccounts = "manage_portal_accounts",
        /// See issued certificates.
        ViewCertificates = "view_certificates",
        /// Issue, mail and resend certificates, and keep the library of their holders.
        SendCertificates = "send_certificates",
        /// Take issued certificates back.
        WithdrawCertificates = "withdraw_certificates",
        /// Approve, as a second person, what the truth gate blocks.
        OverrideFindings = "override_findings",
        /// Create and change master certificates and templates.
        EditMasters = "edit_masters",
        /// Load files of insureds, policies and holders.
        RunImports = "run_imports",
        /// See mail that could not be sent and try it again.
        RetryMail = "retry_mail",
        /// Change the agency's name, address and appearance.
        EditAgency = "edit_agency",
    }
}

impl Permission {
    /// The permission as the sentence a person would say.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ViewInsureds => "See insureds, policies and history",
            Self::EditInsureds => "Create and change insureds",
            Self::EditPolicies => "Change, cancel and renew policies",
            Self::ManagePortalAccounts => "Manage portal accounts",
            Self::ViewCertificates => "See issued certificates",
            Self::SendCertificates => "Send, resend and revise certificates",
            Self::WithdrawCertificates => "Withdraw certificates",
            Self::OverrideFindings => "Approve certificates that are blocked for others",
            Self::EditMasters => "Create and change master certificates",
            Self::RunImports => "Import files",
            Self::RetryMail => "See failed mail and try it again",
            Self::EditAgency => "Change the agency's profile",
        }
    }
}

vocabulary! {
    /// What a portal user holds.
    pub enum Right {
        /// Policy details, read-only.
        ViewPolicyInformation = "view_policy_information",
        /// ID cards of the insured's own vehicles.
        VehiclesIdCardAccess = "vehicles_id_card_access",
        /// Files that the agency shared.
        FileAccess = "file_access",
        /// The log of the insured's own certificates.
        CertificatesSent = "certificates_sent",
        /// Issue and mail certificates.
        SendCertificates = "send_certificates",
        /// Add an additional interest.
        AddAdditionalInterests = "add_additional_interests",
    }
}

vocabulary! {
    /// Whether a right lets its bearer act or only read.
    pub enum RightKind {
        /// Only reads.
        Read = "read",
        /// Acts.
        Act = "act",
    }
}

/// Words that make a label an action, by the verb rule. "View" is not among them.
pub const ACTION_VERBS: &[&str] = &["Allow", "Send", "Add"];

impl Right {
    /// The label under which staff grant it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ViewPolicyInformation => "View Policy Information",
            Self::VehiclesIdCardAccess => "Vehicles (ID Card Access)",
            Self::FileAccess => "File Access",
            Self::CertificatesSent => "Certificates Sent",
            Self::SendCertificates => "Send Certificates",
            Self::AddAdditionalInterests => "Add Additional Interests",
        }
    }

    /// What the insured can do with it, in one sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::ViewPolicyInformation => "See policy numbers, terms, limits and endorsements.",
            Self::VehiclesIdCardAccess => "Retrieve ID cards for their own vehicles.",
            Self::FileAccess => "View and download the files you share with them.",
            Self::CertificatesSent => "See and download certificates issued for them.",
            Self::SendCertificates => {
                "Issue and mail certificates from the masters you opened to the portal."
            }
            Self::AddAdditionalInterests => {
                "Add an additional interest, for blanket additional insured cases."
            }
        }
    }

    /// Whether it acts or reads.
    #[must_use]
    pub const fn kind(self) -> RightKind {
        match self {
            Self::ViewPolicyInformation
            | Self::VehiclesIdCardAccess
            | Self::FileAccess
            | Self::CertificatesSent => RightKind::Read,
            Self::SendCertificates | Self::AddAdditionalInterests => RightKind::Act,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A1.13: a label with an action verb acts, every other one only reads.
    #[test]
    fn the_verb_rule_holds_for_every_right() {
        for right in Right::ALL {
            let verb = right.label().split_whitespace().next().unwrap();
            let acts = ACTION_VERBS.contains(&verb);
            assert_eq!(right.kind() == RightKind::Act, acts, "{}", right.label());
        }
        assert!(!ACTION_VERBS.contains(&"View"));
    }

    /// A1.12: the five most used rights are in the catalogue, under the names agencies know.
    #[test]
    fn the_most_used_rights_are_in_the_catalogue() {
        let labels: Vec<_> = Right::ALL.iter().map(|right| right.label()).collect();
        for label in [
            "View Policy Information",
            "Vehicles (ID Card Access)",
            "Send Certificates",
            "File Access",
            "Add Additional Interests",
        ] {
            assert!(labels.contains(&label), "{label} is missing");
        }
    }
}
