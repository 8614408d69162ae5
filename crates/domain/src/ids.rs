//! One newtype per entity, so that a function cannot be handed the id of something else.
//!
//! Invariant: an id is opaque; it is never a secret and never proves a right.

/// Declares an id: a UUID that only the named entity may wear.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// Wraps a UUID that is known to name this entity.
            #[must_use]
            pub const fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for the edges (SQL, JSON).
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

id! {
    /// An agency: the tenant, and the producer on a certificate.
    AgencyId;
    /// A person who works at the agency.
    StaffUserId;
    /// A security group of staff users.
    GroupId;
    /// A customer of the agency: the named insured.
    InsuredId;
    /// A person to reach at an insured.
    ContactId;
    /// An insured's sign-in to the portal.
    PortalUserId;
    /// An insurer's writing company.
    CarrierId;
    /// An insurance policy.
    PolicyId;
    /// A form attached to a policy.
    EndorsementId;
    /// A vehicle on a policy.
    VehicleId;
    /// A certificate holder of the agency's library.
    HolderId;
    /// An additional interest of an insured.
    InterestId;
    /// A group of holders.
    HolderGroupId;
    /// A reusable selection of an insured's cover.
    MasterId;
    /// An issued certificate.
    CertificateId;
    /// A request to lift what blocks a certificate.
    ApprovalId;
    /// One sending of a certificate.
    DeliveryId;
    /// A courtesy notice of a cancellation.
    NoticeId;
    /// A mail by its Message-ID: that of a sending, a courtesy notice or a question, whichever it turns out to be.
    MailId;
    /// One sending to many holders at once.
    BatchId;
    /// A question to an insured before a renewal run.
    QuestionId;
    /// A signed-in session.
    SessionId;
    /// A single-use link for choosing a password.
    PasswordLinkId;
    /// Something that staff must do.
    TaskId;
    /// Wording that is written once and picked again.
    TemplateId;
    /// Work that must happen later.
    JobId;
    /// One run of the importer.
    ImportId;
}

#[cfg(test)]
mod tests {
    use super::InsuredId;

    #[test]
    fn an_id_reads_what_it_prints() {
        let id = InsuredId::from_uuid(uuid::Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<InsuredId>().unwrap(), id);
        assert!("not-an-id".parse::<InsuredId>().is_err());
    }
}
