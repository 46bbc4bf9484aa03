use crate::audit::{
    api::ClusterRoleBinding,
    case::{Case, cluster_role, cluster_role_binding},
    context::Context,
    findings::Findings,
    rbac::{Binding, referred, rules_of},
    rule::{Check, Outcome, rule},
};

rule! {
    /// Somebody who is no part of the cluster is its administrator.
    ///
    /// ## Why it matters
    ///
    /// A subject of `cluster-admin`, or of a role that allows just as much, has every secret, every node and
    /// every right to give itself more. A workload with it makes each of its vulnerabilities one of the whole
    /// cluster.
    ///
    /// ## Remediation
    ///
    /// Bind a role with the rights that are used; `kubectl auth can-i --list --as` shows what there is. Keep
    /// administration for a group of people, and give it for as long as it is needed.
    severity: Critical,
    category: Rbac,
    admission: Warn,
    needs: Objects,
    reads: [CLUSTER_ROLE],
    references: ["CIS 5.1.1", "NSA rbac"],
    check: [Check::ClusterRoleBinding(check)],
    cases: [
        Case::pass("the cluster's own administrators", cluster_role_binding!("cluster-admin", "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:masters'}, {kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'kubeadm:cluster-admins'}")),
        Case::pass("much, but not all", concat!(cluster_role!("{apiGroups: ['*'], resources: ['*'], verbs: [get, list, watch]}"), cluster_role_binding!("c", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"))),
        Case::pass("in a namespace alone", "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}]}"),
        Case::pass("of a role that there is not", cluster_role_binding!("gone", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}")),
        Case::fail(
            "by that name, each subject",
            cluster_role_binding!("cluster-admin", "{kind: ServiceAccount, namespace: shop, name: web}, {kind: Group, apiGroup: rbac.authorization.k8s.io, name: devs}"),
            &[
                "ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[0]: ServiceAccount shop/web is administrator of the cluster by ClusterRole \"cluster-admin\"",
                "ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[1]: Group \"devs\" is administrator of the cluster by ClusterRole \"cluster-admin\"",
            ],
        ),
        Case::fail(
            "by another name",
            concat!(cluster_role!("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}"), cluster_role_binding!("c", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}")),
            &["ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[0]: User \"ada\" is administrator of the cluster by ClusterRole \"c\""],
        ),
        Case::fail(
            "put together of another role",
            r"
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: all}, aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: part, operator: Exists}]}]}, rules: []}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: part, labels: {part: ''}}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}]}
",
            &["ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[0]: User \"ada\" is administrator of the cluster by ClusterRole \"all\""],
        ),
        Case::unknown(
            "the role was not read",
            cluster_role_binding!("c", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"),
            &["ClusterRole.rbac.authorization.k8s.io"],
            &["? ClusterRoleBinding.rbac.authorization.k8s.io/b ClusterRole.rbac.authorization.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(binding: &ClusterRoleBinding, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let role = &binding.role_ref;
    if binding.outsiders().next().is_none() {
        return Ok(());
    }
    let all = role.name == "cluster-admin"
        || rules_of(cx, "", role)?.unwrap_or_default().iter().any(|rule| rule.allows_everything());
    if all {
        for (at, subject) in binding.outsiders() {
            let told = format!("{subject} is administrator of the cluster by {}", referred(role));
            out.fail(format!("subjects[{at}]"), told);
        }
    }
    Ok(())
}
