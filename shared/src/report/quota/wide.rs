use std::io;

use crate::{
    quota::QuotaUsage,
    report::{Make, Options, Output, usage},
};

pub(super) static OUTPUT: Output<QuotaUsage> =
    Output { name: "wide", about: "the table with all its columns", make: Make::Plain(render) };

fn render(answer: &QuotaUsage, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    usage::draw(answer, true, options, out)
}
