//! What a person wants to be told without asking: set in their own words, listed, and ended all at once.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::domain::{
    account::{Account, AccountId},
    alert::{Alert, AlertKind, LIST, Watch},
    answer::{Draft, Offer},
    money::{Currency, Money},
    reading::{AmountRange, Intent, Part, Slots},
    say::{Arg, Say},
};
use crate::flow::dialogue::{Frame, Waiting};
use crate::flow::engine::Run;

/// Most alerts of one person.
const ALERTS_MAX: usize = 10;
/// Amounts that are offered when none was said.
const LIMITS: [i64; 3] = [100, 250, 500];
/// The first look follows the setting by this much: it finds what is no news.
const FIRST_LOOK: SignedDuration = SignedDuration::from_mins(1);

impl Run<'_> {
    /// Whether everything is known that an alert needs; what is not is asked for. Nothing is set by that.
    pub(super) fn alert_begin(&mut self) -> &'static str {
        let slots = &self.asked.slots;
        if slots.kind.as_deref() == Some(LIST) {
            return self.list_alerts();
        }
        if self.setting.linked.is_empty() {
            return "not_linked";
        }
        let Some(kind) = slots.kind.as_deref().and_then(AlertKind::parse) else { return "no_kind" };
        if kind != AlertKind::Income && limit(slots).is_none() {
            self.ask_limit(kind);
            return "no_amount";
        }
        "done"
    }

    /// The alerts as they stand, a line each.
    fn list_alerts(&mut self) -> &'static str {
        let alerts = &self.dialogue.settings.alerts;
        if alerts.is_empty() {
            return "none";
        }
        let head = Say::new("alert-list").with("count", alerts.len());
        let lines = alerts.iter().map(|alert| self.told(alert, "alert-line"));
        let lines = std::iter::once(head).chain(lines).chain([Say::new("alert-list-end")]).collect();
        self.drafts.push(Draft { lines, buttons: Vec::new(), picture: None });
        "listed"
    }

    /// Asks for the amount, with a few to tap; a figure that is typed next is taken for it.
    fn ask_limit(&mut self, kind: AlertKind) {
        let currency = self.watched(&self.asked.slots.accounts).first().map(|account| account.currency);
        self.drafts.push(Draft::line(Say::new(format!("alert-amount-{}", id(kind)))));
        for limit in LIMITS {
            let amount = AmountRange::exactly(limit.into(), currency);
            let slots = Slots { amount: Some(amount), ..self.asked.slots.clone() };
            if let Some(currency) = currency {
                let title = Say::new("title-amount").with("money", Money::new(limit.into(), currency));
                self.offers.push(Offer { title, asks: Part { intent: Intent::AlertSet, slots } });
            }
        }
        self.await_figure();
    }

    /// The next figure belongs to this question, typed alone or with words around it.
    pub(super) fn await_figure(&mut self) {
        let (part, at) = (self.asked.clone(), self.setting.now);
        self.dialogue.waiting = Some(Waiting { at, options: Vec::new(), figure: Some(part.clone()) });
        self.dialogue.frame = Some(Frame { part, at });
    }

    /// Keeps the alert and says it back: what it watches, how it ends, and what is kept for it.
    pub(super) fn alert_set(&mut self) -> &'static str {
        let Some(kind) = self.asked.slots.kind.as_deref().and_then(AlertKind::parse) else { return "refused" };
        let accounts = self.accounts_of(kind);
        let currency = self.watched(&accounts).first().map(|account| account.currency);
        let amount = limit(&self.asked.slots).and_then(|(amount, said)| Some(Money::new(amount, said.or(currency)?)));
        let fits = |money: &Money| self.watched(&accounts).iter().any(|account| account.currency == money.currency);
        if let Some(money) = amount.filter(|money| !fits(money)) {
            let say = Say::new("alert-other-currency").with("currency", money.currency.code());
            self.drafts.push(Draft::line(say));
            return "refused";
        }
        let (now, since) = (self.setting.now, self.setting.now.to_zoned(self.setting.zone.clone()).date());
        let due = now.checked_add(FIRST_LOOK).unwrap_or(Timestamp::MAX);
        let alert = Alert { kind, accounts, amount, since, due, watch: Watch::default() };
        // The same once more is a new limit for it.
        let same = |other: &Alert| other.kind == alert.kind && other.accounts == alert.accounts;
        let alerts = &mut self.dialogue.settings.alerts;
        alerts.retain(|other| !same(other));
        if alerts.len() >= ALERTS_MAX {
            self.drafts.push(Draft::line(Say::new("alert-too-many").with("count", ALERTS_MAX)));
            return "refused";
        }
        let lines = vec![self.told(&alert, "alert-set"), Say::new("alert-set-end")];
        self.drafts.push(Draft { lines, buttons: Vec::new(), picture: None });
        self.dialogue.settings.alerts.push(alert);
        "done"
    }

    /// Ends every alert.
    pub(super) fn alert_stop(&mut self) -> &'static str {
        self.dialogue.settings.alerts.clear();
        "done"
    }

    /// The accounts that were named; for a low balance the one there is, when none was.
    fn accounts_of(&self, kind: AlertKind) -> Vec<AccountId> {
        let named = &self.asked.slots.accounts;
        if kind != AlertKind::LowBalance || !named.is_empty() {
            return named.clone();
        }
        let holds_cash = |account: &&Account| account.class.holds_cash();
        self.setting.directory.iter().filter(holds_cash).map(|account| account.id.clone()).collect()
    }

    /// The accounts of these ids; all when there are none.
    fn watched(&self, ids: &[AccountId]) -> Vec<&Account> {
        let is_meant = |account: &&Account| ids.is_empty() || ids.contains(&account.id);
        self.setting.directory.iter().filter(is_meant).collect()
    }

    /// An alert in a line.
    fn told(&self, alert: &Alert, form: &str) -> Say {
        let named = self.watched(&alert.accounts);
        let on = match (alert.accounts.is_empty(), named.is_empty()) {
            (true, _) | (_, true) => Arg::from(Say::new("alert-all-accounts")),
            _ => Arg::All(named.into_iter().map(Arg::from).collect()),
        };
        let amount = alert.amount.map_or_else(|| Arg::from(""), Arg::from);
        Say::new(format!("{form}-{}", id(alert.kind))).with("account", on).with("amount", amount)
    }
}

/// The amount of an alert, and its currency where one was said.
fn limit(slots: &Slots) -> Option<(Decimal, Option<Currency>)> {
    let range = slots.amount.as_ref()?;
    let amount = range.min.or(range.max)?;
    (amount >= Decimal::ZERO).then_some((amount, range.currency))
}

/// How texts name a kind.
fn id(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::LowBalance => "low",
        AlertKind::LargePayment => "large",
        AlertKind::Income => "income",
    }
}
