//! How far a batch is, told while it goes on.
//!
//! Invariant: a listener holds no connection to the database and keeps no session alive. Each look is a short
//! transaction of its own that begins with the session, so a suspension ends the stream.

use std::time::Duration;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::ViewBatch;
use countersign_domain::certificates::batch::BatchState;
use countersign_domain::ids::BatchId;
use countersign_persistence::batches;
use futures::stream;
use serde::Serialize;
use tokio::time::{Instant, sleep};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{BatchStateWord, CountsView};
use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// How often the batch is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// A word at least this often, so that nobody in between takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// So long a stream lasts; a browser opens the next one by itself.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// How far a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BatchProgress)]
pub(crate) struct Progress {
    state: BatchStateWord,
    counts: CountsView,
}

async fn look(caller: &Caller, id: BatchId) -> Result<(Progress, bool), Problem> {
    caller
        .transaction(async |desk| {
            let permit = batches::find::<ViewBatch>(desk.tx, desk.actor, id).await?;
            let progress = Progress {
                state: permit.state.into(),
                counts: permit.counts.into(),
            };
            let ended = matches!(permit.state, BatchState::Finished | BatchState::Cancelled);
            Ok((progress, ended))
        })
        .await
}

/// What is written for a look: the progress, and after the last one that it was the last.
fn told(progress: &Progress, ended: bool) -> Result<Bytes, Problem> {
    let data = serde_json::to_string(progress).map_err(Problem::internal)?;
    let end = if ended { "event: end\ndata: {}\n\n" } else { "" };
    Ok(Bytes::from(format!("event: progress\ndata: {data}\n\n{end}")))
}

struct Listener {
    caller: Caller,
    id: BatchId,
    last: Progress,
    ended: bool,
    since: Instant,
    spoken: Instant,
}

impl Listener {
    /// Waits until there is something to say; `None` at the end.
    async fn next(mut self) -> Option<(Result<Bytes, Problem>, Self)> {
        if self.ended {
            return None;
        }
        loop {
            sleep(LOOK).await;
            if self.caller.server_is_leaving() || self.since.elapsed() > LIFETIME {
                return None;
            }
            self.caller = self.caller.later();
            // Whoever may not look any more is told by the next request, not here.
            let (progress, ended) = look(&self.caller, self.id).await.ok()?;
            if progress != self.last || ended {
                self.last = progress;
                self.ended = ended;
                self.spoken = Instant::now();
                return Some((told(&progress, ended), self));
            }
            if self.spoken.elapsed() > HEARTBEAT {
                self.spoken = Instant::now();
                return Some((Ok(Bytes::from_static(b": still here\n\n")), self));
            }
        }
    }
}

/// Tells how far a batch is, as server-sent events: `progress` with a `BatchProgress` whenever something was settled,
/// and `end` when the batch has ended. A comment comes at least every 15 seconds.
#[utoipa::path(tag = "batches", params(("batch" = Uuid, Path, description = "The batch's id")),
    responses((status = 200, content_type = "text/event-stream", body = String), Problems))]
#[get("/v1/batches/{batch}/events")]
pub(crate) async fn follow_batch(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = BatchId::from_uuid(path.into_inner());
    let caller = caller.later();
    let (progress, ended) = look(&caller, id).await?;
    let mut first = b"retry: 3000\n\n".to_vec();
    first.extend_from_slice(&told(&progress, ended)?);
    let now = Instant::now();
    let listener = Listener {
        caller,
        id,
        last: progress,
        ended,
        since: now,
        spoken: now,
    };
    let rest = stream::unfold(listener, Listener::next);
    let first = stream::iter([Ok(Bytes::from(first))]);
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // A compressor, ours or a proxy's, would hold words back until it has enough of them.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ))
        .streaming(futures::StreamExt::chain(first, rest)))
}
