//! A row of contacts.csv.

use super::{Cells, Fault, Header, Key, Reading, kept};
use crate::text::{EmailAddress, NonBlank, PersonName, Phone};

/// A person to reach at a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedContact {
    /// The customer.
    pub customer_id: NonBlank,
    /// The person.
    pub name: PersonName,
    /// What the person does there.
    pub title: Option<NonBlank>,
    /// Mail address.
    pub email: Option<EmailAddress>,
    /// Telephone.
    pub phone: Option<Phone>,
}

fn contact_key(customer_id: &NonBlank, name: &PersonName) -> Key {
    Key::of(&[customer_id.as_str(), &name.as_str().to_lowercase()])
}

impl Reading for ImportedContact {
    const NAMED_BY: &'static str = "customer_id and name";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let customer_id = cells.required_line("customer_id", NonBlank::parse);
        let name = cells.required_line("name", PersonName::parse);
        let title = cells.optional_line("title", NonBlank::parse);
        let email = cells.optional_line("email", EmailAddress::parse);
        let phone = cells.optional_line("phone", Phone::parse);
        let record = customer_id.zip(name).map(|(customer_id, name)| Self {
            customer_id,
            name,
            title,
            email,
            phone,
        });
        cells.finish(record)
    }

    fn key(&self) -> Key {
        contact_key(&self.customer_id, &self.name)
    }

    fn key_of(cells: &mut Cells<'_>) -> Option<Key> {
        let customer_id = cells.required_line("customer_id", NonBlank::parse)?;
        let name = cells.required_line("name", PersonName::parse)?;
        Some(contact_key(&customer_id, &name))
    }
}

impl ImportedContact {
    pub(super) fn over(self, old: &Self, header: &Header) -> Self {
        Self {
            title: kept(header, "title", self.title, &old.title),
            email: kept(header, "email", self.email, &old.email),
            phone: kept(header, "phone", self.phone, &old.phone),
            ..self
        }
    }
}
