//! Asks for peaks.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Client, Error, Sample, Value,
    gather::{Gathered, gather},
};
use crate::{
    model::Skipped,
    quota::Amounts,
    quota::peak::{
        Mapping, PeakQuestion, PeakRow, Peaks, Piece, STEP,
        count::{self, PodPeaks},
        owners::{Owners, Replicas},
        promql::{Layout, Measure, Naming, Queries},
    },
};

/// What pods used at their highest. An error is one that leaves nothing to say; what could not be read of some
/// namespaces is in `skipped`.
pub async fn peaks(client: &Client, question: &PeakQuestion) -> Result<Peaks, Error> {
    let until = question.until / i64::from(STEP) * i64::from(STEP);
    let window = (until - i64::from(question.period.seconds()), until);
    let queries = Queries { matchers: client.target().matchers.clone() };
    Asking { client, question, queries, window, notes: BTreeSet::new(), failed: BTreeMap::new() }.run().await
}

/// Whether a Prometheus speaks of the cluster that has these nodes.
pub async fn check(client: &Client, nodes: &BTreeSet<String>, at: i64) -> Result<Mapping, Error> {
    let queries = Queries { matchers: client.target().matchers.clone() };
    let mut seen = BTreeSet::new();
    for text in [queries.nodes(), queries.scraped_nodes()] {
        if seen.is_empty() {
            seen = Mapping::names(&vector(client, &text, at).await?, nodes);
        }
    }
    Ok(Mapping::judge(&seen, nodes))
}

async fn vector(client: &Client, text: &str, at: i64) -> Result<Vec<Sample>, Error> {
    match client.query(text, at).await?.data {
        Value::Vector(samples) => Ok(samples),
        _ => Err(client.not_prometheus("a query gave no vector")),
    }
}

/// One question while it is asked.
struct Asking<'a> {
    client: &'a Client,
    question: &'a PeakQuestion,
    queries: Queries,
    /// From when until when, in seconds since the epoch.
    window: (i64, i64),
    notes: BTreeSet<String>,
    /// What could not be read: what, and of which namespace.
    failed: BTreeMap<(&'static str, String), Error>,
}

impl Asking<'_> {
    async fn run(mut self) -> Result<Peaks, Error> {
        let memory = Measure::Memory(self.question.memory);
        let namespaces = self.namespaces(memory).await?;
        if namespaces.is_empty() {
            return Ok(self.silent());
        }
        let (mut pods, mut concurrent) = (PodPeaks::new(), BTreeMap::new());
        for measure in [Measure::Cpu, memory] {
            self.measure(measure, &namespaces, &mut pods, &mut concurrent).await?;
        }
        count::bound(&mut concurrent, &pods);
        let (mut owners, mut naming) = (Owners::default(), Naming::Own);
        if self.question.accurate || self.question.owners {
            (owners, naming) = self.owners(&namespaces).await?;
        }
        let mut rows = count::rows(pods, &owners);
        if self.question.accurate {
            let replicas = self.replicas(&namespaces, &rows, &owners, naming).await?;
            let guessed = count::count(&mut rows, &owners, &replicas);
            if guessed > 0 {
                self.notes.insert(format!(
                    "nobody knows the owners of {guessed} of {} pods any more: they are taken from the pods' names",
                    rows.len()
                ));
            }
        }
        let skipped = self.failed.iter().map(|((what, namespace), error)| Skipped {
            resource: (*what).to_owned(),
            ..error.skipped(Some(namespace))
        });
        Ok(Peaks { rows, concurrent, skipped: skipped.collect(), warnings: self.notes.into_iter().collect() })
    }

    /// The namespaces that were asked for, or that had pods.
    async fn namespaces(&mut self, memory: Measure) -> Result<Vec<String>, Error> {
        if !self.question.namespaces.is_empty() {
            return Ok(self.question.namespaces.iter().cloned().collect());
        }
        let selectors = [Measure::Cpu, memory].map(|measure| self.queries.anything(measure));
        let selectors = selectors.each_ref().map(String::as_str);
        let (from, until) = self.window;
        let answer = self.client.label_values("namespace", &selectors, from, until).await?;
        self.notes.extend(answer.warnings);
        let mut namespaces: Vec<_> = answer.data.into_iter().filter(|name| !name.is_empty()).collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        Ok(namespaces)
    }

    fn silent(mut self) -> Peaks {
        let matchers: Vec<_> =
            self.queries.matchers.iter().map(|(label, value)| format!("{label}={value:?}")).collect();
        let with = if matchers.is_empty() { String::new() } else { format!(" with {}", matchers.join(",")) };
        self.notes.insert(format!(
            "Prometheus {} has no series of containers{with} in the last {}",
            self.client.url(),
            self.question.period
        ));
        Peaks { warnings: self.notes.into_iter().collect(), ..Peaks::default() }
    }

    /// Peaks of pods, and of their sums.
    async fn measure(
        &mut self,
        measure: Measure,
        namespaces: &[String],
        pods: &mut PodPeaks,
        concurrent: &mut BTreeMap<String, Amounts>,
    ) -> Result<(), Error> {
        let (queries, start, resource) = (self.queries.clone(), self.window.0, measure.resource());
        let what = match measure {
            Measure::Cpu => "peaks of cpu",
            Measure::Memory(_) => "peaks of memory",
        };
        let found = self.gather(what, namespaces, |piece| queries.without_own(measure, piece)).await?;
        let lacking: BTreeSet<_> =
            found.samples.iter().map(|sample| sample.label("namespace").to_owned()).collect();
        let (added_up, own): (Vec<_>, Vec<_>) =
            namespaces.iter().cloned().partition(|name| lacking.contains(name));
        for (layout, namespaces) in [(Layout::OfPods, own), (Layout::OfContainers, added_up)] {
            let found = self.gather(what, &namespaces, |piece| queries.peaks(measure, layout, piece)).await?;
            count::read_peaks(pods, resource, &found.samples);
            let at_once = |piece: &Piece| queries.concurrent(measure, layout, piece, start);
            let found = self.gather(what, &namespaces, at_once).await?;
            count::read_concurrent(concurrent, resource, &found.samples);
        }
        // What was read of a namespace in part is not its highest.
        let failed = |name: &String| self.failed.contains_key(&(what, name.clone()));
        for ((namespace, _), peak) in pods.iter_mut() {
            if failed(namespace) {
                peak.0.remove(resource);
            }
        }
        for (namespace, peak) in concurrent.iter_mut() {
            if failed(namespace) {
                peak.0.remove(resource);
            }
        }
        pods.retain(|_, peak| !peak.is_empty());
        concurrent.retain(|_, peak| !peak.is_empty());
        Ok(())
    }

    /// Who owns pods: kube-state-metrics says so, else the cluster as it is now.
    async fn owners(&mut self, namespaces: &[String]) -> Result<(Owners, Naming), Error> {
        let (mut owners, mut naming) = (Owners::default(), Naming::Own);
        let queries = self.queries.clone();
        for tried in [Naming::Own, Naming::Exported] {
            if owners.is_empty() {
                let asked =
                    self.gather("owners of pods", namespaces, |piece| queries.owners(tried, piece)).await;
                let found = self.without(asked)?;
                owners.read(&found.samples, tried);
                naming = tried;
            }
        }
        if owners.is_empty() && self.question.accurate {
            self.notes.insert(format!(
                "Prometheus {} has no series of kube-state-metrics: owners and replicas are those that the cluster has now, \
                 else what pods' names and numbers tell",
                self.client.url()
            ));
        }
        owners.read_known(&self.question.known);
        owners.settle();
        Ok((owners, naming))
    }

    /// How many pods workloads had at most: kube-state-metrics says so, else their numbers at each time.
    async fn replicas(
        &mut self,
        namespaces: &[String],
        rows: &[PeakRow],
        owners: &Owners,
        naming: Naming,
    ) -> Result<Replicas, Error> {
        let (queries, mut replicas) = (self.queries.clone(), Replicas::default());
        let asked = self.gather("replicas", namespaces, |piece| queries.replicas(naming, piece)).await;
        replicas.read(&self.without(asked)?.samples, naming);
        replicas.read_known(&self.question.known);
        replicas.settle(owners);
        let unclear = count::unclear(rows, owners, &replicas);
        let memory = Measure::Memory(self.question.memory);
        let asked = self.gather("numbers of pods", &unclear, |piece| queries.at_once(memory, piece)).await;
        replicas.read_at_once(&self.without(asked)?.samples);
        Ok(replicas)
    }

    /// Peaks can be told without an answer to this; that there was none is told too.
    fn without(&mut self, asked: Result<Gathered, Error>) -> Result<Gathered, Error> {
        match asked {
            Err(error) if !error.is_final() => {
                self.notes.insert(format!("owners and replicas are not all known: {error}"));
                Ok(Gathered::default())
            }
            asked => asked,
        }
    }

    async fn gather(
        &mut self,
        what: &'static str,
        namespaces: &[String],
        text: impl Fn(&Piece) -> String,
    ) -> Result<Gathered, Error> {
        let (from, until) = self.window;
        let pieces = namespaces.chunks(self.client.namespaces_per_query());
        let pieces =
            pieces.map(|namespaces| Piece { namespaces: namespaces.to_vec(), from, until }).collect();
        let mut found = gather(self.client, pieces, text).await?;
        self.notes.append(&mut found.warnings);
        for (namespace, error) in &found.failed {
            self.failed.insert((what, namespace.clone()), error.clone());
        }
        Ok(found)
    }
}
