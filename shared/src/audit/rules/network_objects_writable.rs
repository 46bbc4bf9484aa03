use crate::audit::{
    case::{Case, cluster_role, role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role changes network policies, ingresses, services or endpoints.
    ///
    /// ## Why it matters
    ///
    /// These objects decide who reaches whom. Whoever deletes a network policy opens a namespace; whoever writes
    /// a service, an endpoint slice or an ingress takes the traffic that was meant for another.
    ///
    /// ## Remediation
    ///
    /// Keep the writing of network policies with those who answer for them, apart from the rights of the
    /// application's own pipeline, and leave `endpointslices` to the controllers.
    severity: Medium,
    category: Rbac,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["NSA network-policies"],
    check: [Check::Role(|role, _, out| report(role, WANTED, out)), Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("read", role!("{apiGroups: ['', networking.k8s.io], resources: [services, ingresses, networkpolicies], verbs: [get, list, watch]}")),
        Case::pass("the status alone", role!("{apiGroups: [networking.k8s.io], resources: [ingresses/status], verbs: [update]}")),
        Case::fail(
            "written and deleted",
            role!("{apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [get, update, delete]}, {apiGroups: [''], resources: [services], verbs: [create]}"),
            &[
                "Role.rbac.authorization.k8s.io/shop/r rules[0]: may update, delete networkpolicies",
                "Role.rbac.authorization.k8s.io/shop/r rules[1]: may create services",
            ],
        ),
        Case::fail(
            "endpoints",
            cluster_role!("{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [create]}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may create endpointslices"],
        ),
    ],
}

const WANTED: &[Wanted] = &[
    Wanted {
        verbs: &["create", "update", "patch", "delete"],
        group: "",
        resources: &["services", "endpoints"],
    },
    Wanted {
        verbs: &["create", "update", "patch", "delete"],
        group: "discovery.k8s.io",
        resources: &["endpointslices"],
    },
    Wanted {
        verbs: &["create", "update", "patch", "delete"],
        group: "networking.k8s.io",
        resources: &["ingresses", "networkpolicies"],
    },
];
