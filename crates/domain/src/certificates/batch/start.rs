//! Starting a batch.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{BatchKind, MAX_ROWS};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::StartBatch;
use crate::authz::{Actor, By, Permit};
use crate::certificates::delivery::{Channel, Envelope};
use crate::certificates::master::{MAX_DESCRIPTION, Master};
use crate::holders::Holder;
use crate::ids::{BatchId, CertificateId, HolderId, InsuredId, JobId, MasterId, StaffUserId};
use crate::jobs::Job;
use crate::templates::Unfillable;
use crate::templates::placeholders::{self, Placeholder};
use crate::text::{NonBlank, TextError, paragraphs};

/// One holder and who receives its certificate. Subject and message of the envelope are those of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// For whom.
    pub holder: HolderId,
    /// The certificate of the term before: what the sender wrote and marked for this holder is kept.
    pub follows: Option<CertificateId>,
    /// Who receives it; how the mail carries the page is settled when the batch is started.
    pub envelope: Envelope,
}

/// What the sender decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What it is for.
    pub kind: BatchKind,
    /// From which master.
    pub master: MasterId,
    /// Description of operations; the master's where there is none.
    pub description: Option<String>,
    /// Subject of the mails.
    pub subject: Option<NonBlank>,
    /// A few words of the sender's own, as [`Envelope`] checked them.
    pub message: String,
    /// How the mails carry the pages; as each holder prefers where nobody has said.
    pub channel: Option<Channel>,
    /// Whether the files of the endorsements go along that a certificate rests on.
    pub endorsements: bool,
    /// The holders.
    pub rows: Vec<OrderRow>,
}

/// What starting must know; loaded through the permit.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The master.
    pub master: Master,
    /// Those of the chosen holders that are in the library.
    pub holders: Vec<Holder>,
    /// Those of the certificates to follow that are the insured's.
    pub followed: Vec<CertificateId>,
}

/// Why a batch was not started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// Nobody was chosen.
    #[error("choose at least one holder")]
    NoRows,
    /// Too many were.
    #[error("takes at most {MAX_ROWS} holders; send the rest as another batch")]
    TooManyRows,
    /// A holder stands in two rows; the second one is named.
    #[error("this holder is chosen already")]
    HolderTwice(usize),
    /// A holder is not in the library.
    #[error("is not a holder of the library")]
    HolderUnknown(usize),
    /// A certificate to follow is not one of the insured's.
    #[error("is not a certificate of this insured")]
    FollowsUnknown(usize),
    /// The master is not one of this insured's.
    #[error("the master certificate is not one that can be used here")]
    MasterUnknown,
    /// The description is not printable or too long.
    #[error("the description {0}")]
    Description(TextError),
    /// A placeholder in the description has no value.
    #[error("the description {0}")]
    Placeholder(Unfillable),
    /// A process cannot be asked later what it may.
    #[error("a batch is started by a person of the agency")]
    NotAPerson,
}

/// A batch was started.
#[derive(Debug)]
pub struct Started {
    id: BatchId,
    insured: InsuredId,
    insured_name: String,
    order: Order,
    facts: Facts,
    sender: StaffUserId,
    job: (JobId, Job),
    by: By,
    at: DateTime<Utc>,
}

/// Starts a batch. Nothing is sent yet: the gate is asked for each row when its turn comes.
///
/// # Errors
/// [`StartError`].
pub fn start(
    permit: Permit<StartBatch>,
    mut order: Order,
    facts: Facts,
    (id, job): (BatchId, JobId),
    now: DateTime<Utc>,
) -> Result<Started, StartError> {
    if facts.master.insured != permit.id || facts.master.id != order.master {
        return Err(StartError::MasterUnknown);
    }
    let Actor::Staff(staff) = permit.actor() else {
        return Err(StartError::NotAPerson);
    };
    let sender = staff.id;
    if order.rows.is_empty() {
        return Err(StartError::NoRows);
    }
    if order.rows.len() > MAX_ROWS {
        return Err(StartError::TooManyRows);
    }
    let mut seen = std::collections::HashSet::new();
    for (place, row) in order.rows.iter_mut().enumerate() {
        let Some(holder) = facts.holders.iter().find(|holder| holder.id == row.holder) else {
            return Err(StartError::HolderUnknown(place));
        };
        if row.follows.is_some_and(|id| !facts.followed.contains(&id)) {
            return Err(StartError::FollowsUnknown(place));
        }
        if !seen.insert(row.holder) {
            return Err(StartError::HolderTwice(place));
        }
        let channel = order
            .channel
            .unwrap_or(Channel::preferred(holder.profile.channel));
        row.envelope = row.envelope.clone().through(Some(channel));
    }
    order.description = order
        .description
        .map(|text| paragraphs(&text, MAX_DESCRIPTION).map_err(StartError::Description))
        .transpose()?;
    let text = order.description.as_deref().unwrap_or_default();
    let open = placeholders::check(text).map_err(|error| StartError::Placeholder(error.into()))?;
    if open.contains(&Placeholder::Reference) {
        let reference = [Placeholder::Reference].into();
        return Err(StartError::Placeholder(Unfillable::Open(reference)));
    }
    let by = permit.by();
    Ok(Started {
        id,
        insured: permit.id,
        insured_name: permit.into_target().profile.name.to_string(),
        order,
        facts,
        sender,
        job: (job, Job::SendBatch { batch: id }),
        by,
        at: now,
    })
}

impl Started {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> BatchId {
        self.id
    }

    /// Whose cover it shows.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured
    }

    /// The insured's name.
    #[must_use]
    pub fn insured_name(&self) -> &str {
        &self.insured_name
    }

    /// What was decided.
    #[must_use]
    pub const fn order(&self) -> &Order {
        &self.order
    }

    /// The master's name.
    #[must_use]
    pub fn master_name(&self) -> &str {
        self.facts.master.selection.name.as_str()
    }

    /// A holder's name.
    #[must_use]
    pub fn holder_name(&self, id: HolderId) -> &str {
        let mut holders = self.facts.holders.iter();
        holders
            .find(|holder| holder.id == id)
            .map_or("", |holder| holder.profile.name.as_str())
    }

    /// With whose permissions it is sent.
    #[must_use]
    pub const fn sender(&self) -> StaffUserId {
        self.sender
    }

    /// The job that sends it.
    #[must_use]
    pub const fn job(&self) -> &(JobId, Job) {
        &self.job
    }

    /// Who started it.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Started {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::BatchStarted,
            insured: Some(self.insured),
            object_kind: "batch",
            object_id: Some(self.id.uuid()),
            object_label: self.master_name().to_owned(),
            detail: json!({
                "kind": self.order.kind, "rows": self.order.rows.len(), "channel": self.order.channel,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn envelope() -> Envelope {
        Envelope::new(vec![cast::email("a@northgate.example.com")], Vec::new(), None, "").unwrap()
    }

    fn order(holders: &[HolderId]) -> Order {
        Order {
            kind: BatchKind::Bulk,
            master: cast::MASTER,
            description: None,
            subject: None,
            message: String::new(),
            channel: None,
            endorsements: true,
            rows: holders
                .iter()
                .map(|holder| OrderRow {
                    holder: *holder,
                    follows: None,
                    envelope: envelope(),
                })
                .collect(),
        }
    }

    fn started(order: Order) -> Result<Started, StartError> {
        let permit = cast::administrator().request(cast::insured()).unwrap();
        let facts = Facts {
            master: cast::master(&cast::policies()),
            holders: vec![cast::holder()],
            followed: vec![cast::certificate().id],
        };
        let ids = (
            BatchId::from_uuid(uuid::Uuid::from_u128(1)),
            JobId::from_uuid(uuid::Uuid::from_u128(2)),
        );
        start(permit, order, facts, ids, cast::now())
    }

    /// A2.28: a batch remembers who sends, and its job names nothing but the batch.
    #[test]
    fn a_batch_remembers_who_sends_it() {
        let started = started(order(&[cast::HOLDER])).unwrap();
        assert_eq!(Some(started.sender().uuid()), cast::administrator().by().id);
        assert_eq!(started.job().1, Job::SendBatch { batch: started.id() });
        assert_eq!(started.entry().detail["rows"], 1);
        assert_eq!(
            started.holder_name(cast::HOLDER),
            cast::holder_profile().name.as_str()
        );
    }

    #[test]
    fn each_row_is_mailed_as_its_holder_prefers_unless_the_sender_says_so() {
        let other = HolderId::from_uuid(uuid::Uuid::from_u128(9));
        let mut linked = cast::holder();
        linked.profile.channel = Some(Channel::Link);
        let channels = |asked| {
            let permit = cast::administrator().request(cast::insured()).unwrap();
            let order = Order {
                channel: asked,
                ..order(&[cast::HOLDER, other])
            };
            let facts = Facts {
                master: cast::master(&cast::policies()),
                holders: vec![
                    linked.clone(),
                    Holder {
                        id: other,
                        ..cast::holder()
                    },
                ],
                followed: Vec::new(),
            };
            let ids = (
                BatchId::from_uuid(uuid::Uuid::from_u128(1)),
                JobId::from_uuid(uuid::Uuid::from_u128(2)),
            );
            let started = start(permit, order, facts, ids, cast::now()).unwrap();
            let rows = started.order().rows.iter();
            rows.map(|row| row.envelope.channel().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(channels(None), [Channel::Link, Channel::Attachment]);
        assert_eq!(channels(Some(Channel::Link)), [Channel::Link; 2]);
        assert_eq!(channels(Some(Channel::Attachment)), [Channel::Attachment; 2]);
    }

    #[test]
    fn each_holder_stands_in_one_row_and_is_in_the_library() {
        assert_eq!(
            started(order(&[cast::HOLDER, cast::HOLDER])).unwrap_err(),
            StartError::HolderTwice(1)
        );
        let stranger = HolderId::from_uuid(uuid::Uuid::from_u128(9));
        assert_eq!(
            started(order(&[cast::HOLDER, stranger])).unwrap_err(),
            StartError::HolderUnknown(1)
        );
        assert_eq!(started(order(&[])).unwrap_err(), StartError::NoRows);
        assert_eq!(
            started(order(&[cast::HOLDER; MAX_ROWS + 1])).unwrap_err(),
            StartError::TooManyRows
        );
    }

    #[test]
    fn a_certificate_that_is_followed_is_one_of_the_insureds() {
        let following = |id| {
            let mut order = order(&[cast::HOLDER]);
            order.rows[0].follows = Some(id);
            started(order)
        };
        assert!(following(cast::certificate().id).is_ok());
        let strange = CertificateId::from_uuid(uuid::Uuid::from_u128(9));
        assert_eq!(following(strange).unwrap_err(), StartError::FollowsUnknown(0));
    }

    #[test]
    fn a_master_of_another_insured_and_an_unprintable_description_are_refused() {
        let elsewhere = Order {
            master: MasterId::from_uuid(uuid::Uuid::from_u128(9)),
            ..order(&[cast::HOLDER])
        };
        assert_eq!(started(elsewhere).unwrap_err(), StartError::MasterUnknown);
        let bell = Order {
            description: Some("a\u{7}b".into()),
            ..order(&[cast::HOLDER])
        };
        assert_eq!(
            started(bell).unwrap_err(),
            StartError::Description(TextError::Control)
        );
    }
}
