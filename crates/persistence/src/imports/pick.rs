//! A record of one file out of a record of any file.

use countersign_domain::imports::records::{
    ImportedCarrier, ImportedContact, ImportedCoverage, ImportedEndorsement, ImportedHolder, ImportedInsured,
    ImportedPolicy, ImportedVehicle, Record,
};

pub(super) const fn insured(record: &Record) -> Option<&ImportedInsured> {
    if let Record::Insured(record) = record {
        Some(record)
    } else {
        None
    }
}

pub(super) const fn contact(record: &Record) -> Option<&ImportedContact> {
    if let Record::Contact(record) = record {
        Some(record)
    } else {
        None
    }
}

pub(super) const fn carrier(record: &Record) -> Option<&ImportedCarrier> {
    if let Record::Carrier(record) = record {
        Some(record)
    } else {
        None
    }
}

pub(super) const fn policy(record: &Record) -> Option<&ImportedPolicy> {
    if let Record::Policy(record) = record {
        Some(record)
    } else {
        None
    }
}

pub(super) const fn coverage(record: &Record) -> Option<&ImportedCoverage> {
    if let Record::Coverage(record) = record {
        Some(record)
    } else {
        None
    }
}

pub(super) const fn endorsement(record: &Record) -> Option<&ImportedEndorsement> {
    if let Record::Endorsement(record) = record {
        Some(record)
    } else {
        None
    }
}

pub(super) const fn vehicle(record: &Record) -> Option<&ImportedVehicle> {
    if let Record::Vehicle(record) = record {
        Some(record)
    } else {
        None
    }
}

pub(super) const fn holder(record: &Record) -> Option<&ImportedHolder> {
    if let Record::Holder(record) = record {
        Some(record)
    } else {
        None
    }
}
