//! Money, dates and lists, written as a locale writes them (CLDR).
