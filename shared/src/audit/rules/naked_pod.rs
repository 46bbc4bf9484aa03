use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
    unseen::is_hook,
};

rule! {
    /// A pod that nothing manages.
    ///
    /// ## Why it matters
    ///
    /// When its node goes, or it is evicted, the pod is gone: nothing makes another one. It can't be scaled or updated
    /// either.
    ///
    /// ## Remediation
    ///
    /// Make it the template of a Deployment, a StatefulSet or, if it is to end, a Job.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail("on its own", pod!("containers: [{name: a, image: x}]"), &["Pod/shop/p metadata.ownerReferences: nothing makes the pod again when it is gone"]),
        Case::pass("part of a workload", deployment!("containers: [{name: a, image: x}]")),
        Case::pass("somebody owns it, if only loosely", "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Run, name: r, uid: u}]}, spec: {containers: [{name: a, image: x}]}}"),
        Case::pass("its tool makes it and takes it away", "{apiVersion: v1, kind: Pod, metadata: {name: test, namespace: shop, annotations: {helm.sh/hook: test}}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}"),
        Case::pass("a kubelet's own pod", "{apiVersion: v1, kind: Pod, metadata: {name: kube-proxy-n1, namespace: kube-system, annotations: {kubernetes.io/config.mirror: abc}}, spec: {nodeName: n1, containers: [{name: a, image: x}]}}").in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Workload::Pod(pod) = pods.workload
        && pod.metadata.owner_references.is_empty()
        && !pod.is_mirror()
        && !is_hook(&pod.metadata)
    {
        out.fail("metadata.ownerReferences", "nothing makes the pod again when it is gone");
    }
    Ok(())
}
