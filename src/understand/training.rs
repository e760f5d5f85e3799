//! Learning: one L2-loss support vector machine for each intent, by dual coordinate descent (Hsieh et al. 2008, ICML).
//! The same examples give the same model, bit by bit.

use super::vocabulary::Vector;

/// Misclassification cost; small, because examples are few and features many.
const COST: f32 = 0.5;
/// Where every intent starts: most texts are not it. Only what contradicts that needs learning.
const PRIOR: f32 = -1.0;
/// Passes over the examples.
const EPOCHS: usize = 10;

/// What was learnt: one row a feature, one column an intent.
#[derive(Debug)]
pub(super) struct Learnt {
    columns: usize,
    pub(super) rows: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Learnt {
    /// Learns to give each text its column in `gold`.
    pub(super) fn from(vectors: &[Vector], gold: &[usize], rows: usize, columns: usize) -> Self {
        let mut learnt = Self { columns, rows: vec![0.0; rows * columns], bias: vec![PRIOR; columns] };
        learnt.descend(vectors, gold);
        learnt
    }

    /// All columns descend together: one look at an example serves every intent. Columns that have nothing left to
    /// learn from an example are not looked at again ("shrinking", section 3.2 of the paper), which saves most of the work.
    fn descend(&mut self, vectors: &[Vector], gold: &[usize]) {
        let columns = self.columns;
        let mut alphas = vec![0.0_f32; vectors.len() * columns];
        let mut active: Vec<Vec<usize>> = vec![(0..columns).collect(); vectors.len()];
        let softness = 0.5 / COST;
        let stride = stride(vectors.len());
        for epoch in 0..EPOCHS {
            for step in 0..vectors.len() {
                let at = (step * stride + epoch * 31) % vectors.len();
                let vector = &vectors[at];
                let norm: f32 = vector.iter().map(|entry| entry.weight * entry.weight).sum::<f32>() + 1.0;
                let mut changes: Vec<(usize, f32)> = Vec::new();
                let scores = self.scores_of(vector, &active[at]);
                let mut scores = scores.iter();
                active[at].retain(|column| {
                    let sign = if gold[at] == *column { 1.0 } else { -1.0 };
                    let alpha = &mut alphas[at * columns + column];
                    let gradient = sign * scores.next().copied().unwrap_or_default() - 1.0 + *alpha * softness;
                    let next = (*alpha - gradient / (norm + softness)).max(0.0);
                    let change = (next - *alpha) * sign;
                    *alpha = next;
                    if change.abs() > 1e-3 {
                        changes.push((*column, change));
                    }
                    epoch == 0 || next > 0.0 || gradient < 0.1
                });
                self.update(vector, &changes);
            }
        }
    }

    /// The scores of some columns, in their order.
    fn scores_of(&self, vector: &Vector, columns: &[usize]) -> Vec<f32> {
        let all = self.columns;
        if columns.len() == all {
            let mut scores = self.bias.clone();
            for entry in vector {
                let row = &self.rows[entry.row * all..(entry.row + 1) * all];
                scores.iter_mut().zip(row).for_each(|(score, learnt)| *score += entry.weight * learnt);
            }
            return scores;
        }
        let score = |column: &usize| {
            let learnt = |entry: &super::vocabulary::Entry| entry.weight * self.rows[entry.row * all + column];
            self.bias[*column] + vector.iter().map(learnt).sum::<f32>()
        };
        columns.iter().map(score).collect()
    }

    fn update(&mut self, vector: &Vector, changes: &[(usize, f32)]) {
        for (column, change) in changes {
            self.bias[*column] += change;
            for entry in vector {
                self.rows[entry.row * self.columns + column] += change * entry.weight;
            }
        }
    }
}

/// A step through so many examples that meets each once and mixes the intents, which stand side by side: near the
/// golden section, so that it is never near a whole round or a simple part of one.
fn stride(many: usize) -> usize {
    let divides = |mut a: usize, mut b: usize| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (many * 618 / 1000 + 1..).find(|stride| divides(*stride, many) <= 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_never_learnt_one_after_the_other() {
        for many in 20..5_000 {
            let stride = stride(many);
            assert!((many / 3..many * 2 / 3 + 9).contains(&(stride % many)), "{stride} of {many}");
        }
    }
}
