use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use passmuster::{
    cli::{CommonOptions, complete::What},
    graph::Noise,
};

const AFTER_HELP: &str = "\
Examples:
  # What belongs to a deployment, what it needs, and what exposes it
  kubectl graph deploy/nginx

  # Everything that needs a config map, as a page to look around in
  kubectl graph configmap/settings --dependents -o html > settings.html

  # How an ingress reaches a pod
  kubectl graph ingress/shop --to pod/web-1

  # References to objects that do not exist, before they are applied; exits 3 if there are any
  kubectl graph -f manifests/ -R --missing --exit-code

  # Follow a namespace: a graph first, then only what changes
  kubectl graph -n shop -w -o json

Exit codes:
  0  it ran    1  it could not run    3  --exit-code and there was a hit    4  --strict and something could not be read";

/// Show how the objects of a cluster relate: who owns, selects, mounts, routes to and runs on whom
#[derive(Debug, Parser)]
#[command(
    name = "kubectl-graph",
    bin_name = "kubectl graph",
    version,
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) graph: GraphArgs,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what differs between two saved graphs or snapshots
    Diff {
        /// The earlier one
        a: String,
        /// The later one
        b: String,
    },
}

/// What applies to every subcommand.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// tree, json, yaml, dot, mermaid, cypher, graphml, svg, html, name, jsonpath=…, custom-columns=…
    #[arg(short, long, value_name = "FORMAT", global = true, default_value = "", hide_default_value = true)]
    pub(crate) output: String,
    /// Leave the header of tables out
    #[arg(long, global = true)]
    pub(crate) no_headers: bool,
    /// Exit 3 when there is a hit: something missing, unused or different
    #[arg(long, global = true)]
    pub(crate) exit_code: bool,
    /// Exit 4 when part of the input could not be read
    #[arg(long, global = true)]
    pub(crate) strict: bool,
    /// Configuration file instead of the user's
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) options: CommonOptions,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are bools")]
pub(crate) struct GraphArgs {
    /// TYPE, TYPE NAME…, TYPE/NAME…; nothing: the whole namespace
    #[arg(value_name = "TYPE[/NAME]")]
    pub(crate) resources: Vec<String>,
    /// Only objects of TYPE with these labels
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub(crate) selector: Option<String>,
    /// Everything in every namespace
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,

    /// Only what belongs to the object or needs it
    #[arg(long, help_heading = "Direction", conflicts_with = "dependencies")]
    pub(crate) dependents: bool,
    /// Only what the object needs
    #[arg(long, help_heading = "Direction")]
    pub(crate) dependencies: bool,
    /// Go no further than N edges from the object
    #[arg(long, value_name = "N", help_heading = "Direction")]
    pub(crate) depth: Option<u32>,
    /// Only the paths to this object
    #[arg(long, value_name = "TYPE/NAME", help_heading = "Direction")]
    pub(crate) to: Option<String>,

    /// Only these types, and what leads to them
    #[arg(long, value_name = "TYPES", value_delimiter = ',', help_heading = "Filters")]
    pub(crate) include: Vec<String>,
    /// Leave these types out
    #[arg(long, value_name = "TYPES", value_delimiter = ',', help_heading = "Filters")]
    pub(crate) exclude: Vec<String>,
    /// Only these edge types
    #[arg(long, value_name = "EDGES", value_delimiter = ',', help_heading = "Filters")]
    pub(crate) edges: Vec<String>,
    /// Leave these edge types out
    #[arg(long, value_name = "EDGES", value_delimiter = ',', help_heading = "Filters")]
    pub(crate) exclude_edges: Vec<String>,
    /// Show what is hidden otherwise
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "Filters")]
    pub(crate) show: Vec<Hidden>,
    /// Only references to objects that do not exist
    #[arg(long, help_heading = "Filters", conflicts_with = "unused")]
    pub(crate) missing: bool,
    /// Only objects that nothing refers to
    #[arg(long, help_heading = "Filters")]
    pub(crate) unused: bool,

    /// File or directory to read instead of a cluster; - for standard input
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
    /// Write a snapshot of what was read
    #[arg(long, value_name = "FILE", help_heading = "Input", conflicts_with_all = ["filename", "kustomize", "snapshot"])]
    pub(crate) save: Option<PathBuf>,
    /// File with relations of your own; can be repeated
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) rules: Vec<PathBuf>,

    /// Follow changes
    #[arg(short, long, help_heading = "Watching", conflicts_with_all = ["filename", "kustomize", "snapshot", "save", "missing", "unused"])]
    pub(crate) watch: bool,
    /// While watching, rewrite --output-file this often
    #[arg(long, value_name = "DURATION", help_heading = "Watching", requires_all = ["watch", "output_file"])]
    pub(crate) every: Option<String>,
    /// Write to this file, replaced as a whole
    #[arg(long, value_name = "FILE", help_heading = "Watching")]
    pub(crate) output_file: Option<PathBuf>,
}

/// What is hidden unless asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Hidden {
    Events,
    Tokens,
    OldReplicaSets,
    DefaultAccounts,
    Endpoints,
    All,
}

impl Hidden {
    /// What the graph calls it.
    pub(crate) fn noises(self) -> &'static [Noise] {
        match self {
            Self::Events => &[Noise::Event],
            Self::Tokens => &[Noise::Token],
            Self::OldReplicaSets => &[Noise::OldReplicaSet],
            Self::DefaultAccounts => &[Noise::DefaultAccount],
            Self::Endpoints => &[Noise::Endpoints],
            Self::All => Noise::ALL,
        }
    }
}

/// What the arguments stand for, to complete them.
pub(crate) fn completes(id: &str) -> Option<What> {
    match id {
        "output" => Some(What::Word(&[
            "tree",
            "json",
            "yaml",
            "name",
            "dot",
            "mermaid",
            "cypher",
            "graphml",
            "svg",
            "html",
            "jsonpath=",
            "custom-columns=",
        ])),
        "a" | "b" | "config" | "rules" | "save" | "output_file" => Some(What::File),
        _ => None,
    }
}
