//! Lays a chart out: a card of its own ground, so that it looks the same in a light and a dark chat, letters large
//! enough for a telephone, one hue, and beside each bar what it stands for and how much. All geometry is in whole units.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use unicode_segmentation::UnicodeSegmentation;

use super::{BARS_MAX, Bar, Chart, Layout};

/// The family of the bundled fonts.
pub(super) const FAMILY: &str = "Noto Sans";
/// Width of the card, in units of the SVG.
pub(super) const WIDTH: i64 = 720;

const MARGIN: i64 = 44;
const INNER: i64 = WIDTH - 2 * MARGIN;
const GROUND: &str = "#f3f6f8";
const INK: &str = "#14202e";
const MUTED: &str = "#526071";
const BAR: &str = "#12679b";
const TRACK: &str = "#dce4ea";

/// Where what is under the head begins.
const BODY: i64 = 178;
/// From one lying bar to the next.
const ROW: i64 = 94;
/// Thickness of a lying bar.
const THICK: i64 = 18;
/// Height of the longest standing bar.
const TALL: i64 = 300;
/// Room over the longest standing bar, for its amount.
const OVER: i64 = 48;
/// Widest standing bar.
const BROAD: i64 = 92;
/// Sizes of the amounts over standing bars, the largest that fits; below the last only one is written.
const SIZES: [i64; 3] = [30, 27, 24];
/// Size of what stands under a standing bar.
const UNDER: i64 = 26;

/// The chart as an SVG document.
pub fn draw(chart: &Chart) -> String {
    let bars = &chart.bars[..chart.bars.len().min(BARS_MAX)];
    let mut page = Page::default();
    page.text(Text { y: 66, size: 29, ink: MUTED, ..Text::of(&fitted(&chart.title, INNER, 29)) });
    page.text(Text { y: 134, size: 58, bold: true, ..Text::of(&chart.sum) });
    let end = match chart.layout {
        Layout::Ranked => lying(&mut page, bars),
        Layout::OverTime => standing(&mut page, bars),
    };
    let end = if chart.note.is_empty() {
        end
    } else {
        page.text(Text { y: end + 34, size: 28, ink: MUTED, ..Text::of(&chart.note) });
        end + 44
    };
    page.finish(end + MARGIN)
}

/// Bars under each other; tells where they end.
fn lying(page: &mut Page, bars: &[Bar]) -> i64 {
    let longest = longest(bars);
    for (y, bar) in (BODY..).step_by(usize::try_from(ROW).unwrap_or(1)).zip(bars) {
        let size = 31;
        let room = INNER - width(&bar.text, size) - 28;
        page.text(Text { y: y + 40, size, ..Text::of(&fitted(&bar.label, room, size)) });
        let amount = Text::of(&bar.text);
        page.text(Text { x: WIDTH - MARGIN, y: y + 40, size, bold: true, anchor: Anchor::End, ..amount });
        page.rect(Rect { x: MARGIN, y: y + 56, width: INNER, height: THICK, round: THICK / 2, fill: TRACK });
        // The shortest is still to be seen as a bar.
        let length = share(bar.amount, longest, INNER);
        if length > 0 {
            let width = length.max(THICK);
            page.rect(Rect { x: MARGIN, y: y + 56, width, height: THICK, round: THICK / 2, fill: BAR });
        }
    }
    BODY + ROW * i64::try_from(bars.len()).unwrap_or(0)
}

/// Bars beside each other; tells where they end.
fn standing(page: &mut Page, bars: &[Bar]) -> i64 {
    let count = i64::try_from(bars.len().max(1)).unwrap_or(1);
    let longest = longest(bars);
    let column = INNER / count;
    let thick = (column * 64 / 100).min(BROAD);
    let floor = BODY + OVER + TALL;
    let amounts = Amounts::of(bars, column);
    let every = (UNDER * 3).max(bars.iter().map(|bar| width(&bar.label, UNDER) + 10).max().unwrap_or(0));
    let every = usize::try_from((every + column - 1) / column).unwrap_or(1).max(1);
    for (at, bar) in bars.iter().enumerate() {
        let middle = MARGIN + column * i64::try_from(at).unwrap_or(0) + column / 2;
        let height = share(bar.amount, longest, TALL);
        let fill = if bar.note.is_empty() { BAR } else { "url(#h)" };
        let (x, y, round) = (middle - thick / 2, floor - height, (thick / 6).min(8).min(height / 2));
        if height > 0 {
            page.rect(Rect { x, y, width: thick, height, round, fill });
        }
        if amounts.writes(at) {
            let half = width(&bar.text, amounts.size) / 2;
            let x = middle.clamp(MARGIN + half, (WIDTH - MARGIN - half).max(MARGIN + half));
            let (y, anchor) = (floor - height - 14, Anchor::Middle);
            page.text(Text { x, y, size: amounts.size, bold: true, anchor, ..Text::of(&bar.text) });
        }
        // Counted from the end, so that the latest is named.
        if (bars.len() - 1 - at).is_multiple_of(every) {
            let under = Text { x: middle, size: UNDER, anchor: Anchor::Middle, ink: MUTED, ..Text::of(&bar.label) };
            page.text(Text { y: floor + 42, ..under });
            let half = width(&bar.note, UNDER - 2) / 2;
            let x = middle.min(WIDTH - MARGIN - half);
            page.text(Text { x, y: floor + 76, size: UNDER - 2, ..Text { text: &bar.note, ..under } });
        }
    }
    page.rect(Rect { x: MARGIN, y: floor, width: INNER, height: 2, round: 0, fill: MUTED });
    floor + if bars.iter().any(|bar| !bar.note.is_empty()) { 84 } else { 50 }
}

/// Which standing bars have their amounts written over them, and how large.
struct Amounts {
    size: i64,
    /// All of them where this names none.
    only: Option<usize>,
}

impl Amounts {
    fn of(bars: &[Bar], column: i64) -> Self {
        let widest = |size: i64| bars.iter().map(|bar| width(&bar.text, size)).max().unwrap_or(0);
        if let Some(size) = SIZES.into_iter().find(|size| widest(*size) + 10 <= column) {
            return Self { size, only: None };
        }
        // Over the highest nothing is in the way; anywhere else an amount would run into its neighbours' bars.
        let highest = bars.iter().enumerate().max_by_key(|(_, bar)| bar.amount).map(|(at, _)| at);
        Self { size: SIZES[0], only: highest }
    }

    fn writes(&self, at: usize) -> bool {
        self.only.is_none_or(|only| only == at)
    }
}

/// The largest amount; at least something, so that shares are defined.
fn longest(bars: &[Bar]) -> Decimal {
    bars.iter().map(|bar| bar.amount).max().filter(|most| *most > Decimal::ZERO).unwrap_or(Decimal::ONE)
}

/// `amount` of `longest`, as a part of `room`.
fn share(amount: Decimal, longest: Decimal, room: i64) -> i64 {
    let part = amount.max(Decimal::ZERO).checked_div(longest).and_then(|part| part.checked_mul(room.into()));
    part.and_then(|part| part.round().to_i64()).unwrap_or(0).clamp(0, room)
}

/// About how wide a text is. Digits of the font are 57 % of its size, bold ones as well; capitals are wider, dots less.
fn width(text: &str, size: i64) -> i64 {
    let hundredths = |letter: &str| match letter.chars().next() {
        Some('.' | ',' | ' ' | '\u{A0}' | 'i' | 'j' | 'l' | 'I' | '\'' | '’' | ':' | '|') => 31,
        Some('m' | 'w' | 'M' | 'W' | '@' | '%' | '…') => 93,
        Some(letter) if letter.is_uppercase() => 68,
        Some(letter) if letter.is_ascii() => 60,
        Some(letter) if letter.is_alphabetic() && u32::from(letter) < 0x250 => 62,
        _ => 80,
    };
    text.graphemes(true).map(hundredths).sum::<i64>() * size / 100
}

/// A text cut so that it fits.
fn fitted(text: &str, room: i64, size: i64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width("…", size);
    let mut kept = String::new();
    for letter in text.graphemes(true) {
        if width(&kept, size) + width(letter, size) > room {
            break;
        }
        kept.push_str(letter);
    }
    format!("{}…", kept.trim_end())
}

/// A document that is being written.
#[derive(Default)]
struct Page {
    body: String,
}

struct Rect {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    round: i64,
    fill: &'static str,
}

#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Clone, Copy)]
struct Text<'a> {
    x: i64,
    y: i64,
    size: i64,
    bold: bool,
    ink: &'static str,
    anchor: Anchor,
    text: &'a str,
}

impl<'a> Text<'a> {
    fn of(text: &'a str) -> Self {
        Self { x: MARGIN, y: 0, size: 30, bold: false, ink: INK, anchor: Anchor::Start, text }
    }
}

impl Page {
    fn rect(&mut self, Rect { x, y, width, height, round, fill }: Rect) {
        let line = format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\" fill=\"{fill}\"/>\n"
        );
        // Writing to a String does not fail.
        let _ = self.body.write_fmt(line);
    }

    fn text(&mut self, Text { x, y, size, bold, ink, anchor, text }: Text<'_>) {
        if text.is_empty() {
            return;
        }
        let weight = if bold { " font-weight=\"700\"" } else { "" };
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let text = escaped(text);
        let line = format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{ink}\"{weight}{anchor}>{text}</text>\n"
        );
        let _ = self.body.write_fmt(line);
    }

    /// The whole document. The hatching tells what is not over to those who tell no colours apart.
    fn finish(self, height: i64) -> String {
        let body = self.body;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\" font-family=\"{FAMILY}\">\n\
             <defs><pattern id=\"h\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect width=\"12\" height=\"12\" fill=\"{TRACK}\"/>\
             <rect width=\"7\" height=\"12\" fill=\"{BAR}\"/></pattern></defs>\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{GROUND}\"/>\n{body}</svg>\n"
        )
    }
}

/// Text of a bank as text of XML, without what XML cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // CLDR's spaces are of the font's width in a line of their own; here they are spaces.
            '\u{A0}' | '\u{202F}' | '\u{2009}' => out.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}') => out.push(' '),
            // Directions are marked for chats; a line of a picture has one.
            '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{2066}'..='\u{2069}' => {}
            letter => out.push(letter),
        }
    }
    out
}
