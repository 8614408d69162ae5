//! Starting a batch.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::{StartBatch, ViewBatch};
use countersign_domain::certificates::batch::{BatchKind, MAX_ROWS, Order, OrderRow, StartError, start};
use countersign_domain::certificates::delivery::Envelope;
use countersign_domain::ids::{BatchId, CertificateId, HolderId, InsuredId, JobId, MasterId};
use countersign_domain::text::{NonBlank, paragraphs};
use countersign_persistence::{batches, insureds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{BatchKindWord, BatchView};
use crate::certificates::send::{envelope_fault, is_true, master_unknown, yes};
use crate::context::{Caller, Desk};
use crate::faults::{Faults, code};
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::wire::ChannelWord;

/// A holder and who receives its certificate.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchRowBody {
    /// A holder of the library.
    holder_id: Uuid,
    /// The certificate of the term before: the description that was written for this holder is kept, and its marks, as
    /// far as the master still has a form behind them.
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<Uuid>,
    /// At least one address; To and Cc together at most 20.
    to: Vec<String>,
    #[serde(default)]
    cc: Vec<String>,
}

/// A sending to many holders.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchBody {
    /// What it is for; `bulk` unless given.
    kind: Option<BatchKindWord>,
    /// From which master certificate.
    master_id: Uuid,
    /// Description of operations for every row; the master's unless given.
    description: Option<String>,
    /// Subject of the mails; one that names number, insured and holder unless given.
    subject: Option<String>,
    /// A few words of the sender's own, in every mail.
    message: Option<String>,
    /// How the mails carry the pages: unless given, each as its holder prefers, or else as an `attachment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelWord>,
    /// Whether the files of the endorsements that a certificate rests on go with it; they do unless this is `false`. A
    /// row whose files do not fit into one mail fails.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    attach_endorsements: bool,
    /// For whom: 1 to 500 rows, each holder once.
    rows: Vec<BatchRowBody>,
}

/// Longest message, in characters; as of a mail that is sent alone.
const MAX_MESSAGE: usize = 5_000;

impl BatchBody {
    fn parse(&self) -> Result<Order, Problem> {
        let mut faults = Faults::default();
        let subject = faults.optional("/subject", self.subject.as_deref(), NonBlank::parse);
        let message = match paragraphs(self.message.as_deref().unwrap_or_default(), MAX_MESSAGE) {
            Ok(message) => message,
            Err(fault) => {
                faults.add("/message", code(fault), fault);
                String::new()
            }
        };
        let mut rows = Vec::with_capacity(self.rows.len());
        for (place, row) in self.rows.iter().enumerate().take(MAX_ROWS + 1) {
            let at = format!("/rows/{place}");
            let to = faults.emails(&format!("{at}/to"), &row.to);
            let cc = faults.emails(&format!("{at}/cc"), &row.cc);
            match Envelope::new(to, cc, subject.clone(), &message) {
                Ok(envelope) => rows.push(OrderRow {
                    holder: HolderId::from_uuid(row.holder_id),
                    follows: row.follows.map(CertificateId::from_uuid),
                    envelope,
                }),
                Err(error) => {
                    let (pointer, word) = envelope_fault(&at, error);
                    faults.add(&pointer, word, error);
                }
            }
        }
        let order = Order {
            kind: self.kind.map_or(BatchKind::Bulk, Into::into),
            master: MasterId::from_uuid(self.master_id),
            description: self.description.clone(),
            subject,
            message,
            channel: self.channel.map(Into::into),
            endorsements: self.attach_endorsements,
            rows,
        };
        faults.finish(Some(order))
    }
}

/// Starts sending certificates to many holders.
///
/// The rows are sent one after the other by the worker, each through the truth gate as it is when its turn has come; a
/// row that it blocks is set aside and not sent. How a row is mailed is settled now: a holder that prefers another way
/// later is mailed as it was said here. `GET /v1/batches/{batch}` tells how far it is.
#[utoipa::path(tag = "batches", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = BatchBody, responses((status = 201, body = BatchView), Problems))]
#[post("/v1/insureds/{insured}/batches")]
pub(crate) async fn start_batch(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<BatchBody>,
) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let now = caller.now();
    let ids = (
        BatchId::from_uuid(caller.fresh_id()),
        JobId::from_uuid(caller.fresh_id()),
    );
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = insureds::find::<StartBatch>(desk.tx, desk.actor, insured).await?;
            let order = body.parse()?;
            let holders: Vec<HolderId> = order.rows.iter().map(|row| row.holder).collect();
            let follows: Vec<_> = order.rows.iter().filter_map(|row| row.follows).collect();
            let facts = batches::start_facts(desk.tx, &permit, order.master, &holders, &follows)
                .await
                .map_err(master_unknown)?;
            let started = start(permit, order, facts, ids, now)?;
            batches::record_started(desk.tx, &started).await?;
            metrics::counter!("countersign_batches_started_total").increment(1);
            view(&mut desk, ids.0).await
        })
        .await
}

/// A batch as its page shows it.
pub(super) async fn view(desk: &mut Desk<'_>, id: BatchId) -> Result<BatchView, Problem> {
    let permit = batches::find::<ViewBatch>(desk.tx, desk.actor, id).await?;
    let record = batches::detail(desk.tx, &permit).await?;
    Ok(BatchView::of(record, desk.actor))
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        match &error {
            StartError::NoRows => Self::field("/rows", "empty", error),
            StartError::TooManyRows => Self::field("/rows", "too_many", error),
            StartError::HolderTwice(place) => {
                Self::field(&format!("/rows/{place}/holder_id"), "twice", error)
            }
            StartError::HolderUnknown(place) => {
                Self::field(&format!("/rows/{place}/holder_id"), "unknown", error)
            }
            StartError::FollowsUnknown(place) => {
                Self::field(&format!("/rows/{place}/follows"), "unknown", error)
            }
            StartError::MasterUnknown => Self::field(
                "/master_id",
                "unknown",
                "is not a master certificate that can be used here",
            ),
            StartError::Description(reason) => Self::field("/description", code(*reason), reason),
            StartError::Placeholder(reason) => {
                Self::field("/description", crate::templates::placeholder_code(reason), reason)
            }
            StartError::NotAPerson => Self::internal("a batch was started by nobody"),
        }
    }
}
