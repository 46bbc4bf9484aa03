//! What a report says, as a readiness check and as figures.

use std::sync::{Arc, atomic::AtomicU64};

use jiff::Timestamp;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::watch;

use super::Report;
use crate::telemetry::{Check, Telemetry};

/// Where a report goes.
pub(super) struct Publisher {
    telemetry: Arc<Telemetry>,
    check: Check,
    authority: Gauge<f64, AtomicU64>,
    leads: Gauge,
    in_sync: Gauge,
}

impl Publisher {
    pub(super) fn new(telemetry: &Arc<Telemetry>) -> Self {
        let (authority, leads, in_sync) = (Gauge::default(), Gauge::default(), Gauge::default());
        telemetry.register(|registry| {
            registry.register(
                "authority_not_after_seconds",
                "When the newest authority in the caBundle ends, in Unix time; 0 without one",
                authority.clone(),
            );
            registry.register("leader", "1 while this replica holds the Lease", leads.clone());
            registry.register(
                "configuration_in_sync",
                "1 while the ValidatingWebhookConfiguration is as it should be; of the leader",
                in_sync.clone(),
            );
        });
        let check = telemetry.checks.register("certificate");
        Self { telemetry: Arc::clone(telemetry), check, authority, leads, in_sync }
    }

    /// Publishes each report until there are no more.
    pub(super) async fn run(self, mut reports: watch::Receiver<Report>, now: fn() -> Timestamp) {
        let (mut switches, mut failures) = (0, 0);
        loop {
            let report = reports.borrow_and_update().clone();
            self.check.set(report.unready(now()).map_or(Ok(()), Err));
            let metrics = &self.telemetry.metrics.certificate;
            metrics.not_after.set(seconds(report.certificate_not_after));
            metrics.trusted.set(i64::from(report.configured && report.distrust.is_none()));
            metrics.reloads.inc_by(report.switches.saturating_sub(switches));
            metrics.reload_errors.inc_by(report.failures.saturating_sub(failures));
            (switches, failures) = (report.switches, report.failures);
            self.authority.set(seconds(report.authority_not_after));
            self.leads.set(i64::from(report.leads));
            self.in_sync.set(i64::from(report.in_sync == Some(true)));
            if reports.changed().await.is_err() {
                return;
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a double is exact for whole seconds of any year")]
fn seconds(time: Option<Timestamp>) -> f64 {
    time.map_or(0.0, |time| time.as_second() as f64)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path, time::Duration};

    use super::*;
    use crate::{
        admission::{Decision, Request},
        telemetry::KindLabels,
    };

    /// Everything that can be counted, counted once: what never was is not told.
    fn told() -> String {
        let telemetry = Arc::new(Telemetry::default());
        let _publisher = Publisher::new(&telemetry);
        let metrics = &telemetry.metrics;
        let request: Request<'_> = serde_json::from_str(r#"{"operation": "CREATE"}"#).unwrap();
        metrics.admission.decided(&request, &Decision::allowed(), Duration::ZERO);
        metrics.admission.refused("overload");
        metrics.load.closed("idle");
        let pods = KindLabels { kind: "Pod", group: "" };
        metrics.cache.age.get_or_create(&pods).set(0.0);
        metrics.cache.objects.get_or_create(&pods).set(0);
        metrics.cache.relists.get_or_create(&pods).inc();
        telemetry.text().unwrap()
    }

    #[test]
    fn alerts_and_dashboard_ask_for_figures_that_exist() {
        let text = told();
        let known: BTreeSet<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split([' ', '{']).next())
            .collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/components/monitoring");
        for file in ["prometheus-rule.yaml", "dashboard.json"] {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let asked: BTreeSet<&str> = words.filter(|word| word.starts_with("passmuster_")).collect();
            assert!(asked.len() > 5, "{file}");
            for figure in asked {
                assert!(known.contains(figure), "{file} asks for {figure}, which is none of {known:#?}");
            }
        }
    }
}
