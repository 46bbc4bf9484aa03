//! The past, as series of samples.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Series, by metric.
#[derive(Debug, Clone, Default)]
pub struct History {
    metrics: BTreeMap<String, Vec<Series>>,
}

/// Labels, and samples: seconds since the epoch and a number, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Labels.
    pub labels: Vec<(String, String)>,
    /// Samples.
    pub samples: Vec<(i64, String)>,
}

impl History {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a series. Two with the same labels would be one that goes back in time: don't.
    pub fn add(
        &mut self,
        metric: &str,
        labels: &[(&str, &str)],
        samples: impl IntoIterator<Item = (i64, String)>,
    ) {
        let labels = labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect();
        let series = Series { labels, samples: samples.into_iter().collect() };
        self.metrics.entry(metric.to_owned()).or_default().push(series);
    }

    /// Adds all of another, with one more label.
    pub fn add_all(&mut self, other: &Self, label: &str, value: &str) {
        for (metric, all) in &other.metrics {
            for series in all {
                let mut series = series.clone();
                series.labels.push((label.to_owned(), value.to_owned()));
                self.metrics.entry(metric.clone()).or_default().push(series);
            }
        }
    }

    /// The series of a metric.
    pub fn of(&self, metric: &str) -> &[Series] {
        self.metrics.get(metric).map_or(&[], Vec::as_slice)
    }

    /// As OpenMetrics.
    pub(super) fn open_metrics(&self) -> String {
        let mut text = String::new();
        for (metric, all) in &self.metrics {
            for Series { labels, samples } in all {
                let labels: Vec<_> =
                    labels.iter().map(|(label, value)| format!("{label}={value:?}")).collect();
                let labels = labels.join(",");
                for (time, value) in samples {
                    // Writing to a string can't fail.
                    let _ = writeln!(text, "{metric}{{{labels}}} {value} {time}");
                }
            }
        }
        text + "# EOF\n"
    }
}
