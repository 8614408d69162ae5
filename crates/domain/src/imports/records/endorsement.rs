//! A row of endorsements.csv.

use chrono::NaiveDate;

use super::{Cells, Fault, Header, Key, PolicyKey, Reading, kept};
use crate::imports::fault::Reason;
use crate::imports::values::{self, number};
use crate::policies::Line;
use crate::policies::endorsement::{Misfit, misfits};
use crate::policies::words::{Effect, Scope};
use crate::text::NonBlank;

/// A form attached to a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedEndorsement {
    /// The policy.
    pub policy: PolicyKey,
    /// Form number.
    pub form_number: NonBlank,
    /// Edition, `MM YY`.
    pub edition: NonBlank,
    /// Title.
    pub title: NonBlank,
    /// What it does.
    pub effect: Effect,
    /// Whom it reaches.
    pub scope: Scope,
    /// The parties on its schedule.
    pub scheduled_parties: Vec<NonBlank>,
    /// Days of notice.
    pub notice_days: Option<u16>,
    /// First day on which it stands.
    pub effective_on: Option<NaiveDate>,
    /// Day on which it was taken off.
    pub ends_on: Option<NaiveDate>,
}

/// A policy may carry a form once for everyone and once for the parties on its schedule.
fn endorsement_key(form: &Key, scope: Scope) -> Key {
    Key::of(&[form.as_str(), scope.as_str()])
}

fn form_key(policy: &PolicyKey, form_number: &NonBlank, edition: &NonBlank, effect: Effect) -> Key {
    Key::of(&[
        policy.key().as_str(),
        form_number.as_str(),
        edition.as_str(),
        effect.as_str(),
    ])
}

impl Reading for ImportedEndorsement {
    const NAMED_BY: &'static str = "policy, form_number, edition, effect and scope";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let policy = PolicyKey::read(&mut cells);
        let form_number = cells.required("form_number", values::form_number);
        let edition = cells.required("edition", values::edition);
        let title = cells.required_line("title", NonBlank::parse);
        let effect = cells.required_word("effect");
        let scope = cells.required_word("scope");
        let scheduled_parties = cells.list("scheduled_parties", NonBlank::parse);
        let notice_days = notice_days(&mut cells, effect);
        check_schedule(&mut cells, scope);
        let effective_on = cells.optional_date("form_effective_on");
        let ends_on = cells.optional_date("form_ends_on");
        let begun = effective_on.or(policy.as_ref().map(|policy| policy.effective_on));
        if ends_on.is_some_and(|end| begun.is_some_and(|begun| end <= begun)) {
            cells.fault("form_ends_on", Reason::FormEndsBeforeItBegins);
        }
        if let Some(line) = policy.as_ref().map(|policy| policy.line) {
            check_line(&mut cells, line, form_number.as_ref(), effect);
        }
        let record = (|| {
            Some(Self {
                policy: policy?,
                form_number: form_number?,
                edition: edition?,
                title: title?,
                effect: effect?,
                scope: scope?,
                scheduled_parties,
                notice_days,
                effective_on,
                ends_on,
            })
        })();
        cells.finish(record)
    }

    fn key(&self) -> Key {
        endorsement_key(&self.form_key(), self.scope)
    }

    fn key_of(cells: &mut Cells<'_>) -> Option<Key> {
        let policy = PolicyKey::read(cells)?;
        let form_number = cells.required("form_number", values::form_number)?;
        let edition = cells.required("edition", values::edition)?;
        let effect = cells.required_word("effect")?;
        let scope = cells.required_word("scope")?;
        let form = form_key(&policy, &form_number, &edition, effect);
        Some(endorsement_key(&form, scope))
    }
}

const PARTIES: &str = "the parties on the form's schedule";
const DAYS: &str = "the days of notice that the form gives";

fn notice_days(cells: &mut Cells<'_>, effect: Option<Effect>) -> Option<u16> {
    let read = |text: &str| number(text, 1, 365).map(|days| u16::try_from(days).unwrap_or(u16::MAX));
    match effect {
        // Where the file has no such column, the days may be stored; `lacks` sees it then.
        Some(Effect::NoticeOfCancellation) if cells.has("notice_days") => {
            cells.needed("notice_days", DAYS, read)
        }
        Some(_) if cells.filled("notice_days") => {
            let fix = "only a form with effect notice_of_cancellation gives notice; clear it";
            cells.fault("notice_days", Reason::Contradicts { other: "effect", fix });
            None
        }
        _ => cells.optional("notice_days", read),
    }
}

fn check_schedule(cells: &mut Cells<'_>, scope: Option<Scope>) {
    let parties = cells.filled("scheduled_parties");
    match scope {
        // Where the file has no such column, the parties may be stored; `lacks` sees it then.
        Some(Scope::Scheduled) if !parties && cells.has("scheduled_parties") => {
            cells.fault("scheduled_parties", Reason::Needed(PARTIES));
        }
        Some(Scope::Blanket | Scope::WhenRequiredByContract) if parties => {
            let fix = "clear it, or set scope to scheduled";
            cells.fault("scheduled_parties", Reason::Contradicts { other: "scope", fix });
        }
        _ => {}
    }
}

/// Refuses forms that cannot be on a policy of that line.
fn check_line(cells: &mut Cells<'_>, line: Line, form_number: Option<&NonBlank>, effect: Option<Effect>) {
    for misfit in misfits(line, form_number.map(NonBlank::as_str), effect) {
        let (column, why) = match misfit {
            Misfit::Effect(why) => ("effect", why),
            Misfit::Number(why) => ("form_number", why),
        };
        cells.fault(column, Reason::NotOnLine { line, why });
    }
}

impl ImportedEndorsement {
    /// What names the form, whomever it reaches: its key without the scope.
    #[must_use]
    pub fn form_key(&self) -> Key {
        form_key(&self.policy, &self.form_number, &self.edition, self.effect)
    }

    pub(super) fn when_repeated(&self) -> &'static str {
        if self.scope == Scope::Scheduled {
            "write all parties into scheduled_parties of one row, separated by semicolons"
        } else {
            super::KEEP_ONE
        }
    }

    pub(super) fn lacks(&self) -> Option<(&'static str, Reason)> {
        if self.scope == Scope::Scheduled && self.scheduled_parties.is_empty() {
            return Some(("scheduled_parties", Reason::Needed(PARTIES)));
        }
        if self.effect == Effect::NoticeOfCancellation && self.notice_days.is_none() {
            return Some(("notice_days", Reason::Needed(DAYS)));
        }
        // The one may come from the file and the other from what is stored.
        if let (Some(first), Some(end)) = (self.effective_on, self.ends_on)
            && end <= first
        {
            return Some(("form_ends_on", Reason::FormEndsBeforeItBegins));
        }
        None
    }

    pub(super) fn over(self, old: &Self, header: &Header) -> Self {
        // A schedule belongs to its scope, so it is kept only while the form is still scheduled.
        let scheduled = self.scope == Scope::Scheduled;
        Self {
            scheduled_parties: if scheduled {
                kept(
                    header,
                    "scheduled_parties",
                    self.scheduled_parties,
                    &old.scheduled_parties,
                )
            } else {
                self.scheduled_parties
            },
            notice_days: kept(header, "notice_days", self.notice_days, &old.notice_days),
            effective_on: kept(header, "form_effective_on", self.effective_on, &old.effective_on),
            ends_on: kept(header, "form_ends_on", self.ends_on, &old.ends_on),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::imports::{File, Header, Reason, Record, Row};

    const COLUMNS: &str = "policy_number,effective_on,line,form_number,edition,title,effect,scope,scheduled_parties,notice_days";

    fn read(cells: &str) -> Result<Record, Vec<(String, Reason)>> {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let header = Header::read(File::Endorsements, &list(COLUMNS)).unwrap();
        Record::read(
            &header,
            &Row {
                line: 2,
                cells: list(cells),
            },
        )
        .map_err(|faults| {
            faults
                .into_iter()
                .map(|fault| (fault.column.unwrap_or_default(), fault.reason))
                .collect()
        })
    }

    fn columns(cells: &str) -> Vec<String> {
        read(cells)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|(column, _)| column)
            .collect()
    }

    #[test]
    fn workers_compensation_has_no_additional_insured() {
        let row = |form: &str, effect: &str| {
            columns(&format!(
                "W-1,3/1/2026,workers_compensation,{form},04 84,Some title,{effect},blanket,,"
            ))
        };
        assert_eq!(row("WC 00 03 13", "waiver"), [""; 0]);
        assert_eq!(row("WC 99 06 37", "additional_insured_ongoing"), ["effect"]);
        assert_eq!(row("WC 99 06 37", "primary_noncontributory"), ["effect"]);
        assert_eq!(row("CG 24 04", "waiver"), ["form_number"]);
    }

    #[test]
    fn a_form_stands_on_a_policy_of_its_line() {
        let row = |line: &str, form: &str| {
            columns(&format!(
                "P-1,3/1/2026,{line},{form},10 13,Some title,waiver,blanket,,"
            ))
        };
        assert_eq!(row("commercial_auto", "CA 04 44"), [""; 0]);
        assert_eq!(row("commercial_auto", "CG 24 04"), ["form_number"]);
        assert_eq!(row("general_liability", "CA 04 44"), ["form_number"]);
        assert_eq!(row("umbrella_excess", "CG 24 04"), [""; 0]);
        assert_eq!(row("general_liability", "WC 00 03 13"), ["form_number"]);
    }

    #[test]
    fn a_schedule_and_its_scope_belong_together() {
        let row = |scope: &str, parties: &str| {
            columns(&format!(
                "P-1,3/1/2026,general_liability,CG 20 10,04 13,Some title,additional_insured_ongoing,{scope},{parties},"
            ))
        };
        assert_eq!(row("scheduled", "City of Sparks"), [""; 0]);
        assert_eq!(row("scheduled", ""), ["scheduled_parties"]);
        assert_eq!(row("blanket", "City of Sparks"), ["scheduled_parties"]);
    }

    #[test]
    fn a_form_stands_on_a_policy_once_for_each_scope_and_its_parties_in_one_row() {
        let row = |scope: &str, parties: &str| {
            read(&format!(
                "P-1,3/1/2026,general_liability,CG 24 04,05 09,Some title,waiver,{scope},{parties},"
            ))
            .unwrap()
        };
        let [sparks, reno, blanket] = [
            row("scheduled", "City of Sparks"),
            row("scheduled", "City of Reno"),
            row("blanket", ""),
        ];
        assert_eq!(sparks.key(), reno.key());
        assert_ne!(sparks.key(), blanket.key());
        assert_eq!(
            sparks.when_repeated(),
            "write all parties into scheduled_parties of one row, separated by semicolons"
        );
        assert_eq!(blanket.when_repeated(), "keep one of the rows");
    }

    #[test]
    fn what_the_file_has_no_column_for_is_kept_or_else_missing() {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let bare = "policy_number,effective_on,line,form_number,edition,title,effect,scope";
        let header = Header::read(File::Endorsements, &list(bare)).unwrap();
        for (effect, stored, column) in [
            (
                "waiver,scheduled",
                "waiver,scheduled,City of Sparks,",
                "scheduled_parties",
            ),
            (
                "notice_of_cancellation,blanket",
                "notice_of_cancellation,blanket,,30",
                "notice_days",
            ),
        ] {
            let form = "P-1,3/1/2026,general_liability,IL 09 99,05 09,Some title";
            let cells = list(&format!("{form},{effect}"));
            let record = Record::read(&header, &Row { line: 2, cells }).unwrap();
            assert_eq!(record.lacks().map(|(column, _)| column), Some(column));
            let stored = read(&format!("{form},{stored}")).unwrap();
            let merged = record.over(&stored, &header);
            assert_eq!(merged.lacks(), None);
            assert_eq!(merged, stored);
        }
    }

    #[test]
    fn a_form_may_have_days_of_its_own() {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let header = Header::read(
            File::Endorsements,
            &list(&format!("{COLUMNS},form_effective_on,form_ends_on")),
        )
        .unwrap();
        let read = |days: &str| {
            let form = "P-1,3/1/2026,general_liability,CG 24 04,05 09,Some title,waiver,blanket,,";
            let cells = list(&format!("{form},{days}"));
            Record::read(&header, &Row { line: 2, cells })
        };
        let Ok(Record::Endorsement(form)) = read("6/1/2026,11/1/2026") else {
            panic!("a form with days of its own is good");
        };
        assert_eq!(form.ends_on, Some(crate::testing::day("2026-11-01")));
        for backward in ["6/1/2026,6/1/2026", ",3/1/2026"] {
            let faults = read(backward).unwrap_err();
            assert_eq!(faults[0].reason, Reason::FormEndsBeforeItBegins, "{backward}");
        }
    }

    #[test]
    fn only_a_notice_form_gives_notice() {
        let row = |effect: &str, days: &str| {
            columns(&format!(
                "P-1,3/1/2026,general_liability,IL 09 99,01 07,Some title,{effect},blanket,,{days}"
            ))
        };
        assert_eq!(row("notice_of_cancellation", "30"), [""; 0]);
        assert_eq!(row("notice_of_cancellation", ""), ["notice_days"]);
        assert_eq!(row("notice_of_cancellation", "0"), ["notice_days"]);
        assert_eq!(row("waiver", "30"), ["notice_days"]);
    }
}
