//! What `passmuster manifests` prints: the kinds, and the configuration that `passmuster run` would keep.

use clap::Args;
use passmuster::{
    audit,
    quota::{ledger, project},
};
use serde_json::Value;

use crate::{
    certificates::{Certificate, CertificateError},
    configuration::{Bundle, Shape, configuration, handled},
    operations::{OperationsOptions, shape},
};

/// What to print.
#[derive(Debug, Clone, Args)]
pub struct ManifestsOptions {
    /// The configuration.
    #[command(flatten)]
    pub operations: OperationsOptions,

    /// File with the authorities that API servers are to trust, PEM
    #[arg(long, value_name = "FILE")]
    pub ca_bundle: Option<std::path::PathBuf>,
}

/// Why nothing can be printed.
#[derive(Debug, thiserror::Error)]
pub enum ManifestsError {
    /// The bundle can't be used.
    #[error("--ca-bundle: {0}")]
    Bundle(#[from] CertificateError),
    /// YAML can't be written.
    #[error("can't write YAML: {0}")]
    Yaml(String),
}

/// The objects, in the order in which they are to be applied.
pub fn objects(options: &OperationsOptions, authorities: Vec<Certificate>) -> Vec<Value> {
    let shape = Shape { bundle: Bundle::Given(authorities), ..shape(options) };
    vec![audit::definition(), project::definition(), ledger::definition(), configuration(&shape, &handled())]
}

/// The objects as YAML documents.
pub fn print(options: &ManifestsOptions) -> Result<String, ManifestsError> {
    let authorities = match &options.ca_bundle {
        Some(path) => crate::certificates::read_bundle(path)?,
        None => Vec::new(),
    };
    let mut text = String::new();
    for object in objects(&options.operations, authorities) {
        text.push_str("---\n");
        text.push_str(
            &serde_saphyr::to_string(&object).map_err(|error| ManifestsError::Yaml(error.to_string()))?,
        );
    }
    Ok(text)
}
