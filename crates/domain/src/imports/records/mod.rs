//! Checked records: what a good row says, in the model's own values.
//!
//! Invariant: a record is complete by itself, but for what [`Record::lacks`] names where the file does not
//! have the column; whether what it refers to exists is the ledger's question.

mod contact;
mod coverage;
mod endorsement;
mod holder;
mod insured;
mod policy;
mod vehicle;

pub use contact::ImportedContact;
pub use coverage::ImportedCoverage;
pub use endorsement::ImportedEndorsement;
pub use holder::ImportedHolder;
pub use insured::ImportedInsured;
pub use policy::{ImportedCarrier, ImportedPolicy, PolicyKey};
pub use vehicle::ImportedVehicle;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::cells::Cells;
use super::fault::{Fault, Reason};
use super::header::Header;
use super::{File, Row};
use crate::ids::HolderId;
use crate::policies::Naic;
use crate::text::NonBlank;

/// What names a record within the agency: the customer number, the policy's number with its term and line, …
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

/// Stands between the parts of a key. It is a control character, so no checked value holds it.
const SEPARATOR: char = '\u{1f}';

impl Key {
    fn of(parts: &[&str]) -> Self {
        Self(parts.join(&SEPARATOR.to_string()))
    }

    /// The key of a customer.
    #[must_use]
    pub fn customer(customer_id: &NonBlank) -> Self {
        Self::of(&[customer_id.as_str()])
    }

    /// The key of an insurer.
    #[must_use]
    pub fn carrier(naic: &Naic) -> Self {
        Self::of(&[naic.as_str()])
    }

    /// The key as text, for storage.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A short stand-in of fixed size, so that what a check remembers does not grow with the text of keys.
    #[must_use]
    pub(super) fn digest(&self, file: File) -> [u8; 16] {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(file.as_str())
            .chain_update([0])
            .chain_update(&self.0)
            .finalize()
            .into();
        let mut short = [0; 16];
        short.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        short
    }
}

/// What a row refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The cell that refers.
    pub column: &'static str,
    /// What stands in it.
    pub value: String,
    /// To what.
    pub to: Target,
}

/// The record a row refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A customer.
    Customer(Key),
    /// An insurer.
    Carrier(Key),
    /// A policy.
    Policy(PolicyKey),
    /// The cover of the policy that refers.
    Cover(PolicyKey),
}

/// A checked record of any file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A row of insureds.csv.
    Insured(ImportedInsured),
    /// A row of contacts.csv.
    Contact(ImportedContact),
    /// A row of carriers.csv.
    Carrier(ImportedCarrier),
    /// A row of policies.csv.
    Policy(ImportedPolicy),
    /// A row of coverages.csv.
    Coverage(ImportedCoverage),
    /// A row of endorsements.csv.
    Endorsement(ImportedEndorsement),
    /// A row of vehicles.csv.
    Vehicle(ImportedVehicle),
    /// A row of holders.csv.
    Holder(ImportedHolder),
}

/// What every kind of record can do.
trait Reading: Sized {
    /// Reads the cells.
    fn read(cells: Cells<'_>) -> Result<Self, Vec<Fault>>;
    /// What names it.
    fn key(&self) -> Key;
    /// What names the row, as far as its key cells are good.
    fn key_of(cells: &mut Cells<'_>) -> Option<Key>;
    /// The words for [`Reading::key`].
    const NAMED_BY: &'static str;
}

impl Record {
    /// Reads a row.
    ///
    /// # Errors
    /// Every fault of the row, at least one.
    pub fn read(header: &Header, row: &Row) -> Result<Self, Vec<Fault>> {
        let cells = Cells::of(header, row);
        match header.file() {
            File::Insureds => ImportedInsured::read(cells).map(Self::Insured),
            File::Contacts => ImportedContact::read(cells).map(Self::Contact),
            File::Carriers => ImportedCarrier::read(cells).map(Self::Carrier),
            File::Policies => ImportedPolicy::read(cells).map(Self::Policy),
            File::Coverages => ImportedCoverage::read(cells).map(Self::Coverage),
            File::Endorsements => ImportedEndorsement::read(cells).map(Self::Endorsement),
            File::Vehicles => ImportedVehicle::read(cells).map(Self::Vehicle),
            File::Holders => ImportedHolder::read(cells).map(Self::Holder),
        }
    }

    /// What names a row, even where other cells of it are faulty.
    #[must_use]
    pub fn key_of(header: &Header, row: &Row) -> Option<Key> {
        header.fits(row).ok()?;
        let cells = &mut Cells::of(header, row);
        match header.file() {
            File::Insureds => ImportedInsured::key_of(cells),
            File::Contacts => ImportedContact::key_of(cells),
            File::Carriers => ImportedCarrier::key_of(cells),
            File::Policies => ImportedPolicy::key_of(cells),
            File::Coverages => ImportedCoverage::key_of(cells),
            File::Endorsements => ImportedEndorsement::key_of(cells),
            File::Vehicles => ImportedVehicle::key_of(cells),
            File::Holders => ImportedHolder::key_of(cells),
        }
    }

    /// What else names a row: two rows of one holder are told even where they call it differently.
    #[must_use]
    pub fn id_key_of(header: &Header, row: &Row) -> Option<Key> {
        header.fits(row).ok()?;
        match header.file() {
            File::Holders => holder::id_key_of(&mut Cells::of(header, row)),
            _ => None,
        }
    }

    /// The record that the row means by its id, whatever it is called there.
    #[must_use]
    pub fn means(&self) -> Option<Uuid> {
        match self {
            Self::Holder(record) => record.id.map(HolderId::uuid),
            _ => None,
        }
    }

    /// The key of a record that is stored under this id, where rows may name it so.
    #[must_use]
    pub fn key_under(&self, id: Uuid) -> Option<Key> {
        match self {
            Self::Holder(_) => Some(holder::key_of_id(HolderId::from_uuid(id))),
            _ => None,
        }
    }

    /// The file it belongs to.
    #[must_use]
    pub const fn file(&self) -> File {
        match self {
            Self::Insured(_) => File::Insureds,
            Self::Contact(_) => File::Contacts,
            Self::Carrier(_) => File::Carriers,
            Self::Policy(_) => File::Policies,
            Self::Coverage(_) => File::Coverages,
            Self::Endorsement(_) => File::Endorsements,
            Self::Vehicle(_) => File::Vehicles,
            Self::Holder(_) => File::Holders,
        }
    }

    /// What names it.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Insured(record) => record.key(),
            Self::Contact(record) => record.key(),
            Self::Carrier(record) => record.key(),
            Self::Policy(record) => record.key(),
            Self::Coverage(record) => record.key(),
            Self::Endorsement(record) => record.key(),
            Self::Vehicle(record) => record.key(),
            Self::Holder(record) => record.key(),
        }
    }

    /// What it refers to.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let to_policy = |column, policy: &PolicyKey, to: fn(PolicyKey) -> Target| Reference {
            column,
            value: policy.number.to_string(),
            to: to(policy.clone()),
        };
        let to_customer = |column, id: &NonBlank| Reference {
            column,
            value: id.to_string(),
            to: Target::Customer(Key::customer(id)),
        };
        match self {
            Self::Insured(_) | Self::Carrier(_) => Vec::new(),
            Self::Contact(record) => vec![to_customer("customer_id", &record.customer_id)],
            Self::Policy(record) => vec![
                to_customer("customer_id", &record.customer_id),
                Reference {
                    column: "naic",
                    value: record.naic.to_string(),
                    to: Target::Carrier(Key::carrier(&record.naic)),
                },
                to_policy("policy_number", &record.policy, Target::Cover),
            ],
            Self::Coverage(record) => vec![to_policy("policy_number", &record.policy, Target::Policy)],
            Self::Endorsement(record) => vec![to_policy("policy_number", &record.policy, Target::Policy)],
            Self::Vehicle(record) => vec![to_policy("policy_number", &record.policy, Target::Policy)],
            Self::Holder(record) => record
                .customer_ids
                .iter()
                .map(|id| to_customer("customer_ids", id))
                .collect(),
        }
    }

    /// What becomes of the stored record `current` by this one: columns that the file does not have keep
    /// what is stored; a holder's customers are added to those it has; cover is replaced as a whole.
    #[must_use]
    pub fn over(self, current: &Self, header: &Header) -> Self {
        match (self, current) {
            (Self::Insured(new), Self::Insured(old)) => Self::Insured(new.over(old, header)),
            (Self::Contact(new), Self::Contact(old)) => Self::Contact(new.over(old, header)),
            (Self::Policy(new), Self::Policy(old)) => Self::Policy(new.over(old, header)),
            (Self::Endorsement(new), Self::Endorsement(old)) => Self::Endorsement(new.over(old, header)),
            (Self::Vehicle(new), Self::Vehicle(old)) => Self::Vehicle(new.over(old, header)),
            (Self::Holder(new), Self::Holder(old)) => Self::Holder(new.over(old, header)),
            (new, _) => new,
        }
    }
}

/// What to do about rows of the same record.
const KEEP_ONE: &str = "keep one of the rows";

impl Record {
    /// What a person does about several rows with this record's key.
    #[must_use]
    pub fn when_repeated(&self) -> &'static str {
        match self {
            Self::Endorsement(record) => record.when_repeated(),
            _ => KEEP_ONE,
        }
    }

    /// The column that must be filled in and is not. It can be empty without a fault of its row where the file
    /// does not have it and no stored record fills it in: this is to be asked after [`Record::over`].
    #[must_use]
    pub fn lacks(&self) -> Option<(&'static str, Reason)> {
        match self {
            Self::Policy(record) => record.lacks(),
            Self::Endorsement(record) => record.lacks(),
            _ => None,
        }
    }
}

impl File {
    /// What names a record of this file, in words.
    #[must_use]
    pub const fn named_by(self) -> &'static str {
        match self {
            Self::Insureds => ImportedInsured::NAMED_BY,
            Self::Contacts => ImportedContact::NAMED_BY,
            Self::Carriers => ImportedCarrier::NAMED_BY,
            Self::Policies => ImportedPolicy::NAMED_BY,
            Self::Coverages => ImportedCoverage::NAMED_BY,
            Self::Endorsements => ImportedEndorsement::NAMED_BY,
            Self::Vehicles => ImportedVehicle::NAMED_BY,
            Self::Holders => ImportedHolder::NAMED_BY,
        }
    }
}

/// The value of the file, or what is stored where the file has no such column.
fn kept<T: Clone>(header: &Header, column: &'static str, new: T, old: &T) -> T {
    if header.has(column) { new } else { old.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(file: File) -> Header {
        let [names, _] = file.template();
        Header::read(file, &names.into_iter().map(str::to_owned).collect::<Vec<_>>()).unwrap()
    }

    fn template_row(file: File) -> Row {
        let [_, cells] = file.template();
        Row {
            line: 2,
            cells: cells.into_iter().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn the_example_row_of_every_template_is_good() {
        for file in File::ALL.iter().copied() {
            let record = Record::read(&header(file), &template_row(file));
            assert!(record.is_ok(), "{file}: {record:?}");
            assert_eq!(record.unwrap().file(), file);
        }
    }

    /// A column that is in the table and never read would take nonsense without a word.
    #[test]
    fn every_column_is_read() {
        for file in File::ALL.iter().copied() {
            for (place, column) in file.columns().iter().enumerate() {
                let mut row = template_row(file);
                row.cells[place] = "\u{7}nonsense".into();
                let faults = Record::read(&header(file), &row).unwrap_err();
                assert!(
                    faults
                        .iter()
                        .any(|fault| fault.column.as_deref() == Some(column.name)),
                    "{file}.{} takes nonsense: {faults:?}",
                    column.name
                );
            }
        }
    }

    #[test]
    fn every_required_column_must_be_filled() {
        for file in File::ALL.iter().copied() {
            for (place, column) in file
                .columns()
                .iter()
                .enumerate()
                .filter(|(_, column)| column.required)
            {
                let mut row = template_row(file);
                row.cells[place] = "  ".into();
                let faults = Record::read(&header(file), &row).unwrap_err();
                assert!(
                    faults
                        .iter()
                        .any(|fault| fault.column.as_deref() == Some(column.name)
                            && fault.reason == crate::imports::Reason::Empty),
                    "{file}.{}: {faults:?}",
                    column.name
                );
            }
        }
    }

    #[test]
    fn a_row_is_named_even_where_other_cells_are_faulty() {
        let mut row = template_row(File::Policies);
        let good = Record::read(&header(File::Policies), &row).unwrap().key();
        row.cells[6] = "lively".into();
        assert!(Record::read(&header(File::Policies), &row).is_err());
        assert_eq!(Record::key_of(&header(File::Policies), &row), Some(good));
    }

    #[test]
    fn cells_that_look_like_formulas_are_plain_text() {
        let mut row = template_row(File::Insureds);
        row.cells[1] = "=cmd|' /C calc'!A0".into();
        let Ok(Record::Insured(insured)) = Record::read(&header(File::Insureds), &row) else {
            panic!()
        };
        assert_eq!(insured.name.as_str(), "=cmd|' /C calc'!A0");
    }

    #[test]
    fn every_example_of_every_line_is_good() {
        for (line, left_out) in [
            ("general_liability", vec!["gl_aggregate_per_other"]),
            (
                "commercial_auto",
                vec![
                    "auto_bodily_injury_per_person",
                    "auto_bodily_injury_per_accident",
                    "auto_property_damage_per_accident",
                ],
            ),
            ("commercial_auto", vec!["auto_combined_single_limit"]),
            ("umbrella_excess", vec!["umb_deductible"]),
            ("umbrella_excess", vec!["umb_retention"]),
            ("workers_compensation", vec![]),
            ("other", vec![]),
        ] {
            let prefix = super::super::columns::prefix(line.parse().unwrap());
            let cells = File::Coverages.columns().iter().map(|column| match column.name {
                "line" => line,
                name if column.required || (name.starts_with(prefix) && !left_out.contains(&name)) => {
                    column.example
                }
                _ => "",
            });
            let row = Row {
                line: 2,
                cells: cells.map(str::to_owned).collect(),
            };
            let record = Record::read(&header(File::Coverages), &row);
            assert!(record.is_ok(), "{line}: {record:?}");
        }
    }
}
