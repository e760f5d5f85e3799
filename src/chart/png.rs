//! Paints a chart. The fonts are compiled in and no others are looked for, so the bytes are the same on every machine.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use super::{Chart, svg};

/// Width of a picture in pixels: that of a telephone's screen.
const WIDTH_PX: u32 = 1080;
/// Highest picture that is painted.
const HEIGHT_PX_MAX: u32 = 4000;

/// Noto Sans, subset; its licence lies beside it.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(include_bytes!("fonts/NotoSans-Regular.ttf").to_vec());
    fonts.load_font_data(include_bytes!("fonts/NotoSans-Bold.ttf").to_vec());
    Arc::new(fonts)
});

/// A chart that cannot be painted.
#[derive(Debug, thiserror::Error)]
#[error("the chart cannot be painted: {0}")]
pub struct Unpaintable(String);

/// The chart as a PNG file. Takes some tens of milliseconds: not for a thread that others wait for.
///
/// # Errors
/// When it would be larger than a picture may be.
pub fn paint(chart: &Chart) -> Result<Vec<u8>, Unpaintable> {
    let options =
        usvg::Options { fontdb: Arc::clone(&FONTS), font_family: svg::FAMILY.to_owned(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&svg::draw(chart), &options).map_err(|error| Unpaintable(error.to_string()))?;
    let size = tree.size().to_int_size().scale_to_width(WIDTH_PX).filter(|size| size.height() <= HEIGHT_PX_MAX);
    let size = size.ok_or_else(|| Unpaintable("it is too high".to_owned()))?;
    let mut pixels =
        Pixmap::new(size.width(), size.height()).ok_or_else(|| Unpaintable("it has no size".to_owned()))?;
    let (across, down) = (size.width() as f32 / tree.size().width(), size.height() as f32 / tree.size().height());
    resvg::render(&tree, Transform::from_scale(across, down), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| Unpaintable(error.to_string()))
}
