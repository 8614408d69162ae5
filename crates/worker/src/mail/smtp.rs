//! Mail over SMTP, on a few connections that are kept open.
//!
//! Invariants: the sockets have no delay, because the final dot travels apart from the body and would
//! otherwise wait for the relay's delayed acknowledgement; a message is handed over to all its recipients or
//! to none; whether the relay may have taken a message without our reading its answer is always told.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use countersign_domain::vocabulary;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::response::Response;
use secrecy::SecretString;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::dial::{Dialer, DialerError};
use super::encode::{Encoded, encode};
use super::{Accepted, MailError, Mailer, Message};

vocabulary! {
    /// How the connection to the relay is protected.
    pub enum Tls {
        /// Not at all: for a relay on the same host or network.
        None = "none",
        /// Begins in clear and must be upgraded before anything else is said (port 587).
        StartTls = "starttls",
        /// TLS from the first byte (port 465).
        Implicit = "implicit",
    }
}

/// Where the relay is and how to speak to it.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub tls: Tls,
    /// Sign-in at the relay.
    pub credentials: Option<(String, SecretString)>,
    /// Certificates in PEM to trust besides the public ones, for a relay with a certificate of one's own.
    pub trusted: Option<Vec<u8>>,
    /// At most this many connections.
    pub connections: usize,
}

/// A connection is closed when it was idle for longer: relays hang up after some minutes.
const IDLE: Duration = Duration::from_secs(60);
/// A connection is closed after this many messages, so that load spreads over a relay's hosts.
const MESSAGES: u32 = 200;
/// One message must be through within this time.
const HAND_OVER: Duration = Duration::from_secs(30);
/// For so long nobody knocks after the relay could not be reached.
const REST: Duration = Duration::from_secs(5);

/// A connection at rest.
struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
    messages: u32,
}

/// Mails over SMTP.
pub struct SmtpMailer {
    dialer: Dialer,
    places: Semaphore,
    idle: Mutex<Vec<Idle>>,
    /// Until when the relay is left alone, and why.
    resting: Mutex<Option<(Instant, String)>>,
}

impl std::fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpMailer")
            .field("dialer", &self.dialer)
            .finish_non_exhaustive()
    }
}

/// How handing over ended, when it did not end well.
struct Stop {
    /// For the sender of the message.
    error: MailError,
    /// The connection can be used for the next message after a reset.
    usable: bool,
    /// The connection was dead before the message was begun.
    stale: bool,
}

impl SmtpMailer {
    /// A mailer; connects on first use.
    ///
    /// # Errors
    /// [`DialerError`] when the settings cannot work.
    pub fn new(settings: SmtpSettings) -> Result<Self, DialerError> {
        let places = Semaphore::new(settings.connections.max(1));
        let dialer = Dialer::new(settings)?;
        Ok(Self {
            dialer,
            places,
            idle: Mutex::default(),
            resting: Mutex::default(),
        })
    }

    async fn hand_over(&self, message: &Message) -> Result<Accepted, MailError> {
        // A message that cannot be written is refused before the relay is bothered.
        let encoded = encode(message).map_err(|error| MailError::Permanent {
            reason: error.to_string(),
        })?;
        let _place = self.places.acquire().await.map_err(|_| MailError::Unavailable {
            reason: "the mailer was closed".to_owned(),
        })?;
        if let Some(idle) = self.rested() {
            match self.on(idle.connection, idle.messages, &encoded).await {
                Err(stop) if stop.stale => {}
                ended => return ended.map_err(|stop| stop.error),
            }
        }
        let connection = self.dial().await?;
        self.on(connection, 0, &encoded).await.map_err(|stop| stop.error)
    }

    /// Takes a connection that is still fresh.
    fn rested(&self) -> Option<Idle> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|one| one.since.elapsed() < IDLE);
        idle.pop()
    }

    /// Makes a connection, unless the last attempt to make one has just failed.
    async fn dial(&self) -> Result<AsyncSmtpConnection, MailError> {
        let resting = || self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((until, reason)) = resting().as_ref()
            && Instant::now() < *until
        {
            return Err(MailError::Unavailable {
                reason: reason.clone(),
            });
        }
        match self.dialer.dial().await {
            Ok(connection) => {
                *resting() = None;
                Ok(connection)
            }
            Err(reason) => {
                *resting() = Some((Instant::now() + REST, reason.clone()));
                Err(MailError::Unavailable { reason })
            }
        }
    }

    /// Hands the message over on one connection, and keeps the connection if it is still good.
    async fn on(
        &self,
        mut connection: AsyncSmtpConnection,
        messages: u32,
        encoded: &Encoded,
    ) -> Result<Accepted, Stop> {
        let mut body_begun = false;
        let ended = timeout(HAND_OVER, transfer(&mut connection, encoded, &mut body_begun)).await;
        let ended = ended.unwrap_or_else(|_| {
            let reason = "the relay took too long to answer".to_owned();
            let error = MailError::Temporary {
                reason,
                unanswered: body_begun,
            };
            Err(Stop {
                error,
                usable: false,
                stale: false,
            })
        });
        let usable = match &ended {
            Ok(_) => true,
            Err(stop) if stop.usable => {
                matches!(timeout(HAND_OVER, connection.command(Rset)).await, Ok(Ok(_)))
            }
            Err(_) => false,
        };
        if usable && messages + 1 < MESSAGES {
            let kept = Idle {
                connection,
                since: Instant::now(),
                messages: messages + 1,
            };
            self.idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(kept);
        } else if usable {
            // The message is accepted; how the relay takes the good-bye changes nothing.
            let _farewell = timeout(Duration::from_secs(2), connection.quit()).await;
        }
        ended
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<Accepted, MailError>> {
        self.hand_over(message).boxed()
    }
}

/// Speaks one message. `body_begun` is set before the first byte of the body leaves.
async fn transfer(
    connection: &mut AsyncSmtpConnection,
    encoded: &Encoded,
    body_begun: &mut bool,
) -> Result<Accepted, Stop> {
    let from = Mail::new(encoded.envelope.from().cloned(), Vec::new());
    connection.command(from).await.map_err(|error| {
        // Silence, or a farewell, as the first answer: the relay closed the connection while it was idle.
        let stale = error.status().is_none() || code(&error) == Some(421);
        let stop = Stop {
            stale,
            ..refusal(&error, "the sender's address", false)
        };
        match stop.error {
            // Every mail bears the one address that was configured: the operator has to mend that, or the
            // relay, and until then no message is worse than another.
            MailError::Permanent { reason } => {
                tracing::error!(
                    reason,
                    "the relay takes no mail from our address; mail waits until COUNTERSIGN_MAIL_FROM or the relay is mended"
                );
                Stop {
                    error: MailError::Unavailable { reason },
                    ..stop
                }
            }
            error => Stop { error, ..stop },
        }
    })?;
    for recipient in encoded.envelope.to() {
        connection
            .command(Rcpt::new(recipient.clone(), Vec::new()))
            .await
            .map_err(|error| refusal(&error, recipient.as_ref(), false))?;
    }
    connection
        .command(Data)
        .await
        .map_err(|error| refusal(&error, "the message", false))?;
    *body_begun = true;
    let response = connection
        .message(&encoded.bytes)
        .await
        .map_err(|error| refusal(&error, "the message", true))?;
    Ok(Accepted {
        reply: reply(&response),
    })
}

fn code(error: &SmtpError) -> Option<u16> {
    error.status().and_then(|code| code.to_string().parse().ok())
}

fn refusal(error: &SmtpError, what: &str, body_begun: bool) -> Stop {
    let reason = bounded(&format!("{what}: {error}"));
    match code(error) {
        // Our sign-in is missing or wrong: that is for the operator to mend, not for the sender.
        Some(530 | 534 | 535 | 538) => Stop {
            error: MailError::Unavailable { reason },
            usable: false,
            stale: false,
        },
        Some(500..=599) => Stop {
            error: MailError::Permanent { reason },
            usable: true,
            stale: false,
        },
        Some(answered) => Stop {
            error: MailError::Temporary {
                reason,
                unanswered: false,
            },
            usable: answered != 421,
            stale: false,
        },
        None => Stop {
            error: MailError::Temporary {
                reason,
                unanswered: body_begun,
            },
            usable: false,
            stale: false,
        },
    }
}

fn reply(response: &Response) -> String {
    let lines: Vec<_> = response.message().collect();
    bounded(&format!("{} {}", response.code(), lines.join(" ")))
}

/// What a relay said, as one line of a length that fits a row.
fn bounded(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(500)
        .collect();
    line.trim().to_owned()
}
