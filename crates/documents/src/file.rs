//! The file around the pages: objects, cross references, trailer.
//!
//! Invariant: one finished revision. A certificate is written as a whole and never as an update to an
//! earlier state of the file, because those who check certificates for tampering take a second revision
//! for an edit made after issuing.

use std::cell::RefCell;

use flate2::{Compress, Compression, FlushCompress, Status};

use crate::RenderError;
use crate::ink::push_digits;

/// How a stream is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Fast, for what is made per certificate.
    Deflated,
    /// Small, for what is made once.
    Smallest,
    /// Left readable.
    Plain,
}

/// A file under construction.
#[derive(Clone)]
pub(crate) struct Builder {
    bytes: Vec<u8>,
    /// Where each object begins, by number from 1; 0 where it is still to come.
    offsets: Vec<u32>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        // The second line tells transports that the file is binary (ISO 32000-1, 7.5.2).
        Self {
            bytes: b"%PDF-1.7\n%\xc2\xb5\xc2\xb6\n".to_vec(),
            offsets: Vec::new(),
        }
    }

    /// A copy with room for what one certificate adds.
    pub(crate) fn continued(&self) -> Self {
        let mut bytes = Vec::with_capacity(self.bytes.len() + 16 * 1024);
        bytes.extend_from_slice(&self.bytes);
        let mut offsets = Vec::with_capacity(self.offsets.len() + 16);
        offsets.extend_from_slice(&self.offsets);
        Self { bytes, offsets }
    }

    /// The number after the highest one in use.
    pub(crate) fn next_number(&self) -> u32 {
        u32::try_from(self.offsets.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1)
    }

    /// Writes an object under a number that has none yet.
    pub(crate) fn object(&mut self, number: u32, body: &[u8]) {
        let index = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        if self.offsets.len() <= index {
            self.offsets.resize(index + 1, 0);
        }
        if let Some(offset) = self.offsets.get_mut(index) {
            *offset = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        }
        push_digits(&mut self.bytes, number);
        self.bytes.extend_from_slice(b" 0 obj\n");
        self.bytes.extend_from_slice(body);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes an object under the next number and returns the number.
    pub(crate) fn append(&mut self, body: &[u8]) -> u32 {
        let number = self.next_number();
        self.object(number, body);
        number
    }

    /// The body of a stream object; `dictionary` are its entries besides length and filter.
    pub(crate) fn stream(dictionary: &str, content: &[u8], packing: Packing) -> Result<Vec<u8>, RenderError> {
        let packed = match packing {
            Packing::Plain => None,
            Packing::Deflated => Some(deflate(content, FAST)?),
            Packing::Smallest => Some(deflate(content, BEST)?),
        };
        let data = packed.as_deref().unwrap_or(content);
        let mut body = Vec::with_capacity(dictionary.len() + data.len() + 64);
        body.extend_from_slice(b"<<");
        body.extend_from_slice(dictionary.as_bytes());
        if packed.is_some() {
            body.extend_from_slice(b"/Filter/FlateDecode");
        }
        body.extend_from_slice(b"/Length ");
        push_digits(&mut body, u32::try_from(data.len()).unwrap_or(u32::MAX));
        body.extend_from_slice(b">>stream\n");
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        Ok(body)
    }

    /// Closes the file. `id` are 32 hexadecimal digits.
    pub(crate) fn finish(mut self, root: u32, info: u32, id: &str) -> Vec<u8> {
        let start = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let size = self.next_number();
        let out = &mut self.bytes;
        out.extend_from_slice(b"xref\n0 ");
        push_digits(out, size);
        out.extend_from_slice(b"\n0000000000 65535 f \n");
        for offset in &self.offsets {
            push_ten_digits(out, *offset);
            out.extend_from_slice(b" 00000 n \n");
        }
        out.extend_from_slice(
            format!(
                "trailer\n<</Size {size}/Root {root} 0 R/Info {info} 0 R/ID[<{id}><{id}>]>>\n\
                 startxref\n{start}\n%%EOF\n"
            )
            .as_bytes(),
        );
        self.bytes
    }
}

const FAST: u32 = 2;
const BEST: u32 = 9;

fn push_ten_digits(out: &mut Vec<u8>, value: u32) {
    let mut rest = value;
    let mut digits = [b'0'; 10];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    out.extend_from_slice(&digits);
}

thread_local! {
    /// The compressor's tables, a quarter of a megabyte: making them anew costs more than packing a page.
    static FAST_COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(FAST), true));
}

fn deflate(content: &[u8], level: u32) -> Result<Vec<u8>, RenderError> {
    if level == FAST {
        FAST_COMPRESSOR.with_borrow_mut(|compressor| {
            compressor.reset();
            run(compressor, content)
        })
    } else {
        run(&mut Compress::new(Compression::new(level), true), content)
    }
}

fn run(compressor: &mut Compress, content: &[u8]) -> Result<Vec<u8>, RenderError> {
    // Deflate's worst case is the input plus five bytes in 16 KB.
    let mut packed = Vec::with_capacity(content.len() + content.len() / 1000 + 64);
    match compressor.compress_vec(content, &mut packed, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => Ok(packed),
        other => Err(RenderError::Template(format!(
            "a page could not be packed: {other:?}"
        ))),
    }
}
