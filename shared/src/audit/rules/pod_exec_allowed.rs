use crate::audit::{
    case::{Case, cluster_role, role},
    context::Context,
    rbac::{Wanted, exec_verbs, report},
    rule::{Check, rule},
};

rule! {
    /// A role runs commands in pods, attaches to them, or reaches their ports.
    ///
    /// ## Why it matters
    ///
    /// Whoever runs a command in a pod has its files, its environment with every password in it, its service
    /// account's token and its place in the network. It leaves no trace in the workload's definition. Before
    /// Kubernetes 1.35 `get` is enough: it opens the same connection as `create`. Since then the API server asks for
    /// `create` whichever way the connection is opened.
    ///
    /// ## Remediation
    ///
    /// Take `pods/exec`, `pods/attach`, `pods/portforward` and `pods/ephemeralcontainers` out of the role, and
    /// grant them for the time of an incident, to people and never to workloads.
    severity: High,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA rbac"],
    check: [
        Check::Role(|role, cx, out| report(role, &wanted(cx), out)),
        Check::ClusterRole(|role, cx, out| report(role, &wanted(cx), out)),
    ],
    cases: [
        Case::pass("pods without their subresources, and logs", role!("{apiGroups: [''], resources: [pods, pods/log], verbs: [get, list, create]}")),
        Case::pass("only deleted", role!("{apiGroups: [''], resources: [pods/exec], verbs: [delete]}")),
        Case::pass("in one pod", role!("{apiGroups: [''], resources: [pods/exec], verbs: [create], resourceNames: [shell]}")),
        Case::fail(
            "by name, and by a wildcard over subresources",
            concat!(
                role!("{apiGroups: [''], resources: [pods/exec, pods/portforward], verbs: [create]}"),
                cluster_role!("{apiGroups: [''], resources: ['*/exec'], verbs: [get, create]}"),
            ),
            &[
                "ClusterRole.rbac.authorization.k8s.io/c rules[0]: may create pods/exec",
                "Role.rbac.authorization.k8s.io/shop/r rules[0]: may create pods/exec, pods/portforward",
            ],
        ),
        Case::pass("only got", role!("{apiGroups: [''], resources: [pods, pods/exec, pods/log], verbs: [get, list, watch]}")),
        Case::fail(
            "only got, where that is enough",
            role!("{apiGroups: [''], resources: [pods, pods/exec, pods/log], verbs: [get, list, watch]}"),
            &["Role.rbac.authorization.k8s.io/shop/r rules[0]: may get pods/exec"],
        ).for_version(34),
        Case::fail(
            "a container to debug with",
            role!("{apiGroups: [''], resources: [pods/ephemeralcontainers], verbs: [patch]}"),
            &["Role.rbac.authorization.k8s.io/shop/r rules[0]: may patch pods/ephemeralcontainers"],
        ),
    ],
}

fn wanted(cx: &Context<'_>) -> [Wanted; 2] {
    [
        Wanted {
            verbs: exec_verbs(cx.version()),
            group: "",
            resources: &["pods/exec", "pods/attach", "pods/portforward"],
        },
        Wanted { verbs: &["update", "patch"], group: "", resources: &["pods/ephemeralcontainers"] },
    ]
}
