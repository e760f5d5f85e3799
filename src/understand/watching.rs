//! What an alert is to watch for, and what a budget is to become: the words that tell one from another, in every
//! language that is read.

use super::tokens::View;
use crate::domain::alert::{AlertKind, LIST};
use crate::domain::budget::REMOVE;

const INCOME: &[&str] = &[
    "paid",
    "salary",
    "paycheck",
    "income",
    "deposit",
    "deposits",
    "arrives",
    "comes",
    "receive",
    "wages",
    "gehalt",
    "lohn",
    "einkommen",
    "gehaltseingang",
    "geldeingang",
    "eingeht",
    "sueldo",
    "nómina",
    "nomina",
    "salario",
    "cobre",
    "ingreso",
    "ingresos",
    "llegue",
];
const PAYMENT: &[&str] = &[
    "payment",
    "payments",
    "purchase",
    "purchases",
    "charge",
    "charges",
    "charged",
    "spend",
    "transaction",
    "transactions",
    "large",
    "big",
    "zahlung",
    "zahlungen",
    "abbuchung",
    "abbuchungen",
    "abgebucht",
    "ausgabe",
    "kauf",
    "pago",
    "pagos",
    "cargo",
    "cargos",
    "compra",
    "compras",
    "cobren",
    "carguen",
];
const BALANCE: &[&str] = &[
    "balance",
    "balances",
    "account",
    "accounts",
    "checking",
    "savings",
    "low",
    "under",
    "below",
    "drops",
    "falls",
    "less",
    "broke",
    "overdrawn",
    "konto",
    "kontostand",
    "girokonto",
    "sparkonto",
    "unter",
    "fällt",
    "sinkt",
    "niedrig",
    "wenig",
    "saldo",
    "cuenta",
    "baja",
    "baje",
    "bajo",
    "debajo",
    "menos",
];
const LISTED: &[&str] = &[
    "what",
    "which",
    "list",
    "show",
    "my",
    "active",
    "welche",
    "zeig",
    "zeige",
    "liste",
    "meine",
    "habe",
    "qué",
    "que",
    "cuáles",
    "cuales",
    "lista",
    "muestra",
    "muéstrame",
    "mis",
    "tengo",
];
const ALERTS: &[&str] = &[
    "alerts",
    "alert",
    "notifications",
    "benachrichtigungen",
    "meldungen",
    "warnungen",
    "avisos",
    "alertas",
    "notificaciones",
];
const GONE: &[&str] = &[
    "remove",
    "delete",
    "cancel",
    "drop",
    "clear",
    "end",
    "entferne",
    "entfernen",
    "lösche",
    "lösch",
    "löschen",
    "streiche",
    "quita",
    "quite",
    "elimina",
    "elimine",
    "borra",
    "borre",
];

/// What an alert is to watch for; `list` where the person asks which there are; nothing where the words do not say.
pub(super) fn alert(view: View<'_>, is_over: bool, is_under: bool) -> Option<&'static str> {
    let says = |words: &[&str]| (0..view.len()).any(|at| view.any(at, words));
    let balance = is_under || says(BALANCE);
    if says(INCOME) {
        Some(AlertKind::Income.word())
    } else if says(PAYMENT) || is_over {
        Some(AlertKind::LargePayment.word())
    } else if balance {
        Some(AlertKind::LowBalance.word())
    } else if says(LISTED) && says(ALERTS) {
        Some(LIST)
    } else {
        None
    }
}

/// Whether a budget is to be taken away.
pub(super) fn budget(view: View<'_>) -> Option<&'static str> {
    (0..view.len()).any(|at| view.any(at, GONE)).then_some(REMOVE)
}
