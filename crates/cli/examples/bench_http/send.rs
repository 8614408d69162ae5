//! Sending certificates: gate, page, rows and job through HTTP, against bare prepared inserts of the same rows.
//!
//! Whoever sends holds the agency's number and the head of its trail until the commit, so that one agency sends
//! one certificate at a time, on either side. Both sides therefore send for as many agencies as there are clients.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;
use uuid::{NoContext, Timestamp, Uuid};

use crate::http::Connection;
use crate::installation::{Agency, Installation, READING, Running};
use crate::load::{Client, drive};
use crate::{CONNECTIONS, Reading, Result};

const TIME: Duration = Duration::from_secs(6);

/// Sends through HTTP for one agency, as the staff app does, each time under a key of its own.
struct Sender {
    connection: Connection,
    head: String,
    body: String,
}

impl Sender {
    async fn new(server: &Running, agency: &Agency) -> Result<Self> {
        let path = format!("/v1/insureds/{}/certificates", agency.insured);
        let body = json!({
            "master_id": agency.insured,
            "holder": { "id": agency.holder },
            "recipients": { "to": ["risk@example.com"] },
        });
        let body = body.to_string();
        let head = server.head("POST", &path, agency);
        Ok(Self {
            connection: Connection::open(server.port).await?,
            head: format!(
                "{head}content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            ),
            body,
        })
    }

    /// Sends one and tells the answer.
    async fn send(&mut self) -> Result<&[u8]> {
        let request = format!("{}idempotency-key: {}\r\n\r\n{}", self.head, fresh(), self.body);
        let answer = self.connection.ask(request.as_bytes()).await?;
        answer.must_be(201)?;
        Ok(answer.body)
    }
}

impl Client for Sender {
    async fn ask(&mut self, _turn: usize) -> Result<()> {
        self.send().await.map(drop)
    }
}

fn fresh() -> Uuid {
    Uuid::new_v7(Timestamp::now(NoContext))
}

/// A certificate that the product sent, to be written again by bare statements.
struct Model {
    agency: String,
    insured: String,
    holder: String,
    lines: Vec<String>,
    policies: Vec<String>,
    document: Vec<u8>,
    /// Names, texts and JSON as the product stored them.
    printed: Vec<String>,
    subject: String,
    answer: String,
}

impl Model {
    /// Reads back what was sent just now.
    async fn of(client: &tokio_postgres::Client, agency: &Agency, answer: &[u8]) -> Result<Self> {
        let sent: Value = serde_json::from_slice(answer)?;
        let id = sent
            .get("id")
            .and_then(Value::as_str)
            .ok_or("an answer without id")?;
        let question = "
            SELECT c.insured_name, c.master_name, c.holder_name, c.description, c.issued_by_name, c.payload::text,
                   c.fingerprint, c.findings::text, d.bytes, v.subject
            FROM certificates c
            JOIN documents d ON d.agency_id = c.agency_id AND d.sha256 = c.document_sha256
            JOIN deliveries v ON v.agency_id = c.agency_id AND v.certificate_id = c.id
            WHERE c.agency_id = $1::text::uuid AND c.id = $2::text::uuid";
        let row = client.query_one(question, &[&agency.id, &id]).await?;
        let named = "
            SELECT line, policy_id::text FROM certificate_policies
            WHERE agency_id = $1::text::uuid AND certificate_id = $2::text::uuid";
        let named = client.query(named, &[&agency.id, &id]).await?;
        Ok(Self {
            agency: agency.id.clone(),
            insured: agency.insured.clone(),
            holder: agency.holder.clone(),
            lines: named
                .iter()
                .map(|row| row.try_get(0))
                .collect::<std::result::Result<_, _>>()?,
            policies: named
                .iter()
                .map(|row| row.try_get(1))
                .collect::<std::result::Result<_, _>>()?,
            document: row.try_get(8)?,
            printed: (0..8)
                .map(|column| row.try_get(column))
                .collect::<std::result::Result<_, _>>()?,
            subject: row.try_get(9)?,
            answer: String::from_utf8(answer.to_vec())?,
        })
    }
}

/// The statements of a sending in the order in which the product writes. `$1` is the agency everywhere.
const STATEMENTS: [&str; 12] = [
    "INSERT INTO idempotency_keys (agency_id, principal, operation, key, request_sha256, status, body, created_at)
     VALUES ($1::text::uuid, $1::text::uuid, 'POST', $2, $3, 201, $4::text::jsonb, now())",
    "UPDATE certificate_counters SET last_number = last_number + 1 WHERE agency_id = $1::text::uuid
     RETURNING last_number",
    "INSERT INTO insured_holders (agency_id, insured_id, holder_id, last_used_at)
     VALUES ($1::text::uuid, $2::text::uuid, $3::text::uuid, now())
     ON CONFLICT (agency_id, insured_id, holder_id) DO UPDATE SET last_used_at = excluded.last_used_at",
    "INSERT INTO documents (agency_id, sha256, bytes, pages, created_at)
     VALUES ($1::text::uuid, $2, $3, 1, now()) ON CONFLICT DO NOTHING",
    "INSERT INTO certificates (agency_id, id, number, insured_id, master_id, holder_id, document_sha256, insured_name,
                               master_name, holder_name, description, issued_by_name, payload, fingerprint, findings,
                               issued_on, issued_at, source, issued_by_id, state, cover_ends_on)
     VALUES ($1::text::uuid, $2::text::uuid, $3, $4::text::uuid, $4::text::uuid, $5::text::uuid, $6, $7, $8, $9, $10,
             $11, $12::text::jsonb, $13, $14::text::jsonb, current_date, now(), 'staff', $1::text::uuid, 'issued', '2027-03-01')",
    "INSERT INTO certificate_policies (agency_id, certificate_id, line, policy_id)
     SELECT $1::text::uuid, $2::text::uuid, line, policy::uuid FROM unnest($3::text[], $4::text[]) named (line, policy)",
    "UPDATE masters SET last_used_at = now() WHERE agency_id = $1::text::uuid AND id = $2::text::uuid",
    "INSERT INTO deliveries (agency_id, id, certificate_id, kind, to_addresses, subject, state, requested_by_kind,
                             requested_by_id, requested_by_name, queued_at)
     VALUES ($1::text::uuid, $2::text::uuid, $3::text::uuid, 'original', '{risk@example.com}', $4, 'queued', 'staff',
             $1::text::uuid, 'Avery Collins', now())",
    "INSERT INTO jobs (agency_id, id, kind, payload, state, run_at, created_at)
     VALUES ($1::text::uuid, $2::text::uuid, 'deliver_certificate', jsonb_build_object('delivery', $3::text), 'queued',
             now(), now())",
    "SELECT seq FROM audit_heads WHERE agency_id = $1::text::uuid FOR UPDATE",
    "INSERT INTO audit_entries (agency_id, seq, at, actor_kind, actor_id, actor_name, action, insured_id, object_kind,
                                object_id, object_label, detail, request_id, hash)
     VALUES ($1::text::uuid, $2, now(), 'staff', $1::text::uuid, 'Avery Collins', 'certificate_sent', $3::text::uuid,
             'certificate', $4::text::uuid, $5, jsonb_build_object('holder', $6::text), $4::text::uuid, $7)",
    "UPDATE audit_heads SET seq = $2, hash = $3 WHERE agency_id = $1::text::uuid",
];

/// Writes the rows of a sending for one agency, one transaction each, one statement after the other.
struct Bare {
    client: tokio_postgres::Client,
    statements: [Statement; 12],
    model: Model,
}

impl Bare {
    async fn new(client: tokio_postgres::Client, model: Model) -> Result<Self> {
        let mut statements = Vec::new();
        for statement in STATEMENTS {
            statements.push(client.prepare(statement).await?);
        }
        let statements = statements
            .try_into()
            .map_err(|_| "a statement was not prepared")?;
        Ok(Self {
            client,
            statements,
            model,
        })
    }
}

impl Client for Bare {
    async fn ask(&mut self, _turn: usize) -> Result<()> {
        let [
            key,
            counter,
            link,
            document,
            certificate,
            named,
            master,
            delivery,
            job,
            head,
            entry,
            move_head,
        ] = &self.statements;
        let Model {
            agency,
            insured,
            holder,
            ..
        } = &self.model;
        let model = &self.model;
        let certificate_id = fresh().to_string();
        let delivery_id = fresh().to_string();
        let job_id = fresh().to_string();
        // Bytes as long as a hash that no other row has; making a true one costs the database nothing.
        let hash = [fresh().into_bytes(), fresh().into_bytes()].concat();
        let tx = self.client.transaction().await?;
        let reply = [agency as &(dyn ToSql + Sync), &job_id, &hash, &model.answer];
        tx.execute(key, &reply).await?;
        let last: i64 = tx.query_one(counter, &[agency]).await?.try_get(0)?;
        let number = format!("26-{last:06}");
        tx.execute(link, &[agency, insured, holder]).await?;
        tx.execute(document, &[agency, &hash, &model.document]).await?;
        let mut columns: Vec<&(dyn ToSql + Sync)> =
            vec![agency, &certificate_id, &number, insured, holder, &hash];
        columns.extend(model.printed.iter().map(|text| text as &(dyn ToSql + Sync)));
        tx.execute(certificate, &columns).await?;
        tx.execute(named, &[agency, &certificate_id, &model.lines, &model.policies])
            .await?;
        tx.execute(master, &[agency, insured]).await?;
        tx.execute(delivery, &[agency, &delivery_id, &certificate_id, &model.subject])
            .await?;
        tx.execute(job, &[agency, &job_id, &delivery_id]).await?;
        let seq: i64 = tx.query_one(head, &[agency]).await?.try_get(0)?;
        let seq = seq + 1;
        let trace: [&(dyn ToSql + Sync); 7] =
            [agency, &seq, insured, &certificate_id, &number, holder, &hash];
        tx.execute(entry, &trace).await?;
        tx.execute(move_head, &[agency, &seq, &hash]).await?;
        tx.commit().await?;
        Ok(())
    }
}

pub(crate) async fn measure(installation: &Installation, agencies: &[Agency]) -> Result<Vec<Reading>> {
    let agencies: Vec<&Agency> = agencies.iter().skip(READING).take(CONNECTIONS).collect();
    if agencies.len() < CONNECTIONS {
        return Err("too few agencies to send for".into());
    }
    let server = installation.serve()?;
    let mut senders = Vec::new();
    let mut bare = Vec::new();
    for agency in agencies {
        let mut sender = Sender::new(&server, agency).await?;
        let client = installation.client().await?;
        let model = Model::of(&client, agency, sender.send().await?).await?;
        bare.push(Bare::new(client, model).await?);
        senders.push(sender);
    }
    let sent = drive(senders, TIME).await?;
    let memory = server.memory()?;
    drop(server);
    let inserted = drive(bare, TIME).await?;
    let figure = |name: &str, value, unit| Reading {
        group: "send",
        name: name.to_owned(),
        value,
        unit,
        against: Vec::new(),
    };
    Ok(vec![
        figure("certificate sent", sent.rate, "requests/s"),
        figure("certificate sent: median", sent.percentile(50), "ms"),
        figure("certificate sent: 99th percentile", sent.percentile(99), "ms"),
        figure("bare inserts", inserted.rate, "requests/s"),
        figure("bare inserts: median", inserted.percentile(50), "ms"),
        figure("bare inserts: 99th percentile", inserted.percentile(99), "ms"),
        figure("memory of the server afterwards", memory, "MB"),
    ])
}
