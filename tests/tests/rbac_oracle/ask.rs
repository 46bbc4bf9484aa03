//! One question, asked of the API server and of us.

use passmuster::audit::{AccessRequest, Permissions, Target, Unknown};
use passmuster_tests::{Api, population::Random};
use serde_json::{Value, json};

use crate::generate::{ACCOUNTS, Cluster, GROUPS, NAMES, PATHS, RESOURCES, TEAMS, USERS, VERBS};

/// Who wants to do what.
#[derive(Debug)]
pub(crate) struct Asked {
    user: String,
    groups: Vec<String>,
    verb: &'static str,
    what: What,
}

#[derive(Debug)]
enum What {
    Path(&'static str),
    Object {
        namespace: String,
        group: &'static str,
        resource: &'static str,
        subresource: &'static str,
        name: &'static str,
    },
}

impl Asked {
    pub(crate) fn generate(random: &mut Random, cluster: &Cluster) -> Self {
        let namespaces: Vec<&str> = cluster.namespaces.iter().map(String::as_str).collect();
        let (user, mut groups) = if random.percent(50) {
            let (namespace, account) = (random.choose(&namespaces), random.choose(ACCOUNTS));
            let groups =
                vec!["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")];
            (format!("system:serviceaccount:{namespace}:{account}"), groups)
        } else {
            (random.choose(USERS).to_owned(), vec![random.choose(TEAMS).to_owned()])
        };
        if random.percent(80) {
            groups.push("system:authenticated".to_owned());
        }
        let what = if random.percent(20) {
            What::Path(random.choose(PATHS))
        } else {
            let (resource, subresource) = RESOURCES[random.range(0, RESOURCES.len())];
            let namespace = if random.percent(25) { "" } else { random.choose(&namespaces) };
            let name = if random.percent(50) { "" } else { random.choose(NAMES) };
            What::Object {
                namespace: namespace.to_owned(),
                group: random.choose(GROUPS),
                resource,
                subresource,
                name,
            }
        };
        let verb = if matches!(what, What::Path(_)) {
            random.choose(&["get", "list"])
        } else {
            random.choose(VERBS)
        };
        Self { user, groups, verb, what }
    }

    /// What the API server says.
    pub(crate) fn answer(&self, api: &Api) -> bool {
        let mut spec = json!({"user": self.user, "groups": self.groups});
        match &self.what {
            What::Path(path) => spec["nonResourceAttributes"] = json!({"path": path, "verb": self.verb}),
            What::Object { namespace, group, resource, subresource, name } => {
                spec["resourceAttributes"] = json!({"namespace": namespace, "verb": self.verb, "group": group,
                    "resource": resource, "subresource": subresource, "name": name});
            }
        }
        let review: Value =
            json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec});
        let answer = api.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", &review).unwrap();
        answer["status"]["allowed"].as_bool().unwrap_or_else(|| panic!("{self:?}: {answer}"))
    }

    /// What we say.
    pub(crate) fn ours(&self, permissions: &Permissions<'_>) -> Result<bool, Unknown> {
        let groups: Vec<&str> = self.groups.iter().map(String::as_str).collect();
        let (namespace, target) = match &self.what {
            What::Path(path) => ("", Target::Path(path)),
            What::Object { namespace, group, resource, subresource, name } => {
                (namespace.as_str(), Target::Resource { group, resource, subresource, name })
            }
        };
        permissions.allows(&self.user, &groups, &AccessRequest { verb: self.verb, namespace, target })
    }
}
