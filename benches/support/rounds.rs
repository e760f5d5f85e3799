//! Rounds that alternate between the anchor and the product, and the table that comes of them.

use std::time::Duration;

use super::client::Driven;
use super::stopwatch::quantile;

/// How a round went.
pub(crate) struct Round {
    /// CPU of the server alone.
    cpu: Duration,
    wall: Duration,
    latencies: Vec<Duration>,
}

impl Round {
    /// A round in which the server used `cpu`.
    pub(crate) fn new(cpu: Duration, driven: Driven) -> Self {
        Self { cpu, wall: driven.wall, latencies: driven.latencies }
    }

    /// CPU of one request, in microseconds.
    fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count(&self.latencies)
    }

    /// Requests a second.
    fn rate(&self) -> f64 {
        count(&self.latencies) / self.wall.as_secs_f64()
    }
}

/// Prints the rounds as they came, and the ratios of their CPU. Pairs of the anchor and the product.
pub(crate) fn print(title: &str, rounds: &mut [(Round, Round)], most: f64, aim: f64) {
    println!("\n{title}");
    println!("{:<10} {:>10} {:>10} {:>9} {:>9}", "", "CPU µs", "a second", "p50 ms", "p99 ms");
    let mut ratios = Vec::new();
    for (anchor, product) in rounds {
        ratios.push(product.cpu_us() / anchor.cpu_us());
        line("anchor", anchor);
        line("product", product);
    }
    ratios.sort_by(f64::total_cmp);
    let (min, median, max) = (ratios[0], ratios[ratios.len() / 2], ratios[ratios.len() - 1]);
    println!(
        "CPU of the product in anchors: min {min:.1}, median {median:.1}, max {max:.1} (at most {most}, aim {aim})"
    );
}

fn line(who: &str, round: &mut Round) {
    let (p50, p99) = (quantile(&mut round.latencies, 0.5), quantile(&mut round.latencies, 0.99));
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!("{who:<10} {:>10.1} {:>10.0} {:>9.2} {:>9.2}", round.cpu_us(), round.rate(), ms(p50), ms(p99));
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 requests")]
fn count(latencies: &[Duration]) -> f64 {
    latencies.len() as f64
}
