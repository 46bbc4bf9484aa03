use crate::audit::{
    case::{Case, cluster_role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role reaches the kubelets through `nodes/proxy`.
    ///
    /// ## Why it matters
    ///
    /// The kubelet's own interface runs commands in every container of its node, reads every log, and knows
    /// nothing of audit logs, admission or network policies. `get` is enough to run commands, so what was meant
    /// for metrics is administrator of every node.
    ///
    /// ## Remediation
    ///
    /// Use `nodes/metrics`, `nodes/stats` or `nodes/log` with `get`, which is what monitoring needs; take
    /// `nodes/proxy` out.
    severity: High,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.10", "NSA rbac"],
    check: [Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("metrics and statistics", cluster_role!("{apiGroups: [''], resources: [nodes, nodes/metrics, nodes/stats], verbs: [get, list]}")),
        Case::fail(
            "as monitoring has it from old examples",
            cluster_role!("{apiGroups: [''], resources: [nodes, nodes/proxy], verbs: [get, list, watch]}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may get nodes/proxy"],
        ),
    ],
}

const WANTED: &[Wanted] = &[Wanted {
    verbs: &["get", "create", "update", "patch", "delete"],
    group: "",
    resources: &["nodes/proxy"],
}];
