//! Secrets are named in the config and stand elsewhere: in the environment or in a file. No message here ever holds
//! the text of one, not even of one that was written where it should not be.

use secrecy::{ExposeSecret, SecretString};

use super::document::{Entry, Wrong};

const FORM: &str = "secrets are { env = \"NAME\" } or { file = \"/path\" }, never written into the config";

/// Reads `{ env = "NAME" }` or `{ file = "/path" }`. The newline that editors leave at the end of a file is cut.
pub(super) fn secret(entry: &Entry<'_>) -> Result<SecretString, Wrong> {
    let Some(table) = entry.value.as_table() else {
        return Err(Wrong::new("must not be written into the config").help(FORM));
    };
    let mut keys = table.iter();
    let (Some((key, value)), None) = (keys.next(), keys.next()) else {
        return Err(Wrong::new("must name exactly one place").help(FORM));
    };
    let place = entry.beside(value.get_ref());
    match key.get_ref().as_ref() {
        "env" => from_env(&place),
        "file" => from_file(&place),
        other => Err(Wrong::new(format!("names an unknown place `{other}`")).help(FORM)),
    }
}

/// Reads a secret that must be a 32-byte key in hexadecimal.
pub(super) fn key(entry: &Entry<'_>) -> Result<SecretString, Wrong> {
    let key = secret(entry)?;
    let text = key.expose_secret();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(key);
    }
    Err(Wrong::new("is no key: it must be 64 hexadecimal digits (32 bytes)")
        .help("make one with `openssl rand -hex 32`"))
}

fn from_env(place: &Entry<'_>) -> Result<SecretString, Wrong> {
    let name = place.text()?;
    let Some(text) = (place.env)(name) else {
        let help = format!("set {name} for this process, or use {{ file = \"/path\" }}");
        return Err(Wrong::new(format!("needs the environment variable {name}, which is not set")).help(help));
    };
    filled(&text).ok_or_else(|| Wrong::new(format!("is empty: the environment variable {name} has no text")))
}

fn from_file(place: &Entry<'_>) -> Result<SecretString, Wrong> {
    let path = place.text()?;
    let text = (place.read_file)(path).map_err(|error| {
        Wrong::new(format!("cannot be read from {path}: {error}"))
            .help("create the file and let only the account of this process read it")
    })?;
    filled(&text).ok_or_else(|| Wrong::new(format!("is empty: {path} has no text")))
}

fn filled(text: &str) -> Option<SecretString> {
    let text = text.trim_end_matches(['\r', '\n']);
    (!text.trim().is_empty()).then(|| SecretString::from(text))
}
