use std::path::PathBuf;

use clap::Args;

/// What applies to the rows.
#[derive(Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are bools")]
pub(crate) struct UsageArgs {
    /// Every namespace; also when several clusters are asked, or rows are not by namespace
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,
    /// Only pods with these labels; quotas are charged for all
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub(crate) selector: Option<String>,

    /// What rows are put together by: cluster, project, namespace, node, owner, pod, label=KEY
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "Rows")]
    pub(crate) by: Vec<String>,
    /// Only these: cpu, memory, storage, gpu, pods, or keys of quotas such as requests.cpu
    #[arg(
        long = "resources",
        id = "keys",
        value_name = "RESOURCES",
        value_delimiter = ',',
        help_heading = "Rows"
    )]
    pub(crate) resources: Vec<String>,
    /// In this order: rate, used, namespace…, with :asc or :desc
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', help_heading = "Rows")]
    pub(crate) sort_by: Vec<String>,
    /// Only what is as full as this, such as 80%
    #[arg(long, value_name = "PERCENT", help_heading = "Rows")]
    pub(crate) threshold: Option<String>,
    /// Only this project; can be repeated
    #[arg(long, value_name = "NAME", help_heading = "Rows")]
    pub(crate) project: Vec<String>,
    /// The label of namespaces that names their project
    #[arg(long, value_name = "KEY", help_heading = "Rows", conflicts_with = "project_annotation")]
    pub(crate) project_label: Option<String>,
    /// The annotation of namespaces that names their project
    #[arg(long, value_name = "KEY", help_heading = "Rows")]
    pub(crate) project_annotation: Option<String>,

    /// Show what pods use now, as the metrics server has it
    #[arg(long, help_heading = "Real usage")]
    pub(crate) now: bool,
    /// Address of the Prometheus to ask for peaks, instead of the configured one
    #[arg(long, value_name = "URL", help_heading = "Real usage")]
    pub(crate) prometheus: Option<String>,
    /// Ask no Prometheus for peaks
    #[arg(long, help_heading = "Real usage", conflicts_with = "prometheus")]
    pub(crate) no_peaks: bool,
    /// How far peaks look back, such as 1d
    #[arg(long, value_name = "DURATION", help_heading = "Real usage")]
    pub(crate) period: Option<String>,
    /// Of a workload, count only as many peaks as it had replicas at most
    #[arg(long, help_heading = "Real usage")]
    pub(crate) accurate: bool,
    /// Which memory peaks are of: usage or working-set
    #[arg(long, value_name = "WHICH", help_heading = "Real usage")]
    pub(crate) memory: Option<String>,
    /// Daily files to take the peaks from instead; see report daily
    #[arg(long, value_name = "FILE", help_heading = "Real usage", conflicts_with = "prometheus")]
    pub(crate) daily: Vec<PathBuf>,

    /// Write how full each group was, day by day: a spreadsheet (-o xlsx, otherwise csv)
    #[arg(long, help_heading = "Rates by day", conflicts_with_all = ["watch", "threshold"])]
    pub(crate) rates: bool,
    /// Which days, such as 2026-02-27,2026-02-28 or 2026-02-01..2026-02-28; otherwise yesterday, or those of --daily
    #[arg(
        long,
        value_name = "DATES",
        value_delimiter = ',',
        help_heading = "Rates by day",
        requires = "rates"
    )]
    pub(crate) dates: Vec<String>,
    /// Several days below each other or each on a sheet: rows or sheets
    #[arg(long, value_name = "LAYOUT", help_heading = "Rates by day", requires = "rates")]
    pub(crate) layout: Option<String>,
    /// Language of the headings: en or zh
    #[arg(long, value_name = "LANG", help_heading = "Rates by day", requires = "rates")]
    pub(crate) lang: Option<String>,

    /// Read anew and show it in place
    #[arg(short, long, help_heading = "Watching")]
    pub(crate) watch: bool,
    /// While watching, read this often
    #[arg(long, value_name = "DURATION", help_heading = "Watching", requires = "watch")]
    pub(crate) every: Option<String>,
    /// Write to this file, replaced as a whole
    #[arg(long, value_name = "FILE", help_heading = "Watching")]
    pub(crate) output_file: Option<PathBuf>,
}
