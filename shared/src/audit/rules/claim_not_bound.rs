use crate::audit::{
    api::{PersistentVolumeClaim, StorageClass},
    case::Case,
    context::Context,
    findings::Findings,
    references::Target,
    rule::{Check, Outcome, rule},
    storage_classes::{class_named, class_of, defaults, is_class_missing},
    world::Object,
};

rule! {
    /// A claim has no volume, or has lost it.
    ///
    /// ## Why it matters
    ///
    /// Pods that mount the claim can't start. A claim that is Lost had a volume that is gone, and with it perhaps the data.
    ///
    /// ## Remediation
    ///
    /// Follow the cause that the finding names: a class that does not exist, a provisioner that fails (`kubectl describe pvc`
    /// shows its events), or no volume that is large enough. Of a lost claim, restore the volume from a backup.
    severity: High,
    category: Storage,
    admission: Never,
    needs: Status,
    reads: [STORAGE_CLASS, PERSISTENT_VOLUME, EVENT, POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#phase"],
    check: [Check::PersistentVolumeClaim(check)],
    cases: [
        Case::fail(
            "the provisioner fails, in its words",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, creationTimestamp: '2026-11-28T11:59:00Z'}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}, status: {phase: Pending}}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}\n---\n{apiVersion: v1, kind: Event, metadata: {name: e, namespace: shop}, involvedObject: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: shop, name: data}, type: Warning, reason: ProvisioningFailed, message: \"no disk left\\ndetails\"}",
            &["PersistentVolumeClaim/shop/data status.phase: claim is Pending: ProvisioningFailed: no disk left"],
        ),
        Case::fail(
            "caused by a class that does not exist",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, creationTimestamp: '2026-11-28T08:00:00Z'}, spec: {storageClassName: gone, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}, status: {phase: Pending}}",
            &["PersistentVolumeClaim/shop/data status.phase: claim is Pending: storage class \"gone\" does not exist"],
        ),
        Case::fail(
            "lost",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {storageClassName: fast, volumeName: pv-1, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}, status: {phase: Lost}}",
            &["PersistentVolumeClaim/shop/data status.phase: claim is Lost: volume \"pv-1\" is gone"],
        ),
        Case::pass(
            "waits for its first consumer, and nobody mounts it",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, creationTimestamp: '2026-11-20T08:00:00Z'}, spec: {storageClassName: late, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}, status: {phase: Pending}}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: late}, provisioner: x.example.com, volumeBindingMode: WaitForFirstConsumer}",
        ),
        Case::pass(
            "a minute old",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, creationTimestamp: '2026-11-28T11:59:00Z'}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}, status: {phase: Pending}}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}",
        ),
        Case::unknown(
            "without the classes it can't be said",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, creationTimestamp: '2026-11-28T08:00:00Z'}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}, status: {phase: Pending}}",
            &["StorageClass.storage.k8s.io"],
            &["? PersistentVolumeClaim/shop/data StorageClass.storage.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(claim: &PersistentVolumeClaim, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (path, metadata) = ("status.phase", &claim.metadata);
    if claim.status.phase == "Lost" {
        out.fail(path, format!("claim is Lost: volume {:?} is gone", claim.spec.volume_name));
        return Ok(());
    }
    if claim.status.phase != "Pending" || metadata.deletion_timestamp.is_some() {
        return Ok(());
    }
    let events = cx.events_of(&claim.key())?;
    let failed = |reason: &str| matches!(reason, "ProvisioningFailed" | "FailedBinding");
    if let Some(event) = events.iter().rev().find(|event| failed(&event.reason)) {
        let message = event.message.lines().next().unwrap_or_default();
        out.fail(path, format!("claim is Pending: {}: {message}", event.reason));
        return Ok(());
    }
    if let Some(made) = metadata.creation_timestamp
        && cx.now()?.seconds - made.seconds < cx.parameters().rollout_minutes * 60
    {
        return Ok(());
    }
    match class_named(metadata, &claim.spec) {
        Some(class) if is_class_missing(cx, class)? => {
            let why = format!("claim is Pending: storage class {class:?} does not exist");
            out.fail(path, why).caused_by("missing-storage-class", &claim.key());
            return Ok(());
        }
        None if defaults(cx)?.is_empty() => {
            let why = "claim is Pending: it names no storage class, and there is no default";
            out.fail(path, why).caused_by("no-default-storage-class", &claim.key());
            return Ok(());
        }
        _ => {}
    }
    let waits = class_of(cx, metadata, &claim.spec)?.is_some_and(StorageClass::waits_for_consumer);
    if waits && !cx.named(&metadata.namespace)?.has(Target::Claim, &metadata.namespace, &metadata.name) {
        return Ok(());
    }
    out.fail(path, if waits { "claim is Pending though a pod mounts it" } else { "claim is Pending" });
    Ok(())
}
