use crate::audit::{
    case::{Case, cluster_role, role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role creates pods, or what makes pods.
    ///
    /// ## Why it matters
    ///
    /// A new pod can run as any service account of its namespace, mount any of its secrets and volumes and, where
    /// Pod Security does not hold it back, take over its node. So the right to create a pod is the sum of all
    /// rights in the namespace.
    ///
    /// ## Remediation
    ///
    /// Give it to the deployment pipeline alone, one namespace at a time, and enforce the `baseline` Pod Security
    /// level on those namespaces. Let people who only restart or scale have `patch` on `deployments/scale`
    /// instead.
    severity: Medium,
    category: Rbac,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.4", "NSA rbac"],
    check: [Check::Role(|role, _, out| report(role, WANTED, out)), Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("read, scaled and deleted", role!("{apiGroups: [apps], resources: [deployments], verbs: [get, delete]}, {apiGroups: [apps], resources: [deployments/scale], verbs: [patch]}")),
        Case::fail(
            "several kinds in one rule, told once",
            role!("{apiGroups: ['', apps, batch], resources: [pods, deployments, jobs], verbs: [create, get]}"),
            &["Role.rbac.authorization.k8s.io/shop/r rules[0]: may create pods, deployments, jobs"],
        ),
        Case::fail(
            "every resource of a group",
            cluster_role!("{apiGroups: [apps], resources: ['*'], verbs: ['*']}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may create daemonsets, deployments, replicasets, statefulsets"],
        ),
    ],
}

const WANTED: &[Wanted] = &[
    Wanted { verbs: &["create"], group: "", resources: &["pods", "replicationcontrollers"] },
    Wanted {
        verbs: &["create"],
        group: "apps",
        resources: &["daemonsets", "deployments", "replicasets", "statefulsets"],
    },
    Wanted { verbs: &["create"], group: "batch", resources: &["cronjobs", "jobs"] },
];
