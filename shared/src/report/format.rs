use std::{fmt, io};

use super::{Error, Make, Options, Printable, Render, outputs};

/// What `-o` names, made ready.
pub struct Format<D> {
    name: &'static str,
    render: Box<dyn Render<D>>,
}

impl<D> fmt::Debug for Format<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Format").field(&self.name).finish()
    }
}

/// Why `-o` is refused, in kubectl's words.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// No output is called so.
    #[error(
        "unable to match a printer suitable for the output format {name:?}, allowed formats are: {}",
        allowed.join(",")
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        allowed: Vec<&'static str>,
    },
    /// `-o jsonpath` alone.
    #[error("template format specified but no template given")]
    NoTemplate,
    /// `-o custom-columns` alone.
    #[error("custom-columns format specified but no custom columns given")]
    NoColumns,
    /// The template's file could not be read.
    #[error("error reading --template {path}, {error}")]
    File {
        /// The file.
        path: String,
        /// What went wrong.
        error: io::Error,
    },
    /// The template is no template.
    #[error("{0}")]
    Template(String),
}

/// What may stand after `-o`, sorted.
pub fn allowed_formats<D: Printable>() -> Vec<&'static str> {
    outputs::<D>().iter().map(|output| output.name).collect()
}

impl<D: Printable> Format<D> {
    /// Reads what stands after `-o`; empty: the default. Files of templates are read by `read`.
    pub fn parse(text: &str, read: impl FnOnce(&str) -> io::Result<String>) -> Result<Self, FormatError> {
        let (name, argument) = text.split_once('=').unwrap_or((text, ""));
        let name = if text.is_empty() { D::DEFAULT } else { name };
        let unknown = || FormatError::Unknown { name: text.to_owned(), allowed: allowed_formats::<D>() };
        let output = outputs::<D>().into_iter().find(|output| output.name == name).ok_or_else(unknown)?;
        let nothing =
            || if name.starts_with("custom") { FormatError::NoColumns } else { FormatError::NoTemplate };
        let render = match output.make {
            Make::Plain(_) if text.contains('=') => return Err(unknown()),
            Make::Plain(render) => Box::new(render),
            Make::Text(_) | Make::File(_) if argument.is_empty() => return Err(nothing()),
            Make::Text(make) => make(argument)?,
            Make::File(make) => make(
                &read(argument).map_err(|error| FormatError::File { path: argument.to_owned(), error })?,
            )?,
        };
        Ok(Self { name: output.name, render })
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a person can look at what it writes; spreadsheets are for programs.
    pub fn is_text(&self) -> bool {
        self.name != "xlsx"
    }

    /// Writes a result.
    pub fn render(&self, document: &D, options: &Options, out: &mut dyn io::Write) -> Result<(), Error> {
        self.render.render(document, options, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{graph::Document, quota::QuotaUsage};

    #[test]
    fn formats_are_named_as_kubectl_names_them() {
        let parse =
            |text: &str| Format::<Document>::parse(text, |path| Err(io::Error::other(format!("no {path}"))));
        assert_eq!(parse("").unwrap().name(), "tree");
        assert_eq!(parse("json").unwrap().name(), "json");
        let error = parse("x\"y").unwrap_err().to_string();
        assert!(
            error.starts_with(
                "unable to match a printer suitable for the output format \"x\\\"y\", allowed formats are: "
            ),
            "{error}"
        );
        assert!(parse("json=x").is_err());
        assert!(allowed_formats::<Document>().is_sorted());
        let quota = Format::<QuotaUsage>::parse("", |_| unreachable!()).unwrap();
        assert_eq!(quota.name(), "table");
        assert!(
            quota.is_text() && !Format::<QuotaUsage>::parse("xlsx", |_| unreachable!()).unwrap().is_text()
        );
        assert!(allowed_formats::<QuotaUsage>().is_sorted_by(|one, other| one < other), "no name twice");
    }
}
