//! Asking.

use std::collections::BTreeMap;

use passmuster::cluster::Env;
use passmuster::prometheus::{Client, Error, Target, peaks};
use passmuster::quota::Amounts;
use passmuster::quota::peak::{PeakQuestion, Peaks};
use passmuster_tests::Prometheus;

use crate::world::UNTIL;

pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

pub(crate) fn target(prometheus: &Prometheus) -> Target {
    Target { url: prometheus.url().to_owned(), ..Target::default() }
}

/// The whole day, nothing else.
pub(crate) fn day_question() -> PeakQuestion {
    PeakQuestion { until: UNTIL, ..PeakQuestion::default() }
}

pub(crate) fn ask(target: &Target, question: &PeakQuestion) -> Result<Peaks, Error> {
    run(async { peaks(&Client::new(target, &Env::empty())?, question).await })
}

/// `NAMESPACE cpu memory`, in thousandths of cores and mebibytes, of what counts.
pub(crate) fn by_namespace(peaks: &Peaks) -> Vec<String> {
    let line =
        |(namespace, sum): (&str, Amounts)| format!("{namespace} {} {}", sum.of("cpu"), sum.of("memory"));
    peaks.by_namespace().into_iter().map(line).collect()
}

/// Likewise, of the peaks of sums.
pub(crate) fn concurrent(peaks: &Peaks) -> Vec<String> {
    let line =
        |(namespace, sum): (&String, &Amounts)| format!("{namespace} {} {}", sum.of("cpu"), sum.of("memory"));
    peaks.concurrent.iter().map(line).collect()
}

/// Likewise, by namespace and owner.
pub(crate) fn by_owner(peaks: &Peaks) -> Vec<String> {
    let mut sums: BTreeMap<_, Amounts> = BTreeMap::new();
    for row in &peaks.rows {
        let owner = row.owner.clone().unwrap_or_else(|| "-".to_owned());
        sums.entry((row.namespace.clone(), owner)).or_default().add_all(&row.counted);
    }
    let lines = sums.into_iter();
    lines
        .map(|((namespace, owner), sum)| {
            format!("{namespace} {owner} {} {}", sum.of("cpu"), sum.of("memory"))
        })
        .collect()
}
