//! What is on the page is what is in the payload: all of it, and nothing that the text itself could add.

use countersign_documents::{RenderError, is_printable, render_certificate, render_uncompressed};
use countersign_domain::certificates::payload::CertificatePayload;
use countersign_domain::money::Cents;
use countersign_domain::policies::coverage::{AggregatePer, Excluded};
use countersign_domain::text::EmailAddress;
use serde_json::Value;

use crate::reading::{Reading, dense};
use crate::sample::{self, text};

/// Every text, amount and date of the payload as it should be found on paper.
fn expected(payload: &CertificatePayload) -> Vec<String> {
    fn walk(key: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| walk(key, value, found)),
            Value::Array(items) => items.iter().for_each(|item| walk(key, item, found)),
            Value::String(text) => {
                // Ids are not printed; closed words are boxes, which have their own test.
                let silent = key == "id" || key == "policy_id" || key == "line";
                let word = matches!(key, "trigger" | "kind" | "per" | "answer");
                if key.ends_with("_on") {
                    let parts: Vec<&str> = text.split('-').collect();
                    found.push(format!("{}/{}/{}", parts[1], parts[2], parts[0]));
                } else if !silent && !word {
                    found.push(dense(text));
                }
            }
            Value::Number(number) => found.push(match key {
                "revision" | "template" => number.to_string(),
                _ => Cents::new(number.as_u64().unwrap()).to_string(),
            }),
            Value::Bool(_) | Value::Null => {}
        }
    }
    let mut found = Vec::new();
    walk("", &serde_json::to_value(payload).unwrap(), &mut found);
    found
}

#[test]
fn every_field_of_the_payload_is_on_paper() {
    for payload in [
        sample::contractor(),
        sample::sparse(),
        sample::full(),
        sample::long(),
        sample::abroad(),
    ] {
        let reading = Reading::of(&render_certificate(&payload).unwrap().bytes);
        let printed = reading.dense();
        for field in expected(&payload) {
            assert!(
                printed.contains(&field),
                "{field:?} is missing of {}",
                payload.number
            );
        }
        let fingerprint = payload.fingerprint().unwrap();
        let shown = format!(
            "Fingerprintofthefacts{}…{}",
            &fingerprint[..8],
            &fingerprint[56..]
        );
        assert!(printed.contains(&shown), "{shown}");
    }
}

#[test]
fn boxes_are_crossed_where_the_policy_says_so() {
    let crossed = |payload: &CertificatePayload| -> Vec<String> {
        let reading = Reading::of(&render_certificate(payload).unwrap().bytes);
        reading.pages[0]
            .crossed()
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        crossed(&sample::contractor()),
        [
            "Commercial general liability",
            "Occurrence",
            "Project",
            "Any auto",
            "Umbrella",
            "Occurrence",
            "Retention",
            "No",
            "Per statute"
        ]
    );
    assert_eq!(
        crossed(&sample::full()),
        [
            "Commercial general liability",
            "Claims-made",
            "Other:",
            "Contractual liability",
            "Stop gap, Washington",
            "Owned only",
            "Scheduled autos",
            "Hired only",
            "Non-owned only",
            "Drive other car",
            "Trailer interchange",
            "Excess liability",
            "Claims-made",
            "Deductible",
            "Yes",
            "Per statute",
            "Other:"
        ]
    );
    let mut payload = sample::sparse();
    if let Some(general) = &mut payload.general_liability {
        general.coverage.aggregate_per = AggregatePer::Location;
    }
    assert_eq!(
        crossed(&payload),
        ["Commercial general liability", "Occurrence", "Location"]
    );
    let mut payload = sample::contractor();
    if let Some(compensation) = &mut payload.workers_compensation {
        compensation.coverage.excluded = Excluded::NotApplicable;
    }
    assert!(crossed(&payload).contains(&"Not applicable".to_owned()));
}

#[test]
fn marks_are_there_exactly_where_a_form_is() {
    let reading = Reading::of(&render_certificate(&sample::contractor()).unwrap().bytes);
    let marks = reading.pages[0].runs.iter().filter(|run| run.text == "Y").count();
    assert_eq!(marks, 4);
    let reading = Reading::of(&render_certificate(&sample::sparse()).unwrap().bytes);
    assert!(reading.pages[0].runs.iter().all(|run| run.text != "Y"));
}

#[test]
fn a_band_without_a_policy_is_closed() {
    let reading = Reading::of(&render_certificate(&sample::sparse()).unwrap().bytes);
    let count = |text: &str| {
        reading.pages[0]
            .runs
            .iter()
            .filter(|run| run.text == text)
            .count()
    };
    assert_eq!(count("No policy listed"), 4);
    // Four bands: letter, two marks, two dates, and their 15 rows of limits; then two limits of the band
    // that is there, its two boxes and its two marks, the two boxes of one's own in a closed band, five insurers with
    // their codes, contact and fax.
    assert_eq!(count("—"), 4 * 5 + 15 + 2 + 2 + 2 + 2 + 10 + 2);
}

#[test]
fn a_long_description_goes_on_to_the_letter() {
    let unbroken = "W".repeat(3_000);
    for description in [
        sample::description(10_000),
        format!("{} {unbroken}", sample::description(500)),
        "https://example.com/".to_owned() + &"a/b-c,".repeat(1_600),
        "One line\n\n\n".repeat(200),
    ] {
        let mut payload = sample::contractor();
        payload.description = description.clone();
        let rendered = render_certificate(&payload).unwrap();
        assert!(rendered.pages > 1);
        let reading = Reading::of(&rendered.bytes);
        assert_eq!(reading.pages.len(), usize::from(rendered.pages));
        let first = reading.pages[0].lines();
        assert!(
            first.iter().any(|line| line.contains("Continued on page 2")),
            "{first:#?}"
        );
        // Put together from the sheets in order, without what stands between.
        let mut printed = String::new();
        for (number, page) in reading.pages.iter().enumerate() {
            let runs = page
                .runs
                .iter()
                .filter(|run| run.visible)
                .map(|run| run.text.as_str());
            let body: Vec<&str> = if number == 0 {
                let after = runs.skip_while(|text| !text.starts_with("DESCRIPTION"));
                after
                    .skip(1)
                    .take_while(|text| *text != "Continued on page 2")
                    .collect()
            } else {
                // Insured and holder are the last of the head.
                let after = runs
                    .skip_while(|text| *text != "Granite Peak Builders, Inc.")
                    .skip(1);
                let foot = format!("Page {} of {}", number + 1, rendered.pages);
                let heading = |text: &&str| {
                    !text.ends_with("continued from page 1")
                        && !text.starts_with("Continued ")
                        && *text != "End of remarks"
                };
                after.take_while(|text| *text != foot).filter(heading).collect()
            };
            printed.push_str(&body.concat());
        }
        let forms = printed.find("FORMSBEHIND").unwrap_or(printed.len());
        assert_eq!(dense(&printed[..forms]), dense(&description));
        let last = reading.pages.last().unwrap().lines();
        assert!(last.iter().any(|line| line == "End of remarks"));
    }
}

#[test]
fn each_remarks_page_says_whose_it_is() {
    let mut payload = sample::contractor();
    payload.description = sample::description(10_000);
    let rendered = render_certificate(&payload).unwrap();
    assert_eq!(rendered.pages, 3);
    let reading = Reading::of(&rendered.bytes);
    let says = |page: usize, words: &str| reading.pages[page].lines().iter().any(|line| line == words);
    assert!(says(1, "Continued on page 3") && says(2, "Continued from page 2"));
    assert!(!says(1, "Continued from page 1") && !says(2, "Continued on page 4"));
    for (number, page) in Reading::of(&rendered.bytes).pages.iter().enumerate() {
        let text = page.lines().join("\n");
        for needed in [
            "26-004471",
            "11/18/2026",
            "Alder Creek Roofing LLC",
            "Granite Peak Builders, Inc.",
        ] {
            assert!(
                text.contains(needed),
                "{needed} is missing on page {}",
                number + 1
            );
        }
        assert!(text.contains(&format!("Page {} of 3", number + 1)));
    }
}

#[test]
fn a_text_cannot_leave_its_place_in_the_file() {
    let hostile = [
        r"\) Tj ET Q 0 0 612 792 re f (",
        r"(((unbalanced",
        r"balanced\\)\",
        "endstream endobj 1 0 obj <</Type/Catalog>>",
        "%%EOF startxref 0",
        "<feff0041> Tj <",
        "/a Do /x << >> BDC",
        "<script>alert(1)</script> & \" ' $(id) `id` \u{ff}\u{fe}",
    ];
    let operators = |payload: &CertificatePayload| {
        let rendered = render_uncompressed(payload).unwrap();
        let reading = Reading::of(&rendered.bytes);
        let counts: Vec<usize> = reading.pages.iter().map(|page| page.strokes.len()).collect();
        (rendered.pages, counts, reading)
    };
    let (pages, strokes, _) = operators(&sample::contractor());
    for text in hostile {
        let mut payload = sample::contractor();
        let value = sample::text(text);
        payload.number = value.clone();
        payload.producer.name = value.clone();
        payload.producer.address.line1 = value.clone();
        payload.producer.contact_name = Some(value.clone());
        payload.insured.name = value.clone();
        payload.insured.address.city = value.clone();
        payload.holder.name = value.clone();
        payload.holder.care_of = Some(value.clone());
        payload.authorized_representative = value.clone();
        payload.insurers[0].name = value.clone();
        payload.description = format!("{text}\n{text}\nJob 4471");
        if let Some(general) = &mut payload.general_liability {
            general.policy_number = value.clone();
            if let Some(form) = &mut general.additional_insured {
                form.title = value.clone();
                form.form_number = value.clone();
            }
        }
        let (drawn_pages, drawn_strokes, reading) = operators(&payload);
        assert_eq!((drawn_pages, &drawn_strokes), (pages, &strokes), "{text}");
        let printed = reading.dense();
        for field in expected(&payload) {
            assert!(printed.contains(&field), "{field} is missing");
        }
        let info = reading
            .document
            .trailer
            .get(b"Info")
            .unwrap()
            .as_reference()
            .unwrap();
        let author = reading
            .document
            .get_dictionary(info)
            .unwrap()
            .get(b"Author")
            .unwrap();
        assert_eq!(lopdf::decode_text_string(author).unwrap(), value.as_str());
    }
}

#[test]
fn names_beyond_windows_1252_are_printed_as_they_are_written() {
    for name in [
        "Łukasz Żółć",
        "Ştefan Țepeș & Fiii",
        "Đorđević–Šimić d.o.o.",
        "Nguyễn Thị Hạnh",
        "Αθηνά Παπαδοπούλου",
        "Тарас Шевченко",
        "ʻIolani Kahakō",
        "Kaʻū Coffee ⅓ № 4 → 5",
    ] {
        let mut payload = sample::contractor();
        payload.insured.name = text(name);
        payload.holder.name = text(name);
        payload.authorized_representative = text(name);
        payload.description = format!("Work for {name}.");
        match render_certificate(&payload) {
            Ok(rendered) => {
                let printed = Reading::of(&rendered.bytes).dense();
                assert!(printed.matches(&dense(name)).count() >= 5, "{name}");
                // The one question on the page is its own.
                assert_eq!(printed.matches('?').count(), 1);
                assert!(rendered.bytes.len() <= 40_000, "{} bytes", rendered.bytes.len());
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[test]
fn what_no_font_can_print_is_refused_by_name() {
    for (name, character) in [
        ("Roofing 🏠 LLC", '🏠'),
        ("上海建筑", '上'),
        ("שלום", 'ש'),
        ("مقاول", 'م'),
    ] {
        let mut payload = sample::contractor();
        payload.holder.name = text(name);
        match render_certificate(&payload) {
            Err(RenderError::Unprintable(found)) => assert_eq!(found, character, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    for bad in ['🏠', '✓', '\u{f0b7}', '上', 'ש', '\u{7}'] {
        assert!(!is_printable(bad), "{bad:?}");
    }
    let mut payload = sample::contractor();
    payload.description = "bell\u{7}".to_owned();
    assert!(matches!(
        render_certificate(&payload),
        Err(RenderError::Unprintable('\u{7}'))
    ));
}

/// Whatever the predicate lets through is drawn, wherever it stands.
#[test]
fn what_is_said_to_be_printable_is_printed() {
    for character in "□•–é€ŁșЖΩạ⅓→\u{a0}\u{200b}\u{2011}\u{feff}".chars() {
        assert!(is_printable(character), "{character:?}");
    }
    let all: String = ('\u{20}'..'\u{3000}')
        .filter(|character| is_printable(*character))
        .collect();
    assert!(all.chars().count() > 1_500);
    let mut payload = sample::contractor();
    payload.description = format!("{all}\n");
    // The signature is in another face than names and the description.
    let some = |from: usize| {
        all.chars()
            .filter(|c| !c.is_whitespace())
            .skip(from)
            .take(150)
            .collect::<String>()
    };
    for from in (0..all.chars().count()).step_by(150) {
        if let Ok(name) = countersign_domain::text::NonBlank::parse(&format!("x{}", some(from))) {
            payload.holder.name = name.clone();
            payload.authorized_representative = name;
        }
        if let Err(error) = render_certificate(&payload) {
            panic!("{from}: {error}");
        }
    }
}

#[test]
fn what_moves_to_the_remarks_says_what_it_belongs_to() {
    let reading = Reading::of(&render_certificate(&sample::long()).unwrap().bytes);
    let lines: Vec<String> = reading
        .pages
        .iter()
        .skip(1)
        .flat_map(|page| page.lines())
        .collect();
    let has = |needed: &str| lines.iter().any(|line| line.contains(needed));
    for needed in [
        "Insurer B, in full",
        "Insurer F, in full",
        "General liability, further box, in full",
    ] {
        assert!(has(needed), "{needed}: {lines:#?}");
    }
    let printed = dense(&lines.concat());
    assert!(printed.contains("$10,000,000,000,000"), "the limit's amount");
}

#[test]
fn a_payload_that_the_page_cannot_carry_is_refused() {
    let mut payload = sample::contractor();
    payload.template = 2;
    let refused = render_certificate(&payload);
    assert!(matches!(
        refused,
        Err(RenderError::UnknownTemplate { asked: 2, known: 1 })
    ));

    let mut payload = sample::full();
    let seventh = payload.insurers[0].clone();
    payload.insurers.push(seventh);
    assert!(matches!(
        render_certificate(&payload),
        Err(RenderError::TooManyInsurers(7))
    ));

    let mut payload = sample::contractor();
    payload.insurers[2].letter = 'G';
    assert!(matches!(
        render_certificate(&payload),
        Err(RenderError::InsurerLetter('G'))
    ));
    payload.insurers[2].letter = 'A';
    assert!(matches!(
        render_certificate(&payload),
        Err(RenderError::InsurerLetter('A'))
    ));

    let mut payload = sample::contractor();
    payload.insurers.truncate(1);
    assert!(matches!(
        render_certificate(&payload),
        Err(RenderError::UnlistedInsurer('B'))
    ));
}

#[test]
fn blanks_and_invisible_characters_do_not_change_the_face() {
    let mut payload = sample::contractor();
    payload.description =
        "Job\u{a0}4471\u{200b}\u{202a} at\u{2009}Vassar\u{2011}Street\tReno\r\nNevada".to_owned();
    let rendered = render_certificate(&payload).unwrap();
    let reading = Reading::of(&rendered.bytes);
    let lines = reading.pages[0].lines();
    assert!(
        lines.iter().any(|line| line == "Job 4471 at Vassar-Street Reno"),
        "{lines:#?}"
    );
    assert!(lines.iter().any(|line| line == "Nevada"));
    assert!(rendered.bytes.len() < 8_000, "no font is embedded for a blank");
}

#[test]
fn the_longest_email_is_printed_whole() {
    let mut payload = sample::contractor();
    let address = format!(
        "{}@{}.example",
        "certificates.".repeat(4) + "desk",
        "agency".repeat(10)
    );
    payload.producer.email = Some(EmailAddress::parse(&address).unwrap());
    assert!(
        Reading::of(&render_certificate(&payload).unwrap().bytes)
            .dense()
            .contains(&address)
    );
}
