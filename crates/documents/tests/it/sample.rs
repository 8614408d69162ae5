//! Payloads to draw: invented insureds and holders, as plain or as extreme as a test asks for.

#![expect(
    clippy::unwrap_used,
    reason = "a sample that is not good cannot be drawn, and the test has to stop"
)]

use chrono::NaiveDate;
use countersign_domain::certificates::payload::{
    CertificatePayload, PrintedEndorsement, PrintedInsurer, PrintedLine, PrintedParty, PrintedProducer,
};
use countersign_domain::ids::{EndorsementId, PolicyId};
use countersign_domain::money::Cents;
use countersign_domain::policies::coverage::{
    AggregatePer, AutoLimit, Basis, CommercialAuto, CoveredAutos, ExcessKind, Excluded, ExtraBoxes,
    GeneralLiability, NamedLimit, OtherCoverage, Retention, Trigger, UmbrellaExcess, WorkersCompensation,
};
use countersign_domain::policies::{Line, Naic};
use countersign_domain::text::{Address, EmailAddress, NonBlank, Phone, PostalCode, UsState};
use uuid::Uuid;

/// A line of text that is known to be good.
pub(crate) fn text(text: &str) -> NonBlank {
    NonBlank::parse(text).unwrap()
}

/// A date that is known to exist.
pub(crate) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// An address.
pub(crate) fn address(line1: &str, line2: Option<&str>, city: &str, state: &str, zip: &str) -> Address {
    Address {
        line1: text(line1),
        line2: line2.map(text),
        city: text(city),
        state: UsState::parse(state).unwrap(),
        postal_code: PostalCode::parse(zip).unwrap(),
    }
}

/// A form on a policy.
pub(crate) fn form(id: u128, line: Line, number: &str, edition: &str, title: &str) -> PrintedEndorsement {
    PrintedEndorsement {
        id: EndorsementId::from_uuid(Uuid::from_u128(id)),
        line,
        form_number: text(number),
        edition: text(edition),
        title: text(title),
    }
}

/// Boxes with words of their own.
pub(crate) fn boxes(first: &str, second: &str) -> ExtraBoxes {
    vec![text(first), text(second)].try_into().unwrap()
}

fn limit(label: &str, dollars: u64) -> Option<NamedLimit> {
    Some(NamedLimit {
        label: text(label),
        amount: Cents::dollars(dollars),
    })
}

fn insurer(letter: char, name: &str, naic: &str) -> PrintedInsurer {
    PrintedInsurer {
        letter,
        name: text(name),
        naic: Naic::parse(naic).unwrap(),
    }
}

fn line<C>(id: u128, insurer: char, number: &str, coverage: C) -> PrintedLine<C> {
    PrintedLine {
        insurer,
        policy_id: PolicyId::from_uuid(Uuid::from_u128(id)),
        policy_number: text(number),
        effective_on: date(2026, 4, 1),
        expires_on: date(2027, 4, 1),
        additional_insured: None,
        waiver: None,
        coverage,
    }
}

/// A roofing contractor with all four usual lines, as general contractors see every day.
pub(crate) fn contractor() -> CertificatePayload {
    let mut general = line(
        1,
        'A',
        "CPP 7741206-03",
        GeneralLiability {
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
        },
    );
    general.additional_insured = Some(form(
        11,
        Line::GeneralLiability,
        "CG 20 10",
        "04 13",
        "Additional Insured – Owners, Lessees or Contractors – Scheduled Person or Organization",
    ));
    general.waiver = Some(form(
        12,
        Line::GeneralLiability,
        "CG 24 04",
        "05 09",
        "Waiver of Transfer of Rights of Recovery Against Others to Us",
    ));
    let mut auto = line(
        2,
        'B',
        "BAP 0093318",
        CommercialAuto {
            covered_autos: CoveredAutos {
                any: true,
                ..CoveredAutos::default()
            },
            limit: AutoLimit::CombinedSingle {
                each_accident: Cents::dollars(1_000_000),
            },
            extra_boxes: ExtraBoxes::none(),
            extra_limit: None,
        },
    );
    auto.additional_insured = Some(form(
        13,
        Line::CommercialAuto,
        "CA 20 48",
        "10 13",
        "Designated Insured for Covered Autos Liability Coverage",
    ));
    let umbrella = line(
        3,
        'A',
        "UMB 7741207-03",
        UmbrellaExcess {
            kind: ExcessKind::Umbrella,
            trigger: Trigger::Occurrence,
            retention: Retention::Retention(Cents::dollars(10_000)),
            each_occurrence: Some(Cents::dollars(5_000_000)),
            aggregate: Some(Cents::dollars(5_000_000)),
            extra_limit: None,
        },
    );
    let mut compensation = line(
        4,
        'C',
        "WC 55-10482-26",
        WorkersCompensation {
            basis: Basis::Statute,
            excluded: Excluded::No,
            each_accident: Some(Cents::dollars(1_000_000)),
            disease_each_employee: Some(Cents::dollars(1_000_000)),
            disease_policy_limit: Some(Cents::dollars(1_000_000)),
        },
    );
    compensation.waiver = Some(form(
        14,
        Line::WorkersCompensation,
        "WC 00 03 13",
        "04 84",
        "Waiver of Our Right to Recover from Others Endorsement",
    ));
    CertificatePayload {
        template: countersign_documents::TEMPLATE_VERSION,
        number: text("26-004471"),
        revision: 0,
        issued_on: date(2026, 11, 18),
        producer: PrintedProducer {
            name: text("Summit Ridge Insurance Agency, Inc."),
            address: address("4820 Longley Lane", Some("Suite 210"), "Reno", "NV", "89502"),
            contact_name: Some(text("Dana Whitfield")),
            phone: Some(Phone::parse("(775) 555-0142").unwrap()),
            fax: Some(Phone::parse("(775) 555-0143").unwrap()),
            email: Some(EmailAddress::parse("certificates@summitridge.example").unwrap()),
        },
        insured: PrintedParty {
            name: text("Alder Creek Roofing LLC"),
            care_of: None,
            address: address("1175 Glendale Avenue", Some("Unit 4"), "Sparks", "NV", "89431"),
        },
        insurers: vec![
            insurer('A', "Travelers Property Casualty Company of America", "25674"),
            insurer('B', "Progressive Casualty Insurance Company", "24260"),
            insurer('C', "Employers Insurance Company of Nevada", "10640"),
        ],
        general_liability: Some(general),
        commercial_auto: Some(auto),
        umbrella_excess: Some(umbrella),
        workers_compensation: Some(compensation),
        other: None,
        description: "Job 4471: roof replacement, 2250 Vassar Street, Reno, NV 89502.\n\
            Granite Peak Builders, Inc. and the owner, Vassar Street Partners LP, are included as additional insureds \
            as required by written contract, under the forms listed below."
            .to_owned(),
        holder: PrintedParty {
            name: text("Granite Peak Builders, Inc."),
            care_of: Some(text("Attn: Risk Management")),
            address: address("9400 Double R Boulevard", Some("Suite 300"), "Reno", "NV", "89521-4801"),
        },
        authorized_representative: text("Dana Whitfield"),
    }
}

/// One line only, no marks, no description.
pub(crate) fn sparse() -> CertificatePayload {
    let mut payload = contractor();
    payload.commercial_auto = None;
    payload.umbrella_excess = None;
    payload.workers_compensation = None;
    if let Some(general) = &mut payload.general_liability {
        general.additional_insured = None;
        general.waiver = None;
        general.coverage.medical_expense = None;
    }
    payload.insurers.truncate(1);
    payload.description = String::new();
    payload.producer.contact_name = None;
    payload.producer.fax = None;
    payload
}

/// Every band, six insurers, all kinds of boxes, a form behind every mark.
pub(crate) fn full() -> CertificatePayload {
    let mut payload = contractor();
    payload.insurers = vec![
        insurer(
            'A',
            "National Union Fire Insurance Company of Pittsburgh, Pa.",
            "19445",
        ),
        insurer('B', "American Guarantee and Liability Insurance Company", "26247"),
        insurer('C', "Employers Insurance Company of Nevada", "10640"),
        insurer('D', "The Charter Oak Fire Insurance Company", "25615"),
        insurer('E', "Great American Insurance Company of New York", "22136"),
        insurer(
            'F',
            "Underwriters at Lloyd's, London (Syndicates 2623 and 623)",
            "15792",
        ),
    ];
    if let Some(general) = &mut payload.general_liability {
        general.coverage.trigger = Trigger::ClaimsMade;
        general.coverage.aggregate_per = AggregatePer::Other(text("Project, max $10M"));
        general.coverage.extra_boxes = boxes("Contractual liability", "Stop gap, Washington");
        general.coverage.extra_limit = limit("Employee benefits", 1_000_000);
    }
    if let Some(auto) = &mut payload.commercial_auto {
        auto.insurer = 'B';
        auto.coverage.covered_autos = CoveredAutos {
            any: false,
            owned: true,
            scheduled: true,
            hired: true,
            non_owned: true,
        };
        auto.coverage.limit = AutoLimit::Split {
            bodily_injury_per_person: Cents::dollars(250_000),
            bodily_injury_per_accident: Cents::dollars(500_000),
            property_damage_per_accident: Cents::new(10_000_050),
        };
        auto.coverage.extra_boxes = boxes("Drive other car", "Trailer interchange");
        auto.coverage.extra_limit = limit("Uninsured motorist", 1_000_000);
        auto.waiver = Some(form(
            15,
            Line::CommercialAuto,
            "CA 04 44",
            "10 13",
            "Waiver of Transfer of Rights of Recovery Against Others to Us (Waiver of Subrogation)",
        ));
    }
    if let Some(umbrella) = &mut payload.umbrella_excess {
        umbrella.insurer = 'D';
        umbrella.coverage.kind = ExcessKind::Excess;
        umbrella.coverage.extra_limit = limit("Products aggregate", 5_000_000);
        umbrella.coverage.trigger = Trigger::ClaimsMade;
        umbrella.coverage.retention = Retention::Deductible(Cents::dollars(1_000_000));
        umbrella.coverage.each_occurrence = Some(Cents::dollars(999_999_999_999));
        umbrella.coverage.aggregate = Some(Cents::dollars(999_999_999_999));
        umbrella.additional_insured = Some(form(
            16,
            Line::UmbrellaExcess,
            "XS 10 02",
            "01 21",
            "Follow Form Additional Insured",
        ));
        umbrella.waiver = Some(form(
            17,
            Line::UmbrellaExcess,
            "XS 10 07",
            "01 21",
            "Follow Form Waiver",
        ));
    }
    if let Some(compensation) = &mut payload.workers_compensation {
        compensation.coverage.excluded = Excluded::Yes(text(
            "Marta Alder, managing member; Tom Alder, member (both elected out of cover)",
        ));
        compensation.coverage.basis = Basis::StatuteAnd(text("stop gap, OH"));
    }
    let mut other = line(
        5,
        'E',
        "IMP E774120",
        OtherCoverage {
            description: text("Contractors equipment, leased or rented"),
            limits: vec![
                NamedLimit {
                    label: text("Any one item"),
                    amount: Cents::dollars(150_000),
                },
                NamedLimit {
                    label: text("Any one occurrence"),
                    amount: Cents::dollars(500_000),
                },
                NamedLimit {
                    label: text("Deductible"),
                    amount: Cents::dollars(2_500),
                },
            ]
            .try_into()
            .unwrap(),
        },
    );
    other.additional_insured = Some(form(
        18,
        Line::Other,
        "IM 76 01",
        "03 19",
        "Loss Payable Provisions and Additional Insured",
    ));
    other.waiver = Some(form(19, Line::Other, "IM 76 02", "03 19", "Waiver of Recovery"));
    payload.other = Some(other);
    payload
}

/// Names that Windows-1252 cannot write.
pub(crate) fn abroad() -> CertificatePayload {
    let mut payload = contractor();
    payload.insured.name = text("Łukasz Żółć Dachdeckerei & Síň s.r.o.");
    payload.authorized_representative = text("Łukasz Wójcik");
    payload
}

/// Names of 200 characters wherever a name can stand.
pub(crate) fn long() -> CertificatePayload {
    let name = |start: &str| {
        let words =
            " and its Subsidiaries, Affiliates, Successors, Assigns, Officers, Directors, Employees, Agents";
        let all = format!("{start}{words}{words}{words}");
        text(
            all.chars()
                .take(200)
                .collect::<String>()
                .trim_end_matches([' ', ',']),
        )
    };
    let mut payload = full();
    payload.number = name("CERT");
    payload.producer.name = name("Summit Ridge Insurance Agency");
    payload.producer.address.line1 = name("Longley Lane");
    payload.producer.address.city = name("Reno");
    payload.producer.contact_name = Some(name("Dana Whitfield"));
    payload.insured.name = name("Alder Creek Roofing LLC");
    payload.insured.care_of = Some(name("c/o Trustee"));
    payload.insured.address.line1 = name("Glendale Avenue");
    payload.insured.address.line2 = Some(name("Unit"));
    payload.insured.address.city = name("Sparks");
    payload.holder.name = name("Granite Peak Builders");
    payload.holder.care_of = Some(name("Attn: Risk Management"));
    payload.holder.address.line1 = name("Double R Boulevard");
    payload.holder.address.line2 = Some(name("Suite"));
    payload.holder.address.city = name("Reno, Nevada");
    payload.authorized_representative = name("Whitfield");
    for insurer in &mut payload.insurers {
        insurer.name = name("Mutual Insurance Company");
    }
    if let Some(general) = &mut payload.general_liability {
        general.policy_number = text(&"CPP7741206".repeat(20));
        general.coverage.aggregate_per = AggregatePer::Other(name("Work"));
        general.coverage.extra_boxes = vec![name("Contractual"), name("Stop gap")].try_into().unwrap();
        if let Some(limit) = &mut general.coverage.extra_limit {
            limit.label = name("Employee benefits");
        }
        if let Some(form) = &mut general.additional_insured {
            form.title = name("Additional Insured");
            form.form_number = name("CG");
        }
    }
    if let Some(compensation) = &mut payload.workers_compensation {
        compensation.coverage.excluded = Excluded::Yes(name("Marta Alder"));
        compensation.coverage.basis = Basis::StatuteAnd(name("Stop gap"));
    }
    if let Some(other) = &mut payload.other {
        other.coverage.description = name("Contractors equipment");
        let mut limits = other.coverage.limits.to_vec();
        for limit in &mut limits {
            limit.label = name("Any one item");
            limit.amount = Cents::MAX;
        }
        other.coverage.limits = limits.try_into().unwrap();
    }
    payload
}

/// A description of `length` characters, paragraphs included.
pub(crate) fn description(length: usize) -> String {
    let paragraph = "The work under this contract includes tear-off and disposal of existing roofing, repair of \
        decking, installation of insulation and single-ply membrane, flashing, gutters, roof hatches and curbs, crane \
        hoisting, temporary protection, and daily clean-up at 2250 Vassar Street, buildings A through F, Reno, Nevada.\n";
    paragraph
        .chars()
        .cycle()
        .take(length)
        .collect::<String>()
        .trim()
        .to_owned()
}
