use crate::{
    audit::{
        api::{PersistentVolumeClaim, PersistentVolumeClaimSpec, StatefulSet},
        case::Case,
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
        storage_classes::{class_named, defaults, volumes_for},
        world::Unknown,
    },
    model::kinds,
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
    reads: [STORAGE_CLASS, PERSISTENT_VOLUME],
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
        Case::pass(
            "volumes that somebody made by hand: free, or kept for it",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: one}, spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteMany, ReadWriteOnce], nfs: {server: 10.0.0.1, path: /d}}}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: two}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], nfs: {server: 10.0.0.1, path: /d}, claimRef: {namespace: shop, name: disk-db-1}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {replicas: 2, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}",
        ),
        Case::fail(
            "volumes that are too small, of another mode, without the labels, kept for another, of a class, and fewer than there are to be",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: small, labels: {a: b}}, spec: {capacity: {storage: 500Mi}, accessModes: [ReadWriteOnce], nfs: {server: 10.0.0.1, path: /d}}}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: mode, labels: {a: b}}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadOnlyMany], nfs: {server: 10.0.0.1, path: /d}}}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: unlabelled}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], nfs: {server: 10.0.0.1, path: /d}}}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: kept, labels: {a: b}}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], nfs: {server: 10.0.0.1, path: /d}, claimRef: {namespace: other, name: data}}}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: class, labels: {a: b}}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], nfs: {server: 10.0.0.1, path: /d}, storageClassName: x}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, selector: {matchLabels: {a: b}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {replicas: 2, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}",
            &[
                "PersistentVolumeClaim/shop/data spec.storageClassName: no storage class is named, and there is no default",
                "StatefulSet.apps/shop/db spec.volumeClaimTemplates[0].spec.storageClassName: no storage class is named, and there is no default",
            ],
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
    let (metadata, spec) = (&claim.metadata, &claim.spec);
    if class_named(metadata, spec).is_some() || claim.is_bound() {
        return Ok(());
    }
    if is_stranded(cx, &metadata.namespace, spec, 1, &|name| name == metadata.name)? {
        out.fail("spec.storageClassName", MESSAGE);
    }
    Ok(())
}

fn set(set: &StatefulSet, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let replicas = usize::try_from(set.spec.replicas.unwrap_or(1)).unwrap_or_default();
    for (n, template) in set.spec.volume_claim_templates.iter().enumerate() {
        let (metadata, spec) = (&template.metadata, &template.spec);
        let start = format!("{}-{}-", metadata.name, set.metadata.name);
        let is_own = |name: &str| name.strip_prefix(&start).is_some_and(|at| at.parse::<u32>().is_ok());
        if class_named(metadata, spec).is_none()
            && is_stranded(cx, &set.metadata.namespace, spec, replicas, &is_own)?
        {
            out.fail(format!("spec.volumeClaimTemplates[{n}].spec.storageClassName"), MESSAGE);
        }
    }
    Ok(())
}

/// Whether nothing gives so many claims their volumes: neither a default class, nor somebody who made volumes by hand.
fn is_stranded(
    cx: &Context<'_>,
    namespace: &str,
    spec: &PersistentVolumeClaimSpec,
    claims: usize,
    is_own: &dyn Fn(&str) -> bool,
) -> Result<bool, Unknown> {
    if volumes_for(cx, namespace, spec, is_own) >= claims.max(1) || !defaults(cx)?.is_empty() {
        return Ok(false);
    }
    // Of files those that they hold are all that is known; a cluster may have others.
    if cx.is_live() {
        cx.covered(kinds::PERSISTENT_VOLUME, "")?;
    }
    Ok(true)
}
