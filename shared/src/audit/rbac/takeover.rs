//! What a service account can become: the way from its rights to the whole cluster.
//!
//! Rights over the cluster itself end the search; rights that let one act as service accounts of a namespace lead on
//! to those. Grants of the cluster itself are left out: they are what is to be taken over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::Permissions;
use crate::audit::{
    api::{PolicyRule, ServiceAccount, ServiceAccountTokenProjection},
    context::Context,
    subject::PodView,
    world::Unknown,
};

const RBAC: &str = "rbac.authorization.k8s.io";
const WRITE: &[&str] = &["create", "update", "patch"];
const CHANGE: &[&str] = &["update", "patch"];
const READ: &[&str] = &["get", "list", "watch"];

/// Where the control plane's own service accounts live.
const CONTROL_PLANE: &str = "kube-system";

/// Namespace and name of a service account.
type Account = (Box<str>, Box<str>);

/// How one account goes on towards the cluster.
#[derive(Debug)]
struct Step {
    how: String,
    next: Option<Account>,
}

/// A right to act as service accounts of one namespace; empty: of all.
#[derive(Debug)]
struct Reach {
    namespace: Box<str>,
    how: &'static str,
    /// Only those whose token is in a pod.
    in_pods: bool,
    /// Only these.
    names: Vec<Box<str>>,
}

/// The service accounts from which the whole cluster can be had, each with its first step.
#[derive(Debug)]
pub(crate) struct Takeover {
    steps: BTreeMap<Account, Step>,
    /// Accounts of which some role was not read.
    unknown: BTreeMap<Account, Unknown>,
}

impl Takeover {
    /// Looks at every service account that there is, or that pods run as.
    pub(crate) fn of(cx: &Context<'_>, permissions: &Permissions<'_>) -> Result<Self, Unknown> {
        let in_pods: BTreeSet<Account> = cx
            .units()
            .iter()
            .filter(|unit| holds_token(cx, unit).unwrap_or(true))
            .map(|unit| (unit.namespace().into(), unit.service_account().into()))
            .collect();
        let accounts = cx.all::<ServiceAccount>()?;
        let named =
            accounts.map(|it| (it.metadata.namespace.as_str().into(), it.metadata.name.as_str().into()));
        let accounts: BTreeSet<Account> = named.chain(in_pods.iter().cloned()).collect();
        let mut all = Self { steps: BTreeMap::new(), unknown: BTreeMap::new() };
        let mut reaches: Vec<(&Account, Vec<Reach>)> = Vec::new();
        for account in &accounts {
            let rights = Rights::of(permissions, account);
            if let Some(how) = rights.end() {
                all.steps.insert(account.clone(), Step { how: how.to_owned(), next: None });
            } else {
                if let Some(unknown) = rights.unknown.clone() {
                    all.unknown.insert(account.clone(), unknown);
                }
                reaches.push((account, rights.reaches()));
            }
        }
        all.spread(&reaches, &in_pods);
        Ok(all)
    }

    /// Adds those that lead to one that is there, until there are no more.
    fn spread(&mut self, reaches: &[(&Account, Vec<Reach>)], in_pods: &BTreeSet<Account>) {
        loop {
            let mut best: BTreeMap<&str, [Option<&Account>; 2]> = BTreeMap::new();
            for account in self.steps.keys() {
                let [any, running] = best.entry(&account.0).or_default();
                any.get_or_insert(account);
                if in_pods.contains(account) {
                    running.get_or_insert(account);
                }
            }
            let mut found = Vec::new();
            for (account, reaches) in reaches.iter().filter(|(account, _)| !self.steps.contains_key(*account))
            {
                let step = reaches.iter().find_map(|reach| {
                    let [any, running] = best.get(&*reach.namespace).copied().unwrap_or_default();
                    let named = |name: &Box<str>| {
                        self.steps.keys().find(|it| it.0 == reach.namespace && it.1 == *name)
                    };
                    let next = if reach.in_pods {
                        running
                    } else if reach.names.is_empty() {
                        any
                    } else {
                        reach.names.iter().find_map(named)
                    };
                    let next = next.cloned();
                    let how = || format!("{} in namespace {}", reach.how, reach.namespace);
                    next.map(|next| Step { how: how(), next: Some(next) })
                });
                found.extend(step.map(|step| ((*account).clone(), step)));
            }
            if found.is_empty() {
                return;
            }
            self.steps.extend(found);
        }
    }

    /// The way from a service account to the cluster, as a sentence; none when there is none.
    pub(crate) fn way(&self, namespace: &str, name: &str) -> Result<Option<String>, Unknown> {
        let start: Account = (namespace.into(), name.into());
        let Some(mut step) = self.steps.get(&start) else {
            return self.unknown.get(&start).cloned().map_or(Ok(None), Err);
        };
        let mut told = format!("ServiceAccount {namespace}/{name} {}", step.how);
        while let Some(next) = &step.next {
            let Some(following) = self.steps.get(next) else { break };
            step = following;
            // A text can be written to without failing.
            let _ = write!(told, " and so act as ServiceAccount {}/{}, which {}", next.0, next.1, step.how);
        }
        Ok(Some(told))
    }
}

/// The rights of one account that are not the cluster's own doing.
struct Rights<'p> {
    everywhere: Vec<&'p PolicyRule>,
    within: BTreeMap<&'p str, Vec<&'p PolicyRule>>,
    unknown: Option<Unknown>,
}

impl<'p> Rights<'p> {
    fn of(permissions: &'p Permissions<'_>, account: &Account) -> Self {
        let mut rights = Self { everywhere: Vec::new(), within: BTreeMap::new(), unknown: None };
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
    fn end(&self) -> Option<&'static str> {
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
    fn reaches(&self) -> Vec<Reach> {
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
        let runs = can(&["get", "create"], "", "pods/exec")
            || can(&["get", "create"], "", "pods/attach")
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

/// Whether the pods have a token of their service account: the API server's, or one that they ask for.
pub(crate) fn holds_token(cx: &Context<'_>, pods: &PodView<'_>) -> Result<bool, Unknown> {
    let mut sources =
        pods.spec.volumes.iter().filter_map(|it| it.source.projected.as_ref()).flat_map(|it| &it.sources);
    let for_server = |token: &ServiceAccountTokenProjection| token.audience.is_empty();
    if sources.any(|source| source.service_account_token.as_ref().is_some_and(for_server)) {
        return Ok(true);
    }
    if let Some(said) = pods.spec.automount_service_account_token {
        return Ok(said);
    }
    let account = cx.get::<ServiceAccount>(pods.namespace(), pods.service_account())?;
    Ok(account.and_then(|account| account.automount_service_account_token) != Some(false))
}
