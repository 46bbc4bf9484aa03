//! What the outputs with JSONPath templates share.

use std::io;

use serde_json::Value;

use super::{Error, FormatError, Made, Options, Printable, Render};
use crate::{
    jsonpath::{Path, Style, Template, WriteError, sprint},
    text::{neutral, width},
};

/// `jsonpath` and `jsonpath-as-json`: a template filled in with the whole document.
struct Filled {
    text: String,
    template: Template,
    style: Style,
}

pub(super) fn jsonpath<D: Printable>(text: &str, style: Style) -> Made<D> {
    let template = Template::parse(text)
        .map_err(|error| FormatError::Template(format!("error parsing jsonpath {text}, {error}")))?;
    Ok(Box::new(Filled { text: text.to_owned(), template, style }))
}

impl<D: Printable> Render<D> for Filled {
    fn render(&self, document: &D, _: &Options, out: &mut dyn io::Write) -> Result<(), Error> {
        let mut out = io::BufWriter::with_capacity(1 << 16, out);
        let data = serde_json::to_value(document).map_err(io::Error::from)?;
        self.template.write(&data, self.style, &mut out).map_err(|error| match error {
            WriteError::Io(error) => Error::Io(error),
            WriteError::Data(error) => {
                let text = &self.text;
                Error::Template(format!(
                    "error executing jsonpath {text:?}: Error executing template: {error}"
                ))
            }
        })?;
        Ok(io::Write::flush(&mut out)?)
    }
}

/// `custom-columns`: a line for each item.
struct Columns {
    headers: Vec<String>,
    paths: Vec<Path>,
}

/// `HEADER:path,HEADER:path`.
pub(super) fn columns<D: Printable>(text: &str) -> Made<D> {
    let mut columns = Columns { headers: Vec::new(), paths: Vec::new() };
    for part in text.split(',') {
        let (header, path) = part.split_once(':').ok_or_else(|| {
            FormatError::Template(format!(
                "unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"
            ))
        })?;
        columns.add(header, path)?;
    }
    Ok(Box::new(columns))
}

/// A line of headers and a line of paths.
pub(super) fn columns_of_file<D: Printable>(text: &str) -> Made<D> {
    let refuse = |message: String| FormatError::Template(message);
    let mut lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let missing = |line| {
        refuse(format!(
            "invalid template, missing {line} line. Expected format is one line of space separated headers, one line of \
             space separated column specs."
        ))
    };
    let headers = lines.next().ok_or_else(|| missing("header"))?;
    let paths = lines.next().ok_or_else(|| missing("spec"))?;
    if headers.len() != paths.len() {
        let (headers, paths) = (headers.len(), paths.len());
        return Err(refuse(format!(
            "number of headers ({headers}) and field specifications ({paths}) don't match"
        )));
    }
    let mut columns = Columns { headers: Vec::new(), paths: Vec::new() };
    for (header, path) in headers.into_iter().zip(paths) {
        columns.add(header, path)?;
    }
    Ok(Box::new(columns))
}

impl Columns {
    fn add(&mut self, header: &str, path: &str) -> Result<(), FormatError> {
        self.headers.push(neutral(header).into_owned());
        self.paths.push(Path::parse(path).map_err(|error| FormatError::Template(error.to_string()))?);
        Ok(())
    }

    fn row(&self, item: &Value) -> Result<Vec<String>, Error> {
        let cell = |path: &Path| {
            let values = path.find(item).map_err(|error| Error::Template(error.to_string()))?;
            let texts: Vec<String> =
                values.iter().map(|value| neutral(&sprint(value)).into_owned()).collect();
            Ok(if texts.is_empty() { "<none>".to_owned() } else { texts.join(",") })
        };
        self.paths.iter().map(cell).collect()
    }
}

impl<D: Printable> Render<D> for Columns {
    fn render(&self, document: &D, options: &Options, out: &mut dyn io::Write) -> Result<(), Error> {
        let mut rows = Vec::new();
        if options.headers {
            rows.push(self.headers.clone());
        }
        for item in document.items() {
            rows.push(self.row(&item.map_err(io::Error::from)?)?);
        }
        table(&rows, out)?;
        Ok(())
    }
}

/// Rows in columns as kubectl's tabwriter aligns them: at least six wide, three between, nothing after the last.
fn table(rows: &[Vec<String>], out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            rows.iter()
                .filter_map(|row| row.get(at))
                .map(|cell| width(cell) + 3)
                .max()
                .unwrap_or_default()
                .max(6)
        })
        .collect();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            io::Write::write_all(&mut out, cell.as_bytes())?;
            if at + 1 < row.len() {
                let pad = widths[at] - width(cell);
                io::Write::write_fmt(&mut out, format_args!("{:pad$}", ""))?;
            }
        }
        io::Write::write_all(&mut out, b"\n")?;
    }
    io::Write::flush(&mut out)
}

#[cfg(test)]
mod tests {
    use std::io;

    use crate::{
        graph::Document,
        report::{Format, Options, sketch::sketch},
    };

    fn printed(format: &str, file: &str) -> String {
        let document = sketch(
            "Deployment.apps/shop/nginx root ready=1/2 progressing
             Pod/shop/a owned_by Deployment.apps/shop/nginx
             Pod/shop/a status=Running healthy
             Deployment.apps/shop/nginx uses Secret/shop/日本
             Secret/shop/日本 missing",
        );
        let mut out = Vec::new();
        let written = Format::parse(format, |_| Ok(file.to_owned()))
            .map_err(|error| error.to_string())
            .and_then(|format| {
                format.render(&document, &Options::default(), &mut out).map_err(|error| error.to_string())
            });
        written.map_or_else(|error| error, |()| String::from_utf8(out).unwrap())
    }

    #[test]
    fn templates_see_the_document() {
        for (format, file, text) in [
            ("jsonpath={.nodes[*].name}", "", "a 日本 nginx"),
            (
                "jsonpath={range .edges[?(@.type==\"uses\")]}{.source}{\" \"}{end}",
                "",
                "Deployment.apps/shop/nginx ",
            ),
            ("jsonpath-as-json={.kind}", "", "[\n    \"Graph\"\n]\n"),
            ("jsonpath-file=x", "{.cluster}\n", "test\n"),
            ("jsonpath", "", "template format specified but no template given"),
            ("jsonpath=", "", "template format specified but no template given"),
            ("jsonpath={.a[}", "", "error parsing jsonpath {.a[}, unterminated array"),
            (
                "jsonpath={.nodes[7]}",
                "",
                "error executing jsonpath \"{.nodes[7]}\": Error executing template: array index out of bounds: index 7, length 3",
            ),
        ] {
            assert_eq!(printed(format, file), text, "{format}");
        }
    }

    #[test]
    fn columns_are_aligned_as_kubectl_aligns_them() {
        for (format, file, text) in [
            (
                "custom-columns=NAME:.name,S:status.status,KIND:{.kind}",
                "",
                "NAME    S         KIND\na       Running   Pod\n日本    <none>    Secret\nnginx   <none>    Deployment\n",
            ),
            (
                "custom-columns-file=x",
                "NAME MISSING\n{name} .missing\n",
                "NAME    MISSING\na       <none>\n日本    true\nnginx   <none>\n",
            ),
            ("custom-columns", "", "custom-columns format specified but no custom columns given"),
            (
                "custom-columns=NAME",
                "",
                "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>",
            ),
            (
                "custom-columns-file=x",
                "A B\n.a\n",
                "number of headers (2) and field specifications (1) don't match",
            ),
            (
                "custom-columns=A:{.a}{.b}",
                "",
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
            ),
        ] {
            assert_eq!(printed(format, file), text, "{format}");
        }
    }

    #[test]
    fn unreadable_files_are_told() {
        let error = Format::<Document>::parse("jsonpath-file=gone", |_| Err(io::ErrorKind::NotFound.into()))
            .unwrap_err();
        assert_eq!(error.to_string(), "error reading --template gone, entity not found");
    }
}
