//! `passmuster`, the admission webhook.

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use passmuster_webhook::admission::AllowAll;
use passmuster_webhook::manifests::print;
use passmuster_webhook::run::run;
use passmuster_webhook::settings::{Command, Settings};

/// Reviews are many small allocations on many threads, which is what the C library of the image, musl, is slowest at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let outcome = match Settings::parse().command {
        Command::Run(options) => run(*options, Arc::new(AllowAll)).map_err(anyhow::Error::from),
        Command::Manifests(options) => print(&options)
            .map_err(anyhow::Error::from)
            .and_then(|text| stdout().write_all(text.as_bytes()).map_err(anyhow::Error::from)),
        Command::Version => {
            writeln!(stdout(), "passmuster {}", env!("CARGO_PKG_VERSION")).map_err(anyhow::Error::from)
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to be told when standard error is gone too.
            let _ = writeln!(stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
