//! Answering, for whoever has the link.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Closed, MAX_NOTE, Question};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::AnswerRenewal;
use crate::authz::{By, Permit};
use crate::ids::{HolderId, QuestionId, TaskId};
use crate::text::{NonBlank, TextError, paragraphs};

/// What the insured says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Who answers, as they write it.
    pub name: NonBlank,
    /// The holders that still need a certificate.
    pub wanted: BTreeSet<HolderId>,
    /// What else there is to say, possibly nothing.
    pub note: String,
}

/// Why an answer was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It cannot be answered any more.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// A holder that was not asked about.
    #[error("is not one of the holders that were asked about")]
    HolderUnknown,
    /// The note is not printable or too long.
    #[error("{0}")]
    Note(TextError),
}

/// The insured has answered.
#[derive(Debug)]
pub struct Answered {
    question: Question,
    answer: Answer,
    task: TaskId,
    by: By,
    at: DateTime<Utc>,
}

/// Takes the answer, once. `task` is what makes staff look at it.
///
/// # Errors
/// [`AnswerError`].
pub fn answer(
    permit: Permit<AnswerRenewal>,
    answer: Answer,
    task: TaskId,
    now: DateTime<Utc>,
) -> Result<Answered, AnswerError> {
    permit.open(now)?;
    let note = paragraphs(&answer.note, MAX_NOTE).map_err(AnswerError::Note)?;
    let asked = |id: &HolderId| permit.holders.iter().any(|holder| holder.id == *id);
    if !answer.wanted.iter().all(asked) {
        return Err(AnswerError::HolderUnknown);
    }
    let by = permit.by();
    Ok(Answered {
        question: permit.into_target(),
        answer: Answer { note, ..answer },
        task,
        by,
        at: now,
    })
}

impl Answered {
    /// Which question.
    #[must_use]
    pub const fn question(&self) -> QuestionId {
        self.question.id
    }

    /// The task for staff that it makes.
    #[must_use]
    pub const fn task(&self) -> TaskId {
        self.task
    }

    /// Who answered, as the history names it.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// What was said.
    #[must_use]
    pub const fn answer(&self) -> &Answer {
        &self.answer
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Answered {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::RenewalAnswered,
            insured: Some(self.question.insured),
            object_kind: "master",
            object_id: Some(self.question.master.uuid()),
            object_label: self.question.insured_name.clone(),
            detail: json!({
                "name": self.answer.name, "wanted": self.answer.wanted.len(),
                "rows": self.question.holders.len(), "note": self.answer.note,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Process;
    use crate::testing as cast;

    fn said(question: Question, wanted: &[HolderId], now: DateTime<Utc>) -> Result<Answered, AnswerError> {
        let permit = cast::system(Process::LinkReader).request(question).unwrap();
        let said = Answer {
            name: cast::text("Pat Rivera"),
            wanted: wanted.iter().copied().collect(),
            note: " The bridge job is done. ".to_owned(),
        };
        answer(permit, said, TaskId::from_uuid(uuid::Uuid::from_u128(5)), now)
    }

    #[test]
    fn an_answer_says_who_needs_one_and_who_says_so() {
        let answered = said(cast::question(), &[cast::HOLDER], cast::now()).unwrap();
        assert_eq!(answered.answer().note, "The bridge job is done.");
        let detail = answered.entry().detail;
        assert_eq!((&detail["wanted"], &detail["rows"]), (&json!(1), &json!(2)));
        assert_eq!(detail["name"], "Pat Rivera");
        assert!(
            said(cast::question(), &[], cast::now()).is_ok(),
            "nobody is an answer too"
        );
    }

    #[test]
    fn a_question_is_answered_once_in_its_time_and_about_those_who_were_asked_about() {
        let stranger = HolderId::from_uuid(uuid::Uuid::from_u128(99));
        assert_eq!(
            said(cast::question(), &[stranger], cast::now()).unwrap_err(),
            AnswerError::HolderUnknown
        );
        let question = cast::question;
        let answered = Question {
            answered_at: Some(cast::now()),
            ..question()
        };
        let replaced = Question {
            replaced_at: Some(cast::now()),
            ..question()
        };
        let end = question().expires_at;
        for (question, now, why) in [
            (answered, cast::now(), Closed::Answered),
            (replaced, cast::now(), Closed::Replaced),
            (question(), end, Closed::Expired),
        ] {
            assert_eq!(said(question, &[], now).unwrap_err(), AnswerError::Closed(why));
        }
    }
}
