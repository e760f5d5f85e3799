//! How a verb fails: what is said, and the exit code.

use std::process::ExitCode;

use crate::domain::fault::Fault;

/// Exit code of a check or a run that failed.
pub const FAILED: u8 = 1;

/// Exit code of wrong usage or a wrong config (`EX_USAGE` of sysexits.h).
pub const USAGE: u8 = 64;

/// What a verb gives back.
pub type Done = Result<(), Failure>;

/// Why a verb did not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The command line asks for what cannot be.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// A file that a person wrote is wrong.
    Faults(Vec<Fault>),
    /// It was tried and did not work.
    Failed {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// What is wrong is already in the output.
    Told,
    /// What is wrong with a file that a person wrote is already in the output.
    ToldFaults,
}

impl Failure {
    /// The command line asks for what cannot be.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: None }
    }

    /// It was tried and did not work.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed { message: message.into(), help: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, advice: impl Into<String>) -> Self {
        if let Self::Usage { help, .. } | Self::Failed { help, .. } = &mut self {
            *help = Some(advice.into());
        }
        self
    }

    /// The code the process exits with.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self {
            Self::Usage { .. } | Self::Faults(_) | Self::ToldFaults => USAGE,
            Self::Failed { .. } | Self::Told => FAILED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_usage_and_wrong_files_are_64_and_everything_else_is_1() {
        let fault = Fault::new("bot.toml", 1, "wrong");
        assert_eq!([Failure::usage("x"), Failure::Faults(vec![fault])].map(|failure| failure.code()), [64, 64]);
        assert_eq!([Failure::failed("x"), Failure::Told].map(|failure| failure.code()), [1, 1]);
    }
}
