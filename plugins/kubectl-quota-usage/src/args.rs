use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use passmuster::cli::{CommonOptions, complete::What};

use crate::{
    config::ConfigCommand, daily::ReportCommand, explain::ExplainArgs, export::ExportArgs, fit::FitArgs,
    import::ImportArgs, usage::UsageArgs, verify::VerifyArgs,
};

const AFTER_HELP: &str = "\
Examples:
  # What every namespace of every cluster may use, is charged, asks for and really uses
  kubectl quota-usage --all-clusters

  # Only what is more than 80 % full; exits 3 if there is any
  kubectl quota-usage -A --threshold 80% --exit-code

  # Projects, as a spreadsheet
  kubectl quota-usage --all-clusters --by project,cluster -o xlsx > usage.xlsx

  # Which objects take the memory of a namespace, and how it adds up
  kubectl quota-usage explain requests.memory -n shop

  # Whether a manifest will fit, and which quota breaks first
  kubectl quota-usage fit -f manifests/ -n shop

Exit codes:
  0  it ran    1  it could not run    3  --exit-code and there was a hit    4  --strict and something could not be read";

/// Show what every project, namespace and cluster may use, asks for, and really uses
#[derive(Debug, Parser)]
#[command(
    name = "kubectl-quota-usage",
    bin_name = "kubectl quota-usage",
    version,
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Recount what quotas are charged, and list what is wrong with them
    Verify(VerifyArgs),
    /// Show which objects a quota is charged for, and how it adds up
    Explain(ExplainArgs),
    /// Tell whether objects will fit, and which quota breaks first
    Fit(FitArgs),
    /// Make project quotas of a spreadsheet, or of another product's objects
    Import(ImportArgs),
    /// Write project quotas as a spreadsheet
    Export(ExportArgs),
    /// Write and read daily reports
    #[command(subcommand)]
    Report(ReportCommand),
    /// Look after the configuration file
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// What applies to every subcommand.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are bools")]
pub(crate) struct Common {
    /// table, wide, json, yaml, csv, xlsx, html, jsonpath=…, custom-columns=…
    #[arg(short, long, value_name = "FORMAT", global = true, default_value = "", hide_default_value = true)]
    pub(crate) output: String,
    /// Leave the header of tables out
    #[arg(long, global = true)]
    pub(crate) no_headers: bool,
    /// Exit 3 when there is a hit: something over the threshold, wrong, or that does not fit
    #[arg(long, global = true)]
    pub(crate) exit_code: bool,
    /// Exit 4 when part of the input could not be read
    #[arg(long, global = true)]
    pub(crate) strict: bool,
    /// Configuration file instead of the user's
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Contexts of the kubeconfig to ask, with commas
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        global = true,
        help_heading = "Clusters",
        conflicts_with = "all_clusters"
    )]
    pub(crate) contexts: Vec<String>,
    /// Ask every context of the kubeconfig; several that lead to one cluster count once
    #[arg(long, global = true, help_heading = "Clusters")]
    pub(crate) all_clusters: bool,
    /// How long to wait for one cluster, such as 10s
    #[arg(long, value_name = "DURATION", global = true, help_heading = "Clusters")]
    pub(crate) cluster_timeout: Option<String>,
    #[command(flatten)]
    pub(crate) options: CommonOptions,
}

/// What rows can be put together by.
const BY: &[&str] = &["cluster", "project", "namespace", "node", "owner", "pod", "label="];

/// What rows can be sorted by.
const SORT_BY: &[&str] = &[
    "cluster",
    "project",
    "namespace",
    "node",
    "owner",
    "pod",
    "quota",
    "resource",
    "hard",
    "used",
    "requested",
    "limited",
    "now",
    "peak",
    "rate",
    "peak-rate",
    "share",
];

/// Resources as pods ask for them, and the keys of quotas that Kubernetes knows.
const RESOURCES: &[&str] = &[
    "cpu",
    "memory",
    "storage",
    "ephemeral-storage",
    "gpu",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "configmaps",
    "secrets",
    "persistentvolumeclaims",
    "replicationcontrollers",
    "resourcequotas",
];

/// Products whose objects can be imported.
const PRODUCTS: &[&str] = &["alauda", "capsule", "hnc", "karmada", "openshift", "rancher"];

/// Forms of output; those that end with `=` go on.
const OUTPUTS: &[&str] =
    &["table", "wide", "json", "yaml", "csv", "xlsx", "html", "jsonpath=", "custom-columns="];

/// What the arguments stand for, to complete them.
pub(crate) fn completes(id: &str) -> Option<What> {
    Some(match id {
        "output" => What::Word(OUTPUTS),
        "by" => What::Words(BY),
        "keys" => What::Words(RESOURCES),
        "resource" => What::Word(RESOURCES),
        "resources" => What::Object,
        "from" => What::Word(PRODUCTS),
        "sort_by" => What::Words(SORT_BY),
        "threshold" => What::Word(&["80%", "90%", "100%"]),
        "memory" => What::Word(&["usage", "working-set"]),
        "period" => What::Word(&["1d", "7d", "30d"]),
        "config" | "output_file" | "daily" => What::File,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use passmuster::{
        quota::{
            Dimension, QuotaUsage,
            peak::{MemoryKind, Period},
            project::{flavour, flavours},
            rows::sort_columns,
        },
        report::Format,
    };

    use super::*;

    fn words(id: &str) -> &'static [&'static str] {
        match completes(id) {
            Some(What::Word(words) | What::Words(words)) => words,
            other => panic!("{id}: {other:?}"),
        }
    }

    #[test]
    fn what_is_offered_is_taken() {
        assert_eq!(words("sort_by"), sort_columns());
        for word in words("by") {
            word.replace('=', "=app").parse::<Dimension>().unwrap();
        }
        for word in words("from") {
            assert!(flavour(word).is_some(), "{word}");
        }
        assert_eq!(words("from").len() + 1, flavours().count(), "all but our own");
        for word in words("memory") {
            word.parse::<MemoryKind>().unwrap();
        }
        for word in words("period") {
            word.parse::<Period>().unwrap();
        }
        for word in words("output") {
            let columns = if word.starts_with("custom") { "=A:.rows" } else { "={.rows}" };
            Format::<QuotaUsage>::parse(&word.replace('=', columns), |_| Ok(String::new())).unwrap();
        }
    }
}
