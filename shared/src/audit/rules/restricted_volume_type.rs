use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::restricted_volumes::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A volume is of a kind that reaches beyond what the cluster gives the pod.
    ///
    /// ## Why it matters
    ///
    /// Volumes of the node, and network storage that the pod names itself, are not kept apart by namespaces:
    /// whoever may create pods reaches any server and any path with them, past quotas, storage classes and the
    /// rights on claims.
    ///
    /// ## Remediation
    ///
    /// Use `configMap`, `secret`, `projected`, `downwardAPI`, `emptyDir`, `csi`, `ephemeral`, `image` or
    /// `persistentVolumeClaim`. Storage on the network belongs into a PersistentVolume, which only administrators
    /// create.
    severity: Medium,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS restricted", "CIS 5.2.12", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("allowed kinds, and none at all, which is emptyDir", pod!("volumes: [{name: a, configMap: {name: c}}, {name: b, image: {reference: data:1}}, {name: c, projected: {sources: []}}, {name: d}], containers: [{name: a, image: x}]")),
        Case::fail(
            "others",
            pod!("volumes: [{name: shared, nfs: {server: nfs.example.com, path: /}}, {name: logs, hostPath: {path: /var/log}}], containers: [{name: a, image: x}]"),
            &[
                "Pod/shop/p spec.volumes[0].nfs: volume \"shared\" is of type nfs",
                "Pod/shop/p spec.volumes[1].hostPath: volume \"logs\" is of type hostPath",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    let (volume, seen) = (culprit.volume.as_deref(), culprit.value.as_deref());
    format!("volume \"{}\" is of type {}", volume.unwrap_or_default(), seen.unwrap_or_default())
}
