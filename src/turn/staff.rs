//! The people behind the bot: when they are at the desk, and for how long the bot keeps out of their way.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::Hours;
use crate::flow::engine::Desk;

/// How long after the last sign of the people at the desk the bot answers again, unless configured otherwise: the
/// platform, too, takes a thread back that was idle for a day.
pub const IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// The people at the desk, from the config or from a world.
#[derive(Clone, Debug)]
pub struct Staff {
    /// When they are there; never told means always.
    pub hours: Vec<Hours>,
    /// The zone that the hours are in.
    pub zone: TimeZone,
    /// How long people wait for them, as it is said: `5 minutes`.
    pub wait: Option<String>,
    /// Where they can be called.
    pub phone: Option<String>,
    /// Whether they are there, whatever the clock says.
    pub always: Option<bool>,
    /// How long after their last sign the bot answers again.
    pub idle: Duration,
}

impl Default for Staff {
    fn default() -> Self {
        Self { hours: Vec::new(), zone: TimeZone::UTC, wait: None, phone: None, always: None, idle: IDLE }
    }
}

impl Staff {
    /// The desk as it is at a moment.
    pub fn desk(&self, now: Timestamp) -> Desk {
        let here = now.to_zoned(self.zone.clone());
        let on_duty = || self.hours.is_empty() || self.hours.iter().any(|hours| hours.contains(&here));
        let said = self.hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let is_there = !self.hours.is_empty() || self.wait.is_some() || self.phone.is_some();
        Desk {
            is_open: is_there && self.always.unwrap_or_else(on_duty),
            is_there,
            hours: (!said.is_empty()).then_some(said),
            wait: self.wait.clone(),
            phone: self.phone.clone(),
        }
    }
}
