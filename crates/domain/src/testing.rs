//! A cast for tests (feature `testing`): one agency with its people, one insured with a policy of every
//! line, a master over all of them and a holder. All of it is invented, and all of it is in order: a test
//! says in one line how its own case differs.
//!
//! Invariant: a certificate from [`master`] for [`holder`] on [`today`] has nothing for the truth gate to find.
#![expect(
    clippy::unwrap_used,
    reason = "the cast is fixed; a test that has none must stop right here"
)]

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::agency::{Agency, AgencyProfile, Zone};
use crate::authz::{AccountState, Actor, Permission, Portal, Process, Right, Staff};
use crate::certificates::approval::{Approval, ApprovalState};
use crate::certificates::batch::{Batch, BatchKind, BatchState, Counts};
use crate::certificates::delivery::{Channel, LINK_LIFE};
use crate::certificates::link::Link as DeliveryLink;
use crate::certificates::master::{Master, MasterLine, Selection};
use crate::certificates::payload::PrintedParty;
use crate::certificates::question::{AskedHolder, QUESTION_LIFE, Question};
use crate::certificates::send::{Facts, HolderChoice, Wish};
use crate::certificates::truth::Severity;
use crate::certificates::{Certificate, CertificateState};
use crate::holders::{Holder, HolderGroup, HolderProfile, HolderStanding, Link, LinkTerms, Requirements};
use crate::ids::{
    AgencyId, ApprovalId, BatchId, CarrierId, CertificateId, DeliveryId, EndorsementId, HolderGroupId,
    HolderId, InsuredId, InterestId, MasterId, NoticeId, PolicyId, PortalUserId, QuestionId, StaffUserId,
    TaskId, TemplateId,
};
use crate::insureds::{Insured, InsuredKind, Profile};
use crate::interests::{Interest, Item, Nature, Stake};
use crate::money::Cents;
use crate::policies::coverage::{
    AggregatePer, AutoLimit, Basis, CommercialAuto, Coverage, CoveredAutos, ExcessKind, Excluded, ExtraBoxes,
    GeneralLiability, NamedLimit, OtherCoverage, Retention, Trigger, UmbrellaExcess, WorkersCompensation,
};
use crate::policies::endorsement::{Effect, Endorsement, Scope};
use crate::policies::record::OtherTerm;
use crate::policies::{Carrier, Line, Market, Naic, Policy, PolicyRecord, Status};
use crate::portal::{AccountStanding, PortalUser};
use crate::state_rules::{LayoutRule, StateRule};
use crate::tasks::{About, CameBack, CertificateBack, NoticeBack, Task, TaskState};
use crate::templates::{NeededForm, Template, TemplateKind, Wording};
use crate::text::{Address, Color, EmailAddress, NonBlank, Phone, PostalCode, Slug, UsState, Username};

/// A line of text.
#[must_use]
pub fn text(text: &str) -> NonBlank {
    NonBlank::parse(text).unwrap()
}

/// An email address.
#[must_use]
pub fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// A calendar day, `2026-11-02`.
#[must_use]
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A moment, `2026-11-02T18:00:00Z`.
#[must_use]
pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The moment at which the cast acts: ten in the morning in Reno.
#[must_use]
pub fn now() -> DateTime<Utc> {
    moment("2026-11-02T18:00:00Z")
}

/// The day on which the cast acts.
#[must_use]
pub fn today() -> NaiveDate {
    day("2026-11-02")
}

/// A mailing address in Nevada.
#[must_use]
pub fn address(line1: &str, city: &str) -> Address {
    Address {
        line1: text(line1),
        line2: None,
        city: text(city),
        state: UsState::parse("NV").unwrap(),
        postal_code: PostalCode::parse("89501").unwrap(),
    }
}

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// The agency's id.
pub const AGENCY: AgencyId = AgencyId::from_uuid(id(0xa0));
/// Another agency's id.
pub const OTHER_AGENCY: AgencyId = AgencyId::from_uuid(id(0xa1));
/// The insured's id.
pub const INSURED: InsuredId = InsuredId::from_uuid(id(0xb0));
/// Another insured's id.
pub const OTHER_INSURED: InsuredId = InsuredId::from_uuid(id(0xb1));
/// The master's id.
pub const MASTER: MasterId = MasterId::from_uuid(id(0xc0));
/// The holder's id.
pub const HOLDER: HolderId = HolderId::from_uuid(id(0xd0));
/// The template's id.
pub const TEMPLATE: TemplateId = TemplateId::from_uuid(id(0xc1));
/// The additional interest's id.
pub const INTEREST: InterestId = InterestId::from_uuid(id(0xd1));
/// The portal account's id.
pub const PORTAL_USER: PortalUserId = PortalUserId::from_uuid(id(0xe0));

/// Summit Ridge Insurance of Reno, ready to print.
#[must_use]
pub fn agency() -> Agency {
    Agency {
        id: AGENCY,
        slug: Slug::parse("summit-ridge").unwrap(),
        version: 1,
        profile: AgencyProfile {
            name: text("Summit Ridge Insurance"),
            address: Some(address("410 Mill Street", "Reno")),
            phone: Some(Phone::parse("(775) 555-0142").unwrap()),
            fax: None,
            email: Some(email("service@summitridge.example.com")),
            contact_name: None,
            reply_to: None,
            support_text: None,
            accent_color: Color::parse("#1f5f4a").unwrap(),
            authorized_representative: Some(text("Maren Voss")),
            zone: Zone::parse("America/Los_Angeles").unwrap(),
            portal_channel: Channel::Attachment,
        },
    }
}

/// Alder Creek Roofing LLC, with an email address and no portal account.
#[must_use]
pub fn insured() -> Insured {
    Insured {
        agency: AGENCY,
        id: INSURED,
        version: 1,
        profile: Profile {
            name: text("Alder Creek Roofing LLC"),
            dba: None,
            kind: InsuredKind::Commercial,
            trade: Some(text("Roofing")),
            email: Some(email("Office@aldercreek.example.com")),
            phone: None,
            address: address("88 Kiln Road", "Sparks"),
            customer_id: Some(text("C-1001")),
            fein: None,
        },
        customer_since: None,
        account: None,
    }
}

/// The insured's portal account, in use, with a password and with no rights.
#[must_use]
pub fn portal_user() -> PortalUser {
    PortalUser {
        agency: AGENCY,
        id: PORTAL_USER,
        version: 1,
        insured: INSURED,
        insured_name: "Alder Creek Roofing LLC".to_owned(),
        username: Username::parse("office@aldercreek.example.com").unwrap(),
        email: email("Office@aldercreek.example.com"),
        standing: AccountStanding::Active,
        rights: BTreeSet::new(),
        has_password: true,
        invited_at: moment("2026-10-01T17:00:00Z"),
        activated_at: Some(moment("2026-10-01T18:00:00Z")),
        suspended_at: None,
        last_sign_in_at: None,
        link_expires_at: None,
    }
}

/// A staff user whose group opens exactly these permissions.
#[must_use]
pub fn staff_with(permissions: &[Permission]) -> Actor {
    Actor::Staff(Staff {
        agency: AGENCY,
        id: StaffUserId::from_uuid(id(0xf0)),
        name: "Maren Voss".to_owned(),
        state: AccountState::Active,
        permissions: permissions.iter().copied().collect(),
    })
}

/// A staff user who may do everything.
#[must_use]
pub fn administrator() -> Actor {
    staff_with(Permission::ALL)
}

/// A portal user of the insured who holds exactly these rights.
#[must_use]
pub fn portal_with(rights: &[Right]) -> Actor {
    Actor::Portal(Portal {
        agency: AGENCY,
        id: PORTAL_USER,
        insured: INSURED,
        name: "Alder Creek Roofing LLC (office@aldercreek.example.com)".to_owned(),
        state: AccountState::Active,
        rights: rights.iter().copied().collect(),
    })
}

/// A process of the product.
#[must_use]
pub const fn system(process: Process) -> Actor {
    Actor::System {
        agency: AGENCY,
        process,
    }
}

/// The same actor with its account suspended; a process has no account and stays as it is.
#[must_use]
pub fn suspended(actor: Actor) -> Actor {
    match actor {
        Actor::Staff(staff) => Actor::Staff(Staff {
            state: AccountState::Suspended,
            ..staff
        }),
        Actor::Portal(portal) => Actor::Portal(Portal {
            state: AccountState::Suspended,
            ..portal
        }),
        system @ Actor::System { .. } => system,
    }
}

/// The same actor in the other agency.
#[must_use]
pub fn elsewhere(actor: Actor) -> Actor {
    match actor {
        Actor::Staff(staff) => Actor::Staff(Staff {
            agency: OTHER_AGENCY,
            ..staff
        }),
        Actor::Portal(portal) => Actor::Portal(Portal {
            agency: OTHER_AGENCY,
            ..portal
        }),
        Actor::System { process, .. } => Actor::System {
            agency: OTHER_AGENCY,
            process,
        },
    }
}

/// The same portal user, of the other insured; other actors stay as they are.
#[must_use]
pub fn of_other_insured(actor: Actor) -> Actor {
    match actor {
        Actor::Portal(portal) => Actor::Portal(Portal {
            insured: OTHER_INSURED,
            ..portal
        }),
        other => other,
    }
}

/// What a page can print that knows neither check marks nor houses.
#[must_use]
pub const fn printable(character: char) -> bool {
    !matches!(character, '\u{2713}' | '\u{1f3e0}')
}

/// Cancelled as of a day.
#[must_use]
pub fn cancelled(on: &str) -> Status {
    Status::Cancelled {
        on: day(on),
        reason: None,
    }
}

/// The umbrella policy, cancelled as of a day.
#[must_use]
pub fn umbrella_cancelled(on: &str) -> PolicyRecord {
    let mut policy = umbrella();
    policy.status = cancelled(on);
    on_file(policy)
}

/// Fills the places of a cover that the page has no words for.
pub fn with_extras(coverage: &mut Coverage) {
    let boxes = || ExtraBoxes::try_from(vec![text("Contractual liability"), text("XCU")]).unwrap();
    let limit = Some(NamedLimit {
        label: text("Employee benefits"),
        amount: Cents::dollars(250_000),
    });
    match coverage {
        Coverage::GeneralLiability(gl) => (gl.extra_boxes, gl.extra_limit) = (boxes(), limit),
        Coverage::CommercialAuto(auto) => (auto.extra_boxes, auto.extra_limit) = (boxes(), limit),
        Coverage::UmbrellaExcess(excess) => excess.extra_limit = limit,
        Coverage::WorkersCompensation(_) | Coverage::Other(_) => {}
    }
}

/// An auto policy whose limit is split.
#[must_use]
pub fn split_auto() -> Policy {
    let mut policy = commercial_auto();
    if let Coverage::CommercialAuto(auto) = &mut policy.coverage {
        auto.limit = AutoLimit::Split {
            bodily_injury_per_person: Cents::dollars(250_000),
            bodily_injury_per_accident: Cents::dollars(500_000),
            property_damage_per_accident: Cents::dollars(100_000),
        };
    }
    policy
}

/// A form on a policy that reaches everybody.
#[must_use]
pub fn form(number: u128, form_number: &str, edition: &str, effect: Effect) -> Endorsement {
    Endorsement {
        id: EndorsementId::from_uuid(id(0x2_0000 + number)),
        form_number: text(form_number),
        edition: text(edition),
        title: text(effect.word().as_str()),
        effect,
        scope: Scope::Blanket,
        effective_on: None,
        ends_on: None,
        file: None,
    }
}

/// A form that reaches only the parties on its schedule.
#[must_use]
pub fn scheduled(form: Endorsement, parties: &[&str]) -> Endorsement {
    Endorsement {
        scope: Scope::Scheduled(parties.iter().map(|party| text(party)).collect()),
        ..form
    }
}

/// A form that reaches whoever a written contract requires.
#[must_use]
pub fn by_contract(form: Endorsement) -> Endorsement {
    Endorsement {
        scope: Scope::WhenRequiredByContract,
        ..form
    }
}

fn carrier(number: u128, name: &str, naic: &str) -> Carrier {
    Carrier {
        id: CarrierId::from_uuid(id(0x3_0000 + number)),
        name: text(name),
        naic: Naic::parse(naic).unwrap(),
    }
}

/// The company behind general liability and umbrella.
#[must_use]
pub fn first_company() -> Carrier {
    carrier(1, "Ponderosa Casualty Company", "90011")
}

/// The company behind the other lines.
#[must_use]
pub fn second_company() -> Carrier {
    carrier(2, "Truckee Mutual Insurance Company", "90022")
}

fn policy(number: u128, printed: &str, carrier: Carrier, term: (&str, &str), coverage: Coverage) -> Policy {
    Policy {
        id: PolicyId::from_uuid(id(0x1_0000 + number)),
        insured_id: INSURED,
        number: text(printed),
        carrier,
        named_insured: text("Alder Creek Roofing LLC"),
        effective_on: day(term.0),
        expires_on: day(term.1),
        status: Status::Active,
        market: Market::Admitted,
        coverage,
        endorsements: Vec::new(),
        vehicles: Vec::new(),
    }
}

/// A policy as it is on file, with neither a term before nor one after it.
#[must_use]
pub const fn on_file(policy: Policy) -> PolicyRecord {
    PolicyRecord {
        agency: AGENCY,
        version: 1,
        policy,
        prior: None,
        next: None,
    }
}

/// Another term of a policy.
#[must_use]
pub fn other_term(number: &str, effective_on: &str, expires_on: &str) -> OtherTerm {
    OtherTerm {
        id: PolicyId::from_uuid(id(0x1_8000)),
        number: text(number),
        effective_on: day(effective_on),
        expires_on: day(expires_on),
    }
}

/// General liability with a form for each mark.
#[must_use]
pub fn general_liability() -> Policy {
    let coverage = Coverage::GeneralLiability(GeneralLiability {
        trigger: Trigger::Occurrence,
        aggregate_per: AggregatePer::Project,
        each_occurrence: Some(Cents::dollars(1_000_000)),
        damage_to_rented_premises: Some(Cents::dollars(100_000)),
        medical_expense: Some(Cents::dollars(5_000)),
        personal_and_advertising_injury: Some(Cents::dollars(1_000_000)),
        general_aggregate: Some(Cents::dollars(2_000_000)),
        products_completed_operations_aggregate: Some(Cents::dollars(2_000_000)),
        extra_boxes: ExtraBoxes::none(),
        extra_limit: None,
    });
    Policy {
        endorsements: vec![
            form(11, "CG 20 10", "04 13", Effect::AdditionalInsuredOngoing),
            form(12, "CG 24 04", "05 09", Effect::Waiver),
        ],
        ..policy(
            1,
            "GL-7741206",
            first_company(),
            ("2026-03-01", "2027-03-01"),
            coverage,
        )
    }
}

/// Commercial auto with one combined limit and a form for each mark.
#[must_use]
pub fn commercial_auto() -> Policy {
    let coverage = Coverage::CommercialAuto(CommercialAuto {
        covered_autos: CoveredAutos {
            any: true,
            ..CoveredAutos::default()
        },
        limit: AutoLimit::CombinedSingle {
            each_accident: Cents::dollars(1_000_000),
        },
        extra_boxes: ExtraBoxes::none(),
        extra_limit: None,
    });
    Policy {
        endorsements: vec![
            form(21, "CA 20 48", "10 13", Effect::AdditionalInsuredDesignated),
            form(22, "CA 04 44", "10 13", Effect::Waiver),
        ],
        ..policy(
            2,
            "BA-330918",
            second_company(),
            ("2026-06-15", "2027-06-15"),
            coverage,
        )
    }
}

/// An umbrella without forms.
#[must_use]
pub fn umbrella() -> Policy {
    let coverage = Coverage::UmbrellaExcess(UmbrellaExcess {
        kind: ExcessKind::Umbrella,
        trigger: Trigger::Occurrence,
        retention: Retention::Retention(Cents::dollars(10_000)),
        each_occurrence: Some(Cents::dollars(5_000_000)),
        aggregate: Some(Cents::dollars(5_000_000)),
        extra_limit: None,
    });
    policy(
        3,
        "UMB-5512",
        first_company(),
        ("2026-03-01", "2027-03-01"),
        coverage,
    )
}

/// Workers compensation with a waiver form.
#[must_use]
pub fn workers_compensation() -> Policy {
    let coverage = Coverage::WorkersCompensation(WorkersCompensation {
        basis: Basis::Statute,
        excluded: Excluded::No,
        each_accident: Some(Cents::dollars(1_000_000)),
        disease_each_employee: Some(Cents::dollars(1_000_000)),
        disease_policy_limit: Some(Cents::dollars(1_000_000)),
    });
    Policy {
        endorsements: vec![form(42, "WC 00 03 13", "04 84", Effect::Waiver)],
        ..policy(
            4,
            "WC-20417",
            second_company(),
            ("2026-01-01", "2027-01-01"),
            coverage,
        )
    }
}

/// Contractors' pollution liability, on the free row.
#[must_use]
pub fn other_line() -> Policy {
    let coverage = Coverage::Other(OtherCoverage {
        description: text("Contractors pollution liability"),
        limits: vec![NamedLimit {
            label: text("Each pollution condition"),
            amount: Cents::dollars(1_000_000),
        }]
        .try_into()
        .unwrap(),
    });
    policy(
        5,
        "CPL-0093",
        second_company(),
        ("2026-05-01", "2027-05-01"),
        coverage,
    )
}

/// A policy of every line, all in force on [`today`] and for more than 30 days after it.
#[must_use]
pub fn policies() -> Vec<Policy> {
    vec![
        general_liability(),
        commercial_auto(),
        umbrella(),
        workers_compensation(),
        other_line(),
    ]
}

/// A section that prints a policy, with the first form on it that fits each mark.
#[must_use]
pub fn section(policy: &Policy) -> MasterLine {
    let first = |fits: fn(Effect) -> bool| {
        let mut forms = policy.endorsements.iter();
        forms.find(|form| fits(form.effect)).map(|form| form.id)
    };
    MasterLine {
        policy: policy.id,
        additional_insured: first(Effect::makes_additional_insured),
        waiver: first(|effect| effect == Effect::Waiver),
    }
}

/// A selection of these policies, each with the marks that its forms allow.
#[must_use]
pub fn selection(policies: &[Policy]) -> Selection {
    Selection {
        name: text("All lines"),
        lines: policies
            .iter()
            .map(|policy| (policy.line(), section(policy)))
            .collect::<BTreeMap<Line, MasterLine>>(),
        description: "Roofing operations of the named insured.".to_owned(),
        authorized_representative: text("Maren Voss"),
        portal_usable: true,
        include_in_renewals: true,
        valid_from: None,
        valid_until: None,
    }
}

/// A master over these policies, opened to the portal.
#[must_use]
pub fn master(policies: &[Policy]) -> Master {
    Master {
        agency: AGENCY,
        id: MASTER,
        version: 1,
        insured: INSURED,
        selection: selection(policies),
        last_used_at: None,
    }
}

/// What is written down about Northgate Builders, Inc.
#[must_use]
pub fn holder_profile() -> HolderProfile {
    HolderProfile {
        name: text("Northgate Builders, Inc."),
        care_of: None,
        address: address("1200 Lakeside Drive", "Reno"),
        emails: vec![email("certificates@northgate.example.com")],
        phone: None,
        channel: None,
    }
}

/// Northgate Builders, Inc., of the agency's library.
#[must_use]
pub fn holder() -> Holder {
    Holder {
        agency: AGENCY,
        id: HOLDER,
        version: 1,
        profile: holder_profile(),
        aliases: Vec::new(),
        standing: HolderStanding::Listed,
    }
}

/// Mail that came back, and that nobody has settled.
#[must_use]
pub fn task() -> Task {
    let certificate = certificate();
    Task {
        agency: AGENCY,
        id: TaskId::from_uuid(id(0xc2)),
        state: TaskState::Open,
        insured: INSURED,
        insured_name: certificate.insured_name,
        about: About::Certificate(CertificateBack {
            delivery: DeliveryId::from_uuid(id(0xc3)),
            certificate: certificate.id,
            number: certificate.number,
            holder: HOLDER,
            holder_name: certificate.holder_name,
            came_back: CameBack {
                address: email("old@northgate.example.com"),
                reason: "550 no such user".to_owned(),
            },
        }),
        created_at: now(),
    }
}

/// A courtesy notice of the umbrella's cancellation that came back.
#[must_use]
pub fn notice_back() -> NoticeBack {
    let policy = umbrella();
    NoticeBack {
        notice: NoticeId::from_uuid(id(0xc4)),
        policy: policy.id,
        policy_number: policy.number.to_string(),
        holder: HOLDER,
        holder_name: "Northgate Builders, Inc.".to_owned(),
        came_back: CameBack {
            address: email("old@northgate.example.com"),
            reason: "550 no such user".to_owned(),
        },
    }
}

/// A template for descriptions that leaves everything open, and needs a form that is on the policies.
#[must_use]
pub fn template() -> Template {
    Template {
        agency: AGENCY,
        id: TEMPLATE,
        version: 1,
        kind: TemplateKind::Description,
        wording: Wording {
            name: text("Job with additional insured"),
            subject: None,
            body: "{{reference}}: work of {{insured}} for {{holder}}, policy {{general_liability_policy}}."
                .to_owned(),
            forms: vec![NeededForm {
                number: text("CG 20 10"),
                edition: None,
            }],
        },
        archived_at: None,
    }
}

/// A loss payee's stake in everything that general liability covers.
#[must_use]
pub fn stake() -> Stake {
    Stake {
        nature: Nature::LossPayee,
        item: Item::Everything,
        reference: Some(text("Loan 4471-09")),
        emails: vec![email("certificates@northgate.example.com")],
        from_on: day("2026-03-01"),
        until_on: None,
        policies: [general_liability().id].into(),
        endorsements: BTreeSet::new(),
    }
}

/// Northgate Builders, Inc. as an additional interest of the insured.
#[must_use]
pub fn interest() -> Interest {
    Interest {
        agency: AGENCY,
        id: INTEREST,
        insured: INSURED,
        holder: HOLDER,
        party: holder_profile(),
        version: 1,
        stake: stake(),
        ended: None,
    }
}

/// A group of holders.
#[must_use]
pub fn holder_group() -> HolderGroup {
    HolderGroup {
        agency: AGENCY,
        id: HolderGroupId::from_uuid(id(0xd8)),
        version: 1,
        name: text("School districts"),
    }
}

/// The link of [`holder`] and [`insured`], about which nothing is written down.
#[must_use]
pub fn link() -> Link {
    Link {
        agency: AGENCY,
        insured: INSURED,
        insured_name: insured().profile.name,
        holder: HOLDER,
        holder_name: holder_profile().name,
        merged_into: None,
        version: 1,
        last_used_at: None,
        terms: LinkTerms::default(),
    }
}

/// What sending from [`master`] must know.
#[must_use]
pub fn send_facts(policies: &[Policy]) -> Facts {
    Facts {
        agency: agency(),
        master: master(policies),
        holder: Some(holder()),
        interest: None,
        policies: policies.to_vec(),
        insured: PrintedParty {
            name: insured().profile.name,
            care_of: None,
            address: insured().profile.address,
        },
        today: today(),
        state_rule: Some(state_rule(LayoutRule::NothingMisleading, Severity::Info)),
        layout: None,
        beside: Vec::new(),
        requirements: Requirements::default(),
    }
}

/// A rule of Nevada, invented.
#[must_use]
pub fn state_rule(rule: LayoutRule, severity: Severity) -> StateRule {
    StateRule {
        state: UsState::parse("NV").unwrap(),
        rule,
        source: text("An invented code, section 1"),
        source_date: Some(text("2020")),
        severity,
        note: None,
    }
}

/// A certificate for the known holder, as the master says.
#[must_use]
pub const fn wish() -> Wish {
    Wish {
        master: MASTER,
        holder: HolderChoice::Known(HOLDER),
        description: None,
        additional_insured: None,
        waiver: None,
    }
}

/// A request for approval that Maren Voss made and nobody has decided.
#[must_use]
pub fn approval() -> Approval {
    Approval {
        agency: AGENCY,
        id: ApprovalId::from_uuid(id(0xc2)),
        insured: INSURED,
        insured_name: "Alder Creek Roofing LLC".to_owned(),
        holder_name: "Northgate Builders, Inc.".to_owned(),
        revises: None,
        draft: serde_json::Value::Null,
        findings: Vec::new(),
        note: "The carrier has confirmed it.".to_owned(),
        asked_by: StaffUserId::from_uuid(id(0xf0)),
        asked_by_name: "Maren Voss".to_owned(),
        asked_at: now(),
        state: ApprovalState::Waiting,
    }
}

/// A certificate that was issued today.
#[must_use]
pub fn certificate() -> Certificate {
    Certificate {
        agency: AGENCY,
        id: CertificateId::from_uuid(id(0xc1)),
        number: "26-000001".to_owned(),
        revision: 0,
        insured: INSURED,
        insured_name: "Alder Creek Roofing LLC".to_owned(),
        holder: HOLDER,
        holder_name: "Northgate Builders, Inc.".to_owned(),
        interest: None,
        master: MASTER,
        issued_on: today(),
        issued_at: now(),
        state: CertificateState::Issued,
        superseded_by: None,
    }
}

/// The link that a mail of that certificate carries; it works.
#[must_use]
pub fn delivery_link() -> DeliveryLink {
    DeliveryLink {
        delivery: DeliveryId::from_uuid(id(0xc3)),
        to: vec![email("certificates@northgate.example.com")],
        expires_at: now() + LINK_LIFE,
        ended_at: None,
    }
}

/// A question about two holders of the master, which waits.
#[must_use]
pub fn question() -> Question {
    let holder = |id, name: &str| AskedHolder {
        id,
        name: name.to_owned(),
        city: "Reno".to_owned(),
    };
    Question {
        agency: AGENCY,
        id: QuestionId::from_uuid(id(0xc4)),
        insured: INSURED,
        insured_name: "Alder Creek Roofing LLC".to_owned(),
        master: MASTER,
        message: String::new(),
        holders: vec![
            holder(HOLDER, "Northgate Builders, Inc."),
            holder(HolderId::from_uuid(id(0xd2)), "City of Sparks"),
        ],
        expires_at: now() + QUESTION_LIFE,
        answered_at: None,
        replaced_at: None,
    }
}

/// A batch of the insured that is being sent, with no row settled.
#[must_use]
pub fn batch() -> Batch {
    Batch {
        agency: AGENCY,
        id: BatchId::from_uuid(id(0xc2)),
        kind: BatchKind::Bulk,
        insured: INSURED,
        master: MASTER,
        master_name: "All lines".to_owned(),
        description: None,
        subject: None,
        message: String::new(),
        channel: Some(Channel::Attachment),
        endorsements: true,
        state: BatchState::Running,
        sender: StaffUserId::from_uuid(id(0xf0)),
        counts: Counts::default(),
        started_at: now(),
    }
}
