//! What only the elected replica does.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    keeper::Keeper,
    offered::{LookError, Seen, Source},
    retired::{Future as Outlook, future},
};
use crate::{
    certificates::{Certificate, Facts, plan, renew, secret},
    configuration::{
        Bundle, COLLECTION, Correction, Owner, Shape, Target, configuration, correction, published,
    },
    objects::Written,
};

/// How things stand in the cluster; what is written is written here as well.
pub(super) struct Standing {
    /// Where certificates are offered.
    pub(super) seen: Seen,
    /// The live configuration.
    pub(super) live: Option<Value>,
    /// The authorities in it.
    pub(super) published: Option<Vec<Certificate>>,
}

/// What has become of what a leader keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Led {
    /// All is as it should be.
    InSync,
    /// Something is about to be.
    Pending,
    /// There is nothing to keep any more.
    Retired,
}

impl Keeper {
    /// Makes certificates and configuration as they should be.
    pub(super) async fn lead(&mut self, standing: &mut Standing, now: Timestamp) -> Result<Led, LookError> {
        let outlook = future(&self.objects, &self.namespace, self.deployment.as_deref())
            .await
            .map_err(LookError::api("reading this namespace and Deployment"))?;
        let Outlook::Stays { uid } = outlook else {
            if let Some(live) = standing.live.take() {
                self.objects
                    .delete(&self.configuration_path(), &live)
                    .await
                    .map_err(LookError::api("deleting the ValidatingWebhookConfiguration"))?;
                tracing::info!("the webhook ends here: its configuration is deleted");
            }
            standing.published = None;
            return Ok(Led::Retired);
        };
        if !self.keep_certificates(standing, now).await? {
            return Ok(Led::Pending);
        }
        self.keep_configuration(standing, uid, now).await
    }

    /// Whether there is a certificate.
    async fn keep_certificates(&self, standing: &mut Standing, now: Timestamp) -> Result<bool, LookError> {
        let (Seen::Own(object, stored), Source::Own { namespace, name }) = (&mut standing.seen, &self.source)
        else {
            return Ok(true);
        };
        let facts = Facts { stored, published: standing.published.as_deref(), names: &self.names };
        let actions = plan(facts, &self.lifetimes, now);
        if actions.is_empty() {
            return Ok(true);
        }
        tracing::info!(actions = %words(&actions), secret = name, "certificates are renewed");
        let renewed = renew(std::mem::take(&mut **stored), actions, &self.names, &self.lifetimes, now)?;
        let wanted = secret(namespace, name, &renewed, object.as_ref());
        let written = if object.is_some() {
            self.objects.replace(&Source::path(namespace, name), &wanted).await
        } else {
            self.objects.create(&format!("/api/v1/namespaces/{namespace}/secrets"), &wanted).await
        };
        match written.map_err(LookError::api("writing the certificates' Secret"))? {
            Written::Stored(written) => {
                standing.seen = Seen::Own(Some(written), Box::new(renewed));
                Ok(true)
            }
            // The next look sees what the other wrote.
            Written::Conflict => Ok(false),
        }
    }

    async fn keep_configuration(
        &mut self,
        standing: &mut Standing,
        uid: String,
        now: Timestamp,
    ) -> Result<Led, LookError> {
        let owner = Some(Owner { name: self.namespace.clone(), uid });
        let bundle = self.bundle(standing, now);
        let shape = Shape { bundle, owner, ..self.shape.clone() };
        let wanted = configuration(&shape, &self.handled.borrow_and_update().clone());
        let written = match correction(standing.live.as_ref(), &wanted, &shape) {
            Correction::None => return Ok(Led::InSync),
            Correction::Create(object) => {
                if !self.is_reachable().await? {
                    return Ok(Led::Pending);
                }
                tracing::info!(name = self.shape.name, "API servers are told to call");
                self.objects.create(COLLECTION, &object).await
            }
            Correction::Replace(object) => {
                tracing::info!(name = self.shape.name, "the configuration is put right");
                self.objects.replace(&self.configuration_path(), &object).await
            }
        };
        match written.map_err(LookError::api("writing the ValidatingWebhookConfiguration"))? {
            Written::Stored(live) => {
                standing.published = Some(published(&live));
                standing.live = Some(live);
                Ok(Led::InSync)
            }
            Written::Conflict => Ok(Led::Pending),
        }
    }

    /// Whom API servers are to trust from now on.
    fn bundle(&mut self, standing: &Standing, now: Timestamp) -> Bundle {
        let published = standing.published.as_deref().unwrap_or_default();
        match &standing.seen {
            _ if self.shape.bundle == Bundle::Others => Bundle::Others,
            Seen::Own(_, stored) => Bundle::Given(stored.authorities.clone()),
            // Whoever keeps the files without naming an authority has told API servers in another way.
            Seen::Files(offer) if offer.authorities.is_empty() => Bundle::Others,
            Seen::Files(offer) => {
                let overlap = self.lifetimes.overlap;
                Bundle::Given(self.lingering.bundle(&offer.authorities, published, overlap, now))
            }
        }
    }

    /// Whether a call would arrive: API servers are not told to call before. With failurePolicy Fail they would refuse
    /// everything until then.
    async fn is_reachable(&self) -> Result<bool, LookError> {
        if !*self.serving.borrow() {
            return Ok(false);
        }
        if let Target::Url(_) = self.shape.target {
            return Ok(true);
        }
        let path = format!(
            "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D{}",
            self.namespace, self.service
        );
        let slices =
            self.objects.get(&path).await.map_err(LookError::api("reading the Service's endpoints"))?;
        let slices = slices.unwrap_or_default();
        let mut endpoints = slices["items"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|slice| slice["endpoints"].as_array().into_iter().flatten());
        Ok(endpoints.any(|endpoint| endpoint["conditions"]["ready"] == true))
    }
}

fn words(actions: &[crate::certificates::Action]) -> String {
    let words = actions.iter().map(ToString::to_string).collect::<Vec<_>>();
    words.join(", ")
}
