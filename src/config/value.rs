//! How single values are written: durations, sizes, names, zones, addresses. Each reader says what it wants.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use toml::de::DeValue;
use unic_langid::LanguageIdentifier;

use super::document::{Entry, Wrong};

/// A duration: a whole number and a unit, `250ms`, `3s`, `15m`, `12h`, `7d`; within `range`.
pub(super) fn duration(entry: &Entry<'_>, range: RangeInclusive<Duration>) -> Result<Duration, Wrong> {
    let text = entry.text()?;
    let shape =
        || Wrong::new(format!("is no duration: {text:?}")).help("write a whole number and ms, s, m, h or d: \"3s\"");
    let (number, unit) = quantity(text).ok_or_else(shape)?;
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(shape()),
    };
    let duration = number.checked_mul(unit_ms).map(Duration::from_millis).ok_or_else(shape)?;
    if range.contains(&duration) {
        return Ok(duration);
    }
    let (least, most) = (in_words(*range.start()), in_words(*range.end()));
    Err(Wrong::new(format!("must be between {least} and {most}, not {text}")))
}

/// A duration as the config writes it, in the largest unit that fits.
pub fn in_words(duration: Duration) -> String {
    let ms = duration.as_millis();
    let unit = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")]
        .into_iter()
        .find(|(unit_ms, _)| ms >= *unit_ms && ms.is_multiple_of(*unit_ms));
    unit.map_or_else(|| format!("{ms}ms"), |(unit_ms, unit)| format!("{}{unit}", ms / unit_ms))
}

/// A size in bytes: `512B`, `16KiB`, `1MiB`; within `range`.
pub(super) fn size(entry: &Entry<'_>, range: RangeInclusive<u64>) -> Result<u64, Wrong> {
    let text = entry.text()?;
    let shape = || Wrong::new(format!("is no size: {text:?}")).help("write a whole number and B, KiB or MiB: \"1MiB\"");
    let (number, unit) = quantity(text).ok_or_else(shape)?;
    let factor = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return Err(shape()),
    };
    let bytes = number.checked_mul(factor).ok_or_else(shape)?;
    if range.contains(&bytes) {
        return Ok(bytes);
    }
    Err(Wrong::new(format!("must be between {}B and {}B, not {text}", range.start(), range.end())))
}

fn quantity(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit))
}

/// A whole number within `range`.
pub(super) fn count(entry: &Entry<'_>, range: RangeInclusive<u32>) -> Result<u32, Wrong> {
    let DeValue::Integer(integer) = entry.value else {
        return Err(entry.not_a("a whole number"));
    };
    let digits: String = integer.as_str().chars().filter(|c| *c != '_').collect();
    let number = u32::from_str_radix(&digits, integer.radix()).ok().filter(|number| range.contains(number));
    number.ok_or_else(|| Wrong::new(format!("must be a whole number between {} and {}", range.start(), range.end())))
}

/// `true` or `false`.
pub(super) fn flag(entry: &Entry<'_>) -> Result<bool, Wrong> {
    match entry.value {
        DeValue::Boolean(flag) => Ok(*flag),
        _ => Err(entry.not_a("true or false")),
    }
}

/// Text that is not blank, within 200 characters and one line.
pub(super) fn line(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let good = !text.trim().is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control);
    if good { Ok(text.to_owned()) } else { Err(Wrong::new("must be one line of 1 to 200 characters")) }
}

/// An operator's own id: a small letter, then small letters, digits and underscores.
pub(super) fn id(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let good = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && text.len() <= 64;
    if good {
        return Ok(text.to_owned());
    }
    Err(Wrong::new(format!("is no id: {text:?}"))
        .help("an id is a small letter, then small letters, digits and `_`: \"northgate\""))
}

/// An id that the platform gave: letters, digits, `_` and `-`.
pub(super) fn platform_id(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let good = !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if good {
        return Ok(text.to_owned());
    }
    Err(Wrong::new(format!("is no id of the platform: {text:?}")).help("copy the number from the app dashboard"))
}

/// A BCP 47 locale of language and region, e.g. `en-US`; brought into its usual letter case.
pub(super) fn locale(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let tag: Option<LanguageIdentifier> = text.parse().ok();
    let tag = tag.filter(|tag| tag.language.as_str() != "und" && tag.region.is_some());
    tag.map(|tag| tag.to_string())
        .ok_or_else(|| Wrong::new(format!("is no locale: {text:?}")).help("write language and region: \"en-US\""))
}

/// A zone of the IANA database, which is compiled in.
pub(super) fn time_zone(entry: &Entry<'_>) -> Result<TimeZone, Wrong> {
    let text = entry.text()?;
    let zone = jiff::tz::db().get(text).ok().filter(|zone| zone.iana_name().is_some());
    zone.ok_or_else(|| {
        Wrong::new(format!("is no time zone: {text:?}")).help("write an IANA name: \"America/New_York\"")
    })
}

/// The first day of a week.
pub(super) fn week_start(entry: &Entry<'_>) -> Result<Weekday, Wrong> {
    match entry.text()? {
        "monday" => Ok(Weekday::Monday),
        "sunday" => Ok(Weekday::Sunday),
        other => Err(Wrong::new(format!("must be \"monday\" or \"sunday\", not {other:?}"))),
    }
}

/// An ISO 3166 country of two capital letters.
pub(super) fn country(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let good = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    if good {
        return Ok(text.to_owned());
    }
    Err(Wrong::new(format!("is no country: {text:?}")).help("write the two capital letters of ISO 3166: \"US\""))
}

/// A telephone number in international form.
pub(super) fn phone(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let good = text.starts_with('+')
        && (5..=15).contains(&digits)
        && text[1..].bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')'));
    if good {
        return Ok(text.to_owned());
    }
    Err(Wrong::new(format!("is no telephone number: {text:?}")).help("write it in international form: \"+1-555-0100\""))
}

/// A civil day, as a TOML date or as text. Of a moment, its own day counts.
pub(super) fn date(entry: &Entry<'_>) -> Result<Date, Wrong> {
    let text = match entry.value {
        DeValue::Datetime(datetime) => datetime.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => return Err(entry.not_a("a date")),
    };
    let day = text.parse::<Date>().or_else(|_| text.parse::<DateTime>().map(|moment| moment.date()));
    day.map_err(|_| Wrong::new(format!("is no date: {text:?}")).help("write year, month and day: 2027-05-01"))
}
