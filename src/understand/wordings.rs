//! Examples in wording after wording: `[show|list] my [last|latest] payments` stands for several sentences.

/// How many sentences one example may stand for, for each wording of its longest choice.
const EACH: usize = 2;

/// The sentences that an example stands for. All combinations where they are few; else so many that every wording
/// occurs at least twice, beside ever other wordings of the other choices.
pub(super) fn all(example: &str) -> Result<Vec<String>, String> {
    let choices = choices(example)?;
    let product = choices.iter().map(Vec::len).fold(1_usize, usize::saturating_mul);
    let longest = choices.iter().map(Vec::len).max().unwrap_or(1);
    let many = product.min(longest * EACH);
    let mut sentences: Vec<String> = (0..many)
        .map(|nth| {
            let mut rest = nth;
            let pick = |(place, wordings): (usize, &Vec<String>)| {
                let count = wordings.len();
                let at = if many == product { rest % count } else { (nth + place * (nth / count)) % count };
                rest /= count;
                wordings[at].clone()
            };
            let words: Vec<String> = choices.iter().enumerate().map(pick).collect();
            words.concat().split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect();
    sentences.sort();
    sentences.dedup();
    Ok(sentences)
}

/// An example cut into its choices; plain text is a choice of one.
fn choices(example: &str) -> Result<Vec<Vec<String>>, String> {
    let mut choices = Vec::new();
    let mut rest = example;
    while let Some((plain, after)) = rest.split_once('[') {
        let Some((inside, after)) = after.split_once(']') else {
            return Err(format!("the choice in {example:?} is not closed"));
        };
        if plain.contains(']') || inside.contains('[') {
            return Err(format!("the choices in {example:?} do not pair"));
        }
        choices.push(vec![plain.to_owned()]);
        choices.push(inside.split('|').map(str::to_owned).collect());
        rest = after;
    }
    if rest.contains(']') {
        return Err(format!("the choices in {example:?} do not pair"));
    }
    choices.push(vec![rest.to_owned()]);
    Ok(choices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_occurs() {
        assert_eq!(all("plain").expect("good"), ["plain"]);
        assert_eq!(all("[a|b|] c").expect("good"), ["a c", "b c", "c"]);
        let many = all("[a|b|c|d] [e|f|g] [h|i] {period} [j|k|l|m|n]").expect("good");
        assert!(many.len() <= 10 && many.len() >= 5, "{many:?}");
        for word in "a b c d e f g h i j k l m n".split(' ') {
            assert!(many.iter().any(|sentence| sentence.split(' ').any(|part| part == word)), "{word}: {many:?}");
        }
        assert!(all("[a|b").is_err() && all("a] b").is_err() && all("[a [b]]").is_err());
    }
}
