//! An endorsement carries its file, and the file travels with the certificates that rest on it.

use countersign_api::ProblemType;
use countersign_domain::authz::Right;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::browser::Ask;
use crate::support::{App, Browser, book, people};

/// A small file that begins as a PDF begins.
fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{words}\n%%EOF\n").into_bytes()
}

/// A file of so many bytes.
fn heavy(bytes: usize, seed: u8) -> Vec<u8> {
    let mut file = pdf("heavy");
    file.resize(bytes, seed);
    file
}

struct Stage {
    app: App,
    staff: Browser,
    insured: book::Insured,
    master: String,
}

impl Stage {
    async fn set() -> Self {
        let app = App::start().await;
        let staff = people::administrator(&app).await;
        let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
        let master = book::id(&book::master(&staff, &insured).await);
        Self {
            app,
            staff,
            insured,
            master,
        }
    }

    fn policy(&self, line: &str) -> String {
        format!("/v1/policies/{}", self.insured.policy(line).id)
    }

    /// The form of a policy at a place.
    fn form(&self, line: &str, place: usize) -> String {
        let id = self.insured.policy(line).endorsements[place].id;
        format!("{}/endorsements/{id}", self.policy(line))
    }

    fn file(&self, line: &str, place: usize) -> String {
        format!("{}/file", self.form(line, place))
    }

    fn put(&self, path: &str, name: &str, bytes: Vec<u8>) -> Ask {
        self.staff
            .ask(Method::PUT, format!("{path}?name={name}"))
            .bytes("application/pdf", bytes)
    }

    async fn version(&self, line: &str) -> i64 {
        let policy = self.staff.get(self.policy(line)).await.expect(200);
        policy["version"].as_i64().unwrap()
    }

    async fn attach(&self, line: &str, place: usize, bytes: Vec<u8>) -> Value {
        let version = self.version(line).await;
        let put = self.put(&self.file(line, place), "upload.pdf", bytes);
        put.if_match(version).await.expect(200)
    }

    fn certificates(&self) -> String {
        format!("/v1/insureds/{}/certificates", self.insured.id)
    }

    fn body(&self, change: impl FnOnce(&mut Value)) -> Value {
        let mut body = self.insured.send_body(&self.master);
        change(&mut body);
        body
    }

    async fn send(&self, change: impl FnOnce(&mut Value)) -> Value {
        let sent = self.staff.post(self.certificates(), self.body(change)).await;
        sent.expect(201)
    }

    async fn preview(&self) -> Value {
        let page = json!({ "master_id": self.master, "holder": { "id": self.insured.holder } });
        let path = format!("{}/preview", self.certificates());
        self.staff.post(path, page).await.expect(200)
    }
}

/// Attached, looked at, replaced and taken off under the policy's version; each leaves its line in both histories.
#[tokio::test]
async fn a_form_is_given_its_file_and_the_history_names_both() {
    let stage = Stage::set().await;
    let path = stage.file("general_liability", 0);
    stage
        .put(&path, "a.pdf", pdf("one"))
        .await
        .refused(ProblemType::PreconditionRequired);
    let with = stage.put(&path, "CG%2020%2010.pdf", pdf("one")).if_match(1).await;
    let with = with.expect(200);
    assert_eq!(with["version"], 2);
    let file = &with["policy"]["endorsements"][0]["file"];
    assert_eq!(
        (&file["name"], &file["size_bytes"]),
        (&json!("CG 20 10.pdf"), &json!(pdf("one").len()))
    );
    assert!(with["policy"]["endorsements"][1].get("file").is_none());
    let stale = stage.put(&path, "a.pdf", pdf("two")).if_match(1).await;
    assert_eq!(stale.refused(ProblemType::StaleVersion)["current_version"], 2);

    let shown = stage.staff.get(&path).await;
    assert_eq!((shown.status, &shown.bytes), (200, &pdf("one")));
    assert_eq!(shown.header("content-type"), "application/pdf");
    assert_eq!(
        shown.header("content-disposition"),
        "inline; filename=\"CG 20 10.pdf\""
    );
    let etag = format!("\"{}\"", file["sha256"].as_str().unwrap());
    assert_eq!(shown.header("etag"), etag);

    // A change of what is written down about the form keeps the file.
    let body = json!({
        "form_number": "CG 20 10", "edition": "04 13", "title": "Another title",
        "effect": "additional_insured_ongoing", "scope": "blanket",
    });
    let edited = stage
        .staff
        .put(stage.form("general_liability", 0), body)
        .if_match(2);
    let edited = edited.await.expect(200);
    assert_eq!(edited["policy"]["endorsements"][0]["file"], *file);

    let replaced = stage
        .put(&path, "b.pdf", pdf("two"))
        .if_match(3)
        .await
        .expect(200);
    assert_eq!(replaced["policy"]["endorsements"][0]["file"]["name"], "b.pdf");
    let gone = stage.staff.delete(&path).if_match(4).await.expect(200);
    assert!(gone["policy"]["endorsements"][0].get("file").is_none());
    stage.staff.get(&path).await.refused(ProblemType::NotFound);
    let again = stage.staff.delete(&path).if_match(5).await;
    again.refused(ProblemType::NotFound);

    let history = stage
        .staff
        .get(format!("{}/history", stage.policy("general_liability")))
        .await
        .expect(200);
    let number = stage.insured.policy("general_liability").number.to_string();
    assert_eq!(
        history["data"][0]["summary"],
        format!("Took the file off endorsement CG 20 10 04 13 on policy {number}")
    );
    assert_eq!(
        history["data"][1]["summary"],
        format!("Attached a file to endorsement CG 20 10 04 13 on policy {number}")
    );
    assert_eq!(
        history["data"][1]["changes"],
        json!([{ "field": "file", "label": "File", "before": "CG 20 10.pdf (1 kB)", "after": "b.pdf (1 kB)" }])
    );
    let activity = stage
        .staff
        .get(format!("/v1/insureds/{}/activity", stage.insured.id))
        .await
        .expect(200);
    assert_eq!(activity["data"][0]["action"], "endorsement_file_removed");
}

/// Only a PDF by its name, its type and its first bytes, not empty, at most 5 MB.
#[tokio::test]
async fn what_is_no_pdf_is_refused_and_nothing_is_kept() {
    let stage = Stage::set().await;
    let path = stage.file("general_liability", 0);
    let refused = |name: &str, bytes: Vec<u8>| stage.put(&path, name, bytes).if_match(1);
    let word = refused("form.docx", pdf("x")).await;
    let word = word.refused(ProblemType::UnsupportedMediaType);
    assert!(word["detail"].as_str().unwrap().contains("must end in .pdf"));
    let page = refused("form.pdf", b"<html>%PDF-1.7</html>".to_vec()).await;
    page.refused(ProblemType::UnsupportedMediaType);
    let typed = stage
        .staff
        .ask(Method::PUT, format!("{path}?name=form.pdf"))
        .bytes("text/html", pdf("x"))
        .if_match(1)
        .await;
    typed.refused(ProblemType::UnsupportedMediaType);
    let empty = refused("form.pdf", Vec::new())
        .await
        .refused(ProblemType::Validation);
    assert_eq!(empty["errors"][0]["code"], "empty");
    let unnamed = refused("%20", pdf("x")).await.refused(ProblemType::Validation);
    assert_eq!(unnamed["errors"][0]["pointer"], "/name");
    refused("form.pdf", heavy(5_000_001, 1))
        .await
        .refused(ProblemType::PayloadTooLarge);
    let stranger = format!(
        "{}/endorsements/{}/file",
        stage.policy("general_liability"),
        stage.insured.policy("commercial_auto").endorsements[0].id
    );
    stage
        .put(&stranger, "form.pdf", pdf("x"))
        .if_match(1)
        .await
        .refused(ProblemType::NotFound);
    assert_eq!(stage.version("general_liability").await, 1);
    assert_eq!(stage.app.value("SELECT count(*)::text FROM documents").await, "0");
    let full = refused("form.pdf", heavy(5_000_000, 1)).await.expect(200);
    assert_eq!(full["version"], 2);
}

/// A renewed term has the forms that were chosen, each with its file; the bytes are kept once.
#[tokio::test]
async fn a_renewed_term_has_the_file_of_each_form_that_it_keeps() {
    let stage = Stage::set().await;
    stage.attach("general_liability", 0, pdf("one")).await;
    let before = stage
        .staff
        .get(stage.policy("general_liability"))
        .await
        .expect(200);
    let mut terms = before["terms"].clone();
    terms["effective_on"] = json!("2027-03-01");
    terms["expires_on"] = json!("2028-03-01");
    let form = stage.insured.policy("general_liability").endorsements[0].id;
    let body = json!({ "terms": terms, "endorsements": [form], "vehicles": false });
    let renewed = stage
        .staff
        .post(format!("{}/renewal", stage.policy("general_liability")), body)
        .await
        .expect(201);
    let kept = &renewed["policy"]["endorsements"][0];
    assert_eq!(kept["file"], before["policy"]["endorsements"][0]["file"]);
    let path = format!(
        "/v1/policies/{}/endorsements/{}/file",
        book::id(&renewed),
        book::id(kept)
    );
    assert_eq!(stage.staff.get(path).await.bytes, pdf("one"));
    assert_eq!(stage.app.value("SELECT count(*)::text FROM documents").await, "1");
}

/// The mail carries page and endorsements; the certificate keeps what went, an exact copy carries the same whatever
/// became of the forms, and a revision what they have now.
#[tokio::test]
async fn the_files_travel_with_the_certificate_and_stay_with_it() {
    let stage = Stage::set().await;
    stage
        .attach("general_liability", 0, pdf("additional insured"))
        .await;
    stage.attach("general_liability", 1, pdf("waiver")).await;
    // The same file on another form goes along once.
    stage.attach("commercial_auto", 0, pdf("waiver")).await;
    let preview = stage.preview().await;
    let enclosures = &preview["enclosures"];
    assert_eq!(enclosures["endorsements"][0]["form"], "CG 20 10 04 13");
    assert_eq!(
        enclosures["endorsements"][0]["size_bytes"],
        json!(pdf("additional insured").len())
    );
    assert_eq!(enclosures["mail_limit_bytes"], 10_000_000);
    assert!(enclosures["endorsements"].as_array().unwrap().len() > 3);

    let sent = stage.send(|_| {}).await;
    let letter = stage.app.letter().await;
    let files = letter.files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names[1..],
        ["Endorsement-CG-20-10-04-13.pdf", "Endorsement-CG-24-04-05-09.pdf"]
    );
    assert!(names[0].starts_with("Certificate-26-000001"), "{names:?}");
    assert_eq!(
        (&files[1].1, &files[2].1),
        (&pdf("additional insured"), &pdf("waiver"))
    );
    for name in &names[1..] {
        assert!(letter.text().contains(name), "{}", letter.text());
    }
    let attached = sent["attachments"].as_array().unwrap();
    assert_eq!(attached.len(), 2);
    assert_eq!(attached[0]["form_number"], "CG 20 10");

    let one = format!("/v1/certificates/{}", book::id(&sent));
    for (place, (_, bytes)) in files[1..].iter().enumerate() {
        let shown = stage.staff.get(format!("{one}/attachments/{}", place + 1)).await;
        assert_eq!((shown.status, &shown.bytes), (200, bytes));
        let etag = format!("\"{}\"", attached[place]["sha256"].as_str().unwrap());
        assert_eq!(shown.header("etag"), etag);
        assert!(shown.header("content-disposition").starts_with("inline;"));
    }
    let missing = stage.staff.get(format!("{one}/attachments/3")).await;
    missing.refused(ProblemType::NotFound);
    let activity = stage.staff.get(format!("{one}/activity")).await.expect(200);
    assert_eq!(
        activity["data"][0]["summary"],
        "Looked at Endorsement-CG-24-04-05-09.pdf of certificate 26-000001"
    );

    // The form gets another file, and the other one loses it.
    stage
        .attach("general_liability", 0, pdf("another edition of it"))
        .await;
    let version = stage.version("general_liability").await;
    let off = stage
        .staff
        .delete(stage.file("general_liability", 1))
        .if_match(version);
    off.await.expect(200);
    let again = json!({ "kind": "exact_copy" });
    let again = stage.staff.post(format!("{one}/deliveries"), again).await;
    again.expect(201);
    assert_eq!(stage.app.letter().await.files(), files, "the very same files");

    let revised = stage
        .staff
        .post(format!("{one}/revisions"), stage.body(|_| {}))
        .await
        .expect(201);
    let files = stage.app.letter().await.files();
    assert_eq!(revised["attachments"].as_array().unwrap().len(), 2);
    assert_eq!(files[1].1, pdf("another edition of it"));
    assert_eq!(
        files[2].0, "Endorsement-CA-20-48-10-13.pdf",
        "under the form that still has it"
    );
}

/// Whoever leaves the box unticked sends the page alone; what no mark and no sentence rests on does not go either.
#[tokio::test]
async fn the_endorsements_are_left_out_or_are_not_what_the_page_rests_on() {
    let stage = Stage::set().await;
    stage
        .attach("general_liability", 0, pdf("additional insured"))
        .await;
    let alone = stage
        .send(|body| body["attach_endorsements"] = json!(false))
        .await;
    assert_eq!(alone["attachments"], json!([]));
    assert_eq!(stage.app.letter().await.attachments(), 1);
    let unmarked = stage
        .send(|body| {
            body["additional_insured"] = json!([]);
            body["waiver"] = json!([]);
        })
        .await;
    assert_eq!(unmarked["attachments"], json!([]));
    assert_eq!(stage.app.letter().await.attachments(), 1);
    let named = stage
        .send(|body| {
            body["additional_insured"] = json!([]);
            body["waiver"] = json!([]);
            body["description"] = json!("Form CG 20 10 04 13 is on the policy.");
        })
        .await;
    assert_eq!(named["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(stage.app.letter().await.attachments(), 2);
}

/// Page and files have 10 MB in a mail; more goes by link, or without the endorsements. Nothing is written before.
#[tokio::test]
async fn what_does_not_fit_into_a_mail_is_refused_and_goes_as_a_link() {
    let stage = Stage::set().await;
    stage.attach("general_liability", 0, heavy(5_000_000, 1)).await;
    stage.attach("general_liability", 1, heavy(5_000_000, 2)).await;
    let preview = stage.preview().await;
    assert!(preview["enclosures"]["size_bytes"].as_u64().unwrap() > 10_000_000);
    let refused = stage.staff.post(stage.certificates(), stage.body(|_| {})).await;
    let problem = refused.refused(ProblemType::MailTooLarge);
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("at most 10 MB") && detail.contains("secure link"),
        "{detail}"
    );
    assert_eq!(
        stage.app.value("SELECT count(*)::text FROM certificates").await,
        "0"
    );

    let linked = stage.send(|body| body["channel"] = json!("link")).await;
    assert_eq!(linked["number"], "26-000001", "the refused one took no number");
    let letter = stage.app.letter().await;
    assert_eq!(letter.attachments(), 0);
    assert!(
        letter.text().contains("Endorsement-CG-20-10-04-13.pdf"),
        "{}",
        letter.text()
    );
    let token = letter.token();
    let reader = stage.app.portal();
    let shown = reader
        .post("/v1/certificate-links/open", json!({ "token": token }))
        .await
        .expect(200);
    assert_eq!(shown["attachments"], linked["attachments"]);
    let save = |ordinal: i32| {
        let body = json!({ "token": token, "ordinal": ordinal });
        reader.post("/v1/certificate-links/attachment", body)
    };
    let saved = save(2).await;
    assert_eq!((saved.status, &saved.bytes), (200, &heavy(5_000_000, 2)));
    assert_eq!(
        saved.header("content-disposition"),
        "attachment; filename=\"Endorsement-CG-24-04-05-09.pdf\""
    );
    save(3).await.refused(ProblemType::NotFound);
    let body = json!({ "token": "no secret", "ordinal": 1 });
    reader
        .post("/v1/certificate-links/attachment", body)
        .await
        .refused(ProblemType::LinkUnknown);

    // Sent again, it goes as it went; by mail it does not fit.
    let one = format!("/v1/certificates/{}", book::id(&linked));
    let by_mail = json!({ "kind": "exact_copy", "channel": "attachment" });
    let by_mail = stage.staff.post(format!("{one}/deliveries"), by_mail).await;
    by_mail.refused(ProblemType::MailTooLarge);
    let withdraw = json!({ "reason": "Sent for the wrong project." });
    stage
        .staff
        .post(format!("{one}/withdrawal"), withdraw)
        .await
        .expect(200);
    save(1).await.refused(ProblemType::CertificateNotStanding);
}

/// The insured sends with the same endorsements, sees what went, and reads no other insured's; another agency finds
/// nothing.
#[tokio::test]
async fn the_insured_sends_them_too_and_nobody_else_reads_them() {
    let stage = Stage::set().await;
    stage
        .attach("general_liability", 0, pdf("additional insured"))
        .await;
    let portal = people::portal_user_of(&stage.app, &stage.insured, Right::ALL).await;
    let sent = portal
        .post(stage.certificates(), stage.body(|_| {}))
        .await
        .expect(201);
    assert_eq!(stage.app.letter().await.attachments(), 2);
    let file = format!("/v1/certificates/{}/attachments/1", book::id(&sent));
    assert_eq!(portal.get(&file).await.bytes, pdf("additional insured"));
    let form = stage.file("general_liability", 0);
    assert_eq!(portal.get(&form).await.bytes, pdf("additional insured"));
    let put = portal
        .ask(Method::PUT, format!("{form}?name=a.pdf"))
        .bytes("application/pdf", pdf("x"))
        .if_match(2)
        .await;
    put.refused(ProblemType::Forbidden);

    let other = book::insured(&stage.app, "Basin Fence Co").await;
    let other = people::portal_user_of(&stage.app, &other, Right::ALL).await;
    let elsewhere = people::administrator_elsewhere(&stage.app).await;
    for stranger in [&other, &elsewhere] {
        stranger.get(&file).await.refused(ProblemType::NotFound);
        stranger.get(&form).await.refused(ProblemType::NotFound);
    }
}

/// A batch carries them for each holder, says so in its view, and its ZIP has them beside the certificates.
#[tokio::test]
async fn a_batch_carries_them_and_its_zip_has_them_beside_the_certificates() {
    let stage = Stage::set().await;
    stage
        .attach("general_liability", 0, pdf("additional insured"))
        .await;
    let path = format!("/v1/insureds/{}/batches", stage.insured.id);
    let check = json!({ "master_id": stage.master, "holder_ids": [stage.insured.holder] });
    let check = stage.staff.post(format!("{path}/check"), check).await.expect(200);
    assert_eq!(check["rows"][0]["endorsements"][0]["form"], "CG 20 10 04 13");
    let row = json!({ "holder_id": stage.insured.holder, "to": ["certificates@northgate.example.com"] });
    let mut body = json!({ "master_id": stage.master, "rows": [row] });
    let with = stage.staff.post(&path, &body).await.expect(201);
    assert_eq!(with["attach_endorsements"], true);
    let letter = stage.app.letter().await;
    assert_eq!(letter.attachments(), 2);
    let zip = stage
        .staff
        .get(format!("/v1/batches/{}/zip", book::id(&with)))
        .await;
    let entries = zip.bytes.windows(4).filter(|four| four == b"PK\x01\x02").count();
    assert_eq!(entries, 2);
    assert!(
        zip.text()
            .contains("26-000001 Northgate Builders, Inc. - Endorsement-CG-20-10-04-13.pdf")
    );
    let words = pdf("additional insured");
    assert!(zip.bytes.windows(words.len()).any(|window| window == words));
    let merged = stage
        .staff
        .get(format!("/v1/batches/{}/pdf", book::id(&with)))
        .await;
    assert!(merged.bytes.ends_with(b"%%EOF\n"), "it holds the pages alone");

    body["attach_endorsements"] = json!(false);
    let without = stage.staff.post(&path, &body).await.expect(201);
    assert_eq!(without["attach_endorsements"], false);
    assert_eq!(stage.app.letter().await.attachments(), 1);
}

/// A row whose files are too heavy for a mail fails by itself and takes no number; as a link it goes.
#[tokio::test]
async fn a_row_of_a_batch_that_is_too_heavy_takes_no_number() {
    let stage = Stage::set().await;
    stage.attach("general_liability", 0, heavy(5_000_000, 1)).await;
    stage.attach("general_liability", 1, heavy(5_000_000, 2)).await;
    stage.attach("workers_compensation", 0, heavy(5_000_000, 3)).await;
    let path = format!("/v1/insureds/{}/batches", stage.insured.id);
    let row = json!({ "holder_id": stage.insured.holder, "to": ["certificates@northgate.example.com"] });
    let mut body = json!({ "master_id": stage.master, "rows": [row] });
    let failed = stage.staff.post(&path, &body).await.expect(201);
    stage.app.work().await;
    let rows = format!("/v1/batches/{}/rows", book::id(&failed));
    let rows = stage.staff.get(rows).await.expect(200);
    assert_eq!(rows["data"][0]["state"], "failed");
    let reason = rows["data"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("a mail carries at most 10 MB"), "{reason}");
    body["channel"] = json!("link");
    let gone = stage.staff.post(&path, &body).await.expect(201);
    assert_eq!(stage.app.letter().await.attachments(), 0);
    let rows = format!("/v1/batches/{}/rows", book::id(&gone));
    let rows = stage.staff.get(rows).await.expect(200);
    assert_eq!(rows["data"][0]["state"], "issued");
    assert_eq!(rows["data"][0]["certificate_number"], "26-000001");
}

/// Who approves sees the endorsements that would go with it; another file is another page to look at.
#[tokio::test]
async fn an_approval_is_of_the_page_and_of_the_files_with_it() {
    let stage = Stage::set().await;
    stage
        .attach("general_liability", 0, pdf("additional insured"))
        .await;
    let asker = people::service_staff(&stage.app).await;
    let draft = stage.body(|body| body["description"] = json!("30 days notice will be given."));
    let ask = json!({ "draft": draft, "note": "The carrier has confirmed it." });
    let path = format!("/v1/insureds/{}/approvals", stage.insured.id);
    let asked = asker.post(path, ask).await.expect(201);
    let one = format!("/v1/approvals/{}", book::id(&asked));
    let looked = stage.staff.get(&one).await.expect(200);
    let page = &looked["page"];
    assert_eq!(page["enclosures"]["endorsements"][0]["form"], "CG 20 10 04 13");
    let approval = |page: &Value| {
        json!({
            "reason": "Confirmed.", "seen_page": page["seen_page"], "seen_findings": page["seen_findings"],
        })
    };
    stage.attach("general_liability", 0, pdf("another")).await;
    let late = stage.staff.post(format!("{one}/approve"), approval(page)).await;
    late.refused(ProblemType::ApprovalChanged);
    let looked = stage.staff.get(&one).await.expect(200);
    let approved = stage
        .staff
        .post(format!("{one}/approve"), approval(&looked["page"]))
        .await;
    approved.expect(200);
    assert_eq!(stage.app.letter().await.files()[1].1, pdf("another"));
}
