use crate::audit::{
    api::PersistentVolumeClaim,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Custom,
};
use crate::model::kinds;

rule! {
    /// Nothing shows that the data of a claim is backed up.
    ///
    /// ## Why it matters
    ///
    /// Replicas are no backup: what is deleted or overwritten by mistake is gone in all of them.
    ///
    /// ## Remediation
    ///
    /// Make snapshots of the claim on a schedule, have a backup tool take the namespace, or say that the data can be made
    /// again by an exemption.
    severity: Info,
    category: Storage,
    admission: Never,
    needs: Objects,
    reads: [VOLUME_SNAPSHOT, VELERO_SCHEDULE],
    references: ["https://kubernetes.io/docs/concepts/storage/volume-snapshots/"],
    check: [Check::PersistentVolumeClaim(check)],
    cases: [
        Case::fail(
            "nothing at all, and a schedule of another namespace",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: velero.io/v1, kind: Schedule, metadata: {name: s, namespace: velero}, spec: {schedule: '0 1 * * *', template: {includedNamespaces: [bank]}}}",
            &["PersistentVolumeClaim/shop/data no snapshot, schedule or label of a backup covers the claim"],
        ).in_files_only(),
        Case::pass(
            "a snapshot, a label, an annotation",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshot, metadata: {name: s, namespace: shop}, spec: {source: {persistentVolumeClaimName: a}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: b, namespace: shop, labels: {recurring-job-group.longhorn.io/default: enabled}}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: shop, annotations: {k8up.io/backup: 'true'}}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
        ).in_files_only(),
        Case::pass(
            "a schedule of every namespace",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: velero.io/v1, kind: Schedule, metadata: {name: s, namespace: velero}, spec: {schedule: '0 1 * * *', template: {}}}",
        ).in_files_only(),
    ],
}

fn check(claim: &PersistentVolumeClaim, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (namespace, name) = (claim.metadata.namespace.as_str(), claim.metadata.name.as_str());
    let keys = claim.metadata.labels.keys().chain(claim.metadata.annotations.keys());
    let mut marks = keys.filter(|key| key.contains("backup") || key.contains("recurring-job"));
    let snapshot = |custom: &Custom| {
        let source = custom.value.pointer("/spec/source/persistentVolumeClaimName");
        custom.metadata.namespace == namespace && source.and_then(serde_json::Value::as_str) == Some(name)
    };
    let covered = marks.next().is_some()
        || cx.custom(kinds::VOLUME_SNAPSHOT)?.any(|(_, custom)| snapshot(custom))
        || cx.custom(kinds::VELERO_SCHEDULE)?.any(|(_, schedule)| takes(schedule, namespace));
    if !covered {
        out.fail("", "no snapshot, schedule or label of a backup covers the claim");
    }
    Ok(())
}

/// Whether a schedule backs up a namespace: of those it names, all if it names none, but for those it leaves out.
fn takes(schedule: &Custom, namespace: &str) -> bool {
    let names = |field: &str| {
        let list = schedule.value.pointer(&format!("/spec/template/{field}"));
        list.and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default()
    };
    let (included, excluded) = (names("includedNamespaces"), names("excludedNamespaces"));
    let is = |one: &serde_json::Value| one == namespace || one == "*";
    (included.is_empty() || included.iter().any(is)) && !excluded.iter().any(is)
}
