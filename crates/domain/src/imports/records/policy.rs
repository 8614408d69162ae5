//! Rows of policies.csv and carriers.csv.

use chrono::NaiveDate;

use super::{Cells, Fault, Header, Key, Reading, kept};
use crate::imports::fault::Reason;
use crate::policies::words::{IssuingAuthority, Status};
use crate::policies::{Line, Naic};
use crate::text::NonBlank;

/// What names a policy: its number as printed, the first day of its term and its line. The line belongs
/// to it because both parts of a package may carry one number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PolicyKey {
    /// The number.
    pub number: NonBlank,
    /// First day of the term.
    pub effective_on: NaiveDate,
    /// The line.
    pub line: Line,
}

impl PolicyKey {
    /// The key that a row of any file about this policy has or begins with.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::of(&[
            self.number.as_str(),
            &self.effective_on.to_string(),
            self.line.as_str(),
        ])
    }

    /// Reads the three columns that name a policy.
    pub(super) fn read(cells: &mut Cells<'_>) -> Option<Self> {
        let number = cells.required_line("policy_number", NonBlank::parse);
        let effective_on = cells.required_date("effective_on");
        let line = cells.required_word("line");
        Some(Self {
            number: number?,
            effective_on: effective_on?,
            line: line?,
        })
    }
}

/// A policy; what it covers stands in its own file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedPolicy {
    /// What names it.
    pub policy: PolicyKey,
    /// The customer.
    pub customer_id: NonBlank,
    /// The insurer.
    pub naic: Naic,
    /// Day on which the term ends.
    pub expires_on: NaiveDate,
    /// How it stands on the agency's books.
    pub status: Status,
    /// Named insured, where it differs from the customer's name.
    pub named_insured: Option<NonBlank>,
    /// Day on which a cancellation takes effect.
    pub cancelled_on: Option<NaiveDate>,
    /// Why it was cancelled.
    pub cancel_reason: Option<NonBlank>,
    /// For a surplus lines policy, who may issue certificates for it.
    pub issuing_authority: Option<IssuingAuthority>,
    /// The wholesaler that alone issues.
    pub wholesaler: Option<NonBlank>,
}

impl Reading for ImportedPolicy {
    const NAMED_BY: &'static str = "policy_number, effective_on and line";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let customer_id = cells.required_line("customer_id", NonBlank::parse);
        let policy = PolicyKey::read(&mut cells);
        let expires_on = cells.required_date("expires_on");
        let naic = cells.required("naic", |text| Naic::parse(text).map_err(Reason::Naic));
        let status = cells.required_word("status");
        let named_insured = cells.optional_line("named_insured", NonBlank::parse);
        let cancelled_on = cells.optional_date("cancelled_on");
        let cancel_reason = cells.optional_line("cancel_reason", NonBlank::parse);
        check_term(
            &mut cells,
            policy.as_ref().map(|policy| policy.effective_on),
            expires_on,
            cancelled_on,
        );
        check_cancellation(&mut cells, status);
        let issuing_authority = cells.optional_word("issuing_authority");
        let wholesaler = cells.optional_line("wholesaler", NonBlank::parse);
        check_authority(&mut cells, issuing_authority);
        let record = (|| {
            Some(Self {
                policy: policy?,
                customer_id: customer_id?,
                naic: naic?,
                expires_on: expires_on?,
                status: status?,
                named_insured,
                cancelled_on,
                cancel_reason,
                issuing_authority,
                wholesaler,
            })
        })();
        cells.finish(record)
    }

    fn key(&self) -> Key {
        self.policy.key()
    }

    fn key_of(cells: &mut Cells<'_>) -> Option<Key> {
        PolicyKey::read(cells).map(|policy| policy.key())
    }
}

fn check_term(
    cells: &mut Cells<'_>,
    effective_on: Option<NaiveDate>,
    expires_on: Option<NaiveDate>,
    cancelled_on: Option<NaiveDate>,
) {
    let (Some(effective_on), Some(expires_on)) = (effective_on, expires_on) else {
        return;
    };
    if expires_on <= effective_on {
        cells.fault("expires_on", Reason::TermBackward);
    } else if cancelled_on.is_some_and(|on| on < effective_on || on > expires_on) {
        cells.fault("cancelled_on", Reason::CancelledOutsideTerm);
    }
}

fn check_cancellation(cells: &mut Cells<'_>, status: Option<Status>) {
    match status {
        // Where the file has no such column, the day may be stored; `lacks` sees it then.
        Some(Status::Cancelled) if cells.has("cancelled_on") && !cells.filled("cancelled_on") => {
            cells.fault("cancelled_on", Reason::CancelledWithoutDate);
        }
        Some(Status::Cancelled) | None => {}
        Some(_) => {
            for column in ["cancelled_on", "cancel_reason"] {
                if cells.filled(column) {
                    cells.fault(column, Reason::NotCancelled);
                }
            }
        }
    }
}

const NAME: &str = "the name of the wholesaler that alone issues certificates";

fn check_authority(cells: &mut Cells<'_>, authority: Option<IssuingAuthority>) {
    let named = cells.filled("wholesaler");
    match authority {
        // Where the file has no such column, the name may be stored; `lacks` sees it then.
        Some(IssuingAuthority::Wholesaler) if !named && cells.has("wholesaler") => {
            cells.fault("wholesaler", Reason::Needed(NAME));
        }
        Some(IssuingAuthority::Wholesaler) => {}
        // A cell that does not read has its own fault.
        None if cells.filled("issuing_authority") => {}
        _ if named => {
            let fix = "clear it, or set issuing_authority to wholesaler";
            cells.fault(
                "wholesaler",
                Reason::Contradicts {
                    other: "issuing_authority",
                    fix,
                },
            );
        }
        _ => {}
    }
}

impl ImportedPolicy {
    pub(super) fn over(self, old: &Self, header: &Header) -> Self {
        // Day and reason belong to the cancellation: they are not carried over to a policy in force.
        let still_cancelled = self.status == Status::Cancelled && old.status == Status::Cancelled;
        let (day, reason) = if still_cancelled {
            (&old.cancelled_on, &old.cancel_reason)
        } else {
            (&None, &None)
        };
        let issuing_authority = kept(
            header,
            "issuing_authority",
            self.issuing_authority,
            &old.issuing_authority,
        );
        // A wholesaler's name belongs to its authority, and goes with it.
        let names = issuing_authority == Some(IssuingAuthority::Wholesaler);
        let wholesaler = if names { &old.wholesaler } else { &None };
        Self {
            issuing_authority,
            wholesaler: kept(header, "wholesaler", self.wholesaler, wholesaler),
            named_insured: kept(header, "named_insured", self.named_insured, &old.named_insured),
            cancelled_on: kept(header, "cancelled_on", self.cancelled_on, day),
            cancel_reason: kept(header, "cancel_reason", self.cancel_reason, reason),
            ..self
        }
    }

    pub(super) fn lacks(&self) -> Option<(&'static str, Reason)> {
        let names = self.issuing_authority == Some(IssuingAuthority::Wholesaler);
        if names && self.wholesaler.is_none() {
            return Some(("wholesaler", Reason::Needed(NAME)));
        }
        let term = self.policy.effective_on..=self.expires_on;
        let reason = match self.cancelled_on {
            None if self.status == Status::Cancelled => Reason::CancelledWithoutDate,
            Some(day) if !term.contains(&day) => Reason::CancelledOutsideTerm,
            _ => return None,
        };
        Some(("cancelled_on", reason))
    }
}

/// An insurer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedCarrier {
    /// NAIC company code.
    pub naic: Naic,
    /// Legal name of the writing company.
    pub name: NonBlank,
}

impl Reading for ImportedCarrier {
    const NAMED_BY: &'static str = "naic";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let naic = cells.required("naic", |text| Naic::parse(text).map_err(Reason::Naic));
        let name = cells.required_line("name", NonBlank::parse);
        let record = naic.zip(name).map(|(naic, name)| Self { naic, name });
        cells.finish(record)
    }

    fn key(&self) -> Key {
        Key::carrier(&self.naic)
    }

    fn key_of(cells: &mut Cells<'_>) -> Option<Key> {
        cells
            .required("naic", |text| Naic::parse(text).map_err(Reason::Naic))
            .map(|naic| Key::carrier(&naic))
    }
}

#[cfg(test)]
mod tests {
    use crate::imports::{File, Header, Reason, Record, Row};

    const COLUMNS: &str =
        "customer_id,policy_number,effective_on,expires_on,line,naic,status,cancelled_on,cancel_reason";

    fn faults(cells: &str) -> Vec<(String, Reason)> {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let header = Header::read(File::Policies, &list(COLUMNS)).unwrap();
        match Record::read(
            &header,
            &Row {
                line: 2,
                cells: list(cells),
            },
        ) {
            Ok(_) => Vec::new(),
            Err(faults) => faults
                .into_iter()
                .map(|fault| (fault.column.unwrap_or_default(), fault.reason))
                .collect(),
        }
    }

    #[test]
    fn a_term_runs_forward() {
        assert_eq!(
            faults("C-1,GL-1,3/1/2026,2027-03-01,General Liability,25674,active,,"),
            []
        );
        assert_eq!(
            faults("C-1,GL-1,3/1/2026,3/1/2026,general_liability,25674,active,,"),
            [("expires_on".into(), Reason::TermBackward)]
        );
    }

    #[test]
    fn a_cancellation_and_its_date_belong_together() {
        let row = |rest: &str| {
            faults(&format!(
                "C-1,GL-1,3/1/2026,3/1/2027,general_liability,25674,{rest}"
            ))
        };
        assert_eq!(row("Canceled,9/15/2026,Nonpayment"), []);
        assert_eq!(row("cancelled,3/1/2026,flat"), []);
        assert_eq!(
            row("cancelled,,"),
            [("cancelled_on".into(), Reason::CancelledWithoutDate)]
        );
        assert_eq!(
            row("cancelled,3/2/2027,"),
            [("cancelled_on".into(), Reason::CancelledOutsideTerm)]
        );
        assert_eq!(
            row("active,9/15/2026,why"),
            [
                ("cancelled_on".into(), Reason::NotCancelled),
                ("cancel_reason".into(), Reason::NotCancelled)
            ]
        );
    }

    #[test]
    fn a_day_of_cancellation_that_the_file_has_no_column_for_is_kept_or_else_missing() {
        let read = |columns: &str, cells: &str| {
            let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
            let header = Header::read(File::Policies, &list(columns)).unwrap();
            let cells = list(cells);
            let record = Record::read(&header, &Row { line: 2, cells }).unwrap();
            (record, header)
        };
        let policy =
            |until: &str, rest: &str| format!("C-1,GL-1,3/1/2026,{until},general_liability,25674,{rest}");
        let (stored, _) = read(COLUMNS, &policy("3/1/2027", "cancelled,9/15/2026,Nonpayment"));
        let (active, _) = read(COLUMNS, &policy("3/1/2027", "active,,"));
        let bare = "customer_id,policy_number,effective_on,expires_on,line,naic,status";
        let again = |until: &str| read(bare, &policy(until, "cancelled"));
        let (record, header) = again("3/1/2027");
        assert_eq!(
            record.lacks(),
            Some(("cancelled_on", Reason::CancelledWithoutDate))
        );
        assert_eq!(record.clone().over(&stored, &header), stored);
        assert_eq!(
            record.over(&active, &header).lacks().map(|(column, _)| column),
            Some("cancelled_on")
        );
        let (shorter, header) = again("9/1/2026");
        assert_eq!(
            shorter.over(&stored, &header).lacks(),
            Some(("cancelled_on", Reason::CancelledOutsideTerm))
        );
    }

    #[test]
    fn a_wholesaler_and_its_authority_belong_together() {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let read = |columns: &str, rest: &str| {
            let bare = "customer_id,policy_number,effective_on,expires_on,line,naic,status";
            let header = Header::read(File::Policies, &list(&format!("{bare}{columns}"))).unwrap();
            let cells = list(&format!(
                "C-1,GL-1,3/1/2026,3/1/2027,general_liability,25674,active{rest}"
            ));
            (Record::read(&header, &Row { line: 2, cells }), header)
        };
        let both = |rest: &str| read(",issuing_authority,wholesaler", rest).0;
        let stored = both(",Wholesaler,Sierra Wholesale Brokers").unwrap();
        let column = |rest: &str| {
            let faults = both(rest).unwrap_err();
            faults
                .into_iter()
                .map(|fault| fault.column.unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(column(",wholesaler,"), ["wholesaler"]);
        assert_eq!(column(",agency,Sierra Wholesale Brokers"), ["wholesaler"]);
        assert_eq!(column(",,Sierra Wholesale Brokers"), ["wholesaler"]);
        assert_eq!(column(",broker,"), ["issuing_authority"]);
        // What the file has no column for stays, and goes where it no longer belongs.
        let (plain, header) = read("", "");
        assert_eq!(plain.unwrap().over(&stored, &header), stored);
        let (agency, header) = read(",issuing_authority", ",agency");
        let merged = agency.unwrap().over(&stored, &header);
        assert_eq!(merged, both(",agency,").unwrap());
        let (named, header) = read(",issuing_authority", ",wholesaler");
        let named = named.unwrap();
        assert_eq!(named.lacks().map(|(column, _)| column), Some("wholesaler"));
        assert_eq!(named.over(&stored, &header), stored);
    }

    #[test]
    fn every_fault_of_a_row_is_reported_at_once() {
        let reasons = faults(",GL-1,3/1/26,13/01/2027,auto,2567,alive,,");
        let columns: Vec<_> = reasons.iter().map(|(column, _)| column.as_str()).collect();
        assert_eq!(
            columns,
            [
                "customer_id",
                "effective_on",
                "line",
                "expires_on",
                "naic",
                "status"
            ]
        );
    }
}
