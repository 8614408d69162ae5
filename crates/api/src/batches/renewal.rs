//! What the new term changes for everybody who holds a certificate from a master.

use actix_web::{get, web};
use countersign_domain::authz::rules::{CheckRecipients, SendCertificate, StartBatch};
use countersign_domain::certificates::batch::MAX_ROWS;
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::certificates::renewal::{Change, ChangeKind, anew, changes};
use countersign_domain::certificates::send::{HolderChoice, Wish};
use countersign_domain::certificates::truth;
use countersign_domain::holders::{HolderStanding, LinkTerms};
use countersign_domain::ids::{HolderId, InsuredId, MasterId};
use countersign_domain::text::EmailAddress;
use countersign_persistence::batches::{self, HeldBefore, NextTerm};
use countersign_persistence::{agencies, insureds, questions, recipients};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::check::{drafted, findings, odd, parsed, preset};
use super::question::RenewalQuestion;
use crate::certificates::{BehindView, ConcernView, behind};
use crate::context::Caller;
use crate::holders::requirements::{RequirementView, views};
use crate::problem::{Problem, ProblemType, Problems};
use crate::wire::{ChannelWord, DateTime, FindingView, LineWord, NaiveDate, Utc, wire_enum};

wire_enum! {
    /// What a change is about.
    RenewalChangeKind for ChangeKind {
        LineGained = "line_gained",
        LineLost = "line_lost",
        InsurerChanged = "insurer_changed",
        PolicyNumberChanged = "policy_number_changed",
        TermChanged = "term_changed",
        LimitUp = "limit_up",
        LimitDown = "limit_down",
        BoxChanged = "box_changed",
        EndorsementGained = "endorsement_gained",
        EndorsementLost = "endorsement_lost",
        EndorsementChanged = "endorsement_changed",
        InsuredChanged = "insured_changed",
        HolderChanged = "holder_changed",
        DescriptionChanged = "description_changed",
    }
}

/// One thing that would read otherwise.
#[derive(Serialize, ToSchema)]
#[schema(as = RenewalChange)]
struct ChangeView {
    kind: RenewalChangeKind,
    /// Absent for the page as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<LineWord>,
    /// What it is called, e.g. `General aggregate`.
    label: String,
    /// As it was printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// As it would be printed now.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// Whether the holder has less than before.
    takes_away: bool,
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        Self {
            takes_away: change.kind.takes_away(),
            kind: change.kind.into(),
            line: change.line.map(Into::into),
            label: change.label,
            before: change.before,
            after: change.after,
        }
    }
}

/// Somebody who holds a certificate from the master.
#[derive(Serialize, ToSchema)]
struct RenewalRow {
    holder_id: Uuid,
    holder_name: String,
    /// The standing certificate, the newest where there are several.
    certificate_id: Uuid,
    certificate_number: String,
    issued_on: NaiveDate,
    /// Who would receive the new one.
    to: Vec<String>,
    cc: Vec<String>,
    /// How its mail would carry the page unless the sender says so for all: as the holder prefers, or else attached.
    channel: ChannelWord,
    /// What is odd about whom it would go to.
    concerns: Vec<ConcernView>,
    /// What would read otherwise, in the order of the page; empty when the holder has what would be printed.
    changes: Vec<ChangeView>,
    /// What the truth gate finds about the new one, worst first.
    findings: Vec<FindingView>,
    /// What the holder asks for, each with what becomes of it on the new one; it never prevents sending.
    requirements: Vec<RequirementView>,
    /// The endorsements that it rests on, with the sizes of their files.
    endorsements: Vec<BehindView>,
    /// The contract or project that the holder's request is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_reference: Option<String>,
    /// Since when renewals are not sent to this holder, or it is put away; absent while they are. Such a row is left out
    /// unless somebody chooses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    renewals_stopped_at: Option<DateTime<Utc>>,
    /// Whether the insured said that it still needs one; absent where it was not asked about or nobody answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<bool>,
    /// Whether it could be sent as it is.
    sendable: bool,
}

/// A term of the master's policies that it does not follow yet.
#[derive(Serialize, ToSchema)]
#[schema(as = RenewalTerm)]
struct TermView {
    line: LineWord,
    /// The policy that the master selects.
    policy_number: String,
    /// The policy that renews it.
    next_number: String,
    next_effective_on: NaiveDate,
    next_expires_on: NaiveDate,
}

impl From<NextTerm> for TermView {
    fn from(term: NextTerm) -> Self {
        Self {
            line: term.line.into(),
            policy_number: term.selected,
            next_number: term.number,
            next_effective_on: term.effective_on,
            next_expires_on: term.expires_on,
        }
    }
}

/// What the new term changes for each holder.
#[derive(Serialize, ToSchema)]
pub(crate) struct Renewal {
    /// Terms that the master does not follow yet: what would be printed is the old term there.
    not_followed: Vec<TermView>,
    /// By the holder's name, at most 500: of more, those who were sent to longest ago.
    rows: Vec<RenewalRow>,
    /// Whether there are more holders than rows.
    more: bool,
    /// The newest question to the insured about these holders; absent where it was never asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<RenewalQuestion>,
}

/// Shows for every holder of a standing certificate from a master what would read otherwise if it were sent anew now.
///
/// Nothing is kept. Those who shall have the new one are sent to with a batch of the kind `renewal`.
#[utoipa::path(tag = "batches", params(("insured" = Uuid, Path, description = "The insured's id"),
    ("master" = Uuid, Path, description = "The master's id")),
    responses((status = 200, body = Renewal), Problems))]
#[get("/v1/insureds/{insured}/masters/{master}/renewal")]
pub(crate) async fn check_renewal(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<web::Json<Renewal>, Problem> {
    let (insured, master) = path.into_inner();
    let (insured, master) = (InsuredId::from_uuid(insured), MasterId::from_uuid(master));
    let now = caller.now();
    let shown = caller
        .transaction(async |desk| {
            let permit = insureds::find::<StartBatch>(desk.tx, desk.actor, insured).await?;
            let sends = insureds::find::<SendCertificate>(desk.tx, desk.actor, insured).await?;
            let not_followed = batches::next_terms(desk.tx, &permit, master).await?;
            let limit = i64::try_from(MAX_ROWS).map_err(Problem::internal)?;
            let mut held = batches::live_from_master(desk.tx, &permit, master, limit + 1).await?;
            let more = held.len() > MAX_ROWS;
            held.truncate(MAX_ROWS);
            held.sort_by_cached_key(|each| each.payload.holder.name.as_str().to_lowercase());
            let asking = questions::newest(desk.tx, &permit, master).await?;
            let ids: Vec<HolderId> = held.iter().map(|each| each.holder).collect();
            let mut rows = Vec::with_capacity(held.len());
            if let Some(first) = ids.first() {
                let wish = Wish {
                    master,
                    holder: HolderChoice::Known(*first),
                    description: None,
                    additional_insured: None,
                    waiver: None,
                };
                let facts = batches::check_facts(desk.tx, &sends, &wish, &ids, now).await?;
                let before = batches::last_sendings(desk.tx, &permit, &ids).await?;
                for each in held {
                    let holder = facts.holders.iter().find(|holder| holder.id == each.holder);
                    let holder = holder.ok_or_else(|| Problem::new(ProblemType::NotFound))?;
                    let wish = anew(&each.payload, &facts.common.master, holder.id);
                    let drafted = drafted(&sends, &wish, &facts, holder)?;
                    let (to, cc) = preset(holder, before.get(&holder.id));
                    let terms = facts.terms.get(&holder.id);
                    let wanted = asking.as_ref().and_then(|asking| asking.wanted.get(&holder.id));
                    let put_away = match holder.standing {
                        HolderStanding::Archived { at } => Some(at),
                        HolderStanding::Listed | HolderStanding::Merged { .. } => None,
                    };
                    let row = RenewalRow::of(each, &drafted, terms, to, cc);
                    rows.push(RenewalRow {
                        wanted: wanted.copied(),
                        channel: Channel::preferred(holder.profile.channel).into(),
                        renewals_stopped_at: row.renewals_stopped_at.or(put_away),
                        ..row
                    });
                }
                let asks = agencies::find::<CheckRecipients>(desk.tx, desk.actor).await?;
                let all: Vec<EmailAddress> = rows.iter().flat_map(RenewalRow::recipients).collect();
                let known = recipients::known(desk.tx, &asks, &all).await?;
                for row in &mut rows {
                    let holder = facts
                        .holders
                        .iter()
                        .find(|holder| holder.id.uuid() == row.holder_id);
                    let last = before.get(&HolderId::from_uuid(row.holder_id));
                    let last = parsed(last.iter().flat_map(|last| last.to.iter().chain(&last.cc)));
                    row.concerns = odd(&row.recipients(), &known, holder, &last);
                }
            }
            Ok::<_, Problem>(Renewal {
                not_followed: not_followed.into_iter().map(TermView::from).collect(),
                rows,
                more,
                question: asking.as_ref().map(|asking| RenewalQuestion::of(asking, now)),
            })
        })
        .await?;
    Ok(web::Json(shown))
}

impl RenewalRow {
    /// Whom it would go to.
    fn recipients(&self) -> Vec<EmailAddress> {
        parsed(self.to.iter().chain(&self.cc))
    }

    fn of(
        held: HeldBefore,
        drafted: &countersign_domain::certificates::send::Draft,
        terms: Option<&LinkTerms>,
        to: Vec<String>,
        cc: Vec<String>,
    ) -> Self {
        let changes = changes(&held.payload, drafted.payload());
        Self {
            holder_id: held.holder.uuid(),
            holder_name: drafted.payload().holder.name.to_string(),
            certificate_id: held.certificate,
            certificate_number: held.number,
            issued_on: held.issued_on,
            to,
            cc,
            channel: Channel::preferred(None).into(),
            concerns: Vec::new(),
            changes: changes.into_iter().map(ChangeView::from).collect(),
            findings: findings(drafted),
            requirements: views(drafted.requirements()),
            endorsements: behind(drafted),
            contract_reference: terms
                .and_then(|terms| terms.contract_reference.as_ref())
                .map(ToString::to_string),
            renewals_stopped_at: terms.and_then(|terms| terms.renewals_stopped_at),
            wanted: None,
            sendable: truth::clears(drafted.findings()),
        }
    }
}
