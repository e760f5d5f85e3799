//! The program: everything is in the library, behind [`balancebot::cli`].
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    balancebot::cli::main()
}
