//! In which encoding a file is, and its text.
//!
//! Invariant: text is decoded without a single replacement character; a file whose bytes mean nothing in
//! the encoding that was found, or which holds characters of two encodings, is refused as a whole.

use countersign_domain::imports::Reason;
use encoding_rs::{Decoder, DecoderResult, UTF_8, WINDOWS_1252};

/// An encoding that spreadsheets and agency systems write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// What Excel on Windows writes as plain "CSV".
    Windows1252,
}

/// Looks at a file's bytes, a slice at a time.
#[derive(Debug, Default)]
pub(super) struct Sniffer {
    head: Vec<u8>,
    /// Bytes of a character that the last slice cut off.
    tail: Vec<u8>,
    /// The line of the first byte that is no UTF-8.
    not_utf8: Option<u64>,
    /// Whether there is a character of several bytes in UTF-8. In text of one byte a character such a
    /// sequence is next to impossible, so beside a byte that is no UTF-8 it tells of mixed or damaged text.
    multibyte: bool,
    not_windows1252: bool,
    nul: bool,
    line_breaks: u64,
}

/// Bytes that Windows-1252 leaves undefined.
const UNDEFINED: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

impl Sniffer {
    pub(super) fn feed(&mut self, slice: &[u8]) {
        let missing = 4_usize.saturating_sub(self.head.len());
        self.head.extend(slice.iter().take(missing));
        for byte in slice {
            self.nul |= *byte == 0;
            self.not_windows1252 |= UNDEFINED.contains(byte);
        }
        let mut bytes = std::mem::take(&mut self.tail);
        bytes.extend_from_slice(slice);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (valid, length) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), Some(0)),
                Err(error) => (error.valid_up_to(), error.error_len()),
            };
            let (text, behind) = rest.split_at(valid);
            self.multibyte |= !text.is_ascii();
            self.line_breaks += text.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            // No length: the slice ended within a character, which the next slice may complete.
            let Some(length) = length else {
                self.tail = behind.to_vec();
                return;
            };
            if length > 0 {
                self.not_utf8.get_or_insert(self.line_breaks + 1);
            }
            rest = behind.get(length..).unwrap_or_default();
        }
    }

    /// The file's encoding and about how many lines it has.
    pub(super) fn finish(self) -> Result<(Encoding, u64), Reason> {
        let utf16 = self.head.starts_with(&[0xff, 0xfe]) || self.head.starts_with(&[0xfe, 0xff]);
        // The first bytes of .xlsx (a ZIP archive) and .xls files.
        let workbook =
            self.head.starts_with(b"PK\x03\x04") || self.head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
        if utf16 || workbook || self.nul {
            return Err(Reason::NotText);
        }
        // A character that the end of the file cuts off is as bad as any other.
        let cut_off = (!self.tail.is_empty()).then_some(self.line_breaks + 1);
        let Some(line) = self.not_utf8.or(cut_off) else {
            return Ok((Encoding::Utf8, self.line_breaks));
        };
        if self.multibyte {
            return Err(Reason::MixedEncodings(line));
        }
        if self.not_windows1252 {
            return Err(Reason::UnknownEncoding);
        }
        Ok((Encoding::Windows1252, self.line_breaks))
    }
}

/// Turns a file's bytes into text, a slice at a time.
pub(super) struct Text {
    decoder: Decoder,
}

impl Text {
    pub(super) fn new(encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Encoding::Windows1252 => WINDOWS_1252.new_decoder_without_bom_handling(),
        };
        Self { decoder }
    }

    /// The text of the next slice.
    pub(super) fn decode(&mut self, slice: &[u8], last: bool) -> Result<String, Reason> {
        let room = self
            .decoder
            .max_utf8_buffer_length_without_replacement(slice.len());
        let mut text = String::with_capacity(room.unwrap_or(slice.len() * 3 + 16));
        match self
            .decoder
            .decode_to_string_without_replacement(slice, &mut text, last)
        {
            (DecoderResult::InputEmpty, _) => Ok(text),
            (DecoderResult::OutputFull | DecoderResult::Malformed(..), _) => Err(Reason::UnknownEncoding),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads bytes in slices of `size`.
    fn read(bytes: &[u8], size: usize) -> Result<(Encoding, String), Reason> {
        let mut sniffer = Sniffer::default();
        bytes.chunks(size).for_each(|slice| sniffer.feed(slice));
        let (encoding, _) = sniffer.finish()?;
        let mut decoder = Text::new(encoding);
        let mut text = String::new();
        for slice in bytes.chunks(size) {
            text.push_str(&decoder.decode(slice, false)?);
        }
        text.push_str(&decoder.decode(&[], true)?);
        Ok((encoding, text))
    }

    #[test]
    fn utf8_is_read_with_and_without_a_byte_order_mark() {
        for size in 1..8 {
            for bytes in [
                "Peña, Wołoszyński".as_bytes(),
                "\u{feff}Peña, Wołoszyński".as_bytes(),
            ] {
                assert_eq!(
                    read(bytes, size),
                    Ok((Encoding::Utf8, "Peña, Wołoszyński".into())),
                    "{size}"
                );
            }
        }
    }

    #[test]
    fn windows_1252_is_read() {
        let bytes = b"Pe\xf1a \x96 \x80 100, Caf\xe9";
        for size in 1..8 {
            assert_eq!(
                read(bytes, size),
                Ok((Encoding::Windows1252, "Peña – € 100, Café".into()))
            );
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for (bytes, reason) in [
            (b"\xff\xfen\x00a\x00".as_slice(), Reason::NotText),
            (b"PK\x03\x04\x14", Reason::NotText),
            (b"name\x00", Reason::NotText),
            (b"na\x81me", Reason::UnknownEncoding),
            (b"\xef\xbb\xbfPe\xf1a", Reason::MixedEncodings(1)),
        ] {
            assert_eq!(read(bytes, 3), Err(reason), "{bytes:?}");
        }
        // Where it is the only one, a character that the end of the file cuts off is no UTF-8; as Windows-1252 it would be nonsense
        // that nobody can tell from text, so it reads as that.
        assert!(matches!(
            read("Peñ".as_bytes().split_last().unwrap().1, 2),
            Ok((Encoding::Windows1252, _))
        ));
    }

    #[test]
    fn characters_of_two_encodings_in_one_file_are_refused_and_never_read_as_others() {
        let utf8 = "name\nPeña\nWołoszyński\n".as_bytes();
        let windows = b"Caf\xe9\n".as_slice();
        for size in 1..9 {
            assert_eq!(
                read(&[utf8, windows].concat(), size),
                Err(Reason::MixedEncodings(4)),
                "{size}"
            );
            assert_eq!(
                read(&[b"name\n", windows, utf8].concat(), size),
                Err(Reason::MixedEncodings(2)),
                "{size}"
            );
            let (_, cut) = utf8.split_last().unwrap();
            let damaged = [cut, "ñ".as_bytes().split_last().unwrap().1].concat();
            assert_eq!(read(&damaged, size), Err(Reason::MixedEncodings(3)), "{size}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives_any_slicing(text in "\\PC{0,200}", size in 1usize..64) {
            let (encoding, read) = read(text.as_bytes(), size).unwrap();
            prop_assert_eq!(encoding, Encoding::Utf8);
            prop_assert_eq!(read, text.trim_start_matches('\u{feff}'));
        }
    }
}
