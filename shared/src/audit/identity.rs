//! Who pods are to the API server: their service account, its token, and what was granted to it.

use super::{
    api::{ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, ServiceAccount, Subject},
    context::Context,
    subject::PodView,
    world::{Object as _, Unknown},
};
use crate::model::ObjectKey;

/// A role that was granted to somebody.
#[derive(Debug, Clone)]
pub(crate) struct Grant<'w> {
    /// The binding.
    pub(crate) binding: ObjectKey,
    /// Namespace that it holds in; `""` in all of them.
    namespace: &'w str,
    role: &'w RoleRef,
}

/// Whether the token of their service account is mounted in pods: what the pod says comes before what the account says.
pub(crate) fn mounts_token(pods: &PodView<'_>, cx: &Context<'_>) -> Result<bool, Unknown> {
    if pods.is_mirror() {
        return Ok(false);
    }
    if let Some(said) = pods.spec.automount_service_account_token {
        return Ok(said);
    }
    let account = cx.get::<ServiceAccount>(pods.namespace(), pods.service_account())?;
    Ok(account.and_then(|it| it.automount_service_account_token) != Some(false))
}

/// Every role that was granted to a service account, by its name or by the group of its namespace. What is granted to
/// every account of the cluster is left out: each cluster grants discovery to all of them.
pub(crate) fn grants<'w>(
    cx: &Context<'w>,
    namespace: &str,
    account: &str,
) -> Result<impl Iterator<Item = Grant<'w>>, Unknown> {
    let here = cx.within::<RoleBinding>(namespace)?;
    let everywhere = cx.all::<ClusterRoleBinding>()?;
    let here =
        here.filter(move |binding| binding.subjects.iter().any(|it| is_account(it, namespace, account)));
    let here = here.map(|binding| Grant {
        binding: binding.key(),
        namespace: &binding.metadata.namespace,
        role: &binding.role_ref,
    });
    let everywhere = everywhere
        .filter(move |binding| binding.subjects.iter().any(|it| is_account(it, namespace, account)));
    let everywhere =
        everywhere.map(|binding| Grant { binding: binding.key(), namespace: "", role: &binding.role_ref });
    Ok(here.chain(everywhere))
}

/// Whether a subject is this service account.
pub(crate) fn is_account(subject: &Subject, namespace: &str, account: &str) -> bool {
    match subject.kind.as_str() {
        "ServiceAccount" => subject.name == account && subject.namespace == namespace,
        "Group" => subject.name.strip_prefix("system:serviceaccounts:") == Some(namespace),
        "User" => {
            let rest = subject.name.strip_prefix("system:serviceaccount:");
            rest.and_then(|rest| rest.split_once(':')) == Some((namespace, account))
        }
        _ => false,
    }
}

impl<'w> Grant<'w> {
    /// What the role allows. A role that does not exist allows nothing.
    pub(crate) fn rules(&self, cx: &Context<'w>) -> Result<&'w [PolicyRule], Unknown> {
        let name = &self.role.name;
        let rules = if self.role.kind == "ClusterRole" {
            cx.get::<ClusterRole>("", name)?.map(|role| role.rules.as_slice())
        } else {
            cx.get::<Role>(self.namespace, name)?.map(|role| role.rules.as_slice())
        };
        Ok(rules.unwrap_or_default())
    }
}

/// Whether a rule allows to run commands in pods. `get` is enough: it is what a connection over websockets asks for.
pub(crate) fn allows_exec(rule: &PolicyRule) -> bool {
    let any = |list: &[String], wanted: &[&str]| list.iter().any(|one| wanted.contains(&one.as_str()));
    any(&rule.api_groups, &["", "*"])
        && any(&rule.verbs, &["create", "get", "*"])
        && any(&rule.resources, &["pods/exec", "pods/attach", "*/exec", "*/attach", "*"])
}
