//! Users other than the administrator.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::ControlPlane;
use crate::Error;
use crate::eventually::poll;
use crate::kubeconfig::{Kubeconfig, User};

/// Verbs on resources of an API group that a user may use.
#[derive(Debug, Clone)]
pub struct Rule {
    verbs: Vec<String>,
    group: String,
    resources: Vec<String>,
}

impl Rule {
    /// These verbs on these resources of the core group; both comma-separated, as in `get,list` and `pods`.
    pub fn new(verbs: &str, resources: &str) -> Self {
        let split = |list: &str| list.split(',').map(str::to_owned).collect();
        Self { verbs: split(verbs), group: String::new(), resources: split(resources) }
    }

    /// The same in another API group.
    #[must_use]
    pub fn in_group(self, group: &str) -> Self {
        Self { group: group.to_owned(), ..self }
    }

    fn json(&self) -> Value {
        json!({"apiGroups": [self.group], "resources": self.resources, "verbs": self.verbs})
    }
}

impl ControlPlane {
    /// A user with a client certificate that the API server accepts; RBAC knows nothing of the user yet.
    pub fn user(&self, name: &str, group: Option<&str>) -> Result<User, Error> {
        let identity = self.authority.user(name, group)?;
        Ok(User::certificate(&identity.certificate, &identity.key))
    }

    /// A user as whom the administrator acts, in any number of groups.
    pub fn impersonated(&self, name: &str, groups: &[&str]) -> User {
        self.admin().acting_as(name, groups)
    }

    /// A bearer token of a service account, which must exist.
    pub fn token(&self, namespace: &str, account: &str) -> Result<String, Error> {
        let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token");
        let request = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
        let answer = self.api.create(&path, &request)?;
        Ok(answer["status"]["token"].as_str().unwrap_or_default().to_owned())
    }

    /// Creates a service account that may do only this, only in this namespace, and returns its token, when
    /// the API server grants it all.
    pub fn restricted_token(&self, namespace: &str, rules: &[Rule]) -> Result<String, Error> {
        let name = format!("restricted-{}", self.number());
        let metadata = json!({"name": name, "namespace": namespace});
        let core = format!("/api/v1/namespaces/{namespace}");
        let rbac = format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}");
        self.api.create(&format!("{core}/serviceaccounts"), &json!({"metadata": metadata}))?;
        let granted: Vec<_> = rules.iter().map(Rule::json).collect();
        self.api.create(&format!("{rbac}/roles"), &json!({"metadata": metadata, "rules": granted}))?;
        let binding = json!({
            "metadata": metadata,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
        });
        self.api.create(&format!("{rbac}/rolebindings"), &binding)?;

        let token = self.token(namespace, &name)?;
        self.await_granted(&token, namespace, rules)?;
        Ok(token)
    }

    /// As [`ControlPlane::restricted_token`], as a kubeconfig file whose context is in the namespace.
    pub fn restricted_kubeconfig(&self, namespace: &str, rules: &[Rule]) -> Result<PathBuf, Error> {
        let user = User::token(&self.restricted_token(namespace, rules)?);
        let config = Kubeconfig::single("restricted", &self.cluster(), &user, Some(namespace));
        self.write_kubeconfig("restricted", &config)
    }

    /// The authorizer learns of a new binding by a watch, a moment after the API server has stored it.
    fn await_granted(&self, token: &str, namespace: &str, rules: &[Rule]) -> Result<(), Error> {
        let api = self.api_with(token)?;
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        for rule in rules {
            let attributes = json!({"namespace": namespace, "group": rule.group,
                "resource": rule.resources.first(), "verb": rule.verbs.first()});
            let review = json!({"spec": {"resourceAttributes": attributes}});
            poll(Duration::from_secs(10), "the role is in force", || {
                (api.create(path, &review).ok()?["status"]["allowed"] == true).then_some(())
            })?;
        }
        Ok(())
    }
}
