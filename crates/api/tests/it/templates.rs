//! Templates: wording that is written once and picked again.

use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

const BODY: &str = "{{reference}}: work of {{insured}} for {{holder}}, policy {{general_liability_policy}}.";

fn description(name: &str) -> Value {
    json!({
        "kind": "description", "name": name, "body": BODY,
        "forms": [{ "number": "CG 20 10" }, { "number": "CG 99 99", "edition": "01 26" }],
    })
}

async fn names(staff: &Browser, query: &str) -> Vec<String> {
    let list = staff.get(format!("/v1/templates?{query}")).await.expect(200);
    let data = list["data"].as_array().unwrap().iter();
    data.map(|template| template["name"].as_str().unwrap().to_owned())
        .collect()
}

/// A2.26: a template is written once, offered under its kind, changed under its version, put away and brought back.
#[tokio::test]
async fn a_template_is_kept() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let job = staff
        .post("/v1/templates", description("Job"))
        .key("once")
        .await
        .expect(201);
    let message = json!({
        "kind": "message", "name": "letter", "subject": "Certificate for {{holder}}",
        "body": "Dear {{holder}},\nhere is the certificate for {{reference}}.",
    });
    let message = staff.post("/v1/templates", message).await.expect(201);
    assert_eq!(
        job["placeholders"],
        json!(["holder", "insured", "reference", "general_liability_policy"])
    );
    assert_eq!(message["placeholders"], json!(["holder", "reference"]));
    assert_eq!(names(&staff, "").await, ["Job", "letter"]);
    assert_eq!(names(&staff, "kind=message").await, ["letter"]);
    let twin = staff.post("/v1/templates", description("JOB")).await;
    twin.refused(ProblemType::TemplateNameTaken);

    let one = format!("/v1/templates/{}", book::id(&job));
    let changed = json!({ "name": "Work", "body": "For {{holder}}." });
    let unnamed = staff.put(&one, &changed).await;
    unnamed.refused(ProblemType::PreconditionRequired);
    let saved = staff.put(&one, &changed).if_match(1).await;
    assert_eq!(saved.header("etag"), "\"2\"");
    let saved = saved.expect(200);
    assert_eq!((&saved["name"], &saved["forms"]), (&json!("Work"), &json!([])));
    let stale = staff.put(&one, &changed).if_match(1).await;
    assert_eq!(stale.refused(ProblemType::StaleVersion)["current_version"], 2);
    let trail = app
        .value("SELECT detail->>'changed' FROM audit_entries ORDER BY seq DESC LIMIT 1")
        .await;
    assert_eq!(trail, "[\"name\", \"text\", \"endorsements\"]");

    let away = staff.post(format!("{one}/archive"), ()).if_match(2).await;
    assert!(away.expect(200)["archived_at"].is_string());
    assert_eq!(names(&staff, "kind=description").await, [""; 0]);
    assert_eq!(names(&staff, "archived=true").await, ["Work"]);
    let back = staff
        .post(format!("{one}/restore"), ())
        .if_match(3)
        .await
        .expect(200);
    assert_eq!(back["archived_at"], Value::Null);
    assert_eq!(names(&staff, "kind=description").await, ["Work"]);

    let reader = people::csr(&app, &[Permission::ViewCertificates]).await;
    assert_eq!(reader.get(&one).await.expect(200)["may"], json!([]));
    let refused = reader.put(&one, &changed).if_match(4).await;
    assert_eq!(
        refused.refused(ProblemType::Forbidden)["rule"],
        "group_does_not_open"
    );
}

/// A2.26: what is wrong with a template is said at its field, before it is kept.
#[tokio::test]
async fn a_faulty_template_is_refused_at_its_fields() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let forms: Vec<_> = (0..21).map(|n| json!({ "number": format!("CG {n}") })).collect();
    let cases = [
        ("name", json!(" "), "/name", "empty"),
        ("body", json!(" \n"), "/body", "empty"),
        ("body", json!("For {{holdr}}"), "/body", "unknown_placeholder"),
        ("body", json!("For {{holder}"), "/body", "unclosed_placeholder"),
        ("body", json!("Done \u{2713}"), "/body", "not_printable"),
        ("body", json!("x".repeat(10_001)), "/body", "too_long"),
        ("subject", json!("Certificate"), "/subject", "not_of_this_kind"),
        ("forms", json!([{ "number": "" }]), "/forms/0/number", "empty"),
        ("forms", json!(forms), "/forms", "too_many"),
        ("kind", json!("message"), "/forms", "not_of_this_kind"),
    ];
    for (field, value, pointer, code) in cases {
        let mut faulty = description("Job");
        faulty[field] = value;
        let answer = staff.post("/v1/templates", &faulty).await;
        let problem = answer.refused(ProblemType::Validation);
        let found = (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]);
        assert_eq!(found, (&json!(pointer), &json!(code)), "{field}: {problem}");
    }
    assert_eq!(names(&staff, "").await, [""; 0], "nothing was written");
}

/// A2.26: a picked template is filled; what stays open is refused at the field that would have given it, and a needed
/// endorsement that the policies lack is told. The gate judges the filled text.
#[tokio::test]
async fn a_template_is_filled_for_a_certificate() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let template = staff.post("/v1/templates", description("Job")).await.expect(201);
    let fill = format!(
        "/v1/insureds/{}/templates/{}/fill",
        insured.id,
        book::id(&template)
    );
    let gl = insured.policy("general_liability");
    let open = staff
        .post(&fill, json!({}))
        .await
        .refused(ProblemType::Validation);
    let pointers: Vec<_> = open["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["pointer"])
        .collect();
    assert_eq!(pointers, ["/holder", "/reference", "/policies"]);
    assert_eq!(open["errors"][1]["code"], "unfilled");

    let mut body = json!({ "holder": "Northgate", "reference": "Job 4471", "policies": [gl.id] });
    let filled = staff.post(&fill, &body).await.expect(200);
    let expected = format!(
        "Job 4471: work of Alder Creek Roofing LLC for Northgate, policy {}.",
        gl.number
    );
    assert_eq!(filled["body"], json!(expected));
    assert_eq!(
        filled["missing_forms"],
        json!([{ "form": "CG 99 99 01 26", "other_editions": [] }])
    );
    body["for_master"] = json!(true);
    let kept = staff.post(&fill, &body).await.expect(200);
    assert_eq!(kept["body"], json!(BODY.replace("{{reference}}", "Job 4471")));

    let other = book::insured(&app, "Basin Electric Inc").await;
    body["policies"] = json!([other.policy("other").id]);
    let foreign = staff.post(&fill, &body).await.refused(ProblemType::Validation);
    assert_eq!(foreign["errors"][0]["code"], "not_of_this_insured");
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    portal
        .post(&fill, json!({}))
        .await
        .refused(ProblemType::Forbidden);

    // A master keeps what sending fills; each certificate is filled for its own holder.
    let masters = format!("/v1/insureds/{}/masters", insured.id);
    let mut master = insured.master_body("All lines", &book::LINES);
    for (text, code) in [(BODY, "unfilled"), ("{{contract}}", "unknown_placeholder")] {
        master["description"] = json!(text);
        let refused = staff
            .post(&masters, &master)
            .await
            .refused(ProblemType::Validation);
        let fault = &refused["errors"][0];
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!("/description"), &json!(code))
        );
    }
    master["description"] = kept["body"].clone();
    let master = book::id(&staff.post(&masters, &master).await.expect(201));
    let send = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = staff.post(&send, insured.send_body(&master)).await.expect(201);
    let printed = app.value("SELECT description FROM certificates").await;
    assert!(printed.starts_with("Job 4471: work of Alder Creek Roofing LLC for Northgate Builders, Inc."));
    assert!(!printed.contains("{{"), "{printed}");
    assert_eq!(sent["description_of_operations"], json!(printed));

    let mut open = insured.send_body(&master);
    open["description"] = json!("For {{reference}}.");
    let refused = staff.post(&send, &open).await.refused(ProblemType::Validation);
    let fault = &refused["errors"][0];
    assert_eq!(
        (&fault["pointer"], &fault["code"]),
        (&json!("/description"), &json!("unfilled"))
    );
    open["description"] = json!("30 days notice will be given to {{holder}}.");
    let blocked = staff
        .post(&send, &open)
        .await
        .refused(ProblemType::CertificateBlocked);
    assert_eq!(blocked["findings"][0]["code"], "notice_promised");
    app.letter().await;
}
