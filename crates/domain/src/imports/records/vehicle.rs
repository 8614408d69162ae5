//! A row of vehicles.csv.

use super::{Cells, Fault, Header, Key, PolicyKey, Reading, kept};
use crate::imports::values::{self, number};
use crate::policies::Line;
use crate::text::{NonBlank, UsState};

/// A vehicle scheduled on an auto policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedVehicle {
    /// The policy, always of the line commercial auto.
    pub policy: PolicyKey,
    /// Vehicle identification number.
    pub vin: NonBlank,
    /// Model year.
    pub year: Option<i32>,
    /// Make.
    pub make: Option<NonBlank>,
    /// Model.
    pub model: Option<NonBlank>,
    /// Where it is kept.
    pub garaging_state: Option<UsState>,
}

fn vehicle_key(policy: &PolicyKey, vin: &NonBlank) -> Key {
    Key::of(&[policy.key().as_str(), vin.as_str()])
}

fn auto_policy(cells: &mut Cells<'_>) -> Option<PolicyKey> {
    let number = cells.required_line("policy_number", NonBlank::parse);
    let effective_on = cells.required_date("effective_on");
    Some(PolicyKey {
        number: number?,
        effective_on: effective_on?,
        line: Line::CommercialAuto,
    })
}

impl Reading for ImportedVehicle {
    const NAMED_BY: &'static str = "policy and vin";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let policy = auto_policy(&mut cells);
        let vin = cells.required("vin", values::vin);
        let year = cells.optional("year", |text| number(text, 1900, 2100));
        let make = cells.optional_line("make", NonBlank::parse);
        let model = cells.optional_line("model", NonBlank::parse);
        let garaging_state = cells.optional_line("garaging_state", UsState::parse);
        let record = policy.zip(vin).map(|(policy, vin)| Self {
            policy,
            vin,
            year: year.and_then(|year| i32::try_from(year).ok()),
            make,
            model,
            garaging_state,
        });
        cells.finish(record)
    }

    fn key(&self) -> Key {
        vehicle_key(&self.policy, &self.vin)
    }

    fn key_of(cells: &mut Cells<'_>) -> Option<Key> {
        let policy = auto_policy(cells)?;
        let vin = cells.required("vin", values::vin)?;
        Some(vehicle_key(&policy, &vin))
    }
}

impl ImportedVehicle {
    pub(super) fn over(self, old: &Self, header: &Header) -> Self {
        Self {
            year: kept(header, "year", self.year, &old.year),
            make: kept(header, "make", self.make, &old.make),
            model: kept(header, "model", self.model, &old.model),
            garaging_state: kept(header, "garaging_state", self.garaging_state, &old.garaging_state),
            ..self
        }
    }
}
