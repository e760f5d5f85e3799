//! The real program, run as an operator runs it: started, told to end, killed, and asked for its exit code.
#![allow(dead_code, reason = "each test file that includes this uses a part of it")]

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use balancebot::clock::{Clock, WallClock};

/// How long the program may take to end, and a condition to come true.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A command line of the real program that knows nothing of the environment of the tests.
pub(crate) fn balancebot(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_balancebot"));
    command.args(args).env_remove("BALANCEBOT_CONFIG").env_remove("BANK_TOKEN").env_remove("RUST_LOG");
    command
}

/// Runs a verb to its end. It must end with `code`; what it printed is returned.
pub(crate) fn run(args: &[&str], code: i32) -> String {
    ended(balancebot(args).output().expect("the program starts"), code)
}

/// What a verb printed, which must have ended with `code`.
pub(crate) fn ended(output: Output, code: i32) -> String {
    let (out, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "printed:\n{out}\nand told:\n{said}");
    out.into_owned()
}

/// A running `serve` or `demo`. Dropping it kills it.
pub(crate) struct Running {
    child: Child,
    /// What it said when it was ready, after the name of the verb: an address.
    pub(crate) address: String,
    log: PathBuf,
}

impl Running {
    /// Starts a verb that prints `balancebot VERB: ADDRESS` when it is ready. Its log is appended to a file of `folder`.
    pub(crate) fn start(args: &[&str], folder: &Path) -> Self {
        Self::start_with(args, &[], folder)
    }

    /// The same with more in its environment.
    pub(crate) fn start_with(args: &[&str], env: &[(&str, &str)], folder: &Path) -> Self {
        let log = folder.join("log");
        let file: File = OpenOptions::new().create(true).append(true).open(&log).expect("a log");
        let mut command = balancebot(args);
        let mut child =
            command.envs(env.iter().copied()).stdout(Stdio::piped()).stderr(file).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let verb = format!("balancebot {}: ", args[0]);
        let address = line.strip_prefix(&verb).map(str::trim_end).map(str::to_owned);
        let Some(address) = address else {
            let _ = child.kill();
            panic!("it said {line:?} and not its address:\n{}", tail(&log));
        };
        Self { child, address, log }
    }

    /// The address without a path: `http://127.0.0.1:40000`.
    pub(crate) fn origin(&self) -> String {
        self.address.split('/').take(3).collect::<Vec<_>>().join("/")
    }

    /// The last lines of its log.
    pub(crate) fn log(&self) -> String {
        tail(&self.log)
    }

    /// Everything that it logged.
    pub(crate) fn whole_log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Ends it as a power cut would: with SIGKILL, at once.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it is dead");
    }

    /// Asks it to end, as an init system does; it must end by itself, with 0.
    pub(crate) async fn terminate(mut self) {
        // The shell's own `kill`: a signal cannot be sent from safe Rust.
        let told = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status();
        assert!(told.expect("a shell").success());
        let mut code = None;
        until("the program ends", async || {
            code = self.child.try_wait().expect("it can be asked");
            code.is_some()
        })
        .await;
        assert_eq!(code.and_then(|status| status.code()), Some(0), "{}", self.log());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

/// Looks again and again whether a condition has come true; the test fails when it does not.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let clock: &dyn Clock = &WallClock;
    let deadline = clock.after(PATIENCE);
    while !is_so().await {
        assert!(clock.now() < deadline, "waited for {PATIENCE:?}, but not: {what}");
        clock.sleep(Duration::from_millis(20)).await;
    }
}
