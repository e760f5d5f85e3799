//! A reading for human eyes: in short, and as a page that says what decided and where it can be mended.

use std::io::{Result, Write};

use anstyle::Style;
use serde_json::Value;

use super::shape;
use crate::domain::reading::{Intent, Part, Reading, Span, Zone};
use crate::understand::explain::{Decider, Explanation, How, Near, Question, Seen};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The reading in a few lines.
pub(super) fn short(out: &mut dyn Write, text: &str, reading: &Reading) -> Result<()> {
    verdict(out, reading.part.intent, reading.confidence, reading.zone)?;
    details(out, text, &reading.part, &reading.spans)?;
    for part in &reading.also {
        writeln!(out, "{BOLD}and {}{BOLD:#}", part.intent)?;
        details(out, text, part, &[])?;
    }
    likely(out, &reading.likely)?;
    for why in &reading.why {
        line(out, "because", why)?;
    }
    Ok(())
}

/// Every step of the reading.
pub(super) fn whole(out: &mut dyn Write, text: &str, explained: &Explanation) -> Result<()> {
    let reading = &explained.reading;
    if explained.questions.is_empty() {
        return short(out, text, reading);
    }
    words(out, &reading.lang, &explained.words)?;
    for (nth, question) in explained.questions.iter().enumerate() {
        writeln!(out)?;
        if explained.questions.len() > 1 {
            writeln!(out, "{DIM}question {} of {}{DIM:#}", nth + 1, explained.questions.len())?;
        }
        one(out, text, question)?;
    }
    Ok(())
}

fn words(out: &mut dyn Write, lang: &str, words: &[Seen]) -> Result<()> {
    writeln!(out, "{BOLD}words{BOLD:#}  {DIM}read as {lang}{DIM:#}")?;
    let width = words.iter().map(|word| word.typed.chars().count()).max().unwrap_or_default().min(24);
    for word in words {
        let how = match word.how {
            How::AsTyped => String::new(),
            How::WrittenOut => format!("→ {}  (short form)", word.read),
            How::Repaired => format!("→ {}  (spelling repaired)", word.read),
            How::Told => format!("→ {}  (in words of the grammar)", word.read),
        };
        let typed: String = visible(&word.typed);
        let slot = word.slot.unwrap_or_default();
        writeln!(out, "{}", format!("  {typed:<width$}  {slot:<15} {how}").trim_end())?;
    }
    Ok(())
}

fn one(out: &mut dyn Write, text: &str, question: &Question) -> Result<()> {
    verdict(out, question.part.intent, question.confidence, question.zone)?;
    details(out, text, &question.part, &question.spans)?;
    likely(out, &question.likely)?;
    line(out, "decided by", &decider(&question.decider))?;
    for because in &question.because {
        line(out, "", because)?;
    }
    if matches!(question.decider, Decider::Examples | Decider::Rule(_)) {
        examples(out, question)?;
    }
    for (nth, advice) in mend(question).iter().enumerate() {
        line(out, if nth == 0 { "to mend it" } else { "" }, advice)?;
    }
    Ok(())
}

/// What the examples say, also where a rule outranked them.
fn examples(out: &mut dyn Write, question: &Question) -> Result<()> {
    line(out, "compared", &question.compared)?;
    let scores: Vec<String> = question.scores.iter().map(|(intent, score)| format!("{intent} {score:.2}")).collect();
    line(out, "scores", &scores.join(", "))?;
    for (nth, near) in question.nearest.iter().enumerate() {
        let Near { intent, text, place, likeness } = near;
        let name = if nth == 0 { "nearest" } else { "" };
        let intent = intent.word();
        line(out, name, &format!("{likeness:.2} {intent:<16} {text:?}  {}:{}", place.path, place.line))?;
    }
    Ok(())
}

fn decider(decider: &Decider) -> String {
    match decider {
        Decider::Rule(place) => format!("a rule, {}:{}", place.path, place.line),
        Decider::Stranger => "somebody else's name: other people's money is never told".to_owned(),
        Decider::Shape => "a chart is asked for (`[shapes]` of the words)".to_owned(),
        Decider::Correction => "a correction: a merchant and the category it does not have".to_owned(),
        Decider::Context => "the question before, with these details in place of its own".to_owned(),
        Decider::Details => "the details alone: there is nothing else in the text".to_owned(),
        Decider::Examples => "the examples".to_owned(),
    }
}

/// What in the word file would change the reading.
fn mend(question: &Question) -> Vec<String> {
    let file = question.nearest.first().map_or("the word file", |near| near.place.path.as_str());
    let mut advice = Vec::new();
    match &question.decider {
        Decider::Rule(place) => {
            advice.push(format!("narrow the pattern at {}:{}, or take it back with `unless`", place.path, place.line));
        }
        Decider::Context | Decider::Details | Decider::Correction | Decider::Shape => advice.push(format!(
            "there is nothing in it but details and `fillers` of {file}: a word taken out of them makes it a question of its own"
        )),
        Decider::Stranger => advice.push(format!("a word that owns money without being a person goes to `field` of {file}")),
        Decider::Examples => {
            advice.push(format!("write {:?} among the examples of what was meant, in {file}", question.compared));
        }
    }
    if !question.strange.is_empty() {
        let words: Vec<String> = question.strange.iter().map(|word| format!("{word:?}")).collect();
        advice.push(format!(
            "{file} does not know {}: say it in an example, or add it to `field`, `abbreviations`, `accounts` or `categories`",
            words.join(", ")
        ));
    }
    advice
}

fn verdict(out: &mut dyn Write, intent: Intent, confidence: f32, zone: Zone) -> Result<()> {
    let verdict = match zone {
        Zone::Answer => "it will be answered",
        Zone::Clarify => "it will ask back",
        Zone::Reject => "it will say what it can do",
    };
    writeln!(out, "{BOLD}{intent}{BOLD:#}  {:.0} % sure: {verdict}", confidence * 100.0)
}

fn details(out: &mut dyn Write, text: &str, part: &Part, spans: &[Span]) -> Result<()> {
    for (name, value) in shape::slots(&part.slots) {
        let words: Vec<String> = spans
            .iter()
            .filter(|span| span.slot == name)
            .map(|span| format!("\"{}\"", cut(text, span.from, span.to)))
            .collect();
        let from = if words.is_empty() { String::new() } else { format!("   from {}", words.join(" and ")) };
        line(out, &name, &format!("{}{from}", plain(&value)))?;
    }
    Ok(())
}

fn likely(out: &mut dyn Write, likely: &[Intent]) -> Result<()> {
    if likely.is_empty() {
        return Ok(());
    }
    let words: Vec<&str> = likely.iter().map(|intent| intent.word()).collect();
    line(out, "or", &words.join(", "))
}

fn line(out: &mut dyn Write, name: &str, value: &str) -> Result<()> {
    writeln!(out, "  {name:<10} {value}")
}

fn cut(text: &str, from: usize, to: usize) -> String {
    visible(&text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>())
}

/// What a terminal may show: a text must not steer it.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// A slot's value as a person writes it: a period as its first day and the day after its last.
fn plain(value: &Value) -> String {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    match value {
        Value::String(text) => visible(text),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(" + "),
        Value::Object(map) if map.contains_key("min") => {
            let range = if text("min") == text("max") {
                text("min").to_owned()
            } else {
                format!("{} to {}", text("min"), text("max"))
            };
            format!("{range} {}", text("currency")).trim().to_owned()
        }
        Value::Object(_) => format!("{}..{}", text("from"), text("to")),
        other => other.to_string(),
    }
}
