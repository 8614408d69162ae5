//! `countersign demo-data`: what no import carries, made through the product's own operations.
//!
//! Nothing here has a door of its own: the administrator signs in, every record is made by an operation that
//! the administrator may do, and the certificates wait in the queue like any other.

use std::collections::BTreeMap;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use countersign_domain::agency::{self, AgencyProfile, Zone};
use countersign_domain::authz::rules::{
    CreateMaster, EditAgency, ListInsureds, MailQueued, OpenPortalUser, SendCertificate, ViewInsuredHolders,
    ViewMasters,
};
use countersign_domain::authz::{Actor, Process, Right};
use countersign_domain::certificates::delivery::Envelope;
use countersign_domain::certificates::master::{self, MasterLine, Selection};
use countersign_domain::certificates::send::{FreshIds, HolderChoice, Page, Wish, draft};
use countersign_domain::holders::Holder;
use countersign_domain::ids::{
    AgencyId, CertificateId, DeliveryId, HolderId, InsuredId, JobId, MasterId, PasswordLinkId, PortalUserId,
    StaffUserId,
};
use countersign_domain::policies::endorsement::{Effect, Scope};
use countersign_domain::policies::{Line, Policy, Standing};
use countersign_domain::portal::open::open;
use countersign_domain::text::{
    Address, Color, EmailAddress, NonBlank, PersonName, Phone, PostalCode, TextError, UsState, Username,
};
use countersign_persistence::insureds::{InsuredFilter, InsuredSort};
use countersign_persistence::migrate::{StaffUser, add_staff_user};
use countersign_persistence::sessions::{self, App};
use countersign_persistence::throttles::Reservation;
use countersign_persistence::{
    Db, Error, PageRequest, Role, Tx, agencies, certificates, holders, insureds, mailing, masters, policies,
    portal,
};

use super::{agency as agency_of, block_on, settings};
use crate::clock::{SystemClock, fresh_id};
use crate::config::{login, reveal};
use crate::say;

const ADMINISTRATOR: &str = "avery.collins";
const SERVICE_PASSWORD: &str = "meadow-signal-walnut-17";
/// The insured whose portal account is opened.
const STORY: &str = "Alder Creek Roofing LLC";
const PORTAL_PASSWORD: &str = "copper-ladder-sunrise-58";

/// A failure of the demo's making, as one line.
pub(super) struct Failure(String);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

pub(super) fn failed(error: impl std::fmt::Display) -> Failure {
    Failure(error.to_string())
}

fn text<T>(text: &str, parse: fn(&str) -> Result<T, TextError>) -> Result<T, Failure> {
    parse(text).map_err(failed)
}

pub(crate) fn run(slug: &str) -> Result<ExitCode, String> {
    let login = settings(login)?;
    block_on(async {
        let (db, id) = agency_of(reveal(&login), Role::App, slug).await?;
        fill(&db, id).await.map_err(|Failure(reason)| reason)
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn fill(db: &Db, id: AgencyId) -> Result<(), Failure> {
    let now = SystemClock::moment();
    let actor = administrator(db, id, now).await?;
    let zone = db
        .transaction(id, async |tx| profile(tx, &actor, now).await)
        .await?;
    let today = zone.day(now);
    service_staff(db, id, now).await?;
    db.transaction(id, async |tx| super::demo_templates::write(tx, &actor, now).await)
        .await?;
    let book = db
        .transaction(id, async |tx| book(tx, &actor, today).await)
        .await?;
    for (insured, _) in book.iter().filter(|(_, name)| name == STORY) {
        let before = now - TimeDelta::days(30);
        db.transaction(id, async |tx| {
            super::demo_files::write(tx, &actor, *insured, before).await
        })
        .await?;
    }
    let mut sent = 0;
    for (place, (insured, name)) in book.iter().enumerate() {
        let made = db
            .transaction(id, async |tx| {
                masters_of(tx, &actor, *insured, name, today, now).await
            })
            .await?;
        // Two of five insureds have sent certificates in the last weeks.
        if let (Some(master), true) = (made, place % 5 < 2 || name == STORY) {
            let holders = db
                .transaction(id, async |tx| holders_of(tx, &actor, *insured).await)
                .await?;
            let times = if name == STORY { 9 } else { 1 + place % 3 };
            // Over and over again to the same ones, as agencies do.
            for (turn, holder) in holders.iter().cycle().take(times).enumerate() {
                let days = i64::try_from((place * 3 + turn * 5) % 26).unwrap_or(0);
                let at =
                    now - TimeDelta::days(days) - TimeDelta::minutes(i64::try_from(turn * 37).unwrap_or(0));
                let did = db.transaction(id, async |tx| {
                    // The certificate is dated back; its mail is queued today.
                    tx.queue_from(now);
                    send(tx, &actor, *insured, master, holder, at).await
                });
                sent += usize::from(did.await?);
            }
        }
    }
    say(&format!(
        "{} insureds looked at, {sent} certificates queued",
        book.len()
    ));
    account(db, id, &actor, &book, now).await
}

/// The administrator, signed in like anybody else.
async fn administrator(db: &Db, id: AgencyId, now: DateTime<Utc>) -> Result<Actor, Failure> {
    let username = text(ADMINISTRATOR, Username::parse)?;
    db.transaction(id, async |tx| {
        let candidate = sessions::candidate(tx, App::Staff, &username)
            .await?
            .ok_or_else(|| failed("bootstrap the agency with avery.collins first"))?;
        let signed_in =
            sessions::record_signed_in(tx, App::Staff, &candidate, &Reservation::none(), None, now)
                .await?
                .ok_or_else(|| failed("the administrator's account is not in use"))?;
        let session = sessions::resolve(tx, App::Staff, &signed_in.token, now).await?;
        let session = session.ok_or_else(|| failed("the administrator cannot sign in"))?;
        sessions::record_signed_out(tx, &signed_in.token, &session.actor, now).await?;
        Ok(session.actor)
    })
    .await
}

/// Writes down who the agency is, unless that was done; returns its zone.
async fn profile(tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Zone, Failure> {
    let permit = agencies::find::<EditAgency>(tx, actor).await?;
    let zone = permit.profile.zone;
    if permit.profile.address.is_some() {
        return Ok(zone);
    }
    let profile = AgencyProfile {
        address: Some(Address {
            line1: text("5470 Kietzke Lane", NonBlank::parse)?,
            line2: Some(text("Suite 210", NonBlank::parse)?),
            city: text("Reno", NonBlank::parse)?,
            state: text("NV", UsState::parse)?,
            postal_code: text("89511", PostalCode::parse)?,
        }),
        phone: Some(text("(775) 555-0140", Phone::parse)?),
        fax: Some(text("(775) 555-0141", Phone::parse)?),
        email: Some(text("certificates@summit-ridge.example", EmailAddress::parse)?),
        contact_name: Some(text("Jordan Reyes", NonBlank::parse)?),
        reply_to: Some(text("service@summit-ridge.example", EmailAddress::parse)?),
        support_text: Some(text(
            "Call (775) 555-0140, weekdays 8 to 5, or write to service@summit-ridge.example.",
            NonBlank::parse,
        )?),
        accent_color: text("#1f5f4a", Color::parse)?,
        authorized_representative: Some(text("Avery Collins", NonBlank::parse)?),
        ..permit.profile.clone()
    };
    agencies::record_edited(tx, &agency::edit(permit, profile), now).await?;
    Ok(zone)
}

async fn service_staff(db: &Db, id: AgencyId, now: DateTime<Utc>) -> Result<(), Failure> {
    let user = StaffUser {
        id: StaffUserId::from_uuid(fresh_id()),
        group: "Service staff".to_owned(),
        first_name: text("Jordan", PersonName::parse)?,
        last_name: text("Reyes", PersonName::parse)?,
        username: text("jordan.reyes", Username::parse)?,
        email: text("jordan.reyes@summit-ridge.example", EmailAddress::parse)?,
        password_hash: countersign_api::hash_now(SERVICE_PASSWORD).map_err(failed)?,
    };
    Ok(add_staff_user(db, id, &user, now).await?)
}

/// Every insured by name.
async fn book(tx: &mut Tx, actor: &Actor, today: NaiveDate) -> Result<Vec<(InsuredId, String)>, Failure> {
    let scope = actor.scope::<ListInsureds>().map_err(Error::from)?;
    let filter = InsuredFilter {
        text: None,
        state: None,
        today,
        sort: InsuredSort::Name,
    };
    let page = insureds::list(
        tx,
        &scope,
        &filter,
        &PageRequest {
            limit: 200,
            after: None,
        },
    )
    .await?;
    Ok(page
        .rows
        .into_iter()
        .map(|row| (InsuredId::from_uuid(row.id), row.name))
        .collect())
}

/// The insured's own holders that can be written to.
async fn holders_of(tx: &mut Tx, actor: &Actor, insured: InsuredId) -> Result<Vec<Holder>, Failure> {
    let permit = insureds::find::<ViewInsuredHolders>(tx, actor, insured).await?;
    let linked = holders::of_insured(tx, &permit).await?;
    Ok(linked
        .into_iter()
        .map(|used| used.holder)
        .filter(|holder| !holder.profile.emails.is_empty())
        .collect())
}

/// Makes an insured's masters, unless it has some; returns the one for its cover in force.
async fn masters_of(
    tx: &mut Tx,
    actor: &Actor,
    insured: InsuredId,
    name: &str,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<MasterId>, Failure> {
    let permit = insureds::find::<ViewMasters>(tx, actor, insured).await?;
    if !masters::list(tx, &permit).await?.is_empty() {
        return Ok(None);
    }
    let permit = insureds::find::<CreateMaster>(tx, actor, insured).await?;
    let all = policies::facts_for_new_master(tx, &permit).await?;
    let current = sections(&all, |policy| policy.standing(today) == Standing::InForce);
    let former = sections(&all, |policy| policy.standing(today) == Standing::Expired);
    let mut made = None;
    if !current.is_empty() {
        let id = MasterId::from_uuid(fresh_id());
        let title = if current.len() > 1 {
            "All lines"
        } else {
            "Current cover"
        };
        let selection = selection(
            title,
            current,
            "Operations usual to the named insured's business.",
            true,
        )?;
        let permit = insureds::find::<CreateMaster>(tx, actor, insured).await?;
        let created = master::create(permit, id, selection, &all, now).map_err(failed)?;
        masters::record_created(tx, &created).await?;
        made = Some(id);
    }
    if name == STORY && !former.is_empty() {
        let selection = selection("All lines, former term", former, "", false)?;
        let created =
            master::create(permit, MasterId::from_uuid(fresh_id()), selection, &all, now).map_err(failed)?;
        masters::record_created(tx, &created).await?;
    }
    Ok(made)
}

fn selection(
    name: &str,
    lines: BTreeMap<Line, MasterLine>,
    description: &str,
    portal_usable: bool,
) -> Result<Selection, Failure> {
    Ok(Selection {
        name: text(name, NonBlank::parse)?,
        lines,
        description: description.to_owned(),
        authorized_representative: text("Avery Collins", NonBlank::parse)?,
        portal_usable,
        include_in_renewals: true,
        valid_from: None,
        valid_until: None,
    })
}

/// The forms for an additional insured that suit whoever a contract is with, the most usual first. Those for
/// landlords, lessors and vendors do not: they are for the holders of whom they speak.
const ADDITIONAL_INSURED: [Effect; 3] = [
    Effect::AdditionalInsuredOngoing,
    Effect::AdditionalInsuredCompleted,
    Effect::AdditionalInsuredDesignated,
];

/// One policy per line, with the forms that reach every holder.
fn sections(all: &[Policy], fits: impl Fn(&Policy) -> bool) -> BTreeMap<Line, MasterLine> {
    let mut lines = BTreeMap::new();
    for policy in all.iter().filter(|policy| fits(policy)) {
        let form = |wanted: Effect| {
            let mut forms = policy.endorsements.iter();
            forms
                .find(|form| !matches!(form.scope, Scope::Scheduled(_)) && form.effect == wanted)
                .map(|form| form.id)
        };
        let additional_insured = match policy.line() {
            Line::WorkersCompensation => None,
            _ => ADDITIONAL_INSURED.into_iter().find_map(form),
        };
        lines.entry(policy.line()).or_insert(MasterLine {
            policy: policy.id,
            additional_insured,
            waiver: form(Effect::Waiver),
        });
    }
    lines
}

/// Sends one certificate; `false` when the truth gate would not have it.
async fn send(
    tx: &mut Tx,
    actor: &Actor,
    insured: InsuredId,
    master: MasterId,
    holder: &Holder,
    at: DateTime<Utc>,
) -> Result<bool, Failure> {
    let permit = insureds::lock::<SendCertificate>(tx, actor, insured).await?;
    let wish = Wish {
        master,
        holder: HolderChoice::Known(holder.id),
        description: None,
        additional_insured: None,
        waiver: None,
    };
    let facts = certificates::send_facts(tx, &permit, &wish, at).await?;
    let looked = draft(
        permit,
        wish.clone(),
        facts,
        text("DEMO", NonBlank::parse)?,
        countersign_documents::is_printable,
    )
    .map_err(failed)?;
    if looked.clear().is_err() {
        return Ok(false);
    }
    let permit = insureds::lock::<SendCertificate>(tx, actor, insured).await?;
    let facts = certificates::send_facts(tx, &permit, &wish, at).await?;
    let number = certificates::next_number(tx, at).await?;
    let cleared = draft(permit, wish, facts, number, countersign_documents::is_printable)
        .and_then(|draft| draft.clear())
        .map_err(failed)?;
    let page = countersign_documents::render_certificate(cleared.payload()).map_err(failed)?;
    let to = holder.profile.emails.iter().take(1).cloned().collect();
    let envelope = Envelope::new(to, Vec::new(), None, "").map_err(failed)?;
    let ids = FreshIds {
        certificate: CertificateId::from_uuid(fresh_id()),
        delivery: DeliveryId::from_uuid(fresh_id()),
        holder: HolderId::from_uuid(fresh_id()),
        job: JobId::from_uuid(fresh_id()),
    };
    let page = Page {
        bytes: page.bytes,
        pages: page.pages,
    };
    let sent = cleared.seal(page, envelope, ids, at).map_err(failed)?;
    certificates::record_sent(tx, &sent).await?;
    Ok(true)
}

/// Opens the story's portal account and chooses its password through the invitation.
async fn account(
    db: &Db,
    id: AgencyId,
    actor: &Actor,
    book: &[(InsuredId, String)],
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let Some((insured, _)) = book.iter().find(|(_, name)| name == STORY) else {
        return Ok(());
    };
    let hash = countersign_api::hash_now(PORTAL_PASSWORD).map_err(failed)?;
    let username = db
        .transaction(id, async |tx| {
            let permit = insureds::lock::<OpenPortalUser>(tx, actor, *insured).await?;
            if permit.account.is_some() {
                let user = portal::lock(tx, actor, *insured).await?;
                return Ok::<_, Failure>(user.username.to_string());
            }
            let rights = [
                Right::ViewPolicyInformation,
                Right::CertificatesSent,
                Right::SendCertificates,
            ];
            let link = PasswordLinkId::from_uuid(fresh_id());
            let user = PortalUserId::from_uuid(fresh_id());
            let opened = open(permit, user, link, rights.into(), now).map_err(failed)?;
            portal::record_opened(tx, &opened, JobId::from_uuid(fresh_id())).await?;
            let mailer = Actor::System {
                agency: id,
                process: Process::Mailer,
            };
            let permit = agencies::find::<MailQueued>(tx, &mailer).await?;
            let mailing::TakenUp::Armed(armed) = mailing::arm_link(tx, &permit, link, now).await? else {
                return Err(failed("the invitation is dead at birth"));
            };
            let live = sessions::lock_live_link(tx, &armed.token, now).await?;
            sessions::record_password_set(tx, &live, &hash, JobId::from_uuid(fresh_id()), now).await?;
            Ok(opened.username().to_string())
        })
        .await?;
    say(&format!("portal: {username} {PORTAL_PASSWORD}"));
    Ok(())
}
