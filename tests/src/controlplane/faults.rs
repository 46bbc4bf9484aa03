//! Faults of the control plane itself.

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::{Component, ControlPlane};
use crate::Error;
use crate::eventually::poll;
use crate::signal::Signal;

/// Discovery of all groups in one document, as kubectl asks for it.
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

impl ControlPlane {
    /// Ends the API server at once: connections break, new ones are refused.
    pub fn stop_apiserver(&self) {
        self.processes().stop(Component::ApiServer);
    }

    /// Starts the API server again at the same address and waits until it answers. Its memory of old versions
    /// is gone: watches from before are answered with 410.
    pub fn start_apiserver(&self) -> Result<(), Error> {
        self.processes().start(&self.layout, Component::ApiServer)?;
        self.await_ready("/readyz")
    }

    /// Stops the API server in its tracks: connections are accepted and nothing answers.
    pub fn freeze(&self) {
        self.processes().signal(Component::ApiServer, Signal::Stop);
    }

    /// Lets the API server run on.
    pub fn thaw(&self) {
        self.processes().signal(Component::ApiServer, Signal::Cont);
    }

    /// The process of a component, when it runs.
    pub fn pid(&self, component: Component) -> Option<u32> {
        self.processes().pid(component)
    }

    /// Registers an aggregated API, `VERSION.GROUP`, whose backend does not exist, and waits until the API
    /// server says so: discovery names the group, and each request to it fails.
    pub fn register_dead_api(&self, group: &str, version: &str) -> Result<(), Error> {
        let name = format!("{version}.{group}");
        let service = json!({
            "metadata": {"name": name},
            "spec": {
                "group": group,
                "version": version,
                "groupPriorityMinimum": 100,
                "versionPriority": 100,
                "insecureSkipTLSVerify": true,
                "service": {"namespace": "default", "name": "no-such-backend"},
            },
        });
        let path = "/apis/apiregistration.k8s.io/v1/apiservices";
        self.api.create(path, &service)?;
        poll(Duration::from_secs(30), "the dead API is known", || {
            let service = self.api.get(&format!("{path}/{name}")).ok()?;
            let condition = service["status"]["conditions"].as_array()?.first()?.clone();
            let lists = ["application/json", AGGREGATED].map(|accept| {
                self.api
                    .send(&Method::GET, "/apis", &[("accept", accept)], "")
                    .map(|list| list.json().to_string())
            });
            let named = lists.iter().all(|list| list.as_ref().is_ok_and(|list| list.contains(group)));
            (condition["status"] == "False" && named).then_some(())
        })
    }

    /// Removes an aggregated API again.
    pub fn remove_api(&self, group: &str, version: &str) -> Result<(), Error> {
        self.api.delete(&format!("/apis/apiregistration.k8s.io/v1/apiservices/{version}.{group}")).map(drop)
    }
}
