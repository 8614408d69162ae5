//! A mailer that keeps what it is given, for tests: the one fake of the world outside.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::{Accepted, MailError, Mailer, Message, encode};

/// A message as it would have left.
#[derive(Clone, Debug)]
pub struct Captured {
    /// The message.
    pub message: Message,
    /// As it would have travelled.
    pub raw: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<Captured>,
    next: VecDeque<MailError>,
    refused: Vec<(String, MailError)>,
}

/// Keeps mail in memory.
#[derive(Debug, Default)]
pub struct CapturedMailer {
    state: Mutex<State>,
}

impl CapturedMailer {
    /// An empty mailbox that accepts everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was accepted so far, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Captured> {
        self.state().sent.clone()
    }

    /// Takes what was accepted so far out of the mailbox.
    #[must_use]
    pub fn take(&self) -> Vec<Captured> {
        std::mem::take(&mut self.state().sent)
    }

    /// Lets the next attempt fail, whatever it is; calls add up.
    pub fn fail_next(&self, error: MailError) {
        self.state().next.push_back(error);
    }

    /// Lets every mail to an address fail from now on.
    pub fn refuse(&self, address: &str, error: MailError) {
        self.state().refused.push((address.to_owned(), error));
    }

    /// Accepts mail to every address again.
    pub fn refuse_nobody(&self) {
        self.state().refused.clear();
    }
}

impl Mailer for CapturedMailer {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<Accepted, MailError>> {
        async move {
            let encoded = encode(message).map_err(|error| MailError::Permanent {
                reason: error.to_string(),
            })?;
            let mut state = self.state();
            if let Some(error) = state.next.pop_front() {
                return Err(error);
            }
            let addressed = |address: &String| {
                message
                    .to
                    .iter()
                    .chain(&message.cc)
                    .any(|to| to.as_str() == address)
            };
            if let Some((_, error)) = state.refused.iter().find(|(address, _)| addressed(address)) {
                return Err(error.clone());
            }
            state.sent.push(Captured {
                message: message.clone(),
                raw: encoded.bytes,
            });
            Ok(Accepted {
                reply: "250 kept in memory".to_owned(),
            })
        }
        .boxed()
    }
}
