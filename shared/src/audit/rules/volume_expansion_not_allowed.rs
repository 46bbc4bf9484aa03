use crate::audit::{
    api::{PersistentVolumeClaim, StorageClass},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    storage_classes::class_named,
};

rule! {
    /// Volumes of a storage class that is in use can't grow.
    ///
    /// ## Why it matters
    ///
    /// When a volume is full, the only way is to copy the data to a larger one while the application stands still.
    ///
    /// ## Remediation
    ///
    /// Set `allowVolumeExpansion: true` on the class, if its driver can do it; that may be changed at any time, also for
    /// volumes that are there.
    severity: Low,
    category: Storage,
    admission: Never,
    needs: Objects,
    reads: [PERSISTENT_VOLUME_CLAIM],
    references: ["https://kubernetes.io/docs/concepts/storage/storage-classes/#allow-volume-expansion"],
    check: [Check::StorageClass(check)],
    cases: [
        Case::fail(
            "in use",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
            &["StorageClass.storage.k8s.io/fast allowVolumeExpansion: volumes can't grow, and 1 claim is of this class"],
        ),
        Case::pass(
            "volumes that are made by hand, a class that nobody uses, and one that allows it",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: local}, provisioner: kubernetes.io/no-provisioner}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: idle}, provisioner: x.example.com}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: good}, provisioner: x.example.com, allowVolumeExpansion: true}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, namespace: shop}, spec: {storageClassName: local, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: b, namespace: shop}, spec: {storageClassName: good, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
        ),
    ],
}

fn check(class: &StorageClass, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if class.allow_volume_expansion == Some(true) || class.has_no_provisioner() {
        return Ok(());
    }
    let name = class.metadata.name.as_str();
    let claims = cx.all::<PersistentVolumeClaim>()?;
    let count = claims.filter(|claim| class_named(&claim.metadata, &claim.spec) == Some(name)).count();
    if count > 0 {
        let claims = if count == 1 { "1 claim is".to_owned() } else { format!("{count} claims are") };
        out.fail("allowVolumeExpansion", format!("volumes can't grow, and {claims} of this class"));
    }
    Ok(())
}
