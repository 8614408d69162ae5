//! The file: the same every time, small, in one revision, with its properties.

use countersign_documents::{TEMPLATE_VERSION, prepare, render_certificate, render_uncompressed};
use lopdf::Object;

use crate::reading::Reading;
use crate::sample;

#[test]
fn the_same_payload_gives_the_same_bytes() {
    for payload in [sample::contractor(), sample::long(), sample::abroad()] {
        let first = render_certificate(&payload).unwrap();
        let elsewhere = payload.clone();
        let other_thread = std::thread::spawn(move || render_certificate(&elsewhere).unwrap())
            .join()
            .unwrap();
        assert_eq!(first, other_thread);
        // A certificate drawn in between leaves no trace.
        render_certificate(&sample::full()).unwrap();
        assert_eq!(first, render_certificate(&payload).unwrap());
    }
}

#[test]
fn the_furniture_can_be_drawn_ahead() {
    prepare().unwrap();
    prepare().unwrap();
}

#[test]
fn a_changed_payload_gives_other_bytes() {
    let first = render_certificate(&sample::contractor()).unwrap();
    let mut payload = sample::contractor();
    payload.revision = 1;
    assert_ne!(first.bytes, render_certificate(&payload).unwrap().bytes);
}

#[test]
fn certificates_are_small() {
    let size = |payload| render_certificate(&payload).unwrap().bytes.len();
    assert!(size(sample::sparse()) <= 7_000);
    assert!(
        size(sample::contractor()) <= 8_000,
        "{}",
        size(sample::contractor())
    );
    assert!(size(sample::full()) <= 8_192, "{}", size(sample::full()));
    assert!(size(sample::abroad()) <= 40_000, "{}", size(sample::abroad()));
}

#[test]
fn packed_and_readable_pages_are_the_same_pages() {
    for payload in [sample::contractor(), sample::abroad(), sample::long()] {
        let packed = Reading::of(&render_certificate(&payload).unwrap().bytes);
        let plain = Reading::of(&render_uncompressed(&payload).unwrap().bytes);
        assert_eq!(packed.pages.len(), plain.pages.len());
        for (packed, plain) in packed.pages.iter().zip(&plain.pages) {
            assert_eq!(packed.operators, plain.operators);
        }
    }
}

#[test]
fn a_file_has_one_revision_and_no_loose_ends() {
    for payload in [sample::contractor(), sample::abroad(), sample::long()] {
        let bytes = render_certificate(&payload).unwrap().bytes;
        let count = |needle: &[u8]| {
            bytes
                .windows(needle.len())
                .filter(|window| *window == needle)
                .count()
        };
        assert_eq!(count(b"%%EOF"), 1);
        assert_eq!(count(b"startxref"), 1);
        assert!(bytes.starts_with(b"%PDF-1.7\n"));
        assert!(bytes.ends_with(b"%%EOF\n"));
        let document = Reading::of(&bytes).document;
        for (id, object) in &document.objects {
            for reference in references(object) {
                assert!(
                    document.objects.contains_key(&reference),
                    "{id:?} points to nothing: {reference:?}"
                );
            }
        }
    }
}

fn references(object: &Object) -> Vec<lopdf::ObjectId> {
    match object {
        Object::Reference(id) => vec![*id],
        Object::Array(items) => items.iter().flat_map(references).collect(),
        Object::Dictionary(fields) => fields.iter().flat_map(|(_, value)| references(value)).collect(),
        Object::Stream(stream) => stream
            .dict
            .iter()
            .flat_map(|(_, value)| references(value))
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_document_says_what_it_is() {
    let document = Reading::of(&render_certificate(&sample::abroad()).unwrap().bytes).document;
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en-US");
    let preferences = catalog.get(b"ViewerPreferences").unwrap().as_dict().unwrap();
    assert!(preferences.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    let info = document.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let info = document.get_dictionary(info).unwrap();
    let entry = |key: &[u8]| lopdf::decode_text_string(info.get(key).unwrap()).unwrap();
    assert_eq!(
        entry(b"Title"),
        "Certificate of Insurance 26-004471, revision 0: Łukasz Żółć Dachdeckerei & Síň s.r.o."
    );
    assert_eq!(entry(b"Author"), "Summit Ridge Insurance Agency, Inc.");
    assert!(entry(b"Subject").contains("Granite Peak Builders, Inc."));
    assert_eq!(entry(b"Creator"), "Countersign");
    // Noon in London is the date issued from Maine to Hawaii.
    assert_eq!(entry(b"CreationDate"), "D:20261118120000Z");
    assert_eq!(entry(b"ModDate"), "D:20261118120000Z");
    let identifiers = document.trailer.get(b"ID").unwrap().as_array().unwrap();
    let fingerprint = sample::abroad().fingerprint().unwrap();
    for identifier in identifiers {
        let digits: String = identifier
            .as_str()
            .unwrap()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digits, fingerprint[..32]);
    }
    assert_eq!(TEMPLATE_VERSION, 1);
}

#[test]
fn pages_are_us_letter() {
    let document = Reading::of(&render_certificate(&sample::long()).unwrap().bytes).document;
    for page in document.get_pages().into_values() {
        let sides = document
            .get_dictionary(page)
            .unwrap()
            .get(b"MediaBox")
            .unwrap()
            .as_array()
            .unwrap();
        let sides: Vec<i64> = sides.iter().map(|side| side.as_i64().unwrap()).collect();
        assert_eq!(sides, [0, 0, 612, 792]);
    }
}
