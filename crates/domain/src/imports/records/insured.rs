//! A row of insureds.csv.

use chrono::NaiveDate;

use super::{Cells, Fault, Header, Key, Reading, kept};
use crate::imports::values;
use crate::insureds::InsuredKind;
use crate::text::{Address, EmailAddress, NonBlank, Phone};

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedInsured {
    /// The agency's own number for the customer.
    pub customer_id: NonBlank,
    /// Legal name.
    pub name: NonBlank,
    /// "Doing business as".
    pub dba: Option<NonBlank>,
    /// Business or person.
    pub kind: InsuredKind,
    /// What the customer does.
    pub trade: Option<NonBlank>,
    /// Mail address.
    pub email: Option<EmailAddress>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Federal employer identification number.
    pub fein: Option<NonBlank>,
    /// First day as a customer.
    pub customer_since: Option<NaiveDate>,
    /// Mailing address.
    pub address: Address,
}

impl Reading for ImportedInsured {
    const NAMED_BY: &'static str = "customer_id";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let customer_id = cells.required_line("customer_id", NonBlank::parse);
        let name = cells.required_line("name", NonBlank::parse);
        let dba = cells.optional_line("dba", NonBlank::parse);
        let kind = cells.optional_word("kind").unwrap_or(InsuredKind::Commercial);
        let trade = cells.optional_line("trade", NonBlank::parse);
        let email = cells.optional_line("email", EmailAddress::parse);
        let phone = cells.optional_line("phone", Phone::parse);
        let fein = cells.optional("fein", values::fein);
        let customer_since = cells.optional_date("customer_since");
        let address = cells.address();
        let record = customer_id
            .zip(name)
            .zip(address)
            .map(|((customer_id, name), address)| Self {
                customer_id,
                name,
                dba,
                kind,
                trade,
                email,
                phone,
                fein,
                customer_since,
                address,
            });
        cells.finish(record)
    }

    fn key(&self) -> Key {
        Key::customer(&self.customer_id)
    }

    fn key_of(cells: &mut Cells<'_>) -> Option<Key> {
        cells
            .required_line("customer_id", NonBlank::parse)
            .map(|id| Key::customer(&id))
    }
}

impl ImportedInsured {
    pub(super) fn over(self, old: &Self, header: &Header) -> Self {
        Self {
            dba: kept(header, "dba", self.dba, &old.dba),
            kind: kept(header, "kind", self.kind, &old.kind),
            trade: kept(header, "trade", self.trade, &old.trade),
            email: kept(header, "email", self.email, &old.email),
            phone: kept(header, "phone", self.phone, &old.phone),
            fein: kept(header, "fein", self.fein, &old.fein),
            customer_since: kept(header, "customer_since", self.customer_since, &old.customer_since),
            address: Address {
                line2: kept(header, "address_line2", self.address.line2, &old.address.line2),
                ..self.address
            },
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::imports::{File, Header, Record, Row};

    fn insured(columns: &str, cells: &str) -> (Header, Record) {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let header = Header::read(File::Insureds, &list(columns)).unwrap();
        let record = Record::read(
            &header,
            &Row {
                line: 2,
                cells: list(cells),
            },
        )
        .unwrap();
        (header, record)
    }

    #[test]
    fn a_column_that_is_not_in_the_file_keeps_what_is_stored_and_an_empty_cell_clears_it() {
        let (_, stored) = insured(
            "customer_id,name,email,phone,address_line1,city,state,postal_code",
            "C-1,Alder Creek Roofing LLC,office@alder.example.com,775-555-0142,1480 Kleppe Lane,Reno,NV,89512",
        );
        let (header, new) = insured(
            "customer_id,name,phone,address_line1,city,state,postal_code",
            "C-1,Alder Creek Roofing LLC,,1480 Kleppe Lane,Reno,NV,89512",
        );
        let Record::Insured(merged) = new.over(&stored, &header) else {
            panic!()
        };
        assert_eq!(merged.email.unwrap().as_str(), "office@alder.example.com");
        assert_eq!(merged.phone, None);
    }
}
