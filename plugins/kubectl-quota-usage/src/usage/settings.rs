//! What was asked for: flags, and what the configuration says where there are none.

use anyhow::Result;
use passmuster::{
    cli::{Session, UsageError},
    config::Config,
    quota::{
        Dimension, Rate,
        daily::Daily,
        peak::{MemoryKind, Period},
        project::MarkOn,
        rows::{RowOptions, SortBy},
    },
};

use super::UsageArgs;
use crate::{args::Common, clusters, config, daily};

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The configuration.
    pub(crate) config: Config,
    /// Which rows.
    pub(crate) rows: RowOptions,
    /// Only these projects.
    pub(crate) projects: Vec<String>,
    /// One namespace, the context's where the name is empty; `None`: all.
    pub(crate) namespace: Option<String>,
    /// Only pods with these labels.
    pub(crate) selector: Option<String>,
    /// What tells the project of a namespace.
    pub(crate) project_mark: Option<(MarkOn, String)>,
    /// Whether to ask what pods use now.
    pub(crate) metrics: bool,
    /// Which peaks; `None`: none.
    pub(crate) peaks: Option<PeakSettings>,
    /// Peaks of days past, instead of asking for them.
    pub(crate) daily: Vec<Daily>,
}

/// Which peaks are asked for, and of whom.
#[derive(Debug, Clone)]
pub(crate) struct PeakSettings {
    /// The Prometheus that stands above the configuration.
    pub(crate) url: Option<String>,
    /// How far back.
    pub(crate) period: Period,
    /// From when, in seconds since the epoch; `None`: from now.
    pub(crate) until: Option<i64>,
    /// Which memory.
    pub(crate) memory: MemoryKind,
    /// Only as many of a workload's as it had replicas.
    pub(crate) accurate: bool,
}

impl Settings {
    /// Reads the configuration and the flags over it.
    pub(crate) fn of(args: &UsageArgs, common: &Common, session: &Session) -> Result<Self> {
        let config = config::load(common, session)?;
        let quota = &config.quota;
        let usage = |error: &dyn std::fmt::Display| UsageError::new(error.to_string());
        let words = |flag: &[String], configured: &Option<Vec<String>>| {
            if flag.is_empty() { configured.clone().unwrap_or_default() } else { flag.to_vec() }
        };
        let by: Vec<Dimension> = words(&args.by, &quota.by)
            .iter()
            .map(|name| name.parse())
            .collect::<Result<_, _>>()
            .map_err(|error| usage(&error))?;
        let by_namespace = by.is_empty() || by.contains(&Dimension::Namespace);
        let sort_by: Vec<SortBy> = args
            .sort_by
            .iter()
            .map(|name| name.parse())
            .collect::<Result<_, _>>()
            .map_err(|error| usage(&error))?;
        let threshold = args.threshold.as_ref().or(quota.threshold.as_ref());
        let threshold = threshold.map(|text| percent(text)).transpose()?;
        let given = common.options.connect.namespace.clone();
        let everywhere = args.all_namespaces || clusters::several(common) || !by_namespace;
        let namespace = if args.all_namespaces { None } else { given.or((!everywhere).then(String::new)) };
        let by = if by.is_empty() {
            vec![Dimension::Cluster, Dimension::Project, Dimension::Namespace]
        } else {
            by
        };
        let mark = |label: &Option<String>, annotation: &Option<String>| match (label, annotation) {
            (Some(key), _) => Some((MarkOn::Label, key.clone())),
            (None, Some(key)) => Some((MarkOn::Annotation, key.clone())),
            (None, None) => None,
        };
        Ok(Self {
            daily: daily::load(&args.daily, &by)?,
            rows: RowOptions { by, resources: words(&args.resources, &quota.resources), sort_by, threshold },
            projects: args.project.clone(),
            namespace,
            selector: args.selector.clone(),
            project_mark: mark(&args.project_label, &args.project_annotation)
                .or_else(|| mark(&quota.project_label, &quota.project_annotation)),
            metrics: args.now,
            peaks: PeakSettings::of(args, &config)?,
            config,
        })
    }
}

impl PeakSettings {
    fn of(args: &UsageArgs, config: &Config) -> Result<Option<Self>> {
        if args.no_peaks || !args.daily.is_empty() {
            return Ok(None);
        }
        let quota = &config.quota;
        let usage = |error: &dyn std::fmt::Display| UsageError::new(error.to_string());
        let period = args.period.clone().or_else(|| quota.period.clone());
        let memory = args.memory.clone().or_else(|| quota.memory.clone());
        Ok(Some(Self {
            url: args.prometheus.clone(),
            period: period
                .map_or(Ok(Period::default()), |text| text.parse())
                .map_err(|error| usage(&error))?,
            memory: memory
                .map_or(Ok(MemoryKind::default()), |text| text.parse())
                .map_err(|error| usage(&error))?,
            until: None,
            accurate: args.accurate || quota.accurate.unwrap_or_default(),
        }))
    }
}

/// `80%` or `80`.
fn percent(text: &str) -> Result<Rate> {
    match text.trim_end_matches('%').parse() {
        Ok(number) => Ok(Rate::from_percent(number)),
        Err(_) => Err(UsageError::new(format!(
            "--threshold takes a whole number of percent such as 80%, not {text:?}"
        ))
        .into()),
    }
}
