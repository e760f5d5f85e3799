//! Signature.
