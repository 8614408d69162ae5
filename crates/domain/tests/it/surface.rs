//! Everything an actor may ask for, and what it is told: the ground under the matrix and the laws.

use countersign_domain::authz::operation::evaluate;
use countersign_domain::authz::rules::{
    AddInterest, AnswerRenewal, ApproveFindings, AskApproval, AskRenewal, CheckRecipients, CreateHolder,
    CreateHolderGroup, CreateInsured, CreateMaster, CreateTemplate, DecideApprovals, DeclineFindings,
    DownloadBatch, DownloadCertificate, EditAgency, EditHolder, EditHolderGroup, EditHolderLink, EditInsured,
    EditInterest, EditMaster, EditPolicy, EditTemplate, ExportActivity, ExportCertificateActivity,
    ExportCertificates, ExportCertificatesSent, ExportHolders, FillTemplate, ListApprovals, ListBatches,
    ListCarriers, ListCertificates, ListHolders, ListInsureds, ListTasks, ListTemplates, MailQueued,
    ManagePortalUser, OpenPortalUser, PreviewCertificate, ReadByLink, RecordMailEvents, ResendCertificate,
    RetryMail, ReviseCertificate, RunBatch, RunImports, Search, SendCertificate, SendCourtesyNotices,
    SettleTask, StartBatch, StateLayout, SteerBatch, TurnOffLink, UndoDelivery, ViewActivity, ViewAgency,
    ViewApproval, ViewBatch, ViewCertificate, ViewCertificateActivity, ViewCertificatesSent, ViewHolder,
    ViewHolderLink, ViewInsured, ViewInsuredHolders, ViewInterests, ViewMaster, ViewMasters, ViewPolicies,
    ViewPolicy, ViewPolicyHistory, ViewPolicyHolders, ViewPortalHome, ViewStateRules, ViewTemplate,
    WithdrawCertificate,
};
use countersign_domain::authz::{Actor, Listing, Operation, Reach, Verdict};
use countersign_domain::certificates::Certificate;
use countersign_domain::certificates::approval::Approval;
use countersign_domain::certificates::master::Master;
use countersign_domain::ids::StaffUserId;
use countersign_domain::testing as cast;

/// Whether an operation only shows something or changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    Reads,
    Changes,
}

/// One thing that an actor may ask for.
pub(crate) struct Request {
    /// The operation's name in the rules.
    pub(crate) name: &'static str,
    /// On what, in the words of the matrix.
    pub(crate) on: &'static str,
    pub(crate) nature: Nature,
    ask: Box<dyn Fn(&Actor) -> Verdict>,
}

impl Request {
    pub(crate) fn ask(&self, actor: &Actor) -> Verdict {
        (self.ask)(actor)
    }
}

fn request<O: Operation>(on: &'static str, nature: Nature, target: O::Target) -> Request
where
    O::Target: 'static,
{
    Request {
        name: O::NAME,
        on,
        nature,
        ask: Box::new(move |actor| evaluate::<O>(actor, &target)),
    }
}

fn closed_master() -> Master {
    let mut master = cast::master(&cast::policies());
    master.selection.portal_usable = false;
    master
}

/// A request that somebody outside of the cast made.
fn others() -> Approval {
    Approval {
        asked_by: StaffUserId::from_uuid(uuid::Uuid::from_u128(0xf9)),
        ..cast::approval()
    }
}

/// Every operation, with the variants of its target that a rule tells apart.
pub(crate) fn requests() -> Vec<Request> {
    use Nature::{Changes, Reads};
    let agency = "the agency";
    let insured = "an insured";
    let certificate = "a certificate";
    let policy = "a policy";
    let on_file = || cast::on_file(cast::general_liability());
    let issued = || -> Certificate { cast::certificate() };
    vec![
        request::<ViewAgency>(agency, Reads, cast::agency()),
        request::<ViewStateRules>(agency, Reads, cast::agency()),
        request::<EditAgency>(agency, Changes, cast::agency()),
        request::<StateLayout>(agency, Changes, cast::agency()),
        request::<Search>(agency, Reads, cast::agency()),
        request::<RunImports>(agency, Changes, cast::agency()),
        request::<RetryMail>(agency, Changes, cast::agency()),
        request::<ExportCertificates>(agency, Reads, cast::agency()),
        request::<ExportHolders>(agency, Reads, cast::agency()),
        request::<CreateInsured>(agency, Changes, cast::agency()),
        request::<CreateHolder>(agency, Changes, cast::agency()),
        request::<CheckRecipients>(agency, Reads, cast::agency()),
        request::<CreateTemplate>(agency, Changes, cast::agency()),
        request::<CreateHolderGroup>(agency, Changes, cast::agency()),
        request::<MailQueued>(agency, Changes, cast::agency()),
        request::<RecordMailEvents>(agency, Changes, cast::agency()),
        request::<ViewInsured>(insured, Reads, cast::insured()),
        request::<EditInsured>(insured, Changes, cast::insured()),
        request::<ViewPolicies>(insured, Reads, cast::insured()),
        request::<ViewActivity>(insured, Reads, cast::insured()),
        request::<ExportActivity>(insured, Reads, cast::insured()),
        request::<ViewPortalHome>(insured, Reads, cast::insured()),
        request::<ViewInsuredHolders>(insured, Reads, cast::insured()),
        request::<ViewInterests>(insured, Reads, cast::insured()),
        request::<AddInterest>(insured, Changes, cast::insured()),
        request::<ViewMasters>(insured, Reads, cast::insured()),
        request::<CreateMaster>(insured, Changes, cast::insured()),
        request::<SendCertificate>(insured, Changes, cast::insured()),
        request::<StartBatch>(insured, Changes, cast::insured()),
        request::<AskRenewal>(insured, Changes, cast::insured()),
        request::<AnswerRenewal>("a question to an insured", Changes, cast::question()),
        request::<AskApproval>(insured, Changes, cast::insured()),
        request::<FillTemplate>(insured, Reads, cast::insured()),
        request::<OpenPortalUser>(insured, Changes, cast::insured()),
        request::<ViewCertificatesSent>(insured, Reads, cast::insured()),
        request::<ViewPolicy>(policy, Reads, on_file()),
        request::<ViewPolicyHistory>(policy, Reads, on_file()),
        request::<ViewPolicyHolders>(policy, Reads, on_file()),
        request::<SendCourtesyNotices>(policy, Changes, on_file()),
        request::<EditPolicy>(policy, Changes, on_file()),
        request::<ExportCertificatesSent>(insured, Reads, cast::insured()),
        request::<ManagePortalUser>("a portal account", Changes, cast::portal_user()),
        request::<ViewMaster>(
            "a master opened to the portal",
            Reads,
            cast::master(&cast::policies()),
        ),
        request::<ViewMaster>("a master of the agency only", Reads, closed_master()),
        request::<EditMaster>("a master", Changes, cast::master(&cast::policies())),
        request::<ViewApproval>("another's request for approval", Reads, others()),
        request::<ApproveFindings>("another's request for approval", Changes, others()),
        request::<ApproveFindings>("a request of one's own", Changes, cast::approval()),
        request::<DeclineFindings>("another's request for approval", Changes, others()),
        request::<DeclineFindings>("a request of one's own", Changes, cast::approval()),
        request::<ViewHolder>("a holder", Reads, cast::holder()),
        request::<EditHolder>("a holder", Changes, cast::holder()),
        request::<SettleTask>("a task", Changes, cast::task()),
        request::<ViewTemplate>("a template", Reads, cast::template()),
        request::<EditTemplate>("a template", Changes, cast::template()),
        request::<EditInterest>("an additional interest", Changes, cast::interest()),
        request::<EditHolderGroup>("a group of holders", Changes, cast::holder_group()),
        request::<ViewHolderLink>("a holder's link", Reads, cast::link()),
        request::<EditHolderLink>("a holder's link", Changes, cast::link()),
        request::<ViewCertificate>(certificate, Reads, issued()),
        request::<PreviewCertificate>(certificate, Reads, issued()),
        request::<DownloadCertificate>(certificate, Reads, issued()),
        request::<ResendCertificate>(certificate, Changes, issued()),
        request::<UndoDelivery>(certificate, Changes, issued()),
        request::<TurnOffLink>(certificate, Changes, issued()),
        request::<ReadByLink>(certificate, Reads, issued()),
        request::<ReviseCertificate>(certificate, Changes, issued()),
        request::<WithdrawCertificate>(certificate, Changes, issued()),
        request::<ViewCertificateActivity>(certificate, Reads, issued()),
        request::<ExportCertificateActivity>(certificate, Reads, issued()),
        request::<ViewBatch>("a batch", Reads, cast::batch()),
        request::<DownloadBatch>("a batch", Reads, cast::batch()),
        request::<SteerBatch>("a batch", Changes, cast::batch()),
        request::<RunBatch>("a batch", Changes, cast::batch()),
    ]
}

/// One list that an actor may ask for.
pub(crate) struct List {
    /// The listing's name in the rules.
    pub(crate) name: &'static str,
    reach: fn(&Actor) -> Result<Reach, Verdict>,
}

impl List {
    pub(crate) fn ask(&self, actor: &Actor) -> Result<Reach, Verdict> {
        (self.reach)(actor)
    }
}

fn list<O: Listing>() -> List {
    List {
        name: O::NAME,
        reach: |actor| actor.scope::<O>().map(|scope| scope.reach()),
    }
}

/// Every listing.
pub(crate) fn lists() -> Vec<List> {
    vec![
        list::<ListInsureds>(),
        list::<ListCarriers>(),
        list::<ListHolders>(),
        list::<ListTasks>(),
        list::<ListTemplates>(),
        list::<ListBatches>(),
        list::<DecideApprovals>(),
        list::<ListApprovals>(),
        list::<ListCertificates>(),
    ]
}
