//! Things that must happen later. Closed: a job without a handler does not compile.
//!
//! Invariant: a payload holds ids, never bodies and never secrets.

pub mod retry;

use serde::{Deserialize, Serialize};

use crate::ids::{BatchId, DeliveryId, ImportId, NoticeId, PasswordLinkId, QuestionId};
use crate::vocabulary;

/// Something that must happen later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Mail a certificate to its recipients.
    DeliverCertificate {
        /// Which sending.
        delivery: DeliveryId,
    },
    /// Mail an invitation or a reset link; the worker makes the secret when it mails it.
    MailPasswordLink {
        /// Which link.
        link: PasswordLinkId,
    },
    /// Tell a person that the password was changed.
    MailPasswordNotice {
        /// The link that changed it.
        link: PasswordLinkId,
    },
    /// Mail a courtesy notice of a cancellation.
    MailCourtesyNotice {
        /// Which notice.
        notice: NoticeId,
    },
    /// Ask an insured, before a renewal run, which holders still need a certificate.
    MailRenewalQuestion {
        /// Which question.
        question: QuestionId,
    },
    /// Check uploaded files.
    CheckImport {
        /// Which import.
        import: ImportId,
    },
    /// Write checked records.
    ApplyImport {
        /// Which import.
        import: ImportId,
        /// Whether to leave faulty rows out rather than refuse.
        take_good_rows: bool,
    },
    /// Issue the certificates of a batch, row by row.
    SendBatch {
        /// Which batch.
        batch: BatchId,
    },
}

vocabulary! {
    /// The name of a job, for lists and metrics.
    pub enum JobKind {
        /// See [`Job::DeliverCertificate`].
        DeliverCertificate = "deliver_certificate",
        /// See [`Job::MailPasswordLink`].
        MailPasswordLink = "mail_password_link",
        /// See [`Job::MailPasswordNotice`].
        MailPasswordNotice = "mail_password_notice",
        /// See [`Job::MailCourtesyNotice`].
        MailCourtesyNotice = "mail_courtesy_notice",
        /// See [`Job::MailRenewalQuestion`].
        MailRenewalQuestion = "mail_renewal_question",
        /// See [`Job::CheckImport`].
        CheckImport = "check_import",
        /// See [`Job::ApplyImport`].
        ApplyImport = "apply_import",
        /// See [`Job::SendBatch`].
        SendBatch = "send_batch",
    }
}

impl Job {
    /// The job's name.
    #[must_use]
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::DeliverCertificate { .. } => JobKind::DeliverCertificate,
            Self::MailPasswordLink { .. } => JobKind::MailPasswordLink,
            Self::MailPasswordNotice { .. } => JobKind::MailPasswordNotice,
            Self::MailCourtesyNotice { .. } => JobKind::MailCourtesyNotice,
            Self::MailRenewalQuestion { .. } => JobKind::MailRenewalQuestion,
            Self::CheckImport { .. } => JobKind::CheckImport,
            Self::ApplyImport { .. } => JobKind::ApplyImport,
            Self::SendBatch { .. } => JobKind::SendBatch,
        }
    }
}

vocabulary! {
    /// Where a job stands.
    pub enum JobState {
        /// Waiting for its time or for a worker.
        Queued = "queued",
        /// Claimed by a worker, until its lease ends.
        Running = "running",
        /// Given up; a person may try it again.
        Buried = "buried",
    }
}

/// After how many claims a job is buried. Claims are counted before the work starts, so a job that kills
/// its process is counted too.
pub const MAX_CLAIMS: u32 = 8;
