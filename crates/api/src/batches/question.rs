//! Asking the insured, before a renewal run, which holders still need a certificate.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::{AskRenewal, StartBatch};
use countersign_domain::certificates::batch::MAX_ROWS;
use countersign_domain::certificates::delivery::Envelope;
use countersign_domain::certificates::question::{AskError, Closed, Wish, ask};
use countersign_domain::ids::{InsuredId, JobId, MasterId, QuestionId};
use countersign_persistence::insureds;
use countersign_persistence::questions::{self, Asking};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::certificates::send::{envelope_fault, master_unknown};
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::mail::CameBackView;
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, Utc};

/// Whom to ask.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenewalQuestionBody {
    /// Addresses at the insured, 1 to 20.
    to: Vec<String>,
    /// A few words of the agency's own.
    message: Option<String>,
}

/// Where a question stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RenewalQuestionState {
    /// It waits for an answer.
    Asked,
    /// It was answered.
    Answered,
    /// Nobody answered in time.
    Expired,
}

/// The newest question to the insured about a master's holders.
#[derive(Serialize, ToSchema)]
pub(crate) struct RenewalQuestion {
    state: RenewalQuestionState,
    to: Vec<String>,
    asked_by_name: String,
    asked_at: DateTime<Utc>,
    /// Until when it can be answered.
    expires_at: DateTime<Utc>,
    /// About how many holders.
    holders: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<DateTime<Utc>>,
    /// Who answered, as they wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by_name: Option<String>,
    /// How many of them still need a certificate, by the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<usize>,
    /// What else the insured said; absent when nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The addresses that the mail came back from.
    came_back: Vec<CameBackView>,
}

impl RenewalQuestion {
    pub(super) fn of(asking: &Asking, now: DateTime<Utc>) -> Self {
        let question = &asking.question;
        let state = match question.open(now) {
            Ok(()) => RenewalQuestionState::Asked,
            Err(Closed::Answered) => RenewalQuestionState::Answered,
            Err(Closed::Expired | Closed::Replaced) => RenewalQuestionState::Expired,
        };
        let wanted = asking.wanted.values().filter(|wanted| **wanted).count();
        Self {
            state,
            to: asking.to.clone(),
            asked_by_name: asking.asked_by_name.clone(),
            asked_at: asking.asked_at,
            expires_at: question.expires_at,
            holders: question.holders.len(),
            answered_at: question.answered_at,
            answered_by_name: asking.answered_by_name.clone(),
            wanted: question.answered_at.map(|_| wanted),
            note: Some(asking.note.clone()).filter(|note| !note.is_empty()),
            came_back: asking.came_back().into_iter().map(CameBackView::from).collect(),
        }
    }
}

/// Asks the insured by mail which of those who hold a certificate from a master still need one.
///
/// The mail has a link that takes one answer, for 14 days. A question that still waits is replaced: its link opens nothing
/// any more. The answer stands in the renewal run; it sends nothing by itself.
#[utoipa::path(tag = "batches", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id"),
    ("master" = Uuid, Path, description = "The master's id")),
    request_body = RenewalQuestionBody, responses((status = 201, body = RenewalQuestion), Problems))]
#[post("/v1/insureds/{insured}/masters/{master}/renewal/question")]
pub(crate) async fn ask_renewal(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
    body: web::Json<RenewalQuestionBody>,
) -> Result<HttpResponse, Problem> {
    let (insured, master) = path.into_inner();
    let (insured, master) = (InsuredId::from_uuid(insured), MasterId::from_uuid(master));
    let ids = (
        QuestionId::from_uuid(caller.fresh_id()),
        JobId::from_uuid(caller.fresh_id()),
    );
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |desk| {
            let permit = insureds::lock::<AskRenewal>(desk.tx, desk.actor, insured).await?;
            let starts = insureds::find::<StartBatch>(desk.tx, desk.actor, insured).await?;
            let envelope = body.parse()?;
            let limit = i64::try_from(MAX_ROWS).map_err(Problem::internal)?;
            let (found, holders) = questions::ask_facts(desk.tx, &starts, master, limit)
                .await
                .map_err(master_unknown)?;
            let wish = Wish {
                envelope,
                master: found,
                holders,
            };
            let asked = ask(permit, wish, ids, now)?;
            questions::record_asked(desk.tx, &asked).await?;
            let newest = questions::newest(desk.tx, &starts, master).await?;
            let newest = newest.ok_or_else(|| Problem::internal("a question was not found again"))?;
            Ok(RenewalQuestion::of(&newest, now))
        })
        .await
}

impl RenewalQuestionBody {
    fn parse(&self) -> Result<Envelope, Problem> {
        let mut faults = Faults::default();
        let to = faults.emails("/to", &self.to);
        let envelope = match Envelope::new(to, Vec::new(), None, self.message.as_deref().unwrap_or_default())
        {
            Ok(envelope) => Some(envelope),
            Err(error) => {
                let (pointer, code) = envelope_fault("", error);
                faults.add(&pointer, code, error);
                None
            }
        };
        faults.finish(envelope)
    }
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::NoHolders => Self::field("/master", "no_holders", error),
            AskError::MasterUnknown => master_unknown(countersign_persistence::Error::NotFound),
        }
    }
}
