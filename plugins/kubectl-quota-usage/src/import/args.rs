use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use passmuster::quota::project::table::{Charged, Language};

pub(super) const HOW_TO_DEFINE: &str = "kubectl quota-usage import --definition | kubectl apply -f -";

const AFTER_HELP: &str = "\
Without --apply nothing is written: it shows what would change. What the file does not name stays as it is.

Examples:
  # A spreadsheet to fill in, with Chinese headings
  kubectl quota-usage import --template quotas.xlsx --lang zh

  # What it would change, and then change it
  kubectl quota-usage import quotas.xlsx
  kubectl quota-usage import quotas.xlsx --apply

  # OpenShift's ClusterResourceQuotas as ProjectQuota objects, in a file
  kubectl quota-usage import --from openshift -o yaml > quotas.yaml";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
#[expect(clippy::struct_excessive_bools, reason = "flags are bools")]
pub(crate) struct ImportArgs {
    /// Spreadsheet (.xlsx, .ods, .csv) or manifest (.yaml, .json) to import; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["from", "template", "definition"])]
    pub(super) file: Option<String>,
    /// Import this product's objects: alauda, capsule, hnc, karmada, openshift, rancher
    #[arg(long, value_name = "PRODUCT", conflicts_with_all = ["template", "definition"])]
    pub(super) from: Option<String>,
    /// Write an empty spreadsheet to be filled in, .xlsx or .csv
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "definition")]
    pub(super) template: Option<PathBuf>,
    /// Print the definition of ProjectQuota, to be applied to clusters
    #[arg(long)]
    pub(super) definition: bool,
    /// Language of the template's headings: en or zh
    #[arg(
        long,
        value_name = "LANGUAGE",
        default_value = "en",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) lang: Lang,

    /// Only the sheet of this name
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    pub(super) sheet: Option<String>,
    /// What the columns CPU and Memory limit: requests, limits or both
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "requests",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Reading"
    )]
    pub(super) quota_keys: QuotaKeys,
    /// The label of namespaces that names their project, for new projects of which nothing says who belongs to them
    #[arg(long, value_name = "KEY", default_value = "passmuster.dev/project", help_heading = "Reading")]
    pub(super) project_label: String,

    /// Write what differs; all of it is checked first, by the server too
    #[arg(long, help_heading = "Writing")]
    pub(super) apply: bool,
    /// With --apply: server, to let the server check it and store nothing, or client, to show it only
    #[arg(
        long,
        value_name = "WHO",
        default_value = "none",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Writing"
    )]
    pub(super) dry_run: DryRun,
    /// Delete what is there and not named: projects, clusters' parts and keys of quotas
    #[arg(long, help_heading = "Writing")]
    pub(super) prune: bool,
    /// Take fields over that other field managers own
    #[arg(long, help_heading = "Writing")]
    pub(super) force_conflicts: bool,
}

/// What the columns CPU and Memory limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum QuotaKeys {
    Requests,
    Limits,
    Both,
}

impl From<QuotaKeys> for Charged {
    fn from(keys: QuotaKeys) -> Self {
        match keys {
            QuotaKeys::Requests => Self::Requests,
            QuotaKeys::Limits => Self::Limits,
            QuotaKeys::Both => Self::Both,
        }
    }
}

/// Language of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    En,
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Zh => Self::Chinese,
        }
    }
}

/// Who pretends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DryRun {
    None,
    Client,
    Server,
}
