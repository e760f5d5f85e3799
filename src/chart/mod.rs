//! L1, pure: figures that `answer/` computed and `flow/` put into words, drawn as a picture. [`svg`] lays it out in an
//! SVG of our own, [`png`](mod@png) paints that with the bundled fonts. The same chart gives the same bytes everywhere.
//!
//! A chart reckons nothing: every amount comes formatted, beside the exact one that only sets how long its bar is.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::money::decimal_text;

pub mod png;
pub mod svg;

/// Most bars of one picture.
pub const BARS_MAX: usize = 24;

/// What a picture shows. It travels sealed in the picture's address, so its keys are short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// What it is about, in small letters over the sum.
    #[serde(rename = "t")]
    pub title: String,
    /// The sum of what it shows and of what `note` says it leaves out.
    #[serde(rename = "s")]
    pub sum: String,
    /// Under the bars: how many there are besides.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How the bars stand.
    #[serde(rename = "l")]
    pub layout: Layout,
    /// The bars, in their order.
    #[serde(rename = "b")]
    pub bars: Vec<Bar>,
}

/// How bars stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// Lying under each other, the longest first.
    #[serde(rename = "r")]
    Ranked,
    /// Standing beside each other, in the order of time.
    #[serde(rename = "o")]
    OverTime,
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// What it stands for.
    #[serde(rename = "l")]
    pub label: String,
    /// How long it is. Below zero there is no bar, only its label.
    #[serde(rename = "a", with = "decimal_text")]
    pub amount: Decimal,
    /// The amount as it is written.
    #[serde(rename = "t")]
    pub text: String,
    /// Under the label, where its days are not over: `so far`. Such a bar is hatched.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
