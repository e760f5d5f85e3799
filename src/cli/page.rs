//! `balancebot page`: what a page shows around a conversation, compared with what it should show.

use std::fmt::Write as _;

use clap::{Args, Subcommand};

use crate::channel::messenger::profile::{self, Change};
use crate::cli::configured::{ConfigFile, FlowsFolder};
use crate::cli::failure::{Done, Failure};
use crate::cli::{engine, print};
use crate::domain::message::PageId;

/// Compare a page's greeting, menu and subscriptions with what they should be, or set them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  balancebot page show 100000000000001     what differs, as a diff
  balancebot page apply 100000000000001    makes it so; doing it twice changes nothing

The platform takes ten such calls in ten minutes a page.")]
pub struct PageArgs {
    #[command(subcommand)]
    verb: PageVerb,
}

#[derive(Debug, Subcommand)]
enum PageVerb {
    /// Show what differs from what it should be
    Show {
        /// The page's id
        #[arg(value_name = "PAGE")]
        page: String,
    },
    /// Make it as it should be
    Apply {
        /// The page's id
        #[arg(value_name = "PAGE")]
        page: String,
    },
}

/// Runs the verb.
pub fn run(args: &PageArgs, config: &ConfigFile, flows: &FlowsFolder) -> Done {
    let (PageVerb::Show { page } | PageVerb::Apply { page }) = &args.verb;
    let config = config.load()?;
    let page = config.messenger.page(&PageId::new(page.as_str())).ok_or_else(|| {
        let known: Vec<&str> = config.messenger.pages.iter().map(|page| page.id.as_str()).collect();
        Failure::usage(format!("no page `{page}` is configured")).help(format!("known: {}", known.join(", ")))
    })?;
    let wanted = engine::profile(page, &flows.load()?)?;
    let graph = engine::graph(&config.messenger, page)?;
    engine::block_on(async {
        let (id, app_id) = (page.id.as_str(), config.messenger.app_id.as_deref());
        let actual = profile::fetch(graph.as_ref(), id, app_id).await.map_err(Failure::failed)?;
        let changes = actual.changes_to(&wanted);
        print::out(&diff(&changes));
        if matches!(args.verb, PageVerb::Apply { .. }) && !changes.is_empty() {
            profile::apply(graph.as_ref(), id, &wanted, &changes).await.map_err(Failure::failed)?;
            print::out(&(print::styled(print::GOOD, "Applied.") + "\n"));
        }
        Ok(())
    })
}

/// The changes as a diff; one sentence if there are none.
fn diff(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "The page is as it should be.\n".to_owned();
    }
    let mut text = String::new();
    for Change { property, before, after } in changes {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", print::styled(print::HEAD, property));
        for line in similar::TextDiff::from_slices(&refs(before), &refs(after)).iter_all_changes() {
            let _ = match line.tag() {
                similar::ChangeTag::Equal => writeln!(text, "  {}", line.value()),
                similar::ChangeTag::Delete => {
                    writeln!(text, "{}", print::styled(print::BAD, &format!("- {}", line.value())))
                }
                similar::ChangeTag::Insert => {
                    writeln!(text, "{}", print::styled(print::GOOD, &format!("+ {}", line.value())))
                }
            };
        }
    }
    text
}

fn refs(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_as_a_diff() {
        let lines = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect();
        let changes = [
            Change { property: "greeting", before: lines(&["default: I am a bot."]), after: Vec::new() },
            Change {
                property: "subscribed_fields",
                before: lines(&["feed"]),
                after: lines(&["feed", "message_echoes"]),
            },
        ];
        let plain = anstream::adapter::strip_str(&diff(&changes)).to_string();
        assert_eq!(plain, "greeting\n- default: I am a bot.\nsubscribed_fields\n  feed\n+ message_echoes\n");
        assert_eq!(diff(&[]), "The page is as it should be.\n");
    }
}
