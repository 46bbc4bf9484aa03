//! The webhook with a judge that does what objects tell it to: everything but the rules is as in `passmuster run`.
//!
//! Annotations `test.passmuster.dev/…`: `deny` (the message), `code`, `warn` and `note` (JSON), `delay` (how long to
//! wait), `busy` (how many times to say "later" to one call), `fail` (`internal`, `panic`). `--deny-all` denies all else.

#![expect(clippy::panic, reason = "one of the things that a judge must not do")]

use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use clap::Parser;
use passmuster_webhook::admission::{Decision, Failure, Judge, Judging, Request, Verdict};
use passmuster_webhook::run::run;
use passmuster_webhook::settings::{RunOptions, duration};
use serde_json::Value;

const PREFIX: &str = "test.passmuster.dev/";

#[derive(Debug, Parser)]
struct Args {
    #[command(flatten)]
    run: RunOptions,
    /// Denies what has no annotation that says otherwise
    #[arg(long)]
    deny_all: bool,
}

#[derive(Debug, Default)]
struct Annotated {
    deny_all: bool,
    /// How often each call has come.
    calls: Mutex<BTreeMap<String, u32>>,
}

impl Judge for Annotated {
    fn judge<'a>(&'a self, request: &'a Request<'a>, _: Instant) -> Judging<'a> {
        Box::pin(self.decide(request))
    }
}

impl Annotated {
    async fn decide(&self, request: &Request<'_>) -> Result<Decision, Failure> {
        let object = request.object.or(request.old_object).map(|object| object.read::<Value>());
        let object =
            object.transpose().map_err(|error| Failure::Internal(error.to_string()))?.unwrap_or_default();
        let says = |name: &str| object["metadata"]["annotations"][format!("{PREFIX}{name}")].as_str();
        let number = |name: &str| says(name).and_then(|text| text.parse::<u32>().ok());
        if let Some(delay) = says("delay").and_then(|text| duration(text).ok()) {
            tokio::time::sleep(delay).await;
        }
        let call = self.call(&request.uid);
        if number("busy").is_some_and(|busy| call <= busy) {
            return Err(Failure::Later("busy".to_owned()));
        }
        match says("fail") {
            Some("panic") => panic!("as the annotation says"),
            Some(_) => return Err(Failure::Internal("as the annotation says".to_owned())),
            None => {}
        }
        let denial =
            says("deny").map(str::to_owned).or(self.deny_all.then(|| "everything is denied".to_owned()));
        let mut decision = match denial {
            Some(message) => {
                let code = number("code").and_then(|code| u16::try_from(code).ok()).unwrap_or(403);
                let verdict = Verdict::Denied { code, message };
                Decision { verdict, ..Decision::allowed() }.because("annotations", "deny")
            }
            None => Decision::allowed(),
        };
        let listed = |name| says(name).and_then(|text| serde_json::from_str(text).ok());
        decision.warnings = listed("warn").unwrap_or_default();
        let notes: BTreeMap<String, String> =
            says("note").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        decision.audit_annotations.extend(notes.into_iter().map(|(key, value)| (key.into(), value)));
        Ok(decision.note("call", call.to_string()))
    }

    /// Which of the calls with this uid this is.
    fn call(&self, uid: &str) -> u32 {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let count = calls.entry(uid.to_owned()).or_default();
        *count += 1;
        *count
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let judge = Annotated { deny_all: args.deny_all, ..Annotated::default() };
    match run(args.run, Arc::new(judge)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
