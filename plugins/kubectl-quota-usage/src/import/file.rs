//! What a file says of projects: a spreadsheet, or a manifest.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
};

use anyhow::{Context as _, Result, anyhow};
use passmuster::{
    manifest::{self, Inputs, Scopes},
    quota::{
        project::{
            Note, ProjectQuota, Wanted,
            table::{self, Wants},
        },
        sheet,
    },
};

use super::{
    ImportArgs,
    found::{Found, failures},
};

/// What a file says.
pub(super) fn in_file(file: &str, args: &ImportArgs) -> Result<Found> {
    let bytes = read(file)?;
    if is_manifest(file, &bytes) { in_manifest(file, &bytes) } else { in_sheets(file, &bytes, args) }
}

fn read(file: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == "-" {
        io::stdin().lock().read_to_end(&mut bytes).context("can't read standard input")?;
    } else {
        bytes = fs::read(file).with_context(|| format!("can't read {file}"))?;
    }
    Ok(bytes)
}

fn is_manifest(file: &str, bytes: &[u8]) -> bool {
    let ends = |extension: &str| file.to_lowercase().ends_with(extension);
    if [".yaml", ".yml", ".json"].into_iter().any(ends) {
        return true;
    }
    // Whatever comes through a pipe has no name.
    let head = bytes.get(..4096).unwrap_or(bytes);
    file == "-" && !bytes.starts_with(b"PK") && String::from_utf8_lossy(head).contains("apiVersion")
}

fn in_sheets(file: &str, bytes: &[u8], args: &ImportArgs) -> Result<Found> {
    let name = if file == "-" { "standard input" } else { file };
    let sheets = sheet::read(bytes, name).map_err(|error| anyhow!("{error}"))?;
    let wants = Wants { sheet: args.sheet.clone(), charged: args.quota_keys.into() };
    let read = table::read(name, &sheets, &wants)
        .map_err(|errors| failures(errors.into_iter().map(|error| anyhow!("{error}"))))?;
    let left_out = read.left_out.into_iter().map(|sheet| Note {
        object: format!("{name}, sheet {sheet:?}"),
        message: "left out: it has no column Project (项目名称)".to_owned(),
        left_out: false,
    });
    let projects = read.projects.into_iter();
    let projects =
        projects.map(|(wanted, place)| (wanted.name.clone(), (wanted, place.to_string()))).collect();
    Ok(Found { projects, notes: left_out.collect(), skipped: Vec::new() })
}

/// Every object of a manifest must be one of ours: what is wrong with one is wrong with all.
fn in_manifest(file: &str, mut bytes: &[u8]) -> Result<Found> {
    let inputs = Inputs { files: vec![file.to_owned()], ..Inputs::default() };
    let mut projects: BTreeMap<String, (Wanted, String)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut take = |document: manifest::Document| {
        let place = document.origin.to_string();
        if &*document.kind != ProjectQuota::KIND.kind || &*document.api_version != passmuster::API_VERSION {
            wrong.push(anyhow!("{place}: a {} ({}), no ProjectQuota", document.kind, document.api_version));
            return;
        }
        match ProjectQuota::strict(document.object) {
            Ok(object) => {
                let name = object.metadata.name.clone();
                if let Some((_, before)) =
                    projects.insert(name.clone(), (Wanted::from(&object), place.clone()))
                {
                    wrong.push(anyhow!("{place}: project {name} stands in {before} already"));
                }
            }
            Err(error) => wrong.push(anyhow!("{place}: {error}")),
        }
    };
    let skipped = manifest::read(&inputs, &mut bytes, Scopes::new("default"), &mut take)?;
    wrong.extend(skipped.into_iter().map(|skipped| anyhow!("{}: {}", skipped.resource, skipped.message)));
    if !wrong.is_empty() {
        return Err(failures(wrong.into_iter()));
    }
    Ok(Found { projects, ..Found::default() })
}
