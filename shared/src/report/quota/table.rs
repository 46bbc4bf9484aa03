use std::io;

use crate::{
    quota::QuotaUsage,
    report::{Make, Options, Output, usage},
};

pub(super) static OUTPUT: Output<QuotaUsage> =
    Output { name: "table", about: "lines for people; the default", make: Make::Plain(render) };

fn render(answer: &QuotaUsage, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    usage::draw(answer, false, options, out)
}
