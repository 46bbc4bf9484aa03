use crate::audit::{
    case::{Case, cluster_role, role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role reads every secret of a namespace.
    ///
    /// ## Why it matters
    ///
    /// Secrets hold the passwords, keys and tokens of everything that runs beside. Who reads them all is whoever
    /// they belong to; `list` and `watch` give the contents away just as `get` does.
    ///
    /// ## Remediation
    ///
    /// Name the secrets that are needed in `resourceNames`, with the verb `get` alone, or mount them into the
    /// pods that need them and take the rule away.
    severity: Medium,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.2", "NSA rbac"],
    check: [Check::Role(|role, _, out| report(role, WANTED, out)), Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("limited to one secret", role!("{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [web-tls]}")),
        Case::pass("only written, and another group's secrets", role!("{apiGroups: [''], resources: [secrets], verbs: [create]}, {apiGroups: [example.com], resources: [secrets], verbs: [get]}")),
        Case::pass(
            "a rule about everything is told once, as a wildcard",
            cluster_role!("{apiGroups: ['*'], resources: ['*'], verbs: [get, list, watch]}"),
        ),
        Case::pass(
            "the cluster's own roles",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:controller:mine'}, rules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]}",
        ),
        Case::pass(
            "of a role that is put together of others, those are judged",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: all}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: 'true'}}]}, rules: []}",
        ),
        Case::fail(
            "in a role, and by a wildcard in a cluster role",
            concat!(
                role!("{apiGroups: [''], resources: [pods], verbs: [get]}, {apiGroups: [''], resources: [configmaps, secrets], verbs: [get, list]}"),
                cluster_role!("{apiGroups: [''], resources: ['*'], verbs: ['*']}"),
            ),
            &[
                "ClusterRole.rbac.authorization.k8s.io/c rules[0]: may get, list, watch secrets",
                "Role.rbac.authorization.k8s.io/shop/r rules[1]: may get, list secrets",
            ],
        ),
    ],
}

const WANTED: &[Wanted] = &[Wanted { verbs: &["get", "list", "watch"], group: "", resources: &["secrets"] }];
