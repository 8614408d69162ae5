//! CSV that is handed out line by line while it is read: a page at a time, each in a transaction of its own, so that
//! neither a long list nor a slow reader holds memory or a connection.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Bytes;
use countersign_persistence::After;
use futures::StreamExt as _;
use futures::stream;

use crate::problem::Problem;

/// How many rows are fetched at a time.
pub(crate) const AT_ONCE: u16 = 500;

/// Some lines, and where the next ones begin.
pub(crate) struct Chunk {
    pub(crate) lines: String,
    pub(crate) next: Option<After>,
}

/// Answers with a file that begins with `head` and `first` and goes on with what `fetch` finds. A failure on the way
/// breaks the connection off, so that nobody takes the part for the whole.
pub(crate) fn streamed<F>(name: String, head: &str, first: Chunk, fetch: F) -> HttpResponse
where
    F: AsyncFnMut(After) -> Result<Chunk, Problem> + 'static,
{
    // The byte order mark tells spreadsheets that it is UTF-8.
    let begin = Bytes::from(format!("\u{feff}{head}{}", first.lines));
    let rest = stream::try_unfold((fetch, first.next), async |(mut fetch, after): (F, _)| {
        let Some(after) = after else { return Ok(None) };
        let chunk = fetch(after).await?;
        Ok::<_, Problem>(Some((Bytes::from(chunk.lines), (fetch, chunk.next))))
    });
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(stream::iter([Ok(begin)]).chain(rest))
}
