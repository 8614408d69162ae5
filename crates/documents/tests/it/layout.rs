//! Nothing overlaps, nothing is clipped, nothing crosses a rule; type never goes below what can be read.

use countersign_documents::render_certificate;
use countersign_domain::certificates::payload::CertificatePayload;

use crate::reading::{Page, Reading, Run};
use crate::sample;

/// What a run of text covers: ascenders and descenders of Helvetica, without the air around them.
fn ink(run: &Run) -> (f32, f32, f32, f32) {
    (
        run.left + 0.2,
        run.baseline - 0.18 * run.size,
        run.right - 0.2,
        run.baseline + 0.70 * run.size,
    )
}

fn problems(page: &Page) -> Vec<String> {
    let mut problems = Vec::new();
    let runs: Vec<&Run> = page
        .runs
        .iter()
        .filter(|run| run.visible && !run.text.trim().is_empty())
        .collect();
    for (index, run) in runs.iter().enumerate() {
        let (left, bottom, right, top) = ink(run);
        if left < 36.0 || right > 576.0 || bottom < 36.0 || top > 756.0 {
            problems.push(format!("{:?} leaves the margins", run.text));
        }
        if run.size < 5.0 && !run.text.starts_with('$') {
            problems.push(format!("{:?} is set in {} pt", run.text, run.size));
        }
        for other in &runs[index + 1..] {
            let (l, b, r, t) = ink(other);
            if left < r && l < right && bottom < t && b < top {
                problems.push(format!("{:?} and {:?} overlap", run.text, other.text));
            }
        }
        for stroke in &page.strokes {
            let (x, y) = (
                stroke.from.0,
                stroke.from.1.min(stroke.to.1)..stroke.from.1.max(stroke.to.1),
            );
            let vertical = (stroke.from.0 - stroke.to.0).abs() < 0.1;
            let middle = run.baseline + 0.3 * run.size;
            if vertical && left < x && x < right && y.contains(&middle) {
                problems.push(format!("{:?} is crossed by the rule at {x}", run.text));
            }
            let across = stroke.from.0.min(stroke.to.0)..stroke.from.0.max(stroke.to.0);
            let level = (stroke.from.1 - stroke.to.1).abs() < 0.1;
            if level && bottom < stroke.from.1 - 0.1 && stroke.from.1 + 0.1 < top && across.contains(&left) {
                problems.push(format!(
                    "{:?} is struck by the rule at height {}",
                    run.text, stroke.from.1
                ));
            }
        }
    }
    problems
}

fn check(name: &str, payload: &CertificatePayload) {
    let reading = Reading::of(&render_certificate(payload).unwrap().bytes);
    for (number, page) in reading.pages.iter().enumerate() {
        let found = problems(page);
        assert!(found.is_empty(), "{name}, page {}: {found:#?}", number + 1);
    }
}

#[test]
fn nothing_overlaps_or_leaves_its_place() {
    check("contractor", &sample::contractor());
    check("sparse", &sample::sparse());
    check("full", &sample::full());
    check("abroad", &sample::abroad());
    check("long", &sample::long());
    let mut payload = sample::full();
    payload.description = sample::description(10_000);
    check("continued", &payload);
    payload.description = format!("{} {}", "m".repeat(9_000), "i".repeat(1_000));
    check("unbroken", &payload);
}

#[test]
fn the_widest_names_stay_in_their_places() {
    // No wider letter than W, no narrower one than l; with and without blanks.
    for pattern in ["W", "l", "W ", "ll ", "Mm-"] {
        let mut payload = sample::long();
        let name = sample::text(pattern.repeat(200).chars().take(199).collect::<String>().trim());
        payload.number = name.clone();
        payload.producer.name = name.clone();
        payload.producer.contact_name = Some(name.clone());
        payload.insured.name = name.clone();
        payload.insured.care_of = Some(name.clone());
        payload.holder.name = name.clone();
        payload.authorized_representative = name.clone();
        for insurer in &mut payload.insurers {
            insurer.name = name.clone();
        }
        if let Some(general) = &mut payload.general_liability {
            general.policy_number = name.clone();
        }
        if let Some(other) = &mut payload.other {
            other.policy_number = name.clone();
            other.coverage.description = name.clone();
            if let Some(form) = &mut other.waiver {
                form.form_number = name.clone();
                form.title = name.clone();
            }
        }
        check(pattern, &payload);
    }
}

#[test]
fn names_of_every_length_stay_in_their_places() {
    for length in (10..200).step_by(7) {
        let name = sample::text(sample::description(length).trim().replace('\n', " ").as_str());
        let mut payload = sample::contractor();
        payload.insured.name = name.clone();
        payload.holder.name = name.clone();
        payload.producer.name = name.clone();
        payload.insurers[0].name = name.clone();
        payload.description = sample::description(length * 12);
        check(&format!("{length} characters"), &payload);
    }
}

#[test]
fn a_usual_name_is_not_shrunk() {
    let reading = Reading::of(&render_certificate(&sample::contractor()).unwrap().bytes);
    let size = |text: &str| {
        reading.pages[0]
            .runs
            .iter()
            .find(|run| run.text == text)
            .unwrap()
            .size
    };
    assert_eq!(size("Alder Creek Roofing LLC"), 9.0);
    assert_eq!(size("Travelers Property Casualty Company of America"), 8.5);
    assert_eq!(size("$1,000,000"), 8.5);
    assert_eq!(size("Certificate of Insurance \u{2014} Liability"), 15.0);
}

#[test]
fn the_page_is_read_in_the_order_of_its_content() {
    let reading = Reading::of(&render_certificate(&sample::contractor()).unwrap().bytes);
    let text: Vec<&str> = reading.pages[0]
        .runs
        .iter()
        .map(|run| run.text.as_str())
        .collect();
    let place = |wanted: &str| {
        text.iter()
            .position(|text| text.contains(wanted))
            .unwrap_or_else(|| panic!("{wanted}"))
    };
    let order = [
        "Certificate of Insurance",
        "26-004471",
        "PRODUCER",
        "Summit Ridge",
        "INSURED",
        "Alder Creek",
        "INSURERS",
        "Travelers",
        "Commercial general liability",
        "CPP 7741206",
        "Automobile liability",
        "BAP 0093318",
        "Umbrella",
        "UMB 7741207",
        "Workers compensation and",
        "WC 55-10482",
        "DESCRIPTION",
        "Job 4471",
        "CG 20 10",
        "CERTIFICATE HOLDER",
        "9400 Double R",
        "CANCELLATION",
        "Page 1 of 1",
    ];
    let places: Vec<usize> = order.iter().map(|text| place(text)).collect();
    assert!(
        places.is_sorted(),
        "{:?}",
        order.iter().zip(places).collect::<Vec<_>>()
    );
}
