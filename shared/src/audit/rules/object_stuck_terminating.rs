use crate::audit::{
    api::Namespace,
    case::Case,
    context::Context,
    findings::Findings,
    reliability::{past, stuck},
    rule::{Check, Outcome, rule},
};

rule! {
    /// An object was deleted a day ago, and a finalizer still keeps it.
    ///
    /// ## Why it matters
    ///
    /// The controller that should clean up behind it is gone or fails, so that what it stands for (a disk, a load balancer,
    /// the content of a namespace) stays and costs, and its name can't be used again.
    ///
    /// ## Remediation
    ///
    /// Look at the controller that the finalizer is named after. Remove the finalizer only when you know that there is
    /// nothing left to clean up.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [
        Check::Namespace(namespace),
        Check::PersistentVolumeClaim(stuck),
        Check::PersistentVolume(stuck),
        Check::Service(stuck),
        Check::Ingress(stuck),
        Check::Deployment(stuck),
        Check::StatefulSet(stuck),
        Check::DaemonSet(stuck),
        Check::Job(stuck),
        Check::Node(stuck),
    ],
    cases: [
        Case::fail(
            "a namespace, and a claim that a pod uses",
            "{apiVersion: v1, kind: Namespace, metadata: {name: old, deletionTimestamp: '2026-11-20T12:00:00Z'}, spec: {finalizers: [kubernetes]}, status: {phase: Terminating, conditions: [{type: NamespaceDeletionDiscoveryFailure, status: 'True', reason: DiscoveryFailed, message: 'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1'}]}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, deletionTimestamp: '2026-11-20T12:00:00Z', finalizers: [kubernetes.io/pvc-protection]}, spec: {}}
",
            &[
                "Namespace/old status.conditions: deleted, and still there: Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1",
                "PersistentVolumeClaim/shop/data metadata.finalizers: deleted, and kept by kubernetes.io/pvc-protection",
            ],
        ).in_files_only(),
        Case::pass("an hour ago; a finalizer on what nobody deleted", "{apiVersion: v1, kind: Namespace, metadata: {name: old, deletionTimestamp: '2026-11-28T11:00:00Z'}, spec: {finalizers: [kubernetes]}, status: {phase: Terminating}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, finalizers: [kubernetes.io/pvc-protection]}, spec: {}}
").in_files_only(),
    ],
}

fn namespace(namespace: &Namespace, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let patience = cx.parameters().patience_hours.saturating_mul(60);
    if past(cx, namespace.metadata.deletion_timestamp, patience)? {
        let told =
            namespace.status.conditions.iter().find(|it| it.status == "True" && !it.message.is_empty());
        let why = told.map_or("nothing says why", |it| it.message.lines().next().unwrap_or_default());
        out.fail("status.conditions", format!("deleted, and still there: {why}"));
    }
    Ok(())
}
