//! A row of holders.csv.

use super::{Cells, Fault, Header, Key, Reading, kept};
use crate::holders::HolderProfile;
use crate::text::{Address, EmailAddress, NonBlank, Phone};

/// A certificate holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedHolder {
    /// What is written down about it.
    pub profile: HolderProfile,
    /// The customers in whose pick list it stands, in order, each once.
    pub customer_ids: Vec<NonBlank>,
}

/// A holder is named by what stands on the envelope, without regard to case: trackers compare names
/// letter by letter, and one owner has many offices.
fn holder_key(name: &NonBlank, care_of: Option<&NonBlank>, address: &Address) -> Key {
    let or_empty = |text: Option<&NonBlank>| text.map_or(String::new(), |text| text.as_str().to_lowercase());
    Key::of(&[
        &name.as_str().to_lowercase(),
        &or_empty(care_of),
        &address.line1.as_str().to_lowercase(),
        &or_empty(address.line2.as_ref()),
        &address.city.as_str().to_lowercase(),
        address.state.as_str(),
        address.postal_code.as_str(),
    ])
}

impl Reading for ImportedHolder {
    const NAMED_BY: &'static str = "name, care_of and address";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let name = cells.required_line("name", NonBlank::parse);
        let care_of = cells.optional_line("care_of", NonBlank::parse);
        let address = cells.address();
        let emails = cells.list("emails", EmailAddress::parse);
        let phone = cells.optional_line("phone", Phone::parse);
        let mut customer_ids = cells.list("customer_ids", NonBlank::parse);
        customer_ids.sort();
        customer_ids.dedup();
        let record = name.zip(address).map(|(name, address)| Self {
            profile: HolderProfile {
                name,
                care_of,
                address,
                emails,
                phone,
            },
            customer_ids,
        });
        cells.finish(record)
    }

    fn key(&self) -> Key {
        holder_key(
            &self.profile.name,
            self.profile.care_of.as_ref(),
            &self.profile.address,
        )
    }

    fn key_of(cells: &mut Cells<'_>) -> Option<Key> {
        let name = cells.required_line("name", NonBlank::parse)?;
        let care_of = cells.optional_line("care_of", NonBlank::parse);
        let address = cells.address()?;
        Some(holder_key(&name, care_of.as_ref(), &address))
    }
}

impl ImportedHolder {
    pub(super) fn over(self, old: &Self, header: &Header) -> Self {
        let mut customer_ids = [self.customer_ids.as_slice(), old.customer_ids.as_slice()].concat();
        customer_ids.sort();
        customer_ids.dedup();
        // What names the holder differs at most in case; the stored spelling stays, because certificates
        // that were issued carry it.
        Self {
            profile: HolderProfile {
                emails: kept(header, "emails", self.profile.emails, &old.profile.emails),
                phone: kept(header, "phone", self.profile.phone, &old.profile.phone),
                ..old.profile.clone()
            },
            customer_ids,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::imports::{File, Header, Record, Row};

    fn holder(customers: &str) -> (Header, super::ImportedHolder) {
        let names = "name,address_line1,city,state,postal_code,customer_ids";
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let header = Header::read(File::Holders, &list(names)).unwrap();
        let cells = format!("City of Sparks,431 Prater Way,Sparks,NV,89431,{customers}");
        let Ok(Record::Holder(holder)) = Record::read(
            &header,
            &Row {
                line: 2,
                cells: list(&cells),
            },
        ) else {
            panic!()
        };
        (header, holder)
    }

    #[test]
    fn a_holders_customers_are_added_and_none_is_taken_away() {
        let (_, stored) = holder("C-1; C-2");
        let (header, new) = holder("C-3;C-2;C-3");
        let ids: Vec<String> = new
            .over(&stored, &header)
            .customer_ids
            .into_iter()
            .map(Into::into)
            .collect();
        assert_eq!(ids, ["C-1", "C-2", "C-3"]);
    }
}
