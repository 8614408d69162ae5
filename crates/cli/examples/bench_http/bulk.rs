//! Sending to many holders: ten thousand certificates of one agency, in as many batches as that takes, through the
//! worker's own process; then their mail, handed over to a relay that takes everything. Against COPY of the same rows
//! into the same tables, and against the mail library as it comes.

use std::time::{Duration, Instant};

use chrono::DateTime;
use countersign_domain::text::EmailAddress;
use countersign_worker::mail::smtp::{SmtpMailer, SmtpSettings, Tls};
use countersign_worker::mail::{self, Mailer as _};
use futures::{SinkExt as _, StreamExt as _};
use lettre::Message;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::http::Connection;
use crate::installation::{Agency, Installation, Running};
use crate::sink::Sink;
use crate::{Reading, Result};

/// Certificates of a run.
const CERTIFICATES: usize = 10_000;
/// Rows of a batch: the most that one takes.
const ROWS: usize = 500;
/// How long between two looks at how far it is.
const LOOK: Duration = Duration::from_millis(20);
/// Messages that are handed over by the mail library alone: it is slow enough to be seen in so few.
const MESSAGES: u32 = 50;
/// Messages that the product's mailer hands over, written anew each.
const OWN_MESSAGES: u32 = 2_000;

/// A table, what finds the rows of a run in it, and the columns that a copy must have of its own.
type Table = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// The tables whose rows a sending writes, in the order in which they can be written.
const WRITTEN: [Table; 6] = [
    (
        "documents",
        "sha256 IN (SELECT document_sha256 FROM bench_certificates)",
        &[("sha256", "sha256(sha256)")],
    ),
    (
        "certificates",
        "id IN (SELECT id FROM bench_certificates)",
        &[
            ("id", "pg_temp.other(id)"),
            ("number", "'C' || number"),
            ("document_sha256", "sha256(document_sha256)"),
            ("delivery_id", "pg_temp.other(delivery_id)"),
        ],
    ),
    (
        "certificate_policies",
        "certificate_id IN (SELECT id FROM bench_certificates)",
        &[("certificate_id", "pg_temp.other(certificate_id)")],
    ),
    (
        "deliveries",
        "certificate_id IN (SELECT id FROM bench_certificates)",
        &[
            ("id", "pg_temp.other(id)"),
            ("certificate_id", "pg_temp.other(certificate_id)"),
        ],
    ),
    (
        "jobs",
        "kind = 'deliver_certificate'",
        &[("id", "pg_temp.other(id)")],
    ),
    (
        "audit_entries",
        "object_id IN (SELECT id FROM bench_certificates)",
        &[("seq", "seq + 10000000")],
    ),
];

pub(crate) async fn measure(installation: &Installation, agencies: &[Agency]) -> Result<Vec<Reading>> {
    let agency = agencies.last().ok_or("no agency to send for")?;
    let mut owner = installation.client().await?;
    owner.batch_execute(include_str!("bulk.sql")).await?;
    let server = installation.serve()?;
    let batches = start(&server, agency).await?;
    drop(server);

    let sink = Sink::open().await?;
    let begun = Instant::now();
    let worker = installation.work(sink.port)?;
    until(
        &owner,
        "SELECT NOT EXISTS (SELECT FROM batches WHERE state = 'running')",
    )
    .await?;
    let issued = rate(begun);
    remember(&owner, &batches).await?;
    must_be(&owner, "SELECT count(*) FROM bench_certificates").await?;
    let issuing = worker.memory()?;
    drop(worker);

    let copied = copy(&mut owner).await?;

    owner
        .batch_execute("DROP TRIGGER bench_hold_mail ON jobs; UPDATE jobs SET run_at = now()")
        .await?;
    let begun = Instant::now();
    let worker = installation.work(sink.port)?;
    until(
        &owner,
        "SELECT NOT EXISTS (SELECT FROM jobs WHERE kind = 'deliver_certificate' AND state <> 'buried')",
    )
    .await?;
    let mailed = rate(begun);
    must_be(
        &owner,
        "SELECT count(*) FROM deliveries WHERE state = 'accepted' AND certificate_id IN (SELECT id FROM bench_certificates)",
    )
    .await?;
    if sink.taken() != CERTIFICATES {
        return Err(format!("the relay took {} messages", sink.taken()).into());
    }
    let mailing = worker.memory()?;
    drop(worker);

    let stock = as_it_comes(&sink).await?;
    let mailer = our_mailer(&sink).await?;
    let figure = |name: &str, value, unit| Reading {
        group: "bulk",
        name: name.to_owned(),
        value,
        unit,
        against: Vec::new(),
    };
    // One after the other, as a run of both takes.
    let whole = 1.0 / (1.0 / issued + 1.0 / mailed);
    Ok(vec![
        figure("gate, page, hash and rows", issued, "certificates/s"),
        figure("mail handed over", mailed, "certificates/s"),
        figure("both", whole, "certificates/s"),
        figure("COPY of the same rows", copied, "certificates/s"),
        figure("memory of the worker after issuing", issuing, "MB"),
        figure("memory of the worker after mailing", mailing, "MB"),
        figure("the mailer alone, one connection", mailer, "certificates/s"),
        figure("lettre as it comes, one connection", stock, "certificates/s"),
    ])
}

fn rate(begun: Instant) -> f64 {
    f64::from(u32::try_from(CERTIFICATES).unwrap_or(u32::MAX)) / begun.elapsed().as_secs_f64()
}

/// Starts the batches; nobody works on them yet.
async fn start(server: &Running, agency: &Agency) -> Result<Vec<String>> {
    let mut connection = Connection::open(server.port).await?;
    let path = format!("/v1/insureds/{}/batches", agency.insured);
    let rows: Vec<Value> = (1..=ROWS)
        .map(|n| {
            json!({
                "holder_id": format!("00000007-0000-7000-8000-{n:012x}"),
                "to": [format!("certificates{n}@example.com")],
            })
        })
        .collect();
    let body = json!({ "master_id": agency.insured, "rows": rows }).to_string();
    let head = server.head("POST", &path, agency);
    let request = format!(
        "{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut batches = Vec::new();
    while batches.len() < CERTIFICATES / ROWS {
        let answer = connection.ask(request.as_bytes()).await?;
        answer.must_be(201)?;
        let started: Value = serde_json::from_slice(answer.body)?;
        let id = started.get("id").and_then(Value::as_str);
        batches.push(id.ok_or("a batch without id")?.to_owned());
    }
    Ok(batches)
}

/// Writes down which certificates the batches issued.
async fn remember(owner: &Client, batches: &[String]) -> Result<()> {
    owner
        .batch_execute(
            "CREATE TEMP TABLE bench_certificates (id uuid PRIMARY KEY, document_sha256 bytea NOT NULL)",
        )
        .await?;
    let insert = "INSERT INTO bench_certificates SELECT id, document_sha256 FROM certificates \
                  WHERE batch_id = ANY ($1::text[]::uuid[])";
    owner.execute(insert, &[&batches]).await?;
    owner.batch_execute("ANALYZE bench_certificates").await?;
    Ok(())
}

/// Asks until the database says yes.
async fn until(owner: &Client, question: &str) -> Result<()> {
    let question = owner.prepare(question).await?;
    loop {
        if owner.query_one(&question, &[]).await?.try_get(0)? {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn must_be(owner: &Client, count: &str) -> Result<()> {
    let found: i64 = owner.query_one(count, &[]).await?.try_get(0)?;
    if usize::try_from(found)? == CERTIFICATES {
        return Ok(());
    }
    Err(format!("{found} where there should be {CERTIFICATES}: {count}").into())
}

/// Copies the rows of the run, under other ids, into the same tables with their indexes and references, in one
/// transaction. The certificates say already what became of their deliveries.
async fn copy(owner: &mut Client) -> Result<f64> {
    owner
        .batch_execute(
            "CREATE FUNCTION pg_temp.other(id uuid) RETURNS uuid LANGUAGE sql IMMUTABLE AS \
             $$ SELECT overlay(id::text PLACING 'f' FROM 15)::uuid $$",
        )
        .await?;
    let mut taken = Vec::new();
    for (table, condition, own) in WRITTEN {
        let columns = "SELECT attname::text FROM pg_attribute \
                       WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' \
                       ORDER BY attnum";
        let columns = owner.query(columns, &[&table]).await?;
        let columns: Vec<String> = columns
            .iter()
            .map(|row| row.try_get(0))
            .collect::<std::result::Result<_, _>>()?;
        let values = columns.iter().map(|column| {
            let other = own.iter().find(|(name, _)| name == column);
            other.map_or(column.as_str(), |(_, value)| value)
        });
        let values: Vec<&str> = values.collect();
        let out = format!(
            "COPY (SELECT {} FROM {table} WHERE {condition}) TO STDOUT (FORMAT binary)",
            values.join(", ")
        );
        let mut rows = Box::pin(owner.copy_out(&out).await?);
        let mut chunks = Vec::new();
        while let Some(chunk) = rows.next().await {
            chunks.push(chunk?);
        }
        let into = format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", columns.join(", "));
        taken.push((into, chunks));
    }
    owner
        .batch_execute(
            "ALTER TABLE deliveries DISABLE TRIGGER deliveries_queued_keep_newest; \
             ALTER TABLE jobs DISABLE TRIGGER bench_hold_mail",
        )
        .await?;
    let begun = Instant::now();
    let transaction = owner.transaction().await?;
    for (into, chunks) in taken {
        let mut rows = Box::pin(transaction.copy_in(&into).await?);
        for chunk in chunks {
            rows.send(chunk).await?;
        }
        rows.as_mut().finish().await?;
    }
    transaction.commit().await?;
    let copied = rate(begun);
    owner
        .batch_execute(
            "ALTER TABLE deliveries ENABLE TRIGGER deliveries_queued_keep_newest; \
             DELETE FROM jobs WHERE substr(id::text, 15, 1) = 'f'",
        )
        .await?;
    must_be(owner, "SELECT count(*) FROM jobs").await?;
    Ok(copied)
}

/// Messages of a certificate's size over one connection of the mail library, kept open.
async fn as_it_comes(sink: &Sink) -> Result<f64> {
    let hello = ClientId::Domain("bench.example.com".to_owned());
    let address = ("127.0.0.1", sink.port);
    let mut connection = AsyncSmtpConnection::connect_tokio1(address, None, &hello, None, None).await?;
    let message = Message::builder()
        .from("desk@example.com".parse()?)
        .to("certificates@example.com".parse()?)
        .subject("Certificate of insurance")
        .body("Sixteen kilobytes are what a page and its text come to.\r\n".repeat(280))?;
    let begun = Instant::now();
    for _ in 0..MESSAGES {
        connection.send(message.envelope(), &message.formatted()).await?;
    }
    Ok(f64::from(MESSAGES) / begun.elapsed().as_secs_f64())
}

/// Mails of the same weight through the product's mailer, with one connection to it: written, encoded, handed over.
async fn our_mailer(sink: &Sink) -> Result<f64> {
    let mailer = SmtpMailer::new(SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: sink.port,
        tls: Tls::None,
        credentials: None,
        trusted: None,
        connections: 1,
    })?;
    let message = mail::Message {
        identity: "bench".to_owned(),
        from_name: "Summit Ridge Insurance".to_owned(),
        from: EmailAddress::parse("desk@example.com")?,
        reply_to: None,
        to: vec![EmailAddress::parse("certificates@example.com")?],
        cc: Vec::new(),
        subject: "Certificate of insurance".to_owned(),
        text: "The certificate is attached.".to_owned(),
        html: "<p>The certificate is attached.</p>".to_owned(),
        attachments: vec![mail::Attachment {
            name: "certificate.pdf".to_owned(),
            bytes: (0..=u8::MAX).cycle().take(12_000).collect(),
        }],
        date: DateTime::UNIX_EPOCH,
        request: None,
    };
    let begun = Instant::now();
    for _ in 0..OWN_MESSAGES {
        mailer.send(&message).await?;
    }
    Ok(f64::from(OWN_MESSAGES) / begun.elapsed().as_secs_f64())
}
