//! One file per kind of job. The match is exhaustive: a job without a handler does not compile.

mod apply_import;
mod check_import;
mod deliver_certificate;
mod mail_courtesy_notice;
mod mail_password_link;
mod mail_password_notice;
mod mail_renewal_question;
mod send_batch;

use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, Utc};
use countersign_domain::authz::rules::{MailQueued, RunBatch, RunImports};
use countersign_domain::authz::{Actor, Permit, Process};
use countersign_domain::certificates::batch::{BatchState, halt};
use countersign_domain::certificates::deliver;
use countersign_domain::ids::{BatchId, DeliveryId, ImportId, NoticeId};
use countersign_domain::imports::run::{ImportState, failed};
use countersign_domain::jobs::{Job, MAX_CLAIMS};
use countersign_domain::policies::deliver_notice;
use countersign_domain::text::EmailAddress;
use countersign_persistence::jobs::Claim;
use countersign_persistence::{Error, Tx, agencies, batches, deliveries, imports, notices};
use tokio::time::{Instant, sleep};
use url::Url;
use uuid::{NoContext, Timestamp, Uuid};

use crate::mail::letters::Letter;
use crate::mail::{Accepted, Attachment, Letterhead, MailError, Message};
use crate::patience::Ending;
use crate::{Settings, Worker, import};

/// Why an attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JobError {
    /// Another attempt may succeed.
    Retry {
        /// What went wrong.
        reason: String,
    },
    /// As [`Self::Retry`], but the relay has the whole message and its answer was never read. One more try is
    /// worth a second copy, a third is not.
    Unanswered {
        /// What went wrong.
        reason: String,
    },
    /// Something that the job needs is away; that is not the job's fault.
    Away {
        /// What is away.
        reason: String,
    },
    /// No further attempt would help.
    Fail {
        /// Why.
        reason: String,
    },
}

impl From<Error> for JobError {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(_) => Self::Away {
                reason: error.to_string(),
            },
            Error::NotFound => Self::Fail {
                reason: "the record is gone".to_owned(),
            },
            Error::Denied(_) => Self::Fail {
                reason: error.to_string(),
            },
            Error::Conflict(_) | Error::Stale { .. } | Error::Broken(_) => Self::Retry {
                reason: error.to_string(),
            },
        }
    }
}

impl From<MailError> for JobError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Permanent { reason } => Self::Fail { reason },
            MailError::Temporary {
                reason,
                unanswered: true,
            } => Self::Unanswered { reason },
            MailError::Temporary { reason, .. } => Self::Retry { reason },
            MailError::Unavailable { reason } => Self::Away { reason },
        }
    }
}

/// A letter that could not be written: its template and its data do not fit.
impl From<askama::Error> for JobError {
    fn from(error: askama::Error) -> Self {
        Self::Fail {
            reason: format!("the letter could not be written: {error}"),
        }
    }
}

/// One attempt at one job.
pub(crate) struct Attempt<'a> {
    pub(crate) worker: &'a Worker,
    pub(crate) claim: &'a Claim,
}

impl Attempt<'_> {
    /// Does the work and writes how it ended, for the record and for the job in one transaction.
    pub(crate) async fn run(&self) -> Result<Ending, JobError> {
        match self.claim.job() {
            Err(reason) => {
                self.bury(format!("this version cannot read the job: {reason}"))
                    .await
            }
            Ok(Job::DeliverCertificate { delivery }) => deliver_certificate::run(self, *delivery).await,
            Ok(Job::MailPasswordLink { link }) => mail_password_link::run(self, *link).await,
            Ok(Job::MailPasswordNotice { link }) => mail_password_notice::run(self, *link).await,
            Ok(Job::MailCourtesyNotice { notice }) => mail_courtesy_notice::run(self, *notice).await,
            Ok(Job::MailRenewalQuestion { question }) => mail_renewal_question::run(self, *question).await,
            Ok(Job::CheckImport { import }) => check_import::run(self, *import).await,
            // Which rows are left out was decided with the request, and stands on the run.
            Ok(Job::ApplyImport { import, .. }) => apply_import::run(self, *import).await,
            Ok(Job::SendBatch { batch }) => send_batch::run(self, *batch).await,
        }
    }

    fn settings(&self) -> &Settings {
        &self.worker.settings
    }

    /// This moment, as precise as the database keeps it.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.worker.clock.now().trunc_subsecs(6)
    }

    /// A fresh id, ordered by time.
    fn fresh_id(&self) -> Uuid {
        let now = self.worker.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(
            NoContext,
            seconds,
            now.timestamp_subsec_nanos(),
        ))
    }

    /// The mailer's permit in the job's agency, read with the agency as it is now.
    async fn permit(&self, tx: &mut Tx) -> Result<Permit<MailQueued>, Error> {
        let actor = Actor::System {
            agency: self.claim.agency(),
            process: Process::Mailer,
        };
        agencies::find::<MailQueued>(tx, &actor).await
    }

    /// Every claim before ended with its process; nobody knows why, and it must not go on for ever.
    fn is_exhausted(&self) -> bool {
        self.claim.claims() > MAX_CLAIMS
    }

    /// Decides what becomes of the job after a failure.
    pub(crate) fn ending(&self, error: JobError) -> Ending {
        let mut chance = [128];
        // Without randomness the attempts are merely not spread.
        let _filled = getrandom::fill(&mut chance);
        let [chance] = chance;
        Ending::after(error, self.claim, self.now(), chance)
    }

    /// Writes an ending that has no record of its own.
    pub(crate) async fn end(&self, ending: Ending) -> Result<Ending, JobError> {
        if let Ending::Buried { reason } = ending {
            return self.bury(reason).await;
        }
        let now = self.now();
        self.worker
            .db
            .transaction(self.claim.agency(), async |tx| {
                ending.record(tx, self.claim, now).await
            })
            .await?;
        Ok(ending)
    }

    /// Gives the job up, whatever led to it: the record that it worked on says so in the same transaction. A
    /// worker that lost the job writes nothing.
    async fn bury(&self, reason: String) -> Result<Ending, JobError> {
        let now = self.now();
        let ending = Ending::Buried { reason };
        let Ending::Buried { reason } = &ending else {
            return Ok(ending);
        };
        self.worker
            .db
            .transaction(self.claim.agency(), async |tx| {
                if !ending.record(tx, self.claim, now).await? {
                    return Ok(());
                }
                match self.claim.job() {
                    Ok(Job::DeliverCertificate { delivery }) => {
                        self.give_up_delivery(tx, *delivery, reason, now).await
                    }
                    Ok(Job::MailCourtesyNotice { notice }) => {
                        self.give_up_notice(tx, *notice, reason, now).await
                    }
                    Ok(Job::CheckImport { import } | Job::ApplyImport { import, .. }) => {
                        self.give_up_import(tx, *import).await
                    }
                    Ok(Job::SendBatch { batch }) => self.give_up_batch(tx, *batch, now).await,
                    // The dead-letter list is where these are told of.
                    Ok(
                        Job::MailPasswordLink { .. }
                        | Job::MailPasswordNotice { .. }
                        | Job::MailRenewalQuestion { .. },
                    )
                    | Err(_) => Ok(()),
                }
            })
            .await?;
        Ok(ending)
    }

    async fn give_up_delivery(
        &self,
        tx: &mut Tx,
        delivery: DeliveryId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let permit = self.permit(tx).await?;
        let Some(attempt) = deliveries::find_unsettled(tx, &permit, delivery).await? else {
            return Ok(());
        };
        let given_up = deliver::given_up(&permit, attempt, reason.to_owned(), false, now);
        deliveries::record_given_up(tx, &given_up).await?;
        metrics::counter!("deliveries_total", "state" => "failed").increment(1);
        Ok(())
    }

    async fn give_up_notice(
        &self,
        tx: &mut Tx,
        notice: NoticeId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let permit = self.permit(tx).await?;
        let Some(attempt) = notices::find_unsettled(tx, &permit, notice).await? else {
            return Ok(());
        };
        let given_up = deliver_notice::given_up(&permit, attempt, reason.to_owned(), false, now);
        notices::record_given_up(tx, &given_up).await
    }

    async fn give_up_import(&self, tx: &mut Tx, import: ImportId) -> Result<(), Error> {
        let permit = agencies::find::<RunImports>(tx, &importer(self)).await?;
        let run = match imports::lock(tx, &permit, import).await {
            Ok(run) => run,
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        match run.state {
            ImportState::Checking | ImportState::Applying => {
                let words = "The import was tried several times and broke off each time.".to_owned();
                imports::record_failed(tx, &failed(&permit, import, words)).await
            }
            ImportState::Draft | ImportState::Checked | ImportState::Applied | ImportState::Failed => Ok(()),
        }
    }

    /// Halts a batch that cannot go on: its page says so, and a person may let it go on.
    async fn give_up_batch(&self, tx: &mut Tx, batch: BatchId, now: DateTime<Utc>) -> Result<(), Error> {
        let permit = match batches::lock::<RunBatch>(tx, &send_batch::bookkeeper(self), batch).await {
            Err(Error::NotFound) => return Ok(()),
            found => found?,
        };
        if permit.state != BatchState::Running {
            return Ok(());
        }
        let halted = halt(permit, send_batch::BROKE_OFF.to_owned(), now);
        batches::record_halted(tx, &halted).await
    }

    /// Hands a message over, with no transaction open.
    async fn mail(&self, message: &Message) -> Result<Accepted, MailError> {
        let started = Instant::now();
        let sent = self.worker.mailer.send(message).await;
        let outcome = match &sent {
            Ok(_) => "accepted",
            Err(MailError::Permanent { .. }) => "refused",
            Err(MailError::Temporary { unanswered: true, .. }) => "unanswered",
            Err(MailError::Temporary { .. }) => "deferred",
            Err(MailError::Unavailable { .. }) => "unavailable",
        };
        metrics::histogram!("mail_send_duration_seconds", "outcome" => outcome)
            .record(started.elapsed().as_secs_f64());
        sent
    }

    /// Writes what must not be lost, again and again while the database is away: the relay has the message,
    /// and only this transaction keeps it from being sent twice. It ends with the lease, or with the worker.
    async fn record(&self, mut work: impl AsyncFnMut(&mut Tx) -> Result<(), Error>) -> Result<(), Error> {
        let mut wait = Duration::from_secs(1);
        loop {
            let written = self
                .worker
                .db
                .transaction(self.claim.agency(), async |tx| work(tx).await)
                .await;
            let Err(Error::Unavailable(reason)) = written else {
                return written;
            };
            tracing::warn!(reason, "the outcome of a mail could not be written yet");
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// While the database is away, an outcome is offered to it this often.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Puts a letter into its envelope.
fn message(
    attempt: &Attempt<'_>,
    head: &Letterhead,
    identity: String,
    to: Vec<EmailAddress>,
    letter: Letter,
    attachments: Vec<Attachment>,
) -> Message {
    Message {
        identity,
        from_name: head.name.clone(),
        from: attempt.settings().mail_from.clone(),
        reply_to: head.reply_to.clone(),
        to,
        cc: Vec::new(),
        subject: letter.subject,
        text: letter.text,
        html: letter.html,
        attachments,
        date: attempt.now(),
        request: attempt.claim.request(),
    }
}

/// As whom files are read.
fn importer(attempt: &Attempt<'_>) -> Actor {
    Actor::System {
        agency: attempt.claim.agency(),
        process: Process::Importer,
    }
}

/// Ends a job of the importer. What it could not do stands on the import's own page, so the job is buried
/// only together with the import: when its patience is at an end, or (`None`) each attempt broke off.
async fn end_import(
    attempt: &Attempt<'_>,
    outcome: Option<Result<(), import::Error>>,
) -> Result<Ending, JobError> {
    let error = match outcome {
        Some(Ok(())) => return attempt.end(Ending::Done).await,
        Some(Err(error)) if !error.is_passing() => return attempt.end(Ending::Done).await,
        Some(Err(import::Error::Storage(error))) => error.into(),
        Some(Err(error)) => JobError::Retry {
            reason: error.to_string(),
        },
        None => JobError::Fail {
            reason: "every attempt broke off".to_owned(),
        },
    };
    attempt.end(attempt.ending(error)).await
}

/// An address in one of the apps; only configured origins are ever written into a mail.
fn page(origin: &Url, slug: &str, page: &str) -> Result<Url, JobError> {
    let mut url = origin.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut()
        .map_err(|()| JobError::Fail {
            reason: "the configured origin is not one of a web site".to_owned(),
        })?
        .clear()
        .extend([slug, page]);
    Ok(url)
}
