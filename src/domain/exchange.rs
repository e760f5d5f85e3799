//! Rates of exchange, as an operator or a world names them. Nothing is converted without saying rate and day.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::domain::money::{Currency, Money};

/// One unit of `of` is worth `rate` units of `into`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The currency of one unit.
    pub of: Currency,
    /// The currency that it is worth.
    pub into: Currency,
    /// How much of it.
    pub rate: Decimal,
}

/// The currency a person thinks in, and the rates that lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The person's currency.
    pub home: Currency,
    /// The day of the rates.
    pub day: Date,
    /// The rates.
    pub rates: Arc<[Rate]>,
}

impl Exchange {
    /// Money in another currency, exact, with the rate that was used; `None` where no rate leads there. Within one
    /// currency no rate is needed.
    pub fn convert(&self, money: Money, into: Currency) -> Option<(Money, Option<Rate>)> {
        if money.currency == into {
            return Some((money, None));
        }
        self.rates.iter().find_map(|rate| {
            let amount = match (rate.of, rate.into) {
                pair if pair == (money.currency, into) => money.amount.checked_mul(rate.rate)?,
                pair if pair == (into, money.currency) => money.amount.checked_div(rate.rate)?,
                _ => return None,
            };
            Some((Money::new(amount, into), Some(*rate)))
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_rate_leads_both_ways_and_nowhere_else() {
        let rate = Rate { of: Currency::EUR, into: Currency::USD, rate: Decimal::new(11_000, 4) };
        let exchange = Exchange { home: Currency::EUR, day: date(2026, 11, 20), rates: Arc::new([rate]) };
        let converted = |cents, from, into| exchange.convert(Money::new(Decimal::new(cents, 2), from), into);
        let shown = |found: Option<(Money, Option<Rate>)>| found.map(|(money, _)| money.amount.round_dp(4).to_string());
        assert_eq!(shown(converted(30_000, Currency::USD, Currency::EUR)), Some("272.7273".to_owned()));
        assert_eq!(shown(converted(10_000, Currency::EUR, Currency::USD)), Some("110.0000".to_owned()));
        assert_eq!(shown(converted(100, Currency::GBP, Currency::EUR)), None);
        let same = Money::new(Decimal::ONE, Currency::GBP);
        assert_eq!(exchange.convert(same, Currency::GBP), Some((same, None)));
    }
}
