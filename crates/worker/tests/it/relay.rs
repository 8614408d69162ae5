//! A mail relay on a real socket that follows a script: enough of SMTP to fail in every interesting place.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// How the relay answers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    /// Its answer to MAIL FROM.
    pub(crate) mail: Option<&'static str>,
    /// Its answer to RCPT TO of addresses that begin with "bad".
    pub(crate) bad_recipient: Option<&'static str>,
    /// Its answer to the message.
    pub(crate) message: Option<&'static str>,
    /// Hangs up instead of answering the message.
    pub(crate) hangs_up: bool,
    /// Hangs up after so many messages on one connection.
    pub(crate) tires_after: Option<usize>,
    /// Its answer to a sign-in.
    pub(crate) auth: Option<&'static str>,
}

/// What the relay saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    pub(crate) commands: Vec<String>,
    pub(crate) messages: Vec<Vec<u8>>,
}

pub(crate) struct Relay {
    pub(crate) port: u16,
    pub(crate) script: Arc<Mutex<Script>>,
    pub(crate) seen: Arc<Mutex<Seen>>,
    /// The certificate to trust, in PEM.
    pub(crate) certificate: Vec<u8>,
}

/// When the relay protects the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Clear,
    Upgrade,
    Secure,
}

impl Relay {
    pub(crate) async fn open(line: Line, script: Script) -> Self {
        let rcgen::CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Self {
            port: listener.local_addr().unwrap().port(),
            script: Arc::new(Mutex::new(script)),
            seen: Arc::default(),
            certificate: cert.pem().into_bytes(),
        };
        let (script, seen) = (Arc::clone(&relay.script), Arc::clone(&relay.seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.lock().unwrap().connections += 1;
                let talk = Talk {
                    script: Arc::clone(&script),
                    seen: Arc::clone(&seen),
                    messages: 0,
                };
                tokio::spawn(talk.begin(stream, line, acceptor.clone()));
            }
        });
        relay
    }

    pub(crate) fn follow(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }

    pub(crate) fn messages(&self) -> Vec<Vec<u8>> {
        self.seen.lock().unwrap().messages.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }
}

struct Talk {
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Seen>>,
    messages: usize,
}

impl Talk {
    async fn begin(mut self, stream: TcpStream, line: Line, acceptor: TlsAcceptor) -> std::io::Result<()> {
        match line {
            Line::Secure => self
                .serve(&mut BufReader::new(acceptor.accept(stream).await?), true, line)
                .await
                .map(drop),
            Line::Clear | Line::Upgrade => {
                let mut clear = BufReader::new(stream);
                if self.serve(&mut clear, true, line).await? {
                    let stream = acceptor.accept(clear.into_inner()).await?;
                    self.serve(&mut BufReader::new(stream), false, Line::Secure)
                        .await?;
                }
                Ok(())
            }
        }
    }

    /// Speaks until the other side leaves; `true` when it asked for an upgrade.
    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut BufReader<S>,
        greet: bool,
        line: Line,
    ) -> std::io::Result<bool> {
        if greet {
            stream.write_all(b"220 relay.example ESMTP\r\n").await?;
        }
        loop {
            let mut command = String::new();
            if stream.read_line(&mut command).await? == 0 {
                return Ok(false);
            }
            let command = command.trim_end().to_owned();
            self.seen.lock().unwrap().commands.push(command.clone());
            let script = self.script.lock().unwrap().clone();
            let answer = match command.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => match line {
                    Line::Clear => "250-relay.example\r\n250 8BITMIME",
                    Line::Upgrade => "250-relay.example\r\n250 STARTTLS",
                    Line::Secure => "250-relay.example\r\n250 AUTH PLAIN LOGIN",
                },
                "STARTTLS" => {
                    stream.write_all(b"220 go ahead\r\n").await?;
                    return Ok(true);
                }
                "AUTH" => script.auth.unwrap_or("235 welcome"),
                "MAIL" if script.tires_after.is_some_and(|after| self.messages >= after) => {
                    stream.write_all(b"421 4.3.2 tired, good-bye\r\n").await?;
                    return Ok(false);
                }
                "MAIL" => script.mail.unwrap_or("250 2.1.0 sender ok"),
                "RCPT" if command.contains("<bad") => script.bad_recipient.unwrap_or("250 2.1.5 ok"),
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let message = body(stream).await?;
                    if script.hangs_up {
                        return Ok(false);
                    }
                    self.messages += 1;
                    if script.message.is_none_or(|answer| answer.starts_with('2')) {
                        self.seen.lock().unwrap().messages.push(message);
                    }
                    script.message.unwrap_or("250 2.0.0 Ok: queued as 4F00D")
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(false);
                }
                _ => "250 2.0.0 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
            stream.flush().await?;
        }
    }
}

/// Reads up to the lone dot and takes the transparency dots away.
async fn body<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 || line == b".\r\n" {
            return Ok(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
