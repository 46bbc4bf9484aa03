//! A namespace and a configuration of a test's own.

use std::ops::Deref;
use std::time::Duration;

use passmuster_tests::{ControlPlane, Error, Options, eventually};
use serde_json::{Value, json};

/// How long something may take that takes a second on an idle machine.
pub(crate) const LONG: Duration = Duration::from_secs(90);

/// A control plane that all tests share, or one of a test's own.
pub(crate) enum Plane {
    Shared(&'static ControlPlane),
    Own(Box<ControlPlane>),
}

impl Deref for Plane {
    type Target = ControlPlane;

    fn deref(&self) -> &ControlPlane {
        match self {
            Self::Shared(plane) => plane,
            Self::Own(plane) => plane,
        }
    }
}

/// Where the replicas of one test keep what they keep.
pub(crate) struct World {
    pub(crate) plane: Plane,
    /// The replicas' namespace.
    pub(crate) namespace: String,
    /// A namespace that they look at.
    pub(crate) judged: String,
}

impl World {
    /// On the shared control plane: with failurePolicy Ignore one test's configuration does not disturb another's calls.
    pub(crate) fn new(prefix: &str) -> Self {
        Self::on(Plane::Shared(ControlPlane::shared()), prefix)
    }

    /// On an API server of its own, for failurePolicy Fail.
    pub(crate) fn alone(prefix: &str) -> Self {
        Self::with(prefix, Options::bare())
    }

    /// On an API server that is started in a way of its own.
    pub(crate) fn with(prefix: &str, options: Options) -> Self {
        let plane = ControlPlane::start(options).unwrap_or_else(|error| panic!("{error}"));
        Self::on(Plane::Own(Box::new(plane)), prefix)
    }

    fn on(plane: Plane, prefix: &str) -> Self {
        let namespace = plane.namespace(prefix);
        let judged = plane.namespace(&format!("{prefix}-judged"));
        Self { plane, namespace, judged }
    }

    /// The configuration is called as the namespace is.
    pub(crate) fn configuration_path(&self) -> String {
        format!("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/{}", self.namespace)
    }

    pub(crate) fn configuration(&self) -> Option<Value> {
        self.get(&self.configuration_path())
    }

    pub(crate) fn secret_path(&self) -> String {
        format!("/api/v1/namespaces/{}/secrets/passmuster-certificates", self.namespace)
    }

    pub(crate) fn lease(&self) -> Option<Value> {
        self.get(&format!("/apis/coordination.k8s.io/v1/namespaces/{}/leases/passmuster", self.namespace))
    }

    pub(crate) fn get(&self, path: &str) -> Option<Value> {
        match self.plane.api().get(path) {
            Ok(object) => Some(object),
            Err(Error::Status { status: 404, .. }) => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// The configuration, once it is there.
    pub(crate) fn configured(&self) -> Value {
        eventually(LONG, "the configuration", || self.configuration())
    }

    /// Asks the API server to create an object that a webhook is asked about, as a dry run.
    pub(crate) fn ask(&self) -> Result<Value, Error> {
        let service = json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {"generateName": "asked-"}, "spec": {"ports": [{"port": 80}]},
        });
        self.plane.api().create(&format!("/api/v1/namespaces/{}/services?dryRun=All", self.judged), &service)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Nobody answers any more, and other tests share the API server.
        let _ = self.plane.api().delete(&self.configuration_path());
    }
}
