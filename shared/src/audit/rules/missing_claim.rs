use crate::audit::{
    api::PersistentVolumeClaim,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    references::{Target, of_pods},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod mounts a claim that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The scheduler does not place the pod: it stays Pending until somebody makes the claim.
    ///
    /// ## Remediation
    ///
    /// Create the claim in the namespace of the pod, or correct the name. Pods of a StatefulSet get claims by
    /// `volumeClaimTemplates`.
    severity: High,
    category: References,
    admission: Warn,
    needs: Objects,
    reads: [PERSISTENT_VOLUME_CLAIM],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "gone",
            concat!(pod!("volumes: [{name: v, persistentVolumeClaim: {claimName: gone}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: other, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
            &["Pod/shop/p spec.volumes[0].persistentVolumeClaim.claimName: claim \"gone\" does not exist"],
        ),
        Case::pass(
            "there; and claims that are made for each pod",
            concat!(pod!("volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x, volumeMounts: [{name: disk, mountPath: /d}]}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}"),
        ),
        Case::pass(
            "a volume that the stateful set replaces by the claim of the same name",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: other, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x, volumeMounts: [{name: disk, mountPath: /d}]}], volumes: [{name: disk, persistentVolumeClaim: {claimName: disk}}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}",
        ),
        Case::unknown(
            "forbidden is not missing",
            pod!("volumes: [{name: v, persistentVolumeClaim: {claimName: gone}}], containers: [{name: a, image: x}]"),
            &["PersistentVolumeClaim"],
            &["? Pod/shop/p PersistentVolumeClaim in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    of_pods(pods, &mut |reference| {
        if reference.target == Target::Claim {
            match cx.exists::<PersistentVolumeClaim>(pods.namespace(), reference.name) {
                Ok(true) => {}
                Ok(false) => {
                    out.fail(reference.path(), format!("claim {:?} does not exist", reference.name));
                }
                Err(unknown) => out.unknown(&unknown),
            }
        }
    });
    Ok(())
}
