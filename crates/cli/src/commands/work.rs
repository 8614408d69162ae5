//! `countersign work`

use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;

use countersign_persistence::{Db, Role};
use countersign_worker::mail::smtp::{SmtpMailer, SmtpSettings};
use countersign_worker::{Settings, Worker};

use super::{block_on, settings};
use crate::clock::{SystemClock, fresh_id};
use crate::config::{self, WorkerSettings, reveal};
use crate::signals::Signals;
use crate::telemetry;

pub(crate) fn run() -> Result<ExitCode, String> {
    let (worker, login, metrics) = settings(|reader| {
        let worker = config::worker(reader);
        let login = config::login(reader);
        let metrics = config::metrics(reader);
        Some((worker?, login?, metrics?))
    })?;
    block_on(async {
        let mut signals = Signals::hear()?;
        let worker = prepare(&worker, reveal(&login))?;
        telemetry::metrics(metrics, Some(worker.pulse()))?;
        work(worker, async { signals.next().await }).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Puts a worker together; everything that can be wrong with its settings shows here.
pub(super) fn prepare(settings: &WorkerSettings, login: &str) -> Result<Worker, String> {
    let connections = usize::from(settings.concurrency) + 2;
    let db = Db::new(login, Role::Worker, connections).map_err(|error| error.to_string())?;
    let mailer = SmtpMailer::new(SmtpSettings {
        host: settings.smtp_host.clone(),
        port: settings.smtp_port,
        tls: settings.smtp_tls,
        credentials: settings.credentials.clone(),
        trusted: None,
        connections: usize::from(settings.concurrency),
    })
    .map_err(|error| format!("mail relay: {error}"))?;
    Ok(Worker::new(
        db,
        Arc::new(mailer),
        Arc::new(SystemClock),
        Settings {
            name: format!("{}-{}", std::process::id(), fresh_id().simple()),
            concurrency: settings.concurrency,
            staff_origin: settings.staff_origin.clone(),
            portal_origin: settings.portal_origin.clone(),
            mail_from: settings.mail_from.clone(),
        },
    ))
}

/// Works until `shutdown`.
pub(super) async fn work(worker: Worker, shutdown: impl Future<Output = ()>) -> Result<(), String> {
    tracing::info!("working");
    countersign_worker::run(worker, shutdown)
        .await
        .map_err(|error| error.to_string())
}
