//! What an outcome says about itself, and the chain that makes the trail tamper-evident.
//!
//! Invariant: an entry's hash covers the entry before it, so a change, a removal or a swap is found.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::authz::By;
use crate::ids::{AgencyId, InsuredId};
use crate::vocabulary;

vocabulary! {
    /// What was done.
    pub enum Action {
        /// A person signed in.
        SignedIn = "signed_in",
        /// A person signed out.
        SignedOut = "signed_out",
        /// A password was chosen through a link.
        PasswordSet = "password_set",
        /// A person asked for a reset link.
        PasswordLinkRequested = "password_link_requested",
        /// The agency's profile was changed.
        AgencyEdited = "agency_edited",
        /// The agency's statement about its layout in a state was taken down, changed or taken back.
        LayoutStated = "layout_stated",
        /// An insured was created.
        InsuredCreated = "insured_created",
        /// An insured was changed.
        InsuredEdited = "insured_edited",
        /// A portal account was opened.
        PortalUserOpened = "portal_user_opened",
        /// A portal account's rights were changed.
        PortalRightsChanged = "portal_rights_changed",
        /// A portal account's username was changed.
        PortalUserRenamed = "portal_user_renamed",
        /// A portal account was suspended.
        PortalUserSuspended = "portal_user_suspended",
        /// A portal account was resumed.
        PortalUserResumed = "portal_user_resumed",
        /// A portal account was revoked.
        PortalUserRevoked = "portal_user_revoked",
        /// An invitation was mailed again.
        PortalUserInvited = "portal_user_invited",
        /// Staff mailed a reset link.
        PortalPasswordLinkSent = "portal_password_link_sent",
        /// A policy's own data were changed.
        PolicyEdited = "policy_edited",
        /// A policy was cancelled.
        PolicyCancelled = "policy_cancelled",
        /// A policy was renewed into a new term.
        PolicyRenewed = "policy_renewed",
        /// A form was added to a policy.
        EndorsementAdded = "endorsement_added",
        /// A form on a policy was changed.
        EndorsementEdited = "endorsement_edited",
        /// A form was taken off a policy's record.
        EndorsementRemoved = "endorsement_removed",
        /// A form's file was attached or replaced.
        EndorsementFileAttached = "endorsement_file_attached",
        /// A form's file was taken off.
        EndorsementFileRemoved = "endorsement_file_removed",
        /// A master certificate was created.
        MasterCreated = "master_created",
        /// A master certificate was changed.
        MasterEdited = "master_edited",
        /// A master certificate follows its policies into their new terms.
        MasterFollowed = "master_followed",
        /// A template was written.
        TemplateCreated = "template_created",
        /// A template was changed.
        TemplateEdited = "template_edited",
        /// A template was put away.
        TemplateArchived = "template_archived",
        /// A template was brought back.
        TemplateRestored = "template_restored",
        /// A holder was added to the library.
        HolderCreated = "holder_created",
        /// A holder was changed.
        HolderEdited = "holder_edited",
        /// A holder was put away.
        HolderArchived = "holder_archived",
        /// A holder was brought back.
        HolderRestored = "holder_restored",
        /// A holder was merged into another one.
        HolderMerged = "holder_merged",
        /// An additional interest was added.
        InterestAdded = "interest_added",
        /// An additional interest was changed.
        InterestEdited = "interest_edited",
        /// An additional interest was ended.
        InterestEnded = "interest_ended",
        /// What is written down about a holder and an insured was changed.
        HolderLinkEdited = "holder_link_edited",
        /// The library of holders was taken out as a file.
        HoldersExported = "holders_exported",
        /// A group of holders was made.
        HolderGroupCreated = "holder_group_created",
        /// A group of holders was renamed.
        HolderGroupRenamed = "holder_group_renamed",
        /// A group of holders was taken away.
        HolderGroupDeleted = "holder_group_deleted",
        /// Holders joined a group or left it.
        HolderGroupChanged = "holder_group_changed",
        /// A certificate was issued and queued.
        CertificateSent = "certificate_sent",
        /// A certificate was queued once more.
        CertificateResent = "certificate_resent",
        /// The next revision of a certificate was issued and queued.
        CertificateRevised = "certificate_revised",
        /// A certificate was taken back.
        CertificateWithdrawn = "certificate_withdrawn",
        /// A second person was asked to lift what blocks a certificate.
        ApprovalAsked = "approval_asked",
        /// A second person lifted what blocked a certificate.
        ApprovalGiven = "approval_given",
        /// A second person refused to lift what blocks a certificate.
        ApprovalDeclined = "approval_declined",
        /// The holder of a certificate was sent a courtesy notice of a cancellation.
        CourtesyNoticeSent = "courtesy_notice_sent",
        /// The relay accepted a courtesy notice.
        CourtesyNoticeAccepted = "courtesy_notice_accepted",
        /// A courtesy notice was given up.
        CourtesyNoticeFailed = "courtesy_notice_failed",
        /// A certificate was looked at.
        CertificatePreviewed = "certificate_previewed",
        /// A certificate was downloaded.
        CertificateDownloaded = "certificate_downloaded",
        /// An insured was asked who still needs a certificate.
        RenewalAsked = "renewal_asked",
        /// The insured answered.
        RenewalAnswered = "renewal_answered",
        /// A sending to many holders was started.
        BatchStarted = "batch_started",
        /// It was halted by a person.
        BatchPaused = "batch_paused",
        /// It was halted because it could not go on.
        BatchHalted = "batch_halted",
        /// A person let it go on.
        BatchResumed = "batch_resumed",
        /// The rest of it was called off.
        BatchCancelled = "batch_cancelled",
        /// Its failed rows were put into the line again.
        BatchRetried = "batch_retried",
        /// Its last row was settled.
        BatchFinished = "batch_finished",
        /// Its certificates were taken out as one file.
        BatchDownloaded = "batch_downloaded",
        /// The relay accepted a certificate's mail.
        DeliveryAccepted = "delivery_accepted",
        /// A certificate's mail was given up.
        DeliveryFailed = "delivery_failed",
        /// A sending was taken back before its mail left.
        DeliveryUndone = "delivery_undone",
        /// A certificate was opened through its link for the first time.
        LinkOpened = "link_opened",
        /// A certificate was saved through its link.
        LinkDownloaded = "link_downloaded",
        /// A link to a certificate was turned off.
        LinkTurnedOff = "link_turned_off",
        /// A certificate's mail arrived.
        MailDelivered = "mail_delivered",
        /// A certificate's mail waits at the other side.
        MailDeferred = "mail_deferred",
        /// A certificate's mail came back.
        MailBounced = "mail_bounced",
        /// A recipient called a certificate's mail unwanted.
        MailComplained = "mail_complained",
        /// A certificate was sent to the right address after its mail came back.
        TaskSettled = "task_settled",
        /// Nothing is done about mail that came back.
        TaskDismissed = "task_dismissed",
        /// The log of certificates was taken out as a file.
        CertificatesExported = "certificates_exported",
        /// A history was taken out as a file.
        ActivityExported = "activity_exported",
        /// Failed mail was put into the queue again.
        JobRetried = "job_retried",
        /// An import was created.
        ImportCreated = "import_created",
        /// A file of an import was uploaded.
        ImportFileUploaded = "import_file_uploaded",
        /// An import's files were checked.
        ImportChecked = "import_checked",
        /// A person asked for an import's records to be written.
        ImportApplyRequested = "import_apply_requested",
        /// An import's records were written.
        ImportApplied = "import_applied",
    }
}

vocabulary! {
    /// What kind of act an entry tells of, to look for.
    pub enum ActKind {
        /// Certificates that were sent, revised, sent again or withdrawn.
        Certificates = "certificates",
        /// Certificates that were looked at or saved, and lists that were taken out.
        Looks = "looks",
        /// What became of mail.
        Mail = "mail",
        /// Master certificates, and templates of wording.
        Masters = "masters",
        /// Policies and the forms on them.
        Policies = "policies",
        /// Certificate holders.
        Holders = "holders",
        /// Additional interests.
        Interests = "interests",
        /// The portal account.
        Portal = "portal",
        /// The profile.
        Profile = "profile",
        /// Signing in and passwords.
        SignIns = "sign_ins",
    }
}

impl Action {
    /// What kind of act it is.
    #[must_use]
    pub const fn kind(self) -> ActKind {
        match self {
            Self::SignedIn | Self::SignedOut | Self::PasswordSet | Self::PasswordLinkRequested => {
                ActKind::SignIns
            }
            Self::AgencyEdited
            | Self::LayoutStated
            | Self::InsuredCreated
            | Self::InsuredEdited
            | Self::ImportCreated
            | Self::ImportFileUploaded
            | Self::ImportChecked
            | Self::ImportApplyRequested
            | Self::ImportApplied => ActKind::Profile,
            Self::PortalUserOpened
            | Self::PortalRightsChanged
            | Self::PortalUserRenamed
            | Self::PortalUserSuspended
            | Self::PortalUserResumed
            | Self::PortalUserRevoked
            | Self::PortalUserInvited
            | Self::PortalPasswordLinkSent => ActKind::Portal,
            Self::MasterCreated
            | Self::MasterEdited
            | Self::MasterFollowed
            | Self::TemplateCreated
            | Self::TemplateEdited
            | Self::TemplateArchived
            | Self::TemplateRestored => ActKind::Masters,
            Self::PolicyEdited
            | Self::PolicyCancelled
            | Self::PolicyRenewed
            | Self::EndorsementAdded
            | Self::EndorsementEdited
            | Self::EndorsementRemoved
            | Self::EndorsementFileAttached
            | Self::EndorsementFileRemoved => ActKind::Policies,
            Self::HolderCreated
            | Self::HolderEdited
            | Self::HolderArchived
            | Self::HolderRestored
            | Self::HolderMerged
            | Self::HolderLinkEdited
            | Self::HolderGroupCreated
            | Self::HolderGroupRenamed
            | Self::HolderGroupDeleted
            | Self::HolderGroupChanged => ActKind::Holders,
            Self::InterestAdded | Self::InterestEdited | Self::InterestEnded => ActKind::Interests,
            Self::CertificateSent
            | Self::CertificateResent
            | Self::CertificateRevised
            | Self::CertificateWithdrawn
            | Self::RenewalAsked
            | Self::RenewalAnswered
            | Self::BatchStarted
            | Self::BatchPaused
            | Self::BatchHalted
            | Self::BatchResumed
            | Self::BatchCancelled
            | Self::BatchRetried
            | Self::BatchFinished
            | Self::ApprovalAsked
            | Self::ApprovalGiven
            | Self::ApprovalDeclined
            | Self::CourtesyNoticeSent => ActKind::Certificates,
            Self::CertificatePreviewed
            | Self::CertificateDownloaded
            | Self::LinkOpened
            | Self::LinkDownloaded
            | Self::BatchDownloaded
            | Self::CertificatesExported
            | Self::HoldersExported
            | Self::ActivityExported => ActKind::Looks,
            Self::DeliveryAccepted
            | Self::DeliveryFailed
            | Self::DeliveryUndone
            | Self::LinkTurnedOff
            | Self::MailDelivered
            | Self::MailDeferred
            | Self::MailBounced
            | Self::MailComplained
            | Self::TaskSettled
            | Self::TaskDismissed
            | Self::CourtesyNoticeAccepted
            | Self::CourtesyNoticeFailed
            | Self::JobRetried => ActKind::Mail,
        }
    }
}

/// What an outcome says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Who.
    pub by: By,
    /// What.
    pub action: Action,
    /// On whose profile it shows.
    pub insured: Option<InsuredId>,
    /// Kind of the record that was touched, e.g. `certificate`.
    pub object_kind: &'static str,
    /// The record that was touched.
    pub object_id: Option<Uuid>,
    /// The record's name at that time.
    pub object_label: String,
    /// What changed, as facts.
    pub detail: Value,
}

/// Something that leaves a trace.
pub trait Audited {
    /// What it says about itself.
    fn entry(&self) -> Entry;
}

/// An id that is not there: no bytes, which no id has, not even the nil one.
const ABSENT: &[u8] = &[];

/// The hash of an entry: SHA-256 over the previous hash and every field, each preceded by its length, so
/// that no two different entries can read alike.
#[must_use]
pub fn chain(previous: &[u8], agency: AgencyId, seq: i64, at: DateTime<Utc>, entry: &Entry) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    field(previous);
    field(agency.uuid().as_bytes());
    field(&seq.to_be_bytes());
    // Postgres keeps microseconds; hashing nanoseconds would not survive a read.
    field(&at.timestamp_micros().to_be_bytes());
    field(entry.by.kind.as_str().as_bytes());
    field(entry.by.id.as_ref().map_or(ABSENT, |id| id.as_bytes()));
    field(entry.by.name.as_bytes());
    field(entry.action.as_str().as_bytes());
    field(
        entry
            .insured
            .map(InsuredId::uuid)
            .as_ref()
            .map_or(ABSENT, |id| id.as_bytes()),
    );
    field(entry.object_kind.as_bytes());
    field(entry.object_id.as_ref().map_or(ABSENT, |id| id.as_bytes()));
    field(entry.object_label.as_bytes());
    field(canonical(&entry.detail).as_bytes());
    hash.finalize().into()
}

/// JSON with sorted keys and no white space, so that it hashes the same after a trip through the database.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            let members: Vec<_> = keys
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::String(key.clone()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::authz::ActorKind;

    fn entry(label: &str, detail: Value) -> Entry {
        Entry {
            by: By {
                kind: ActorKind::System,
                id: None,
                name: "mailer".into(),
            },
            action: Action::CertificateSent,
            insured: None,
            object_kind: "certificate",
            object_id: None,
            object_label: label.into(),
            detail,
        }
    }

    fn hash(change: impl FnOnce(&mut Entry)) -> [u8; 32] {
        let mut entry = entry("26-1", json!({ "a": 1, "b": [2, { "d": 4, "c": null }] }));
        change(&mut entry);
        let at = DateTime::from_timestamp(1_800_000_000, 123_456_000).unwrap();
        chain(b"before", AgencyId::from_uuid(Uuid::from_u128(1)), 7, at, &entry)
    }

    #[test]
    fn a_hash_depends_on_every_part() {
        let insured = InsuredId::from_uuid(Uuid::from_u128(3));
        let nil = Uuid::nil();
        let changes: &[&dyn Fn(&mut Entry)] = &[
            &|_| {},
            &|entry| entry.by.kind = ActorKind::Staff,
            &|entry| entry.by.id = Some(Uuid::from_u128(2)),
            &|entry| entry.by.id = Some(nil),
            &|entry| entry.by.name = "mail".into(),
            &|entry| entry.action = Action::CertificateResent,
            &|entry| entry.insured = Some(insured),
            &|entry| entry.insured = Some(InsuredId::from_uuid(nil)),
            &|entry| entry.object_kind = "master",
            &|entry| entry.object_id = Some(Uuid::from_u128(2)),
            &|entry| entry.object_id = Some(nil),
            &|entry| entry.object_label = "26-2".into(),
            &|entry| entry.detail = json!({ "a": 1, "b": [{ "d": 4, "c": null }, 2] }),
            &|entry| entry.detail = json!({ "a": "1", "b": [2, { "d": 4, "c": null }] }),
            &|entry| entry.detail = json!({ "a": 1, "b": [2, { "d": 4 }] }),
        ];
        let hashes: std::collections::BTreeSet<_> = changes.iter().map(|change| hash(change)).collect();
        assert_eq!(hashes.len(), changes.len());
    }

    #[test]
    fn a_hash_depends_on_its_place_its_agency_and_its_moment() {
        let entry = entry("26-1", json!({}));
        let at = DateTime::from_timestamp(1_800_000_000, 123_456_000).unwrap();
        let agency = |n| AgencyId::from_uuid(Uuid::from_u128(n));
        let hashes = [
            chain(&[], agency(1), 1, at, &entry),
            chain(b"x", agency(1), 1, at, &entry),
            chain(&[], agency(2), 1, at, &entry),
            chain(&[], agency(1), 2, at, &entry),
            chain(&[], agency(1), 1, at + chrono::TimeDelta::microseconds(1), &entry),
        ];
        let distinct: std::collections::BTreeSet<_> = hashes.iter().collect();
        assert_eq!(distinct.len(), hashes.len());
    }

    #[test]
    fn a_hash_survives_a_trip_through_the_database() {
        let same = hash(|entry| entry.detail = json!({ "b": [2, { "c": null, "d": 4 }], "a": 1 }));
        assert_eq!(hash(|_| {}), same);
        let entry = entry("26-1", json!({}));
        let fine = DateTime::from_timestamp(1_800_000_000, 123_456_789).unwrap();
        let kept = DateTime::from_timestamp(1_800_000_000, 123_456_000).unwrap();
        let agency = AgencyId::from_uuid(Uuid::from_u128(1));
        assert_eq!(
            chain(&[], agency, 1, fine, &entry),
            chain(&[], agency, 1, kept, &entry)
        );
    }
}
