//! A row of holders.csv.

use super::{Cells, Fault, Header, Key, Reading, Reason, kept};
use crate::holders::HolderProfile;
use crate::ids::HolderId;
use crate::text::{Address, EmailAddress, NonBlank, Phone};

/// A certificate holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedHolder {
    /// The holder of the library that the row means, whatever it is called there; a stored holder's own id.
    pub id: Option<HolderId>,
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

/// A reference as an export writes it.
fn holder_id(text: &str) -> Result<HolderId, Reason> {
    text.parse().map_err(|_| Reason::NoHolder)
}

/// Names a holder by its id, for rows that mean the same one under two names.
pub(super) fn key_of_id(id: HolderId) -> Key {
    Key::of(&["id", &id.to_string()])
}

/// The holder that a row means by its id, as far as the cell is good.
pub(super) fn id_key_of(cells: &mut Cells<'_>) -> Option<Key> {
    cells.optional("holder_id", holder_id).map(key_of_id)
}

impl Reading for ImportedHolder {
    const NAMED_BY: &'static str = "name, care_of and address";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let id = cells.optional("holder_id", holder_id);
        let name = cells.required_line("name", NonBlank::parse);
        let care_of = cells.optional_line("care_of", NonBlank::parse);
        let address = cells.address();
        let emails = cells.list("emails", EmailAddress::parse);
        let phone = cells.optional_line("phone", Phone::parse);
        let channel = cells.optional_word("delivery");
        let mut customer_ids = cells.list("customer_ids", NonBlank::parse);
        customer_ids.sort();
        customer_ids.dedup();
        let record = name.zip(address).map(|(name, address)| Self {
            id,
            profile: HolderProfile {
                name,
                care_of,
                address,
                emails,
                phone,
                channel,
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
        // A row that finds its holder by what names it differs from it at most in case; the stored spelling stays,
        // because certificates that were issued carry it. A row that names the holder by its id says what it is
        // called from now on.
        let named = if self.id.is_some() {
            HolderProfile {
                care_of: kept(header, "care_of", self.profile.care_of, &old.profile.care_of),
                address: Address {
                    line2: kept(
                        header,
                        "address_line2",
                        self.profile.address.line2,
                        &old.profile.address.line2,
                    ),
                    ..self.profile.address
                },
                ..self.profile
            }
        } else {
            HolderProfile {
                emails: self.profile.emails,
                phone: self.profile.phone,
                channel: self.profile.channel,
                ..old.profile.clone()
            }
        };
        Self {
            id: old.id,
            profile: HolderProfile {
                emails: kept(header, "emails", named.emails, &old.profile.emails),
                phone: kept(header, "phone", named.phone, &old.profile.phone),
                channel: kept(header, "delivery", named.channel, &old.profile.channel),
                ..named
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
    fn a_row_with_an_id_may_change_what_names_the_holder_and_keeps_the_columns_that_are_not_there() {
        use crate::testing as cast;
        let (header, mut named) = holder("C-1");
        let (_, mut stored) = holder("C-2");
        stored.id = Some(cast::HOLDER);
        stored.profile.name = cast::text("CITY OF SPARKS");
        stored.profile.care_of = Some(cast::text("Attn: Clerk"));
        stored.profile.address.line2 = Some(cast::text("Suite 2"));
        let kept = named.clone().over(&stored, &header);
        assert_eq!(
            kept.profile, stored.profile,
            "found by its name, it keeps its spelling"
        );
        named.id = stored.id;
        let changed = named.over(&stored, &header);
        assert_eq!(changed.profile.name.as_str(), "City of Sparks");
        assert_eq!(changed.profile.care_of, stored.profile.care_of);
        assert_eq!(changed.profile.address.line2, stored.profile.address.line2);
        assert_eq!(changed.id, stored.id);
    }

    #[test]
    fn how_a_holder_wants_its_mail_is_read_kept_where_the_column_is_missing_and_cleared_by_an_empty_cell() {
        use crate::certificates::delivery::Channel;
        use crate::imports::Reason;
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let names = "name,address_line1,city,state,postal_code,delivery";
        let header = Header::read(File::Holders, &list(names)).unwrap();
        let read = |cell: &str| {
            let row = Row {
                line: 2,
                cells: list(&format!("City of Sparks,431 Prater Way,Sparks,NV,89431,{cell}")),
            };
            match Record::read(&header, &row) {
                Ok(Record::Holder(holder)) => Ok(holder),
                Ok(_) => panic!("no holder"),
                Err(faults) => Err(faults),
            }
        };
        let linked = read(" Link ").unwrap();
        assert_eq!(linked.profile.channel, Some(Channel::Link));
        assert_eq!(read("").unwrap().over(&linked, &header).profile.channel, None);
        let (without, unsaid) = holder("C-1");
        assert_eq!(
            unsaid.over(&linked, &without).profile.channel,
            Some(Channel::Link)
        );
        let faults = read("fax").unwrap_err();
        assert_eq!(faults[0].column.as_deref(), Some("delivery"));
        assert_eq!(faults[0].reason, Reason::Word(&["attachment", "link"]));
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
