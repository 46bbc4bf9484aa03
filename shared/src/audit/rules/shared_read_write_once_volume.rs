use crate::audit::{
    api::PersistentVolumeClaim,
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// Several pods share a volume that only one node can mount.
    ///
    /// ## Why it matters
    ///
    /// The first pod gets the volume; those that land on other nodes hang in ContainerCreating with a multi-attach error.
    /// It works as long as all pods happen to be on one node, and breaks when that node is drained.
    ///
    /// ## Remediation
    ///
    /// Use a StatefulSet with `volumeClaimTemplates`, so that each pod has a volume of its own, or a claim with
    /// `ReadWriteMany`.
    severity: High,
    category: Storage,
    admission: Warn,
    needs: Objects,
    reads: [PERSISTENT_VOLUME_CLAIM],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "three replicas",
            concat!(deployment!("volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
            &["Deployment.apps/shop/web spec.template.spec.volumes[0].persistentVolumeClaim.claimName: 3 pods share claim \"data\", which is ReadWriteOnce"],
        ),
        Case::pass(
            "many may write it",
            concat!(deployment!("volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce, ReadWriteMany], resources: {requests: {storage: 1Gi}}}}"),
        ),
        Case::pass(
            "all on one node",
            concat!(deployment!("nodeSelector: {kubernetes.io/hostname: n1}, volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
        ),
        Case::pass(
            "one replica; and a claim that does not exist is another rule's",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
        ),
        Case::unknown(
            "the claim was not read",
            deployment!("volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"),
            &["PersistentVolumeClaim"],
            &["? Deployment.apps/shop/web PersistentVolumeClaim in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let on_every_node = matches!(pods.workload, Workload::DaemonSet(_));
    let count = pods.replicas().unwrap_or_default();
    if (count < 2 && !on_every_node) || pods.is_idle() {
        return Ok(());
    }
    let one_node = pods.spec.node_selector.contains_key("kubernetes.io/hostname");
    for (n, volume) in pods.spec.volumes.iter().enumerate() {
        let Some(mount) = &volume.source.persistent_volume_claim else { continue };
        let Some(claim) = cx.get::<PersistentVolumeClaim>(pods.namespace(), &mount.claim_name)? else {
            continue;
        };
        let modes = &claim.spec.access_modes;
        let mode = match modes.as_slice() {
            [mode] if mode == "ReadWriteOncePod" || (mode == "ReadWriteOnce" && !one_node) => mode,
            _ => continue,
        };
        let who = if on_every_node { "pods of all nodes".to_owned() } else { format!("{count} pods") };
        out.fail(
            pods.path(&format!("volumes[{n}].persistentVolumeClaim.claimName")),
            format!("{who} share claim {:?}, which is {mode}", mount.claim_name),
        );
    }
    Ok(())
}
