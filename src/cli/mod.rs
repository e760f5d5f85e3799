//! L5: the verbs of the command line, one file each. Parsing, building and running fail separately: wrong flags and a
//! wrong config exit with 64, a check or a run that failed with 1.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub mod audit;
pub mod bank;
pub mod chat;
pub mod check;
pub mod configured;
pub mod confirm;
pub mod demo;
pub mod engine;
pub mod eval;
pub mod failure;
pub mod forget;
pub mod inbox;
pub mod keys;
pub mod migrate;
pub mod page;
pub mod print;
pub mod read;
pub mod replay;
pub mod serve;
pub mod stops;
pub mod trial;

pub use configured::{ConfigFile, FlowsFolder};
pub use failure::{Done, Failure};

/// Answers questions about money in Messenger, exactly, from the person's own banks.
#[derive(Debug, Parser)]
#[command(
    name = "balancebot",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = AFTER_HELP
)]
pub struct Cli {
    #[command(flatten)]
    config: ConfigFile,
    #[command(flatten)]
    flows: FlowsFolder,
    #[command(subcommand)]
    verb: Verb,
}

const AFTER_HELP: &str = "\
Examples:
  balancebot demo                                     try it, with made-up banks, on this machine only
  balancebot check --print-default > balancebot.toml  start a config of your own
  balancebot check --config balancebot.toml           say everything that is wrong with it
  balancebot serve --config balancebot.toml           answer people

Exit codes: 0 fine, 1 a check or a run failed, 64 wrong config or usage.";

/// What can be done.
#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::DemoArgs),
    Serve(serve::ServeArgs),
    Chat(chat::ChatArgs),
    Replay(replay::ReplayArgs),
    Read(read::ReadArgs),
    Eval(eval::EvalArgs),
    Bank(bank::BankArgs),
    Check(check::CheckArgs),
    Inbox(inbox::InboxArgs),
    Page(page::PageArgs),
    Keys(keys::KeysArgs),
    Audit(audit::AuditArgs),
    Forget(forget::ForgetArgs),
    Migrate(migrate::MigrateArgs),
}

/// Parses the command line, runs the verb, says what went wrong, and gives the exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(told) => {
            // Help and version come this way too; only what goes to standard error is wrong usage.
            let code = if told.use_stderr() { failure::USAGE } else { 0 };
            // Where the terminal has gone away there is nobody left to tell.
            let _ = told.print();
            return ExitCode::from(code);
        }
    };
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            print::failure(&failure);
            failure.exit_code()
        }
    }
}

fn run(cli: &Cli) -> Done {
    match &cli.verb {
        Verb::Demo(args) => demo::run(args, &cli.flows),
        Verb::Serve(args) => serve::run(args, &cli.config, &cli.flows),
        Verb::Chat(args) => chat::run(args, &cli.flows),
        Verb::Replay(args) => replay::run(args, &cli.flows),
        Verb::Read(args) => engine::read(args, &cli.flows),
        Verb::Eval(args) => engine::eval(args, &cli.flows),
        Verb::Bank(args) => bank::run(args, &cli.config),
        Verb::Check(args) => check::run(args, &cli.config, &cli.flows),
        Verb::Inbox(args) => inbox::run(args, &cli.config),
        Verb::Page(args) => page::run(args, &cli.config, &cli.flows),
        Verb::Keys(args) => keys::run(args, &cli.config),
        Verb::Audit(args) => audit::run(args, &cli.config),
        Verb::Forget(args) => forget::run(args, &cli.config),
        Verb::Migrate(args) => migrate::run(args, &cli.config),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound_and_every_verb_has_help_that_is_a_sentence() {
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        let mut open: Vec<clap::Command> = command.get_subcommands().cloned().collect();
        while let Some(verb) = open.pop() {
            let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
            let sentence = about.starts_with(char::is_uppercase) && !about.ends_with('.');
            assert!(sentence, "`{}` says {about:?}", verb.get_name());
            for arg in verb.get_arguments() {
                assert!(arg.get_help().is_some(), "`{} {}` has no help", verb.get_name(), arg.get_id());
            }
            open.extend(verb.get_subcommands().cloned());
        }
    }

    #[test]
    fn the_flags_are_those_that_others_rely_on() {
        for line in [
            "demo --port 8088 --data-dir d --world w.toml --clock wall --dialect fdx --no-open",
            "serve --config bot.toml",
            "--config bot.toml serve",
            "replay a.chat b --worlds w --bless --report json --dialect obuk",
            "bank list --config bot.toml",
            "bank try northgate --config bot.toml --token-env T --from 2026-11-01 --to 2026-12-01 --json",
            "bank stop northgate --config bot.toml --person 1 --page 2 --reason r",
            "bank resume northgate --person 1",
            "bank stops --json",
            "check --config bot.toml --online",
            "check --print-default",
            "inbox list --state buried --most 5 --json",
            "inbox show m_1",
            "inbox retry m_1",
            "inbox drop m_1 --confirm x",
            "inbox stats --json",
            "keys list --json",
            "keys rotate --most 100",
            "page show 1",
            "page apply 1",
            "forget 1 2 --confirm x",
            "migrate",
            "eval a.jsonl dates.json --json",
            "eval a.jsonl --typos 1 --wrong",
            "eval --fit",
        ] {
            let words = std::iter::once("balancebot").chain(line.split(' '));
            assert!(Cli::try_parse_from(words).is_ok(), "{line}");
        }
    }
}
