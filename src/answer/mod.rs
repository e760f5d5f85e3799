//! L1, pure: `(Question, Facts, today) -> Answer`: sums, comparisons, searches, explanations. Exact decimals only.
