//! EVERY authorization decision. Reads as a table: one block per operation, grouped by target.
//!
//! The chain before these rules ([`super::operation::evaluate`]) has refused other agencies and suspended
//! accounts already. Deny by default: an actor that no line names is refused.

use super::actor::{Actor, Portal, Process, Staff};
use super::capability::{Permission, Right};
use super::operation::{Listing, Operation, Reach, Rule, Verdict};
use crate::agency::Agency;
use crate::certificates::Certificate;
use crate::certificates::approval::Approval;
use crate::certificates::batch::Batch;
use crate::certificates::master::Master;
use crate::certificates::question::Question;
use crate::holders::{Holder, HolderGroup, Link};
use crate::ids::InsuredId;
use crate::insureds::Insured;
use crate::interests::Interest;
use crate::policies::PolicyRecord;
use crate::portal::PortalUser;
use crate::tasks::Task;
use crate::templates::Template;

// Predicates, in the order in which a rule asks them.

/// The staff user's group opens it.
fn group_opens(staff: &Staff, permission: Permission) -> Verdict {
    if staff.permissions.contains(&permission) {
        Verdict::Allowed
    } else {
        Verdict::Forbidden(Rule::GroupDoesNotOpen)
    }
}

/// The record is the portal user's own, and the right was granted.
fn own_with(portal: &Portal, insured: InsuredId, rights: &[Right]) -> Verdict {
    if portal.insured != insured {
        Verdict::Hidden(Rule::OtherInsured)
    } else if rights.iter().any(|right| portal.rights.contains(right)) {
        Verdict::Allowed
    } else {
        Verdict::Forbidden(Rule::RightNotGranted)
    }
}

/// No right opens it: the agency's alone, but the portal user may know that its own record exists.
fn closed_to(portal: &Portal, insured: InsuredId) -> Verdict {
    if portal.insured == insured {
        NOT_FOR_THIS_ACTOR
    } else {
        Verdict::Hidden(Rule::OtherInsured)
    }
}

/// The group opens deciding, and the request is another person's.
fn second_person(staff: &Staff, approval: &Approval) -> Verdict {
    match group_opens(staff, Permission::OverrideFindings) {
        Verdict::Allowed if approval.asked_by == staff.id => Verdict::Forbidden(Rule::OwnRequest),
        verdict => verdict,
    }
}

const NOT_FOR_THIS_ACTOR: Verdict = Verdict::Forbidden(Rule::NotForThisActor);

/// Declares an operation and its one rule.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident($word:literal) on $target:ty: |$actor:ident, $record:ident| $rule:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}

            impl Operation for $name {
                type Target = $target;
                const NAME: &'static str = $word;

                fn judge($actor: &Actor, $record: &$target) -> Verdict {
                    $rule
                }
            }
        )+

        /// The names of all operations, for the access matrix.
        pub const OPERATIONS: &[&str] = &[$($word),+];
    };
}

operations! {
    // The agency
    /// See the agency's profile.
    ViewAgency("view_agency") on Agency: |actor, _agency| match actor {
        Actor::Staff(_) => Verdict::Allowed,
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See what the states ask of a certificate's form.
    ViewStateRules("view_state_rules") on Agency: |actor, _agency| match actor {
        Actor::Staff(_) => Verdict::Allowed,
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Change the agency's profile.
    EditAgency("edit_agency") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::EditAgency),
        Actor::System { process: Process::Console, .. } => Verdict::Allowed,
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// State what the agency has found out about its layout in a state.
    StateLayout("state_layout") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::EditAgency),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Search everything that the list permissions open.
    Search("search") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewInsureds),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Load files of insureds, policies and holders.
    RunImports("run_imports") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::RunImports),
        Actor::System { process: Process::Importer | Process::Console, .. } => Verdict::Allowed,
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See mail that could not be sent, and try it again.
    RetryMail("retry_mail") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::RetryMail),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Take the log of all the agency's certificates out as a file.
    ExportCertificates("export_certificates") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Take the library of holders out as a file.
    ExportHolders("export_holders") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Create an insured.
    CreateInsured("create_insured") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::EditInsureds),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Add a holder to the library.
    CreateHolder("create_holder") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Ask what is known about addresses before something is sent to them.
    CheckRecipients("check_recipients") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Write a template.
    CreateTemplate("create_template") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::EditMasters),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Make a group of holders.
    CreateHolderGroup("create_holder_group") on Agency: |actor, _agency| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Mail what was queued.
    MailQueued("mail_queued") on Agency: |actor, _agency| match actor {
        Actor::System { process: Process::Mailer, .. } => Verdict::Allowed,
        Actor::Staff(_) | Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    /// Take what the mail system tells of mails that it took.
    RecordMailEvents("record_mail_events") on Agency: |actor, _agency| match actor {
        Actor::System { process: Process::Mailer, .. } => Verdict::Allowed,
        Actor::Staff(_) | Actor::Portal(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // An insured
    /// See an insured's profile.
    ViewInsured("view_insured") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewInsureds),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Change an insured's profile.
    EditInsured("edit_insured") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::EditInsureds),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See an insured's policies.
    ViewPolicies("view_policies") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewInsureds),
        Actor::Portal(portal) => own_with(portal, insured.id, &[Right::ViewPolicyInformation]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See who did what for an insured, and when.
    ViewActivity("view_activity") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewInsureds),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Take an insured's history out as a file.
    ExportActivity("export_activity") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewInsureds),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See the portal's home page.
    ViewPortalHome("view_portal_home") on Insured: |actor, insured| match actor {
        Actor::Portal(portal) if portal.insured == insured.id => Verdict::Allowed,
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::Staff(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See the holders that an insured used before.
    ViewInsuredHolders("view_insured_holders") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => own_with(portal, insured.id, &[Right::SendCertificates]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See an insured's additional interests.
    ViewInterests("view_interests") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Add an additional interest, and by that a holder of the library.
    AddInterest("add_interest") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See an insured's master certificates.
    ViewMasters("view_masters") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => own_with(portal, insured.id, &[Right::SendCertificates]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Create a master certificate.
    CreateMaster("create_master") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::EditMasters),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Issue a certificate and mail it.
    SendCertificate("send_certificate") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => own_with(portal, insured.id, &[Right::SendCertificates]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Ask a second person to lift what blocks a certificate.
    AskApproval("ask_approval") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Fill a template for an insured.
    FillTemplate("fill_template") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Open a portal account.
    OpenPortalUser("open_portal_user") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ManagePortalAccounts),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See the log of an insured's certificates.
    ViewCertificatesSent("view_certificates_sent") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) =>
            own_with(portal, insured.id, &[Right::CertificatesSent, Right::SendCertificates]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Take the log of an insured's certificates out as a file.
    ExportCertificatesSent("export_certificates_sent") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    /// Send certificates for an insured to many holders at once. Each of them is asked for as one sent alone.
    StartBatch("start_batch") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    /// Ask the insured, before a renewal run, which holders still need a certificate.
    AskRenewal("ask_renewal") on Insured: |actor, insured| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, insured.id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A question to an insured
    /// See it and answer it. Only for whoever showed a secret that opens this one.
    AnswerRenewal("answer_renewal") on Question: |actor, question| match actor {
        Actor::System { process: Process::LinkReader, .. } => Verdict::Allowed,
        Actor::Portal(portal) => closed_to(portal, question.insured),
        Actor::Staff(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A batch
    /// See a sending to many holders, and what became of each row.
    ViewBatch("view_batch") on Batch: |actor, batch| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => closed_to(portal, batch.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Save the certificates of a batch as one file.
    DownloadBatch("download_batch") on Batch: |actor, batch| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => closed_to(portal, batch.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Halt a batch, let it go on, call the rest off, try what failed again. Who lets it go on sends the rest.
    SteerBatch("steer_batch") on Batch: |actor, batch| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, batch.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Keep the books of a batch while it runs. It opens no certificate: each is asked for by whoever sends.
    RunBatch("run_batch") on Batch: |actor, batch| match actor {
        Actor::System { process: Process::BulkSender, .. } => Verdict::Allowed,
        Actor::Portal(portal) => closed_to(portal, batch.insured),
        Actor::Staff(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A policy
    /// See a policy, its forms and its vehicles.
    ViewPolicy("view_policy") on PolicyRecord: |actor, record| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewInsureds),
        Actor::Portal(portal) =>
            own_with(portal, record.policy.insured_id, &[Right::ViewPolicyInformation]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See who changed what on a policy, and when.
    ViewPolicyHistory("view_policy_history") on PolicyRecord: |actor, record| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewInsureds),
        Actor::Portal(portal) => closed_to(portal, record.policy.insured_id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See who holds a certificate that names a policy.
    ViewPolicyHolders("view_policy_holders") on PolicyRecord: |actor, record| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => closed_to(portal, record.policy.insured_id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Tell those who hold a certificate that names a cancelled policy, as a courtesy.
    SendCourtesyNotices("send_courtesy_notices") on PolicyRecord: |actor, record| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, record.policy.insured_id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Change, cancel and renew a policy, and change the forms on it. Whoever loads files may too: an import
    /// changes as much.
    EditPolicy("edit_policy") on PolicyRecord: |actor, record| match actor {
        Actor::Staff(staff) if staff.permissions.contains(&Permission::RunImports) => Verdict::Allowed,
        Actor::Staff(staff) => group_opens(staff, Permission::EditPolicies),
        Actor::Portal(portal) => closed_to(portal, record.policy.insured_id),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A portal account
    /// See and change a portal account. One rule for all its verbs: the insured has none of them (A1.23).
    ManagePortalUser("manage_portal_user") on PortalUser: |actor, user| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ManagePortalAccounts),
        Actor::Portal(portal) => closed_to(portal, user.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A master certificate
    /// See a master certificate.
    ViewMaster("view_master") on Master: |actor, master| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => match own_with(portal, master.insured, &[Right::SendCertificates]) {
            Verdict::Allowed if !master.selection.portal_usable => Verdict::Hidden(Rule::NotOpenedToPortal),
            verdict => verdict,
        },
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Change a master certificate.
    EditMaster("edit_master") on Master: |actor, master| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::EditMasters),
        Actor::Portal(portal) => closed_to(portal, master.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A request for approval
    /// See a request, its draft and its findings.
    ViewApproval("view_approval") on Approval: |actor, _approval| match actor {
        Actor::Staff(staff) if staff.permissions.contains(&Permission::OverrideFindings) => Verdict::Allowed,
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Lift what blocks the certificate. It is sent by that, so the group must open sending, too.
    ApproveFindings("approve_findings") on Approval: |actor, approval| match actor {
        Actor::Staff(staff) => match second_person(staff, approval) {
            Verdict::Allowed => group_opens(staff, Permission::SendCertificates),
            refused => refused,
        },
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Refuse to lift it.
    DeclineFindings("decline_findings") on Approval: |actor, approval| match actor {
        Actor::Staff(staff) => second_person(staff, approval),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A holder
    /// See a holder, and who used it. The library is the agency's: to the portal none of its records exists.
    ViewHolder("view_holder") on Holder: |actor, _holder| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Change a holder, archive it, or merge it into another one.
    EditHolder("edit_holder") on Holder: |actor, _holder| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A template
    /// See a template. The wordings are the agency's: to the portal none of them exists.
    ViewTemplate("view_template") on Template: |actor, _template| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Change a template, or put it away.
    EditTemplate("edit_template") on Template: |actor, _template| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::EditMasters),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A task
    /// Do what mail that came back asks for, or say why not. To the portal no task exists.
    SettleTask("settle_task") on Task: |actor, _task| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // An additional interest
    /// Change an additional interest, or end it.
    EditInterest("edit_interest") on Interest: |actor, interest| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, interest.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A group of holders
    /// Rename it, take it away, or change who is in it.
    EditHolderGroup("edit_holder_group") on HolderGroup: |actor, _group| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // The link of a holder and an insured
    /// See what a holder asks of an insured.
    ViewHolderLink("view_holder_link") on Link: |actor, _link| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Change it.
    EditHolderLink("edit_holder_link") on Link: |actor, _link| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(_) => Verdict::Hidden(Rule::OtherInsured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };

    // A certificate
    /// See a certificate's data and its deliveries.
    ViewCertificate("view_certificate") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) =>
            own_with(portal, certificate.insured, &[Right::CertificatesSent, Right::SendCertificates]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Look at the page.
    PreviewCertificate("preview_certificate") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) =>
            own_with(portal, certificate.insured, &[Right::CertificatesSent, Right::SendCertificates]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Save the page.
    DownloadCertificate("download_certificate") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) =>
            own_with(portal, certificate.insured, &[Right::CertificatesSent, Right::SendCertificates]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Mail the same bytes once more.
    ResendCertificate("resend_certificate") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => own_with(portal, certificate.insured, &[Right::SendCertificates]),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Take a sending back before its mail left.
    UndoDelivery("undo_delivery") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, certificate.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Turn off a link to it that was mailed. Who may mail one may take it back.
    TurnOffLink("turn_off_link") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, certificate.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Read it through a link that was mailed. Only for whoever showed a secret that opens this one.
    ReadByLink("read_by_link") on Certificate: |actor, certificate| match actor {
        Actor::System { process: Process::LinkReader, .. } => Verdict::Allowed,
        Actor::Portal(portal) => closed_to(portal, certificate.insured),
        Actor::Staff(_) | Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Issue the next revision in its place.
    ReviseCertificate("revise_certificate") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::SendCertificates),
        Actor::Portal(portal) => closed_to(portal, certificate.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Take it back.
    WithdrawCertificate("withdraw_certificate") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::WithdrawCertificates),
        Actor::Portal(portal) => closed_to(portal, certificate.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// See who did what with it, and when.
    ViewCertificateActivity("view_certificate_activity") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => closed_to(portal, certificate.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
    /// Take its history out as a file.
    ExportCertificateActivity("export_certificate_activity") on Certificate: |actor, certificate| match actor {
        Actor::Staff(staff) => group_opens(staff, Permission::ViewCertificates),
        Actor::Portal(portal) => closed_to(portal, certificate.insured),
        Actor::System { .. } => NOT_FOR_THIS_ACTOR,
    };
}

/// Declares a listing and how far it reaches.
macro_rules! listings {
    ($($(#[$doc:meta])* $name:ident($word:literal): |$actor:ident| $rule:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}

            impl Listing for $name {
                const NAME: &'static str = $word;

                fn reach($actor: &Actor) -> Result<Reach, Rule> {
                    $rule
                }
            }
        )+

        /// The names of all listings, for the access matrix.
        pub const LISTINGS: &[&str] = &[$($word),+];
    };
}

fn staff_with(actor: &Actor, permission: Permission) -> Result<Reach, Rule> {
    match actor {
        Actor::Staff(staff) if staff.permissions.contains(&permission) => Ok(Reach::Everything),
        Actor::Staff(_) => Err(Rule::GroupDoesNotOpen),
        Actor::Portal(_) | Actor::System { .. } => Err(Rule::NotForThisActor),
    }
}

listings! {
    /// The agency's insureds.
    ListInsureds("list_insureds"): |actor| staff_with(actor, Permission::ViewInsureds);
    /// The insurers that the agency has policies of.
    ListCarriers("list_carriers"): |actor| staff_with(actor, Permission::ViewInsureds);
    /// The agency's holders.
    ListHolders("list_holders"): |actor| staff_with(actor, Permission::ViewCertificates);
    /// The agency's templates.
    ListTemplates("list_templates"): |actor| staff_with(actor, Permission::ViewCertificates);
    /// What staff must do.
    ListTasks("list_tasks"): |actor| staff_with(actor, Permission::ViewCertificates);
    /// Sendings to many holders.
    ListBatches("list_batches"): |actor| staff_with(actor, Permission::ViewCertificates);
    /// Requests of others that one may decide.
    DecideApprovals("decide_approvals"): |actor| staff_with(actor, Permission::OverrideFindings);
    /// Requests to lift what blocks a certificate.
    ListApprovals("list_approvals"): |actor| staff_with(actor, Permission::OverrideFindings)
        .or_else(|_| staff_with(actor, Permission::SendCertificates));
    /// Certificates: all of the agency, or the insured's own.
    ListCertificates("list_certificates"): |actor| match actor {
        Actor::Portal(portal)
            if portal.rights.contains(&Right::CertificatesSent)
                || portal.rights.contains(&Right::SendCertificates) => Ok(Reach::Insured(portal.insured)),
        Actor::Portal(_) => Err(Rule::RightNotGranted),
        staff_or_system => staff_with(staff_or_system, Permission::ViewCertificates),
    };
}
