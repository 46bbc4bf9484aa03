//! A day of a small cluster, as cadvisor and kube-state-metrics tell of it, sample by sample, once a minute.

use passmuster_tests::History;

/// The end of the day: 2023-11-14T20:00:00Z, a multiple of two hours, the size of Prometheus' blocks.
pub(crate) const UNTIL: i64 = 1_699_992_000;
/// Minutes of the day.
pub(crate) const DAY: i64 = 1440;
const MI: u64 = 1 << 20;

/// What of kube-state-metrics there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Its own labels.
    Own,
    /// Renamed by the scrape.
    Exported,
    /// Nothing.
    Absent,
}

/// What a pod or container uses: something, and from some minutes on something else. Cores are in thousandths, memory
/// in mebibytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use<'a> {
    pub(crate) base: u64,
    pub(crate) spikes: &'a [(Range2, u64)],
}

/// From one minute until before another.
pub(crate) type Range2 = (i64, i64);

pub(crate) fn flat(base: u64) -> Use<'static> {
    Use { base, spikes: &[] }
}

impl Use<'_> {
    fn at(&self, minute: i64) -> u64 {
        let spike = self.spikes.iter().find(|((from, until), _)| (*from..*until).contains(&minute));
        spike.map_or(self.base, |(_, value)| *value)
    }
}

/// Writes history.
pub(crate) struct World {
    pub(crate) history: History,
    state: State,
    uid: u32,
}

fn time(minute: i64) -> i64 {
    UNTIL + (minute - DAY) * 60
}

impl World {
    pub(crate) fn new(state: State) -> Self {
        Self { history: History::new(), state, uid: 0 }
    }

    /// The root cgroup of a node, and what kube-state-metrics says of it.
    pub(crate) fn node(&mut self, name: &str) {
        let seconds = |minute: i64| (time(minute), (minute * 30).to_string());
        let labels = [("id", "/"), ("instance", name), ("kubernetes_io_hostname", name)];
        self.history.add("container_cpu_usage_seconds_total", &labels, (0..=DAY).map(seconds));
        if self.state == State::Own {
            self.state("kube_node_info", &[("node", name)], (0, DAY), |_| 1);
        }
    }

    /// A pod with one container, as cadvisor tells of it on a node with containerd: the pod's own cgroup, the
    /// container, and the sandbox, which looks like a pod's own.
    pub(crate) fn pod(&mut self, namespace: &str, pod: &str, life: Range2, cpu: Use<'_>, memory: Use<'_>) {
        self.uid += 1;
        let own = format!("/kubepods/pod{}", self.uid);
        let identity = [("namespace", namespace), ("pod", pod)];
        self.cgroup(&[&identity[..], &[("id", &own)]].concat(), life, cpu, memory, 10);
        let (app, sandbox) = (format!("{own}/app"), format!("{own}/sandbox"));
        let container =
            [("id", app.as_str()), ("container", "app"), ("image", "shop/app:1"), ("name", "0a1b")];
        self.cgroup(&[&identity[..], &container].concat(), life, cpu, memory, 9);
        let pause = [("id", sandbox.as_str()), ("image", "registry.k8s.io/pause:3.9"), ("name", "2c3d")];
        self.cgroup(&[&identity[..], &pause].concat(), life, flat(1), flat(1), 10);
    }

    /// A pod whose own cgroup nobody scrapes: its containers, and the sandbox in either guise.
    pub(crate) fn containers(
        &mut self,
        namespace: &str,
        pod: &str,
        life: Range2,
        all: &[(&str, Use<'_>, Use<'_>)],
    ) {
        self.uid += 1;
        let identity = [("namespace", namespace), ("pod", pod)];
        for (name, cpu, memory) in all {
            let id = format!("/kubepods/pod{}/{name}", self.uid);
            let container = [("id", id.as_str()), ("container", name), ("image", "shop/app:1")];
            self.cgroup(&[&identity[..], &container].concat(), life, *cpu, *memory, 10);
        }
        let id = format!("/kubepods/pod{}/sandbox", self.uid);
        let pause = [("id", id.as_str()), ("image", "registry.k8s.io/pause:3.9")];
        self.cgroup(&[&identity[..], &pause].concat(), life, flat(900), flat(900), 10);
        let dockers = [("id", id.as_str()), ("container", "POD"), ("image", "registry.k8s.io/pause:3.1")];
        self.cgroup(&[&identity[..], &dockers].concat(), life, flat(900), flat(900), 10);
    }

    fn cgroup(&mut self, labels: &[(&str, &str)], life: Range2, cpu: Use<'_>, memory: Use<'_>, tenths: u64) {
        let minutes = life.0..=life.1.min(DAY);
        // What was used in a minute is known at its end. In milliseconds of a core.
        let mut used = 0;
        let counter: Vec<_> = minutes
            .clone()
            .map(|minute| {
                used += cpu.at(minute - 1) * 60 * tenths / 10;
                (time(minute), format!("{}.{:03}", used / 1000, used % 1000))
            })
            .collect();
        self.history.add("container_cpu_usage_seconds_total", labels, counter);
        for (metric, cache) in
            [("container_memory_usage_bytes", 10), ("container_memory_working_set_bytes", 9)]
        {
            let bytes = |minute| memory.at(minute) * MI * cache / 10 * tenths / 10;
            let gauge = minutes.clone().map(|minute| (time(minute), bytes(minute).to_string()));
            self.history.add(metric, labels, gauge);
        }
    }

    /// A pod's owner.
    pub(crate) fn owned(&mut self, namespace: &str, pod: &str, life: Range2, kind: &str, name: &str) {
        let labels = [
            ("namespace", namespace),
            ("pod", pod),
            ("owner_kind", kind),
            ("owner_name", name),
            ("owner_is_controller", "true"),
        ];
        self.state("kube_pod_owner", &labels, life, |_| 1);
    }

    /// The owner of a ReplicaSet or Job.
    pub(crate) fn above(
        &mut self,
        namespace: &str,
        (kind, of): (&str, &str),
        life: Range2,
        owner: (&str, &str),
    ) {
        let (metric, label) = if kind == "Job" {
            ("kube_job_owner", "job_name")
        } else {
            ("kube_replicaset_owner", "replicaset")
        };
        let labels = [
            ("namespace", namespace),
            (label, of),
            ("owner_kind", owner.0),
            ("owner_name", owner.1),
            ("owner_is_controller", "true"),
        ];
        self.state(metric, &labels, life, |_| 1);
    }

    /// A series of kube-state-metrics, with the labels that a scrape by the Prometheus operator puts on each.
    pub(crate) fn state(
        &mut self,
        metric: &str,
        labels: &[(&str, &str)],
        life: Range2,
        value: impl Fn(i64) -> u64,
    ) {
        let scraped =
            [("namespace", "monitoring"), ("pod", "kube-state-metrics-0"), ("job", "kube-state-metrics")];
        let mut all: Vec<(String, &str)> = Vec::new();
        for (label, value) in labels {
            let renamed = self.state == State::Exported && scraped.iter().any(|(name, _)| name == label);
            all.push((if renamed { format!("exported_{label}") } else { (*label).to_owned() }, value));
        }
        let missing = scraped.iter().filter(|(name, _)| !all.iter().any(|(label, _)| label == name));
        let missing: Vec<_> = missing.map(|(label, value)| ((*label).to_owned(), *value)).collect();
        all.extend(missing);
        if self.state != State::Absent {
            let all: Vec<_> = all.iter().map(|(label, value)| (label.as_str(), *value)).collect();
            let samples = (life.0..=life.1.min(DAY)).map(|minute| (time(minute), value(minute).to_string()));
            self.history.add(metric, &all, samples);
        }
    }
}
