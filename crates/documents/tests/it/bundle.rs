//! Many certificates as one file.

use countersign_documents::bundle::Merged;
use countersign_documents::render_certificate;
use lopdf::{Document, Object};

use crate::sample;

/// A2.28: every page of every certificate is in the merged file, in order, and reads as it was issued.
#[test]
fn the_pages_of_many_are_one_file() {
    let files: Vec<_> = [sample::contractor(), sample::long(), sample::contractor()]
        .iter()
        .map(|payload| render_certificate(payload).unwrap())
        .collect();
    let mut merged = Merged::new();
    let mut bytes = Vec::new();
    for file in &files {
        let part = merged.add(&file.bytes).unwrap();
        assert!(part.len() < 2 * file.bytes.len() + 4096, "nothing is kept back");
        bytes.extend(part);
    }
    bytes.extend(merged.finish().unwrap());

    let read = Document::load_mem(&bytes).unwrap();
    let pages: Vec<_> = read.get_pages().into_values().collect();
    let mut expected = Vec::new();
    for file in &files {
        let alone = Document::load_mem(&file.bytes).unwrap();
        for page in alone.get_pages().into_values() {
            expected.push(alone.get_page_content(page));
        }
    }
    assert_eq!(pages.len(), expected.len());
    for (page, content) in pages.iter().zip(&expected) {
        assert_eq!(&read.get_page_content(*page), content);
        let dictionary = read.get_dictionary(*page).unwrap();
        for needed in [&b"MediaBox"[..], b"Resources"] {
            assert!(dictionary.has(needed), "a page does not stand alone");
        }
    }
    // Nothing points to where nothing is.
    for (id, object) in &read.objects {
        for target in references(object) {
            assert!(
                read.objects.contains_key(&target),
                "{id:?} points to {target:?}, which is not there"
            );
        }
    }
}

fn references(object: &Object) -> Vec<lopdf::ObjectId> {
    match object {
        Object::Reference(id) => vec![*id],
        Object::Array(entries) => entries.iter().flat_map(references).collect(),
        Object::Dictionary(dictionary) => dictionary
            .iter()
            .flat_map(|(_, value)| references(value))
            .collect(),
        Object::Stream(stream) => stream
            .dict
            .iter()
            .flat_map(|(_, value)| references(value))
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_is_no_certificate_breaks_the_bundle_off() {
    assert!(Merged::new().add(b"not a PDF").is_err());
    assert!(Merged::new().finish().is_err());
}
