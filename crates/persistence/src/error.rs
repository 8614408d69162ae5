//! Why storage refused or failed, with Postgres' named constraints translated once.

use countersign_domain::authz::Verdict;
use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// Constraints that a person can run into, by their names in the migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// The insured has an account.
    PortalUserInsuredUnique,
    /// The username is taken within the agency.
    PortalUserUsernameUnique,
    /// The username of a staff user is taken within the agency.
    StaffUsernameUnique,
    /// The agency's customer number is taken.
    InsuredCustomerIdUnique,
    /// The agency has a policy of this number, term and line.
    PolicyUnique,
    /// The term was renewed already.
    PolicyPriorUnique,
    /// The policy has this form already.
    EndorsementUnique,
    /// A master certificate links the form.
    EndorsementLinked,
    /// The insured has a master of this name.
    MasterNameUnique,
    /// The library has this holder at this address.
    HolderUnique,
    /// The agency has a template of this kind and name.
    TemplateNameUnique,
    /// The agency has a group of holders of this name.
    HolderGroupNameUnique,
    /// The agency's slug is taken.
    AgencySlugUnique,
}

impl Constraint {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "portal_users_insured_unique" => Self::PortalUserInsuredUnique,
            "portal_users_username_unique" => Self::PortalUserUsernameUnique,
            "staff_users_username_unique" => Self::StaffUsernameUnique,
            "insureds_customer_id_unique" => Self::InsuredCustomerIdUnique,
            "policies_number_term_unique" => Self::PolicyUnique,
            "policies_prior_unique" => Self::PolicyPriorUnique,
            "endorsements_form_scope_unique" => Self::EndorsementUnique,
            "master_lines_additional_insured_fk" | "master_lines_waiver_fk" => Self::EndorsementLinked,
            "masters_name_unique" => Self::MasterNameUnique,
            "holders_name_address_unique" => Self::HolderUnique,
            "templates_name_unique" => Self::TemplateNameUnique,
            "holder_groups_name_unique" => Self::HolderGroupNameUnique,
            "agencies_slug_unique" => Self::AgencySlugUnique,
            _ => return None,
        })
    }
}

/// Why storage refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row in this agency.
    #[error("not found")]
    NotFound,
    /// The actor may not do this.
    #[error("denied: {0:?}")]
    Denied(Verdict),
    /// A named constraint refused the write.
    #[error("conflict: {0:?}")]
    Conflict(Constraint),
    /// The row was changed since it was read.
    #[error("the record was changed meanwhile; its version is {current}")]
    Stale {
        /// The version it has now.
        current: i32,
    },
    /// The database cannot be reached, or all connections are taken.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// A row that should parse does not, or a query is wrong.
    #[error("broken: {0}")]
    Broken(String),
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(kind, info) => {
                if let Some(known) = info.constraint_name().and_then(Constraint::of) {
                    return Self::Conflict(known);
                }
                match kind {
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::SerializationFailure => {
                        Self::Unavailable(info.message().to_owned())
                    }
                    _ if info.message().contains("row-level security") => {
                        // A write without its agency's setting, or into another agency: a mistake of ours.
                        metrics::counter!("db_row_level_security_misses_total").increment(1);
                        Self::Broken(format!("{kind:?}: {}", info.message()))
                    }
                    _ if waited_too_long(info.message()) => Self::Unavailable(info.message().to_owned()),
                    _ => Self::Broken(format!("{kind:?}: {}", info.message())),
                }
            }
            other => Self::Broken(other.to_string()),
        }
    }
}

/// Whether Postgres gave up waiting for somebody else; the driver passes on its words but not its code.
fn waited_too_long(message: &str) -> bool {
    message.starts_with("canceling statement due to") || message == "deadlock detected"
}

impl From<Verdict> for Error {
    fn from(verdict: Verdict) -> Self {
        Self::Denied(verdict)
    }
}

/// Turns a value that does not parse into [`Error::Broken`], naming where it stands.
pub(crate) fn broken<E: std::fmt::Display>(place: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::Broken(format!("{place}: {error}"))
}
