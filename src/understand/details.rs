//! Once it is known what is wanted: which details belong to it, and in which order.

use super::amounts;
use super::dates::{Unit, shift};
use super::followup::accepts;
use super::intents::{By, Case, Decided, Outcome};
use super::merchants;
use super::places;
use super::slots::Findings;
use super::tokens::View;
use super::watching;
use super::zones;
use crate::domain::period::Period;
use crate::domain::reading::{AmountRange, Direction, Intent, Slots, Zone};

impl Case<'_> {
    /// Puts the details in order for the intent, and the verdict with them.
    pub(super) fn finish(&self, by: By, decided: Decided, mut found: Findings) -> Outcome {
        let Decided { mut part, confidence, likely, why, merged, bare } = decided;
        if !merged {
            self.name_free_merchant(part.intent, &mut found);
            self.take_any_figure(part.intent, &mut found);
            self.mean_all_bills(part.intent, &mut found);
            part.slots = found.slots.clone();
            part.intent = self.settle(part.intent, &found, &mut part.slots);
            self.compare_the_same(&found, &mut part);
        }
        self.widen(&part.intent, &found, &mut part.slots);
        self.look_back(part.intent, &found, &mut part.slots);
        self.look_ahead(&found, &mut part.slots);
        trim(part.intent, &mut part.slots);
        self.details_of(part.intent, &mut part.slots);
        self.shape(part.intent, &mut part.slots);
        let certainty = &self.language.words.certainty;
        let zone = match confidence {
            _ if part.intent == Intent::Unknown && confidence < certainty.clarify => Zone::Reject,
            c if (c >= certainty.answer || part.intent == Intent::OutOfScope) && part.intent != Intent::Unknown => {
                Zone::Answer
            }
            c if c >= certainty.clarify => Zone::Clarify,
            _ => Zone::Reject,
        };
        let intent = part.intent;
        let spans = found.spans.into_iter().filter(|span| accepts(intent, &span.slot)).collect();
        Outcome {
            part,
            confidence,
            zone,
            spans,
            likely: if zone == Zone::Answer { Vec::new() } else { likely },
            why: vec![why],
            bare,
            by,
        }
    }

    /// A merchant that is on no known row: the words after "at" and the like, where the intent has use for one.
    fn name_free_merchant(&self, intent: Intent, found: &mut Findings) {
        let wants = matches!(
            intent,
            Intent::SpendSum
                | Intent::SpendCompare
                | Intent::TxnSearch
                | Intent::TxnList
                | Intent::TxnStatus
                | Intent::RefundCheck
                | Intent::DuplicateCheck
                | Intent::BudgetSet
                | Intent::BudgetGet
                | Intent::Unknown
                | Intent::OutOfScope
        ) || (intent == Intent::SpendTop && self.wants_chart());
        self.name_left_out(found);
        if !wants || !found.slots.merchants.is_empty() {
            return;
        }
        let leads: &[&str] = match intent {
            Intent::RefundCheck | Intent::DuplicateCheck => &["did", "has", "from", "by", "at"],
            Intent::BudgetSet | Intent::BudgetGet => &["at"],
            _ if !found.slots.categories.is_empty() => &["at", "from", "visited"],
            Intent::SpendTop => &["at", "from", "with", "on"],
            Intent::TxnList => &["at", "from", "to", "with"],
            // "cancel streambox": what cannot be done is declined by its name.
            Intent::OutOfScope => &["at", "from", "to", "with", "cancel"],
            Intent::Unknown => &["at", "from", "to", "with", "its"],
            _ => &["at", "from", "on", "with", "to", "paid", "pay", "for", "visited", "visiting"],
        };
        // Spanish shops "en mercadona"; in English "in" is a place or a time.
        let elsewhere = self.language.words.language != "en";
        let leads: Vec<&str> = leads.iter().copied().chain(elsewhere.then_some("in")).collect();
        let leads = leads.as_slice();
        let mut taken = found.taken();
        for exclusion in &found.exclusions {
            taken.iter_mut().take(exclusion.to).skip(exclusion.lead).for_each(|taken| *taken = true);
        }
        if let Some(name) = merchants::after(self.view(), self.text, leads, &taken) {
            let end = name.end;
            found.name_merchant(self.tokens, name);
            self.name_second_merchant(end, found);
        }
    }

    /// A name that nobody knows, after "except" and the like.
    fn name_left_out(&self, found: &mut Findings) {
        for exclusion in found.exclusions.clone() {
            let view = self.view();
            let joined = (exclusion.from + 1..exclusion.to).filter(|at| view.any(at - 1, &["and", "or", ",", "&"]));
            for at in std::iter::once(exclusion.from).chain(joined) {
                let words = &self.language.words;
                let plain = words.fillers.contains(view.text(at)) || words.field.contains(view.text(at));
                let name = merchants::starting_at(view, self.text, at, &found.taken());
                if let Some(name) = name.filter(|name| !plain && name.end <= exclusion.to) {
                    found.name_merchant(self.tokens, name);
                }
            }
        }
    }

    /// "amazon and netflix": a second name, if its word is not one of the language.
    fn name_second_merchant(&self, at: usize, found: &mut Findings) {
        let view = self.view();
        if !view.is(at, "and") || self.language.words.known.contains(view.text(at + 1)) {
            return;
        }
        let second = merchants::after(view, self.text, &["and"], &found.taken()).filter(|name| name.start == at + 1);
        if let Some(name) = second {
            // "moss and fern" may be one shop or two: both names are looked for, and the words stand as they were said.
            if let Some(first) = found.spans.iter_mut().rfind(|span| span.slot == "merchant") {
                first.to = self.tokens[name.end - 1].to;
            }
            found.owner.iter_mut().take(name.end).skip(name.start).for_each(|owner| *owner = Some("merchant"));
            found.slots.merchants.push(name.value);
        }
    }

    /// "Bills" is a word of utilities where it is asked what was spent. Where bills are asked for, it means all of them.
    fn mean_all_bills(&self, intent: Intent, found: &mut Findings) {
        const BILLS: &[&str] = &["bill", "bills", "rechnung", "rechnungen", "factura", "facturas", "recibo", "recibos"];
        let asked = matches!(intent, Intent::UpcomingList | Intent::RecurringList | Intent::AffordCheck);
        let mut named = (0..found.owner.len()).filter(|at| found.owner[*at] == Some("category"));
        if asked && named.all(|at| self.view().any(at, BILLS)) {
            found.slots.categories.clear();
            found.spans.retain(|span| span.slot != "category");
        }
    }

    /// Budgets, alerts and "can i afford" are about one amount: any figure left is that.
    fn take_any_figure(&self, intent: Intent, found: &mut Findings) {
        // "did i pay dave 50": next to a name, too.
        let named = intent == Intent::TxnSearch && !found.slots.merchants.is_empty();
        let wants = named || matches!(intent, Intent::BudgetSet | Intent::AffordCheck | Intent::AlertSet);
        if !wants || found.slots.amount.is_some() {
            return;
        }
        // "a budget of 2000": a year is a figure where no days are wanted.
        let wanted: Vec<bool> =
            found.owner.iter().map(|owner| owner.is_some_and(|slot| accepts(intent, slot))).collect();
        let figure = amounts::figure_at_all(self.view(), &found.taken());
        if let Some(figure) = figure.or_else(|| amounts::figure_at_all(self.view(), &wanted)) {
            found.own(self.tokens, "amount", figure.start, figure.end);
            found.slots.amount = Some(figure.value);
        }
    }

    /// Details may tell the intent more closely than words do.
    fn settle(&self, intent: Intent, found: &Findings, slots: &mut Slots) -> Intent {
        let view = self.view();
        let compared: Vec<usize> = found
            .dated
            .iter()
            .enumerate()
            .filter(|(_, dated)| {
                dated.start > 0 && view.any(dated.start - 1, &["than", "vs", "versus", "to", "with", "against"])
            })
            .map(|(i, _)| i)
            .collect();
        let compares = intent == Intent::SpendCompare
            || (intent == Intent::SpendSum
                && found.dated.len() > 1
                && (0..view.len()).any(|at| view.any(at, &["than", "vs", "versus", "compared", "compare"])));
        if compares {
            let than = compared.last().copied().or_else(|| found.dated.len().checked_sub(1).filter(|last| *last > 0));
            slots.than = than.and_then(|i| found.dated.get(i)).map(|dated| dated.period);
            slots.period =
                found.dated.iter().enumerate().find(|(i, _)| Some(*i) != than).map(|(_, dated)| dated.period);
            if let (None, Some(than)) = (slots.period, than.and_then(|i| found.dated.get(i))) {
                // "more than last month" compares the month that is running.
                slots.period =
                    self.calendar.around(self.calendar.today, than.grain).map(|now| Period::new(now.from, now.to));
            }
            return Intent::SpendCompare;
        }
        match intent {
            Intent::BalanceGet if self.only_debts(slots) => Intent::CardSummary,
            Intent::BalanceGet if slots.net => Intent::BalanceTotal,
            Intent::SpendSum if slots.count.is_some() => Intent::TxnList,
            // "payments over 50" may be worded as a list; an amount is what one searches for.
            Intent::TxnList if slots.amount.is_some() => Intent::TxnSearch,
            other => other,
        }
    }

    /// "two months ago" is a day of a balance, but a whole month of spending.
    fn widen(&self, intent: &Intent, found: &Findings, slots: &mut Slots) {
        let balance =
            matches!(intent, Intent::BalanceGet | Intent::BalanceTotal | Intent::CardSummary | Intent::Unknown);
        if let (false, Some(dated)) = (balance, found.dated.first())
            && slots.period == Some(dated.period)
            && dated.period.days() == Some(1)
            && matches!(dated.grain, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year)
            && let Some(whole) = dated.period.from.and_then(|day| self.calendar.around(day, dated.grain))
        {
            slots.period = Some(Period::new(whole.from, whole.to));
        }
    }

    /// "what did i spend within 5 days" asks for the last five, however the words alone would be read.
    fn look_back(&self, intent: Intent, found: &Findings, slots: &mut Slots) {
        let past = matches!(intent, Intent::SpendSum | Intent::SpendTop | Intent::TxnList | Intent::TxnSearch);
        let today = self.calendar.today;
        if let (true, Some(dated)) = (past, found.dated.first())
            && slots.period == Some(dated.period)
            && self.view().is(dated.start, "within")
            && dated.period.from == Some(today)
            && let Some(days) = dated.period.days()
            && let Some(from) = shift(today, Unit::Day, 1 - i64::from(days))
            && let Ok(to) = today.tomorrow()
        {
            slots.period = Some(Period::new(from, to));
        }
    }

    /// "how much will i spend in december" asks for the one that comes, not for the one that was.
    fn look_ahead(&self, found: &Findings, slots: &mut Slots) {
        let view = self.view();
        let says = |words: &[&str]| (0..view.len()).any(|at| view.after(at, words).is_some());
        let Some(dated) = found.dated.first().filter(|dated| slots.period == Some(dated.period)) else { return };
        let fixed = (dated.start..dated.end).any(|at| {
            view.any(at, &["last", "past", "ago", "previous", "since", "yesterday"])
                || view.number(at).is_some_and(|year| year > 1900)
        });
        let ahead = [&["will", "i"][..], &["will", "we"], &["i'll"], &["going", "to"], &["gonna"]];
        if fixed || !ahead.iter().any(|words| says(words)) {
            return;
        }
        let today = self.calendar.today;
        // A day of the last week was named by its weekday.
        let weekly = dated.period.days() == Some(1) && dated.period.from >= shift(today, Unit::Week, -1);
        let step = if weekly { Unit::Week } else { Unit::Year };
        if let (Some(from), Some(to)) = (dated.period.from, dated.period.to)
            && to <= today
            && let Some((from, to)) = shift(from, step, 1).zip(shift(to, step, 1))
        {
            slots.period = Some(Period::new(from, to));
        }
    }

    /// Slots that only one intent has.
    fn details_of(&self, intent: Intent, slots: &mut Slots) {
        let view = self.view();
        match intent {
            Intent::AlertSet => {
                let range = slots.amount.as_ref();
                let is_over = range.is_some_and(|range| range.above || (range.min.is_some() && range.max.is_none()));
                let is_under = range.is_some_and(|range| range.min.is_none());
                if slots.kind.is_none() {
                    slots.kind = watching::alert(view, is_over, is_under).map(str::to_owned);
                }
                slots.amount = slots.amount.take().map(|range| {
                    let figure = range.min.or(range.max).unwrap_or_default();
                    AmountRange::exactly(figure, range.currency)
                });
            }
            Intent::BudgetSet if slots.kind.is_none() => slots.kind = watching::budget(view).map(str::to_owned),
            Intent::IncomeCheck => slots.direction = Some(Direction::In),
            Intent::TxnSearch if slots.direction.is_none() && speaks_of_money_out(view) => {
                slots.direction = Some(Direction::Out);
            }
            Intent::AtmFind => slots.place = places::find(view, self.text),
            Intent::OfferList if ends_offers(view) => slots.kind = Some("stop".to_owned()),
            Intent::PrivacyMask if asks_to_show(view) => slots.kind = Some("show".to_owned()),
            Intent::TzSet => slots.kind = zones::find(view, &self.language.words.zones),
            _ => {}
        }
    }
}

/// "payments over 100" are what the person paid; a "payment from" somebody is not.
fn speaks_of_money_out(view: View<'_>) -> bool {
    let says = |words: &[&str]| (0..view.len()).any(|at| view.any(at, words));
    let paid = ["payment", "payments", "purchase", "purchases", "charge", "charges", "bought", "paid", "spent"];
    says(&paid) && !says(&["from", "received", "receive", "got", "refund", "refunded", "arrive", "arrived", "came"])
}

/// Whether hidden amounts are to be shown again, in any language: "don't show amounts" is not that.
fn asks_to_show(view: View<'_>) -> bool {
    let says = |words: &[&str]| (0..view.len()).any(|at| view.any(at, words));
    let show = ["show", "unhide", "unmask", "reveal", "einblenden", "anzeigen", "zeig", "zeige", "zeigen", "ein"];
    let show_in_spanish = ["muestra", "muestre", "mostrar", "enseña", "enseñe", "ver", "destapa"];
    let not = ["don't", "dont", "don", "not", "no", "never", "nicht", "keine", "hide", "mask"];
    (says(&show) || says(&show_in_spanish)) && !says(&not)
}

/// Whether offers are wanted no more, in any language. "Nothing on offer?" still asks for them.
fn ends_offers(view: View<'_>) -> bool {
    let says = |words: &[&str]| (0..view.len()).any(|at| view.any(at, words));
    let stop = ["stop", "end", "disable", "unsubscribe", "withdraw", "revoke", "don't", "dont", "never", "off"];
    let in_german = ["stopp", "keine", "beenden", "abschalten", "ausschalten", "abstellen", "aus", "widerrufen"];
    let in_spanish = ["parar", "para", "basta", "desactiva", "desactivar", "quita", "quitar", "retirar"];
    let no_more =
        (1..view.len()).any(|at| view.any(at - 1, &["no", "any", "nicht"]) && view.any(at, &["more", "mehr"]));
    says(&stop) || says(&in_german) || says(&in_spanish) || no_more
}

/// Drops what the intent has no use for.
fn trim(intent: Intent, slots: &mut Slots) {
    let drop = |slot: &str| !accepts(intent, slot);
    if drop("period") {
        slots.period = None;
    }
    if drop("than") {
        slots.than = None;
    }
    if drop("merchant") {
        slots.merchants.clear();
        slots.except_merchants.clear();
    }
    if drop("category") {
        slots.categories.clear();
        slots.except_categories.clear();
    }
    if drop("amount") {
        slots.amount = None;
        slots.except_amounts.clear();
    }
    if drop("account") {
        slots.accounts.clear();
        slots.account_words = None;
        slots.banks.clear();
    }
    if drop("count") {
        slots.count = None;
    }
    if drop("direction") {
        slots.direction = None;
    }
    slots.net = slots.net && !drop("net");
    if drop("currency") {
        slots.currency = None;
    }
    if drop("lang") {
        slots.lang = None;
    }
}
