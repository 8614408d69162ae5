//! Measures the drawing of certificates and prints one JSON line per figure:
//! `{"group":"render","name":…,"value":…,"unit":"ms"|"bytes"}`.
//!
//! Each figure is the median of rounds that take turns, so that a slow moment of the machine hits all alike.

#[path = "../tests/it/sample.rs"]
#[expect(dead_code, reason = "the tests draw more samples than are measured")]
mod sample;

use std::hint::black_box;
use std::time::Instant;

use countersign_documents::{RenderError, RenderedCertificate, render_certificate, render_uncompressed};
use countersign_domain::certificates::payload::CertificatePayload;

const ROUNDS: usize = 21;
const PER_ROUND: u32 = 200;

type Render = fn(&CertificatePayload) -> Result<RenderedCertificate, RenderError>;

struct Subject {
    name: &'static str,
    render: Render,
    payload: CertificatePayload,
    milliseconds: Vec<f64>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut continued = sample::contractor();
    continued.description = sample::description(10_000);
    let subject = |name, render: Render, payload| Subject {
        name,
        render,
        payload,
        milliseconds: Vec::new(),
    };
    let mut subjects = [
        subject("certificate", render_certificate, sample::contractor()),
        subject("certificate, every band", render_certificate, sample::full()),
        subject(
            "certificate, not deflated",
            render_uncompressed,
            sample::contractor(),
        ),
        subject(
            "certificate, embedded subset",
            render_certificate,
            sample::abroad(),
        ),
        subject("certificate of three pages", render_certificate, continued),
    ];

    let start = Instant::now();
    render_certificate(&sample::contractor())?;
    let first = start.elapsed().as_secs_f64() * 1000.0;

    for _ in 0..ROUNDS {
        for subject in &mut subjects {
            let start = Instant::now();
            for _ in 0..PER_ROUND {
                black_box((subject.render)(black_box(&subject.payload))?);
            }
            subject
                .milliseconds
                .push(start.elapsed().as_secs_f64() * 1000.0 / f64::from(PER_ROUND));
        }
    }

    let line = |name: &str, value: f64, unit: &str| {
        serde_json::json!({ "group": "render", "name": name, "value": value, "unit": unit }).to_string()
    };
    let mut report = vec![line(
        "first certificate of a process, template drawn",
        first,
        "ms",
    )];
    for subject in &mut subjects {
        let rendered = (subject.render)(&subject.payload)?;
        subject.milliseconds.sort_by(f64::total_cmp);
        let median = subject.milliseconds.get(ROUNDS / 2).copied().ok_or("no rounds")?;
        report.push(line(subject.name, median / f64::from(rendered.pages), "ms"));
        let bytes = u32::try_from(rendered.bytes.len())?;
        report.push(line(subject.name, f64::from(bytes), "bytes"));
    }
    #[expect(clippy::print_stdout, reason = "the report is what this program is for")]
    for line in report {
        println!("{line}");
    }
    Ok(())
}
