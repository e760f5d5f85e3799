//! `[server]`: where the process listens, how it is reached, and what it bears.

use std::net::SocketAddr;
use std::time::Duration;

use super::document::{Entry, Section, Wrong};
use super::url::base_url;
use super::value::{count, duration, size};

/// `[server]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Where the webhook and the pages are served. TLS is a proxy's work.
    pub listen: SocketAddr,
    /// The address under which the world reaches `listen`, without a slash at its end.
    pub public_url: Option<String>,
    /// How long `SIGTERM` lets running work finish.
    pub drain: Duration,
    /// What one client may ask of the listener.
    pub limits: ServerLimits,
}

/// `[server.limits]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// Connections at one time; further ones wait in the kernel.
    pub connections: u32,
    /// Largest request body.
    pub body_bytes: u64,
    /// Time for a request body to arrive.
    pub body_within: Duration,
    /// Largest request head.
    pub header_bytes: u64,
    /// Time for a request head to arrive.
    pub header_within: Duration,
}

impl Server {
    /// Whether only this machine can connect.
    pub fn is_loopback(&self) -> bool {
        self.listen.ip().is_loopback()
    }

    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let listen = section.defaulted("listen", address);
        let public_url = section.optional("public_url", base_url);
        let drain = section.defaulted("drain", |v| duration(v, Duration::from_secs(1)..=Duration::from_secs(600)));
        let limits = ServerLimits::read(&section.section("limits"));
        section.finish();
        Some(Self { listen: listen?, public_url, drain: drain?, limits: limits? })
    }
}

impl ServerLimits {
    fn read(section: &Section<'_>) -> Option<Self> {
        let seconds = Duration::from_secs(1)..=Duration::from_secs(120);
        let connections = section.defaulted("connections", |v| count(v, 1..=65_536));
        // Meta may batch up to 1,000 updates of about 1 KiB into one delivery; below that, deliveries get lost.
        let body_bytes = section.defaulted("body", |v| size(v, 64 << 10..=16 << 20));
        let body_within = section.defaulted("body_within", |v| duration(v, seconds.clone()));
        // The HTTP parser's own buffer is no smaller than 8 KiB.
        let header_bytes = section.defaulted("header", |v| size(v, 8 << 10..=256 << 10));
        let header_within = section.defaulted("header_within", |v| duration(v, seconds.clone()));
        section.finish();
        Some(Self {
            connections: connections?,
            body_bytes: body_bytes?,
            body_within: body_within?,
            header_bytes: header_bytes?,
            header_within: header_within?,
        })
    }
}

fn address(entry: &Entry<'_>) -> Result<SocketAddr, Wrong> {
    let text = entry.text()?;
    text.parse().map_err(|_| {
        Wrong::new(format!("is no address: {text:?}")).help("write an IP address and a port: \"127.0.0.1:8080\"")
    })
}
