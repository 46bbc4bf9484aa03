use crate::audit::{
    api::StorageClass,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};
use crate::model::kinds;

rule! {
    /// Volumes of a storage class can't be snapshotted: no snapshot class is of its driver.
    ///
    /// ## Why it matters
    ///
    /// Backup tools that work by snapshots pass such volumes over, often without a word.
    ///
    /// ## Remediation
    ///
    /// Create a VolumeSnapshotClass with the driver of the storage class, if the driver can make snapshots.
    severity: Info,
    category: Storage,
    admission: Never,
    needs: Objects,
    reads: [VOLUME_SNAPSHOT_CLASS],
    references: ["https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes/"],
    check: [Check::StorageClass(check)],
    cases: [
        Case::fail(
            "of another driver",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}\n---\n{apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshotClass, metadata: {name: s}, driver: y.example.com, deletionPolicy: Delete}",
            &["StorageClass.storage.k8s.io/fast provisioner: no VolumeSnapshotClass is of driver x.example.com"],
        ).in_files_only(),
        Case::pass(
            "of this driver, and a class of no driver",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: local}, provisioner: kubernetes.io/no-provisioner}\n---\n{apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshotClass, metadata: {name: s}, driver: x.example.com, deletionPolicy: Delete}",
        ).in_files_only(),
    ],
}

fn check(class: &StorageClass, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let driver = class.provisioner.as_str();
    if driver.starts_with("kubernetes.io/") || driver.is_empty() {
        return Ok(());
    }
    let mut classes = cx.custom(kinds::VOLUME_SNAPSHOT_CLASS)?;
    if !classes
        .any(|(_, class)| class.value.get("driver").and_then(serde_json::Value::as_str) == Some(driver))
    {
        out.fail("provisioner", format!("no VolumeSnapshotClass is of driver {driver}"));
    }
    Ok(())
}
