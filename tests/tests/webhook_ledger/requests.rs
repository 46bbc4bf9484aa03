//! Clients that make and delete pods, and what may be there at most at any time as far as they know.

use std::{
    collections::BTreeMap,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use passmuster_tests::{Api, ControlPlane, Error, population::Random};

use crate::world::{path, pod, said};

/// Cpu in thousandths, and pods.
pub(crate) type Sum = (i64, i64);

/// What a request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Created,
    Denied,
    Deleted,
    /// Nobody knows: the API server or the webhook went away meanwhile.
    Failed,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    at: Instant,
    change: Sum,
}

/// Everything that has happened.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Mutex<Vec<Entry>>,
    denied: Mutex<Vec<(Instant, Instant, Sum)>>,
    pub(crate) outcomes: Mutex<BTreeMap<Outcome, usize>>,
    pub(crate) latencies: Mutex<Vec<Duration>>,
    /// Denials that are not what the API server would say.
    pub(crate) odd: Mutex<Vec<String>>,
}

impl Log {
    fn add(&self, at: Instant, change: Sum) {
        self.entries.lock().unwrap().push(Entry { at, change });
    }

    fn count(&self, outcome: Outcome) {
        *self.outcomes.lock().unwrap().entry(outcome).or_default() += 1;
    }

    pub(crate) fn of(&self, outcome: Outcome) -> usize {
        self.outcomes.lock().unwrap().get(&outcome).copied().unwrap_or_default()
    }

    /// Denials of requests for which there was room all the time: even if all that was asked for until then and may
    /// be stored was. What came to nothing that anybody knows of, may be reserved for as long as `kept`.
    pub(crate) fn false_denials(&self, hard: Sum) -> usize {
        let mut entries = self.entries.lock().unwrap().clone();
        entries.sort_by_key(|entry| entry.at);
        let mut sums = Vec::with_capacity(entries.len());
        let mut sum = (0, 0);
        for entry in &entries {
            sum = (sum.0 + entry.change.0, sum.1 + entry.change.1);
            sums.push((entry.at, sum));
        }
        let denied = self.denied.lock().unwrap();
        let fits = |(from, until, _): &&(Instant, Instant, Sum)| {
            // The sum before the request came holds as well.
            let first = sums.partition_point(|(at, _)| at < from).saturating_sub(1);
            let within = sums[first..].iter().take_while(|(at, _)| at <= until);
            within.map(|(_, sum)| *sum).all(|sum| sum.0 <= hard.0 && sum.1 <= hard.1)
        };
        denied.iter().filter(fits).count()
    }
}

/// Lets clients make and delete pods at random, `requests` altogether.
pub(crate) fn run(
    plane: &ControlPlane,
    namespaces: &[String],
    log: &Log,
    (clients, requests, kept): (usize, usize, Duration),
    seed: u64,
) {
    thread::scope(|scope| {
        for client in 0..clients {
            let share = requests / clients + usize::from(client < requests % clients);
            scope.spawn(move || {
                let mut client = Client {
                    api: plane.api().clone(),
                    random: Random::new(seed.wrapping_mul(1_000_003).wrapping_add(client as u64)),
                    namespaces,
                    log,
                    kept,
                    name: client,
                    made: 0,
                    own: Vec::new(),
                };
                (0..share).for_each(|_| client.request());
            });
        }
    });
}

struct Client<'a> {
    api: Api,
    random: Random,
    namespaces: &'a [String],
    log: &'a Log,
    kept: Duration,
    name: usize,
    made: usize,
    /// Pods that may be there, and whether what they take is still counted.
    own: Vec<(String, i64, bool)>,
}

impl Client<'_> {
    fn request(&mut self) {
        if !self.own.is_empty() && self.random.percent(42) {
            self.delete();
        } else {
            self.create();
        }
    }

    fn create(&mut self) {
        let namespace = self.random.range(0, self.namespaces.len());
        let namespace = &self.namespaces[namespace];
        let cpu = if self.random.percent(30) { 200 } else { 100 };
        let name = format!("c{cpu}-{}-{}", self.name, self.made);
        self.made += 1;
        let object = pod(namespace, &name, &format!("{cpu}m"));
        let start = Instant::now();
        self.log.add(start, (cpu, 1));
        let outcome = self.api.create(&format!("/api/v1/namespaces/{namespace}/pods"), &object);
        let end = Instant::now();
        self.log.latencies.lock().unwrap().push(end - start);
        let counted = match &outcome {
            Ok(_) => {
                self.own.push((path(namespace, &name), cpu, true));
                Outcome::Created
            }
            Err(Error::Status { status: 403, .. }) => {
                let message = said(&outcome);
                if !message.contains("exceeded quota: ProjectQuota/race, requested: ") {
                    self.log.odd.lock().unwrap().push(message);
                }
                self.log.add(end, (-cpu, -1));
                self.log.denied.lock().unwrap().push((start, end, (cpu, 1)));
                Outcome::Denied
            }
            Err(_) => {
                // It may be there, and if it is not, its reservation may be.
                self.log.add(start + self.kept, (-cpu, -1));
                self.own.push((path(namespace, &name), cpu, false));
                thread::sleep(Duration::from_millis(50));
                Outcome::Failed
            }
        };
        self.log.count(counted);
    }

    fn delete(&mut self) {
        let at = self.random.range(0, self.own.len());
        let (path, cpu, counted) = self.own.swap_remove(at);
        match self.api.delete(&path) {
            Ok(_) | Err(Error::Status { status: 404, .. }) => {
                if counted {
                    self.log.add(Instant::now(), (-cpu, -1));
                }
                self.log.count(Outcome::Deleted);
            }
            Err(_) => {
                self.own.push((path, cpu, counted));
                self.log.count(Outcome::Failed);
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
}
