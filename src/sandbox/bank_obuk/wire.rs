//! The objects of Open Banking UK on the wire, named as in its account-info-openapi 4.0.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

/// `OBReadAccount6`, `OBReadBalance1`, `OBReadTransaction6`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Document<D> {
    pub(super) data: D,
    pub(super) links: Links,
    pub(super) meta: Meta,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Links {
    #[serde(rename = "Self")]
    pub(super) this: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Meta {
    pub(super) total_pages: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_available_date_time: Option<String>,
}

/// `OBAccount6`. In 4.0 the kind is `AccountCategory` and `AccountTypeCode`, in 3.1 `AccountType` and
/// `AccountSubType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Account<'a> {
    pub(super) account_id: &'a str,
    pub(super) status: &'static str,
    pub(super) currency: &'a str,
    #[serde(flatten)]
    pub(super) kind: BTreeMap<&'static str, &'static str>,
    pub(super) nickname: &'a str,
    pub(super) account: [Identification<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Identification<'a> {
    pub(super) scheme_name: &'static str,
    pub(super) identification: String,
    pub(super) name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Balance<'a> {
    pub(super) account_id: &'a str,
    pub(super) amount: Amount,
    pub(super) credit_debit_indicator: &'static str,
    pub(super) r#type: &'static str,
    pub(super) date_time: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) credit_line: Vec<CreditLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) supplementary_data: Option<BTreeMap<&'static str, String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreditLine {
    pub(super) included: bool,
    pub(super) r#type: &'static str,
    pub(super) amount: Amount,
}

/// `OBActiveOrHistoricCurrencyAndAmount`: never signed.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Amount {
    pub(super) amount: String,
    pub(super) currency: String,
}

/// `OBTransaction6`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Transaction<'a> {
    pub(super) account_id: &'a str,
    pub(super) transaction_id: &'a str,
    pub(super) credit_debit_indicator: &'static str,
    pub(super) status: &'static str,
    pub(super) booking_date_time: String,
    pub(super) value_date_time: String,
    pub(super) transaction_information: &'a str,
    pub(super) amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency_exchange: Option<CurrencyExchange<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bank_transaction_code: Option<BankTransactionCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) merchant_details: Option<MerchantDetails<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) supplementary_data: Option<BTreeMap<&'static str, &'static str>>,
}

/// `OBCurrencyExchange5`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CurrencyExchange<'a> {
    pub(super) source_currency: &'a str,
    pub(super) target_currency: &'a str,
    pub(super) unit_currency: &'a str,
    pub(super) exchange_rate: Box<RawValue>,
    pub(super) instructed_amount: Amount,
}

/// `OBBankTransactionCodeStructure1`: the ISO 20022 family and sub-family.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BankTransactionCode {
    pub(super) code: &'static str,
    pub(super) sub_code: &'static str,
}

/// `OBMerchantDetails1`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MerchantDetails<'a> {
    pub(super) merchant_name: &'a str,
    pub(super) merchant_category_code: String,
}

/// An offer of `OBReadOffer1`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Offer<'a> {
    pub(super) offer_id: &'a str,
    pub(super) offer_type: &'static str,
    pub(super) description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_date_time: Option<String>,
    pub(super) supplementary_data: OfferMore<'a>,
}

/// What the standard has no fields for: where an offer counts, and why somebody gets it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfferMore<'a> {
    pub(super) merchant_name: &'a str,
    pub(super) rule: &'a str,
}

/// `OBErrorResponse1`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Errors<'a> {
    pub(super) code: String,
    pub(super) message: &'a str,
    pub(super) errors: [Error<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Error<'a> {
    pub(super) error_code: &'a str,
    pub(super) message: &'a str,
}
