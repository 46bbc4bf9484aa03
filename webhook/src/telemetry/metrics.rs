//! The figures.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::labels::{Label, Names};
use crate::admission::{Decision, Request};

/// Kinds that are told apart.
const KINDS: usize = 64;
/// Policies that are told apart.
const POLICIES: usize = 256;
/// Seconds: rules take some 100 µs, and API servers wait 30 s at most.
const DURATIONS: [f64; 16] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// What the server counts. Cheap to clone: all clones count together.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    /// Decisions.
    pub admission: AdmissionMetrics,
    /// Connections, turns and queues.
    pub load: LoadMetrics,
    /// The serving certificate.
    pub certificate: CertificateMetrics,
    /// What is known of the cluster.
    pub cache: CacheMetrics,
    /// The quota ledger.
    pub ledger: LedgerMetrics,
}

impl Metrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        metrics.admission.register(registry.sub_registry_with_prefix("admission"));
        metrics.load.register(registry);
        metrics.certificate.register(registry.sub_registry_with_prefix("certificate"));
        metrics.cache.register(registry.sub_registry_with_prefix("cache"));
        metrics.ledger.register(registry.sub_registry_with_prefix("ledger"));
        metrics
    }
}

/// What was decided.
#[derive(Debug, Clone)]
pub struct AdmissionMetrics {
    decisions: Family<DecisionLabels, Counter>,
    refused: Family<ReasonLabels, Counter>,
    durations: Family<DurationLabels, Histogram>,
    kinds: Arc<Names>,
    policies: Arc<Names>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DecisionLabels {
    policy: Label,
    operation: &'static str,
    kind: Label,
    decision: &'static str,
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DurationLabels {
    operation: &'static str,
    decision: &'static str,
}

/// One word why.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

impl Default for AdmissionMetrics {
    fn default() -> Self {
        Self {
            decisions: Family::default(),
            refused: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(DURATIONS)),
            kinds: Arc::new(Names::new(KINDS)),
            policies: Arc::new(Names::new(POLICIES)),
        }
    }
}

impl AdmissionMetrics {
    /// A request that was decided, this long after it came.
    pub fn decided(&self, request: &Request<'_>, decision: &Decision, took: Duration) {
        let operation = request.operation.as_str();
        let word = |denied: bool| if denied { "denied" } else { "allowed" };
        let kind = self.kinds.label(&request.kind.kind);
        let count = |policy: &str, denied, reason| {
            let (policy, kind) = (self.policies.label(policy), kind.clone());
            let labels = DecisionLabels { policy, operation, kind, decision: word(denied), reason };
            self.decisions.get_or_create(&labels).inc();
        };
        let denied = !decision.is_allowed();
        if decision.grounds.is_empty() {
            count("", denied, "");
        }
        for grounds in &decision.grounds {
            count(&grounds.policy, grounds.denied, grounds.reason);
        }
        let labels = DurationLabels { operation, decision: word(denied) };
        self.durations.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// A call that got no review, for this reason.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&ReasonLabels { reason }).inc();
    }

    fn register(&self, registry: &mut Registry) {
        registry.register(
            "decisions",
            "Decisions by the policy that had a say; without one the policy is empty",
            self.decisions.clone(),
        );
        registry.register(
            "refused",
            "Calls that got no review: overload, hostile input, no time, defects",
            self.refused.clone(),
        );
        registry.register_with_unit(
            "duration",
            "From the head of a call to its decision",
            Unit::Seconds,
            self.durations.clone(),
        );
    }
}

/// How busy the server is.
#[derive(Debug, Clone, Default)]
pub struct LoadMetrics {
    /// Open connections.
    pub connections: Gauge,
    /// Requests that are being judged.
    pub in_flight: Gauge,
    /// Requests that wait for their turn.
    pub queued: Gauge,
    closed: Family<ReasonLabels, Counter>,
}

impl LoadMetrics {
    /// A connection that the server closed, for this reason.
    pub fn closed(&self, reason: &'static str) {
        self.closed.get_or_create(&ReasonLabels { reason }).inc();
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("connections", "Open connections", self.connections.clone());
        registry.register("in_flight", "Requests that are being judged", self.in_flight.clone());
        registry.register("queued", "Requests that wait for their turn", self.queued.clone());
        registry.register("connections_closed", "Connections that the server gave up", self.closed.clone());
    }
}

/// The serving certificate.
#[derive(Debug, Clone, Default)]
pub struct CertificateMetrics {
    /// When it ends, in seconds of Unix time.
    pub not_after: Gauge<f64, AtomicU64>,
    /// 1 while the webhook configuration's caBundle trusts it.
    pub trusted: Gauge,
    /// How often another was taken into use.
    pub reloads: Counter,
    /// How often that failed.
    pub reload_errors: Counter,
}

impl CertificateMetrics {
    fn register(&self, registry: &mut Registry) {
        registry.register("not_after_seconds", "When it ends, in Unix time", self.not_after.clone());
        registry.register("trusted", "1 while the caBundle trusts it", self.trusted.clone());
        registry.register("reloads", "Certificates taken into use", self.reloads.clone());
        registry.register("reload_errors", "Certificates that could not be", self.reload_errors.clone());
    }
}

/// What is known of the cluster.
#[derive(Debug, Clone, Default)]
pub struct CacheMetrics {
    /// Seconds since the watch of a kind last said anything.
    pub age: Family<KindLabels, Gauge<f64, AtomicU64>>,
    /// Objects of a kind.
    pub objects: Family<KindLabels, Gauge>,
    /// How often a kind was listed anew.
    pub relists: Family<KindLabels, Counter>,
}

/// A kind that rules look up.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct KindLabels {
    /// As in `kind:`.
    pub kind: &'static str,
    /// Its group.
    pub group: &'static str,
}

impl CacheMetrics {
    fn register(&self, registry: &mut Registry) {
        registry.register("age_seconds", "Since the watch last said anything", self.age.clone());
        registry.register("objects", "Objects that are known", self.objects.clone());
        registry.register("relists", "Lists that were read anew", self.relists.clone());
    }
}

/// The quota ledger.
#[derive(Debug, Clone, Default)]
pub struct LedgerMetrics {
    /// Writes to the API server.
    pub writes: Counter,
    /// Writes that another replica's came before.
    pub conflicts: Counter,
    /// Reservations that are open.
    pub reservations: Gauge,
    /// Reservations that were never confirmed.
    pub expired: Counter,
    /// Amounts that a recount found wrong, and put right.
    pub drift: Counter,
}

impl LedgerMetrics {
    fn register(&self, registry: &mut Registry) {
        registry.register("writes", "Writes to the API server", self.writes.clone());
        registry.register("conflicts", "Writes that another replica's came before", self.conflicts.clone());
        registry.register("reservations", "Reservations that are open", self.reservations.clone());
        registry.register("expired", "Reservations that were never confirmed", self.expired.clone());
        registry.register("drift", "Amounts that a recount found wrong", self.drift.clone());
    }
}
