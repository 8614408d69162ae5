//! What is asked of a history, whosever it is, and how it leaves as a file.
//!
//! Invariant: an insured's history and a certificate's are narrowed and written out the same way.

use actix_web::HttpResponse;
use countersign_domain::audit::ActKind;
use countersign_domain::imports::export::csv_line;
use countersign_persistence::audit::{Activity, ActivityFilter};
use countersign_persistence::{After, Page, PageRequest};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::csv::{AT_ONCE, Chunk, streamed};
use crate::insureds::ActivityView;
use crate::problem::Problem;
use crate::wire::{DateTime, NaiveDate, Utc, wire_enum};

wire_enum! {
    /// A kind of act.
    ActKindWord for ActKind {
        Certificates = "certificates",
        Looks = "looks",
        Mail = "mail",
        Masters = "masters",
        Policies = "policies",
        Holders = "holders",
        Interests = "interests",
        Portal = "portal",
        Profile = "profile",
        SignIns = "sign_ins",
    }
}

/// Which acts are wanted, whichever way they are handed out.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedActivity {
    /// Of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<ActKindWord>,
    /// Done on this day or later, in the agency's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    done_from: Option<NaiveDate>,
    /// Done on this day or earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    done_to: Option<NaiveDate>,
}

impl WantedActivity {
    pub(crate) fn filter(&self) -> ActivityFilter {
        ActivityFilter {
            kind: self.kind.map(Into::into),
            from: self.done_from,
            until: self.done_to,
        }
    }

    /// As the trail keeps it.
    pub(crate) fn told(&self) -> Result<serde_json::Value, Problem> {
        serde_json::to_value(self).map_err(Problem::internal)
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivityQuery {
    /// Of this kind.
    kind: Option<ActKindWord>,
    /// Done on this day or later, in the agency's zone.
    done_from: Option<NaiveDate>,
    /// Done on this day or earlier.
    done_to: Option<NaiveDate>,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

impl ActivityQuery {
    pub(crate) fn wanted(&self) -> WantedActivity {
        WantedActivity {
            kind: self.kind,
            done_from: self.done_from,
            done_to: self.done_to,
        }
    }

    pub(crate) fn page(&self) -> (Option<u32>, Option<&str>) {
        (self.limit, self.cursor.as_deref())
    }
}

const COLUMNS: [&str; 7] = ["at", "who", "as", "what", "action", "object_kind", "object"];

/// What is fetched at a time for a file.
pub(crate) fn portion(after: Option<After>) -> PageRequest {
    PageRequest {
        limit: AT_ONCE,
        after,
    }
}

/// Entries as lines of a file. No cell begins as a formula would.
pub(crate) fn lines(page: Page<Activity>) -> Chunk {
    let line = |row| {
        let cells = ActivityView::of(row).cells();
        csv_line(cells.each_ref().map(String::as_str))
    };
    Chunk {
        lines: page.rows.into_iter().map(line).collect(),
        next: page.next,
    }
}

/// A history as a file that begins with `first` and goes on with what `fetch` finds.
pub(crate) fn file<F>(now: DateTime<Utc>, first: Chunk, fetch: F) -> HttpResponse
where
    F: AsyncFnMut(After) -> Result<Chunk, Problem> + 'static,
{
    let name = format!("activity-history-{}.csv", now.format("%Y%m%d-%H%M%S"));
    streamed(name, &csv_line(COLUMNS), first, fetch)
}
