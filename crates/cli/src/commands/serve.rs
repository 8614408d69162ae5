//! `countersign serve`

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use countersign_api::{State, serve};
use countersign_persistence::{Db, Role};
use tokio::sync::oneshot;

use super::{settings, work};
use crate::clock::SystemClock;
use crate::config::{self, reveal};
use crate::telemetry;

pub(crate) fn run(with_worker: bool) -> Result<ExitCode, String> {
    let (server, login, metrics, worker) = settings(|reader| {
        let server = config::server(reader);
        let login = config::login(reader);
        let metrics = config::metrics(reader);
        let worker = if with_worker {
            Some(config::worker(reader))
        } else {
            None
        };
        let worker = match worker {
            Some(None) => return None,
            Some(some) => some,
            None => None,
        };
        Some((server?, login?, metrics?, worker))
    })?;
    let system = actix_web::rt::System::new();
    system.block_on(async {
        telemetry::metrics(metrics)?;
        let db = Db::new(reveal(&login), Role::App, server.connections).map_err(|error| error.to_string())?;
        // A hash keeps a core busy: more at a time would only make each of them slower.
        let hashes = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let state = State::new(db, Arc::new(SystemClock), server.origins, server.key, hashes)?
            .behind(server.trusted_proxies);
        let listener = TcpListener::bind(server.bind)
            .map_err(|error| format!("cannot listen on {}: {error}", server.bind))?;
        let helper = match worker {
            Some(settings) => Some(beside(settings, reveal(&login).to_owned())?),
            None => None,
        };
        tracing::info!(address = %server.bind, "listening");
        let running = serve(state, listener, server.threads).map_err(|error| error.to_string())?;
        let ended = running.await.map_err(|error| error.to_string());
        if let Some((stop, thread)) = helper {
            // The worker may have ended on its own signal already.
            let _told = stop.send(());
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(Ok(())))) {
                tracing::warn!("the worker did not end cleanly");
            }
        }
        ended.map(|()| ExitCode::SUCCESS)
    })
}

type Helper = (oneshot::Sender<()>, std::thread::JoinHandle<Result<(), String>>);

/// A worker in a thread of its own, with its own runtime: neither can hold the other up.
fn beside(settings: config::WorkerSettings, login: String) -> Result<Helper, String> {
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = std::thread::Builder::new()
        .name("worker".to_owned())
        .spawn(move || {
            super::block_on(async {
                work::work(&settings, &login, async {
                    // A dropped sender means the same: stop.
                    let _told = stopped.await;
                })
                .await
            })
        })
        .map_err(|error| error.to_string())?;
    Ok((stop, thread))
}
