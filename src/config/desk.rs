//! `[desk]`: the people behind the hand-off, if there are any.

use std::time::Duration;

use jiff::Zoned;
use jiff::civil::{Time, Weekday};

use super::document::{Entry, Section, Wrong};
use super::value::{duration, phone};

/// `[desk]`. All of it may be left out: then the bot says that nobody is there to take over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// When it is staffed, in the zone of the page.
    pub hours: Option<Hours>,
    /// How long people usually wait for it.
    pub wait: Option<Duration>,
    /// Where it can be called.
    pub phone: Option<String>,
    /// How long after its last sign in a thread the bot answers there again.
    pub idle: Duration,
}

/// The same hours on some days of the week: `Mon-Fri 09:00-17:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First day, `Mon` in the example.
    pub from_day: Weekday,
    /// Last day; before `from_day` when the span goes over the end of the week.
    pub to_day: Weekday,
    /// Opens.
    pub opens: Time,
    /// Closes; later than it opens.
    pub closes: Time,
}

impl Desk {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let hours = section.optional("hours", |v| {
            let text = v.text()?;
            Hours::parse(text).ok_or_else(|| {
                Wrong::new(format!("are no hours: {text:?}")).help("write days and times: \"Mon-Fri 09:00-17:00\"")
            })
        });
        let wait = section.optional("wait", wait);
        let phone = section.optional("phone", phone);
        let range = Duration::from_secs(60)..=Duration::from_secs(7 * 86_400);
        let idle = section.defaulted("idle", |v| duration(v, range));
        section.finish();
        Some(Self { hours, wait, phone, idle: idle? })
    }
}

/// The days as hours are written.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl std::fmt::Display for Hours {
    /// As it is written in the config: `Mon-Fri 09:00-17:00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let day = |day: Weekday| DAYS[usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)];
        f.write_str(day(self.from_day))?;
        if self.to_day != self.from_day {
            write!(f, "-{}", day(self.to_day))?;
        }
        write!(f, " {}-{}", self.opens.strftime("%H:%M"), self.closes.strftime("%H:%M"))
    }
}

impl Hours {
    /// Reads `Mon-Fri 09:00-17:00` or `Sat 10:00-12:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (days, times) = text.split_once(' ')?;
        let (from_day, to_day) = days.split_once('-').unwrap_or((days, days));
        let (opens, closes) = times.trim().split_once('-')?;
        let hours =
            Self { from_day: weekday(from_day)?, to_day: weekday(to_day)?, opens: time(opens)?, closes: time(closes)? };
        (hours.opens < hours.closes).then_some(hours)
    }

    /// Whether the desk is staffed at a moment, given in the zone that the hours are in.
    pub fn contains(&self, moment: &Zoned) -> bool {
        let from_start = |day: Weekday| day.since(self.from_day);
        let open_day = from_start(moment.weekday()) <= from_start(self.to_day);
        open_day && (self.opens..self.closes).contains(&moment.time())
    }
}

fn wait(entry: &Entry<'_>) -> Result<Duration, Wrong> {
    duration(entry, Duration::from_secs(60)..=Duration::from_secs(86_400))
}

fn weekday(word: &str) -> Option<Weekday> {
    let at = DAYS.iter().position(|name| name.eq_ignore_ascii_case(word))?;
    Weekday::from_monday_one_offset(i8::try_from(at).ok()? + 1).ok()
}

fn time(text: &str) -> Option<Time> {
    (text.len() == 5).then(|| text.parse().ok()).flatten()
}
