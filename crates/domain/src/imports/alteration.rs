//! What an import would change of a stored record, for the person who decides whether it may.
//!
//! Invariant: it is told of the same record that would be written ([`Record::over`]), so that nothing is told
//! that does not happen.

use std::fmt::Display;

use chrono::NaiveDate;

use super::Header;
use super::records::{
    ImportedContact, ImportedEndorsement, ImportedHolder, ImportedInsured, ImportedPolicy, ImportedVehicle,
    Record,
};
use crate::policies::terms::{Difference, cover_said, differences};
use crate::text::Address;

/// What a row does to the record that it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alteration {
    /// What people know the record by, as it is stored.
    pub name: String,
    /// What differs, by the columns of the file.
    pub changes: Vec<Difference>,
}

impl Alteration {
    /// What becomes of a stored record by a row of a file with this header.
    #[must_use]
    pub fn of(record: Record, header: &Header, stored: &Record) -> Self {
        let after = record.over(stored, header);
        Self {
            name: name(stored),
            changes: differences(said(stored), said(&after)),
        }
    }
}

/// What people know a record by.
#[must_use]
pub fn name(record: &Record) -> String {
    match record {
        Record::Insured(insured) => insured.name.to_string(),
        Record::Contact(contact) => contact.name.to_string(),
        Record::Carrier(carrier) => carrier.name.to_string(),
        Record::Policy(policy) => policy.policy.number.to_string(),
        Record::Coverage(cover) => cover.policy.number.to_string(),
        Record::Endorsement(form) => {
            format!(
                "{} {}, policy {}",
                form.form_number, form.edition, form.policy.number
            )
        }
        Record::Vehicle(vehicle) => format!("{}, policy {}", vehicle.vin, vehicle.policy.number),
        Record::Holder(holder) => holder.profile.name.to_string(),
    }
}

type Facts = Vec<(String, String, Option<String>)>;

fn said(record: &Record) -> Facts {
    match record {
        Record::Insured(insured) => insured_said(insured),
        Record::Contact(contact) => contact_said(contact),
        Record::Carrier(carrier) => vec![fact("name", "Name", Some(&carrier.name))],
        Record::Policy(policy) => policy_said(policy),
        Record::Coverage(cover) => cover_said(&cover.coverage),
        Record::Endorsement(form) => endorsement_said(form),
        Record::Vehicle(vehicle) => vehicle_said(vehicle),
        Record::Holder(holder) => holder_said(holder),
    }
}

fn fact(column: &str, label: &str, says: Option<impl Display>) -> (String, String, Option<String>) {
    (
        column.to_owned(),
        label.to_owned(),
        says.map(|says| says.to_string()),
    )
}

/// A word of the files as people write it.
fn plain(word: &str) -> String {
    word.replace('_', " ")
}

fn us(day: NaiveDate) -> String {
    day.format("%m/%d/%Y").to_string()
}

fn one_line(address: &Address) -> String {
    let street = match &address.line2 {
        Some(line2) => format!("{}, {line2}", address.line1),
        None => address.line1.to_string(),
    };
    let Address {
        city,
        state,
        postal_code,
        ..
    } = address;
    format!("{street}, {city}, {state} {postal_code}")
}

fn list<T: Display>(entries: &[T]) -> Option<String> {
    let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
    (!entries.is_empty()).then(|| entries.join("; "))
}

fn insured_said(insured: &ImportedInsured) -> Facts {
    vec![
        fact("name", "Name", Some(&insured.name)),
        fact("dba", "Doing business as", insured.dba.as_ref()),
        fact("kind", "Kind", Some(plain(insured.kind.as_str()))),
        fact("trade", "Trade", insured.trade.as_ref()),
        fact("email", "Email", insured.email.as_ref()),
        fact("phone", "Phone", insured.phone.as_ref()),
        fact("fein", "FEIN", insured.fein.as_ref()),
        fact("customer_since", "Customer since", insured.customer_since.map(us)),
        fact(
            "address_line1",
            "Mailing address",
            Some(one_line(&insured.address)),
        ),
    ]
}

fn contact_said(contact: &ImportedContact) -> Facts {
    vec![
        fact("name", "Name", Some(&contact.name)),
        fact("title", "Title", contact.title.as_ref()),
        fact("email", "Email", contact.email.as_ref()),
        fact("phone", "Phone", contact.phone.as_ref()),
    ]
}

fn policy_said(policy: &ImportedPolicy) -> Facts {
    let authority = policy.issuing_authority.map(|word| plain(word.as_str()));
    vec![
        fact("customer_id", "Customer number", Some(&policy.customer_id)),
        fact("naic", "NAIC code of the insurer", Some(&policy.naic)),
        fact("expires_on", "Expires", Some(us(policy.expires_on))),
        fact("status", "Status", Some(plain(policy.status.as_str()))),
        fact("named_insured", "Named insured", policy.named_insured.as_ref()),
        fact("cancelled_on", "Cancelled as of", policy.cancelled_on.map(us)),
        fact(
            "cancel_reason",
            "Reason of the cancellation",
            policy.cancel_reason.as_ref(),
        ),
        fact("issuing_authority", "Who issues certificates", authority),
        fact("wholesaler", "Wholesaler", policy.wholesaler.as_ref()),
    ]
}

fn endorsement_said(form: &ImportedEndorsement) -> Facts {
    vec![
        fact("title", "Title", Some(&form.title)),
        fact("scope", "Reaches", Some(plain(form.scope.as_str()))),
        fact(
            "scheduled_parties",
            "Scheduled parties",
            list(&form.scheduled_parties),
        ),
        fact("notice_days", "Days of notice", form.notice_days),
        fact("form_effective_on", "Stands from", form.effective_on.map(us)),
        fact("form_ends_on", "Taken off", form.ends_on.map(us)),
    ]
}

fn vehicle_said(vehicle: &ImportedVehicle) -> Facts {
    vec![
        fact("year", "Year", vehicle.year),
        fact("make", "Make", vehicle.make.as_ref()),
        fact("model", "Model", vehicle.model.as_ref()),
        fact("garaging_state", "Kept in", vehicle.garaging_state.as_ref()),
    ]
}

fn holder_said(holder: &ImportedHolder) -> Facts {
    let profile = &holder.profile;
    let delivery = profile.channel.map(|channel| plain(channel.as_str()));
    vec![
        fact("name", "Name", Some(&profile.name)),
        fact("care_of", "Attention or care of", profile.care_of.as_ref()),
        fact(
            "address_line1",
            "Mailing address",
            Some(one_line(&profile.address)),
        ),
        fact("emails", "Email addresses", list(&profile.emails)),
        fact("phone", "Phone", profile.phone.as_ref()),
        fact("delivery", "Delivery", delivery),
        fact("customer_ids", "Customers", list(&holder.customer_ids)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::{File, Row};

    fn read(file: File, columns: &str, cells: &str) -> (Header, Record) {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let header = Header::read(file, &list(columns)).unwrap();
        let row = Row {
            line: 2,
            cells: list(cells),
        };
        let record = Record::read(&header, &row).unwrap();
        (header, record)
    }

    #[test]
    fn it_tells_what_changes_and_nothing_of_what_stays_or_has_no_column() {
        let (_, stored) = read(
            File::Insureds,
            "customer_id,name,email,phone,address_line1,city,state,postal_code",
            "C-1,Alder Creek Roofing LLC,office@alder.example.com,775-555-0142,1480 Kleppe Lane,Reno,NV,89512",
        );
        let (header, record) = read(
            File::Insureds,
            "customer_id,name,phone,address_line1,address_line2,city,state,postal_code",
            "C-1,Alder Creek LLC,,1480 Kleppe Lane,Suite 2,Reno,NV,89512",
        );
        let told = Alteration::of(record, &header, &stored);
        assert_eq!(told.name, "Alder Creek Roofing LLC");
        let told: Vec<_> = told
            .changes
            .iter()
            .map(|change| {
                (
                    change.label.as_str(),
                    change.before.as_deref(),
                    change.after.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("Name", Some("Alder Creek Roofing LLC"), Some("Alder Creek LLC")),
                ("Phone", Some("775-555-0142"), None),
                (
                    "Mailing address",
                    Some("1480 Kleppe Lane, Reno, NV 89512"),
                    Some("1480 Kleppe Lane, Suite 2, Reno, NV 89512")
                ),
            ]
        );
    }

    /// A column that nobody tells of would change a record without a word.
    #[test]
    fn whatever_makes_a_record_another_one_is_told() {
        for file in File::ALL.iter().copied() {
            let [names, cells] = file.template();
            let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
            let header = Header::read(file, &owned(names)).unwrap();
            let cells = owned(cells);
            let stored = Record::read(
                &header,
                &Row {
                    line: 2,
                    cells: cells.clone(),
                },
            )
            .unwrap();
            for place in 0..cells.len() {
                let mut other = cells.clone();
                other[place] = String::new();
                let Ok(record) = Record::read(
                    &header,
                    &Row {
                        line: 2,
                        cells: other,
                    },
                ) else {
                    continue;
                };
                if record.key() != stored.key() || record.clone().over(&stored, &header) == stored {
                    continue;
                }
                let told = Alteration::of(record, &header, &stored);
                assert!(!told.changes.is_empty(), "{file}, column {place}");
            }
        }
    }
}
