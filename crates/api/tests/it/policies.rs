//! Policies and the forms on them: shown, cancelled, changed, renewed, with what was changed and who relies on them.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::{App, book, people};

struct Stage {
    app: App,
    staff: Browser,
    insured: book::Insured,
}

impl Stage {
    async fn set() -> Self {
        let app = App::start().await;
        let staff = people::administrator(&app).await;
        let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
        Self { app, staff, insured }
    }

    fn path(&self, line: &str) -> String {
        format!("/v1/policies/{}", self.insured.policy(line).id)
    }

    async fn policy(&self, line: &str) -> Value {
        self.staff.get(self.path(line)).await.expect(200)
    }

    /// A master over every line.
    async fn master(&self) -> String {
        book::id(&book::master(&self.staff, &self.insured).await)
    }

    fn certificates(&self) -> String {
        format!("/v1/insureds/{}/certificates", self.insured.id)
    }

    /// Sends a certificate to the holder that was used before; answers its id.
    async fn send(&self, master: &str) -> String {
        let body = self.insured.send_body(master);
        let sent = self.staff.post(self.certificates(), body).await.expect(201);
        self.app.mail().await;
        book::id(&sent)
    }

    /// The findings that refuse such a certificate.
    async fn refused(&self, master: &str) -> Vec<Value> {
        let body = self.insured.send_body(master);
        let answer = self.staff.post(self.certificates(), body).await;
        let problem = answer.refused(ProblemType::CertificateBlocked);
        let findings = problem["findings"].as_array().unwrap().iter();
        findings
            .filter(|found| found["severity"] == "block")
            .cloned()
            .collect()
    }
}

fn cancellation(day: &str) -> Value {
    json!({ "effective_on": day, "reason": "Nonpayment of premium" })
}

fn form(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({
        "form_number": "cg2037", "edition": "04/13", "title": "Completed Operations",
        "effect": "additional_insured_completed", "scope": "scheduled",
        "scheduled_parties": ["City of Sparks"],
    });
    change(&mut body);
    body
}

#[track_caller]
fn fault(problem: &Value) -> (&str, &str) {
    let first = &problem["errors"][0];
    (
        first["pointer"].as_str().unwrap_or_else(|| panic!("{problem}")),
        first["code"].as_str().unwrap(),
    )
}

#[tokio::test]
async fn a_policy_is_shown_with_its_limits_forms_and_the_form_that_a_change_takes() {
    let stage = Stage::set().await;
    let shown = stage.staff.get(stage.path("commercial_auto")).await;
    assert_eq!(shown.header("etag"), "\"1\"");
    let record = shown.expect(200);
    assert_eq!(record["insured_id"], json!(stage.insured.id));
    assert_eq!(record["policy"]["carrier"]["naic"], "90022");
    assert_eq!(
        record["policy"]["coverage"]["limits"][0]["amount"]["amount"],
        "1000000.00"
    );
    let forms: Vec<_> = record["policy"]["endorsements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|form| (form["form_number"].as_str().unwrap(), &form["stands"]))
        .collect();
    assert_eq!(forms, [("CA 04 44", &json!(true)), ("CA 20 48", &json!(true))]);
    assert_eq!(
        record["terms"]["coverage"]["combined_single_limit"],
        json!({ "amount": "1000000.00", "currency": "USD" })
    );
    assert_eq!(record["may"], json!(["edit", "view_holders", "view_history"]));

    // What a change begins with is what it takes: sent back as it is, nothing is different.
    let saved = stage
        .staff
        .put(stage.path("commercial_auto"), &record["terms"])
        .if_match(1)
        .await
        .expect(200);
    assert_eq!(saved["terms"], record["terms"]);
    let portal = people::portal_user_of(&stage.app, &stage.insured, &[Right::ViewPolicyInformation]).await;
    let seen = portal.get(stage.path("commercial_auto")).await.expect(200);
    assert_eq!(seen["may"], json!([]));
}

#[tokio::test]
async fn a_cancelled_policy_stops_certificates_and_names_who_holds_one() {
    let stage = Stage::set().await;
    let master = stage.master().await;
    let umbrella = stage.path("umbrella_excess");
    let holders = format!("{umbrella}/holders");
    assert_eq!(stage.staff.get(&holders).await.expect(200)["data"], json!([]));
    let sent = stage.send(&master).await;
    // Which one is the newest is told by its moment.
    stage.app.wait(TimeDelta::minutes(1));
    let newest = stage.send(&master).await;

    let body = cancellation("2026-11-02");
    let path = format!("{umbrella}/cancellation");
    stage
        .staff
        .put(&path, &body)
        .await
        .refused(ProblemType::PreconditionRequired);
    let cancelled = stage.staff.put(&path, &body).if_match(1).await;
    assert_eq!(cancelled.header("etag"), "\"2\"");
    let cancelled = cancelled.expect(200);
    assert_eq!(cancelled["policy"]["state"], "cancelled");
    assert_eq!(cancelled["policy"]["cancelled_on"], "2026-11-02");
    assert_eq!(cancelled["policy"]["cancel_reason"], "Nonpayment of premium");
    let stale = stage.staff.put(&path, &body).if_match(1).await;
    assert_eq!(stale.refused(ProblemType::StaleVersion)["current_version"], 2);

    // What went out before is told; nothing goes out after.
    let told = stage.staff.get(&holders).await.expect(200);
    let [holder] = told["data"].as_array().unwrap().as_slice() else {
        panic!("one holder: {told}");
    };
    assert_eq!(holder["id"], json!(stage.insured.holder));
    assert_eq!(holder["certificate_count"], 2);
    assert_eq!(holder["certificate_id"], json!(newest));
    assert_eq!(holder["emails"], json!(["certificates@northgate.example.com"]));
    let found = stage.refused(&master).await;
    assert_eq!(found[0]["code"], "policy_cancelled");
    assert_eq!(found[0]["field"], "/umbrella_excess/expires_on");
    let again = json!({ "kind": "exact_copy" });
    stage
        .staff
        .post(format!("/v1/certificates/{sent}/deliveries"), again)
        .await
        .refused(ProblemType::CertificateTermEnded);

    // Reinstated by a change that names another standing, it can be shown again.
    let mut terms = cancelled["terms"].clone();
    assert_eq!(terms.get("status"), None);
    let kept = stage.staff.put(&umbrella, &terms).if_match(2).await.expect(200);
    assert_eq!(kept["policy"]["state"], "cancelled");
    terms["status"] = json!("active");
    let back = stage.staff.put(&umbrella, &terms).if_match(3).await.expect(200);
    assert_eq!(back["policy"]["state"], "in_force");
    stage.send(&master).await;
    let actions = stage.staff.get(format!("{umbrella}/history")).await.expect(200);
    let summaries: Vec<_> = actions["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["action"].as_str().unwrap())
        .collect();
    assert_eq!(summaries, ["policy_edited", "policy_edited", "policy_cancelled"]);
}

#[tokio::test]
async fn a_cancellation_that_cannot_be_is_refused_at_its_field() {
    let stage = Stage::set().await;
    let path = format!("{}/cancellation", stage.path("umbrella_excess"));
    for (body, pointer, code) in [
        (cancellation("2027-03-02"), "/effective_on", "outside_term"),
        (
            json!({ "effective_on": "2026-11-02", "reason": " " }),
            "/reason",
            "empty",
        ),
    ] {
        let problem = stage.staff.put(&path, body).if_match(1).await;
        let problem = problem.refused(ProblemType::Validation);
        assert_eq!(fault(&problem), (pointer, code));
    }
    let clerk = people::csr(&stage.app, &[Permission::ViewInsureds, Permission::EditInsureds]).await;
    let problem = clerk.put(&path, cancellation("2026-11-02")).if_match(1).await;
    assert_eq!(
        problem.refused(ProblemType::Forbidden)["rule"],
        "group_does_not_open"
    );
}

#[tokio::test]
async fn holders_of_a_policy_come_in_pages_by_name_until_its_term_is_over() {
    let stage = Stage::set().await;
    let master = stage.master().await;
    for name in ["Bravo Works", "alpha Works", "Charlie Works"] {
        let mut body = stage.insured.send_body(&master);
        body["holder"] = json!({ "new": {
            "name": name,
            "address": { "line1": "1 Main Street", "city": "Elko", "state": "NV", "postal_code": "89801" },
        }});
        stage.staff.post(stage.certificates(), body).await.expect(201);
        stage.app.mail().await;
    }
    let path = format!("{}/holders?limit=2", stage.path("umbrella_excess"));
    let names = |page: &Value| -> Vec<String> {
        let rows = page["data"].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = stage.staff.get(&path).await.expect(200);
    assert_eq!(names(&first), ["alpha Works", "Bravo Works"]);
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let second = stage
        .staff
        .get(format!("{path}&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(names(&second), ["Charlie Works"]);
    assert_eq!(second["page"]["has_more"], false);
    let elsewhere = format!("{}/holders?cursor={cursor}", stage.path("other"));
    stage
        .staff
        .get(elsewhere)
        .await
        .refused(ProblemType::InvalidCursor);
    // The term of the umbrella ends on 2027-03-01; the cast acts on 2026-11-02.
    stage.app.wait(TimeDelta::days(119));
    let staff = people::administrator(&stage.app).await;
    assert_eq!(staff.get(&path).await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn a_changed_limit_is_printed_from_then_on_and_stops_what_was_printed_before() {
    let stage = Stage::set().await;
    let master = stage.master().await;
    let sent = stage.send(&master).await;
    let path = stage.path("umbrella_excess");
    let mut terms = stage.policy("umbrella_excess").await["terms"].clone();
    terms["coverage"]["aggregate"] = json!({ "amount": "2500000.50", "currency": "USD" });
    terms["insurer"] = json!({ "naic": "90033", "name": "Sagebrush Specialty Insurance Company" });
    terms["named_insured"] = json!(stage.insured.name);
    let saved = stage.staff.put(&path, &terms).if_match(1).await.expect(200);
    assert_eq!(saved["policy"]["carrier"]["naic"], "90033");
    let limits = saved["policy"]["coverage"]["limits"].as_array().unwrap();
    assert_eq!(limits[1]["amount"]["amount"], "2500000.50");
    stage
        .staff
        .post(
            format!("/v1/certificates/{sent}/deliveries"),
            json!({ "kind": "exact_copy" }),
        )
        .await
        .refused(ProblemType::CertificateTermEnded);
    stage.send(&master).await;
    // The new insurer is on file, under one name.
    let found = stage.staff.get("/v1/carriers?q=sagebrush").await.expect(200);
    assert_eq!(found["data"][0]["naic"], "90033");
    terms["insurer"]["name"] = json!("Sagebrush Group");
    let problem = stage.staff.put(&path, &terms).if_match(2).await;
    let problem = problem.refused(ProblemType::Validation);
    assert_eq!(fault(&problem), ("/insurer/name", "other_insurer"));
}

#[tokio::test]
async fn faulty_terms_are_refused_at_their_fields() {
    let stage = Stage::set().await;
    let usd = |amount: &str| json!({ "amount": amount, "currency": "USD" });
    let cases: Vec<(&str, &str, Value, &str, &str)> = vec![
        ("general_liability", "/number", json!(" "), "/number", "empty"),
        (
            "general_liability",
            "/insurer/naic",
            json!("1234"),
            "/insurer/naic",
            "not_a_naic_code",
        ),
        (
            "general_liability",
            "/expires_on",
            json!("2026-03-01"),
            "/expires_on",
            "before_start",
        ),
        (
            "general_liability",
            "/status",
            json!("cancelled"),
            "/status",
            "cancel_by_itself",
        ),
        (
            "general_liability",
            "/coverage/each_occurrence",
            usd("1,000,000"),
            "/coverage/each_occurrence",
            "not_an_amount",
        ),
        (
            "general_liability",
            "/coverage/each_occurrence",
            json!({ "amount": "1.00", "currency": "EUR" }),
            "/coverage/each_occurrence",
            "not_dollars",
        ),
        (
            "general_liability",
            "/coverage/aggregate_per",
            json!("other"),
            "/coverage/aggregate_other",
            "empty",
        ),
        (
            "general_liability",
            "/coverage/extra_boxes",
            json!(["A", "B", "C"]),
            "/coverage/extra_boxes",
            "too_many",
        ),
        (
            "commercial_auto",
            "/coverage/any",
            json!(false),
            "/coverage/any",
            "no_autos",
        ),
        (
            "commercial_auto",
            "/coverage/bodily_injury_per_person",
            usd("1"),
            "/coverage/combined_single_limit",
            "one_or_three_limits",
        ),
        (
            "umbrella_excess",
            "/coverage/retention",
            json!("none"),
            "/coverage/retention_amount",
            "does_not_belong",
        ),
        (
            "workers_compensation",
            "/coverage/per_statute",
            json!(false),
            "/coverage/other_basis",
            "no_basis",
        ),
        (
            "workers_compensation",
            "/coverage/excluded",
            json!("yes"),
            "/coverage/excluded_who",
            "empty",
        ),
        ("other", "/coverage/limits", json!([]), "/coverage", "no_limit"),
        (
            "other",
            "/issuing_authority",
            json!("wholesaler"),
            "/wholesaler",
            "wholesaler_and_authority",
        ),
    ];
    for (line, place, value, pointer, code) in cases {
        let mut terms = stage.policy(line).await["terms"].clone();
        let (parent, key) = place.rsplit_once('/').unwrap();
        terms.pointer_mut(parent).unwrap()[key] = value;
        let problem = stage.staff.put(stage.path(line), &terms).if_match(1).await;
        let problem = problem.refused(ProblemType::Validation);
        assert_eq!(fault(&problem), (pointer, code), "{line}{place}");
    }
    // Another line is another policy.
    let terms = stage.policy("other").await["terms"].clone();
    let problem = stage
        .staff
        .put(stage.path("umbrella_excess"), &terms)
        .if_match(1)
        .await;
    assert_eq!(
        fault(&problem.refused(ProblemType::Validation)),
        ("/coverage/line", "wrong_line")
    );
    // A number is taken within its term and line only.
    let mut taken = stage.policy("umbrella_excess").await["terms"].clone();
    let neighbor = book::insured(&stage.app, "Basin Electric Inc").await;
    taken["number"] = json!(neighbor.policy("umbrella_excess").number);
    stage
        .staff
        .put(stage.path("umbrella_excess"), &taken)
        .if_match(1)
        .await
        .refused(ProblemType::PolicyExists);
}

#[tokio::test]
async fn a_form_taken_off_in_mid_term_no_longer_stands_behind_a_mark() {
    let stage = Stage::set().await;
    let master = stage.master().await;
    let path = stage.path("general_liability");
    let record = stage.policy("general_liability").await;
    let mark = record["policy"]["endorsements"]
        .as_array()
        .unwrap()
        .iter()
        .find(|form| form["form_number"] == "CG 20 10")
        .unwrap()
        .clone();
    let mut body = json!({
        "form_number": "CG 20 10", "edition": mark["edition"], "title": mark["title"],
        "effect": mark["effect"], "scope": mark["scope"], "ends_on": "2026-11-03",
    });
    let one = format!("{path}/endorsements/{}", mark["id"].as_str().unwrap());
    stage.staff.put(&one, &body).if_match(1).await.expect(200);
    let sent = stage.send(&master).await;

    body["ends_on"] = json!("2026-11-02");
    let ended = stage.staff.put(&one, &body).if_match(2).await.expect(200);
    let now = ended["policy"]["endorsements"].as_array().unwrap().iter();
    assert!(
        now.clone()
            .any(|form| form["id"] == mark["id"] && form["stands"] == false)
    );
    let found = stage.refused(&master).await;
    assert_eq!(found[0]["code"], "additional_insured_without_endorsement");
    assert_eq!(found[0]["policy_value"], "taken off on 11/02/2026");
    stage
        .staff
        .post(
            format!("/v1/certificates/{sent}/deliveries"),
            json!({ "kind": "exact_copy" }),
        )
        .await
        .refused(ProblemType::CertificateTermEnded);
    // A master links it, so it stays on record with its end.
    let gone = stage.staff.ask(reqwest::Method::DELETE, &one).if_match(3).await;
    gone.refused(ProblemType::EndorsementInUse);
    let history = stage.staff.get(format!("{path}/history")).await.expect(200);
    assert_eq!(
        history["data"][0]["changes"],
        json!([{ "field": "ends_on", "label": "Taken off", "before": "11/03/2026", "after": "11/02/2026" }])
    );
}

#[tokio::test]
async fn a_form_is_added_changed_and_removed_under_the_policys_version() {
    let stage = Stage::set().await;
    let path = format!("{}/endorsements", stage.path("general_liability"));
    let added = stage
        .staff
        .post(&path, form(|_| {}))
        .key("once")
        .if_match(1)
        .await;
    assert_eq!(added.header("etag"), "\"2\"");
    let added = added.expect(201);
    let again = stage
        .staff
        .post(&path, form(|_| {}))
        .key("once")
        .if_match(1)
        .await;
    assert_eq!(again.expect(201), added);
    let forms = added["policy"]["endorsements"].as_array().unwrap();
    let new = forms
        .iter()
        .find(|form| form["title"] == "Completed Operations")
        .unwrap();
    // Set as the importer sets it, so that both mean the same form.
    assert_eq!(
        (&new["form_number"], &new["edition"]),
        (&json!("CG 20 37"), &json!("04 13"))
    );
    assert_eq!(new["scheduled_parties"], json!(["City of Sparks"]));
    stage
        .staff
        .post(&path, form(|_| {}))
        .if_match(2)
        .await
        .refused(ProblemType::EndorsementExists);
    let one = format!("{path}/{}", new["id"].as_str().unwrap());
    let blanket = form(|body| {
        body["scope"] = json!("blanket");
        body["scheduled_parties"] = json!([]);
    });
    stage
        .staff
        .put(&one, &blanket)
        .if_match(1)
        .await
        .refused(ProblemType::StaleVersion);
    stage.staff.put(&one, &blanket).if_match(2).await.expect(200);
    let removed = stage
        .staff
        .ask(reqwest::Method::DELETE, &one)
        .if_match(3)
        .await
        .expect(200);
    assert_eq!(removed["version"], 4);
    assert_eq!(
        removed["policy"]["endorsements"].as_array().unwrap().len(),
        forms.len() - 1
    );
    let gone = stage.staff.ask(reqwest::Method::DELETE, &one).if_match(4).await;
    gone.refused(ProblemType::NotFound);

    for (change, pointer, code) in [
        (
            json!({ "form_number": "CA 20 48" }),
            "/form_number",
            "not_on_this_line",
        ),
        (json!({ "edition": "Apr-13" }), "/edition", "not_an_edition"),
        (
            json!({ "scheduled_parties": [] }),
            "/scheduled_parties",
            "schedule_and_parties",
        ),
        (json!({ "notice_days": 30 }), "/notice_days", "notice_and_days"),
        (
            json!({ "effective_on": "2025-01-01" }),
            "/effective_on",
            "outside_term",
        ),
        (json!({ "ends_on": "2027-03-02" }), "/ends_on", "outside_term"),
        (
            json!({ "effective_on": "2026-06-01", "ends_on": "2026-06-01" }),
            "/ends_on",
            "before_start",
        ),
    ] {
        let body = form(|body| {
            for (key, value) in change.as_object().unwrap() {
                body[key] = value.clone();
            }
        });
        let problem = stage.staff.post(&path, body).if_match(4).await;
        assert_eq!(
            fault(&problem.refused(ProblemType::Validation)),
            (pointer, code),
            "{change}"
        );
    }
    let notice = form(|body| {
        body["effect"] = json!("notice_of_cancellation");
        body["notice_days"] = json!(30);
    });
    let with_notice = stage.staff.post(&path, notice).if_match(4).await.expect(201);
    let forms = with_notice["policy"]["endorsements"].as_array().unwrap();
    assert!(forms.iter().any(|form| form["notice_days"] == 30));
}

#[tokio::test]
async fn a_policy_is_renewed_once_into_a_linked_term_that_the_importer_knows() {
    let stage = Stage::set().await;
    let path = stage.path("general_liability");
    let before = stage.policy("general_liability").await;
    let form = before["policy"]["endorsements"][0]["id"].clone();
    let mut terms = before["terms"].clone();
    terms["effective_on"] = json!("2027-03-01");
    terms["expires_on"] = json!("2028-03-01");
    terms["coverage"]["each_occurrence"] = json!({ "amount": "2000000.00", "currency": "USD" });
    let body = json!({ "terms": terms, "endorsements": [form], "vehicles": true });
    let renewed = stage
        .staff
        .post(format!("{path}/renewal"), &body)
        .await
        .expect(201);
    assert_eq!(renewed["policy"]["state"], "upcoming");
    assert_eq!(renewed["policy"]["endorsements"].as_array().unwrap().len(), 1);
    assert_eq!(renewed["prior_term"]["id"], before["id"]);
    assert_eq!(renewed["terms"]["coverage"], terms["coverage"]);
    let old = stage.policy("general_liability").await;
    assert_eq!(old["next_term"]["id"], renewed["id"]);
    assert_eq!(
        (&old["policy"]["state"], &old["version"]),
        (&json!("in_force"), &json!(1))
    );
    stage
        .staff
        .post(format!("{path}/renewal"), &body)
        .await
        .refused(ProblemType::PolicyRenewedAlready);

    // Both terms tell how one became the other.
    for one in [&path, &format!("/v1/policies/{}", book::id(&renewed))] {
        let history = stage.staff.get(format!("{one}/history")).await.expect(200);
        let changes = history["data"].as_array().unwrap();
        assert_eq!(changes.len(), 1, "{one}");
        assert_eq!(changes[0]["action"], "policy_renewed");
        assert_eq!(changes[0]["actor"]["name"], "Maren Voss");
    }

    // A file that names the same number, day and line means this policy, and no second one.
    let number = stage.insured.policy("general_liability").number.to_string();
    let customer = stage
        .app
        .value(&format!(
            "SELECT customer_id FROM insureds WHERE id = '{}'",
            stage.insured.id
        ))
        .await;
    let rows = format!(
        "customer_id,policy_number,effective_on,expires_on,line,naic,status,issuing_authority,wholesaler\n\
         {customer},{number},3/1/2027,3/1/2028,general_liability,90011,bound,wholesaler,Sierra Wholesale Brokers\n"
    );
    let run = book::id(&stage.staff.post("/v1/imports", ()).await.expect(201));
    stage
        .staff
        .ask(reqwest::Method::PUT, format!("/v1/imports/{run}/files/policies"))
        .bytes("text/csv", rows.into_bytes())
        .await
        .expect(200);
    stage
        .staff
        .post(format!("/v1/imports/{run}/check"), ())
        .await
        .expect(202);
    stage.app.mail().await;
    stage
        .staff
        .post(
            format!("/v1/imports/{run}/apply"),
            json!({ "take_good_rows": false }),
        )
        .await
        .expect(202);
    stage.app.mail().await;
    let imported = stage
        .staff
        .get(format!("/v1/policies/{}", book::id(&renewed)))
        .await
        .expect(200);
    assert_eq!(imported["policy"]["status"], "bound");
    assert_eq!(imported["policy"]["wholesaler"], "Sierra Wholesale Brokers");
    assert_eq!(imported["version"], 2);
    assert_eq!(imported["prior_term"]["id"], before["id"]);
    let list = stage
        .staff
        .get(format!("/v1/insureds/{}/policies", stage.insured.id))
        .await
        .expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn a_renewal_that_cannot_be_is_refused_at_its_field() {
    let stage = Stage::set().await;
    let path = format!("{}/renewal", stage.path("umbrella_excess"));
    let before = stage.policy("umbrella_excess").await;
    let foreign = stage.policy("commercial_auto").await["policy"]["endorsements"][0]["id"].clone();
    let body = |change: &dyn Fn(&mut Value)| {
        let mut terms = before["terms"].clone();
        terms["effective_on"] = json!("2027-03-01");
        terms["expires_on"] = json!("2028-03-01");
        let mut body = json!({ "terms": terms, "endorsements": [], "vehicles": false });
        change(&mut body);
        body
    };
    for (body, pointer, code) in [
        (
            body(&|body| {
                body["terms"]["effective_on"] = before["terms"]["effective_on"].clone();
            }),
            "/terms/effective_on",
            "not_later",
        ),
        (
            body(&|body| body["terms"]["expires_on"] = json!("2027-01-01")),
            "/terms/expires_on",
            "before_start",
        ),
        (
            body(&|body| body["endorsements"] = json!([foreign])),
            "/endorsements/0",
            "not_on_policy",
        ),
        (
            body(&|body| body["terms"]["coverage"]["aggregate"]["amount"] = json!("much")),
            "/terms/coverage/aggregate",
            "not_an_amount",
        ),
    ] {
        let problem = stage
            .staff
            .post(&path, body)
            .await
            .refused(ProblemType::Validation);
        assert_eq!(fault(&problem), (pointer, code));
    }
}

#[tokio::test]
async fn a_surplus_lines_policy_is_shown_only_by_whoever_has_the_authority() {
    let stage = Stage::set().await;
    let master = stage.master().await;
    let path = stage.path("umbrella_excess");
    let mut terms = stage.policy("umbrella_excess").await["terms"].clone();
    terms["issuing_authority"] = json!("wholesaler");
    terms["wholesaler"] = json!("Sierra Wholesale Brokers");
    stage.staff.put(&path, &terms).if_match(1).await.expect(200);
    let found = stage.refused(&master).await;
    assert_eq!(found[0]["code"], "no_issuing_authority");
    assert_eq!(found[0]["field"], "/umbrella_excess/policy_number");
    assert_eq!(
        found[0]["policy_value"],
        "surplus lines; only Sierra Wholesale Brokers issues certificates"
    );
    for part in ["printed_value", "message", "fix"] {
        assert!(
            found[0][part].as_str().is_some_and(|text| !text.is_empty()),
            "{part}"
        );
    }

    // Where nobody has said who issues, staff are warned and the insured is stopped.
    terms["issuing_authority"] = json!("not_known");
    terms.as_object_mut().unwrap().remove("wholesaler");
    stage.staff.put(&path, &terms).if_match(2).await.expect(200);
    let portal = people::portal_user_of(&stage.app, &stage.insured, &[Right::SendCertificates]).await;
    let body = stage.insured.send_body(&master);
    portal
        .post(stage.certificates(), body)
        .await
        .refused(ProblemType::CertificateBlocked);
    stage.send(&master).await;

    terms["issuing_authority"] = json!("agency");
    stage.staff.put(&path, &terms).if_match(3).await.expect(200);
    portal
        .post(stage.certificates(), stage.insured.send_body(&master))
        .await
        .expect(201);
    stage.app.mail().await;
}

/// A2.22: what was changed keeps the name of who did it when the account is gone.
#[tokio::test]
async fn the_history_names_who_changed_what_after_the_account_is_gone() {
    let stage = Stage::set().await;
    let clerk = people::csr(&stage.app, &[Permission::ViewInsureds, Permission::EditPolicies]).await;
    let path = stage.path("umbrella_excess");
    let mut terms = stage.policy("umbrella_excess").await["terms"].clone();
    terms["number"] = json!("UMB-NEW");
    terms["coverage"]["aggregate"] = json!({ "amount": "6000000.00", "currency": "USD" });
    clerk.put(&path, &terms).if_match(1).await.expect(200);
    stage
        .app
        .sql(
            stage.app.agency,
            "DELETE FROM sessions; DELETE FROM staff_users WHERE username LIKE 'csr-%'",
        )
        .await;
    let staff = people::administrator(&stage.app).await;
    let history = staff.get(format!("{path}/history")).await.expect(200);
    let change = &history["data"][0];
    assert_eq!(change["actor"], json!({ "kind": "staff", "name": "Ines Calder" }));
    let told: Vec<_> = change["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["label"].as_str().unwrap(), part["after"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("Policy number", "UMB-NEW"), ("Aggregate", "$6,000,000")]);
    // The insured's own history has it too.
    let activity = format!("/v1/insureds/{}/activity", stage.insured.id);
    let all = staff.get(activity).await.expect(200);
    assert_eq!(
        all["data"][0]["summary"],
        "Changed policy UMB-NEW: Policy number, Aggregate"
    );
}
