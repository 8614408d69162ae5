//! Searching and paging the log as it grows: agencies of three sizes in a table of ten million certificates, and the
//! smallest size in a table of a hundred thousand. One request at a time, in milliseconds: what somebody waits for.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio_postgres::types::ToSql;
use url::Url;

use crate::http::Connection;
use crate::installation::{Agency, Installation, Running, Stock};
use crate::{Against, Reading, Result};

const SMALL: Stock = Stock {
    database: "countersign_bench_log_small",
    rows: concat!(
        "CREATE TEMP TABLE sizes ON COMMIT DROP AS SELECT a, 17600 AS certificates, 1000 AS holders \
         FROM generate_series(3, 8) a;",
        include_str!("log.sql")
    ),
};

const LARGE: Stock = Stock {
    database: "countersign_bench_log_large",
    rows: concat!(
        "CREATE TEMP TABLE sizes ON COMMIT DROP AS SELECT 1 AS a, 1000000 AS certificates, 20000 AS holders \
         UNION ALL SELECT 2, 200000, 5000 UNION ALL SELECT a, 17600, 1000 FROM generate_series(3, 502) a;",
        include_str!("log.sql")
    ),
};

/// Rows of a page.
const LIMIT: usize = 50;
/// How deep the deep page lies: so many pages of 200 rows.
const PAGES_ABOVE: usize = 50;
/// Agencies of one size that are asked in turn.
const ASKED: usize = 20;
/// For so long one question is asked again and again, and so many times at least and at most.
const TIME: Duration = Duration::from_millis(800);
const AT_LEAST: usize = 5;
const AT_MOST: usize = 400;

/// What is asked of the log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    First,
    Deep,
    Month,
    Sender,
    Source,
    State,
    Text(&'static str, &'static str),
}

const KINDS: [Kind; 12] = [
    Kind::First,
    Kind::Deep,
    Kind::Month,
    Kind::Sender,
    Kind::Source,
    Kind::State,
    Kind::Text("a rare word", "zephyr"),
    Kind::Text("two words", "harbor ridge"),
    Kind::Text("a common word", "builders"),
    Kind::Text("three letters", "wil"),
    Kind::Text("one letter", "w"),
    Kind::Text("no match", "qxqxqx"),
];

impl Kind {
    fn name(self) -> String {
        match self {
            Self::First => "first page".to_owned(),
            Self::Deep => format!("page {}", PAGES_ABOVE * 200 / LIMIT + 1),
            Self::Month => "one month".to_owned(),
            Self::Sender => "by the name of who sent it".to_owned(),
            Self::Source => "through the portal".to_owned(),
            Self::State => "withdrawn".to_owned(),
            Self::Text(what, _) => format!("holder, {what}"),
        }
    }

    fn path(self, place: &Place) -> String {
        let question = match self {
            Self::First => String::new(),
            Self::Deep => format!("&cursor={}", place.cursor),
            Self::Month => format!("&issued_from={}&issued_to={}", place.from, place.until),
            Self::Sender => "&sent_by_contains=jordan".to_owned(),
            Self::Source => "&source=portal".to_owned(),
            Self::State => "&state=withdrawn".to_owned(),
            Self::Text(_, text) => format!("&holder_contains={}", text.replace(' ', "%20")),
        };
        format!("/v1/certificates?limit={LIMIT}{question}")
    }

    /// What the bare statement asks for beyond the agency, and with which texts.
    fn condition(self, place: &Place) -> (&'static str, Vec<String>) {
        match self {
            Self::First => ("", Vec::new()),
            Self::Deep => (
                "AND (c.issued_at, c.id) < ($2::text::timestamptz, $3::text::uuid)",
                vec![place.last_at.clone(), place.last_id.clone()],
            ),
            Self::Month => (
                "AND c.issued_at >= ($2::text::date AT TIME ZONE 'America/New_York') \
                 AND c.issued_at < (($3::text::date + 1) AT TIME ZONE 'America/New_York')",
                vec![place.from.clone(), place.until.clone()],
            ),
            Self::Sender => ("AND c.issued_by_name ILIKE $2", vec!["%jordan%".to_owned()]),
            Self::Source => ("AND c.source = $2", vec!["portal".to_owned()]),
            Self::State => ("AND c.state = $2", vec!["withdrawn".to_owned()]),
            Self::Text(_, text) => ("AND h.name ILIKE $2", vec![format!("%{text}%")]),
        }
    }
}

/// Where in an agency's log one asks.
struct Place<'a> {
    agency: &'a Agency,
    cursor: String,
    last_at: String,
    last_id: String,
    from: String,
    until: String,
}

pub(crate) async fn measure(binary: &Path, cluster: &Url) -> Result<Vec<Reading>> {
    let mut readings = Vec::new();
    let installation = Installation::make_or_find(binary, cluster, &SMALL).await?;
    let agencies = installation.open_sessions().await?;
    readings.extend(of_size(&installation, &agencies, "17,600 of 100,000", None).await?);
    let installation = Installation::make_or_find(binary, cluster, &LARGE).await?;
    let agencies = installation.open_sessions().await?;
    let usual = agencies.get(2..).unwrap_or_default();
    let usual = usual.get(..ASKED).unwrap_or(usual);
    let smaller = Some("17,600 of 100,000");
    readings.extend(of_size(&installation, usual, "17,600 of 10 million", smaller).await?);
    for (place, size) in [(1, "200,000 of 10 million"), (0, "1 million of 10 million")] {
        let one = agencies.get(place..=place).ok_or("an agency is missing")?;
        readings.extend(of_size(&installation, one, size, None).await?);
    }
    Ok(readings)
}

/// Asks everything of agencies of one size. Where the same was asked in a smaller table, the answer may not take
/// much longer here.
async fn of_size(
    installation: &Installation,
    agencies: &[Agency],
    size: &str,
    smaller: Option<&str>,
) -> Result<Vec<Reading>> {
    let server = installation.serve()?;
    let mut places = Vec::new();
    for agency in agencies {
        places.push(place(installation, &server, agency).await?);
    }
    let figure = |name: String, value, against| Reading {
        group: "log",
        name,
        value,
        unit: "ms",
        against,
    };
    let mut readings = Vec::new();
    for kind in KINDS {
        let name = format!("{size}: {}", kind.name());
        let bare_name = format!("{name}: bare SQL");
        let mut against = vec![Against {
            baseline: Some(bare_name.clone()),
            target: "",
        }];
        if let Some(smaller) = smaller {
            against.push(Against {
                baseline: Some(format!("{smaller}: {}", kind.name())),
                target: "≥ 0.769×",
            });
        }
        match kind {
            Kind::Deep => against.push(Against {
                baseline: Some(format!("{size}: {}", Kind::First.name())),
                target: "≥ 0.833×",
            }),
            Kind::Text(..) => against.push(Against {
                baseline: None,
                target: "≤ 15 ms",
            }),
            _ => {}
        }
        let asked = through_http(&server, kind, &places).await?;
        readings.push(figure(name, asked, against));
        readings.push(figure(
            bare_name,
            bare(installation, kind, &places).await?,
            Vec::new(),
        ));
    }
    Ok(readings)
}

/// Walks down to the deep page.
async fn place<'a>(installation: &Installation, server: &Running, agency: &'a Agency) -> Result<Place<'a>> {
    let month = "SELECT (now() - interval '400 days')::date::text, (now() - interval '370 days')::date::text";
    let month = installation.client().await?.query_one(month, &[]).await?;
    let mut place = Place {
        agency,
        cursor: String::new(),
        last_at: String::new(),
        last_id: String::new(),
        from: month.try_get(0)?,
        until: month.try_get(1)?,
    };
    let mut connection = Connection::open(server.port).await?;
    for _ in 0..PAGES_ABOVE {
        let after = if place.cursor.is_empty() {
            String::new()
        } else {
            format!("&cursor={}", place.cursor)
        };
        let path = format!("/v1/certificates?limit=200{after}");
        let request = server.head("GET", &path, agency) + "\r\n";
        let answer = connection.ask(request.as_bytes()).await?;
        answer.must_be(200)?;
        let page: Value = serde_json::from_slice(answer.body)?;
        let text = |pointer: &str| {
            let found = page.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            found.ok_or_else(|| format!("a page of 200 rows without {pointer}"))
        };
        place.cursor = text("/page/next_cursor")?;
        place.last_at = text("/data/199/issued_at")?;
        place.last_id = text("/data/199/id")?;
    }
    Ok(place)
}

/// The median of what each turn took, after one turn that is not counted.
struct Watch {
    begun: Instant,
    taken: Vec<f64>,
}

impl Watch {
    fn new() -> Self {
        Self {
            begun: Instant::now(),
            taken: Vec::new(),
        }
    }

    fn goes_on(&self) -> bool {
        let turns = self.taken.len();
        turns < AT_LEAST || (turns < AT_MOST && self.begun.elapsed() < TIME)
    }

    fn took(&mut self, since: Instant) {
        self.taken.push(since.elapsed().as_secs_f64() * 1000.0);
    }

    fn median(mut self) -> f64 {
        self.taken.sort_by(f64::total_cmp);
        self.taken.get(self.taken.len() / 2).copied().unwrap_or_default()
    }
}

async fn through_http(server: &Running, kind: Kind, places: &[Place<'_>]) -> Result<f64> {
    let mut connection = Connection::open(server.port).await?;
    let requests: Vec<String> = places
        .iter()
        .map(|place| server.head("GET", &kind.path(place), place.agency) + "\r\n")
        .collect();
    for request in &requests {
        connection.ask(request.as_bytes()).await?.must_be(200)?;
    }
    let mut watch = Watch::new();
    for request in requests.iter().cycle() {
        if !watch.goes_on() {
            break;
        }
        let asked = Instant::now();
        connection.ask(request.as_bytes()).await?.must_be(200)?;
        watch.took(asked);
    }
    Ok(watch.median())
}

/// The same by one statement that joins the holders, prepared once.
async fn bare(installation: &Installation, kind: Kind, places: &[Place<'_>]) -> Result<f64> {
    let client = installation.client().await?;
    let condition = places.first().map_or("", |place| kind.condition(place).0);
    let statement = client
        .prepare(&format!(
            "SELECT c.id, c.number, c.revision, c.insured_id, c.insured_name, c.master_id, c.master_name, c.holder_id, \
                    h.name, c.description, c.issued_on, c.issued_at, c.source, c.issued_by_name, c.state \
             FROM certificates c JOIN holders h ON h.agency_id = c.agency_id AND h.id = c.holder_id \
             WHERE c.agency_id = $1::text::uuid {condition} ORDER BY c.issued_at DESC, c.id DESC LIMIT {}",
            LIMIT + 1
        ))
        .await?;
    let cases: Vec<Vec<String>> = places
        .iter()
        .map(|place| {
            let mut texts = vec![place.agency.id.clone()];
            texts.extend(kind.condition(place).1);
            texts
        })
        .collect();
    let mut watch = Watch::new();
    for texts in cases.iter().cycle() {
        if !watch.goes_on() {
            break;
        }
        let texts: Vec<&(dyn ToSql + Sync)> = texts.iter().map(|text| text as &(dyn ToSql + Sync)).collect();
        let asked = Instant::now();
        client.query(&statement, &texts).await?;
        watch.took(asked);
    }
    Ok(watch.median())
}
