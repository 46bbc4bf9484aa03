//! Quotas that the API server's admission holds to.

use std::time::Duration;

use serde_json::{Value, json};

use super::ControlPlane;
use crate::Error;
use crate::eventually::poll;

/// How long a quota may take to be counted, and admission to hear of it.
const HEARD: Duration = Duration::from_secs(60);

impl ControlPlane {
    /// Waits until the namespace's quotas are counted and admission has heard of it. Their status may be there to be
    /// read before that, and until it has heard it lets everything pass.
    ///
    /// It hears of all quotas in the order of their changes. So when it holds to one that was made later, it knows the
    /// others; that one is removed again.
    pub fn quotas_heard(&self, namespace: &str) -> Result<(), Error> {
        let quotas = format!("/api/v1/namespaces/{namespace}/resourcequotas");
        let is_counted = |quota: &Value| quota["status"]["used"].is_object();
        poll(HEARD, "quotas that are counted", || {
            self.api.get(&quotas).ok()?["items"].as_array()?.iter().all(is_counted).then_some(())
        })?;
        let none = json!({"apiVersion": "v1", "kind": "ResourceQuota",
            "metadata": {"name": "no-pod-templates", "namespace": namespace},
            "spec": {"hard": {"count/podtemplates": "0"}}});
        self.create(&none)?;
        let template = json!({"apiVersion": "v1", "kind": "PodTemplate", "metadata": {"name": "one-too-many"},
            "template": {"spec": {"containers": [{"name": "c", "image": "x"}]}}});
        let path = format!("/api/v1/namespaces/{namespace}/podtemplates?dryRun=All");
        poll(HEARD, "a quota that admission holds to", || match self.api.create(&path, &template) {
            Ok(_) => None,
            Err(Error::Status { status: 403, .. }) => Some(Ok(())),
            Err(error) => Some(Err(error)),
        })??;
        self.remove(&none)
    }
}
