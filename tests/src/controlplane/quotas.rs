//! Quotas that the API server's admission holds to.

use std::time::Duration;

use serde_json::json;

use super::ControlPlane;
use crate::Error;
use crate::eventually::poll;

/// How long admission may take to hear of a quota.
const HEARD: Duration = Duration::from_secs(60);

impl ControlPlane {
    /// Waits until admission has heard that the namespace's quotas are counted. Their status may be there to be read
    /// before that, and until it has heard it lets everything pass.
    ///
    /// It hears of all quotas in the order of their changes. So when it holds to one that was made later, it knows the
    /// others; that one is removed again.
    pub fn quotas_heard(&self, namespace: &str) -> Result<(), Error> {
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
