//! Searching and paging the log as it grows: agencies of three sizes in a table of ten million certificates, and the
//! smallest size in a table of a hundred thousand. One request at a time, in milliseconds: what somebody waits for.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement};
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
const AT_MOST: usize = 1000;
/// So many times in a row, and for so long at most, before the next of those that are compared with it has its turn: a
/// machine that is shared changes its pace within seconds.
const TURN: usize = 10;
const LONGEST_TURN: Duration = Duration::from_millis(100);

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

/// What is asked, and beside what: pages at two depths are compared with each other.
const GROUPS: [&[Kind]; 11] = [
    &[Kind::First, Kind::Deep],
    &[Kind::Month],
    &[Kind::Sender],
    &[Kind::Source],
    &[Kind::State],
    &[Kind::Text("a rare word", "zephyr")],
    &[Kind::Text("two words", "harbor ridge")],
    &[Kind::Text("a common word", "builders")],
    &[Kind::Text("three letters", "wil")],
    &[Kind::Text("one letter", "w")],
    &[Kind::Text("no match", "qxqxqx")],
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

/// Agencies of one size in one of the tables.
struct Size<'a> {
    name: &'static str,
    installation: &'a Installation,
    server: &'a Running,
    places: Vec<Place<'a>>,
    /// The same size in a smaller table: the answer may not take much longer here.
    smaller: Option<&'static str>,
}

pub(crate) async fn measure(binary: &Path, cluster: &Url) -> Result<Vec<Reading>> {
    let small = Installation::make_or_find(binary, cluster, &SMALL).await?;
    let large = Installation::make_or_find(binary, cluster, &LARGE).await?;
    let (of_small, of_large) = (small.open_sessions().await?, large.open_sessions().await?);
    let (beside_small, beside_large) = (small.serve()?, large.serve()?);
    let usual = "17,600 of 100,000";
    let parts = [
        (&small, &beside_small, &of_small, 0..ASKED, usual, None),
        (
            &large,
            &beside_large,
            &of_large,
            2..2 + ASKED,
            "17,600 of 10 million",
            Some(usual),
        ),
        (
            &large,
            &beside_large,
            &of_large,
            1..2,
            "200,000 of 10 million",
            None,
        ),
        (
            &large,
            &beside_large,
            &of_large,
            0..1,
            "1 million of 10 million",
            None,
        ),
    ];
    let mut sizes = Vec::new();
    for (installation, server, agencies, which, name, smaller) in parts {
        let mut places = Vec::new();
        for agency in agencies.iter().skip(which.start).take(which.len()) {
            places.push(place(installation, server, agency).await?);
        }
        sizes.push(Size {
            name,
            installation,
            server,
            places,
            smaller,
        });
    }
    let mut readings = Vec::new();
    for kinds in GROUPS {
        readings.extend(compared(kinds, &sizes).await?);
    }
    // As they are read: size by size.
    readings.sort_by_key(|reading| sizes.iter().position(|size| reading.name.starts_with(size.name)));
    Ok(readings)
}

/// Asks these of agencies of all sizes, in turns. The bare statements have turns of their own: some of them read whole
/// logs, and would push out of the database's memory what the others have just read.
async fn compared(kinds: &[Kind], sizes: &[Size<'_>]) -> Result<Vec<Reading>> {
    let mut through_http = Vec::new();
    let mut bare = Vec::new();
    for size in sizes {
        for kind in kinds {
            through_http.push(Contender::new(
                size,
                *kind,
                Asker::through_http(size, *kind).await?,
            ));
            bare.push(Contender::new(size, *kind, Asker::bare(size, *kind).await?));
        }
    }
    for contenders in [&mut through_http, &mut bare] {
        while contenders.iter().any(|contender| contender.watch.goes_on()) {
            for contender in contenders.iter_mut() {
                contender.take_a_turn().await?;
            }
        }
    }
    let pairs = through_http.into_iter().zip(bare);
    Ok(pairs
        .flat_map(|(ours, bare)| [ours.reading(), bare.reading()])
        .collect())
}

fn named(size: &str, kind: Kind) -> String {
    format!("{size}: {}", kind.name())
}

/// One of those that are compared.
struct Contender<'a> {
    size: &'a Size<'a>,
    kind: Kind,
    asker: Asker,
    watch: Watch,
}

impl<'a> Contender<'a> {
    fn new(size: &'a Size<'a>, kind: Kind, asker: Asker) -> Self {
        Self {
            size,
            kind,
            asker,
            watch: Watch::default(),
        }
    }

    async fn take_a_turn(&mut self) -> Result<()> {
        self.asker.get_ready().await?;
        let begun = Instant::now();
        for _ in 0..TURN {
            if !self.watch.goes_on() || begun.elapsed() > LONGEST_TURN {
                break;
            }
            let asked = Instant::now();
            self.asker.ask(self.watch.taken.len()).await?;
            self.watch.took(asked.elapsed());
        }
        Ok(())
    }

    fn reading(self) -> Reading {
        let name = named(self.size.name, self.kind);
        let bare = format!("{name}: bare SQL");
        let figure = |name, against| Reading {
            group: "log",
            name,
            value: self.watch.median(),
            unit: "ms",
            against,
        };
        let baseline = |baseline, target| Against { baseline, target };
        if let Asker::Bare { .. } = self.asker {
            return figure(bare, Vec::new());
        }
        let mut against = vec![baseline(Some(bare), "")];
        if let Some(smaller) = self.size.smaller {
            against.push(baseline(Some(named(smaller, self.kind)), "≥ 0.769×"));
        }
        match self.kind {
            Kind::Deep => against.push(baseline(Some(named(self.size.name, Kind::First)), "≥ 0.833×")),
            Kind::Text(..) => against.push(baseline(None, "≤ 15 ms")),
            _ => {}
        }
        figure(name, against)
    }
}

/// Asks of one agency after the other.
enum Asker {
    Http {
        port: u16,
        connection: Connection,
        requests: Vec<String>,
    },
    /// By one statement that joins the holders, prepared once.
    Bare {
        client: Client,
        statement: Statement,
        cases: Vec<Vec<String>>,
    },
}

impl Asker {
    async fn through_http(size: &Size<'_>, kind: Kind) -> Result<Self> {
        let port = size.server.port;
        let mut connection = Connection::open(port).await?;
        let requests: Vec<String> = size
            .places
            .iter()
            .map(|place| size.server.head("GET", &kind.path(place), place.agency) + "\r\n")
            .collect();
        for request in &requests {
            connection.ask(request.as_bytes()).await?.must_be(200)?;
        }
        Ok(Self::Http {
            port,
            connection,
            requests,
        })
    }

    async fn bare(size: &Size<'_>, kind: Kind) -> Result<Self> {
        let client = size.installation.client().await?;
        let condition = size.places.first().map_or("", |place| kind.condition(place).0);
        let statement = client
            .prepare(&format!(
                "SELECT c.id, c.number, c.revision, c.insured_id, c.insured_name, c.master_id, c.master_name, \
                        c.holder_id, h.name, c.description, c.issued_on, c.issued_at, c.source, c.issued_by_name, c.state \
                 FROM certificates c JOIN holders h ON h.agency_id = c.agency_id AND h.id = c.holder_id \
                 WHERE c.agency_id = $1::text::uuid {condition} ORDER BY c.issued_at DESC, c.id DESC LIMIT {}",
                LIMIT + 1
            ))
            .await?;
        let cases = size
            .places
            .iter()
            .map(|place| {
                let mut texts = vec![place.agency.id.clone()];
                texts.extend(kind.condition(place).1);
                texts
            })
            .collect();
        Ok(Self::Bare {
            client,
            statement,
            cases,
        })
    }

    /// The server closes a connection that waits too long for its turn.
    async fn get_ready(&mut self) -> Result<()> {
        if let Self::Http { port, connection, .. } = self {
            *connection = Connection::open(*port).await?;
        }
        Ok(())
    }

    async fn ask(&mut self, turn: usize) -> Result<()> {
        match self {
            Self::Http {
                connection, requests, ..
            } => {
                let request = requests.get(turn % requests.len()).ok_or("nothing to ask")?;
                connection.ask(request.as_bytes()).await?.must_be(200)
            }
            Self::Bare {
                client,
                statement,
                cases,
            } => {
                let texts = cases.get(turn % cases.len()).ok_or("nothing to ask")?;
                let texts: Vec<&(dyn ToSql + Sync)> =
                    texts.iter().map(|text| text as &(dyn ToSql + Sync)).collect();
                client.query(&*statement, &texts).await?;
                Ok(())
            }
        }
    }
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

/// The median of what each request took.
#[derive(Default)]
struct Watch {
    spent: Duration,
    taken: Vec<Duration>,
}

impl Watch {
    fn goes_on(&self) -> bool {
        let times = self.taken.len();
        times < AT_LEAST || (times < AT_MOST && self.spent < TIME)
    }

    fn took(&mut self, time: Duration) {
        self.spent += time;
        self.taken.push(time);
    }

    fn median(&self) -> f64 {
        let mut sorted = self.taken.clone();
        sorted.sort_unstable();
        let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        middle.as_secs_f64() * 1000.0
    }
}
