use crate::audit::{
    case::{Case, cluster_role, role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role creates tokens of service accounts.
    ///
    /// ## Why it matters
    ///
    /// A token makes its holder that service account, from anywhere, for as long as was asked for, and there is
    /// no list of the tokens that exist. The right to create them is the right to be every service account of the
    /// namespace, or of the cluster.
    ///
    /// ## Remediation
    ///
    /// Name the service accounts in `resourceNames`; or let the workload mount a token of its own, by a projected
    /// volume, which takes no right at all.
    severity: High,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.13", "NSA rbac"],
    check: [Check::Role(|role, _, out| report(role, WANTED, out)), Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("of one service account", role!("{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create], resourceNames: [builder]}")),
        Case::pass("service accounts themselves", role!("{apiGroups: [''], resources: [serviceaccounts], verbs: [create]}")),
        Case::fail(
            "of all",
            role!("{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}"),
            &["Role.rbac.authorization.k8s.io/shop/r rules[0]: may create serviceaccounts/token"],
        ),
        Case::fail(
            "of all of the cluster",
            cluster_role!("{apiGroups: [''], resources: ['*'], verbs: [create]}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may create serviceaccounts/token"],
        ),
    ],
}

const WANTED: &[Wanted] = &[Wanted { verbs: &["create"], group: "", resources: &["serviceaccounts/token"] }];
