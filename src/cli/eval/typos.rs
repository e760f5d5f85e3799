//! One slip of the finger in a text, always the same for the same text, so that a run can be repeated.

/// Changes one letter in one word of four letters or more: left out, doubled, swapped with the next, or hit beside.
pub(crate) fn slip(text: &str, seed: u64) -> String {
    let mut dice = Dice(text.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    }));
    let mut chars: Vec<char> = text.chars().collect();
    let Some((from, to)) = dice.pick(&long_words(&chars)).copied() else { return text.to_owned() };
    let at = from + dice.below(to - from);
    match dice.below(4) {
        0 => drop(chars.remove(at)),
        1 => chars.insert(at, chars[at]),
        2 => chars.swap(at.min(to - 2), at.min(to - 2) + 1),
        _ => chars[at] = char::from(b'a' + u8::try_from(dice.below(26)).unwrap_or_default()),
    }
    chars.into_iter().collect()
}

/// Where words of four letters or more stand, half-open.
fn long_words(chars: &[char]) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut from = 0;
    for at in 0..=chars.len() {
        if chars.get(at).is_none_or(|c| !c.is_alphabetic()) {
            if at - from >= 4 {
                words.push((from, at));
            }
            from = at + 1;
        }
    }
    words
}

/// `splitmix64`: good enough to spread slips, and the same on each machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides.max(1) as u64).unwrap_or_default()
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_changes_little_and_always_the_same() {
        for seed in 0..50 {
            let slipped = slip("what is my balance", seed);
            assert_eq!(slipped, slip("what is my balance", seed));
            assert!(strsim::osa_distance("what is my balance", &slipped) <= 1, "{slipped}");
        }
        assert_eq!(slip("a b 12345", 1), "a b 12345");
    }
}
