use crate::audit::{
    api::{PersistentVolumeClaim, StatefulSet},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    storage_classes::{class_named, defaults},
};

rule! {
    /// A claim names no storage class, and the cluster has no default.
    ///
    /// ## Why it matters
    ///
    /// Such a claim stays Pending until somebody makes a volume for it by hand, or marks a class as the default.
    ///
    /// ## Remediation
    ///
    /// Name a class in the claim, or annotate one class with `storageclass.kubernetes.io/is-default-class: "true"`.
    severity: Medium,
    category: Storage,
    admission: Warn,
    needs: Objects,
    reads: [STORAGE_CLASS],
    references: ["https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass"],
    check: [Check::PersistentVolumeClaim(claim), Check::StatefulSet(set)],
    cases: [
        Case::fail(
            "a claim and a template",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}",
            &[
                "PersistentVolumeClaim/shop/data spec.storageClassName: no storage class is named, and there is no default",
                "StatefulSet.apps/shop/db spec.volumeClaimTemplates[0].spec.storageClassName: no storage class is named, and there is no default",
            ],
        ),
        Case::pass(
            "none on purpose, and bound already",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: none, namespace: shop}, spec: {storageClassName: '', accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: bound, namespace: shop}, spec: {volumeName: pv, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
        ),
        Case::unknown(
            "without the classes it can't be said",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
            &["StorageClass.storage.k8s.io"],
            &["? PersistentVolumeClaim/shop/data StorageClass.storage.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

const MESSAGE: &str = "no storage class is named, and there is no default";

fn claim(claim: &PersistentVolumeClaim, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if class_named(&claim.metadata, &claim.spec).is_none() && !claim.is_bound() && defaults(cx)?.is_empty() {
        out.fail("spec.storageClassName", MESSAGE);
    }
    Ok(())
}

fn set(set: &StatefulSet, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (n, template) in set.spec.volume_claim_templates.iter().enumerate() {
        if class_named(&template.metadata, &template.spec).is_none() && defaults(cx)?.is_empty() {
            out.fail(format!("spec.volumeClaimTemplates[{n}].spec.storageClassName"), MESSAGE);
        }
    }
    Ok(())
}
