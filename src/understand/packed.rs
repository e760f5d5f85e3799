//! Tables that are read where they lie: in the program itself, or in one buffer that was read from a file. Nothing is
//! taken over into memory of its own, so that of a model only those pages are ever touched that texts ask for.
//!
//! Whatever the bytes are, no look into a table can fail: what is not there is nothing.

use bytes::Bytes;

/// Cells of `N` bytes, side by side.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells<const N: usize>(Bytes);

impl<const N: usize> Cells<N> {
    pub(super) fn of(cells: impl IntoIterator<Item = [u8; N]>) -> Self {
        Self(cells.into_iter().flatten().collect::<Vec<u8>>().into())
    }

    #[inline]
    pub(super) fn all(&self) -> &[[u8; N]] {
        self.0.as_chunks().0
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.all().len()
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.section(&self.0);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        from.section().map(Self)
    }
}

impl Cells<4> {
    pub(super) fn of_numbers(numbers: impl IntoIterator<Item = usize>) -> Self {
        Self::of(numbers.into_iter().map(number))
    }

    pub(super) fn of_floats(floats: impl IntoIterator<Item = f32>) -> Self {
        Self::of(floats.into_iter().map(f32::to_le_bytes))
    }

    #[inline]
    pub(super) fn number(&self, at: usize) -> Option<usize> {
        self.all().get(at).map(|cell| u32::from_le_bytes(*cell) as usize)
    }

    #[inline]
    pub(super) fn float(&self, at: usize) -> Option<f32> {
        self.all().get(at).map(|cell| f32::from_le_bytes(*cell))
    }

    #[inline]
    pub(super) fn floats(&self) -> impl Iterator<Item = f32> {
        self.all().iter().map(|cell| f32::from_le_bytes(*cell))
    }
}

/// A number as a cell. Tables have far fewer cells than fit into it.
fn number(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

/// Lists of cells, by their number.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists<const N: usize> {
    /// Where each list begins among the cells; the next one's beginning is its end.
    starts: Cells<4>,
    cells: Cells<N>,
}

impl<const N: usize> Lists<N> {
    pub(super) fn of<L: IntoIterator<Item = [u8; N]>>(lists: impl IntoIterator<Item = L>) -> Self {
        let mut starts = vec![number(0)];
        let mut cells = Vec::new();
        for list in lists {
            cells.extend(list.into_iter().flatten());
            starts.push(number(cells.len() / N));
        }
        Self { starts: Cells::of(starts), cells: Cells(cells.into()) }
    }

    /// How many lists there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// A list, and the place of its first cell among all.
    #[inline]
    pub(super) fn at(&self, list: usize) -> (usize, &[[u8; N]]) {
        let range = self.starts.all().get(list..).and_then(<[_]>::first_chunk);
        let Some([start, end]) = range else { return (0, &[]) };
        let (start, end) = (u32::from_le_bytes(*start) as usize, u32::from_le_bytes(*end) as usize);
        self.cells.all().get(start..end).map_or((0, &[]), |cells| (start, cells))
    }

    #[inline]
    pub(super) fn get(&self, list: usize) -> &[[u8; N]] {
        self.at(list).1
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.starts.write(out);
        self.cells.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        Some(Self { starts: Cells::read(from)?, cells: Cells::read(from)? })
    }
}

/// About so many hashes begin with the same bits, which find them.
const TOGETHER: usize = 4;

/// A set of hashes, each with its place in their order. A hash is kept as the bits behind those that find it: what is told
/// of it are some 45 bits, and two that differ behind those are taken for one.
#[derive(Clone, Debug, Default)]
pub(super) struct Hashes {
    lists: Lists<4>,
    /// How many of the first bits of a hash tell its list.
    bits: u32,
}

impl Hashes {
    /// From hashes in rising order.
    pub(super) fn of(sorted: &[u64]) -> Self {
        let bits = (sorted.len() / TOGETHER).checked_ilog2().unwrap_or(0);
        let first = |hash: &u64| split(*hash, bits).0;
        let list = |nth: usize| {
            let from = sorted.partition_point(|hash| first(hash) < nth);
            let to = sorted.partition_point(|hash| first(hash) <= nth);
            sorted.get(from..to).unwrap_or_default().iter().map(|hash| split(*hash, bits).1)
        };
        Self { lists: Lists::of((0..1 << bits).map(list)), bits }
    }

    /// The place of a hash in the order of all.
    #[inline]
    pub(super) fn find(&self, hash: u64) -> Option<usize> {
        let (list, rest) = split(hash, self.bits);
        let (start, list) = self.lists.at(list);
        list.iter().position(|cell| *cell == rest).map(|place| start + place)
    }

    pub(super) fn len(&self) -> usize {
        self.lists.cells.len()
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.lists.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        let lists = Lists::read(from)?;
        let bits = lists.len().checked_ilog2().unwrap_or(0);
        Some(Self { lists, bits })
    }
}

/// The first bits of a hash, and the 32 bits behind them.
#[expect(clippy::cast_possible_truncation, reason = "these bits are wanted")]
#[inline]
fn split(hash: u64, bits: u32) -> (usize, [u8; 4]) {
    let first = hash.checked_shr(u64::BITS - bits).unwrap_or(0);
    (first as usize, ((hash << bits >> 32) as u32).to_le_bytes())
}

/// Words by themselves, by their hashes.
#[derive(Clone, Debug, Default)]
pub(super) struct WordTable(Hashes);

impl WordTable {
    pub(super) fn of<'a>(words: impl IntoIterator<Item = &'a String>) -> Self {
        Self::of_hashes(words.into_iter().map(|word| hash(word.bytes())))
    }

    /// Of hashes that are made by [`hash`].
    pub(super) fn of_hashes(hashes: impl IntoIterator<Item = u64>) -> Self {
        let mut hashes: Vec<u64> = hashes.into_iter().collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(Hashes::of(&hashes))
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        self.has(hash(word.bytes()))
    }

    pub(super) fn has(&self, hash: u64) -> bool {
        self.0.find(hash).is_some()
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.0.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        Hashes::read(from).map(Self)
    }
}

/// FNV-1a, mixed so that the first bits of short words differ as much as the last ones.
pub(super) fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, fnv);
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Sections of bytes, one after the other, each behind its length.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn section(&mut self, bytes: &[u8]) {
        self.0.extend(number(bytes.len()));
        self.0.extend(bytes);
    }
}

/// Reads what a [`Writer`] wrote.
#[derive(Debug)]
pub(super) struct Reader(pub(super) Bytes);

impl Reader {
    pub(super) fn section(&mut self) -> Option<Bytes> {
        let (length, rest) = self.0.split_first_chunk()?;
        let length = u32::from_le_bytes(*length) as usize;
        if rest.len() < length {
            return None;
        }
        let mut rest = self.0.split_off(4);
        self.0 = rest.split_off(length);
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_table_is_found_at_its_place_and_nothing_else() {
        for many in [0_u64, 1, 2, 7, 100, 5_000] {
            let mut hashes: Vec<u64> = (0..many).map(|nth| hash(nth.to_le_bytes())).collect();
            hashes.sort_unstable();
            let table = Hashes::of(&hashes);
            assert_eq!(table.len(), hashes.len());
            for (place, known) in hashes.iter().enumerate() {
                assert_eq!(table.find(*known), Some(place), "{many}");
            }
            assert!((many..many + 5_000).all(|other| table.find(hash(other.to_le_bytes())).is_none()), "{many}");
        }
    }

    #[test]
    fn sections_are_read_as_they_were_written_or_not_at_all() {
        let mut out = Writer::default();
        let lists = Lists::of([vec![[1_u8, 2], [3, 4]], vec![], vec![[5, 6]]]);
        lists.write(&mut out);
        let read = |bytes: &[u8]| Lists::<2>::read(&mut Reader(Bytes::copy_from_slice(bytes)));
        let back = read(&out.0).expect("what was written");
        assert_eq!(back.len(), 3);
        assert_eq!(back.at(0), (0, [[1, 2], [3, 4]].as_slice()));
        assert_eq!(back.at(2), (2, [[5, 6]].as_slice()));
        assert!(back.get(1).is_empty() && back.get(3).is_empty() && back.get(usize::MAX - 1).is_empty());
        assert!((0..out.0.len()).all(|cut| read(&out.0[..cut]).is_none()));
    }
}
