//! HTTP/1.1 on one connection that stays open: no more than a load needs, so that the load leaves the processors
//! to what is measured.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Result;

/// A connection to a server on this machine.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// An answer, still in the buffer of its connection.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// Refuses every answer but the one that is measured.
    pub(crate) fn must_be(&self, status: u16) -> Result<()> {
        if self.status == status {
            return Ok(());
        }
        let body = String::from_utf8_lossy(self.body);
        Err(format!("answered {}, not {status}: {body}", self.status).into())
    }
}

impl Connection {
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(64 * 1024),
        })
    }

    /// Sends a whole request and reads the whole answer, which must tell its length.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.received.clear();
        self.stream.write_all(request).await?;
        let (status, start, end) = loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if let Some(head) = Head::read(&self.received)? {
                break (head.status, head.length, head.length + head.content_length);
            }
        };
        while self.received.len() < end {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err("the server closed the connection".into());
            }
        }
        let body = self.received.get(start..end).unwrap_or_default();
        Ok(Answer { status, body })
    }
}

struct Head {
    status: u16,
    length: usize,
    content_length: usize,
}

impl Head {
    /// The head of an answer, once all of it is there.
    fn read(received: &[u8]) -> Result<Option<Self>> {
        let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = std::str::from_utf8(received.get(..end).unwrap_or_default())?;
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let content_length = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then_some(value)
        });
        let (Some(status), Some(content_length)) = (status, content_length) else {
            return Err(format!("an answer without status or length: {head}").into());
        };
        Ok(Some(Self {
            status: status.parse()?,
            length: end + 4,
            content_length: content_length.trim().parse()?,
        }))
    }
}
