//! The loop of one replica.

use std::{path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;
use passmuster::cluster::Error;
use rustls::sign::CertifiedKey;
use tokio::sync::{oneshot, watch};

use super::{
    lead::{Led, Standing},
    lingering::Lingering,
    offered::{LookError, Source},
    options::OperationsOptions,
    report::Report,
    retired::{Future as Outlook, future},
};
use crate::{
    certificates::{Certificate, Files, Lifetimes, Switch, trust},
    configuration::{Bundle, COLLECTION, Handled, Shape, Target, published},
    election::Leadership,
    objects::Objects,
    server::CertificateSource,
};

/// How long to wait when something is about to come: another replica's first certificate, the first endpoint.
const SOON: Duration = Duration::from_millis(250);

/// Keeps one replica's certificate right, and while it leads what all of them share.
pub struct Keeper {
    pub(super) objects: Objects,
    pub(super) namespace: String,
    pub(super) service: String,
    pub(super) deployment: Option<String>,
    pub(super) source: Source,
    pub(super) names: Vec<String>,
    pub(super) lifetimes: Lifetimes,
    pub(super) shape: Shape,
    pub(super) handled: watch::Receiver<Arc<[Handled]>>,
    pub(super) serving: watch::Receiver<bool>,
    pub(super) lingering: Lingering,
    leadership: Leadership,
    look_every: Duration,
    now: fn() -> Timestamp,
    switch: Switch,
    served: Served,
    report: watch::Sender<Report>,
}

/// Where the server takes its certificate from: it starts with the first.
enum Served {
    Nothing(Option<oneshot::Sender<CertificateSource>>),
    Something(watch::Sender<Arc<CertifiedKey>>),
}

/// What a keeper tells.
pub(super) struct Told {
    /// The certificate, once there is one.
    pub(super) certificates: oneshot::Receiver<CertificateSource>,
    /// How things stand.
    pub(super) report: watch::Receiver<Report>,
}

/// What a keeper waits for.
pub(super) struct Waited {
    /// Whether this replica holds the Lease.
    pub(super) leadership: Leadership,
    /// What the judges can handle now.
    pub(super) handled: watch::Receiver<Arc<[Handled]>>,
    /// Whether the server listens.
    pub(super) serving: watch::Receiver<bool>,
}

impl Keeper {
    pub(super) fn new(
        options: &OperationsOptions,
        objects: Objects,
        waited: Waited,
        now: fn() -> Timestamp,
    ) -> (Self, Told) {
        let (first, certificates) = oneshot::channel();
        let (report, reported) = watch::channel(Report::default());
        let keeper = Self {
            objects,
            namespace: options.own_namespace.clone(),
            service: options.service.clone(),
            deployment: options.deployment.clone(),
            source: source(options),
            names: options.target().names(),
            lifetimes: options.lifetimes(),
            shape: shape(options),
            handled: waited.handled,
            serving: waited.serving,
            lingering: Lingering::default(),
            leadership: waited.leadership,
            look_every: options.look_every,
            now,
            switch: Switch::default(),
            served: Served::Nothing(Some(first)),
            report,
        };
        (keeper, Told { certificates, report: reported })
    }

    /// Looks again and again until `end`.
    pub async fn run(mut self, end: impl Future<Output = ()>) {
        tokio::pin!(end);
        loop {
            let pause = tokio::select! {
                () = &mut end => break,
                pause = self.turn() => pause,
            };
            let led = self.leadership.leads();
            tokio::select! {
                () = &mut end => break,
                () = tokio::time::sleep(pause) => {}
                () = self.leadership.changed_from(led) => {}
                Ok(()) = self.handled.changed() => {}
                Ok(()) = self.serving.changed() => {}
            }
        }
        if let Err(error) = self.retire().await {
            tracing::warn!(%error, "can't tell whether the configuration has to go; it ends with the namespace");
        }
    }

    /// One look, and how long to wait for the next.
    async fn turn(&mut self) -> Duration {
        let now = (self.now)();
        let outcome = self.look(now).await;
        let pending = !matches!(outcome, Ok(false));
        self.report.send_modify(|report| {
            report.leads = self.leadership.leads();
            match outcome {
                Ok(_) => {
                    report.looked = Some(now);
                    report.error = None;
                }
                Err(error) => {
                    let error = error.to_string();
                    if report.error.as_ref() != Some(&error) {
                        tracing::warn!(
                            error,
                            "certificates and configuration can't be looked at; trying again"
                        );
                    }
                    report.error = Some(error);
                    report.failures += 1;
                }
            }
        });
        if pending { self.look_every.min(SOON) } else { self.look_every }
    }

    /// Whether something is about to come.
    async fn look(&mut self, now: Timestamp) -> Result<bool, LookError> {
        let live = self
            .objects
            .get(&self.configuration_path())
            .await
            .map_err(LookError::api("reading the ValidatingWebhookConfiguration"))?;
        let mut standing = Standing {
            published: live.as_ref().map(published),
            live,
            // What is written next must be told from what was read before.
            seen: self.source.look(&self.objects).await?,
        };
        let led = if self.leadership.leads() { Some(self.lead(&mut standing, now).await?) } else { None };
        let offer = standing.seen.offer();
        if let Some(offer) = &offer {
            let published = standing.published.as_deref();
            let settle = self.lifetimes.settle;
            if self.switch.look(&offer.leaf, published, &self.names, settle, now) {
                self.serve();
            }
        }
        self.tell(standing.published.as_deref(), led.as_ref(), now);
        Ok(offer.is_none() || led.is_some_and(|led| led == Led::Pending))
    }

    /// Hands what the switch chose to the server.
    fn serve(&mut self) {
        let Some(leaf) = self.switch.served() else { return };
        let certificate = leaf.served();
        let not_after = leaf.first().not_after;
        match &mut self.served {
            Served::Something(sender) => drop(sender.send_replace(certificate)),
            Served::Nothing(first) => {
                let (sender, receiver) = watch::channel(certificate);
                // Fails when the process is about to end.
                let _ = first.take().map(|first| first.send(receiver));
                self.served = Served::Something(sender);
            }
        }
        tracing::info!(%not_after, "another certificate is served");
        self.report.send_modify(|report| report.switches += 1);
    }

    fn tell(&self, published: Option<&[Certificate]>, led: Option<&Led>, now: Timestamp) {
        let served = self.switch.served();
        let chain = served.map(crate::certificates::Leaf::chain).unwrap_or_default();
        let distrust = published.and_then(|authorities| trust(chain, authorities, &self.names, now).err());
        self.report.send_modify(|report| {
            report.certificate_not_after = served.map(|leaf| leaf.first().not_after);
            report.authority_not_after =
                published.and_then(|authorities| Some(authorities.first()?.not_after));
            report.distrust = distrust.map(|distrust| distrust.to_string());
            report.configured = published.is_some();
            report.in_sync = led.map(|led| *led == Led::InSync);
        });
    }

    /// Takes the configuration away when nobody will answer any more. Whichever replica ends last does it.
    async fn retire(&self) -> Result<(), Error> {
        if future(&self.objects, &self.namespace, self.deployment.as_deref()).await? != Outlook::Ends {
            return Ok(());
        }
        let path = self.configuration_path();
        if let Some(live) = self.objects.get(&path).await? {
            self.objects.delete(&path, &live).await?;
            tracing::info!("the webhook ends here: its configuration is deleted");
        }
        Ok(())
    }

    pub(super) fn configuration_path(&self) -> String {
        format!("{COLLECTION}/{}", self.shape.name)
    }
}

fn source(options: &OperationsOptions) -> Source {
    match &options.certificate_dir {
        Some(directory) => Source::Files(Files::new(PathBuf::clone(directory))),
        None => {
            Source::Own { namespace: options.own_namespace.clone(), name: options.certificate_secret.clone() }
        }
    }
}

/// All of the configuration that the options decide.
pub fn shape(options: &OperationsOptions) -> Shape {
    let target = options.target();
    let account = &options.service_account;
    let user = matches!(target, Target::Service { .. })
        .then(|| format!("system:serviceaccount:{}:{account}", options.own_namespace));
    Shape {
        name: options.configuration.clone(),
        target,
        bundle: if options.inject_ca_from.is_some() { Bundle::Others } else { Bundle::Given(Vec::new()) },
        failure_policy: options.failure_policy,
        timeout_seconds: options.timeout_seconds,
        excluded_namespaces: options.excluded_namespaces(),
        user,
        owner: None,
        annotations: options.annotations(),
    }
}
