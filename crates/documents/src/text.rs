//! Texts before they are placed: what is left out because it has no ink, and where lines break.
//!
//! Invariant: the lines of a text, put together again, are the text; only blanks at a break are lost.

use std::borrow::Cow;

use crate::RenderError;
use crate::typeface::{Face, Typeface};

/// Characters that say how a text is to be shaped or turned and leave nothing on paper.
///
/// Marks of direction come along with telephone numbers copied from elsewhere. Nothing here reorders
/// text, so they have no effect to lose.
const fn leaves_no_ink(character: char) -> bool {
    matches!(
        character,
        '\u{00ad}'
            | '\u{034f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

/// Blanks of other widths, which become a blank, and line separators, which become a line break.
const fn plain_blank(character: char) -> Option<char> {
    match character {
        '\t' | '\u{00a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Some(' ')
        }
        '\u{2028}' | '\u{2029}' | '\u{0085}' => Some('\n'),
        '\u{2010}' | '\u{2011}' => Some('-'),
        _ => None,
    }
}

/// Whether a character is left out or replaced before it is printed.
pub(crate) const fn is_adapted(character: char) -> bool {
    leaves_no_ink(character) || plain_blank(character).is_some()
}

/// The text as it is printed.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    // `\r` is looked for because a line break may be written as two characters.
    let plain = |c: char| c != '\r' && !is_adapted(c);
    let simple = |byte: u8| byte.is_ascii() && byte != b'\r' && byte != b'\t';
    if text.bytes().all(simple) || text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let joined = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = joined.chars().filter(|c| !leaves_no_ink(*c));
    Cow::Owned(kept.map(|c| plain_blank(c).unwrap_or(c)).collect())
}

/// Breaks `text` into lines of at most `width` hundredths of a point at type size `size`.
///
/// Lines break at blanks, else after a hyphen, a slash, a comma or an at sign, else inside the word:
/// a word that is longer than the line is not allowed to leave its box. An amount, a date or a number with hyphens
/// stays whole where a blank stands before it.
pub(crate) fn wrap<'t>(
    typeface: &Typeface,
    face: Face,
    size: i32,
    text: &'t str,
    width: i32,
) -> Result<Vec<&'t str>, RenderError> {
    let limit = i64::from(width) * 1000 / i64::from(size.max(1));
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        wrap_paragraph(typeface, face, paragraph.trim_end(), limit, &mut lines)?;
    }
    Ok(lines)
}

/// Where a line may end: up to which byte it is printed, where the next one starts, how wide it is up
/// to there.
struct Break {
    end: usize,
    next: usize,
    width: i64,
}

fn wrap_paragraph<'t>(
    typeface: &Typeface,
    face: Face,
    paragraph: &'t str,
    limit: i64,
    lines: &mut Vec<&'t str>,
) -> Result<(), RenderError> {
    // Most values fit their line: then nothing has to be looked for.
    if typeface.measure(face, paragraph)? <= limit {
        lines.push(paragraph);
        return Ok(());
    }
    let slice = |from: usize, to: usize| paragraph.get(from..to).unwrap_or_default();
    let mut start = 0;
    let mut width = 0;
    let mut last: Option<Break> = None;
    let mut after_digit = false;
    for (at, character) in paragraph.char_indices() {
        let next = at + character.len_utf8();
        let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let in_number = std::mem::replace(&mut after_digit, character.is_ascii_digit())
            && digit(slice(next, paragraph.len()));
        let advance = typeface.advance(face, character)?;
        if character == ' ' {
            width += advance;
            last = Some(Break { end: at, next, width });
            continue;
        }
        // Twice where a word's beginning went down with a hyphen and is itself as wide as the line.
        while width + advance > limit && at > start {
            match last.take() {
                Some(found) => {
                    lines.push(slice(start, found.end).trim_end_matches(' '));
                    start = found.next;
                    width -= found.width;
                }
                None => {
                    lines.push(slice(start, at));
                    start = at;
                    width = 0;
                }
            }
        }
        width += advance;
        let breaks = matches!(character, '-' | '/' | ',' | '@' | '–' | '—');
        if breaks && width <= limit && !(in_number && last.is_some()) {
            last = Some(Break {
                end: next,
                next,
                width,
            });
        }
    }
    lines.push(slice(start, paragraph.len()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width_in_zeros: i32) -> Vec<&str> {
        let typeface = Typeface::standard().unwrap();
        wrap(&typeface, Face::Sans, 1000, text, width_in_zeros * 556).unwrap()
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(lines("000 000 000", 7), ["000 000", "000"]);
        assert_eq!(lines("000-000", 5), ["000-", "000"]);
        assert_eq!(lines("a\n\nb", 5), ["a", "", "b"]);
        assert_eq!(lines("", 5), [""]);
    }

    #[test]
    fn a_number_stays_whole_where_it_can() {
        assert_eq!(lines("000 1,000,000 each", 10), ["000", "1,000,000", "each"]);
        // It is wider than the line.
        assert_eq!(lines("000 1,000,000 each", 7), ["000", "1,000,", "000", "each"]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken_and_nothing_is_lost() {
        let word = "0".repeat(23);
        let broken = lines(&word, 5);
        assert_eq!(broken.len(), 5);
        assert_eq!(broken.concat(), word);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let typeface = Typeface::standard().unwrap();
        let text = "Alder Creek Roofing / re-roofing, 4471 Vassar Street - phase 2 @ Sparks, and others";
        for width in (500..12_000).step_by(37) {
            for line in wrap(&typeface, Face::Bold, 850, text, width).unwrap() {
                let wide = typeface.measure(Face::Bold, line).unwrap() * 850 / 1000;
                assert!(
                    wide <= i64::from(width) || line.chars().count() == 1,
                    "{line:?} in {width}"
                );
            }
        }
    }

    #[test]
    fn what_has_no_ink_is_left_out_and_blanks_are_blanks() {
        assert_eq!(
            printable("Alder\u{a0}Creek\u{200b}\tLLC\r\nReno"),
            "Alder Creek LLC\nReno"
        );
        assert!(matches!(printable("Alder Creek"), Cow::Borrowed(_)));
    }
}
