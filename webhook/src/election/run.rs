//! The election's edge: the Lease in the API server.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use passmuster::cluster::Error;
use serde_json::Value;
use tokio::sync::watch;

use super::{Candidate, Lease, Step, Timing};
use crate::objects::{Objects, Written};

/// Takes part in an election.
#[derive(Debug)]
pub struct Election {
    objects: Objects,
    namespace: String,
    name: String,
    candidate: Candidate,
    retry: Duration,
    now: fn() -> Timestamp,
    until: watch::Sender<Option<Instant>>,
}

/// Whether this replica holds the Lease.
#[derive(Debug, Clone)]
pub struct Leadership(watch::Receiver<Option<Instant>>);

impl Leadership {
    /// Whether it does, now.
    pub fn leads(&self) -> bool {
        self.0.borrow().is_some_and(|until| Instant::now() < until)
    }

    /// Returns when it is no longer as it `was`.
    pub async fn changed_from(&mut self, was: bool) {
        while self.leads() == was {
            if self.0.changed().await.is_err() {
                // The election has ended, and nothing will change any more.
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Election {
    /// An election by the Lease of this namespace and name, in which this one is called `identity`.
    pub fn new(
        objects: Objects,
        (namespace, name): (&str, &str),
        identity: String,
        timing: Timing,
        now: fn() -> Timestamp,
    ) -> (Self, Leadership) {
        let (until, leadership) = watch::channel(None);
        let election = Self {
            objects,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            candidate: Candidate::new(identity, timing),
            retry: timing.retry,
            now,
            until,
        };
        (election, Leadership(leadership))
    }

    /// Takes part until `end`, and then gives the Lease back, so that another need not wait for its term to pass.
    pub async fn run(mut self, end: impl Future<Output = ()>) {
        tokio::pin!(end);
        loop {
            tokio::select! {
                () = &mut end => break,
                () = self.turn() => {}
            }
            tokio::select! {
                () = &mut end => break,
                () = tokio::time::sleep(self.retry) => {}
            }
        }
        self.tell(None);
        if let Err(error) = self.release().await {
            tracing::warn!(%error, lease = self.name, "can't give the Lease back; another waits for its term to pass");
        }
    }

    async fn turn(&mut self) {
        if let Err(error) = self.attempt().await {
            tracing::warn!(%error, namespace = self.namespace, lease = self.name, "can't take part in the election");
        }
        self.tell(self.candidate.leads_until());
    }

    async fn attempt(&mut self) -> Result<(), Error> {
        let seen = self.objects.get(&self.path()).await?;
        let asked = Instant::now();
        let Step::Write(lease) = self.candidate.look(seen.as_ref(), asked, (self.now)()) else {
            return Ok(());
        };
        if self.write(&lease, seen.as_ref()).await? {
            self.candidate.wrote(lease, asked);
        }
        Ok(())
    }

    async fn release(&mut self) -> Result<(), Error> {
        let seen = self.objects.get(&self.path()).await?;
        match self.candidate.release(seen.as_ref(), (self.now)()) {
            Some(lease) => self.write(&lease, seen.as_ref()).await.map(drop),
            None => Ok(()),
        }
    }

    /// Whether it is written: another may have been faster.
    async fn write(&self, lease: &Lease, seen: Option<&Value>) -> Result<bool, Error> {
        let object = lease.object(&self.namespace, &self.name, seen);
        let written = match seen {
            Some(_) => self.objects.replace(&self.path(), &object).await?,
            None => self.objects.create(&self.collection(), &object).await?,
        };
        Ok(written != Written::Conflict)
    }

    fn tell(&self, until: Option<Instant>) {
        let led = self.until.send_replace(until);
        match (led, until) {
            (None, Some(_)) => tracing::info!(lease = self.name, "this replica leads"),
            (Some(_), None) => tracing::info!(lease = self.name, "this replica leads no more"),
            _ => {}
        }
    }

    fn collection(&self) -> String {
        format!("/apis/coordination.k8s.io/v1/namespaces/{}/leases", self.namespace)
    }

    fn path(&self) -> String {
        format!("{}/{}", self.collection(), self.name)
    }
}
