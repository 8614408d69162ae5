//! Configuration: read once, every fault reported together, secrets in types that do not print.
//!
//! Each setting comes from `COUNTERSIGN_<NAME>`, for secrets also from the file named by
//! `COUNTERSIGN_<NAME>_FILE`, or from the TOML file named by `COUNTERSIGN_CONFIG` (same names in lower case).
//! The environment wins.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use countersign_domain::text::EmailAddress;
use countersign_worker::mail::smtp::Tls;
use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};
use tracing_subscriber::EnvFilter;
use url::Url;

/// Where a setting came from, for `config-check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Environment,
    SecretFile,
    ConfigFile,
    Default,
    Unset,
}

/// Every setting there is, so that a slip in the file's keys is told and not passed over.
const NAMES: &[&str] = &[
    "API_ORIGIN",
    "BIND",
    "DATABASE_CONNECTIONS",
    "DATABASE_URL",
    "DRAIN_SECONDS",
    "LOG",
    "LOG_FORMAT",
    "MAIL_EVENTS_SECRET",
    "MAIL_FROM",
    "METRICS_BIND",
    "OWNER_DATABASE_URL",
    "PASSWORD_PEPPERS",
    "PORTAL_DIR",
    "PORTAL_ORIGIN",
    "SECRET_KEY",
    "SMTP_HOST",
    "SMTP_PASSWORD",
    "SMTP_PORT",
    "SMTP_TLS",
    "SMTP_USERNAME",
    "STAFF_DIR",
    "STAFF_ORIGIN",
    "THREADS",
    "TRUSTED_PROXIES",
    "UNDO_SECONDS",
    "WORKER_CONCURRENCY",
];

/// A setting as it stands where it was found, before it is understood.
enum Raw {
    Text(String),
    Missing,
    /// It is there and cannot be had; the fault is told already.
    Unreadable,
}

/// The raw settings and what was wrong with them so far.
pub(crate) struct Reader {
    environment: BTreeMap<String, String>,
    file: toml::Table,
    faults: Vec<String>,
    sources: Vec<(String, Source)>,
}

impl Reader {
    /// Reads environment and file.
    pub(crate) fn new() -> Self {
        Self::from(
            std::env::vars()
                .filter(|(name, _)| name.starts_with("COUNTERSIGN_"))
                .collect(),
        )
    }

    fn from(environment: BTreeMap<String, String>) -> Self {
        let mut faults = Vec::new();
        let mut file = toml::Table::new();
        if let Some(path) = environment.get("COUNTERSIGN_CONFIG") {
            match std::fs::read_to_string(path).map_err(|error| error.to_string()) {
                Ok(text) => match text.parse() {
                    Ok(table) => file = table,
                    Err(error) => faults.push(format!("COUNTERSIGN_CONFIG: {path}: {error}")),
                },
                Err(error) => faults.push(format!("COUNTERSIGN_CONFIG: {path}: {error}")),
            }
        }
        for key in file.keys() {
            if !NAMES.contains(&key.to_uppercase().as_str()) {
                faults.push(format!("COUNTERSIGN_CONFIG: there is no setting named {key}"));
            }
        }
        Self {
            environment,
            file,
            faults,
            sources: Vec::new(),
        }
    }

    /// Tells a fault; the second time, as when server and worker read the same setting, it is known.
    fn fault(&mut self, fault: String) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn source(&mut self, variable: String, source: Source) {
        if !self.sources.iter().any(|(known, _)| *known == variable) {
            self.sources.push((variable, source));
        }
    }

    fn set_in_environment(&self, variable: &str) -> Option<&String> {
        self.environment.get(variable).filter(|value| !value.is_empty())
    }

    /// Whether a setting is said anywhere.
    pub(crate) fn says(&self, name: &str) -> bool {
        let variable = format!("COUNTERSIGN_{name}");
        self.set_in_environment(&variable).is_some()
            || self.set_in_environment(&format!("{variable}_FILE")).is_some()
            || self.file.contains_key(&name.to_lowercase())
    }

    fn raw(&mut self, name: &str) -> Raw {
        debug_assert!(NAMES.contains(&name), "{name} is not in the list of settings");
        let variable = format!("COUNTERSIGN_{name}");
        let value = self.set_in_environment(&variable).cloned();
        let path = self.set_in_environment(&format!("{variable}_FILE")).cloned();
        match (value, path) {
            (Some(_), Some(_)) => {
                self.fault(format!(
                    "{variable} and {variable}_FILE are both set; one of them has to go"
                ));
                Raw::Unreadable
            }
            (Some(value), None) => {
                self.source(variable, Source::Environment);
                Raw::Text(value)
            }
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => {
                    self.source(variable, Source::SecretFile);
                    Raw::Text(text.trim_end_matches(['\r', '\n']).to_owned())
                }
                Err(error) => {
                    self.fault(format!("{variable}_FILE: {path}: {error}"));
                    Raw::Unreadable
                }
            },
            (None, None) => match self.file.get(&name.to_lowercase()) {
                Some(value) => {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    self.source(variable, Source::ConfigFile);
                    Raw::Text(text)
                }
                None => Raw::Missing,
            },
        }
    }

    fn required<T, E: Display>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        match self.raw(name) {
            Raw::Text(text) => self.parsed(name, &text, parse),
            Raw::Missing => {
                self.fault(format!("COUNTERSIGN_{name} is missing"));
                None
            }
            Raw::Unreadable => None,
        }
    }

    fn or<T, E: Display>(
        &mut self,
        name: &str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match self.raw(name) {
            Raw::Text(text) => self.parsed(name, &text, parse),
            Raw::Missing => {
                self.source(format!("COUNTERSIGN_{name}"), Source::Default);
                self.parsed(name, default, parse)
            }
            Raw::Unreadable => None,
        }
    }

    fn optional<T, E: Display>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        match self.raw(name) {
            Raw::Text(text) => self.parsed(name, &text, parse),
            Raw::Missing => {
                self.source(format!("COUNTERSIGN_{name}"), Source::Unset);
                None
            }
            Raw::Unreadable => None,
        }
    }

    fn parsed<T, E: Display>(
        &mut self,
        name: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(text) {
            Ok(value) => Some(value),
            // The value is not repeated: it may be a secret.
            Err(error) => {
                self.fault(format!("COUNTERSIGN_{name}: {error}"));
                None
            }
        }
    }

    /// Ends the reading: the value, or every fault.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<(T, Vec<(String, Source)>), Faults> {
        match value {
            Some(value) if self.faults.is_empty() => Ok((value, self.sources)),
            _ => Err(Faults(self.faults)),
        }
    }
}

/// Everything that is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[error("the configuration is not usable:\n{}", .0.iter().map(|fault| format!("  - {fault}")).collect::<Vec<_>>().join("\n"))]
pub(crate) struct Faults(Vec<String>);

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Json,
    Text,
}

/// What every command needs.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) filter: String,
    pub(crate) format: LogFormat,
}

/// Reads how to log.
pub(crate) fn log(reader: &mut Reader) -> Option<Log> {
    let filter = reader.or("LOG", "info", |text| {
        EnvFilter::try_new(text).map(|_| text.to_owned())
    });
    let format = reader.or("LOG_FORMAT", "json", |text| match text {
        "json" => Ok(LogFormat::Json),
        "text" => Ok(LogFormat::Text),
        _ => Err("must be json or text"),
    });
    Some(Log {
        filter: filter?,
        format: format?,
    })
}

fn secret(text: &str) -> Result<SecretString, String> {
    Ok(SecretString::from(text))
}

/// An address of the database. What is wrong with it is not told: it holds a password.
fn database(text: &str) -> Result<SecretString, &'static str> {
    let address = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "postgres" | "postgresql"));
    match address {
        Some(url) if !url.username().is_empty() || url.query().is_some() => Ok(SecretString::from(text)),
        _ => Err("must be an address such as postgres://name:password@localhost:5432/countersign"),
    }
}

fn socket(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "must be an address and a port such as 127.0.0.1:8080")
}

/// The owner's and the server's addresses of the database.
#[derive(Clone, Debug)]
pub(crate) struct OwnerSettings {
    pub(crate) owner: SecretString,
    pub(crate) login: SecretString,
}

/// Reads what the owner's work needs.
pub(crate) fn owner(reader: &mut Reader) -> Option<OwnerSettings> {
    let owner = reader.required("OWNER_DATABASE_URL", database);
    let login = reader.required("DATABASE_URL", database);
    Some(OwnerSettings {
        owner: owner?,
        login: login?,
    })
}

/// Reads the address of the database in the server's login.
pub(crate) fn login(reader: &mut Reader) -> Option<SecretString> {
    reader.required("DATABASE_URL", database)
}

/// The server's settings.
#[derive(Clone, Debug)]
pub(crate) struct ServerSettings {
    pub(crate) bind: SocketAddr,
    pub(crate) key: [u8; 32],
    pub(crate) peppers: countersign_api::Peppers,
    pub(crate) origins: countersign_api::Origins,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) threads: usize,
    pub(crate) connections: usize,
    pub(crate) drain: Duration,
    pub(crate) undo: Duration,
    pub(crate) mail_events_key: Option<Vec<u8>>,
}

/// The three origins.
fn origins(reader: &mut Reader) -> Option<countersign_api::Origins> {
    let staff = reader.required("STAFF_ORIGIN", origin);
    let portal = reader.required("PORTAL_ORIGIN", origin);
    let api = reader.required("API_ORIGIN", origin);
    let folder = |text: &str| {
        let path = PathBuf::from(text);
        if path.join("index.html").is_file() {
            Ok(path)
        } else {
            Err("has no index.html")
        }
    };
    let staff_dir = reader.optional("STAFF_DIR", folder);
    let portal_dir = reader.optional("PORTAL_DIR", folder);
    // Who asks is told by the host alone, and cookies know no port.
    let hosts: Vec<_> = [&staff, &portal, &api]
        .into_iter()
        .flatten()
        .filter_map(Url::host_str)
        .collect();
    if hosts.iter().collect::<BTreeSet<_>>().len() < hosts.len() {
        reader.fault(
            "COUNTERSIGN_STAFF_ORIGIN, COUNTERSIGN_PORTAL_ORIGIN and COUNTERSIGN_API_ORIGIN must have hosts of \
             their own"
                .to_owned(),
        );
    }
    Some(countersign_api::Origins {
        staff: staff?,
        portal: portal?,
        api: api?,
        staff_dir,
        portal_dir,
    })
}

fn origin(text: &str) -> Result<Url, String> {
    let url =
        Url::parse(text).map_err(|_| "must be an origin such as https://staff.example.com".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("must be an origin such as https://staff.example.com".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("must be an origin only, without a path".to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    if url.scheme() == "http" && host != "localhost" && !host.ends_with(".localhost") {
        return Err("must be https: cookies are not sent over http except on localhost".to_owned());
    }
    Ok(url)
}

fn key(text: &str) -> Result<[u8; 32], &'static str> {
    let bytes = BASE64_STANDARD
        .decode(text.trim())
        .map_err(|_| "must be base64")?;
    bytes
        .try_into()
        .map_err(|_| "must be 32 bytes in base64, e.g. from `openssl rand -base64 32`")
}

/// As Standard Webhooks writes a key: base64 of 24 to 64 bytes, with its prefix or without.
fn webhook_key(text: &str) -> Result<Vec<u8>, &'static str> {
    let text = text.trim();
    let bytes = BASE64_STANDARD
        .decode(text.strip_prefix("whsec_").unwrap_or(text))
        .map_err(|_| "must be base64, with whsec_ before it or without")?;
    if (24..=64).contains(&bytes.len()) {
        Ok(bytes)
    } else {
        Err("must be 24 to 64 bytes in base64, e.g. from `openssl rand -base64 32`")
    }
}

fn number(text: &str) -> Result<usize, &'static str> {
    text.parse()
        .ok()
        .filter(|n| (1..=1024).contains(n))
        .ok_or("must be a number from 1 to 1024")
}

/// Networks, with commas between them; a bare address is a network of one.
fn networks(text: &str) -> Result<Vec<IpNet>, &'static str> {
    text.split(',')
        .map(str::trim)
        .filter(|network| !network.is_empty())
        .map(|network| {
            network
                .parse()
                .or_else(|_| network.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| "must be networks such as 10.0.0.0/8, with commas between them")
        })
        .collect()
}

/// Reads the server's settings.
pub(crate) fn server(reader: &mut Reader) -> Option<ServerSettings> {
    let bind = reader.or("BIND", "127.0.0.1:8080", socket);
    let key = reader.required("SECRET_KEY", key);
    let peppers = reader.or("PASSWORD_PEPPERS", "", countersign_api::Peppers::parse);
    let origins = origins(reader);
    let trusted_proxies = reader.or("TRUSTED_PROXIES", "", networks);
    let cores = std::thread::available_parallelism()
        .map_or(2, std::num::NonZero::get)
        .to_string();
    let threads = reader.or("THREADS", &cores, number);
    let connections = reader.or("DATABASE_CONNECTIONS", "16", number);
    let drain = reader.or("DRAIN_SECONDS", "5", |text| {
        text.parse::<u64>()
            .ok()
            .filter(|seconds| *seconds <= 300)
            .map(Duration::from_secs)
            .ok_or("must be a number of seconds from 0 to 300")
    });
    let undo = reader.or("UNDO_SECONDS", "10", |text| {
        text.parse::<u64>()
            .ok()
            .filter(|seconds| *seconds <= 60)
            .map(Duration::from_secs)
            .ok_or("must be a number of seconds from 0 to 60")
    });
    let mail_events_key = reader.optional("MAIL_EVENTS_SECRET", webhook_key);
    Some(ServerSettings {
        bind: bind?,
        key: key?,
        peppers: peppers?,
        origins: origins?,
        trusted_proxies: trusted_proxies?,
        threads: threads?,
        connections: connections?,
        drain: drain?,
        undo: undo?,
        mail_events_key,
    })
}

/// Reads where the metrics are offered.
pub(crate) fn metrics(reader: &mut Reader) -> Option<SocketAddr> {
    reader.or("METRICS_BIND", "127.0.0.1:9464", socket)
}

/// The worker's settings.
#[derive(Clone, Debug)]
pub(crate) struct WorkerSettings {
    pub(crate) smtp_host: String,
    pub(crate) smtp_port: u16,
    pub(crate) smtp_tls: Tls,
    pub(crate) credentials: Option<(String, SecretString)>,
    pub(crate) mail_from: EmailAddress,
    pub(crate) staff_origin: Url,
    pub(crate) portal_origin: Url,
    pub(crate) concurrency: u16,
}

/// Reads the worker's settings.
pub(crate) fn worker(reader: &mut Reader) -> Option<WorkerSettings> {
    let host = reader.required("SMTP_HOST", |text| match url::Host::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be the name or the IPv4 address of a host"),
    });
    let port = reader.or("SMTP_PORT", "587", |text| {
        text.parse::<u16>()
            .ok()
            .filter(|port| *port > 0)
            .ok_or("must be a port from 1 to 65535")
    });
    let tls = reader.or("SMTP_TLS", "starttls", |text| {
        text.parse::<Tls>()
            .map_err(|_| "must be none, starttls or implicit")
    });
    let username = reader.optional("SMTP_USERNAME", |text| Ok::<_, String>(text.to_owned()));
    let password = reader.optional("SMTP_PASSWORD", secret);
    let from = reader.required("MAIL_FROM", |text| {
        // `Countersign <mail@example.com>` is taken for its address: the name in front is each agency's own.
        let address = text
            .rsplit_once('<')
            .map_or(text, |(_, rest)| rest.trim_end().trim_end_matches('>'));
        EmailAddress::parse(address)
    });
    let staff = reader.required("STAFF_ORIGIN", origin);
    let portal = reader.required("PORTAL_ORIGIN", origin);
    let concurrency = reader.or("WORKER_CONCURRENCY", "8", |text| {
        text.parse()
            .ok()
            .filter(|n| (1..=256_u16).contains(n))
            .ok_or("must be a number from 1 to 256")
    });
    if username.is_some() != password.is_some() {
        reader.fault("COUNTERSIGN_SMTP_USERNAME and COUNTERSIGN_SMTP_PASSWORD go together".to_owned());
    } else if username.is_some() && tls == Some(Tls::None) {
        reader.fault(
            "COUNTERSIGN_SMTP_USERNAME needs TLS: set COUNTERSIGN_SMTP_TLS to starttls or implicit, or remove the sign-in"
                .to_owned(),
        );
    }
    Some(WorkerSettings {
        smtp_host: host?,
        smtp_port: port?,
        smtp_tls: tls?,
        credentials: username.zip(password),
        mail_from: from?,
        staff_origin: staff?,
        portal_origin: portal?,
        concurrency: concurrency?,
    })
}

/// Reveals an address for the one call that needs it.
pub(crate) fn reveal(secret: &SecretString) -> &str {
    secret.expose_secret()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(pairs: &[(&str, &str)]) -> Reader {
        Reader::from(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let mut reader = reader(&[
            ("COUNTERSIGN_BIND", "nowhere"),
            ("COUNTERSIGN_SECRET_KEY", "c2hvcnQ="),
            ("COUNTERSIGN_PASSWORD_PEPPERS", "2026a:c2hvcnQ="),
            ("COUNTERSIGN_STAFF_ORIGIN", "http://staff.example.com"),
            ("COUNTERSIGN_API_ORIGIN", "https://api.example.com/path"),
        ]);
        let settings = server(&mut reader);
        let text = reader.finish(settings).map(|_| ()).unwrap_err().to_string();
        for name in [
            "BIND",
            "SECRET_KEY",
            "STAFF_ORIGIN",
            "PORTAL_ORIGIN is missing",
            "API_ORIGIN",
        ] {
            assert!(
                text.contains(&format!("COUNTERSIGN_{name}")),
                "{name} is not in:\n{text}"
            );
        }
        assert!(!text.contains("c2hvcnQ="), "a secret was printed");
    }

    /// Server and worker read some settings both; each fault is told once, and none is made of another.
    #[test]
    fn each_fault_is_told_once_and_slips_are_faults() {
        let folder = tempfile::tempdir().unwrap();
        let toml = folder.path().join("countersign.toml");
        std::fs::write(&toml, "treads = 4\n").unwrap();
        let mut reader = reader(&[
            ("COUNTERSIGN_CONFIG", toml.to_str().unwrap()),
            ("COUNTERSIGN_DATABASE_URL", "nonsense"),
            ("COUNTERSIGN_SECRET_KEY", "x"),
            ("COUNTERSIGN_SECRET_KEY_FILE", "/nowhere"),
            ("COUNTERSIGN_SMTP_PASSWORD_FILE", "/nowhere/at/all"),
            ("COUNTERSIGN_STAFF_ORIGIN", "https://agency.example.com"),
            ("COUNTERSIGN_API_ORIGIN", "https://agency.example.com:8443"),
            ("COUNTERSIGN_SMTP_PORT", "99999"),
            ("COUNTERSIGN_SMTP_HOST", "http://relay.example.com/"),
        ]);
        let settings = login(&mut reader)
            .zip(server(&mut reader))
            .zip(worker(&mut reader));
        let text = reader.finish(settings).map(|_| ()).unwrap_err().to_string();
        for fault in [
            "no setting named treads",
            "DATABASE_URL: must be an address such as postgres://",
            "SECRET_KEY and COUNTERSIGN_SECRET_KEY_FILE are both set",
            "SMTP_PASSWORD_FILE: /nowhere/at/all",
            "PORTAL_ORIGIN is missing",
            "must have hosts of their own",
            "SMTP_PORT: must be a port from 1 to 65535",
            "SMTP_HOST: must be the name",
        ] {
            assert_eq!(text.matches(fault).count(), 1, "{fault} in:\n{text}");
        }
        assert!(!text.contains("SECRET_KEY is missing"), "{text}");
    }

    #[test]
    fn proxies_are_networks_and_none_unless_said() {
        assert_eq!(networks(""), Ok(Vec::new()));
        let read: Vec<_> = networks("10.0.0.0/8, 192.0.2.7,fd00::/8")
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(read, ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"]);
        for wrong in ["proxy", "10.0.0.0/40", "10.0.0.0/8 fd00::/8", "*"] {
            assert!(networks(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_a_fault() {
        let mut broken = reader(&[("COUNTERSIGN_LOG", "countersign=loud")]);
        let settings = log(&mut broken);
        let text = broken.finish(settings).map(|_| ()).unwrap_err().to_string();
        assert!(text.contains("COUNTERSIGN_LOG: "), "{text}");
    }

    #[test]
    fn a_secret_comes_from_its_file_and_everything_from_toml() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("url");
        std::fs::write(&secret, "postgres://a:b@localhost/c\n").unwrap();
        let toml = folder.path().join("countersign.toml");
        std::fs::write(&toml, "bind = \"127.0.0.1:9000\"\nlog_format = \"text\"\n").unwrap();
        let mut reader = reader(&[
            ("COUNTERSIGN_CONFIG", toml.to_str().unwrap()),
            ("COUNTERSIGN_DATABASE_URL_FILE", secret.to_str().unwrap()),
        ]);
        assert_eq!(reveal(&login(&mut reader).unwrap()), "postgres://a:b@localhost/c");
        assert_eq!(log(&mut reader).unwrap().format, LogFormat::Text);
        assert_eq!(
            reader.or("BIND", "x", str::parse::<SocketAddr>).unwrap().port(),
            9000
        );
    }
}
