use crate::{
    quantity::Quantity,
    quota::{QuotaUsage, Rate, Row},
};

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Field {
    Cluster,
    Project,
    DisplayName,
    Namespace,
    Node,
    Owner,
    Pod,
    /// By its place in `by` among the labels.
    Label(usize),
    Quota,
    Resource,
    Hard,
    Used,
    Rate,
    Requested,
    Limited,
    Now,
    Peak,
    PeakRate,
    ConcurrentPeak,
    Allocatable,
    Share,
}

/// What a row has in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Value<'a> {
    Nothing,
    Text(&'a str),
    Amount(Quantity),
    Rate(Rate),
}

impl<'a> Value<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Self::Nothing, Self::Text)
    }
}

/// Those that a row is of, before the labels.
const GROUPS: &[Field] = &[
    Field::Cluster,
    Field::Project,
    Field::DisplayName,
    Field::Namespace,
    Field::Node,
    Field::Owner,
    Field::Pod,
];

/// What is told of a row, after the labels.
const TOLD: &[Field] = &[
    Field::Quota,
    Field::Resource,
    Field::Hard,
    Field::Used,
    Field::Rate,
    Field::Requested,
    Field::Limited,
    Field::Now,
    Field::Peak,
    Field::PeakRate,
    Field::ConcurrentPeak,
    Field::Allocatable,
    Field::Share,
];

impl Field {
    /// Every column, whether or not there is anything in it.
    pub(in crate::report) fn all(usage: &QuotaUsage) -> Vec<Self> {
        let labels = labels(usage).enumerate().map(|(at, _)| Self::Label(at));
        GROUPS.iter().copied().chain(labels).chain(TOLD.iter().copied()).collect()
    }

    /// The columns that tell one group of rows from another.
    pub(in crate::report) fn groups(usage: &QuotaUsage) -> Vec<Self> {
        Self::all(usage)
            .into_iter()
            .filter(|field| *field < Self::Quota && *field != Self::DisplayName)
            .collect()
    }

    /// The columns that have something in them, or were asked for.
    pub(in crate::report) fn with_content(usage: &QuotaUsage) -> Vec<Self> {
        let by = |name: &str| usage.by.iter().any(|by| by == name);
        let filled = |field: &Self| {
            usage.rows.iter().chain(&usage.totals).any(|row| field.value(row) != Value::Nothing)
        };
        Self::all(usage)
            .into_iter()
            .filter(|field| match field {
                Self::Resource | Self::Label(_) => true,
                Self::Cluster => {
                    filled(field) && (usage.clusters.len() > 1 || (by("cluster") && usage.by.len() == 1))
                }
                _ => filled(field),
            })
            .collect()
    }

    /// Whether only `wide` shows it among tables.
    pub(in crate::report) fn is_extra(self) -> bool {
        matches!(self, Self::DisplayName | Self::ConcurrentPeak | Self::Allocatable | Self::Share)
    }

    /// What a row has in it.
    pub(in crate::report) fn value(self, row: &Row) -> Value<'_> {
        let amount = |amount: Option<Quantity>| amount.map_or(Value::Nothing, Value::Amount);
        let rate = |rate: Option<Rate>| rate.map_or(Value::Nothing, Value::Rate);
        match self {
            Self::Cluster => Value::text(row.cluster.as_deref()),
            Self::Project => Value::text(row.project.as_deref()),
            Self::DisplayName => Value::text(row.display_name.as_deref()),
            Self::Namespace => Value::text(row.namespace.as_deref()),
            Self::Node => Value::text(row.node.as_deref()),
            Self::Owner => Value::text(row.owner.as_deref()),
            Self::Pod => Value::text(row.pod.as_deref()),
            Self::Label(at) => Value::text(row.labels.get(at).map(String::as_str)),
            Self::Quota => Value::text(row.quota.as_deref()),
            Self::Resource => Value::Text(&row.resource),
            Self::Hard => amount(row.hard),
            Self::Used => amount(row.used),
            Self::Rate => rate(row.rate),
            Self::Requested => amount(row.requested),
            Self::Limited => amount(row.limited),
            Self::Now => amount(row.now),
            Self::Peak => amount(row.peak),
            Self::PeakRate => rate(row.peak_rate),
            Self::ConcurrentPeak => amount(row.concurrent_peak),
            Self::Allocatable => amount(row.allocatable),
            Self::Share => rate(row.share),
        }
    }

    /// What programs call it: `peak_rate`, `label team`.
    pub(in crate::report) fn name(self, usage: &QuotaUsage) -> String {
        let name = match self {
            Self::Cluster => "cluster",
            Self::Project => "project",
            Self::DisplayName => "display_name",
            Self::Namespace => "namespace",
            Self::Node => "node",
            Self::Owner => "owner",
            Self::Pod => "pod",
            Self::Label(at) => return format!("label {}", labels(usage).nth(at).unwrap_or_default()),
            Self::Quota => "quota",
            Self::Resource => "resource",
            Self::Hard => "hard",
            Self::Used => "used",
            Self::Rate => "rate",
            Self::Requested => "requested",
            Self::Limited => "limited",
            Self::Now => "now",
            Self::Peak => "peak",
            Self::PeakRate => "peak_rate",
            Self::ConcurrentPeak => "concurrent_peak",
            Self::Allocatable => "allocatable",
            Self::Share => "share",
        };
        name.to_owned()
    }

    /// What stands above it where people read: `PEAK%`, and for a label its key.
    pub(in crate::report) fn header(self, usage: &QuotaUsage) -> String {
        match self {
            Self::DisplayName => "DISPLAY NAME".to_owned(),
            Self::Label(at) => labels(usage).nth(at).unwrap_or_default().to_uppercase(),
            Self::PeakRate => "PEAK%".to_owned(),
            Self::ConcurrentPeak => "AT ONCE".to_owned(),
            _ => self.name(usage).to_uppercase(),
        }
    }

    /// What it is, in a few words; a page says it where one points at the heading.
    pub(in crate::report) fn meaning(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Project => "project that the namespace belongs to",
            Self::DisplayName => "what people call the project",
            Self::Namespace => "namespace",
            Self::Node => "node that the pods run on",
            Self::Owner => "workload that the pods belong to",
            Self::Pod => "pod",
            Self::Label(_) => "label of the pods, or of their namespace",
            Self::Quota => "quota that allows and charges",
            Self::Resource => "key of the quota, or resource",
            Self::Hard => "what the quota allows",
            Self::Used => "what the quota is charged",
            Self::Rate => "used of hard; without a quota, requested of allocatable",
            Self::Requested => "what the pods request",
            Self::Limited => "what the pods are limited to",
            Self::Now => "what the pods use now",
            Self::Peak => "sum of the pods' own peaks over the period",
            Self::PeakRate => "peak of hard",
            Self::ConcurrentPeak => "peak of the pods' sum: what they used at one moment",
            Self::Allocatable => "what the nodes can give to pods",
            Self::Share => "hard of allocatable: how much of the cluster the quota holds",
        }
    }
}

/// Keys of the labels that rows are put together by.
fn labels(usage: &QuotaUsage) -> impl Iterator<Item = &str> {
    usage.by.iter().filter_map(|by| by.strip_prefix("label="))
}
