//! `balancebot page`: what a page shows around a conversation, compared with what it should show.

use clap::{Args, Subcommand};

use crate::cli::configured::ConfigFile;
use crate::cli::failure::{Done, Failure};
use crate::cli::{engine, print, profile};
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
pub fn run(args: &PageArgs, config: &ConfigFile) -> Done {
    let (PageVerb::Show { page } | PageVerb::Apply { page }) = &args.verb;
    let config = config.load()?;
    let page = config.messenger.page(&PageId::new(page.as_str())).ok_or_else(|| {
        let known: Vec<&str> = config.messenger.pages.iter().map(|page| page.id.as_str()).collect();
        Failure::usage(format!("no page `{page}` is configured")).help(format!("known: {}", known.join(", ")))
    })?;
    let wanted = engine::profile(page)?;
    let graph = engine::graph(&config.messenger, page)?;
    engine::block_on(async {
        let (id, app_id) = (page.id.as_str(), config.messenger.app_id.as_deref());
        let actual = profile::fetch(graph.as_ref(), id, app_id).await.map_err(Failure::failed)?;
        let changes = actual.changes_to(&wanted);
        print::out(&profile::diff(&changes));
        if matches!(args.verb, PageVerb::Apply { .. }) && !changes.is_empty() {
            profile::apply(graph.as_ref(), id, &wanted, &changes).await.map_err(Failure::failed)?;
            print::out(&(print::styled(print::GOOD, "Applied.") + "\n"));
        }
        Ok(())
    })
}
