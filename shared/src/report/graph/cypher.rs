use std::io::{self, Write};

use crate::{
    graph::Document,
    report::{Make, Options, Output, arrows},
    text::neutral,
};

pub(super) static OUTPUT: Output<Document> = Output {
    name: "cypher",
    about: "MERGE statements for Neo4j; running them again changes nothing",
    make: Make::Plain(render),
};

fn render(document: &Document, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let cluster = quoted(&document.cluster);
    writeln!(
        out,
        "CREATE CONSTRAINT passmuster_object IF NOT EXISTS FOR (o:Object) REQUIRE (o.cluster, o.id) IS UNIQUE;"
    )?;
    for node in &document.nodes {
        let key = &node.key;
        write!(out, "MERGE (o:Object {{cluster: {cluster}, id: {}}})", quoted(&key.to_string()))?;
        write!(
            out,
            " SET o:{}, o.kind = {}, o.group = {}",
            identifier(&key.kind),
            quoted(&key.kind),
            quoted(&key.group)
        )?;
        write!(
            out,
            ", o.namespace = {}, o.name = {}",
            optional(Some(&*key.namespace).filter(|text| !text.is_empty())),
            quoted(&key.name)
        )?;
        write!(
            out,
            ", o.apiVersion = {}, o.uid = {}",
            quoted(&node.api_version),
            optional(node.uid.as_deref())
        )?;
        write!(
            out,
            ", o.ready = {}, o.status = {}",
            optional(node.status.ready.as_deref()),
            optional(node.status.status.as_deref())
        )?;
        writeln!(out, ", o.missing = {}, o.unknown = {};", node.missing, node.unknown)?;
    }
    for arrow in arrows::of(document) {
        let id = |index: u32| quoted(&document.node(index).key.to_string());
        write!(out, "MATCH (a:Object {{cluster: {cluster}, id: {}}})", id(arrow.source))?;
        write!(out, ", (b:Object {{cluster: {cluster}, id: {}}})", id(arrow.target))?;
        write!(out, " MERGE (a)-[r:{}]->(b)", identifier(&arrow.edge_type.to_uppercase()))?;
        writeln!(
            out,
            " SET r.via = {}, r.optional = {}, r.count = {};",
            quoted(&arrow.via),
            arrow.optional,
            arrow.count
        )?;
    }
    out.flush()
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), quoted)
}

fn quoted(text: &str) -> String {
    format!("'{}'", neutral(text).replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A label or a type. Neo4j decodes `\u` even inside backticks, so nothing is left there that could mean something.
fn identifier(text: &str) -> String {
    let safe = text.chars().map(|character| if character.is_alphanumeric() { character } else { '_' });
    format!("`{}`", safe.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sketch::{deployment, hostile};

    fn cypher(document: &Document) -> String {
        let mut out = Vec::new();
        render(document, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn deployment_in_cypher() {
        insta::assert_snapshot!(cypher(&deployment()));
    }

    /// Every line is one statement: outside of quotes there is one semicolon, at its end.
    #[test]
    fn hostile_names_stay_inside_their_quotes() {
        for statement in cypher(&hostile()).lines().chain(cypher(&deployment()).lines()) {
            let (mut inside, mut escaped, mut outside) = (None, false, String::new());
            for character in statement.chars() {
                match inside {
                    Some(_) if escaped => escaped = false,
                    Some('\'') if character == '\\' => escaped = true,
                    Some(quote) if character == quote => inside = None,
                    Some(_) => {}
                    None if matches!(character, '\'' | '`') => inside = Some(character),
                    None => outside.push(character),
                }
            }
            assert_eq!(inside, None, "{statement}");
            assert_eq!(outside.find(';'), Some(outside.len() - 1), "{statement}");
        }
    }
}
