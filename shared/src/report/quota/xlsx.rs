use std::io;

use crate::{
    quota::{
        QuotaUsage,
        sheet::{WriteError, write_xlsx},
    },
    report::{Make, Options, Output, usage},
};

pub(super) static OUTPUT: Output<QuotaUsage> = Output {
    name: "xlsx",
    about: "a spreadsheet: the rows, the totals, and what could not be read",
    make: Make::Plain(render),
};

fn render(answer: &QuotaUsage, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let sheets = [usage::rows(answer, false), usage::totals(answer), usage::errors(answer)];
    write_xlsx(&sheets, out).map_err(|error| match error {
        WriteError::Io(error) => error,
        other => io::Error::other(other),
    })
}
