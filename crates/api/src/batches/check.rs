//! Looking at every row of a batch before it is started.

use actix_web::{post, web};
use countersign_domain::authz::rules::{CheckRecipients, SendCertificate, StartBatch};
use countersign_domain::certificates::batch::MAX_ROWS;
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::certificates::recipients::{KnownAddresses, KnownHolder, concerns};
use countersign_domain::certificates::send::{Draft, HolderChoice, Wish, draft};
use countersign_domain::certificates::truth;
use countersign_domain::holders::Holder;
use countersign_domain::ids::{HolderId, InsuredId, MasterId};
use countersign_domain::text::{EmailAddress, NonBlank};
use countersign_persistence::batches::{self, CheckFacts, LastSending};
use countersign_persistence::{agencies, insureds, recipients};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::certificates::send::master_unknown;
use crate::certificates::{BehindView, ConcernView, behind};
use crate::context::Caller;
use crate::faults::Faults;
use crate::holders::requirements::{RequirementView, views};
use crate::problem::{Problem, Problems};
use crate::wire::{AddressBody, ChannelWord, DateTime, FindingView, Utc};

/// Which certificates somebody is about to send.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckBody {
    /// From which master certificate.
    master_id: Uuid,
    /// Description of operations for every row; the master's unless given.
    description: Option<String>,
    /// For whom, 1 to 500 holders of the library.
    holder_ids: Vec<Uuid>,
}

/// The newest certificate that a holder got for this insured.
#[derive(Serialize, ToSchema)]
pub(crate) struct SentBefore {
    certificate_id: Uuid,
    number: String,
    issued_at: DateTime<Utc>,
    /// It was withdrawn since: the holder has none that stands in its place.
    withdrawn: bool,
}

/// A row as it would be sent now.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckedRow {
    holder_id: Uuid,
    holder_name: String,
    address: AddressBody,
    /// Who would receive it: the holder's own addresses, or those of the last sending where it has none.
    to: Vec<String>,
    cc: Vec<String>,
    /// How its mail would carry the page unless the sender says so for all: as the holder prefers, or else attached.
    channel: ChannelWord,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_before: Option<SentBefore>,
    /// What is odd about whom it would go to.
    concerns: Vec<ConcernView>,
    /// What the truth gate found, worst first.
    findings: Vec<FindingView>,
    /// What the holder asks for, each with what became of it; it never prevents sending.
    requirements: Vec<RequirementView>,
    /// The endorsements that it rests on, with the sizes of their files.
    endorsements: Vec<BehindView>,
    /// Whether it could be sent as it is.
    sendable: bool,
    /// Whom the last one went to.
    #[serde(skip)]
    last: Vec<EmailAddress>,
}

/// Every row as it would be sent now.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchCheck {
    /// In the order of the request.
    rows: Vec<CheckedRow>,
    /// How many of them could be sent.
    sendable: usize,
}

/// Checks for every holder what would be printed now, by the same gate as for one certificate. Nothing is kept.
#[utoipa::path(tag = "batches", params(("insured" = Uuid, Path, description = "The insured's id")),
    request_body = CheckBody, responses((status = 200, body = BatchCheck), Problems))]
#[post("/v1/insureds/{insured}/batches/check")]
pub(crate) async fn check_batch(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<CheckBody>,
) -> Result<web::Json<BatchCheck>, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let now = caller.now();
    let rows = caller
        .transaction(async |desk| {
            let permit = insureds::find::<StartBatch>(desk.tx, desk.actor, insured).await?;
            let chosen = chosen(&body.holder_ids)?;
            let sends = insureds::find::<SendCertificate>(desk.tx, desk.actor, insured).await?;
            let wish = Wish {
                master: MasterId::from_uuid(body.master_id),
                holder: HolderChoice::Known(first(&chosen)?),
                description: body.description.clone(),
                additional_insured: None,
                waiver: None,
            };
            let facts = batches::check_facts(desk.tx, &sends, &wish, &chosen, now)
                .await
                .map_err(master_unknown)?;
            let mut rows = Vec::with_capacity(chosen.len());
            let mut before = batches::last_sendings(desk.tx, &permit, &chosen).await?;
            for (place, id) in chosen.iter().enumerate() {
                let holder = facts.holders.iter().find(|holder| holder.id == *id);
                let holder = holder.ok_or_else(|| unknown(place))?;
                let drafted = drafted(&sends, &wish, &facts, holder)?;
                rows.push(CheckedRow::of(holder, &drafted, before.remove(id)));
            }
            let asks = agencies::find::<CheckRecipients>(desk.tx, desk.actor).await?;
            let all: Vec<EmailAddress> = rows.iter().flat_map(CheckedRow::recipients).collect();
            let known = recipients::known(desk.tx, &asks, &all).await?;
            for row in &mut rows {
                let holder = facts.holders.iter().find(|each| each.id.uuid() == row.holder_id);
                row.concerns = odd(&row.recipients(), &known, holder, &row.last);
            }
            Ok::<_, Problem>(rows)
        })
        .await?;
    Ok(web::Json(BatchCheck {
        sendable: rows.iter().filter(|row| row.sendable).count(),
        rows,
    }))
}

fn unknown(place: usize) -> Problem {
    let pointer = format!("/holder_ids/{place}");
    Problem::field(&pointer, "unknown", "is not a holder of the library")
}

fn first(chosen: &[HolderId]) -> Result<HolderId, Problem> {
    chosen
        .first()
        .copied()
        .ok_or_else(|| Problem::field("/holder_ids", "empty", "choose at least one holder"))
}

/// The holders as they were asked for, each once.
fn chosen(ids: &[Uuid]) -> Result<Vec<HolderId>, Problem> {
    let mut faults = Faults::default();
    let mut seen = std::collections::HashSet::new();
    if ids.len() > MAX_ROWS {
        let detail = format!("takes at most {MAX_ROWS} holders");
        faults.add("/holder_ids", "too_many", detail);
    }
    for (place, id) in ids.iter().enumerate().take(MAX_ROWS) {
        if !seen.insert(*id) {
            let pointer = format!("/holder_ids/{place}");
            faults.add(&pointer, "twice", "this holder is chosen already");
        }
    }
    faults.finish(Some(ids.iter().map(|id| HolderId::from_uuid(*id)).collect()))
}

/// What would be printed for a holder; asked for and composed as when one certificate is sent.
pub(super) fn drafted(
    sends: &countersign_domain::authz::Permit<SendCertificate>,
    wish: &Wish,
    facts: &CheckFacts,
    holder: &Holder,
) -> Result<Draft, Problem> {
    let insured: &countersign_domain::insureds::Insured = sends;
    let permit = sends.actor().request::<SendCertificate>(insured.clone())?;
    let wish = Wish {
        holder: HolderChoice::Known(holder.id),
        ..wish.clone()
    };
    let facts = facts.of_holder(holder.id);
    let number = NonBlank::parse("PREVIEW").map_err(Problem::internal)?;
    Ok(draft(
        permit,
        wish,
        facts,
        number,
        countersign_documents::is_printable,
    )?)
}

/// Who receives a row unless the sender says otherwise.
pub(super) fn preset(holder: &Holder, before: Option<&LastSending>) -> (Vec<String>, Vec<String>) {
    let own: Vec<String> = holder.profile.emails.iter().map(ToString::to_string).collect();
    match before {
        Some(last) if own.is_empty() => (last.to.clone(), last.cc.clone()),
        _ => (own, Vec::new()),
    }
}

/// What is odd about whom a row would go to.
pub(super) fn odd(
    recipients: &[EmailAddress],
    known: &KnownAddresses,
    holder: Option<&Holder>,
    last: &[EmailAddress],
) -> Vec<ConcernView> {
    let told = KnownHolder {
        emails: holder.map_or(&[], |holder| holder.profile.emails.as_slice()),
        last,
    };
    let found = concerns(recipients, known, told);
    found.into_iter().map(ConcernView::from).collect()
}

pub(super) fn parsed<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<EmailAddress> {
    texts.filter_map(|text| EmailAddress::parse(text).ok()).collect()
}

impl CheckedRow {
    /// Whom it would go to.
    fn recipients(&self) -> Vec<EmailAddress> {
        parsed(self.to.iter().chain(&self.cc))
    }

    fn of(holder: &Holder, drafted: &Draft, before: Option<LastSending>) -> Self {
        let (to, cc) = preset(holder, before.as_ref());
        let last = before.iter().flat_map(|last| last.to.iter().chain(&last.cc));
        let last = parsed(last);
        Self {
            holder_id: holder.id.uuid(),
            holder_name: holder.profile.name.to_string(),
            address: AddressBody::from(&holder.profile.address),
            to,
            cc,
            channel: Channel::preferred(holder.profile.channel).into(),
            concerns: Vec::new(),
            last,
            sent_before: before.map(|last| SentBefore {
                certificate_id: last.certificate,
                number: last.number,
                issued_at: last.issued_at,
                withdrawn: last.withdrawn,
            }),
            sendable: truth::clears(drafted.findings()),
            findings: findings(drafted),
            requirements: views(drafted.requirements()),
            endorsements: behind(drafted),
        }
    }
}

pub(super) fn findings(drafted: &Draft) -> Vec<FindingView> {
    drafted
        .findings()
        .iter()
        .cloned()
        .map(FindingView::from)
        .collect()
}
