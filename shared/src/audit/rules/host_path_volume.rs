use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::host_path_volumes::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod mounts a directory or a file of its node.
    ///
    /// ## Why it matters
    ///
    /// Who can write there can change the node: its cron jobs, its kubelet's manifests, the credentials of other
    /// pods. Who can only read sees the logs, the secrets and the container runtime's socket of everybody on the
    /// node, and the pod is no longer the same on another node.
    ///
    /// ## Remediation
    ///
    /// Use a volume that belongs to the pod: `emptyDir` for scratch space, a PersistentVolumeClaim for data,
    /// `configMap`, `secret` or `projected` for configuration. Agents of nodes that need one belong into a
    /// namespace of their own.
    severity: Critical,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.2.12", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("volumes of the pod", pod!("volumes: [{name: v, emptyDir: {}}, {name: w, persistentVolumeClaim: {claimName: c}}, {name: z}], containers: [{name: a, image: x}]")),
        Case::fail(
            "read-only or not",
            pod!("volumes: [{name: logs, hostPath: {path: /var/log}}], containers: [{name: a, image: x, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}]"),
            &["Pod/shop/p spec.volumes[0].hostPath: volume \"logs\" is the node's path \"/var/log\""],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    let volume = culprit.volume.as_deref().unwrap_or_default();
    format!("volume \"{volume}\" is the node's path {}", culprit.seen())
}
