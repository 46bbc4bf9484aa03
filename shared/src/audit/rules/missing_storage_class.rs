use crate::audit::{
    api::{PersistentVolumeClaim, StatefulSet},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    storage_classes::{class_named, is_class_missing},
    subject::PodView,
};

rule! {
    /// A claim names a storage class that does not exist.
    ///
    /// ## Why it matters
    ///
    /// Nobody makes a volume for it: the claim stays Pending and the pods that mount it never start.
    ///
    /// ## Remediation
    ///
    /// Name a class of this cluster (`kubectl get storageclass`), or leave the field out for the default. The class of a
    /// claim can't be changed: delete the claim and make it anew.
    severity: High,
    category: References,
    admission: Warn,
    needs: Objects,
    reads: [STORAGE_CLASS, PERSISTENT_VOLUME],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1"],
    check: [Check::PersistentVolumeClaim(claim), Check::StatefulSet(set), Check::Pods(pods)],
    cases: [
        Case::fail(
            "of a claim, a claim template and an ephemeral volume",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {storageClassName: gone, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}], volumes: [{name: e, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: gone, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {storageClassName: gone, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}",
            &[
                "PersistentVolumeClaim/shop/data spec.storageClassName: storage class \"gone\" does not exist",
                "StatefulSet.apps/shop/db spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName: storage class \"gone\" does not exist",
                "StatefulSet.apps/shop/db spec.volumeClaimTemplates[0].spec.storageClassName: storage class \"gone\" does not exist",
            ],
        ),
        Case::pass(
            "a class that is only a word between a volume and its claim, none on purpose, and one that is there",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {storageClassName: manual, capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], nfs: {server: s, path: /}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, namespace: shop}, spec: {storageClassName: manual, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: b, namespace: shop}, spec: {storageClassName: '', accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: shop}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
        ),
        Case::unknown(
            "forbidden is not missing",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
            &["StorageClass.storage.k8s.io"],
            &["? PersistentVolumeClaim/shop/data StorageClass.storage.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn claim(claim: &PersistentVolumeClaim, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    // A claim that has its volume needs nobody to make one.
    if let Some(class) = class_named(&claim.metadata, &claim.spec).filter(|_| !claim.is_bound())
        && is_class_missing(cx, class)?
    {
        out.fail("spec.storageClassName", format!("storage class {class:?} does not exist"));
    }
    Ok(())
}

fn set(set: &StatefulSet, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (n, template) in set.spec.volume_claim_templates.iter().enumerate() {
        if let Some(class) = class_named(&template.metadata, &template.spec)
            && is_class_missing(cx, class)?
        {
            let path = format!("spec.volumeClaimTemplates[{n}].spec.storageClassName");
            out.fail(path, format!("storage class {class:?} does not exist"));
        }
    }
    Ok(())
}

fn pods(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (n, volume) in pods.spec.volumes.iter().enumerate() {
        let ephemeral = volume.source.ephemeral.as_ref();
        let Some(template) = ephemeral.and_then(|one| one.volume_claim_template.as_ref()) else { continue };
        if let Some(class) = class_named(&template.metadata, &template.spec)
            && is_class_missing(cx, class)?
        {
            let path = format!("volumes[{n}].ephemeral.volumeClaimTemplate.spec.storageClassName");
            out.fail(pods.path(&path), format!("storage class {class:?} does not exist"));
        }
    }
    Ok(())
}
