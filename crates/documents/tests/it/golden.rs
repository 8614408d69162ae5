//! The pages as text, and a hash of everything drawn, compared with what people have looked at.
//!
//! `UPDATE=1 cargo test -p countersign-documents` writes them anew; look at the pages before committing:
//! `cargo run -p countersign-documents --example preview FOLDER`.

use std::path::PathBuf;

use countersign_documents::render_certificate;
use countersign_domain::certificates::payload::{CertificatePayload, hex};
use sha2::{Digest as _, Sha256};

use crate::reading::Reading;
use crate::sample;

/// The pages as lines of text, each page with the hash of its operators: of what is drawn, not of how it
/// is packed.
fn picture(payload: &CertificatePayload) -> String {
    let rendered = render_certificate(payload).unwrap();
    let mut picture = String::new();
    for (number, page) in Reading::of(&rendered.bytes).pages.iter().enumerate() {
        let drawn = hex(&Sha256::digest(page.operators.join("\n")));
        picture.push_str(&format!("--- page {}: {drawn}\n", number + 1));
        for line in page.lines() {
            picture.push_str(&line);
            picture.push('\n');
        }
    }
    picture
}

fn compare(name: &str, payload: &CertificatePayload) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/golden/{name}.txt"));
    let drawn = picture(payload);
    #[expect(
        clippy::disallowed_methods,
        reason = "the switch is for the person who runs the test"
    )]
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == drawn,
        "{name} has changed. Look at it, raise TEMPLATE_VERSION if certificates were issued with the old \
         page, then run again with UPDATE=1.\n{drawn}"
    );
}

#[test]
fn a_contractor_with_four_lines() {
    compare("contractor", &sample::contractor());
}

#[test]
fn one_line_without_marks_or_description() {
    compare("sparse", &sample::sparse());
}

#[test]
fn every_band_six_insurers_all_kinds_of_limits() {
    compare("full", &sample::full());
}

#[test]
fn names_of_two_hundred_characters() {
    compare("long", &sample::long());
}

#[test]
fn a_description_that_takes_three_pages() {
    let mut payload = sample::contractor();
    payload.description = sample::description(10_000);
    compare("continued", &payload);
}

#[test]
fn names_from_abroad() {
    compare("abroad", &sample::abroad());
}
