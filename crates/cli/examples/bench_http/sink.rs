//! A mail relay that takes everything and keeps nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::Result;

pub(crate) struct Sink {
    pub(crate) port: u16,
    taken: Arc<AtomicUsize>,
}

impl Sink {
    pub(crate) async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let count = Arc::clone(&count);
                // Whoever hangs up in the middle is missing in the count.
                tokio::spawn(async move { serve(stream, &count).await });
            }
        });
        Ok(Self { port, taken })
    }

    /// How many messages it has taken.
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }
}

async fn serve(stream: TcpStream, taken: &AtomicUsize) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::with_capacity(32 * 1024, stream);
    stream.write_all(b"220 sink.example ESMTP\r\n").await?;
    let mut line = Vec::new();
    let mut in_message = false;
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let answer: &[u8] = if in_message {
            if line != b".\r\n" {
                continue;
            }
            in_message = false;
            taken.fetch_add(1, Ordering::Relaxed);
            b"250 taken\r\n"
        } else {
            match line.get(..4).unwrap_or_default() {
                b"EHLO" => b"250-sink.example\r\n250 8BITMIME\r\n",
                b"DATA" => {
                    in_message = true;
                    b"354 go ahead\r\n"
                }
                b"QUIT" => b"221 bye\r\n",
                _ => b"250 ok\r\n",
            }
        };
        stream.write_all(answer).await?;
    }
}
