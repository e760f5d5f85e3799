//! `balancebot chat`: a conversation on the terminal.

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use tokio::sync::mpsc;

use crate::app::talk::{Said, Talk};
use crate::cli::configured::FlowsFolder;
use crate::cli::failure::Done;
use crate::cli::{engine, print};

/// Talk with the bot here, as one of the made-up people
#[derive(Debug, Args)]
#[command(after_help = "\
Write and press Enter. A [title] under a reply is tapped by writing it, with or without the brackets. Ctrl-D ends.
Lines from a file or a pipe are answered one after the other.

Examples:
  balancebot chat --person sam
  echo 'what is my balance?' | balancebot chat")]
pub struct ChatArgs {
    /// The people, banks and ledgers; a world is compiled in
    #[arg(long, value_name = "FILE")]
    pub world: Option<PathBuf>,
    /// Who you are in that world
    #[arg(long, value_name = "ID", default_value = "maya")]
    pub person: String,
    /// Lets every bank speak this dialect: fdx, fdx5, obuk or obuk3
    #[arg(long, value_name = "ID")]
    pub dialect: Option<String>,
}

/// Runs the verb.
pub fn run(args: &ChatArgs, flows: &FlowsFolder) -> Done {
    engine::chat(args, flows.load()?)
}

/// Answers line after line until there are no more, or until Ctrl-C.
pub async fn converse(talk: &Talk, name: &str) -> std::io::Result<()> {
    let on_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if on_terminal {
        print::note(&format!("You are {name}. Ask about your money; a [title] is tapped by writing it; Ctrl-D ends."));
    }
    let mut lines = lines();
    loop {
        if on_terminal {
            print::out(&print::styled(print::HEAD, "\nyou › "));
        }
        let line = tokio::select! {
            line = lines.recv() => line,
            _ = tokio::signal::ctrl_c() => None,
        };
        let Some(line) = line.transpose()? else { break };
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let waiting = print::waiting("");
        let said = talk.say(line).await;
        waiting.finish_and_clear();
        match said {
            Ok(said) => said.iter().for_each(|said| print::out(&bubble(said, on_terminal))),
            Err(error) => print::note(&error.to_string()),
        }
    }
    if on_terminal {
        print::out("\n");
    }
    Ok(())
}

/// The lines of standard input. They are read on a thread that nobody waits for: a read cannot be broken off.
fn lines() -> mpsc::Receiver<std::io::Result<String>> {
    let (sender, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// One message of the bot: on a terminal with a bar beside it, so that it is seen where it begins and ends.
fn bubble(said: &Said, on_terminal: bool) -> String {
    let bar = if on_terminal { print::styled(print::HELP, "  ▌ ") } else { String::new() };
    let mut text: String = said.text.lines().map(|line| format!("{bar}{line}\n")).collect();
    if !said.titles.is_empty() {
        let titles: Vec<String> =
            said.titles.iter().map(|title| print::styled(print::HELP, &format!("[{title}]"))).collect();
        text += &format!("  {}\n", titles.join(" "));
    }
    if on_terminal { format!("\n{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bubble_is_plain_in_a_pipe_and_has_a_bar_on_a_terminal() {
        let said = Said { text: "One\nTwo".to_owned(), titles: vec!["More".to_owned(), "Help".to_owned()] };
        let plain = |on_terminal| anstream::adapter::strip_str(&bubble(&said, on_terminal)).to_string();
        assert_eq!(plain(false), "One\nTwo\n  [More] [Help]\n");
        assert_eq!(plain(true), "\n  ▌ One\n  ▌ Two\n  [More] [Help]\n");
    }
}
