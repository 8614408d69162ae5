//! Which rows an import has, which of them are good, and whether what they refer to exists.
//!
//! A check runs in two passes. The first notes every row ([`Ledger::note`]); the second settles every
//! record ([`Ledger::settle`]) in the order of [`SETTLING`], so that a row which depends on a faulty row
//! is found to be faulty too.
//!
//! Invariant: the ledger keeps a fixed number of bytes for each key, whatever stands in its rows and however
//! many of them there are; what it says of a row is short.

use std::collections::{HashMap, HashSet};

use super::File;
use super::fault::{Fault, Reason};
use super::records::{Key, PolicyKey, Record, Reference, Target};
use crate::policies::Line;

/// The order in which the files are settled and written: a file comes after those it refers to. Cover
/// comes after its policy, although a policy needs a good row of cover: that row's own faults are noted by
/// then.
pub const SETTLING: [File; 8] = [
    File::Carriers,
    File::Insureds,
    File::Contacts,
    File::Policies,
    File::Coverages,
    File::Endorsements,
    File::Vehicles,
    File::Holders,
];

/// How many other lines with its key are named to a row; the rest is counted.
const NAMED: usize = 3;

/// The rows with one key. Nothing here grows with their number.
#[derive(Debug)]
struct Entry {
    faulty: bool,
    /// How many rows there are.
    rows: u32,
    /// The lines of the first ones; one more than is named, so that each of them can be told of others.
    first: [u32; NAMED + 1],
}

impl Entry {
    const fn new(line: u32, faulty: bool) -> Self {
        Self {
            faulty,
            rows: 1,
            first: [line; NAMED + 1],
        }
    }

    fn line(&self) -> u32 {
        self.first.first().copied().unwrap_or_default()
    }

    fn repeat(&mut self, line: u32) {
        if let Some(place) = self.first.get_mut(self.rows as usize) {
            *place = line;
        }
        self.rows = self.rows.saturating_add(1);
        self.faulty = true;
    }

    /// The first lines other than `line`, and how many there are beyond them.
    fn others(&self, line: u32) -> (Vec<u32>, u32) {
        let known = self.first.iter().take(self.rows as usize);
        let named: Vec<u32> = known
            .copied()
            .filter(|other| *other != line)
            .take(NAMED)
            .collect();
        let more = self
            .rows
            .saturating_sub(1 + u32::try_from(named.len()).unwrap_or(0));
        (named, more)
    }
}

/// What the agency's records already hold of what a batch of rows refers to.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Customers, by [`Target::Customer`].
    pub customers: HashSet<Key>,
    /// Insurers, by [`Target::Carrier`].
    pub carriers: HashSet<Key>,
    /// Policies of any line, also of another line than was asked for.
    pub policies: HashSet<PolicyKey>,
}

/// The rows of an import.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: HashMap<[u8; 16], Entry>,
}

enum Found {
    Good,
    Faulty(u32),
    Nowhere,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a row of the first pass. A row whose key cells are faulty has no key and nothing can refer to it.
    pub fn note(&mut self, file: File, key: &Key, line: u32, good: bool) {
        match self.entries.entry(key.digest(file)) {
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(Entry::new(line, !good));
            }
            std::collections::hash_map::Entry::Occupied(mut slot) => slot.get_mut().repeat(line),
        }
    }

    /// Settles a record of the second pass: it must stand once in its file, and what it refers to must be
    /// good here or known already. A record that is refused is faulty for those that refer to it.
    pub fn settle(&mut self, record: &Record, line: u32, known: &Known) -> Vec<Fault> {
        let file = record.file();
        let mut faults: Vec<Fault> = record
            .references()
            .into_iter()
            .filter_map(|reference| {
                let reason = self.refusal(&reference, known)?;
                Some(Fault::of_cell(
                    file,
                    line,
                    reference.column,
                    &reference.value,
                    reason,
                ))
            })
            .collect();
        if let Some(entry) = self.entries.get_mut(&record.key().digest(file)) {
            if entry.rows > 1 {
                let (lines, more) = entry.others(line);
                faults.push(Fault::of_row(
                    file,
                    line,
                    Reason::Repeated {
                        what: file.named_by(),
                        lines,
                        more,
                        fix: record.when_repeated(),
                    },
                ));
            }
            entry.faulty |= !faults.is_empty();
        }
        faults
    }

    /// What is wrong with a record that means what other rows mean too, under another name: `id` names what is
    /// stored, or what the row says that it means.
    pub fn doubled(&mut self, record: &Record, line: u32, id: &Key) -> Option<Fault> {
        let file = record.file();
        let entry = self.entries.get(&id.digest(file))?;
        let (lines, more) = entry.others(line);
        if lines.is_empty() {
            return None;
        }
        self.refuse(record);
        Some(Fault::of_row(
            file,
            line,
            Reason::Repeated {
                what: "holder_id",
                lines,
                more,
                fix: record.when_repeated(),
            },
        ))
    }

    /// Notes that a record was refused for a reason that is not the ledger's, for those that refer to it.
    pub fn refuse(&mut self, record: &Record) {
        if let Some(entry) = self.entries.get_mut(&record.key().digest(record.file())) {
            entry.faulty = true;
        }
    }

    fn find(&self, file: File, key: &Key) -> Found {
        match self.entries.get(&key.digest(file)) {
            Some(entry) if entry.faulty => Found::Faulty(entry.line()),
            Some(_) => Found::Good,
            None => Found::Nowhere,
        }
    }

    fn refusal(&self, reference: &Reference, known: &Known) -> Option<Reason> {
        let (file, key, is_known) = match &reference.to {
            Target::Customer(key) => (File::Insureds, key.clone(), known.customers.contains(key)),
            Target::Carrier(key) => (File::Carriers, key.clone(), known.carriers.contains(key)),
            Target::Policy(policy) => (File::Policies, policy.key(), known.policies.contains(policy)),
            Target::Cover(policy) => (File::Coverages, policy.key(), known.policies.contains(policy)),
        };
        match self.find(file, &key) {
            Found::Good => None,
            Found::Faulty(line) => Some(Reason::DependsOn { file, line }),
            Found::Nowhere if is_known => None,
            Found::Nowhere => {
                Some(match &reference.to {
                    Target::Cover(_) => Reason::NoCoverage,
                    Target::Policy(policy) => self.other_line(policy, known).map_or(
                        Reason::Unknown { to: File::Policies },
                        |found| Reason::OtherLine {
                            wanted: policy.line,
                            found,
                        },
                    ),
                    Target::Customer(_) | Target::Carrier(_) => Reason::Unknown { to: file },
                })
            }
        }
    }

    /// The line under which a policy of this number and date does exist.
    fn other_line(&self, policy: &PolicyKey, known: &Known) -> Option<Line> {
        Line::ALL
            .iter()
            .copied()
            .filter(|line| *line != policy.line)
            .find(|line| {
                let other = PolicyKey {
                    line: *line,
                    ..policy.clone()
                };
                known.policies.contains(&other)
                    || !matches!(self.find(File::Policies, &other.key()), Found::Nowhere)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::{Header, Row};

    /// An import of small files, each a list of lines; settled like the real one.
    struct Import {
        faults: Vec<(File, u32, Option<String>, Reason)>,
    }

    const HEADERS: [(File, &str); 4] = [
        (
            File::Insureds,
            "customer_id,name,address_line1,city,state,postal_code",
        ),
        (
            File::Policies,
            "customer_id,policy_number,effective_on,expires_on,line,naic,status",
        ),
        (
            File::Coverages,
            "policy_number,effective_on,line,umb_kind,umb_trigger,umb_each_occurrence",
        ),
        (File::Vehicles, "policy_number,effective_on,vin"),
    ];

    fn import(rows: &[(File, &str)], known: &Known) -> Import {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut ledger = Ledger::new();
        let mut faults = Vec::new();
        let mut records: Vec<(u32, Record)> = Vec::new();
        for (file, columns) in HEADERS {
            let header = Header::read(file, &list(columns)).unwrap();
            for (place, (_, cells)) in rows.iter().filter(|(of, _)| *of == file).enumerate() {
                let row = Row {
                    line: u32::try_from(place).unwrap() + 2,
                    cells: list(cells),
                };
                let read = Record::read(&header, &row);
                if let Some(key) = Record::key_of(&header, &row) {
                    ledger.note(file, &key, row.line, read.is_ok());
                }
                match read {
                    Ok(record) => records.push((row.line, record)),
                    Err(found) => faults.extend(found),
                }
            }
        }
        for file in SETTLING {
            for (line, record) in records.iter().filter(|(_, record)| record.file() == file) {
                faults.extend(ledger.settle(record, *line, known));
            }
        }
        let faults = faults
            .into_iter()
            .map(|fault| (fault.file, fault.line, fault.column, fault.reason))
            .collect();
        Import { faults }
    }

    const ALDER: (File, &str) = (
        File::Insureds,
        "C-1,Alder Creek Roofing LLC,1480 Kleppe Lane,Reno,NV,89512",
    );
    const POLICY: (File, &str) = (
        File::Policies,
        "C-1,U-1,3/1/2026,3/1/2027,umbrella_excess,25674,active",
    );
    const COVER: (File, &str) = (
        File::Coverages,
        "U-1,3/1/2026,umbrella_excess,umbrella,occurrence,5000000",
    );

    fn with_carrier() -> Known {
        let naic = crate::policies::Naic::parse("25674").unwrap();
        let record = Record::Carrier(crate::imports::records::ImportedCarrier {
            naic,
            name: crate::text::NonBlank::parse("Travelers Property Casualty Company of America").unwrap(),
        });
        Known {
            carriers: [record.key()].into(),
            ..Known::default()
        }
    }

    #[test]
    fn rows_may_refer_to_each_other_and_to_what_is_known() {
        assert_eq!(import(&[ALDER, POLICY, COVER], &with_carrier()).faults, []);
    }

    #[test]
    fn an_unknown_reference_is_a_fault_of_its_cell() {
        let faults = import(&[ALDER, POLICY, COVER], &Known::default()).faults;
        assert_eq!(
            faults,
            [
                (
                    File::Policies,
                    2,
                    Some("naic".into()),
                    Reason::Unknown { to: File::Carriers }
                ),
                (
                    File::Coverages,
                    2,
                    Some("policy_number".into()),
                    Reason::DependsOn {
                        file: File::Policies,
                        line: 2
                    }
                ),
            ]
        );
    }

    #[test]
    fn a_row_that_depends_on_a_faulty_row_is_faulty_too() {
        let broken = (
            File::Insureds,
            "C-1,Alder Creek Roofing LLC,1480 Kleppe Lane,Reno,Nevada,89512",
        );
        let faults = import(&[broken, POLICY, COVER], &with_carrier()).faults;
        let where_and_why: Vec<_> = faults
            .iter()
            .map(|(file, line, _, reason)| (*file, *line, reason))
            .collect();
        assert!(
            matches!(
                where_and_why.as_slice(),
                [
                    (File::Insureds, 2, Reason::Text(_)),
                    (
                        File::Policies,
                        2,
                        Reason::DependsOn {
                            file: File::Insureds,
                            line: 2
                        }
                    ),
                    (
                        File::Coverages,
                        2,
                        Reason::DependsOn {
                            file: File::Policies,
                            line: 2
                        }
                    ),
                ]
            ),
            "{where_and_why:?}"
        );
    }

    #[test]
    fn a_policy_needs_its_cover_unless_it_is_known() {
        assert_eq!(
            import(&[ALDER, POLICY], &with_carrier()).faults,
            [(
                File::Policies,
                2,
                Some("policy_number".into()),
                Reason::NoCoverage
            )]
        );
        let number = crate::text::NonBlank::parse("U-1").unwrap();
        let effective_on = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let policy = PolicyKey {
            number,
            effective_on,
            line: Line::UmbrellaExcess,
        };
        let known = Known {
            policies: [policy].into(),
            ..with_carrier()
        };
        assert_eq!(import(&[ALDER, POLICY], &known).faults, []);
    }

    #[test]
    fn rows_with_the_same_key_are_all_refused() {
        let faults = import(&[ALDER, ALDER, ALDER], &Known::default()).faults;
        let others: Vec<_> = faults
            .into_iter()
            .map(|(_, line, _, reason)| match reason {
                Reason::Repeated { lines, .. } => (line, lines),
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(others, [(2, vec![3, 4]), (3, vec![2, 4]), (4, vec![2, 3])]);
    }

    /// Nothing of an entry lies outside it, so the ledger's size is that of its keys alone.
    const _: () = assert!(!std::mem::needs_drop::<Entry>());

    #[test]
    fn fifty_thousand_rows_with_the_same_key_are_told_of_a_few_others_and_how_many_there_are() {
        const ROWS: u32 = 50_000;
        let header = File::Carriers
            .template()
            .map(|cells| cells.iter().map(|cell| (*cell).to_owned()).collect());
        let [names, cells]: [Vec<String>; 2] = header;
        let header = Header::read(File::Carriers, &names).unwrap();
        let record = Record::read(&header, &Row { line: 2, cells }).unwrap();
        let mut ledger = Ledger::new();
        for line in 2..ROWS + 2 {
            ledger.note(File::Carriers, &record.key(), line, true);
        }
        assert_eq!(ledger.entries.len(), 1);
        let known = Known::default();
        let mut said = 0;
        for line in 2..ROWS + 2 {
            let faults = ledger.settle(&record, line, &known);
            let [
                Fault {
                    reason: Reason::Repeated { lines, more, .. },
                    ..
                },
            ] = faults.as_slice()
            else {
                panic!("{faults:?}")
            };
            assert!(!lines.contains(&line));
            assert_eq!(
                lines.len() + usize::try_from(*more).unwrap(),
                49_999,
                "line {line}"
            );
            said = said.max(faults[0].reason.to_string().len());
        }
        assert!(said < 200, "a reason of {said} bytes");
        assert_eq!(
            ledger.settle(&record, 40_000, &known)[0].reason.to_string(),
            "the same naic also stands on line 2, 3, 4 and on 49,996 more; keep one of the rows"
        );
    }

    #[test]
    fn a_policy_of_another_line_is_named() {
        let vehicle = (File::Vehicles, "U-1,3/1/2026,1FT7W2BTXMEC21467");
        assert_eq!(
            import(&[ALDER, POLICY, COVER, vehicle], &with_carrier()).faults,
            [(
                File::Vehicles,
                2,
                Some("policy_number".into()),
                Reason::OtherLine {
                    wanted: Line::CommercialAuto,
                    found: Line::UmbrellaExcess
                }
            )]
        );
    }
}
