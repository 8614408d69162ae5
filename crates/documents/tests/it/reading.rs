//! Reads a rendered certificate back: every run of text with its place, and every line that was drawn.
//!
//! This is a second, independent way through the file: nothing of the drawing code is used.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};
use skrifa::raw::TableProvider as _;
use skrifa::{FontRef, MetadataProvider as _};

/// A run of text, in points from the lower left corner.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) baseline: f32,
    pub(crate) size: f32,
    pub(crate) visible: bool,
}

/// A straight line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) from: (f32, f32),
    pub(crate) to: (f32, f32),
}

/// What one page shows, in the order of its content.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) runs: Vec<Run>,
    pub(crate) strokes: Vec<Stroke>,
    /// Every operator with its operands, furniture included.
    pub(crate) operators: Vec<String>,
}

/// A certificate read back.
pub(crate) struct Reading {
    pub(crate) document: Document,
    pub(crate) pages: Vec<Page>,
}

impl Reading {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).unwrap();
        let pages = document
            .get_pages()
            .into_values()
            .map(|id| read_page(&document, id))
            .collect();
        Self { document, pages }
    }

    /// All visible text without blanks and line breaks, in the order of the content; what the sheets
    /// repeat at head and foot comes last, so that a text that runs over two sheets is found.
    pub(crate) fn dense(&self) -> String {
        let (mut bodies, mut repeated) = (String::new(), String::new());
        for (number, page) in self.pages.iter().enumerate() {
            for run in page.runs.iter().filter(|run| run.visible) {
                let body = number == 0 || (50.0..690.0).contains(&run.baseline);
                if body && !run.text.starts_with("Page ") {
                    &mut bodies
                } else {
                    &mut repeated
                }
                .push_str(&dense(&run.text));
            }
        }
        bodies + &repeated
    }
}

/// A text without blanks and line breaks.
pub(crate) fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

impl Page {
    /// The page as lines of text from top to bottom, crossed boxes as `[X]`.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: BTreeMap<i32, Vec<&Run>> = BTreeMap::new();
        for run in &self.runs {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a page is 7920 tenths of a point high"
            )]
            lines
                .entry(-(run.baseline * 10.0).round() as i32)
                .or_default()
                .push(run);
        }
        let line = |mut runs: Vec<&Run>| {
            runs.sort_by(|a, b| a.left.total_cmp(&b.left));
            let text = |run: &&Run| {
                if run.visible {
                    run.text.clone()
                } else {
                    format!("[{}]", run.text)
                }
            };
            runs.iter()
                .map(text)
                .collect::<Vec<_>>()
                .join("  ")
                .trim_end()
                .to_owned()
        };
        lines.into_values().map(line).collect()
    }

    /// The words beside the boxes that are crossed.
    pub(crate) fn crossed(&self) -> Vec<&str> {
        let words = |mark: &&Run| {
            let beside = |run: &&Run| {
                run.visible
                    && (run.baseline - mark.baseline).abs() < 0.2
                    && (5.0..12.0).contains(&(run.left - mark.left))
            };
            self.runs
                .iter()
                .find(beside)
                .map_or("nothing", |run| run.text.as_str())
        };
        self.runs
            .iter()
            .filter(|run| !run.visible)
            .map(|mark| words(&mark))
            .collect()
    }
}

fn read_page(document: &Document, id: lopdf::ObjectId) -> Page {
    let mut page = Page::default();
    let resources = document
        .get_object(id)
        .unwrap()
        .as_dict()
        .unwrap()
        .get(b"Resources")
        .unwrap();
    let resources = resolve(document, resources).as_dict().unwrap();
    read_content(document, resources, &document.get_page_content(id), &mut page);
    page
}

fn resolve<'d>(document: &'d Document, object: &'d Object) -> &'d Object {
    document.dereference(object).unwrap().1
}

fn read_content(document: &Document, resources: &Dictionary, content: &[u8], page: &mut Page) {
    let entry = |kind: &[u8], name: &[u8]| {
        let group = resolve(document, resources.get(kind).unwrap()).as_dict().unwrap();
        resolve(document, group.get(name).unwrap())
    };
    let mut font: Option<(Font, f32)> = None;
    let mut visible = true;
    let mut cursor = (0.0, 0.0);
    let mut pen = (0.0, 0.0);
    for operation in Content::decode(content).unwrap().operations {
        page.operators
            .push(format!("{:?} {}", operation.operands, operation.operator));
        let number = |index: usize| operation.operands[index].as_float().unwrap();
        match operation.operator.as_str() {
            "Do" => {
                let stream = entry(b"XObject", operation.operands[0].as_name().unwrap())
                    .as_stream()
                    .unwrap();
                let inner = resolve(document, stream.dict.get(b"Resources").unwrap())
                    .as_dict()
                    .unwrap();
                read_content(document, inner, &stream.decompressed_content().unwrap(), page);
            }
            "BT" => cursor = (0.0, 0.0),
            "Tr" => visible = number(0) == 0.0,
            "Tf" => {
                let dictionary = entry(b"Font", operation.operands[0].as_name().unwrap())
                    .as_dict()
                    .unwrap();
                font = Some((Font::read(document, dictionary), number(1)));
            }
            "Td" => {
                cursor = (cursor.0 + number(0), cursor.1 + number(1));
                pen = cursor;
            }
            "Tj" => {
                let (font, size) = font.as_ref().unwrap();
                let (text, width) = font.decode(operation.operands[0].as_str().unwrap());
                let right = pen.0 + width * size / 1000.0;
                page.runs.push(Run {
                    text,
                    left: pen.0,
                    right,
                    baseline: pen.1,
                    size: *size,
                    visible,
                });
                pen.0 = right;
            }
            "m" => pen = (number(0), number(1)),
            "l" => {
                let to = (number(0), number(1));
                page.strokes.push(Stroke { from: pen, to });
                pen = to;
            }
            "re" => {
                let (x, y, w, h) = (number(0), number(1), number(2), number(3));
                let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)];
                page.strokes.extend(corners.windows(2).map(|pair| Stroke {
                    from: pair[0],
                    to: pair[1],
                }));
            }
            "ET" | "S" | "w" => {}
            other => panic!("a certificate has no use for the operator {other}"),
        }
    }
}

/// How codes become characters and widths.
enum Font {
    Standard(&'static [f32; 256]),
    Embedded(BTreeMap<u16, (String, f32)>),
}

impl Font {
    fn read(document: &Document, dictionary: &Dictionary) -> Self {
        if dictionary.get(b"Subtype").unwrap().as_name().unwrap() == b"Type1" {
            assert_eq!(
                dictionary.get(b"Encoding").unwrap().as_name().unwrap(),
                b"WinAnsiEncoding"
            );
            return Self::Standard(standard(dictionary.get(b"BaseFont").unwrap().as_name().unwrap()));
        }
        let descendants = resolve(document, dictionary.get(b"DescendantFonts").unwrap())
            .as_array()
            .unwrap();
        let descendant = resolve(document, &descendants[0]).as_dict().unwrap();
        let widths = descendant.get(b"W").unwrap().as_array().unwrap();
        let first = widths[0].as_i64().unwrap();
        let widths: BTreeMap<u16, f32> = widths[1]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .map(|(index, width)| {
                (
                    u16::try_from(first).unwrap() + u16::try_from(index).unwrap(),
                    width.as_float().unwrap(),
                )
            })
            .collect();
        let map = resolve(document, dictionary.get(b"ToUnicode").unwrap())
            .as_stream()
            .unwrap();
        let map = String::from_utf8(map.decompressed_content().unwrap()).unwrap();
        let entry = |line: &str| {
            let (code, unicode) = line.strip_prefix('<')?.strip_suffix('>')?.split_once("><")?;
            let units = (0..unicode.len())
                .step_by(4)
                .map(|at| u16::from_str_radix(&unicode[at..at + 4], 16));
            let text = String::from_utf16(&units.collect::<Result<Vec<_>, _>>().unwrap()).unwrap();
            let code = u16::from_str_radix(code, 16).unwrap();
            Some((code, (text, widths[&code])))
        };
        Self::Embedded(map.lines().filter_map(entry).collect())
    }

    fn decode(&self, codes: &[u8]) -> (String, f32) {
        let glyphs: Vec<(String, f32)> = match self {
            Self::Standard(widths) => codes
                .iter()
                .map(|code| {
                    let (text, _) = encoding(*code);
                    (text.to_string(), widths[usize::from(*code)])
                })
                .collect(),
            Self::Embedded(glyphs) => codes
                .chunks(2)
                .map(|pair| glyphs[&u16::from_be_bytes(pair.try_into().unwrap())].clone())
                .collect(),
        };
        (
            glyphs.iter().map(|(text, _)| text.as_str()).collect(),
            glyphs.iter().map(|(_, width)| width).sum(),
        )
    }
}

/// The character of a Windows-1252 code, and whether it is in the upper block.
fn encoding(code: u8) -> (char, bool) {
    const UPPER: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";
    match code {
        0x80..=0x9f => (UPPER.chars().nth(usize::from(code - 0x80)).unwrap(), true),
        _ => (char::from(code), false),
    }
}

/// Widths of the standard fonts, from the fonts of the same widths.
fn standard(name: &[u8]) -> &'static [f32; 256] {
    static TABLES: OnceLock<BTreeMap<&'static [u8], [f32; 256]>> = OnceLock::new();
    let tables = TABLES.get_or_init(|| {
        let table = |file: &'static [u8]| {
            let font = FontRef::new(file).unwrap();
            let units = f32::from(font.head().unwrap().units_per_em());
            let mut widths = [0.0; 256];
            for code in 0x20..=0xff_u8 {
                if let Some(glyph) = font.charmap().map(encoding(code).0) {
                    let advance = font.hmtx().unwrap().advance(glyph).unwrap();
                    widths[usize::from(code)] = f32::from(advance) * 1000.0 / units;
                }
            }
            widths
        };
        BTreeMap::from([
            (
                &b"Helvetica"[..],
                table(include_bytes!("../../assets/LiberationSans-Regular.ttf")),
            ),
            (
                &b"Helvetica-Bold"[..],
                table(include_bytes!("../../assets/LiberationSans-Bold.ttf")),
            ),
            (
                &b"Times-Bold"[..],
                table(include_bytes!("../../assets/LiberationSerif-Bold.ttf")),
            ),
            (
                &b"Times-Italic"[..],
                table(include_bytes!("../../assets/LiberationSerif-Italic.ttf")),
            ),
        ])
    });
    &tables[name]
}
