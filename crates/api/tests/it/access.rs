//! Who may call what: every operation of the contract, called by every kind of caller with the ids of real
//! records of Summit Ridge and a body that would do.
//!
//! The answers are compared with `access.txt`, which people review. It is never rewritten by itself: after
//! looking at every difference, `UPDATE=access cargo test -p countersign-api --test it access` writes it. What may
//! never be written there is asserted here, whatever the file says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use countersign_worker::mail::MailError;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::app::PASSWORD;
use crate::support::browser::Ask;
use crate::support::contract::{Documented, operations};
use crate::support::{App, Browser, book, people, relay};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Stranger,
    SuspendedInsured,
    InactiveAdministrator,
    AdministratorElsewhere,
    OtherInsured,
    InsuredWithoutRights,
    InsuredWithAllRights,
    StaffWithoutPermissions,
    ServiceStaff,
    Administrator,
}

use Caller::{
    Administrator, AdministratorElsewhere, InactiveAdministrator, InsuredWithAllRights, InsuredWithoutRights,
    OtherInsured, ServiceStaff, StaffWithoutPermissions, Stranger, SuspendedInsured,
};

const CALLERS: [(Caller, &str); 10] = [
    (Stranger, "stranger"),
    (SuspendedInsured, "suspended insured"),
    (InactiveAdministrator, "inactive administrator"),
    (AdministratorElsewhere, "other agency's administrator"),
    (OtherInsured, "other insured with all rights"),
    (InsuredWithoutRights, "insured without rights"),
    (InsuredWithAllRights, "insured with all rights"),
    (StaffWithoutPermissions, "staff without permissions"),
    (ServiceStaff, "service staff"),
    (Administrator, "administrator"),
];

/// Operations for whoever comes: what precedes a session.
const PUBLIC: [&str; 12] = [
    "get_agency_card",
    "sign_in",
    "request_password_link",
    "inspect_password_link",
    "set_password",
    // Open to whoever has a link that was mailed.
    "open_certificate_link",
    "view_certificate_link",
    "download_certificate_link",
    "download_attachment_link",
    "open_renewal_link",
    "answer_renewal_link",
    // Open to whoever signs with the installation's key.
    "receive_mail_events",
];

/// Operations that live by the link that was mailed.
const OF_A_LINK: [&str; 2] = ["inspect_password_link", "set_password"];

/// What every signed-in caller may do, whatever it holds.
const OF_EVERYBODY: [&str; 2] = ["current_session", "sign_out"];

/// The records that a call is about, made for this one call.
struct Stage {
    insured: book::Insured,
    master: String,
    certificate: String,
    job: String,
    import: String,
    batch: String,
    token: String,
    /// The secret of a link to the certificate.
    secret: String,
    approval: String,
    interest: String,
    /// The request for approval as it was looked at.
    looked: Value,
    /// A holder of the same agency that no insured has.
    other_holder: String,
    template: String,
    task: String,
    /// A sending that waits.
    delivery: String,
    now: DateTime<Utc>,
    /// A group of holders.
    group: String,
}

/// The account of the insured, as the operation needs it.
fn account_for(operation: &str) -> Option<&'static str> {
    match operation {
        "open_portal_user" => None,
        "resume_portal_user" => Some("suspended"),
        "invite_portal_user" => Some("invited"),
        _ => Some("active"),
    }
}

impl Stage {
    async fn set(app: &App, admin: &Browser, documented: &Documented, number: usize) -> Self {
        let (name, path) = (documented.name(), documented.path.as_str());
        let insured = book::insured(app, &format!("Insured {number} Inc")).await;
        let mut stage = Self {
            insured,
            master: String::new(),
            certificate: String::new(),
            job: String::new(),
            import: String::new(),
            batch: String::new(),
            token: String::new(),
            secret: String::new(),
            approval: String::new(),
            interest: String::new(),
            looked: Value::Null,
            other_holder: String::new(),
            template: String::new(),
            task: String::new(),
            delivery: String::new(),
            now: app.now(),
            group: String::new(),
        };
        let notifies = path.contains("courtesy-notices");
        let mails = path.contains("{job}") || path.contains("{task}");
        let by_link = path.starts_with("/v1/certificate-links") || name == "turn_off_link";
        let asks = path.starts_with("/v1/renewal-links") || name == "ask_renewal";
        let sends = path.contains("{certificate}") || mails || notifies || by_link || asks;
        let batch = path.contains("{batch}");
        let approval = path.contains("{approval}");
        let of_master = [
            "send_certificate",
            "preview_draft",
            "start_batch",
            "check_batch",
            "ask_approval",
        ];
        let reads_file = matches!(name, "get_endorsement_file" | "remove_endorsement_file");
        if reads_file || path.contains("{ordinal}") || name == "download_attachment_link" {
            stage.attach(admin).if_match(1).await.expect(200);
        }
        if sends || batch || approval || path.contains("{master}") || of_master.contains(&name) {
            stage.master = book::id(&book::master(admin, &stage.insured).await);
        }
        if sends {
            if path.contains("{job}") {
                app.mailer.fail_next(MailError::Permanent {
                    reason: "550 refused".to_owned(),
                });
            }
            let path = format!("/v1/insureds/{}/certificates", stage.insured.id);
            let mut body = stage.insured.send_body(&stage.master);
            body["undoable"] = json!(true);
            body["channel"] = json!(if by_link { "link" } else { "attachment" });
            let sent = admin.post(path, body).await.expect(201);
            stage.certificate = book::id(&sent);
            stage.delivery = book::id(&sent["deliveries"][0]);
            if name != "undo_delivery" {
                app.sql(
                    app.agency,
                    "UPDATE jobs SET run_at = created_at - interval '1 minute'",
                )
                .await;
                let mails = app.mail().await;
                if by_link {
                    stage.secret = mails.first().expect("the mail with the link").token();
                }
            }
            if documented.path.starts_with("/v1/renewal-links") {
                let ask = format!(
                    "/v1/insureds/{}/masters/{}/renewal/question",
                    stage.insured.id, stage.master
                );
                let to = json!({ "to": ["office@aldercreek.example.com"] });
                admin.post(ask, to).await.expect(201);
                stage.secret = app.letter().await.token();
            }
            if documented.path.contains("{task}") {
                let bounce = relay::event(&sent, "certificates@northgate.example.com", "bounced", stage.now);
                relay::tell(&app.staff(), &[bounce], stage.now).await.expect(202);
                let list = admin.get("/v1/tasks?limit=200").await.expect(200);
                let mut tasks = list["data"].as_array().expect("tasks").iter();
                let own = tasks.find(|task| task["about"]["certificate_id"] == json!(stage.certificate));
                stage.task = book::id(own.expect("the task of this certificate"));
            }
            stage.job = app
                .value("SELECT id::text FROM jobs WHERE state = 'buried' ORDER BY id DESC LIMIT 1")
                .await;
        }
        if notifies {
            let cancel = "UPDATE policies SET status = 'cancelled', cancelled_on = '2026-10-20' WHERE id";
            let policy = stage.insured.policy("general_liability").id;
            app.sql(app.agency, &format!("{cancel} = '{policy}'")).await;
        }
        if batch {
            stage.batch = stage.start_batch(app, admin, name).await;
        }
        if path.contains("{approval}") {
            let asker = people::csr(app, &[Permission::SendCertificates]).await;
            let path = format!("/v1/insureds/{}/approvals", stage.insured.id);
            let asked = asker.post(path, stage.ask()).await.expect(201);
            stage.approval = book::id(&asked);
            stage.looked = admin
                .get(format!("/v1/approvals/{}", stage.approval))
                .await
                .expect(200);
        }
        if path.contains("{interest}") {
            let path = format!("/v1/insureds/{}/interests", stage.insured.id);
            stage.interest = book::id(&admin.post(path, stage.interest_body()).await.expect(201));
        }
        if name == "follow_new_terms" {
            app.sql(
                app.agency,
                &format!(
                    "INSERT INTO policies (agency_id, id, insured_id, carrier_id, number, line, named_insured, \
                     effective_on, expires_on, status, coverage, prior_id) SELECT agency_id, '{}', insured_id, \
                     carrier_id, number, line, named_insured, expires_on, expires_on + 365, status, coverage, id \
                     FROM policies WHERE id = '{}'",
                    stage.new_term(),
                    stage.insured.policy("general_liability").id,
                ),
            )
            .await;
        }
        if name == "take_back_layout_statement" {
            let body =
                json!({ "standing": "filed", "reference": "SERFF CNTR-133", "checked_on": "2026-10-01" });
            admin.put("/v1/state-rules/TX/layout", body).await.expect(200);
        }
        if name == "merge_holder" {
            let body = json!({
                "name": format!("Holder {number}"),
                "address": { "line1": "3 Main Street", "city": "Elko", "state": "NV", "postal_code": "89801" },
            });
            stage.other_holder = book::id(&admin.post("/v1/holders", body).await.expect(201));
        }
        if path.contains("{template}") {
            let body =
                json!({ "kind": "description", "name": format!("Job {number}"), "body": "For {{holder}}." });
            stage.template = book::id(&admin.post("/v1/templates", body).await.expect(201));
        }
        if path.contains("{group}") {
            let body = json!({ "name": format!("Holders {number}") });
            stage.group = book::id(&admin.post("/v1/holder-groups", body).await.expect(201));
        }
        if path.contains("{import}") {
            stage.import = book::id(&admin.post("/v1/imports", ()).await.expect(201));
            if name != "upload_import_file" {
                upload(admin, &stage.import).await.expect(200);
            }
            if matches!(
                name,
                "apply_import" | "list_import_changes" | "list_import_faults" | "get_rejected_rows"
            ) {
                admin
                    .post(format!("/v1/imports/{}/check", stage.import), ())
                    .await
                    .expect(202);
                app.mail().await;
            }
        }
        stage
    }

    /// The file of the endorsement.
    fn attach(&self, browser: &Browser) -> Ask {
        let policy = self.insured.policy("general_liability").id;
        let path = format!(
            "/v1/policies/{policy}/endorsements/{}/file?name=a.pdf",
            self.endorsement()
        );
        browser
            .ask(Method::PUT, path)
            .bytes("application/pdf", b"%PDF-1.7 a form".to_vec())
    }

    fn batch_body(&self) -> Value {
        let row = json!({ "holder_id": self.insured.holder, "to": ["certificates@northgate.example.com"] });
        json!({ "master_id": self.master, "rows": [row] })
    }

    /// A batch in the state that the operation needs.
    async fn start_batch(&self, app: &App, admin: &Browser, operation: &str) -> String {
        let path = format!("/v1/insureds/{}/batches", self.insured.id);
        let id = book::id(&admin.post(path, self.batch_body()).await.expect(201));
        match operation {
            "pause_batch" | "cancel_batch" => {}
            "resume_batch" => {
                admin
                    .post(format!("/v1/batches/{id}/pause"), ())
                    .await
                    .expect(200);
            }
            _ => {
                app.mail().await;
            }
        }
        if operation == "retry_batch" {
            let failed = "UPDATE batch_rows SET state = 'failed', reason = 'x', certificate_id = NULL";
            app.sql(app.agency, &format!("{failed} WHERE batch_id = '{id}'"))
                .await;
        }
        id
    }

    /// The account, and a link of it where the operation needs one.
    async fn open_account(&mut self, app: &App, caller: Caller, documented: &Documented) {
        let (state, rights): (_, &[Right]) = match caller {
            SuspendedInsured | InsuredWithAllRights => (Some("active"), Right::ALL),
            InsuredWithoutRights => (Some("active"), &[]),
            _ => (account_for(documented.name()), &[]),
        };
        if let Some(state) = state {
            people::account(app, &self.insured, state, rights).await;
        }
        if OF_A_LINK.contains(&documented.name()) {
            let body = json!({ "agency": "summit-ridge", "app": "portal", "username": self.insured.email });
            app.portal().post("/v1/password-links", body).await.expect(202);
            self.token = app.letter().await.token();
        }
    }

    fn path(&self, documented: &Documented) -> String {
        documented
            .path
            .replace("{agency}", "summit-ridge")
            .replace("{insured}", &self.insured.id.to_string())
            .replace("{master}", &self.master)
            .replace("{certificate}", &self.certificate)
            .replace("{holder}", &self.insured.holder.to_string())
            .replace("{group}", &self.group)
            .replace("{state}", "TX")
            .replace("{job}", &self.job)
            .replace("{import}", &self.import)
            .replace("{batch}", &self.batch)
            .replace(
                "{policy}",
                &self.insured.policy("general_liability").id.to_string(),
            )
            .replace("{endorsement}", &self.endorsement().to_string())
            .replace("{approval}", &self.approval)
            .replace("{template}", &self.template)
            .replace("{task}", &self.task)
            .replace("{delivery}", &self.delivery)
            .replace("{interest}", &self.interest)
            .replace("{file}", "insureds")
            .replace("{ordinal}", "1")
    }

    /// The id of the term after that of general liability.
    fn new_term(&self) -> Uuid {
        Uuid::from_u128(self.insured.id.as_u128() | (1 << 100))
    }

    /// A certificate that is blocked, for a second person to decide.
    fn ask(&self) -> Value {
        let mut draft = self.insured.send_body(&self.master);
        draft["description"] = json!("30 days notice will be given.");
        json!({ "draft": draft, "note": "The carrier has confirmed it." })
    }

    /// A lender's stake in everything.
    fn interest_body(&self) -> Value {
        json!({
            "name": format!("Lender of {}", self.insured.name), "nature": "LP", "item": { "kind": "everything" },
            "address": { "line1": "4 Main Street", "city": "Elko", "state": "NV", "postal_code": "89801" },
            "from_on": "2026-03-01",
        })
    }

    /// A form that no master certificate links.
    fn endorsement(&self) -> Uuid {
        self.insured.policy("general_liability").endorsements[0].id.uuid()
    }

    /// What the policy says of itself, for a term of one's own.
    fn terms(&self, number: &str, effective_on: &str) -> Value {
        json!({
            "number": number, "insurer": { "naic": "90011", "name": "Ponderosa Casualty Company" },
            "named_insured": self.insured.name, "effective_on": effective_on, "expires_on": "2028-03-01",
            "coverage": {
                "line": "general_liability", "trigger": "occurrence", "aggregate_per": "policy",
                "each_occurrence": { "amount": "1000000.00", "currency": "USD" }, "extra_boxes": [],
            },
        })
    }

    /// A request that would be carried out for whoever may.
    fn request(&self, browser: &Browser, documented: &Documented) -> Ask {
        let path = self.path(documented);
        let ask = |body: Value| browser.ask(documented.method.clone(), &path).json(body);
        let (username, chosen) = (self.insured.email.as_str(), "sparrow ladder copper nine");
        match documented.name() {
            "sign_in" => ask(json!({
                "agency": "summit-ridge", "app": "staff", "username": "maren", "password": PASSWORD,
            })),
            "request_password_link" => {
                ask(json!({ "agency": "summit-ridge", "app": "portal", "username": username }))
            }
            "inspect_password_link" => ask(json!({ "token": self.token })),
            "set_password" => ask(json!({ "token": self.token, "password": chosen })),
            "create_insured" | "edit_insured" => ask(json!({
                "name": "Elko Fence Co.", "kind": "commercial",
                "address": { "line1": "1 Main Street", "city": "Elko", "state": "NV", "postal_code": "89801" },
            }))
            .if_match(1),
            "edit_agency" => ask(json!({
                "name": "Summit Ridge Insurance", "accent_color": "#1f5f4a", "time_zone": "America/Los_Angeles",
                "address": { "line1": "410 Mill Street", "city": "Reno", "state": "NV", "postal_code": "89501" },
            }))
            .if_match(1),
            "state_layout" => ask(json!({
                "standing": "filed", "reference": "SERFF CNTR-133", "checked_on": "2026-10-01",
            })),
            "edit_policy" => ask(self.terms(&path, "2026-03-01")).if_match(1),
            "cancel_policy" => {
                ask(json!({ "effective_on": "2026-11-02", "reason": "Nonpayment of premium" })).if_match(1)
            }
            "renew_policy" => ask(json!({
                "terms": self.terms(&path, "2027-03-01"), "endorsements": [self.endorsement()], "vehicles": true,
            })),
            "add_endorsement" | "edit_endorsement" => ask(json!({
                "form_number": "CG 20 37", "edition": "04 13", "title": "Completed operations",
                "effect": "additional_insured_completed", "scope": "blanket",
            }))
            .if_match(1),
            "remove_endorsement" => browser.ask(documented.method.clone(), &path).if_match(1),
            "attach_endorsement_file" => self.attach(browser).if_match(1),
            "remove_endorsement_file" => browser.ask(documented.method.clone(), &path).if_match(2),
            "create_master" | "edit_master" => {
                ask(self.insured.master_body("Another", &["general_liability"])).if_match(1)
            }
            "create_holder" | "edit_holder" => ask(json!({
                // Another one each time, and nothing of the insured.
                "name": format!("Sierra Vista Builders {}", self.insured.name.replace(|c: char| !c.is_ascii_digit(), "")),
                "address": { "line1": "2 Main Street", "city": "Elko", "state": "NV", "postal_code": "89801" },
            }))
            .if_match(1),
            "find_similar_holders" => ask(json!({ "name": "Northgate Builders, Inc." })),
            "receive_mail_events" => relay::tell(browser, &[], self.now),
            "settle_task" => ask(json!({ "address": "right@northgate.example.com" })),
            "dismiss_task" => ask(json!({ "reason": "They have it already." })),
            "check_recipients" => ask(json!({ "recipients": ["a@northgate.example.com"] })),
            "create_template" => ask(json!({
                "kind": "message", "body": "For {{holder}}.",
                "name": format!("To {}", self.insured.name.replace(|c: char| !c.is_ascii_digit(), "")),
            })),
            "edit_template" => {
                ask(json!({ "name": self.insured.name, "body": "For {{holder}}." })).if_match(1)
            }
            "archive_template" | "restore_template" => ask(Value::Null).if_match(1),
            "fill_template" => ask(json!({ "holder": "Northgate Builders, Inc." })),
            "add_interest" => ask(self.interest_body()),
            "edit_interest" => ask(self.interest_body()).if_match(1),
            "end_interest" => ask(Value::Null).if_match(1),
            "send_courtesy_notices" => ask(json!({ "holder_ids": [self.insured.holder] })),
            "preview_courtesy_notice" => {
                browser.get(format!("{path}?holder_id={}", self.insured.holder))
            }
            "create_holder_group" | "rename_holder_group" => {
                let number = self.insured.name.replace(|c: char| !c.is_ascii_digit(), "");
                ask(json!({ "name": format!("Group {number}") })).if_match(1)
            }
            "change_holder_group" => ask(json!({ "add": [self.insured.holder] })),
            "edit_holder_link" => ask(json!({ "contract_reference": "Job 4471" })).if_match(1),
            "archive_holder" | "restore_holder" => ask(Value::Null).if_match(1),
            "merge_holder" => ask(json!({ "into": self.other_holder })).if_match(1),
            "ask_approval" => ask(self.ask()),
            "approve_findings" => ask(json!({
                "reason": "Confirmed.", "seen_page": self.looked["page"]["seen_page"],
                "seen_findings": self.looked["page"]["seen_findings"],
            })),
            "decline_findings" => ask(json!({ "reason": "Take the sentence out." })),
            "follow_new_terms" => ask(json!({
                "sections": [{ "line": "general_liability", "policy_id": self.new_term() }],
            }))
            .if_match(1),
            "send_certificate" => ask(self.insured.send_body(&self.master)),
            "revise_certificate" => ask(self.insured.send_body(&self.master)),
            "start_batch" => ask(self.batch_body()),
            "check_batch" => {
                ask(json!({ "master_id": self.master, "holder_ids": [self.insured.holder] }))
            }
            "match_batch_holders" => ask(json!({ "rows": [{ "name": "Northgate Builders, Inc." }] })),
            "open_certificate_link" | "view_certificate_link" | "download_certificate_link" => {
                ask(json!({ "token": self.secret }))
            }
            "download_attachment_link" => ask(json!({ "token": self.secret, "ordinal": 1 })),
            "ask_renewal" => ask(json!({ "to": ["office@aldercreek.example.com"] })),
            "open_renewal_link" => ask(json!({ "token": self.secret })),
            "answer_renewal_link" => ask(json!({
                "token": self.secret, "name": "Pat Rivera", "holder_ids": [self.insured.holder],
            })),
            "withdraw_certificate" => ask(json!({ "reason": "Sent for the wrong project." })),
            "preview_draft" | "preview_revision" => {
                ask(json!({ "master_id": self.master, "holder": { "id": self.insured.holder } }))
            }
            "resend_certificate" => ask(json!({ "kind": "exact_copy" })),
            "open_portal_user" => ask(json!({ "rights": ["certificates_sent"] })),
            "change_portal_rights" => ask(json!({ "rights": ["certificates_sent"] })).if_match(1),
            "rename_portal_user" => ask(json!({ "username": format!("new-{username}") })).if_match(1),
            "apply_import" => ask(json!({ "take_good_rows": true })),
            "upload_import_file" => upload(browser, &self.import),
            "search_everything" => browser.get(format!("{path}?q=insured")),
            "list_held" => browser.get(format!("{path}?on=2026-11-02")),
            name => {
                let plain = documented.operation.get("requestBody").is_none();
                assert!(plain, "{name} needs a body: write a request for it here, and look at its row in access.txt");
                ask(Value::Null)
            }
        }
    }
}

fn upload(browser: &Browser, import: &str) -> Ask {
    let rows = "customer_id,name,address_line1,city,state,postal_code\nC-1,Elko Fence Co.,1 Main Street,Elko,NV,89801\n";
    browser
        .ask(Method::PUT, format!("/v1/imports/{import}/files/insureds"))
        .bytes("text/csv", rows.as_bytes().to_vec())
}

async fn arrive(app: &App, caller: Caller, stage: &Stage, other: &book::Insured) -> Browser {
    match caller {
        Stranger => app.staff(),
        InactiveAdministrator => people::inactive_administrator(app).await,
        AdministratorElsewhere => people::administrator_elsewhere(app).await,
        StaffWithoutPermissions => people::csr(app, &[]).await,
        ServiceStaff => people::service_staff(app).await,
        Administrator => people::administrator(app).await,
        OtherInsured => people::portal_session_of(app, other).await,
        InsuredWithoutRights | InsuredWithAllRights => people::portal_session_of(app, &stage.insured).await,
        SuspendedInsured => {
            let browser = people::portal_session_of(app, &stage.insured).await;
            people::suspend(app, &stage.insured).await;
            browser
        }
    }
}

/// What no table may ever say.
fn assert_lawful(documented: &Documented, caller: Caller, verdict: &str, text: &str, stage: &Stage) {
    let (name, at) = (
        documented.name(),
        format!("{} by {caller:?}: {verdict}", documented.name()),
    );
    let succeeds = verdict.starts_with('2');
    let by_session = documented.needs("staff_session") && documented.needs("portal_session");
    assert_eq!(by_session, !PUBLIC.contains(&name), "{at}: security");
    if PUBLIC.contains(&name) {
        // A suspended account's links are dead, and nobody learns why.
        let dead = caller == SuspendedInsured && OF_A_LINK.contains(&name);
        assert!(
            if dead {
                verdict == "410 link_used_or_expired"
            } else {
                succeeds
            },
            "{at}"
        );
        return;
    }
    // A state and a kind of file are nobody's record.
    let about_a_record = documented.path.contains('{')
        && !documented.path.contains("import-templates")
        && !documented.path.contains("{state}");
    match caller {
        Stranger => assert_eq!(verdict, "401 session_required", "{at}"),
        SuspendedInsured | InactiveAdministrator => assert_eq!(verdict, "401 account_suspended", "{at}"),
        AdministratorElsewhere | OtherInsured => {
            if about_a_record {
                // Neither a success nor a word that tells it from a record that is not there.
                let staff_only = caller == OtherInsured
                    && verdict == "403 forbidden"
                    && documented.path.contains("{import}");
                let staff_only = staff_only || (caller == OtherInsured && documented.path.contains("{job}"));
                assert!(verdict == "404 not_found" || staff_only, "{at}");
            }
            assert!(
                !text.contains(&stage.insured.id.to_string()),
                "{at} tells of another's record: {text}"
            );
            assert!(
                !text.contains(&stage.insured.name),
                "{at} tells of another's name: {text}"
            );
        }
        InsuredWithoutRights => {
            let own = OF_EVERYBODY.contains(&name) || name == "get_portal_home";
            assert_eq!(succeeds, own, "{at}");
        }
        StaffWithoutPermissions => {
            let open = OF_EVERYBODY.contains(&name)
                || matches!(name, "get_agency" | "list_portal_rights" | "list_state_rules");
            assert_eq!(succeeds, open, "{at}");
        }
        InsuredWithAllRights | ServiceStaff | Administrator => {}
    }
    assert!(!verdict.starts_with('5'), "{at}");
}

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/access.txt")
}

const HEAD: &str = "# Who may call what. One block per operation of the contract: the answers, and who gets them.\n\
    # Compared by access.rs; rewritten only by UPDATE=access, after every difference was looked at.\n";

/// A1.07, A1.09, A1.20, A1.23, A2.14: the whole table.
#[tokio::test]
async fn every_operation_answers_every_caller_as_the_table_says() {
    let app = App::start().await;
    let other = book::insured(&app, "Neighboring Trades LLC").await;
    people::account(&app, &other, "active", Right::ALL).await;
    let mut documented = operations();
    documented.sort_by_key(|operation| operation.name().to_owned());
    let mut table = HEAD.to_owned();
    let mut number = 0;
    for operation in &documented {
        let mut answers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (caller, name) in CALLERS {
            number += 1;
            // All of them come from one network address, whose allowance is not what is asked here.
            app.sql(app.agency, "DELETE FROM sign_in_throttles").await;
            let admin = people::administrator(&app).await;
            let mut stage = Stage::set(&app, &admin, operation, number).await;
            stage.open_account(&app, caller, operation).await;
            if operation.name() == "edit_agency" {
                app.sql(app.agency, "UPDATE agencies SET version = 1").await;
            }
            let browser = arrive(&app, caller, &stage, &other).await;
            let before = app.value("SELECT seq::text FROM audit_heads").await;
            let request = || {
                let request = stage.request(&browser, operation);
                match operation.takes("If-Match") {
                    true => request,
                    false => request.without("if-match"),
                }
            };
            if caller == Administrator && operation.takes("If-Match") {
                let bare = request().without("if-match").await;
                bare.refused(ProblemType::PreconditionRequired);
            }
            let answer = request().key("contract").await;
            if caller == Administrator && operation.takes("Idempotency-Key") && answer.status < 300 {
                let again = request().key("contract").await;
                let replayed = (again.status, again.header("idempotency-replayed"));
                assert_eq!(replayed, (answer.status, "true"), "{}", operation.name());
            }
            let verdict = answer.verdict();
            assert_lawful(operation, caller, &verdict, &answer.text(), &stage);
            if answer.status >= 400 {
                assert_eq!(
                    app.value("SELECT seq::text FROM audit_heads").await,
                    before,
                    "a refusal leaves no trace"
                );
            }
            app.mail().await;
            app.sql(app.agency, "DELETE FROM jobs").await;
            answers.entry(verdict).or_default().push(name);
        }
        let _ = write!(
            table,
            "\n{}    {} {}\n",
            operation.name(),
            operation.method,
            operation.path
        );
        for (verdict, callers) in answers {
            let _ = writeln!(table, "    {verdict:<24}  {}", callers.join(", "));
        }
    }
    compare(&table);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the person who runs the tests says by environment that the file is to be rewritten"
)]
fn compare(table: &str) {
    if std::env::var("UPDATE").is_ok_and(|value| value == "access") {
        std::fs::write(golden(), table).expect("the table can be written");
    }
    let kept = std::fs::read_to_string(golden()).unwrap_or_default();
    let differences: Vec<_> = table
        .lines()
        .filter(|line| !kept.lines().any(|k| k == *line))
        .map(|line| format!("+ {line}"))
        .chain(
            kept.lines()
                .filter(|line| !table.lines().any(|t| t == *line))
                .map(|line| format!("- {line}")),
        )
        .collect();
    assert!(
        kept == table,
        "access.txt says otherwise:\n{}",
        differences.join("\n")
    );
}

/// A refusal of one's own agency says which rule spoke; a hidden record does not.
#[tokio::test]
async fn a_refusal_names_its_rule_and_a_hidden_record_does_not() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let staff = people::csr(&app, &[]).await;
    let path = format!("/v1/insureds/{}", insured.id);
    assert_eq!(
        staff.get(&path).await.refused(ProblemType::Forbidden)["rule"],
        "group_does_not_open"
    );
    let portal = people::portal_user_of(&app, &other, Right::ALL).await;
    let own = portal
        .get(format!("/v1/insureds/{}", other.id))
        .await
        .refused(ProblemType::Forbidden);
    assert_eq!(own["rule"], "not_for_this_actor");
    let hidden = portal.get(&path).await.refused(ProblemType::NotFound);
    let absent = portal
        .get(format!("/v1/insureds/{}", app.id()))
        .await
        .refused(ProblemType::NotFound);
    let without_id = |mut problem: Value| {
        problem["instance"] = Value::Null;
        problem
    };
    assert_eq!(
        without_id(hidden),
        without_id(absent),
        "a hidden record cannot be told from none"
    );
}
