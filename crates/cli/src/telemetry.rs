//! Logs and metrics.

use std::net::SocketAddr;

use metrics_exporter_prometheus::PrometheusBuilder;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts to log: JSON lines, or text for people. Nothing of a request's body is ever logged.
pub(crate) fn log(settings: &Log) {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .init(),
        LogFormat::Text => builder.init(),
    }
}

/// Offers Prometheus metrics on an address of their own.
pub(crate) fn metrics(bind: SocketAddr) -> Result<(), String> {
    PrometheusBuilder::new()
        .with_http_listener(bind)
        .set_buckets(&[
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ])
        .map_err(|error| error.to_string())?
        .install()
        .map_err(|error| format!("metrics on {bind}: {error}"))
}
