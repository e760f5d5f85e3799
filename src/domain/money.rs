//! Exact money: a decimal amount that never leaves its currency.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An ISO 4217 alphabetic currency code, e.g. `USD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// Text that is no currency code known to ISO 4217.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an ISO 4217 currency code")]
pub struct UnknownCurrency(pub String);

impl Currency {
    /// The US dollar.
    pub const USD: Self = Self(*b"USD");
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The pound sterling.
    pub const GBP: Self = Self(*b"GBP");

    /// Reads an alphabetic code in either case; refuses what ISO 4217 does not list.
    pub fn parse(code: &str) -> Result<Self, UnknownCurrency> {
        let upper = code.trim().to_ascii_uppercase();
        match (iso_currency::Currency::from_code(&upper), upper.as_bytes()) {
            (Some(_), [a, b, c]) => Ok(Self([*a, *b, *c])),
            _ => Err(UnknownCurrency(code.to_owned())),
        }
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Minor digits (ISO 4217 exponent): 2 for USD, 0 for JPY, 3 for KWD; 2 where ISO names none.
    pub fn digits(&self) -> u32 {
        iso_currency::Currency::from_code(self.code()).and_then(|c| c.exponent()).map_or(2, u32::from)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An exact amount in one currency. Positive is money in or money had; negative is money out.
///
/// On the wire (`serde`) the amount is a decimal string, never a JSON number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount in major units, with as many digits as the source gave.
    #[serde(with = "decimal_text")]
    pub amount: Decimal,
    /// The currency of the amount.
    pub currency: Currency,
}

/// Two currencies met in one sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} and {1} cannot be added")]
pub struct MixedCurrencies(pub Currency, pub Currency);

impl Money {
    /// Binds an amount to its currency.
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing, in `currency`.
    pub fn zero(currency: Currency) -> Self {
        Self::new(Decimal::ZERO, currency)
    }

    /// Adds within one currency; never converts. `None` on overflow is impossible for ledger-sized amounts,
    /// so it is reported as the sum's own saturation by `Decimal`.
    pub fn plus(self, other: Self) -> Result<Self, MixedCurrencies> {
        if self.currency != other.currency {
            return Err(MixedCurrencies(self.currency, other.currency));
        }
        Ok(Self::new(self.amount.saturating_add(other.amount), self.currency))
    }

    /// Subtracts within one currency.
    pub fn minus(self, other: Self) -> Result<Self, MixedCurrencies> {
        self.plus(other.negated())
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::new(-self.amount, self.currency)
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self::new(self.amount.abs(), self.currency)
    }

    /// Whether the amount is exactly zero.
    pub fn is_zero(&self) -> bool {
        self.amount.is_zero()
    }

    /// Whether money goes out (below zero).
    pub fn is_out(&self) -> bool {
        self.amount.is_sign_negative() && !self.amount.is_zero()
    }

    /// The amount as text with at least the currency's minor digits and no grouping: `-12.50`.
    pub fn plain(&self) -> String {
        let digits = self.currency.digits().max(self.amount.normalize().scale());
        let mut amount = self.amount;
        amount.rescale(digits);
        amount.to_string()
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.plain(), self.currency)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.plain(), self.currency)
    }
}

/// Decimals as strings on the wire.
pub mod decimal_text {
    use std::str::FromStr;

    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the decimal as text.
    pub fn serialize<S: Serializer>(amount: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(amount)
    }

    /// Reads the decimal from text.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(from)?;
        Decimal::from_str(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_do_not_mix_and_digits_follow_iso() {
        let usd = Money::new(Decimal::new(1250, 2), Currency::USD);
        let eur = Money::new(Decimal::new(1, 0), Currency::EUR);
        assert_eq!(usd.plus(eur), Err(MixedCurrencies(Currency::USD, Currency::EUR)));
        assert_eq!(usd.plus(usd).expect("same currency").plain(), "25.00");
        let digits = |code| Currency::parse(code).expect("known").digits();
        assert_eq!((digits("JPY"), digits("usd"), digits("KWD")), (0, 2, 3));
        assert!(Currency::parse("string").is_err());
    }

    #[test]
    fn plain_keeps_what_the_source_gave() {
        let exact = Money::new(Decimal::new(236_319_805, 4), Currency::USD);
        assert_eq!(exact.plain(), "23631.9805");
        assert_eq!(Money::new(Decimal::new(-5, 0), Currency::USD).plain(), "-5.00");
    }
}
