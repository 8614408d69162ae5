//! Making a connection to the relay: TCP without delay, TLS, greeting, sign-in.
//!
//! Invariant: a password never travels in clear.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::smtp::{SmtpSettings, Tls};

const CONNECT: Duration = Duration::from_secs(2);
/// Until the relay is ready for a message. Some let a stranger wait before they greet.
const GREETING: Duration = Duration::from_secs(10);

/// Why the settings cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DialerError {
    /// Sign-in is asked for on a connection without TLS.
    #[error("SMTP sign-in needs TLS: set SMTP_TLS to starttls or implicit, or remove the sign-in")]
    PasswordInClear,
    /// The host's name cannot be checked against a certificate.
    #[error("\"{0}\" is not a host name")]
    Host(String),
    /// The additional certificates cannot be read, or TLS cannot be set up.
    #[error("the SMTP TLS settings cannot be used: {0}")]
    Tls(String),
}

enum Protection {
    None,
    StartTls(TlsParameters),
    Implicit(TlsConnector, ServerName<'static>),
}

/// Makes connections.
pub(super) struct Dialer {
    settings: SmtpSettings,
    protection: Protection,
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer")
            .field("host", &self.settings.host)
            .field("port", &self.settings.port)
            .finish()
    }
}

impl Dialer {
    pub(super) fn new(settings: SmtpSettings) -> Result<Self, DialerError> {
        let protection = match settings.tls {
            Tls::None if settings.credentials.is_some() => return Err(DialerError::PasswordInClear),
            Tls::None => Protection::None,
            Tls::StartTls => Protection::StartTls(upgrade(&settings)?),
            Tls::Implicit => {
                let name = ServerName::try_from(settings.host.clone())
                    .map_err(|_| DialerError::Host(settings.host.clone()))?;
                Protection::Implicit(connector(&settings)?, name)
            }
        };
        Ok(Self { settings, protection })
    }

    /// A connection that is ready for a message, or why there is none.
    pub(super) async fn dial(&self) -> Result<AsyncSmtpConnection, String> {
        let relay = format!("mail relay {}:{}", self.settings.host, self.settings.port);
        let address = (self.settings.host.as_str(), self.settings.port);
        let stream = match timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(format!("{relay} cannot be reached: {error}")),
            Err(_) => return Err(format!("{relay} cannot be reached within 2 seconds")),
        };
        match timeout(GREETING, self.prepare(stream)).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(reason)) => Err(format!("{relay} did not let us in: {reason}")),
            Err(_) => Err(format!("{relay} did not greet us within 10 seconds")),
        }
    }

    async fn prepare(&self, stream: TcpStream) -> Result<AsyncSmtpConnection, String> {
        let said = |error: lettre::transport::smtp::Error| error.to_string();
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let hello = hello(&stream);
        let mut connection = match &self.protection {
            Protection::None => AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello).await,
            Protection::StartTls(parameters) => {
                let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello)
                    .await
                    .map_err(said)?;
                connection
                    .starttls(parameters.clone(), &hello)
                    .await
                    .map_err(said)?;
                Ok(connection)
            }
            Protection::Implicit(connector, name) => {
                let stream = connector
                    .connect(name.clone(), stream)
                    .await
                    .map_err(|e| e.to_string())?;
                AsyncSmtpConnection::connect_with_transport(Box::new(Secured(stream)), &hello).await
            }
        }
        .map_err(said)?;
        if let Some((user, password)) = &self.settings.credentials {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection
                .auth(DEFAULT_MECHANISMS, &credentials)
                .await
                .map_err(said)?;
        }
        Ok(connection)
    }
}

/// The name we greet with. Relays doubt a bare word, so only a full name is used, and else the address.
fn hello(stream: &TcpStream) -> ClientId {
    if let ClientId::Domain(name) = ClientId::default()
        && name.contains('.')
    {
        return ClientId::Domain(name);
    }
    match stream.local_addr().map(|address| address.ip()) {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::default(),
    }
}

fn upgrade(settings: &SmtpSettings) -> Result<TlsParameters, DialerError> {
    let tls = |error: lettre::transport::smtp::Error| DialerError::Tls(error.to_string());
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.trusted {
        parameters = parameters.add_root_certificate(Certificate::from_pem(pem).map_err(tls)?);
    }
    parameters.build_rustls().map_err(tls)
}

fn connector(settings: &SmtpSettings) -> Result<TlsConnector, DialerError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    for certificate in CertificateDer::pem_slice_iter(settings.trusted.as_deref().unwrap_or_default()) {
        let certificate = certificate.map_err(|error| DialerError::Tls(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| DialerError::Tls(error.to_string()))?;
    }
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| DialerError::Tls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// A TLS stream in the shape that the SMTP client takes; its own way to TLS would open the socket itself,
/// with delay.
#[derive(Debug)]
struct Secured(TlsStream<TcpStream>);

impl AsyncTokioStream for Secured {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
