//! Logs and metrics.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use countersign_worker::Pulse;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::log_lines::LINES;

/// How often the recorder puts its house in order between two visits of Prometheus.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts to log: JSON lines, or text for people. Nothing of a request's body is ever logged.
pub(crate) fn log(settings: &Log) -> Result<(), String> {
    let filter = EnvFilter::try_new(&settings.filter).map_err(|error| error.to_string())?;
    std::thread::Builder::new()
        .name("log".to_owned())
        .spawn(|| LINES.attend())
        .map_err(|error| format!("the log: {error}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(&*LINES);
    match settings.format {
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .init(),
        LogFormat::Text => builder.init(),
    }
    std::panic::set_hook(Box::new(|panic| {
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
        tracing::error!(backtrace, "{panic}");
    }));
    Ok(())
}

/// Offers Prometheus metrics on an address of their own, and beside them whether the worker of this process
/// lives and works.
pub(crate) fn metrics(bind: SocketAddr, worker: Option<Pulse>) -> Result<(), String> {
    let refused = |error: &dyn std::fmt::Display| format!("metrics on {bind}: {error}");
    let recorder = PrometheusBuilder::new()
        .set_buckets(&[
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ])
        .map_err(|error| refused(&error))?
        .install_recorder()
        .map_err(|error| refused(&error))?;
    // What must stay at 0 is there to be watched before it ever happens.
    for never in [
        "http_server_panics_total",
        "db_row_level_security_misses_total",
        "job_queue_stalls_total",
    ] {
        metrics::counter!(never).increment(0);
    }
    let listener = TcpListener::bind(bind).map_err(|error| refused(&error))?;
    std::thread::Builder::new()
        .name("metrics".to_owned())
        .spawn(move || {
            let ended =
                actix_web::rt::System::new().block_on(async { offer(listener, recorder, worker).await });
            if let Err(error) = ended {
                tracing::error!(%error, "metrics are no longer offered");
            }
        })
        .map_err(|error| refused(&error))?;
    Ok(())
}

async fn offer(
    listener: TcpListener,
    recorder: PrometheusHandle,
    worker: Option<Pulse>,
) -> std::io::Result<()> {
    let upkeep = recorder.clone();
    actix_web::rt::spawn(async move {
        let mut pace = tokio::time::interval(UPKEEP);
        loop {
            pace.tick().await;
            upkeep.run_upkeep();
        }
    });
    HttpServer::new(move || {
        let recorder = recorder.clone();
        let (lives, works) = (worker.clone(), worker.clone());
        App::new()
            .route(
                "/metrics",
                web::get().to(move || {
                    let text = recorder.render();
                    async move {
                        HttpResponse::Ok()
                            .content_type("text/plain; version=0.0.4")
                            .body(text)
                    }
                }),
            )
            .route(
                "/livez",
                web::get().to(move || sign(lives.as_ref().is_none_or(Pulse::lives), "alive\n")),
            )
            .route(
                "/readyz",
                web::get().to(move || sign(works.as_ref().is_none_or(Pulse::works), "working\n")),
            )
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run()
    .await
}

async fn sign(well: bool, word: &'static str) -> HttpResponse {
    let mut response = if well {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response
        .content_type("text/plain; charset=utf-8")
        .body(if well { word } else { "not now\n" })
}
