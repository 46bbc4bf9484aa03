use crate::audit::{
    case::{Case, cluster_role, role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role creates or changes role bindings.
    ///
    /// ## Why it matters
    ///
    /// Who writes bindings hands out what they have themselves to whomever they like, and nobody who reviews the
    /// roles sees it. With one `bind` or `escalate` more it is every right there is.
    ///
    /// ## Remediation
    ///
    /// Leave bindings to the pipeline that is reviewed. Where teams manage their own, limit them with `bind` on
    /// named roles.
    severity: Medium,
    category: Rbac,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.8"],
    check: [Check::Role(|role, _, out| report(role, WANTED, out)), Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("read", role!("{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, roles], verbs: [get, list]}")),
        Case::fail(
            "written",
            role!("{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create, patch]}"),
            &["Role.rbac.authorization.k8s.io/shop/r rules[0]: may create, patch rolebindings"],
        ),
        Case::fail(
            "of the cluster",
            cluster_role!("{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, clusterrolebindings], verbs: [create]}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may create rolebindings, clusterrolebindings"],
        ),
    ],
}

const WANTED: &[Wanted] = &[Wanted {
    verbs: &["create", "update", "patch"],
    group: "rbac.authorization.k8s.io",
    resources: &["rolebindings", "clusterrolebindings"],
}];
