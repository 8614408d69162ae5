//! Reading the page of certificates: through HTTP with session, rights and row-level security, by bare prepared
//! statements on the same database, and through Fastify without any of the three.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use serde_json::Value;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use crate::http::Connection;
use crate::installation::{Agency, Installation, READING, Running, free_port};
use crate::load::{Client, Load, drive};
use crate::{CONNECTIONS, Reading, Result};

/// What has a target is measured in so many turns, one after the other against what it is compared with: a machine that
/// is shared changes its pace within a minute.
const TURNS: usize = 4;
const TURN: Duration = Duration::from_millis(1500);
const ASIDE: Duration = Duration::from_secs(3);
/// Requests in flight for each connection of the server to its database, where it has more than it can serve.
const CROWD: usize = 4;
/// How deep the deep page lies: so many pages of 200 rows, about the middle of an agency's certificates.
const PAGES_ABOVE: usize = 12;
/// Walking there takes a while, so that not every agency is walked.
const WALKED: usize = 40;

/// A page of 20 rows that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    First,
    OfInsured,
    Deep,
    Holder,
    Month,
}

impl Kind {
    /// Those that are measured for themselves.
    const ASIDE: [Self; 4] = [Self::OfInsured, Self::Deep, Self::Holder, Self::Month];

    const fn name(self) -> &'static str {
        match self {
            Self::First => "first page",
            Self::OfInsured => "first page of an insured",
            Self::Deep => "page 121",
            Self::Holder => "first page, part of a holder's name",
            Self::Month => "first page, one month",
        }
    }

    fn path(self, case: &Case) -> String {
        let Case {
            agency,
            cursor,
            from,
            until,
            ..
        } = case;
        match self {
            Self::First => "/v1/certificates".to_owned(),
            Self::OfInsured => format!("/v1/insureds/{}/certificates", agency.insured),
            Self::Deep => format!("/v1/certificates?cursor={cursor}"),
            Self::Holder => format!("/v1/certificates?holder_contains={HOLDER}"),
            Self::Month => format!("/v1/certificates?issued_from={from}&issued_to={until}"),
        }
    }

    /// What the statement asks for beyond the agency, and with which texts.
    fn condition(self, case: &Case) -> (&'static str, Vec<String>) {
        match self {
            Self::First => ("", Vec::new()),
            Self::OfInsured => (
                "AND c.insured_id = $2::text::uuid",
                vec![case.agency.insured.clone()],
            ),
            Self::Deep => (
                "AND (c.issued_at, c.id) < ($2::text::timestamptz, $3::text::uuid)",
                vec![case.last_at.clone(), case.last_id.clone()],
            ),
            Self::Holder => ("AND h.name ILIKE $2", vec![format!("%{HOLDER}%")]),
            Self::Month => (
                "AND c.issued_at >= ($2::text::date AT TIME ZONE 'America/New_York') \
                 AND c.issued_at < (($3::text::date + 1) AT TIME ZONE 'America/New_York')",
                vec![case.from.clone(), case.until.clone()],
            ),
        }
    }
}

/// One holder of twenty has it in its name.
const HOLDER: &str = "Harbor";

/// How much the page's own statement brings in its join form.
#[derive(Clone, Copy)]
enum Breadth {
    /// Every column that the product reads, the holder's name from the holder.
    Page,
    /// The same, with the newest delivery looked up and not kept on the row.
    Delivery,
    /// What was printed alone: half the columns, and nothing of what became of it.
    Printed,
}

/// What was printed, and by whom it was issued.
const PRINTED: &str = "c.id, c.number, c.revision, c.insured_id, c.insured_name, c.master_id, c.master_name, \
     c.holder_id, h.name AS holder_name, c.description, c.issued_on, c.issued_at, c.source, c.issued_by_name, c.state";
/// What became of it.
const FATE: &str = "c.state_changed_at, c.state_changed_by_name, c.withdrawn_reason, c.supersedes_id, \
     c.superseded_by_id, c.batch_id, c.interest_id, c.cover_ends_on, c.delivery_emailed_at";

/// The page's own statement in its join form: the holder's name from the holder. One row more than the page shows
/// tells whether there is another page, as in the product.
fn join(condition: &str, breadth: Breadth) -> String {
    let (columns, lateral) = match breadth {
        Breadth::Printed => (PRINTED.to_owned(), ""),
        Breadth::Page => (
            format!(
                "{PRINTED}, {FATE}, c.delivery_state, c.delivery_to, c.delivery_queued_at, c.delivery_accepted_at, \
                 c.delivery_last_error, c.delivery_outcome, c.delivery_undone_at"
            ),
            "",
        ),
        Breadth::Delivery => (
            format!(
                "{PRINTED}, {FATE}, d.state AS delivery_state, d.to_addresses, d.queued_at, d.accepted_at, \
                 d.last_error, d.outcome, d.undone_at"
            ),
            "LEFT JOIN LATERAL (SELECT * FROM deliveries WHERE agency_id = c.agency_id AND certificate_id = c.id \
             ORDER BY queued_at DESC, id DESC LIMIT 1) d ON true",
        ),
    };
    format!(
        "SELECT {columns} \
         FROM certificates c JOIN holders h ON h.agency_id = c.agency_id AND h.id = c.holder_id {lateral} \
         WHERE c.agency_id = $1::text::uuid {condition} ORDER BY c.issued_at DESC, c.id DESC LIMIT 21"
    )
}

/// An agency with everything that a page is asked for by.
struct Case<'a> {
    agency: &'a Agency,
    cursor: String,
    last_at: String,
    last_id: String,
    from: String,
    until: String,
}

/// Asks for one page after the other, those of another agency each time.
struct Reader {
    connection: Connection,
    requests: Arc<Vec<String>>,
    offset: usize,
}

impl Client for Reader {
    async fn ask(&mut self, turn: usize) -> Result<()> {
        let place = (self.offset + turn) % self.requests.len();
        let request = self.requests.get(place).map(String::as_bytes).unwrap_or_default();
        self.connection.ask(request).await?.must_be(200)
    }
}

/// The same by a statement that was prepared once.
struct Bare {
    client: tokio_postgres::Client,
    statement: Statement,
    cases: Arc<Vec<Vec<String>>>,
    offset: usize,
}

impl Client for Bare {
    async fn ask(&mut self, turn: usize) -> Result<()> {
        let place = (self.offset + turn) % self.cases.len();
        let case = self.cases.get(place).map(Vec::as_slice).unwrap_or_default();
        let texts: Vec<&(dyn ToSql + Sync)> = case.iter().map(|text| text as &(dyn ToSql + Sync)).collect();
        let rows = self.client.query(&self.statement, &texts).await?;
        if rows.len() == 21 {
            return Ok(());
        }
        Err(format!("a bare statement found {} rows", rows.len()).into())
    }
}

fn figure(name: impl Into<String>, value: f64, unit: &'static str) -> Reading {
    Reading {
        group: "page",
        name: name.into(),
        value,
        unit,
        against: Vec::new(),
    }
}

pub(crate) async fn measure(
    installation: &Installation,
    agencies: &[Agency],
    baselines: &Path,
) -> Result<Vec<Reading>> {
    let mut readings = Vec::new();
    let server = installation.serve()?;
    let cases = cases(installation, &server, agencies).await?;
    let requests: Vec<String> = cases
        .iter()
        .take(1)
        .map(|case| server.head("GET", &Kind::First.path(case), case.agency) + "\r\n")
        .collect();
    let shown = look(server.port, &requests).await?;
    readings.extend(headline(installation, &server, baselines, &cases, &shown).await?);
    for kind in Kind::ASIDE {
        let read = through_http(&server, kind, &cases, CONNECTIONS, ASIDE).await?;
        readings.push(figure(kind.name(), read.rate, "requests/s"));
        let bare = bare(installation, kind, &cases, Breadth::Page, ASIDE).await?;
        readings.push(figure(
            format!("{}: bare SQL", kind.name()),
            bare.rate,
            "requests/s",
        ));
    }
    for (breadth, name) in [
        (
            Breadth::Delivery,
            "first page: bare SQL with the newest delivery looked up",
        ),
        (Breadth::Printed, "first page: bare SQL of half the columns"),
    ] {
        let bare = bare(installation, Kind::First, &cases, breadth, ASIDE).await?;
        readings.push(figure(name, bare.rate, "requests/s"));
    }
    let crowd = through_http(&server, Kind::First, &cases, CROWD * CONNECTIONS, ASIDE).await?;
    let name = |what: &str| format!("first page, {CROWD} in flight for each connection: {what}");
    readings.push(figure(name("answers"), crowd.rate, "requests/s"));
    readings.push(figure(name("median"), crowd.percentile(50), "ms"));
    readings.push(figure(name("99th percentile"), crowd.percentile(99), "ms"));
    let spread = crowd.percentile(99) / crowd.percentile(50);
    readings.push(figure(name("99th percentile by median"), spread, "times"));
    readings.push(figure("memory of the server afterwards", server.memory()?, "MB"));
    Ok(readings)
}

/// The first page in turns: through HTTP, by the bare statement, and through Fastify.
async fn headline(
    installation: &Installation,
    server: &Running,
    baselines: &Path,
    cases: &[Case<'_>],
    shown: &[Value],
) -> Result<Vec<Reading>> {
    let one = Fastify::start(installation, baselines, 1, cases, shown).await?;
    let two = Fastify::start(installation, baselines, 2, cases, shown).await?;
    let mut rates = [0.0; 4];
    for _ in 0..TURNS {
        let turn = [
            through_http(server, Kind::First, cases, CONNECTIONS, TURN)
                .await?
                .rate,
            bare(installation, Kind::First, cases, Breadth::Page, TURN)
                .await?
                .rate,
            one.read().await?.rate,
            two.read().await?.rate,
        ];
        for (sum, rate) in rates.iter_mut().zip(turn) {
            *sum += rate;
        }
    }
    let names = [
        "first page",
        "first page: bare SQL",
        "first page: Fastify + pg",
        "first page: Fastify + pg, two processes",
    ];
    let turns = f64::from(u32::try_from(TURNS)?);
    let readings = names.iter().zip(rates);
    Ok(readings
        .map(|(name, sum)| figure(*name, sum / turns, "requests/s"))
        .collect())
}

/// Walks down to the deep page of some agencies; the others read only what needs no cursor.
async fn cases<'a>(
    installation: &Installation,
    server: &Running,
    agencies: &'a [Agency],
) -> Result<Vec<Case<'a>>> {
    let owner = installation.client().await?;
    let month = "SELECT (now() - interval '400 days')::date::text, (now() - interval '370 days')::date::text";
    let month = owner.query_one(month, &[]).await?;
    let mut connection = Connection::open(server.port).await?;
    let mut cases = Vec::new();
    for (place, agency) in agencies.iter().take(READING).enumerate() {
        let mut case = Case {
            agency,
            cursor: String::new(),
            last_at: String::new(),
            last_id: String::new(),
            from: month.try_get(0)?,
            until: month.try_get(1)?,
        };
        if place < WALKED {
            walk(server, &mut connection, &mut case).await?;
        }
        cases.push(case);
    }
    Ok(cases)
}

async fn walk(server: &Running, connection: &mut Connection, case: &mut Case<'_>) -> Result<()> {
    let mut path = "/v1/certificates?limit=200".to_owned();
    for _ in 0..PAGES_ABOVE {
        let request = server.head("GET", &path, case.agency) + "\r\n";
        let answer = connection.ask(request.as_bytes()).await?;
        answer.must_be(200)?;
        let page: Value = serde_json::from_slice(answer.body)?;
        let text = |pointer: &str| {
            let found = page.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            found.ok_or_else(|| format!("a page of 200 rows without {pointer}"))
        };
        case.cursor = text("/page/next_cursor")?;
        case.last_at = text("/data/199/issued_at")?;
        case.last_id = text("/data/199/id")?;
        path = format!("/v1/certificates?limit=200&cursor={}", case.cursor);
    }
    Ok(())
}

fn of_kind<'a, 'b>(kind: Kind, cases: &'b [Case<'a>]) -> &'b [Case<'a>] {
    match kind {
        Kind::Deep => cases.get(..WALKED).unwrap_or_default(),
        _ => cases,
    }
}

async fn through_http(
    server: &Running,
    kind: Kind,
    cases: &[Case<'_>],
    in_flight: usize,
    time: Duration,
) -> Result<Load> {
    let requests: Vec<String> = of_kind(kind, cases)
        .iter()
        .map(|case| server.head("GET", &kind.path(case), case.agency) + "\r\n")
        .collect();
    look(server.port, &requests).await?;
    read(server.port, requests, in_flight, time).await
}

/// The rows of the first of the pages. Moments are cut to the milliseconds that a JavaScript baseline knows.
async fn look(port: u16, requests: &[String]) -> Result<Vec<Value>> {
    let mut connection = Connection::open(port).await?;
    let request = requests.first().ok_or("no agencies")?;
    let answer = connection.ask(request.as_bytes()).await?;
    answer.must_be(200)?;
    let mut page: Value = serde_json::from_slice(answer.body)?;
    cut_moments(&mut page);
    match page.get_mut("data").and_then(Value::as_array_mut) {
        Some(rows) if rows.len() == 20 => Ok(std::mem::take(rows)),
        _ => Err(format!("not a page of 20 rows: {page}").into()),
    }
}

fn cut_moments(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
                *text = moment.timestamp_millis().to_string();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(cut_moments),
        Value::Object(values) => values.values_mut().for_each(cut_moments),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Reads as many pages as can be.
async fn read(port: u16, requests: Vec<String>, in_flight: usize, time: Duration) -> Result<Load> {
    let requests = Arc::new(requests);
    let mut readers = Vec::new();
    for number in 0..in_flight {
        readers.push(Reader {
            connection: Connection::open(port).await?,
            requests: Arc::clone(&requests),
            offset: number * requests.len() / in_flight,
        });
    }
    drive(readers, time).await
}

async fn bare(
    installation: &Installation,
    kind: Kind,
    cases: &[Case<'_>],
    breadth: Breadth,
    time: Duration,
) -> Result<Load> {
    let cases = of_kind(kind, cases);
    let condition = cases.first().map_or("", |case| kind.condition(case).0);
    let statement = join(condition, breadth);
    let texts = |case: &Case<'_>| {
        let mut texts = vec![case.agency.id.clone()];
        texts.extend(kind.condition(case).1);
        texts
    };
    let cases: Arc<Vec<Vec<String>>> = Arc::new(cases.iter().map(texts).collect());
    let mut clients = Vec::new();
    for number in 0..CONNECTIONS {
        let client = installation.client().await?;
        clients.push(Bare {
            statement: client.prepare(&statement).await?,
            client,
            cases: Arc::clone(&cases),
            offset: number * cases.len() / CONNECTIONS,
        });
    }
    drive(clients, time).await
}

/// Fastify, started, and seen to answer with the product's own page.
struct Fastify {
    running: Running,
    requests: Vec<String>,
}

impl Fastify {
    async fn start(
        installation: &Installation,
        baselines: &Path,
        processes: u8,
        cases: &[Case<'_>],
        shown: &[Value],
    ) -> Result<Self> {
        let port = free_port()?;
        let mut node = Command::new("node");
        node.arg("baseline_fastify.mjs").current_dir(baselines).envs([
            ("DATABASE_URL", installation.owner_url()),
            ("PORT", &port.to_string()),
            ("PROCESSES", &processes.to_string()),
            ("CONNECTIONS", &CONNECTIONS.to_string()),
        ]);
        let running = Running::start(port, &mut node, "listening")?;
        let requests: Vec<String> = cases
            .iter()
            .map(|case| {
                let id = &case.agency.id;
                format!("GET /v1/certificates?agency={id} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n")
            })
            .collect();
        let found = look(port, &requests).await?;
        if let Some((theirs, ours)) = found.iter().zip(shown).find(|(theirs, ours)| theirs != ours) {
            return Err(
                format!("Fastify answers with {theirs} where the product answers with {ours}").into(),
            );
        }
        Ok(Self { running, requests })
    }

    async fn read(&self) -> Result<Load> {
        read(self.running.port, self.requests.clone(), CONNECTIONS, TURN).await
    }
}
