use std::io;

use crate::{
    graph::Document,
    report::{Make, Options, Output, tree},
};

pub(super) static OUTPUT: Output<Document> =
    Output { name: "tree", about: "lines for people; the default", make: Make::Plain(render) };

fn render(document: &Document, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    tree::draw(&tree::lines(document, options), options, out)
}
