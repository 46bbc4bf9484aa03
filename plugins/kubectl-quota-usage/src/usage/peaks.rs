//! What pods used at their highest, by the Prometheus of each cluster.

use std::collections::BTreeSet;

use passmuster::{
    cli::Session,
    cluster::fleet::Member,
    model::{Skipped, Time},
    prometheus::{self, Client, Error, Target},
    quota::{
        inventory::{Inventory, Wanted},
        peak::{PeakQuestion, Peaks},
    },
};

use super::{Settings, settings::PeakSettings};

/// The Prometheus of a cluster, and what to ask of it.
pub(super) struct Asking {
    client: Client,
    question: PeakQuestion,
}

impl Asking {
    /// What is asked of a cluster's Prometheus; `None` when no peaks are wanted or none is known.
    pub(super) fn of(
        settings: &Settings,
        member: &Member,
        namespace: Option<&str>,
        now: Time,
        session: &Session,
    ) -> Option<Result<Self, Error>> {
        let PeakSettings { url, period, until, memory, accurate } = settings.peaks.as_ref()?;
        let contexts = std::iter::once(&member.context).chain(&member.also).map(String::as_str);
        let configured = settings.config.prometheus_of(contexts);
        let target = match url {
            // How to sign in, and which series are the cluster's, is still what the configuration says.
            Some(url) => Target { url: url.clone(), ..configured.cloned().unwrap_or_default() },
            None => configured?.clone(),
        };
        let question = PeakQuestion {
            period: *period,
            until: until.unwrap_or(now.seconds),
            memory: *memory,
            accurate: *accurate,
            owners: Wanted::by(&settings.rows.by).owner,
            namespaces: namespace.map(str::to_owned).into_iter().collect(),
            ..PeakQuestion::default()
        };
        Some(Client::new(&target, &session.env).map(|client| Self { client, question }))
    }

    /// Asks.
    pub(super) async fn peaks(&self) -> Result<Peaks, Error> {
        prometheus::peaks(&self.client, &self.question).await
    }

    /// What is wrong with asking this Prometheus of that cluster, if anything.
    pub(super) async fn doubt(&self, cluster: &str, inventory: &Inventory) -> Option<Skipped> {
        let nodes: BTreeSet<String> = inventory.nodes.keys().cloned().collect();
        if nodes.is_empty() {
            return None;
        }
        let mapping = prometheus::check(&self.client, &nodes, self.question.until).await.ok()?;
        let message = mapping.warning(self.client.url(), cluster)?;
        Some(Skipped {
            resource: "peaks".to_owned(),
            namespace: None,
            reason: "Doubtful".to_owned(),
            message,
        })
    }
}
