//! Requests to lift what the truth gate blocks: asked, looked at, decided by a second person.

mod approve;
mod ask;
mod decline;
mod get;
mod list;

pub(crate) use approve::approve_findings;
pub(crate) use ask::ask_approval;
pub(crate) use decline::decline_findings;
pub(crate) use get::get_approval;
pub(crate) use list::list_approvals;

use countersign_domain::authz::rules::{ReviseCertificate, SendCertificate};
use countersign_domain::certificates::delivery::Envelope;
use countersign_domain::certificates::revise::{self, Replaced};
use countersign_domain::certificates::send::{self, Draft};
use countersign_domain::ids::{CertificateId, InsuredId};
use countersign_domain::text::NonBlank;
use countersign_persistence::{certificates, insureds};

use crate::certificates::{SendBody, master_unknown};
use crate::context::Desk;
use crate::problem::Problem;
use crate::wire::{DateTime, Utc};

/// A request to send, composed anew: the print with its findings, the mail, and the certificate whose place it takes.
struct Composed {
    draft: Draft,
    envelope: Envelope,
    replaces: Option<Replaced>,
}

/// Which number the print shall bear.
enum Number {
    /// None yet: it is only looked at.
    Placeholder,
    /// The agency's next one.
    Next,
}

/// Composes what a request asks for from the policies as they are now.
async fn compose(
    desk: &mut Desk<'_>,
    insured: InsuredId,
    revises: Option<CertificateId>,
    request: &SendBody,
    number: Number,
    now: DateTime<Utc>,
) -> Result<Composed, Problem> {
    // What is only looked at holds nobody up.
    let revised = match (revises, &number) {
        (Some(id), Number::Next) => {
            Some(certificates::lock::<ReviseCertificate>(desk.tx, desk.actor, id).await?)
        }
        (Some(id), Number::Placeholder) => {
            Some(certificates::find::<ReviseCertificate>(desk.tx, desk.actor, id).await?)
        }
        (None, _) => None,
    };
    let permit = match number {
        Number::Next => insureds::lock::<SendCertificate>(desk.tx, desk.actor, insured).await?,
        Number::Placeholder => insureds::find::<SendCertificate>(desk.tx, desk.actor, insured).await?,
    };
    let (wish, envelope) = request.parse()?;
    let facts = certificates::send_facts(desk.tx, &permit, &wish, now)
        .await
        .map_err(master_unknown)?;
    let printable = countersign_documents::is_printable;
    let (draft, replaces) = match revised {
        Some(revised) => {
            let (draft, replaced) = revise::draft(revised, permit, wish, facts, printable)?.apart();
            (draft, Some(replaced))
        }
        None => {
            let number = match number {
                Number::Placeholder => NonBlank::parse("PREVIEW").map_err(Problem::internal)?,
                Number::Next => certificates::next_number(desk.tx, now).await?,
            };
            (send::draft(permit, wish, facts, number, printable)?, None)
        }
    };
    Ok(Composed {
        draft,
        envelope,
        replaces,
    })
}
