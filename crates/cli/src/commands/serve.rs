//! `countersign serve`
//!
//! The end in good order: readiness turns red and a worker beside the server is told at once; requests are
//! taken for a while longer, until whoever spreads them has noticed; then those under way are answered.

use std::convert::Infallible;
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use countersign_api::{Hashing, State, serve};
use countersign_persistence::jobs::Queue;
use countersign_persistence::{Db, Role};
use countersign_worker::Worker;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::{settings, work};
use crate::clock::SystemClock;
use crate::config::{self, reveal};
use crate::signals::Signals;
use crate::telemetry;

/// A worker gives its jobs 30 seconds to end; after some more it is left behind.
const WORKER: Duration = Duration::from_secs(35);
/// How often the queue is measured for the metrics.
const MEASURE: Duration = Duration::from_secs(15);

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
        let mut signals = Signals::hear()?;
        let db = Db::new(reveal(&login), Role::App, server.connections).map_err(|error| error.to_string())?;
        // A hash keeps a core busy. With half the cores at it sign-ins queue, and everything else goes on.
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let queue = Queue::new(db.clone());
        let state = State::new(
            db,
            Arc::new(SystemClock),
            server.origins,
            server.key,
            Hashing {
                at_a_time: (cores / 2).max(1),
                peppers: server.peppers,
            },
        )?
        .behind(server.trusted_proxies)
        .with_undo(chrono::TimeDelta::from_std(server.undo).unwrap_or_default())
        .with_mail_events(server.mail_events_key);
        // Whatever is wrong with the worker is told before anybody is served.
        let worker = worker
            .map(|settings| work::prepare(&settings, reveal(&login)))
            .transpose()?;
        let pulse = worker.as_ref().map(Worker::pulse);
        telemetry::metrics(metrics, pulse)?;
        let listener = TcpListener::bind(server.bind)
            .map_err(|error| format!("cannot listen on {}: {error}", server.bind))?;
        let running = serve(state.clone(), listener, server.threads).map_err(|error| error.to_string())?;
        let beside = worker.map(Beside::start).transpose()?;
        actix_web::rt::spawn(measure(queue));
        tracing::info!(address = %server.bind, "listening");
        attend(&state, running, beside, server.drain, async || {
            signals.next().await
        })
        .await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Keeps the gauges of queue and mail up to date, for installations that watch their servers only.
async fn measure(queue: Queue) {
    let mut pace = interval(MEASURE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pace.tick().await;
        if let Err(error) = queue.measure(SystemClock::moment()).await {
            tracing::debug!(%error, "the queue could not be measured");
        }
    }
}

/// A worker in a thread of its own, with its own runtime: neither can hold the other up.
struct Beside {
    stop: oneshot::Sender<()>,
    /// Closed when the thread ends, in whatever way.
    ended: oneshot::Receiver<Infallible>,
    thread: std::thread::JoinHandle<Result<(), String>>,
}

impl Beside {
    fn start(worker: Worker) -> Result<Self, String> {
        Self::spawn(|stopped| {
            super::block_on(async {
                work::work(worker, async {
                    // A dropped sender means the same: stop.
                    let _told = stopped.await;
                })
                .await
            })
        })
    }

    fn spawn(
        work: impl FnOnce(oneshot::Receiver<()>) -> Result<(), String> + Send + 'static,
    ) -> Result<Self, String> {
        let (stop, stopped) = oneshot::channel();
        let (alive, ended) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || {
                let _alive = alive;
                work(stopped)
            })
            .map_err(|error| error.to_string())?;
        Ok(Self { stop, ended, thread })
    }

    /// Tells it to stop; what is returned waits for its end.
    fn leave(self) -> impl Future<Output = Result<(), String>> {
        // It may have ended by itself.
        let _told = self.stop.send(());
        let joined = tokio::task::spawn_blocking(move || self.thread.join());
        async move {
            match timeout(WORKER, joined).await {
                Ok(Ok(Ok(ended))) => ended,
                Ok(_) => Err("it panicked".to_owned()),
                Err(_) => Err("it did not end in time".to_owned()),
            }
        }
    }
}

/// Ready when the worker beside the server has ended; never without one.
async fn gone(beside: &mut Option<Beside>) {
    match beside {
        Some(beside) => {
            let _closed = (&mut beside.ended).await;
        }
        None => std::future::pending().await,
    }
}

/// Serves until the process is asked to end, or the worker beside it has ended by itself. Asked a second time,
/// it waits for nobody to notice.
async fn attend(
    state: &State,
    server: Server,
    mut beside: Option<Beside>,
    drain: Duration,
    mut asked: impl AsyncFnMut(),
) -> Result<(), String> {
    let handle = server.handle();
    let mut serving = actix_web::rt::spawn(server);
    let in_order = tokio::select! {
        ended = &mut serving => return Err(format!("the server ended by itself: {ended:?}")),
        () = asked() => true,
        () = gone(&mut beside) => false,
    };
    state.leave();
    let worker = beside.map(Beside::leave);
    if in_order {
        tracing::info!(seconds = drain.as_secs(), "asked to end; no longer ready");
        tokio::select! {
            () = sleep(drain) => {}
            () = asked() => {}
        }
    } else {
        tracing::error!("the worker ended by itself; the server ends too, so that both are started anew");
    }
    handle.stop(true).await;
    let served = serving.await;
    let worked = match worker {
        Some(worker) => worker.await,
        None => Ok(()),
    };
    match (in_order, served, worked) {
        (true, Ok(Ok(())), Ok(())) => Ok(()),
        (true, Ok(Ok(())), Err(reason)) => {
            tracing::warn!(reason, "the worker did not end cleanly");
            Ok(())
        }
        (false, _, worked) => Err(format!(
            "the worker ended by itself: {}",
            worked.err().unwrap_or_else(|| "without a word".to_owned())
        )),
        (_, served, _) => Err(format!("the server did not end cleanly: {served:?}")),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use countersign_api::{Origins, Peppers};
    use url::Url;

    use super::*;

    #[test]
    fn a_server_does_not_outlive_the_worker_beside_it() {
        for broken in [
            (|_| Err("jobs waited".to_owned())) as fn(oneshot::Receiver<()>) -> Result<(), String>,
            |_| panic!("what the test is about"),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let ended = actix_web::rt::System::new().block_on(async {
                let origin = Url::parse("http://staff.localhost").unwrap();
                let origins = Origins {
                    staff: origin.clone(),
                    portal: origin.clone(),
                    api: origin,
                    staff_dir: None,
                    portal_dir: None,
                };
                let db = Db::new("postgres://nobody@127.0.0.1:1/nothing", Role::App, 1).unwrap();
                let hashing = Hashing {
                    at_a_time: 1,
                    peppers: Peppers::default(),
                };
                let state = State::new(db, Arc::new(SystemClock), origins, [7; 32], hashing).unwrap();
                let server = serve(state.clone(), listener, 1).unwrap();
                let beside = Some(Beside::spawn(broken).unwrap());
                attend(&state, server, beside, Duration::ZERO, async || {
                    std::future::pending().await
                })
                .await
            });
            let reason = ended.unwrap_err();
            assert!(reason.starts_with("the worker ended by itself: "), "{reason}");
            assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
        }
    }
}
