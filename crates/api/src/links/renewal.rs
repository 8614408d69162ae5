//! The question before a renewal run, through the link that was mailed: looked at as often as one likes, answered once.

use actix_web::{HttpResponse, post, web};
use countersign_domain::certificates::question::{Answer, AnswerError, Closed, answer};
use countersign_domain::ids::{HolderId, TaskId};
use countersign_domain::text::NonBlank;
use countersign_persistence::{agencies, questions};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LinkBody, by_secret, found};
use crate::context::Stranger;
use crate::faults::{Faults, code};
use crate::problem::{Problem, ProblemType, Problems, sentence};
use crate::session::AgencyCard;
use crate::wire::{DateTime, Utc};

/// A holder that is asked about.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkedHolder {
    id: Uuid,
    name: String,
    city: String,
}

/// A question as whoever has its link sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkedQuestion {
    agency: AgencyCard,
    insured_name: String,
    /// The agency's own words; absent when there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Those who hold a certificate, by name.
    holders: Vec<LinkedHolder>,
    /// Until when it can be answered.
    expires_at: DateTime<Utc>,
}

/// Opens the link of a question. Looking answers nothing.
#[utoipa::path(tag = "links", security(()), request_body = LinkBody, responses((status = 200, body = LinkedQuestion), Problems))]
#[post("/v1/renewal-links/open")]
pub(crate) async fn open_renewal_link(
    stranger: Stranger,
    body: web::Json<LinkBody>,
) -> Result<web::Json<LinkedQuestion>, Problem> {
    let now = stranger.now();
    let shown = by_secret(&stranger, &body.token, async |tx, token| {
        let permit = found(questions::by_link(tx, token, false).await)?;
        permit.open(now)?;
        let agency = agencies::card(tx).await?;
        Ok(LinkedQuestion {
            agency: AgencyCard::from(&agency),
            insured_name: permit.insured_name.clone(),
            message: Some(permit.message.clone()).filter(|text| !text.is_empty()),
            holders: permit
                .holders
                .iter()
                .map(|holder| LinkedHolder {
                    id: holder.id.uuid(),
                    name: holder.name.clone(),
                    city: holder.city.clone(),
                })
                .collect(),
            expires_at: permit.expires_at,
        })
    })
    .await?;
    Ok(web::Json(shown))
}

/// An answer to a question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenewalAnswerBody {
    /// The link's secret.
    token: String,
    /// Who answers.
    name: String,
    /// The holders that still need a certificate; none is an answer too.
    holder_ids: Vec<Uuid>,
    /// What else there is to say, at most 1,000 characters.
    note: Option<String>,
}

/// Answers a question, once. The agency is told, sees who is wanted, and decides.
#[utoipa::path(tag = "links", security(()), request_body = RenewalAnswerBody,
    responses((status = 204, description = "The answer was taken"), Problems))]
#[post("/v1/renewal-links/answer")]
pub(crate) async fn answer_renewal_link(
    stranger: Stranger,
    body: web::Json<RenewalAnswerBody>,
) -> Result<HttpResponse, Problem> {
    let now = stranger.now();
    let task = TaskId::from_uuid(stranger.fresh_id());
    by_secret(&stranger, &body.token, async |tx, token| {
        let permit = found(questions::by_link(tx, token, true).await)?;
        // Before any field: whoever comes too late has nothing to correct.
        permit.open(now)?;
        let mut faults = Faults::default();
        let name = faults.text("/name", &body.name, NonBlank::parse);
        let said = Answer {
            name: faults.finish(name)?,
            wanted: body
                .holder_ids
                .iter()
                .map(|id| HolderId::from_uuid(*id))
                .collect(),
            note: body.note.clone().unwrap_or_default(),
        };
        let answered = answer(permit, said, task, now)?;
        Ok(questions::record_answered(tx, &answered).await?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<Closed> for Problem {
    fn from(closed: Closed) -> Self {
        let kind = match closed {
            Closed::Answered => ProblemType::LinkUsed,
            Closed::Replaced => ProblemType::LinkTurnedOff,
            Closed::Expired => ProblemType::LinkExpired,
        };
        Self::new(kind).detail(sentence(&closed.to_string()))
    }
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Closed(closed) => closed.into(),
            AnswerError::HolderUnknown => Self::field("/holder_ids", "unknown", error),
            AnswerError::Note(fault) => Self::field("/note", code(fault), fault),
        }
    }
}
