//! `-o`, several times: to standard output, and to files.

use std::{fs, path::PathBuf};

use anyhow::{Result, bail};
use passmuster::{
    audit::AuditReport,
    cli::{Session, output},
    report::Format,
};

use crate::{args::Common, run::options};

pub(crate) struct Outputs(Vec<(Format<AuditReport>, Option<PathBuf>)>);

impl Outputs {
    pub(crate) fn parse(common: &Common) -> Result<Self> {
        let mut outputs = Vec::new();
        let default = [String::new()];
        let wanted = if common.output.is_empty() { &default[..] } else { &common.output };
        for text in wanted {
            outputs.push(match text.split_once('=') {
                // What has a template has a `=` of its own.
                Some((name, file))
                    if !name.starts_with("jsonpath") && !name.starts_with("custom-columns") =>
                {
                    if file.is_empty() {
                        bail!("-o {name}= names no file");
                    }
                    (Format::parse(name, |file| fs::read_to_string(file))?, Some(PathBuf::from(file)))
                }
                _ => (Format::parse(text, |file| fs::read_to_string(file))?, None),
            });
        }
        if outputs.iter().filter(|(_, file)| file.is_none()).count() > 1 {
            bail!(
                "only one output can go to standard output: name files for the others, as in -o sarif=audit.sarif"
            );
        }
        Ok(Self(outputs))
    }

    pub(crate) fn write(&self, report: &AuditReport, common: &Common, session: &Session) -> Result<()> {
        for (format, file) in &self.0 {
            match file {
                Some(file) => {
                    let plain =
                        passmuster::report::Options { headers: !common.no_headers, ..Default::default() };
                    output::replace(file, |out| Ok(format.render(report, &plain, out)?))?;
                }
                None => output::print(format, report, &options(common, session))?,
            }
        }
        Ok(())
    }
}
