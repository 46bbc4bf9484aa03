use crate::audit::{
    api::StatefulSet,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    storage_classes::class_of,
};

rule! {
    /// The data of a stateful set is deleted together with its claims.
    ///
    /// ## Why it matters
    ///
    /// With `reclaimPolicy: Delete` the disk goes when the claim goes: a namespace that is deleted by mistake, or a chart
    /// that is removed with its claims, takes the database with it.
    ///
    /// ## Remediation
    ///
    /// Use a storage class with `reclaimPolicy: Retain` for data that nobody can make again, or be sure of its backups. Of
    /// volumes that are there, set `persistentVolumeReclaimPolicy: Retain`.
    severity: Low,
    category: Storage,
    admission: Never,
    needs: Objects,
    reads: [STORAGE_CLASS],
    references: ["https://kubernetes.io/docs/tasks/administer-cluster/change-pv-reclaim-policy/"],
    check: [Check::StatefulSet(check)],
    cases: [
        Case::fail(
            "a class that says nothing deletes",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x.example.com}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}",
            &["StatefulSet.apps/shop/db spec.volumeClaimTemplates[0]: volumes of storage class \"fast\" are deleted with their claims"],
        ),
        Case::pass(
            "retained",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: safe}, provisioner: x.example.com, reclaimPolicy: Retain}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {storageClassName: safe, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}",
        ),
    ],
}

fn check(set: &StatefulSet, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (n, template) in set.spec.volume_claim_templates.iter().enumerate() {
        let class = class_of(cx, &template.metadata, &template.spec)?;
        if let Some(class) = class.filter(|class| class.effective_reclaim_policy() == "Delete") {
            let name = &class.metadata.name;
            let message = format!("volumes of storage class {name:?} are deleted with their claims");
            out.fail(format!("spec.volumeClaimTemplates[{n}]"), message);
        }
    }
    Ok(())
}
