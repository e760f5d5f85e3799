//! A server in a process of its own: its address, its CPU time, its memory.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, anyhow};

use super::stopwatch::Stopwatch;

/// Ticks of `/proc/PID/stat` in a second. Linux shows user programs 100 on every architecture (`USER_HZ`).
const TICKS: u64 = 100;

/// A running server. It is killed when it goes out of scope.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// How long it took from the start of the process to the line that tells its address.
    pub(crate) started_in: Duration,
}

impl Server {
    /// This bench itself in another role.
    pub(crate) fn role(role: &str, arguments: &[&Path]) -> anyhow::Result<Self> {
        let arguments = std::iter::once(OsStr::new(role)).chain(arguments.iter().map(|path| path.as_os_str()));
        Self::start(Command::new(std::env::current_exe()?).args(arguments))
    }

    /// `balancebot serve`, as operators run it.
    pub(crate) fn balancebot(config: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_balancebot"));
        Self::start(command.arg("serve").arg("--config").arg(config).env("RUST_LOG", "error"))
    }

    /// Starts a program that prints its address on its first line.
    fn start(command: &mut Command) -> anyhow::Result<Self> {
        let watch = Stopwatch::start();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let started_in = watch.elapsed();
        let host = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = host.and_then(|host| host.trim().parse().ok());
        match address {
            Some(address) => Ok(Self { child, address, started_in }),
            None => {
                child.kill()?;
                child.wait()?;
                Err(anyhow!("the server told no address: {line:?}"))
            }
        }
    }

    /// User and system time of all its threads so far, in steps of 10 ms.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in parentheses may hold blanks; what follows it does not (proc_pid_stat(5), fields 14 and 15).
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let mut times = fields.skip(11).take(2).map(str::parse::<u64>);
        let mut next = || times.next().and_then(Result::ok).context("no times in /proc/PID/stat");
        Ok(Duration::from_millis((next()? + next()?) * 1000 / TICKS))
    }

    /// Memory that is in use, in KiB.
    pub(crate) fn resident_kib(&self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
        number.context("no VmRSS in /proc/PID/status")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
