//! Chance that can be replayed from its seed. (SplitMix64, by Sebastiano Vigna, in the public domain.)

use balancebot::privacy::random;

/// A sequence of random numbers.
pub(crate) struct Dice(u64);

impl Dice {
    /// The sequence of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A seed that nobody chose.
    pub(crate) fn any_seed() -> u64 {
        u64::from_le_bytes(random::bytes())
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to below `end`.
    pub(crate) fn between(&mut self, least: usize, end: usize) -> usize {
        let span = u64::try_from(end.saturating_sub(least).max(1)).expect("a small number");
        least + usize::try_from(self.next() % span).expect("a small number")
    }

    /// Whether it happens, so many times in a hundred.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.between(0, 100) < chance
    }
}
