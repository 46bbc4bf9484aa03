use std::io::{self, Write};

use crate::{
    graph::Document,
    report::{Make, Options, Output},
    text::neutral,
};

pub(super) static OUTPUT: Output<Document> = Output {
    name: "name",
    about: "kind.group/name lines, as kubectl get takes them",
    make: Make::Plain(render),
};

fn render(document: &Document, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    for key in document.nodes.iter().map(|node| &node.key) {
        let dot = if key.group.is_empty() { "" } else { "." };
        let kind = key.kind.to_lowercase();
        writeln!(out, "{}{dot}{}/{}", neutral(&kind), neutral(&key.group), neutral(&key.name))?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sketch::sketch;

    #[test]
    fn names_as_kubectl_writes_them() {
        let mut document = sketch("Deployment.apps/shop/nginx\nPod/shop/a\nNode/n1");
        document.nodes[0].key.name = "n\u{1b}1".into();
        let mut out = Vec::new();
        render(&document, &Options::default(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "node/n^[1\npod/a\ndeployment.apps/nginx\n");
    }
}
