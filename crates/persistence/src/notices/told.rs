//! What the holders of a cancelled policy were told, and what came back; of a policy that was reinstated, what they were
//! told of the cancellation before, which they may still believe.
//!
//! Invariant: a holder is told as soon as one address has a notice of the cancellation on file, whichever notice that
//! was: one that came back from one of several addresses is followed by another to the right address alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::ViewPolicyHolders;
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::certificates::report::{self, MailEvent, MailEventKind};
use countersign_domain::ids::TaskId;
use countersign_domain::policies::PolicyRecord;
use countersign_domain::tasks::TaskState;
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::reports::{self, addresses};
use crate::schema::{courtesy_notices, tasks};

/// One notice, and what became of its mail.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = courtesy_notices)]
pub struct NoticeRow {
    /// Its id.
    pub id: Uuid,
    /// The holder.
    pub holder_id: Uuid,
    /// From which day on it says that the policy does not cover.
    pub cancelled_on: NaiveDate,
    /// Where its mail stands.
    pub state: String,
    /// To whom.
    pub to_addresses: Vec<String>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Who sent it; the name at that time.
    pub requested_by_name: String,
    /// When it was asked for.
    pub queued_at: DateTime<Utc>,
    /// When the relay accepted it.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// An address that a notice came back from.
#[derive(Clone, Debug)]
pub struct Back {
    /// What was told of it.
    pub event: MailEvent,
    /// The task about it, while nobody has settled it.
    pub task: Option<TaskId>,
}

/// The newest notice of a cancellation to a holder, with what the mail system told of all of them.
#[derive(Clone, Debug)]
pub struct Newest {
    /// The notice.
    pub row: NoticeRow,
    /// What all that was told of it comes to; `None` while nothing was, or not of everybody.
    pub outcome: Option<MailEventKind>,
    /// From where it came back; and from where an earlier one did, while nobody has settled that.
    pub back: Vec<Back>,
    /// Whether nobody has any of them: each was given up, or came back from everybody.
    pub reached_nobody: bool,
}

/// The newest notice to each of these holders of the cancellation on file; where there is none on file any more, of the
/// one that they were told of last.
///
/// # Errors
/// [`Error`] of the database.
pub async fn newest(
    tx: &mut Tx,
    permit: &Permit<ViewPolicyHolders>,
    of: &[Uuid],
) -> Result<BTreeMap<Uuid, Newest>, Error> {
    let letters = letters(tx, permit, of).await?;
    let ids: Vec<Uuid> = letters.values().flatten().map(|letter| letter.row.id).collect();
    let tasks = open_tasks(tx, &ids).await?;
    let newest = letters.into_iter().filter_map(|(holder, letters)| {
        let reached_nobody = letters.iter().all(|letter| letter.reached().is_empty());
        let mut later_first = letters.into_iter().rev();
        let newest = later_first.next()?;
        let mut back = newest.back(&tasks);
        for earlier in later_first {
            let open = earlier
                .back(&tasks)
                .into_iter()
                .filter(|back| back.task.is_some());
            back.extend(open);
        }
        // One line for each address.
        let mut seen = BTreeSet::new();
        back.retain(|back| seen.insert(back.event.recipient.as_str().to_lowercase()));
        let newest = Newest {
            outcome: report::outcome(&newest.to, &newest.events),
            row: newest.row,
            back,
            reached_nobody,
        };
        Some((holder, newest))
    });
    Ok(newest.collect())
}

/// The addresses of each of these holders that have a notice of the cancellation on file, or to which one is on its way.
pub(super) async fn addresses_told(
    tx: &mut Tx,
    record: &PolicyRecord,
    of: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<EmailAddress>>, Error> {
    let letters = letters(tx, record, of).await?;
    let told = letters.into_iter().map(|(holder, letters)| {
        let reached = letters.iter().flat_map(Letter::reached).collect();
        (holder, reached)
    });
    Ok(told.collect())
}

/// A notice with what the mail system told of it.
struct Letter {
    row: NoticeRow,
    to: Vec<EmailAddress>,
    events: Vec<MailEvent>,
}

impl Letter {
    /// The addresses that have it, or to which it is on its way.
    fn reached(&self) -> Vec<EmailAddress> {
        if self.row.state == DeliveryState::Failed.as_str() {
            return Vec::new();
        }
        let back = report::came_back(&self.events);
        let has_it = |to: &&EmailAddress| !back.iter().any(|event| event.recipient.is_same(to));
        self.to.iter().filter(has_it).cloned().collect()
    }

    fn back(&self, tasks: &BTreeMap<(Uuid, String), TaskId>) -> Vec<Back> {
        let back = report::came_back(&self.events).into_iter();
        back.map(|event| Back {
            task: tasks.get(&(self.row.id, event.recipient.to_string())).copied(),
            event: event.clone(),
        })
        .collect()
    }
}

/// The notices to each of these holders of the cancellation on file, the oldest first; where there is none on file any
/// more, of the one that the holder was told of last.
async fn letters(
    tx: &mut Tx,
    record: &PolicyRecord,
    of: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Letter>>, Error> {
    let mut query = courtesy_notices::table
        .filter(courtesy_notices::agency_id.eq(tx.agency().uuid()))
        .filter(courtesy_notices::policy_id.eq(record.policy.id.uuid()))
        .filter(courtesy_notices::holder_id.eq_any(of))
        .order((courtesy_notices::queued_at.asc(), courtesy_notices::id.asc()))
        .select(NoticeRow::as_select())
        .into_boxed();
    let on_file = record.policy.status.cancelled_on();
    if let Some(day) = on_file {
        query = query.filter(courtesy_notices::cancelled_on.eq(day));
    }
    let mut rows: Vec<NoticeRow> = query.load(&mut tx.connection()?).await?;
    if on_file.is_none() {
        let last: BTreeMap<Uuid, NaiveDate> =
            rows.iter().map(|row| (row.holder_id, row.cancelled_on)).collect();
        rows.retain(|row| last.get(&row.holder_id) == Some(&row.cancelled_on));
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut events = reports::of_letters(tx, &ids).await?;
    let mut letters: BTreeMap<Uuid, Vec<Letter>> = BTreeMap::new();
    for row in rows {
        let letter = Letter {
            to: addresses(&row.to_addresses, "courtesy_notices.to_addresses")?,
            events: events.remove(&row.id).unwrap_or_default(),
            row,
        };
        letters.entry(letter.row.holder_id).or_default().push(letter);
    }
    Ok(letters)
}

/// The open tasks about these notices, by notice and address.
async fn open_tasks(tx: &mut Tx, notices: &[Uuid]) -> Result<BTreeMap<(Uuid, String), TaskId>, Error> {
    if notices.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(Uuid, Option<Uuid>, Option<String>)> = tasks::table
        .filter(tasks::agency_id.eq(tx.agency().uuid()))
        .filter(tasks::notice_id.eq_any(notices.iter().copied().map(Some)))
        .filter(tasks::state.eq(TaskState::Open.as_str()))
        .select((tasks::id, tasks::notice_id, tasks::address))
        .load(&mut tx.connection()?)
        .await?;
    let open = rows
        .into_iter()
        .filter_map(|(id, notice, address)| Some(((notice?, address?), TaskId::from_uuid(id))));
    Ok(open.collect())
}
