//! Random changes to a small world of objects that relate to each other.

use passmuster_tests::Api;
use serde_json::{Value, json};

/// A small generator with a seed (splitmix64), so that a failure can be run again.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()].clone()
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// Where a kind of object lives.
struct Kind {
    path: &'static str,
    name: &'static str,
    api: &'static str,
    namespaced: bool,
}

const KINDS: &[Kind] = &[
    Kind { path: "pods", name: "Pod", api: "v1", namespaced: true },
    Kind { path: "pods", name: "Pod", api: "v1", namespaced: true },
    Kind { path: "services", name: "Service", api: "v1", namespaced: true },
    Kind { path: "configmaps", name: "ConfigMap", api: "v1", namespaced: true },
    Kind { path: "secrets", name: "Secret", api: "v1", namespaced: true },
    Kind { path: "serviceaccounts", name: "ServiceAccount", api: "v1", namespaced: true },
    Kind { path: "deployments", name: "Deployment", api: "apps/v1", namespaced: true },
    Kind { path: "replicasets", name: "ReplicaSet", api: "apps/v1", namespaced: true },
    Kind { path: "networkpolicies", name: "NetworkPolicy", api: "networking.k8s.io/v1", namespaced: true },
    Kind { path: "ingresses", name: "Ingress", api: "networking.k8s.io/v1", namespaced: true },
    Kind { path: "poddisruptionbudgets", name: "PodDisruptionBudget", api: "policy/v1", namespaced: true },
    Kind { path: "persistentvolumes", name: "PersistentVolume", api: "v1", namespaced: false },
    Kind { path: "nodes", name: "Node", api: "v1", namespaced: false },
];

impl Kind {
    fn collection(&self, namespace: &str) -> String {
        let root = if self.api.contains('/') { "apis" } else { "api" };
        if self.namespaced {
            format!("/{root}/{}/namespaces/{namespace}/{}", self.api, self.path)
        } else {
            format!("/{root}/{}/{}", self.api, self.path)
        }
    }
}

/// The world: an API server and the names that objects may have.
pub(crate) struct World<'a> {
    pub(crate) api: &'a Api,
    pub(crate) random: Random,
    pub(crate) namespaces: Vec<String>,
    /// What was done, to tell when it goes wrong.
    pub(crate) done: Vec<String>,
}

impl World<'_> {
    fn name(&mut self) -> String {
        format!("x{}", self.random.below(5))
    }

    fn labels(&mut self) -> Value {
        let mut labels = json!({"app": self.random.pick(&["a", "b", "c"])});
        if self.random.chance(40) {
            labels["tier"] = self.random.pick(&["web", "db"]).into();
        }
        labels
    }

    fn selector(&mut self) -> Value {
        match self.random.below(4) {
            0 => json!({}),
            1 => json!({"matchExpressions": [{"key": "tier", "operator": "Exists"}]}),
            2 => json!({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}),
            _ => json!({"matchLabels": {"app": self.random.pick(&["a", "b", "c"])}}),
        }
    }

    /// The uid of an object, or one that no object has.
    fn uid(&mut self, kind: &Kind, namespace: &str, name: &str) -> String {
        let found = self.api.get(&format!("{}/{name}", kind.collection(namespace)));
        let found = found.ok().and_then(|object| Some(object["metadata"]["uid"].as_str()?.to_owned()));
        found
            .filter(|_| !self.random.chance(10))
            .unwrap_or_else(|| "00000000-0000-4000-8000-000000000001".to_owned())
    }

    fn spec(&mut self, kind: &str) -> Value {
        let labels = self.labels();
        match kind {
            "Pod" => json!({"spec": self.pod_spec()}),
            "Service" if self.random.chance(20) => json!({"spec": {"ports": [{"port": 80}]}}),
            "Service" => json!({"spec": {"selector": labels, "ports": [{"port": 80}]}}),
            "Deployment" | "ReplicaSet" => {
                let mut template = json!({"metadata": {"labels": labels}, "spec": self.pod_spec()});
                template["spec"].as_object_mut().unwrap().remove("nodeName");
                json!({"spec": {"selector": {"matchLabels": labels}, "template": template}})
            }
            "NetworkPolicy" => json!({"spec": {
                "podSelector": self.selector(),
                "ingress": [{"from": [{"namespaceSelector": self.selector(), "podSelector": self.selector()}]}],
            }}),
            "PodDisruptionBudget" => json!({"spec": {"selector": self.selector()}}),
            "Ingress" => json!({"spec": {
                "defaultBackend": {"service": {"name": self.name(), "port": {"number": 80}}},
                "tls": [{"secretName": self.name()}],
            }}),
            "ServiceAccount" => json!({"imagePullSecrets": [{"name": self.name()}]}),
            "PersistentVolume" => json!({"spec": {
                "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/x"},
                "claimRef": {"namespace": self.random.pick(&self.namespaces.clone()), "name": self.name()},
            }}),
            _ => json!({}),
        }
    }

    fn pod_spec(&mut self) -> Value {
        let mut spec = json!({"containers": [{"name": "main", "image": "x", "env": [
            {"name": "A", "valueFrom": {"secretKeyRef": {"name": self.name(), "key": "k", "optional": self.random.chance(30)}}}]}]});
        if self.random.chance(70) {
            spec["volumes"] = json!([{"name": "v", "configMap": {"name": self.name()}}]);
        }
        if self.random.chance(50) {
            spec["serviceAccountName"] = self.name().into();
        }
        if self.random.chance(50) {
            spec["nodeName"] = self.name().into();
        }
        spec
    }

    /// Changes one thing. The API server may refuse it; then nothing has changed.
    pub(crate) fn change(&mut self) {
        let namespace = self.random.pick(&self.namespaces.clone());
        if self.random.chance(4) {
            let labels =
                json!({"metadata": {"labels": {"team": self.random.pick(&["a", "b"]), "tier": null}}});
            self.done.push(format!("relabel namespace {namespace} {labels}"));
            let _ = self.api.patch(&format!("/api/v1/namespaces/{namespace}"), &labels);
            return;
        }
        let kind = &KINDS[usize::try_from(self.random.below(KINDS.len() as u64)).unwrap()];
        let name = self.name();
        let collection = kind.collection(&namespace);
        let path = format!("{collection}/{name}");
        match self.random.below(10) {
            0..=1 => {
                self.done.push(format!("delete {path}"));
                let _ = self.api.delete(&format!("{path}?gracePeriodSeconds=0"));
            }
            2..=3 => {
                let labels = json!({"metadata": {"labels": self.labels()}});
                self.done.push(format!("relabel {path} {labels}"));
                let _ = self.api.patch(&path, &labels);
            }
            _ => {
                let mut object = self.spec(kind.name);
                object["apiVersion"] = kind.api.into();
                object["kind"] = kind.name.into();
                object["metadata"] = json!({"name": name, "labels": self.labels()});
                if kind.namespaced && self.random.chance(30) {
                    let owners: Vec<&Kind> = KINDS
                        .iter()
                        .filter(|kind| matches!(kind.name, "Deployment" | "ReplicaSet" | "Node"))
                        .collect();
                    let owner = self.random.pick(&owners);
                    let called = self.name();
                    let uid = self.uid(owner, &namespace, &called);
                    object["metadata"]["ownerReferences"] =
                        json!([{"apiVersion": owner.api, "kind": owner.name, "name": called, "uid": uid}]);
                }
                self.done.push(format!("put {path} {object}"));
                // A new one, or in the place of the one there is, or as far as it may be changed.
                if self.api.create(&collection, &object).is_err() && self.api.patch(&path, &object).is_err() {
                    let _ = self.api.delete(&format!("{path}?gracePeriodSeconds=0"));
                    let _ = self.api.create(&collection, &object);
                }
            }
        }
    }
}
