//! The promise: the network policies of `deploy/` carry what `balancebot check --egress` prints, and nothing else.

#[path = "support/process.rs"]
mod process;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use process::run;
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("../deploy/balancebot.example.toml");
const KUBERNETES: &str = include_str!("../deploy/network/kubernetes.yaml");
const ALLOW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/network/allow");

/// The example of `deploy/`, with its secrets in a folder of this test.
fn example(folder: &Path) -> String {
    for secret in ["store_key", "verify_token", "app_secret", "page_token"] {
        fs::write(folder.join(secret), format!("{}\n", "5a".repeat(32))).expect("writable");
    }
    let config = folder.join("balancebot.toml");
    let text = EXAMPLE.replace("/run/credentials/balancebot.service", &folder.display().to_string());
    fs::write(&config, text).expect("writable");
    config.display().to_string()
}

/// Host and port of every line of the manifest.
fn manifest(config: &str) -> BTreeSet<(String, String)> {
    let printed = run(&["check", "--egress", "--config", config], 0);
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    printed.lines().skip(1).map(words).map(|words| (words[1].clone(), words[2].clone())).collect()
}

#[test]
fn the_policy_of_the_cluster_allows_what_the_manifest_names() {
    let folder = TempDir::new().expect("a folder");
    let hosts: BTreeSet<String> = manifest(&example(folder.path())).into_iter().map(|(host, _)| host).collect();
    let (names, calls) = KUBERNETES.split_once("toFQDNs").expect("the way out");
    for (what, part) in [("asked for", names), ("called", calls)] {
        let lines = part.lines().filter_map(|line| line.trim().strip_prefix("- matchName: "));
        assert_eq!(lines.map(str::to_owned).collect::<BTreeSet<_>>(), hosts, "names that may be {what}");
    }
    assert!(!KUBERNETES.contains("0.0.0.0/0") && !KUBERNETES.contains("matchPattern"), "nothing wider than a name");
    assert!(
        manifest(&example(folder.path())).iter().all(|(_, port)| KUBERNETES.contains(&format!("port: \"{port}\"")))
    );
}

/// Runs `allow` where names resolve as this test says.
fn allow(folder: &Path, config: &str, resolves: &str) -> Output {
    let stub = folder.join("getent");
    fs::write(&stub, format!("#!/bin/sh\ncase $2 in\n{resolves}\nesac\n")).expect("writable");
    fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).expect("ours");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new(ALLOW);
    command.args(["--config", config]).env("PATH", path).env("BALANCEBOT", env!("CARGO_BIN_EXE_balancebot"));
    command.output().expect("a shell")
}

#[test]
fn the_sets_of_the_firewall_hold_the_addresses_of_the_manifest() {
    let folder = TempDir::new().expect("a folder");
    let config = example(folder.path());
    let resolves = "graph.facebook.com) echo '192.0.2.1 STREAM x'; echo '192.0.2.1 DGRAM'; echo '2001:db8::1 STREAM' ;;\n\
                    api.northgate.example) echo '192.0.2.2 STREAM' ;;\n\
                    api.kingsbridge.example) echo '192.0.2.3 STREAM' ;;";
    let output = allow(folder.path(), &config, resolves);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("text");
    let added: BTreeSet<&str> = printed.lines().filter(|line| line.starts_with("add")).collect();
    let wanted = ["v4 { 192.0.2.1", "v4 { 192.0.2.2", "v4 { 192.0.2.3", "v6 { 2001:db8::1"];
    let wanted = wanted.map(|element| format!("add element inet balancebot {element} . 443 timeout 1h }}"));
    assert_eq!(added, wanted.iter().map(String::as_str).collect());

    let output = allow(folder.path(), &config, "graph.facebook.com) echo '192.0.2.1 STREAM' ;;");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("api.northgate.example does not resolve: bank northgate"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("192.0.2.1"), "the others are allowed all the same");
}
