//! A browser: keeps the session's cookie, sends what the apps send, and holds every answer of the suite to
//! what every answer must be.
//!
//! Invariant: no answer passes through here that is not as the contract says, that fails other than with a
//! problem of a known type, or that lacks the headers every answer has.

use std::fmt::Display;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use countersign_api::ProblemType;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use serde::Serialize;
use serde_json::Value;

use super::contract;

static KEYS: AtomicU64 = AtomicU64::new(1);

/// One connection pool per test would outlive its runtime, so every browser has its own.
fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("an HTTP client")
}

/// A person's browser.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    http: reqwest::Client,
    port: u16,
    app: &'static str,
    /// As the apps ask: with the custom header on every request.
    custom_header: bool,
    jar: Arc<Mutex<Jar>>,
}

/// The cookies that we set, each as `name=value`.
#[derive(Debug, Default)]
struct Jar {
    session: Option<String>,
    device: Option<String>,
}

impl Browser {
    /// A browser at one of the apps, or at the API's own address.
    pub(crate) fn new(port: u16, app: &'static str) -> Self {
        Self {
            http: http(),
            port,
            app,
            custom_header: true,
            jar: Arc::default(),
        }
    }

    /// The same browser, with the same cookie, at another server.
    pub(crate) fn at_port(&self, port: u16) -> Self {
        Self { port, ..self.clone() }
    }

    /// The same cookie at another app's address.
    pub(crate) fn at_app(&self, app: &'static str) -> Self {
        Self { app, ..self.clone() }
    }

    /// Puts a cookie there as if the server had set it.
    pub(crate) fn keep(&self, cookie: String) {
        self.jar().session = Some(cookie);
    }

    /// `name=value` of the session's cookie, if it has one.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.jar().session.clone()
    }

    /// Leaves without signing out, as when the browser is closed; the device stays known.
    pub(crate) fn leave(&self) {
        self.jar().session = None;
    }

    fn jar(&self) -> MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, path: impl Display) -> Ask {
        self.ask(Method::GET, path)
    }

    pub(crate) fn post(&self, path: impl Display, body: impl Serialize) -> Ask {
        self.ask(Method::POST, path).json(body)
    }

    pub(crate) fn put(&self, path: impl Display, body: impl Serialize) -> Ask {
        self.ask(Method::PUT, path).json(body)
    }

    pub(crate) fn delete(&self, path: impl Display) -> Ask {
        self.ask(Method::DELETE, path)
    }

    /// A request as the apps make it: with the custom header, and with a key of its own for every POST.
    pub(crate) fn ask(&self, method: Method, path: impl Display) -> Ask {
        let mut ask = Ask {
            browser: self.clone(),
            path: path.to_string(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            method,
        };
        if self.custom_header {
            ask = ask.header("x-countersign", "1");
        }
        if ask.method == Method::POST {
            let key = format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed));
            ask = ask.key(&key);
        }
        ask
    }
}

/// A request in the making; awaiting it sends it.
#[derive(Debug)]
pub(crate) struct Ask {
    browser: Browser,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Ask {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers
            .insert(name, HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// With this Idempotency-Key.
    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// From this version of the record.
    pub(crate) fn if_match(self, version: impl Display) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub(crate) fn json(self, body: impl Serialize) -> Self {
        let body = serde_json::to_vec(&body).expect("a body");
        if body == b"null" {
            return self;
        }
        self.bytes("application/json", body)
    }

    pub(crate) fn bytes(mut self, media_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", media_type)
    }

    async fn send(self) -> Answer {
        let Self {
            browser,
            method,
            path,
            mut headers,
            body,
        } = self;
        let asked = format!("{method} {path}");
        let host = format!("{}.localhost:{}", browser.app, browser.port);
        headers
            .entry(HOST)
            .or_insert(HeaderValue::from_str(&host).expect("a host"));
        let cookies: Vec<_> = {
            let jar = browser.jar();
            [&jar.session, &jar.device]
                .into_iter()
                .flatten()
                .cloned()
                .collect()
        };
        if !cookies.is_empty() {
            let cookies = cookies.join("; ");
            headers.insert(COOKIE, HeaderValue::from_str(&cookies).expect("cookies"));
        }
        let url = format!("http://127.0.0.1:{}{path}", browser.port);
        let reply = browser
            .http
            .request(method.clone(), url)
            .headers(headers)
            .body(body)
            .send()
            .await
            .unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let answer = Answer {
            status: reply.status().as_u16(),
            headers: reply.headers().clone(),
            bytes: reply.bytes().await.expect("the whole answer").to_vec(),
            asked,
        };
        answer.assert_sound(&method, &path);
        browser.keep_cookie(&answer);
        answer
    }
}

impl Browser {
    fn keep_cookie(&self, answer: &Answer) {
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let text = cookie.to_str().expect("a readable cookie");
            let pair = text.split(';').next().unwrap_or_default();
            let ended = text.contains("Max-Age=0");
            let mut jar = self.jar();
            let place = match pair.contains("_device_") {
                true => &mut jar.device,
                false => &mut jar.session,
            };
            *place = (!ended).then(|| pair.to_owned());
        }
    }
}

impl IntoFuture for Ask {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    asked: String,
}

static TYPES: LazyLock<Vec<(&str, u16, &str)>> = LazyLock::new(|| {
    let of = |kind: &ProblemType| (kind.slug(), kind.status().as_u16(), kind.title());
    ProblemType::ALL.iter().map(of).collect()
});

impl Answer {
    /// A header's text, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        if self.bytes.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.asked, self.text()))
    }

    /// The body, where this status is expected.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        if self.header("content-type").starts_with("application/json") {
            self.json()
        } else {
            Value::Null
        }
    }

    /// The problem, where this type is expected.
    #[track_caller]
    pub(crate) fn refused(&self, kind: ProblemType) -> Value {
        let wanted = (kind.status().as_u16(), kind.slug());
        let body = if self.status >= 400 {
            self.json()
        } else {
            Value::Null
        };
        let found = (self.status, body["type"].as_str().unwrap_or_default());
        assert_eq!(found, wanted, "{}: {}", self.asked, self.text());
        body
    }

    /// `401 session_required`, or the bare status of an answer that is no problem.
    pub(crate) fn verdict(&self) -> String {
        if self.status < 400 {
            return self.status.to_string();
        }
        format!(
            "{} {}",
            self.status,
            self.json()["type"].as_str().unwrap_or_default()
        )
    }

    fn assert_sound(&self, method: &Method, path: &str) {
        let Self { asked, status, .. } = self;
        for (name, wanted) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(self.header(name), wanted, "{asked} ({status}): {name}");
        }
        assert!(
            !self.header("content-security-policy").is_empty(),
            "{asked} ({status}): no policy"
        );
        let id = self.header("x-request-id");
        assert!(
            uuid::Uuid::parse_str(id).is_ok(),
            "{asked} ({status}): x-request-id is {id:?}"
        );
        // Readiness answers machines with its report, whatever it says.
        if *status >= 400 && !asked.contains("/readyz") {
            self.assert_problem(method, id);
        } else {
            contract::assert_kept(method, path, self);
        }
    }

    fn assert_problem(&self, method: &Method, id: &str) {
        let Self { asked, status, .. } = self;
        let media_type = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        assert_eq!(
            media_type,
            Some("application/problem+json"),
            "{asked} ({status}): {}",
            self.text()
        );
        if *method == Method::HEAD {
            return;
        }
        let body = self.json();
        let word = body["type"].as_str().unwrap_or_default();
        let known = TYPES.iter().find(|(slug, ..)| *slug == word);
        let Some((_, wanted, title)) = known else {
            panic!("{asked}: unknown problem {body}")
        };
        assert_eq!(wanted, status, "{asked}: {body}");
        assert_eq!(body["status"], *wanted, "{asked}: {body}");
        assert_eq!(body["title"], *title, "{asked}: {body}");
        assert_eq!(body["instance"], format!("urn:uuid:{id}"), "{asked}: {body}");
        contract::assert_problem(&body, asked);
    }
}
