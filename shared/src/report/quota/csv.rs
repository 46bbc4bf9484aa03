use std::io;

use crate::{
    quota::{
        QuotaUsage,
        sheet::{Csv, write_csv},
    },
    report::{Make, Options, Output, usage},
};

pub(super) static OUTPUT: Output<QuotaUsage> = Output {
    name: "csv",
    about: "the rows for programs and spreadsheets; amounts as Kubernetes writes them and as plain numbers",
    make: Make::Plain(render),
};

/// Always the same columns, whatever is in them, so that files can be put one below the other; without totals, which
/// would be summed with the rows.
fn render(answer: &QuotaUsage, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = usage::rows(answer, true);
    if !options.headers {
        sheet.rows.remove(0);
    }
    write_csv(&sheet, Csv::default(), out)
}
