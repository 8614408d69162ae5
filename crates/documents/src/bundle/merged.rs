//! One PDF with the pages of many.
//!
//! Objects are numbered on from file to file and written as they come; the tree of pages, whose number is fixed at
//! the beginning, follows at the end. The pages are those that were issued, but the file is a new one: it is for
//! printing, and no fingerprint of a certificate is that of the bundle.

use std::io::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, Writer};

use super::BundleError;

/// The tree of pages.
const PAGES: u32 = 1;
/// What the file begins to be read at.
const CATALOG: u32 = 2;
/// The first number of the first file.
const FIRST: u32 = 3;

/// A PDF in the making.
#[derive(Debug)]
pub struct Merged {
    /// Bytes that are ready.
    ready: Vec<u8>,
    /// How many bytes were handed out before those.
    given: u64,
    /// Where objects begin, by number.
    offsets: Vec<(u32, u64)>,
    next: u32,
    pages: Vec<ObjectId>,
}

impl Default for Merged {
    fn default() -> Self {
        Self::new()
    }
}

impl Merged {
    /// A file without pages.
    #[must_use]
    pub fn new() -> Self {
        Self {
            // The second line tells transports that the file is binary.
            ready: b"%PDF-1.7\n%\xc2\xb5\xc2\xb6\n".to_vec(),
            given: 0,
            offsets: Vec::new(),
            next: FIRST,
            pages: Vec::new(),
        }
    }

    /// Adds the pages of a file, and gives the bytes that are ready.
    ///
    /// # Errors
    /// [`BundleError::Page`] for what cannot be read.
    pub fn add(&mut self, file: &[u8]) -> Result<Vec<u8>, BundleError> {
        let fault = |error: lopdf::Error| BundleError::Page(error.to_string());
        let mut document = Document::load_mem(file).map_err(fault)?;
        document.renumber_objects_with(self.next);
        let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
        if pages.is_empty() {
            return Err(BundleError::Page("it has no page".to_owned()));
        }
        for page in &pages {
            let whole = self_contained(&document, *page).map_err(fault)?;
            self.object(page.0, &Object::Dictionary(whole))?;
        }
        let highest = document.objects.keys().map(|(number, _)| *number).max();
        for (id, object) in &document.objects {
            if !pages.contains(id) && !belongs_to_the_file(object) {
                self.object(id.0, object)?;
            }
        }
        self.next = highest.unwrap_or(self.next).saturating_add(1);
        self.pages.extend(pages);
        Ok(self.take())
    }

    /// Ends it, and gives the last bytes.
    ///
    /// # Errors
    /// [`BundleError::Page`] when nothing was added.
    pub fn finish(mut self) -> Result<Vec<u8>, BundleError> {
        if self.pages.is_empty() {
            return Err(BundleError::Page("there is none".to_owned()));
        }
        let kids: Vec<Object> = self.pages.iter().map(|id| Object::Reference(*id)).collect();
        let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
        let mut pages = Dictionary::new();
        pages.set("Type", Object::Name(b"Pages".to_vec()));
        pages.set("Kids", Object::Array(kids));
        pages.set("Count", Object::Integer(count));
        self.object(PAGES, &Object::Dictionary(pages))?;
        let mut catalog = Dictionary::new();
        catalog.set("Type", Object::Name(b"Catalog".to_vec()));
        catalog.set("Pages", Object::Reference((PAGES, 0)));
        self.object(CATALOG, &Object::Dictionary(catalog))?;
        let start = self.place();
        let mut out = format!("xref\n0 {}\n0000000000 65535 f \n", self.next);
        self.offsets.sort_unstable();
        let mut known = self.offsets.iter().peekable();
        for number in 1..self.next {
            match known.next_if(|(of, _)| *of == number) {
                Some((_, offset)) => out.push_str(&format!("{offset:010} 00000 n \n")),
                // Left out, since the bundle has its own.
                None => out.push_str("0000000000 00000 f \n"),
            }
        }
        out.push_str(&format!(
            "trailer\n<</Size {}/Root {CATALOG} 0 R>>\nstartxref\n{start}\n%%EOF\n",
            self.next
        ));
        self.ready.extend_from_slice(out.as_bytes());
        Ok(self.take())
    }

    fn place(&self) -> u64 {
        self.given + self.ready.len() as u64
    }

    fn object(&mut self, number: u32, object: &Object) -> Result<(), BundleError> {
        self.offsets.push((number, self.place()));
        let fault = |error: &dyn std::fmt::Display| BundleError::Page(error.to_string());
        writeln!(self.ready, "{number} 0 obj").map_err(|error| fault(&error))?;
        Writer::write_object(&mut self.ready, object).map_err(|error| fault(&error))?;
        self.ready.extend_from_slice(b"\nendobj\n");
        Ok(())
    }

    fn take(&mut self) -> Vec<u8> {
        let ready = std::mem::take(&mut self.ready);
        self.given += ready.len() as u64;
        ready
    }
}

/// What a file has once, and the bundle for itself.
fn belongs_to_the_file(object: &Object) -> bool {
    let Object::Dictionary(dictionary) = object else {
        return false;
    };
    match dictionary.get(b"Type").and_then(Object::as_name) {
        Ok(kind) => kind == b"Catalog" || kind == b"Pages",
        Err(_) => false,
    }
}

/// A page with what it would have inherited from the tree that stays behind.
fn self_contained(document: &Document, page: ObjectId) -> Result<Dictionary, lopdf::Error> {
    let mut whole = document.get_dictionary(page)?.clone();
    for key in [&b"Resources"[..], b"MediaBox", b"CropBox", b"Rotate"] {
        let mut above = whole.get(b"Parent").and_then(Object::as_reference).ok();
        // A tree is never deeper than its file has objects; a ring ends here.
        let mut steps = document.objects.len();
        while let (false, Some(node), true) = (whole.has(key), above, steps > 0) {
            let parent = document.get_dictionary(node)?;
            if let Ok(inherited) = parent.get(key) {
                whole.set(key, inherited.clone());
            }
            above = parent.get(b"Parent").and_then(Object::as_reference).ok();
            steps -= 1;
        }
    }
    whole.set("Parent", Object::Reference((PAGES, 0)));
    Ok(whole)
}
