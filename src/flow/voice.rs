//! In which language and with which formats a reply is written.

/// The locale of a reply in `language` to a person whose platform says `locale`: their own where it is of that
/// language, else the one we write that language in where they live.
pub fn locale(language: &str, locale: &str) -> String {
    let (own, region) = locale.split_once(['-', '_']).unwrap_or((locale, ""));
    match language {
        // Meta's name for the Spanish of the Americas; its letters are those of Laos.
        "es" if region == "LA" => "es-US".to_owned(),
        _ if own == language && !region.is_empty() => format!("{own}-{region}"),
        "en" if is_american(region) => "en-US".to_owned(),
        "en" => "en-GB".to_owned(),
        "de" => "de-DE".to_owned(),
        "es" => "es-US".to_owned(),
        other => other.to_owned(),
    }
}

/// The language of a locale.
pub fn language(locale: &str) -> &str {
    locale.split(['-', '_']).next().unwrap_or(locale)
}

/// Where amounts and dates are written as in the United States. A locale that names no region is one of theirs too.
fn is_american(region: &str) -> bool {
    matches!(region, "" | "US" | "LA" | "MX" | "PR" | "419")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_written_as_where_the_person_lives() {
        for (said, own, expected) in [
            ("en", "en-GB", "en-GB"),
            ("en", "en_US", "en-US"),
            ("es", "en-US", "es-US"),
            ("en", "es-US", "en-US"),
            ("de", "en-GB", "de-DE"),
            ("en", "de-DE", "en-GB"),
            ("es", "es_LA", "es-US"),
            ("es", "es-ES", "es-ES"),
            ("en", "ar-EG", "en-GB"),
            ("de", "de", "de-DE"),
        ] {
            assert_eq!(locale(said, own), expected, "{said} for {own}");
        }
    }
}
