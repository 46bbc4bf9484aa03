//! The rights of a service account that lead further than they look.

use std::collections::{BTreeMap, BTreeSet};

use super::{Permissions, exec_verbs, takeover::Account};
use crate::audit::{api::PolicyRule, kubernetes_version::KubernetesVersion, world::Unknown};

const RBAC: &str = "rbac.authorization.k8s.io";
const WRITE: &[&str] = &["create", "update", "patch"];
const CHANGE: &[&str] = &["update", "patch"];
const READ: &[&str] = &["get", "list", "watch"];

/// Where the control plane's own service accounts live.
const CONTROL_PLANE: &str = "kube-system";

/// A right to act as service accounts of one namespace; empty: of all.
#[derive(Debug)]
pub(super) struct Reach {
    pub(super) namespace: Box<str>,
    pub(super) how: &'static str,
    /// Only those whose token is in a pod.
    pub(super) in_pods: bool,
    /// Only these.
    pub(super) names: Vec<Box<str>>,
}

/// The rights of one account that are not the cluster's own doing.
pub(super) struct Rights<'p> {
    everywhere: Vec<&'p PolicyRule>,
    within: BTreeMap<&'p str, Vec<&'p PolicyRule>>,
    /// What the cluster asks of who runs commands in pods.
    version: KubernetesVersion,
    /// That some role of it was not read.
    pub(super) unknown: Option<Unknown>,
}

impl<'p> Rights<'p> {
    pub(super) fn of(
        permissions: &'p Permissions<'_>,
        account: &Account,
        version: KubernetesVersion,
    ) -> Self {
        let mut rights = Self { everywhere: Vec::new(), within: BTreeMap::new(), version, unknown: None };
        for grant in permissions.grants_of_account(&account.0, &account.1) {
            match &grant.rules {
                _ if grant.is_system => {}
                Err(unknown) => rights.unknown = Some(unknown.clone()),
                Ok(rules) if grant.namespace.is_empty() => rights.everywhere.extend(rules),
                Ok(rules) => rights.within.entry(grant.namespace).or_default().extend(rules),
            }
        }
        rights
    }

    /// What ends the search: rights over the cluster as a whole.
    pub(super) fn end(&self) -> Option<&'static str> {
        let can = |verbs: &[&str], group: &str, resource: &str| any(&self.everywhere, verbs, group, resource);
        let named = |verb: &str, group: &str, resource: &str, names: &[&str]| {
            names.iter().any(|name| on_one(&self.everywhere, verb, group, resource, name))
        };
        if self.everywhere.iter().any(|rule| rule.allows_everything()) {
            return Some("is administrator of the cluster");
        }
        if can(&["escalate"], RBAC, "clusterroles") && can(CHANGE, RBAC, "clusterroles") {
            return Some("may escalate ClusterRoles");
        }
        if named("bind", RBAC, "clusterroles", &["cluster-admin"]) && can(WRITE, RBAC, "clusterrolebindings")
        {
            return Some("may bind ClusterRoles");
        }
        if named("impersonate", "", "groups", &["system:masters"]) {
            return Some("may impersonate administrators");
        }
        if can(&["impersonate"], "", "users") {
            return Some("may impersonate every user");
        }
        if can(WRITE, "admissionregistration.k8s.io", "mutatingwebhookconfigurations") {
            return Some("may write webhooks that change every object");
        }
        if can(&["get", "create"], "", "nodes/proxy") {
            return Some("may run commands in every pod by way of the nodes");
        }
        let certificates = "certificates.k8s.io";
        let signers = ["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"];
        if can(CHANGE, certificates, "certificatesigningrequests/approval")
            && named("approve", certificates, "signers", &signers)
        {
            return Some("may approve certificates for every user");
        }
        if let Some((how, _)) = self.acting("") {
            return Some(how.everywhere());
        }
        self.within
            .contains_key(CONTROL_PLANE)
            .then(|| self.acting(CONTROL_PLANE))
            .flatten()
            .map(|(how, _)| how.in_control_plane())
    }

    /// Where else it can act as somebody.
    pub(super) fn reaches(&self) -> Vec<Reach> {
        let mut reaches = Vec::new();
        for namespace in self.within.keys() {
            if let Some((how, in_pods)) = self.acting(namespace) {
                let names = Vec::new();
                reaches.push(Reach { namespace: (*namespace).into(), how: how.within(), in_pods, names });
            }
            for (verb, resource, how) in [
                ("create", "serviceaccounts/token", How::Tokens),
                ("impersonate", "serviceaccounts", How::Impersonate),
            ] {
                let names = names(&self.rules_in(namespace), verb, resource);
                if !names.is_empty() {
                    let how = how.within();
                    reaches.push(Reach { namespace: (*namespace).into(), how, in_pods: false, names });
                }
            }
        }
        reaches
    }

    fn rules_in(&self, namespace: &str) -> Vec<&'p PolicyRule> {
        let within = self.within.get(namespace).into_iter().flatten();
        self.everywhere.iter().chain(within).copied().collect()
    }

    /// How it can act as any service account of a namespace, and whether only as those that pods run as.
    fn acting(&self, namespace: &str) -> Option<(How, bool)> {
        let rules = self.rules_in(namespace);
        let can = |verbs: &[&str], group: &str, resource: &str| any(&rules, verbs, group, resource);
        let makes_pods = can(&["create"], "", "pods")
            || can(WRITE, "", "replicationcontrollers")
            || ["deployments", "daemonsets", "statefulsets", "replicasets"]
                .iter()
                .any(|resource| can(WRITE, "apps", resource))
            || can(&["create"], "batch", "jobs")
            || can(WRITE, "batch", "cronjobs");
        if makes_pods {
            return Some((How::Pods, false));
        }
        if can(&["create"], "", "serviceaccounts/token") {
            return Some((How::Tokens, false));
        }
        if can(&["impersonate"], "", "serviceaccounts") {
            return Some((How::Impersonate, false));
        }
        if can(&["create"], "", "secrets") && can(READ, "", "secrets") {
            return Some((How::Secrets, false));
        }
        let binds = can(&["bind"], RBAC, "roles") || can(&["bind"], RBAC, "clusterroles");
        if binds && can(WRITE, RBAC, "rolebindings") {
            return Some((How::Bind, false));
        }
        if can(&["escalate"], RBAC, "roles") && can(CHANGE, RBAC, "roles") {
            return Some((How::Escalate, false));
        }
        let runs = can(exec_verbs(self.version), "", "pods/exec")
            || can(exec_verbs(self.version), "", "pods/attach")
            || can(CHANGE, "", "pods/ephemeralcontainers");
        runs.then_some((How::Exec, true))
    }
}

/// A way to act as the service accounts of a namespace.
#[derive(Debug, Clone, Copy)]
enum How {
    Pods,
    Tokens,
    Impersonate,
    Secrets,
    Bind,
    Escalate,
    Exec,
}

impl How {
    fn within(self) -> &'static str {
        match self {
            Self::Pods => "may create pods",
            Self::Tokens => "may create tokens of service accounts",
            Self::Impersonate => "may impersonate service accounts",
            Self::Secrets => "may create and read secrets",
            Self::Bind => "may bind roles",
            Self::Escalate => "may escalate roles",
            Self::Exec => "may run commands in pods",
        }
    }

    fn everywhere(self) -> &'static str {
        match self {
            Self::Pods => "may create pods in every namespace",
            Self::Tokens => "may create tokens of every service account",
            Self::Impersonate => "may impersonate every service account",
            Self::Secrets => "may create and read secrets in every namespace",
            Self::Bind => "may bind roles in every namespace",
            Self::Escalate => "may escalate roles in every namespace",
            Self::Exec => "may run commands in pods of every namespace",
        }
    }

    fn in_control_plane(self) -> &'static str {
        match self {
            Self::Pods => "may create pods in namespace kube-system",
            Self::Tokens => "may create tokens of service accounts in namespace kube-system",
            Self::Impersonate => "may impersonate service accounts in namespace kube-system",
            Self::Secrets => "may create and read secrets in namespace kube-system",
            Self::Bind => "may bind roles in namespace kube-system",
            Self::Escalate => "may escalate roles in namespace kube-system",
            Self::Exec => "may run commands in pods of namespace kube-system",
        }
    }
}

fn any(rules: &[&PolicyRule], verbs: &[&str], group: &str, resource: &str) -> bool {
    rules.iter().any(|rule| verbs.iter().any(|verb| rule.allows_on_all(verb, group, resource)))
}

fn on_one(rules: &[&PolicyRule], verb: &str, group: &str, resource: &str, name: &str) -> bool {
    rules.iter().any(|rule| {
        rule.has_verb(verb)
            && rule.has_group(group)
            && rule.has_resource(resource, "")
            && (rule.resource_names.is_empty() || rule.resource_names.iter().any(|it| it == name))
    })
}

/// The names to which a right is limited.
fn names(rules: &[&PolicyRule], verb: &str, resource: &str) -> Vec<Box<str>> {
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    let limited = rules
        .iter()
        .filter(|rule| rule.has_verb(verb) && rule.has_group("") && rule.has_resource(resource, subresource));
    let names: BTreeSet<&str> = limited.flat_map(|rule| &rule.resource_names).map(String::as_str).collect();
    names.into_iter().map(Box::from).collect()
}
