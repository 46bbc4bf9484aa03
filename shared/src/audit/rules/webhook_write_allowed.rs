use crate::audit::{
    case::{Case, cluster_role},
    rbac::{Wanted, report},
    rule::{Check, rule},
};

rule! {
    /// A role writes the configuration of admission webhooks.
    ///
    /// ## Why it matters
    ///
    /// A webhook sees every object that is written, secrets included, and a mutating one changes them: it can put
    /// a container into every pod of the cluster, the control plane's too. Who configures webhooks needs no other
    /// right.
    ///
    /// ## Remediation
    ///
    /// Name the one configuration in `resourceNames`, with `get`, `update` and `patch`; let the installer create
    /// it once, with an account that is not used again.
    severity: Critical,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.12"],
    check: [Check::ClusterRole(|role, _, out| report(role, WANTED, out))],
    cases: [
        Case::pass("its own configuration, by name", cluster_role!("{apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], verbs: [update, patch], resourceNames: [mine]}")),
        Case::pass("read", cluster_role!("{apiGroups: [admissionregistration.k8s.io], resources: ['*'], verbs: [get, list, watch]}")),
        Case::fail(
            "all of them",
            cluster_role!("{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations], verbs: [create, get, patch]}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may create, patch mutatingwebhookconfigurations, validatingwebhookconfigurations"],
        ),
    ],
}

const WANTED: &[Wanted] = &[Wanted {
    verbs: &["create", "update", "patch"],
    group: "admissionregistration.k8s.io",
    resources: &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
}];
