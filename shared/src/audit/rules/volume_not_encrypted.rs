use crate::audit::{
    api::{PersistentVolume, StorageClass},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A volume is of a driver that encrypts only when it is told to, and its class does not tell it.
    ///
    /// ## Why it matters
    ///
    /// Who gets hold of the disk, a copy of it or a snapshot reads all that is on it.
    ///
    /// ## Remediation
    ///
    /// Set `encrypted: "true"` in the parameters of the storage class and move the data to a new volume: one that is there
    /// can't be encrypted. Where the account of the cloud encrypts every disk anyway, exempt the class.
    severity: Medium,
    category: Storage,
    admission: Never,
    needs: Objects,
    reads: [STORAGE_CLASS],
    references: ["CIS 5.4", "https://kubernetes.io/docs/concepts/storage/storage-classes/#parameters"],
    check: [Check::PersistentVolume(check)],
    cases: [
        Case::fail(
            "the class does not say it",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], storageClassName: gp3, csi: {driver: ebs.csi.aws.com, volumeHandle: h}}}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gp3}, provisioner: ebs.csi.aws.com, parameters: {type: gp3}}",
            &["PersistentVolume/pv spec.csi: driver ebs.csi.aws.com does not encrypt: storage class \"gp3\" has no parameter encrypted"],
        ),
        Case::pass(
            "the class or the volume says it; a driver that always does",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], storageClassName: gp3, csi: {driver: ebs.csi.aws.com, volumeHandle: h}}}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gp3}, provisioner: ebs.csi.aws.com, parameters: {encrypted: 'true'}}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: b}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], csi: {driver: rbd.csi.ceph.com, volumeHandle: h, volumeAttributes: {encrypted: 'true'}}}}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: c}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], csi: {driver: pd.csi.storage.gke.io, volumeHandle: h}}}",
        ),
        Case::unknown(
            "without the class it can't be said",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], storageClassName: gp3, csi: {driver: ebs.csi.aws.com, volumeHandle: h}}}",
            &["StorageClass.storage.k8s.io"],
            &["? PersistentVolume/pv StorageClass.storage.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

/// Drivers that encrypt when `encrypted` says so, and only then.
const DRIVERS: &[&str] =
    &["ebs.csi.aws.com", "rbd.csi.ceph.com", "cephfs.csi.ceph.com", "driver.longhorn.io"];

fn check(volume: &PersistentVolume, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(csi) = volume.spec.source.csi.as_ref().filter(|csi| DRIVERS.contains(&csi.driver.as_str()))
    else {
        return Ok(());
    };
    let says = |value: Option<&String>| value.is_some_and(|value| value == "true");
    if says(csi.volume_attributes.get("encrypted")) {
        return Ok(());
    }
    let name = volume.spec.storage_class_name.as_str();
    // Of a volume that was made by hand, or whose class is gone, nobody knows.
    let Some(class) = cx.get::<StorageClass>("", name)? else { return Ok(()) };
    if !says(class.parameters.get("encrypted")) {
        let why = format!("storage class {name:?} has no parameter encrypted");
        out.fail("spec.csi", format!("driver {} does not encrypt: {why}", csi.driver));
    }
    Ok(())
}
