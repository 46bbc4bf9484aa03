//! A control plane with our kinds, and a webhook that it asks about everything.

use std::{
    sync::{Mutex, OnceLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use passmuster::{audit, quota::project};
use passmuster_tests::{ControlPlane, Options, eventually, webhook::Webhook};
use serde_json::{Value, json};

pub(crate) const POLICIES: &str = "/apis/passmuster.dev/v1alpha1/auditpolicies";

/// How long something may take that takes a moment on an idle machine.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// All that tests share. Each has namespaces of its own, and policies that hold in these alone.
pub(crate) struct World {
    pub(crate) plane: ControlPlane,
    /// Its log is read by one at a time.
    webhook: Mutex<Webhook>,
}

/// Resources of each group that the API server asks about.
const ASKED: &[(&[&str], &[&str], &[&str])] = &[
    (
        &[""],
        &["v1"],
        &["pods", "pods/ephemeralcontainers", "pods/resize", "services", "namespaces", "serviceaccounts"],
    ),
    (
        &["apps"],
        &["v1"],
        &["deployments", "deployments/scale", "statefulsets", "statefulsets/scale", "daemonsets"],
    ),
    (&["batch"], &["v1"], &["jobs", "cronjobs"]),
    (&["networking.k8s.io"], &["v1"], &["ingresses"]),
    (&["passmuster.dev"], &["v1alpha1"], &["auditpolicies", "projectquotas"]),
];

impl World {
    /// The one that all tests share that break nothing.
    pub(crate) fn shared() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(|| Self::new(|plane| plane.kubeconfig().to_str().unwrap().to_owned()))
    }

    /// One of a test's own; the webhook reaches the API server by this kubeconfig.
    pub(crate) fn new(kubeconfig: impl Fn(&ControlPlane) -> String) -> Self {
        let plane = ControlPlane::start(Options::bare()).unwrap();
        for definition in [audit::definition(), project::definition()] {
            plane.serve(&definition).unwrap();
        }
        let kubeconfig = kubeconfig(&plane);
        let webhook =
            Webhook::start("passmuster", &["--policies", "--log-format=json", "--kubeconfig", &kubeconfig]);
        let this = Self { plane, webhook: Mutex::new(webhook) };
        eventually(LONG, "the webhook is ready", || (this.telemetry("/readyz").0 == 200).then_some(()));
        this.ask();
        this
    }

    /// What the webhook's port for metrics and probes answers.
    pub(crate) fn telemetry(&self, path: &str) -> (u16, String) {
        self.webhook.lock().unwrap().telemetry(path)
    }

    /// Has the API server ask, and returns when it does.
    pub(crate) fn ask(&self) {
        let rules: Vec<Value> = ASKED
            .iter()
            .map(|(groups, versions, resources)| {
                json!({"operations": ["CREATE", "UPDATE"], "apiGroups": groups, "apiVersions": versions,
                    "resources": resources})
            })
            .collect();
        let webhook = self.webhook.lock().unwrap();
        let (address, bundle) = (webhook.address(), STANDARD.encode(webhook.authority().pem()));
        drop(webhook);
        let configuration = json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "policies"},
            "webhooks": [{
                "name": "objects.passmuster.dev",
                "clientConfig": {
                    "url": format!("https://{address}/validate"),
                    "caBundle": bundle,
                },
                "rules": rules, "failurePolicy": "Fail", "timeoutSeconds": 10, "matchPolicy": "Equivalent",
                "sideEffects": "NoneOnDryRun", "admissionReviewVersions": ["v1"],
            }],
        });
        self.plane.create(&configuration).unwrap();
        let bad = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "AuditPolicy",
            "metadata": {"name": "probe"}, "spec": {"rules": [{"select": ["nonsense"]}]}});
        let path = format!("{POLICIES}?dryRun=All");
        eventually(LONG, "a call of the webhook", || {
            self.plane.api().create(&path, &bad).is_err().then_some(())
        });
    }

    /// A policy that holds in one namespace, in force.
    pub(crate) fn policy(&self, name: &str, namespace: &str, spec: &Value) {
        let mut object = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "AuditPolicy",
            "metadata": {"name": name}, "spec": spec});
        object["spec"]["match"]["namespaces"] = json!([namespace]);
        let path = format!("{POLICIES}/{name}");
        // The webhook writes the policy's status meanwhile.
        let stored = self.plane.api().update(&path, |stored| stored["spec"] = object["spec"].clone());
        let stored = stored.unwrap_or_else(|_| self.plane.create(&object).unwrap());
        self.in_force(name, &stored["metadata"]["generation"]);
    }

    /// Waits until requests are judged by a generation of a policy.
    pub(crate) fn in_force(&self, name: &str, generation: &Value) {
        eventually(LONG, "the policy is in force", || {
            let status = self.plane.api().get(&format!("{POLICIES}/{name}")).ok()?["status"].clone();
            (status["observedGeneration"] == *generation && status["conditions"][0]["status"] == "True")
                .then_some(())
        });
    }

    /// Applies by kubectl: whether that went well, and all that it said.
    pub(crate) fn apply(&self, object: &Value) -> (bool, String) {
        self.run(&["apply", "-f", "-"], &object.to_string())
    }

    /// Runs kubectl: whether that went well, and all that it said.
    pub(crate) fn run(&self, args: &[&str], stdin: &str) -> (bool, String) {
        let output = self.plane.run_kubectl(args, stdin).unwrap();
        (output.code == Some(0), output.stdout + &output.stderr)
    }
}

/// A pod; its only container has this security context.
pub(crate) fn pod(namespace: &str, name: &str, security_context: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace},
        "spec": {"automountServiceAccountToken": false, "containers": [
            {"name": "c", "image": "registry.example.com/i:1", "securityContext": security_context}]}})
}

/// A deployment with the same pods.
pub(crate) fn deployment(namespace: &str, name: &str, replicas: i32, security_context: &Value) -> Value {
    let mut template = pod(namespace, name, security_context);
    template["spec"].as_object_mut().unwrap().remove("automountServiceAccountToken");
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": namespace},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": template["spec"]}}})
}
