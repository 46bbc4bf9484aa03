use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use passmuster::cli::{CommonOptions, complete::What};

const AFTER_HELP: &str = "\
Examples:
  # Everything in the current namespace, the worst first
  kubectl audit

  # One workload, and why
  kubectl audit deploy/nginx

  # The whole cluster; fail a pipeline from high on
  kubectl audit -A --fail-on high

  # Manifests before they are applied, for people and for code scanning
  kubectl audit -f manifests/ -R -o table -o sarif=audit.sarif

  # Only what a pull request brings
  kubectl audit -f manifests/ -R --baseline audit-baseline.json --fail-on medium

Exit codes:
  0  it ran    1  it could not run    3  --fail-on and a finding was that bad    4  --strict and something could not be read or evaluated";

/// Find what is wrong with objects of a cluster or of files, why it matters, and what to do
#[derive(Debug, Parser)]
#[command(
    name = "kubectl-audit",
    bin_name = "kubectl audit",
    version,
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) audit: AuditArgs,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the rules
    Rules {
        /// Only these: ids, categories, severities or frameworks
        #[arg(long, value_name = "RULES", value_delimiter = ',')]
        select: Vec<String>,
        /// File with an AuditPolicy, whose own rules are listed too
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
    },
    /// Run the cases of a policy's own rules
    Test {
        /// Files with an AuditPolicy
        #[arg(value_name = "FILE", required = true)]
        policies: Vec<PathBuf>,
    },
    /// Show what would be refused if namespaces enforced a Pod Security Standard
    Enforce(EnforceArgs),
    /// Show a rule: what it finds, why that matters, what to do
    Explain {
        /// Its id
        rule: String,
        /// File with an AuditPolicy, whose own rules are known too
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct EnforceArgs {
    /// baseline or restricted
    #[arg(long, default_value = "restricted")]
    pub(crate) level: String,
    /// Version of the standard, as v1.36
    #[arg(long = "version", value_name = "VERSION", default_value = "latest")]
    pub(crate) standard: String,
    /// Another version to compare with: what an upgrade changes
    #[arg(long, value_name = "VERSION")]
    pub(crate) upgrade: Option<String>,
    /// Every namespace
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,
    /// File, directory or Helm chart to read instead of a cluster; - for standard input
    #[arg(short, long, value_name = "FILE", value_delimiter = ',', help_heading = "Input")]
    pub(crate) filename: Vec<String>,
    /// Kustomization directory to read instead of a cluster
    #[arg(short, long, value_name = "DIR", help_heading = "Input", conflicts_with = "filename")]
    pub(crate) kustomize: Option<String>,
    /// Read directories below the directory too
    #[arg(short = 'R', long, help_heading = "Input")]
    pub(crate) recursive: bool,
    /// Snapshot to read instead of a cluster
    #[arg(long, value_name = "FILE", help_heading = "Input", conflicts_with_all = ["filename", "kustomize"])]
    pub(crate) snapshot: Option<String>,
    /// Exit 3 when anything would be refused
    #[arg(long)]
    pub(crate) exit_code: bool,
}

impl EnforceArgs {
    /// The same input, as the audit itself takes it.
    pub(crate) fn input(&self) -> AuditArgs {
        AuditArgs {
            all_namespaces: self.all_namespaces,
            filename: self.filename.clone(),
            kustomize: self.kustomize.clone(),
            recursive: self.recursive,
            snapshot: self.snapshot.clone(),
            ..AuditArgs::default()
        }
    }
}

/// What applies to every subcommand.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// table, wide, json, yaml, csv, sarif, junit, markdown, github, jsonpath=…, custom-columns=…; FORMAT=FILE writes
    /// to a file, and several can be given
    #[arg(short, long, value_name = "FORMAT", global = true)]
    pub(crate) output: Vec<String>,
    /// Leave the header of tables out
    #[arg(long, global = true)]
    pub(crate) no_headers: bool,
    /// Exit 4 when something could not be read or evaluated
    #[arg(long, global = true)]
    pub(crate) strict: bool,
    /// Configuration file instead of the user's
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) options: CommonOptions,
}

#[derive(Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are bools")]
pub(crate) struct AuditArgs {
    /// TYPE, TYPE NAME…, TYPE/NAME…; nothing: the whole namespace
    #[arg(value_name = "TYPE[/NAME]")]
    pub(crate) resources: Vec<String>,
    /// Only objects of TYPE with these labels
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub(crate) selector: Option<String>,
    /// Every namespace, and what has none
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,
    /// Clusters of these contexts
    #[arg(long, value_name = "CONTEXTS", value_delimiter = ',', help_heading = "Clusters")]
    pub(crate) contexts: Vec<String>,
    /// Clusters of every context of the kubeconfig
    #[arg(long, conflicts_with = "contexts", help_heading = "Clusters")]
    pub(crate) all_clusters: bool,
    /// Ask the kubelet of every node how full volumes are
    #[arg(long, help_heading = "Clusters")]
    pub(crate) kubelets: bool,
    /// How long one of several clusters is waited for
    #[arg(long, value_name = "DURATION", help_heading = "Clusters")]
    pub(crate) cluster_timeout: Option<String>,

    /// Only these rules: ids, categories, severities or frameworks (cis, nsa, pss, pss-baseline, pss-restricted)
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) select: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
    /// File with an AuditPolicy: rules, severities, thresholds, exemptions, rules of your own
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) policy: Option<PathBuf>,
    /// Version of Kubernetes that the objects are for, instead of the cluster's
    #[arg(long, value_name = "VERSION", help_heading = "Rules")]
    pub(crate) kubernetes_version: Option<String>,

    /// Exit 3 when a finding that counts is this bad or worse: critical, high, medium, low, info
    #[arg(long, value_name = "SEVERITY", help_heading = "Gates")]
    pub(crate) fail_on: Option<String>,
    /// Findings that this file has do not count
    #[arg(long, value_name = "FILE", help_heading = "Gates")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the findings to this file, for --baseline
    #[arg(long, value_name = "FILE", help_heading = "Gates")]
    pub(crate) baseline_write: Option<PathBuf>,

    /// File, directory or Helm chart to read instead of a cluster; - for standard input
    #[arg(short, long, value_name = "FILE", value_delimiter = ',', help_heading = "Input")]
    pub(crate) filename: Vec<String>,
    /// Kustomization directory to read instead of a cluster
    #[arg(short, long, value_name = "DIR", help_heading = "Input", conflicts_with = "filename")]
    pub(crate) kustomize: Option<String>,
    /// Read directories below the directory too
    #[arg(short = 'R', long, help_heading = "Input")]
    pub(crate) recursive: bool,
    /// The files are all there is: what they refer to and don't have does not exist
    #[arg(long, help_heading = "Input")]
    pub(crate) complete: bool,
    /// Snapshot to read instead of a cluster
    #[arg(long, value_name = "FILE", help_heading = "Input", conflicts_with_all = ["filename", "kustomize"])]
    pub(crate) snapshot: Option<String>,
    /// Write a snapshot of what was read
    #[arg(long, value_name = "FILE", help_heading = "Input", conflicts_with_all = ["filename", "kustomize", "snapshot", "contexts", "all_clusters"])]
    pub(crate) save: Option<PathBuf>,
}

/// What the arguments stand for, to complete them.
pub(crate) fn completes(id: &str) -> Option<What> {
    match id {
        "output" => Some(What::Word(&[
            "table",
            "wide",
            "json",
            "yaml",
            "csv",
            "sarif",
            "junit",
            "markdown",
            "github",
            "jsonpath=",
            "custom-columns=",
        ])),
        "fail_on" => Some(What::Word(&["critical", "high", "medium", "low", "info"])),
        "rule" | "select" | "ignore" => Some(What::Word(passmuster::audit::rule_words())),
        "config" | "policy" | "policies" | "baseline" | "baseline_write" | "save" => Some(What::File),
        _ => None,
    }
}
