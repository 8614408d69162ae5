//! The demo's own secrets: made once from the system's random source, kept in its data folder.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::processes::write_private;

/// What one installation must keep to itself.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// Tells this installation's data from the data of an earlier checkout at the same place.
    pub(crate) installation: String,
    pub(crate) owner_password: String,
    pub(crate) server_password: String,
    /// Base64 of 32 bytes.
    pub(crate) secret_key: String,
    /// Base64 of 32 bytes.
    pub(crate) pepper: String,
    /// Base64 of 32 bytes.
    pub(crate) mail_events_secret: String,
}

impl Secrets {
    pub(crate) fn random() -> Result<Self> {
        Ok(Self {
            installation: hex(&random_bytes::<8>()?),
            owner_password: hex(&random_bytes::<16>()?),
            server_password: hex(&random_bytes::<16>()?),
            secret_key: STANDARD.encode(random_bytes::<32>()?),
            pepper: STANDARD.encode(random_bytes::<32>()?),
            mail_events_secret: STANDARD.encode(random_bytes::<32>()?),
        })
    }

    /// Those of the file, or new ones that are kept there.
    pub(crate) fn kept_in(file: &Path) -> Result<Self> {
        if let Some(kept) = fs::read_to_string(file).ok().and_then(|text| Self::parse(&text)) {
            return Ok(kept);
        }
        let made = Self::random()?;
        write_private(file, &made.print())?;
        Ok(made)
    }

    fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let word = |key: &str| value.get(key)?.as_str().map(str::to_owned);
        Some(Self {
            installation: word("installation")?,
            owner_password: word("owner_password")?,
            server_password: word("server_password")?,
            secret_key: word("secret_key")?,
            pepper: word("pepper")?,
            // The file of an older demo has none, and the rest of it must stay as it is.
            mail_events_secret: word("mail_events_secret").or_else(|| word("secret_key"))?,
        })
    }

    fn print(&self) -> String {
        let value = json!({
            "installation": self.installation,
            "owner_password": self.owner_password,
            "server_password": self.server_password,
            "secret_key": self.secret_key,
            "pepper": self.pepper,
            "mail_events_secret": self.mail_events_secret,
        });
        format!("{value:#}\n")
    }
}

fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("reading random bytes")?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn kept_secrets_are_the_same_next_time_and_readable_by_their_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = Scratch::new("secrets").unwrap();
        let file = scratch.path().join("secrets.json");
        let first = Secrets::kept_in(&file).unwrap();
        let second = Secrets::kept_in(&file).unwrap();
        assert_eq!(first.owner_password, second.owner_password);
        assert_eq!(first.secret_key.len(), 44);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_ne!(Secrets::random().unwrap().owner_password, first.owner_password);
    }
}
