use crate::audit::{
    case::{Case, cluster_role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role creates persistent volumes.
    ///
    /// ## Why it matters
    ///
    /// A persistent volume can be a directory of a node. Whoever creates one of type `hostPath` and claims it has
    /// the node's files, past every rule about volumes in pods.
    ///
    /// ## Remediation
    ///
    /// Leave volumes to a provisioner: users need `persistentvolumeclaims` alone.
    severity: High,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.9"],
    check: [Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("claims, and reading of volumes", cluster_role!("{apiGroups: [''], resources: [persistentvolumeclaims], verbs: [create]}, {apiGroups: [''], resources: [persistentvolumes], verbs: [get, list]}")),
        Case::pass("in a role of a namespace it has no effect", "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: shop}, rules: [{apiGroups: [''], resources: [persistentvolumes], verbs: [create]}]}"),
        Case::fail(
            "volumes",
            cluster_role!("{apiGroups: [''], resources: [persistentvolumes], verbs: [get, create]}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may create persistentvolumes"],
        ),
    ],
}

const WANTED: &[Wanted] = &[Wanted { verbs: &["create"], group: "", resources: &["persistentvolumes"] }];
