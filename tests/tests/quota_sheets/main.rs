//! Spreadsheets and pages of `kubectl quota-usage` are accepted by who reads them: LibreOffice, a browser, and we.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod bad;
#[path = "../outputs/browser.rs"]
#[expect(dead_code, reason = "no test here drags, or turns a wheel")]
mod browser;
mod daily;
mod fleet;
mod foreign;
mod office;
mod page;
mod rates;
mod usage;

use passmuster::{
    quota::QuotaUsage,
    report::{Format, Options},
};

use fleet::{fleet, hostile};
use office::Office;

/// What an output prints.
fn printed(usage: &QuotaUsage, format: &str) -> Vec<u8> {
    let format = Format::parse(format, |_| unreachable!()).expect("a format");
    let mut out = Vec::new();
    format.render(usage, &Options::default(), &mut out).expect("a vector takes it");
    out
}
