use crate::audit::{
    case::{Case, cluster_role, role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role deletes events.
    ///
    /// ## Why it matters
    ///
    /// Events are what an investigation starts from. Nothing but the cluster itself needs to remove them: they end
    /// by themselves.
    ///
    /// ## Remediation
    ///
    /// Take `delete` and `deletecollection` on `events` out of the role; `create` and `patch` are all that a
    /// controller needs.
    severity: Medium,
    category: Rbac,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["NSA rbac"],
    check: [Check::Role(|role, _, out| report(role, WANTED, out)), Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("events are written and logs read", role!("{apiGroups: ['', events.k8s.io], resources: [events], verbs: [create, patch]}, {apiGroups: [''], resources: [pods/log], verbs: [get]}")),
        Case::pass("logs can only be read, whatever a role says", role!("{apiGroups: [''], resources: [pods/log], verbs: [get, delete, deletecollection]}")),
        Case::fail(
            "deleted",
            role!("{apiGroups: ['', events.k8s.io], resources: [events], verbs: [create, delete]}"),
            &["Role.rbac.authorization.k8s.io/shop/r rules[0]: may delete events"],
        ),
        Case::fail(
            "by a wildcard",
            cluster_role!("{apiGroups: [''], resources: [events, pods/log], verbs: ['*']}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may delete, deletecollection events"],
        ),
    ],
}

const WANTED: &[Wanted] = &[
    Wanted { verbs: &["delete", "deletecollection"], group: "", resources: &["events"] },
    Wanted { verbs: &["delete", "deletecollection"], group: "events.k8s.io", resources: &["events"] },
];
