//! The program: everything is in the library, behind [`balancebot::cli`].
#![forbid(unsafe_code)]

/// Half of what a turn allocates is freed by another thread than took it, for which the system's allocators are slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    balancebot::cli::main()
}
