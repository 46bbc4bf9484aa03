//! The texts of the queries.
//!
//! cadvisor has several series of one pod: of its cgroup (`container=""`, `image=""`), which is the pod's true total;
//! of each container; and of the sandbox (`container="POD"`, or `container=""` with an image), which is in the first
//! and must not be added to the second. The pod's own series count where they are, and the sum of the containers
//! where they are not. Everything is grouped by namespace *and* pod: pods of one name in two namespaces are two. Several
//! series of one pod or container (two scrapes, a restart, a StatefulSet's pod made anew) are one, by their maximum.

mod text;

use std::collections::BTreeMap;

use self::text::{literal, quoted};
use super::{MemoryKind, Piece, window::STEP};

/// Two samples of a counter are looked for this far back, in seconds: the seed's `[5m]`.
pub const RATE: i64 = 300;
/// How far back Prometheus looks for the last sample of a series, in seconds, unless it is told otherwise.
pub const LOOKBACK: i64 = 300;

const CPU: &str = "container_cpu_usage_seconds_total";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Cores.
    Cpu,
    /// Bytes.
    Memory(MemoryKind),
}

/// Where a pod's total stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Every pod has a series of its own.
    OfPods,
    /// Some pods have not, and their containers are added up.
    OfContainers,
}

/// Labels that the series of kube-state-metrics have: their own, or where the scrape renames them (`honor_labels` is
/// off) those that Prometheus makes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// `namespace`, `pod`.
    Own,
    /// `exported_namespace`, `exported_pod`.
    Exported,
}

impl Measure {
    /// The resource that it is of.
    pub fn resource(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory(_) => "memory",
        }
    }

    /// The metric.
    pub fn metric(self) -> &'static str {
        match self {
            Self::Cpu => CPU,
            Self::Memory(MemoryKind::Usage) => "container_memory_usage_bytes",
            Self::Memory(MemoryKind::WorkingSet) => "container_memory_working_set_bytes",
        }
    }

    /// A selector at one step.
    fn now(self, selector: &str) -> String {
        match self {
            Self::Cpu => format!("irate({selector}[{RATE}s])"),
            Self::Memory(_) => selector.to_owned(),
        }
    }
}

/// Writes queries for one cluster.
#[derive(Debug, Clone, Default)]
pub struct Queries {
    /// Labels that only the cluster's series have, and their values.
    pub matchers: BTreeMap<String, String>,
}

impl Queries {
    /// The pods' own peaks, by namespace and pod.
    pub fn peaks(&self, measure: Measure, layout: Layout, piece: &Piece) -> String {
        let length = piece.length();
        match (layout, measure) {
            (Layout::OfPods, Measure::Cpu) => {
                let pods = measure.now(&self.of_pods(measure, &piece.namespaces));
                format!("max by (namespace, pod) (max_over_time({pods}[{length}s:{STEP}s]))")
            }
            (Layout::OfPods, Measure::Memory(_)) => {
                let pods = self.of_pods(measure, &piece.namespaces);
                format!("max by (namespace, pod) (max_over_time({pods}[{length}s]))")
            }
            (Layout::OfContainers, _) => {
                let pods = self.pods(measure, layout, &piece.namespaces);
                format!("max_over_time(({pods})[{length}s:{STEP}s])")
            }
        }
    }

    /// The peaks of the pods' sums, by namespace. Each step is one of [`Queries::peaks`]' too, and what it sees of
    /// memory lies within the window, so the sum of those is never less.
    pub fn concurrent(&self, measure: Measure, layout: Layout, piece: &Piece, start: i64) -> String {
        let from = match measure {
            Measure::Cpu => piece.from,
            Measure::Memory(_) => piece.from.max(start + LOOKBACK),
        };
        let pods = self.pods(measure, layout, &piece.namespaces);
        format!(
            "max_over_time((sum by (namespace) ({pods}))[{}s:{STEP}s])",
            (piece.until - from).max(i64::from(STEP))
        )
    }

    /// The namespaces in which, at some time, a pod has no series of its own.
    pub fn without_own(&self, measure: Measure, piece: &Piece) -> String {
        let (pods, containers) =
            (self.of_pods(measure, &piece.namespaces), self.of_containers(measure, &piece.namespaces));
        let lacking = format!("count by (namespace, pod) ({containers}) unless on (namespace, pod) {pods}");
        format!("max by (namespace) (max_over_time(({lacking})[{}s:{STEP}s]))", piece.length())
    }

    /// Who owns pods, ReplicaSets and Jobs, or owned them.
    pub fn owners(&self, naming: Naming, piece: &Piece) -> String {
        let series = self.state(
            "kube_(pod|replicaset|job)_owner",
            naming,
            &piece.namespaces,
            &[("owner_is_controller", "true")],
        );
        let by = naming.labels(&["replicaset", "job_name", "owner_kind", "owner_name"]);
        format!("max by ({by}) (last_over_time({series}[{}s]))", piece.length())
    }

    /// How many pods workloads had at most.
    pub fn replicas(&self, naming: Naming, piece: &Piece) -> String {
        let names = "kube_(deployment_spec_replicas|replicaset_spec_replicas|replicationcontroller_spec_replicas|\
                     statefulset_replicas|daemonset_status_desired_number_scheduled|job_spec_parallelism|\
                     cronjob_status_active)";
        let series = self.state(names, naming, &piece.namespaces, &[]);
        let by = naming.labels(&[
            "deployment",
            "replicaset",
            "replicationcontroller",
            "statefulset",
            "daemonset",
            "job_name",
            "cronjob",
        ]);
        format!("max by ({by}) (max_over_time({series}[{}s]))", piece.length())
    }

    /// By namespace and the part of the pods' names before the last dash, how many pods there were at once.
    pub fn at_once(&self, measure: Measure, piece: &Piece) -> String {
        let any = self.selector(measure.metric(), "namespace", &piece.namespaces, &[("pod", "!=", "")]);
        let sets =
            format!(r#"label_replace(count by (namespace, pod) ({any}), "set", "$1", "pod", "(.+)-[^-]+")"#);
        format!("max_over_time((count by (namespace, set) ({sets}))[{}s:{STEP}s])", piece.length())
    }

    /// Everything that has pods, to learn the namespaces.
    pub fn anything(&self, measure: Measure) -> String {
        self.selector(measure.metric(), "namespace", &[], &[("pod", "!=", "")])
    }

    /// The nodes that kube-state-metrics knows.
    pub fn nodes(&self) -> String {
        format!("count by (node, exported_node) ({})", self.selector("kube_node_info", "namespace", &[], &[]))
    }

    /// The nodes that are scraped, by whatever label names them: each has one root cgroup.
    pub fn scraped_nodes(&self) -> String {
        let roots = self.selector(CPU, "namespace", &[], &[("id", "=", "/")]);
        format!("count by (node, kubernetes_io_hostname, instance) ({roots})")
    }

    /// What each pod uses at one step.
    fn pods(&self, measure: Measure, layout: Layout, namespaces: &[String]) -> String {
        let own = measure.now(&self.of_pods(measure, namespaces));
        let own = format!("max by (namespace, pod) ({own})");
        if layout == Layout::OfPods {
            return own;
        }
        let containers = measure.now(&self.of_containers(measure, namespaces));
        format!("{own} or sum by (namespace, pod) (max by (namespace, pod, container) ({containers}))")
    }

    fn of_pods(&self, measure: Measure, namespaces: &[String]) -> String {
        let pods = [("pod", "!=", ""), ("container", "=", ""), ("image", "=", "")];
        self.selector(measure.metric(), "namespace", namespaces, &pods)
    }

    fn of_containers(&self, measure: Measure, namespaces: &[String]) -> String {
        let containers = [("pod", "!=", ""), ("container", "!=", ""), ("container", "!=", "POD")];
        self.selector(measure.metric(), "namespace", namespaces, &containers)
    }

    /// Series of kube-state-metrics: one query for what each kind calls differently.
    fn state(&self, names: &str, naming: Naming, namespaces: &[String], more: &[(&str, &str)]) -> String {
        let mut all = vec![("__name__", "=~", names)];
        all.extend(more.iter().map(|(label, value)| (*label, "=", *value)));
        self.selector("", naming.namespace(), namespaces, &all)
    }

    fn selector(
        &self,
        metric: &str,
        namespace: &str,
        namespaces: &[String],
        more: &[(&str, &str, &str)],
    ) -> String {
        let mut parts: Vec<String> =
            self.matchers.iter().map(|(label, value)| format!("{label}={}", quoted(value))).collect();
        match namespaces {
            [] => {}
            [one] => parts.push(format!("{namespace}={}", quoted(one))),
            several => {
                let names: Vec<_> = several.iter().map(|name| literal(name)).collect();
                parts.push(format!("{namespace}=~{}", quoted(&names.join("|"))));
            }
        }
        parts.extend(
            more.iter().map(|(label, operator, value)| format!("{label}{operator}{}", quoted(value))),
        );
        format!("{metric}{{{}}}", parts.join(","))
    }
}

impl Naming {
    /// The label that holds a namespace.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::Own => "namespace",
            Self::Exported => "exported_namespace",
        }
    }

    /// The label that holds a pod.
    pub fn pod(self) -> &'static str {
        match self {
            Self::Own => "pod",
            Self::Exported => "exported_pod",
        }
    }

    fn labels(self, more: &[&str]) -> String {
        [&[self.namespace(), self.pod()], more].concat().join(", ")
    }
}
