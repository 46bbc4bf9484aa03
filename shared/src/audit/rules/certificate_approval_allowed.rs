use crate::audit::{
    api::ClusterRole,
    case::{Case, cluster_role},
    context::Context,
    findings::Findings,
    rbac::AnyRole,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A role approves or signs certificate requests for clients of the API server.
    ///
    /// ## Why it matters
    ///
    /// An approved request becomes a certificate for whatever name it asks for, valid for a year, which can't be
    /// taken back. Whoever approves their own request is any user they like.
    ///
    /// ## Remediation
    ///
    /// Limit `approve` and `sign` to the `resourceNames` of the signer that is meant, never `kubernetes.io/kube-
    /// apiserver-client` or `*`, and leave clients' certificates to people.
    severity: High,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.11"],
    check: [Check::ClusterRole(check)],
    cases: [
        Case::pass("requests are created and read", cluster_role!("{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get, list, watch]}")),
        Case::pass("only those of another signer", cluster_role!("{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}, {apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve], resourceNames: ['example.com/*']}")),
        Case::fail(
            "of every signer",
            cluster_role!("{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}, {apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve]}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[0]: may update certificatesigningrequests/approval, and approve for signer \"kubernetes.io/kube-apiserver-client\""],
        ),
        Case::fail(
            "of the signer of users' certificates",
            cluster_role!("{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval, signers], verbs: [update, approve], resourceNames: ['kubernetes.io/*']}, {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/status], verbs: [patch]}, {apiGroups: [certificates.k8s.io], resources: [signers], verbs: [sign], resourceNames: [kubernetes.io/kube-apiserver-client]}"),
            &["ClusterRole.rbac.authorization.k8s.io/c rules[1]: may patch certificatesigningrequests/status, and sign for signer \"kubernetes.io/kube-apiserver-client\""],
        ),
    ],
}

const GROUP: &str = "certificates.k8s.io";
/// Signs what the API server takes for users.
const SIGNER: &str = "kubernetes.io/kube-apiserver-client";

/// The subresource that is written, and the verb on the signer which that takes.
const WAYS: &[(&str, &str)] =
    &[("certificatesigningrequests/approval", "approve"), ("certificatesigningrequests/status", "sign")];

fn check(role: &ClusterRole, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (at, rule) in role.judged().filter(|(_, rule)| !rule.is_about_everything()) {
        for (resource, verb) in WAYS {
            let on_signer = role.judged().any(|(_, other)| {
                other.has_verb(verb)
                    && other.has_group(GROUP)
                    && other.has_resource("signers", "")
                    && (other.resource_names.is_empty()
                        || other
                            .resource_names
                            .iter()
                            .any(|name| name == SIGNER || name == "kubernetes.io/*"))
            });
            let written = ["update", "patch"].into_iter().find(|it| rule.allows_on_all(it, GROUP, resource));
            if let Some(written) = written.filter(|_| on_signer) {
                out.fail(
                    format!("rules[{at}]"),
                    format!("may {written} {resource}, and {verb} for signer {SIGNER:?}"),
                );
            }
        }
    }
    Ok(())
}
