//! The forms on a policy: added, changed, taken off.
//!
//! Invariant: a form fits the policy's line, and its own days lie within the term.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::endorsement::{Endorsement, Misfit, misfits};
use super::record::PolicyRecord;
use super::terms::{Terms, differences};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditPolicy;
use crate::authz::{By, Permit};
use crate::ids::EndorsementId;
use crate::text::NonBlank;

/// Why a form was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndorseError {
    /// The form is not on this policy.
    #[error("the endorsement is not on this policy")]
    NoSuchForm,
    /// The form does not fit the policy's line by its effect.
    #[error("{0}")]
    EffectNotOnLine(&'static str),
    /// The form does not fit the policy's line by its number.
    #[error("{0}")]
    NumberNotOnLine(&'static str),
    /// Its first day lies outside the term.
    #[error("must be a day of the policy's term")]
    BeginsOutsideTerm,
    /// Its end lies outside the term.
    #[error("must be a day of the policy's term")]
    EndsOutsideTerm,
    /// It would end before it stands.
    #[error("must be after the day from which the endorsement stands")]
    EndsBeforeItBegins,
}

/// What became of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormChange {
    /// It was added.
    Added(Endorsement),
    /// It was changed.
    Changed {
        /// As it was.
        before: Endorsement,
        /// As it is now.
        after: Endorsement,
    },
    /// It was taken off the record, as if it had never been there.
    Removed(Endorsement),
}

/// The forms of a policy were changed.
#[derive(Debug)]
pub struct Endorsed {
    before: PolicyRecord,
    change: FormChange,
    by: By,
    at: DateTime<Utc>,
}

fn check(record: &PolicyRecord, form: &Endorsement) -> Result<(), EndorseError> {
    let terms = Terms::from(&record.policy);
    let number = Some(form.form_number.as_str());
    match misfits(record.policy.line(), number, Some(form.effect.word())).next() {
        Some(Misfit::Effect(why)) => return Err(EndorseError::EffectNotOnLine(why)),
        Some(Misfit::Number(why)) => return Err(EndorseError::NumberNotOnLine(why)),
        None => {}
    }
    if form
        .effective_on
        .is_some_and(|day| !terms.reaches(day) || day == terms.expires_on)
    {
        return Err(EndorseError::BeginsOutsideTerm);
    }
    if form.ends_on.is_some_and(|day| !terms.reaches(day)) {
        return Err(EndorseError::EndsOutsideTerm);
    }
    match (form.effective_on, form.ends_on) {
        (Some(first), Some(end)) if end <= first => Err(EndorseError::EndsBeforeItBegins),
        _ => Ok(()),
    }
}

fn on_policy(record: &PolicyRecord, id: EndorsementId) -> Result<Endorsement, EndorseError> {
    let mut forms = record.policy.endorsements.iter();
    let found = forms.find(|form| form.id == id).cloned();
    found.ok_or(EndorseError::NoSuchForm)
}

/// Adds a form.
///
/// # Errors
/// [`EndorseError`].
pub fn add(
    permit: Permit<EditPolicy>,
    form: Endorsement,
    now: DateTime<Utc>,
) -> Result<Endorsed, EndorseError> {
    check(&permit, &form)?;
    Ok(Endorsed::of(permit, FormChange::Added(form), now))
}

/// Changes a form; with an end it is taken off in mid-term.
///
/// # Errors
/// [`EndorseError`].
pub fn change(
    permit: Permit<EditPolicy>,
    after: Endorsement,
    now: DateTime<Utc>,
) -> Result<Endorsed, EndorseError> {
    let before = on_policy(&permit, after.id)?;
    check(&permit, &after)?;
    // What is written down says nothing of the file.
    let after = Endorsement {
        file: before.file.clone(),
        ..after
    };
    Ok(Endorsed::of(permit, FormChange::Changed { before, after }, now))
}

/// Takes a form off the record that was never on the policy. One that was gets an end instead.
///
/// # Errors
/// [`EndorseError::NoSuchForm`].
pub fn remove(
    permit: Permit<EditPolicy>,
    id: EndorsementId,
    now: DateTime<Utc>,
) -> Result<Endorsed, EndorseError> {
    let form = on_policy(&permit, id)?;
    Ok(Endorsed::of(permit, FormChange::Removed(form), now))
}

impl Endorsed {
    fn of(permit: Permit<EditPolicy>, change: FormChange, now: DateTime<Utc>) -> Self {
        let by = permit.by();
        Self {
            before: permit.into_target(),
            change,
            by,
            at: now,
        }
    }

    /// The policy as it was.
    #[must_use]
    pub const fn before(&self) -> &PolicyRecord {
        &self.before
    }

    /// What became of the form.
    #[must_use]
    pub const fn change(&self) -> &FormChange {
        &self.change
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

fn said(form: &Endorsement) -> Vec<(String, String, Option<String>)> {
    let fact = |field: &str, label: &str, says: Option<String>| (field.to_owned(), label.to_owned(), says);
    let us = |day: chrono::NaiveDate| day.format("%m/%d/%Y").to_string();
    let word = |word: &str| word.replace('_', " ");
    let parties: Vec<_> = form.scope.parties().iter().map(NonBlank::as_str).collect();
    vec![
        fact("form_number", "Form number", Some(form.form_number.to_string())),
        fact("edition", "Edition", Some(form.edition.to_string())),
        fact("title", "Title", Some(form.title.to_string())),
        fact("effect", "Effect", Some(word(form.effect.word().as_str()))),
        fact("scope", "Reaches", Some(word(form.scope.word().as_str()))),
        fact(
            "scheduled_parties",
            "Scheduled parties",
            (!parties.is_empty()).then(|| parties.join("; ")),
        ),
        fact(
            "notice_days",
            "Days of notice",
            form.effect.notice_days().map(|days| days.to_string()),
        ),
        fact("effective_on", "Stands from", form.effective_on.map(us)),
        fact("ends_on", "Taken off", form.ends_on.map(us)),
    ]
}

impl Audited for Endorsed {
    fn entry(&self) -> Entry {
        let policy = &self.before.policy;
        let (action, form, changes) = match &self.change {
            FormChange::Added(form) => (
                Action::EndorsementAdded,
                form,
                differences(Vec::new(), said(form)),
            ),
            FormChange::Changed { before, after } => (
                Action::EndorsementEdited,
                after,
                differences(said(before), said(after)),
            ),
            FormChange::Removed(form) => (
                Action::EndorsementRemoved,
                form,
                differences(said(form), Vec::new()),
            ),
        };
        Entry {
            by: self.by.clone(),
            action,
            insured: Some(policy.insured_id),
            object_kind: "policy",
            object_id: Some(policy.id.uuid()),
            object_label: policy.number.to_string(),
            detail: json!({ "form": form.name(), "endorsement": form.id, "changes": changes }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::endorsement::Effect;
    use crate::testing as cast;

    fn permit() -> Permit<EditPolicy> {
        let record = cast::on_file(cast::general_liability());
        cast::administrator().request(record).unwrap()
    }

    fn added(change: impl FnOnce(&mut Endorsement)) -> Result<Endorsed, EndorseError> {
        let mut form = cast::form(90, "CG 20 37", "04 13", Effect::AdditionalInsuredCompleted);
        change(&mut form);
        add(permit(), form, cast::now())
    }

    #[test]
    fn a_form_fits_the_line_and_stands_within_the_term() {
        assert!(added(|_| {}).is_ok());
        assert!(matches!(
            added(|form| form.form_number = cast::text("CA 20 48")),
            Err(EndorseError::NumberNotOnLine(_))
        ));
        let day = |text: &str| Some(cast::day(text));
        assert_eq!(
            added(|form| form.effective_on = day("2026-02-28")).unwrap_err(),
            EndorseError::BeginsOutsideTerm
        );
        assert_eq!(
            added(|form| form.effective_on = day("2027-03-01")).unwrap_err(),
            EndorseError::BeginsOutsideTerm
        );
        assert_eq!(
            added(|form| form.ends_on = day("2027-03-02")).unwrap_err(),
            EndorseError::EndsOutsideTerm
        );
        assert_eq!(
            added(|form| (form.effective_on, form.ends_on) = (day("2026-06-01"), day("2026-06-01")))
                .unwrap_err(),
            EndorseError::EndsBeforeItBegins
        );
        let workers = cast::on_file(cast::workers_compensation());
        let permit = cast::administrator().request(workers).unwrap();
        let form = cast::form(91, "XX 1", "04 13", Effect::AdditionalInsuredOngoing);
        assert!(matches!(
            add(permit, form, cast::now()),
            Err(EndorseError::EffectNotOnLine(_))
        ));
    }

    #[test]
    fn each_change_says_what_became_of_the_form() {
        let form = cast::general_liability().endorsements[0].clone();
        let mut ended = form.clone();
        ended.ends_on = Some(cast::day("2026-11-02"));
        let changed = change(permit(), ended, cast::now()).unwrap().entry();
        assert_eq!(changed.action, Action::EndorsementEdited);
        assert_eq!(changed.detail["form"], "CG 20 10 04 13");
        assert_eq!(
            changed.detail["changes"],
            json!([{ "field": "ends_on", "label": "Taken off", "after": "11/02/2026" }])
        );
        let removed = remove(permit(), form.id, cast::now()).unwrap().entry();
        assert_eq!(removed.action, Action::EndorsementRemoved);
        assert_eq!(removed.detail["changes"][0]["before"], "CG 20 10");
        assert_eq!(added(|_| {}).unwrap().entry().action, Action::EndorsementAdded);
        let stranger = cast::commercial_auto().endorsements[0].clone();
        assert_eq!(
            change(permit(), stranger.clone(), cast::now()).unwrap_err(),
            EndorseError::NoSuchForm
        );
        assert_eq!(
            remove(permit(), stranger.id, cast::now()).unwrap_err(),
            EndorseError::NoSuchForm
        );
    }
}
