//! What the person counts a merchant as: said, asked back where it is half said, and taken away again.

use super::Run;
use crate::domain::{
    answer::{Draft, Offer},
    category_rule::{CategoryRule, REMOVE},
    reading::{Intent, Part, Slots},
    say::Say,
    transaction::Category,
};
use crate::flow::dialogue::{Choice, Waiting};

/// Most rules of one person.
const RULES_MAX: usize = 50;

/// What is offered where the person did not say: what one buys.
const CHOICES: [Category; 12] = [
    Category::Dining,
    Category::Groceries,
    Category::Coffee,
    Category::Shopping,
    Category::Entertainment,
    Category::Transport,
    Category::Travel,
    Category::Fuel,
    Category::Health,
    Category::Utilities,
    Category::Services,
    Category::Gifts,
];

impl Run<'_> {
    /// Keeps a rule, or takes it away, and answers the question about spending anew that was answered before.
    pub(super) fn category_rule(&mut self) -> &'static str {
        let mut slots = self.asked.slots.clone();
        slots.merchants.iter_mut().for_each(|name| *name = as_a_name(name));
        let [merchant] = slots.merchants.as_slice() else { return "how" };
        if slots.kind.as_deref() == Some(REMOVE) {
            let rules = &mut self.dialogue.settings.categories;
            let before = rules.len();
            rules.retain(|rule| !rule.is_about(merchant));
            let id = if rules.len() < before { "category-removed" } else { "category-none" };
            self.drafts.push(Draft::line(Say::new(id).with("merchant", merchant.as_str())));
            return self.count_anew();
        }
        let [category] = slots.categories.as_slice() else { return self.ask_category(merchant, &slots) };
        let rules = &mut self.dialogue.settings.categories;
        rules.retain(|rule| !rule.is_about(merchant));
        if rules.len() >= RULES_MAX {
            self.drafts.push(Draft::line(Say::new("category-too-many").with("count", RULES_MAX)));
            return "done";
        }
        rules.push(CategoryRule { merchant: merchant.clone(), category: *category });
        let say = Say::new("category-kept").with("merchant", merchant.as_str()).with("category", *category);
        self.drafts.push(Draft::line(say));
        let slots = Slots { merchants: vec![merchant.clone()], kind: Some(REMOVE.to_owned()), ..Slots::default() };
        self.offers.push(Offer { title: Say::new("title-undo"), asks: Part { intent: Intent::Correct, slots } });
        self.count_anew()
    }

    /// After a question about spending the answer may be another one now.
    fn count_anew(&mut self) -> &'static str {
        let frame = self.dialogue.frame.as_ref().map(|frame| frame.part.clone());
        let counts = |part: &Part| {
            matches!(part.intent, Intent::SpendSum | Intent::SpendTop | Intent::SpendCompare | Intent::BudgetGet)
        };
        match frame.filter(counts) {
            Some(part) if !self.dialogue.locked => {
                self.asked = part;
                "again"
            }
            _ => "done",
        }
    }

    fn ask_category(&mut self, merchant: &str, slots: &Slots) -> &'static str {
        let said = |category: &Category| slots.categories.is_empty() || slots.categories.contains(category);
        let fits = |category: &&Category| said(category) && !slots.except_categories.contains(category);
        let choices: Vec<Category> = CHOICES.iter().filter(fits).copied().collect();
        let part = |category: Category| {
            let slots = Slots { merchants: vec![merchant.to_owned()], categories: vec![category], ..Slots::default() };
            Part { intent: Intent::Correct, slots }
        };
        let options = choices.iter().map(|of| Choice { words: vec![of.word().to_owned()], part: part(*of) }).collect();
        self.dialogue.waiting = Some(Waiting { at: self.setting.now, options, figure: None });
        self.offers.extend(
            choices.iter().map(|of| Offer { title: Say::new("title-category").with("category", *of), asks: part(*of) }),
        );
        self.drafts.push(Draft::line(Say::new("category-which").with("merchant", merchant)));
        "which"
    }
}

/// A name that was typed without capitals, with them: `Corner Foods`.
fn as_a_name(typed: &str) -> String {
    if typed.chars().any(char::is_uppercase) {
        return typed.to_owned();
    }
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    typed.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
