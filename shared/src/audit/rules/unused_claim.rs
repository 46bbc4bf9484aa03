use crate::audit::{
    api::{PersistentVolumeClaim, StatefulSet},
    case::Case,
    context::Context,
    findings::Findings,
    references::Target,
    rule::{Check, Outcome, rule},
};

rule! {
    /// No pod mounts a claim.
    ///
    /// ## Why it matters
    ///
    /// Its volume is paid for. Claims are left over by workloads that were deleted, and hold data that nobody looks after.
    ///
    /// ## Remediation
    ///
    /// Find out whose data it is. Make a snapshot if in doubt, and delete the claim.
    severity: Info,
    category: Storage,
    admission: Never,
    needs: Objects,
    reads: [POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/"],
    check: [Check::PersistentVolumeClaim(check)],
    cases: [
        Case::fail(
            "left over",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
            &["PersistentVolumeClaim/shop/data no pod mounts the claim"],
        ),
        Case::pass(
            "mounted by a workload, and the claim of a stateful set that is scaled to nothing",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: disk-db-0, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x}], volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}, volumeClaimTemplates: [{metadata: {name: disk}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}",
        ),
        Case::pass(
            "in files, a custom resource names it",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {name: t, namespace: shop}, spec: {workspaces: [{name: w, persistentVolumeClaim: {claimName: data}}]}}",
        ).in_files_only(),
        Case::fail(
            "in files, a custom resource is called like it",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {name: data, namespace: shop}, spec: {taskRef: {name: data-import}}}",
            &["PersistentVolumeClaim/shop/data no pod mounts the claim"],
        ).in_files_only(),
        Case::unknown(
            "pods that were not read may mount it",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
            &["Pod"],
            &["? PersistentVolumeClaim/shop/data Pod in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(claim: &PersistentVolumeClaim, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (namespace, name) = (claim.metadata.namespace.as_str(), claim.metadata.name.as_str());
    if cx.named(namespace)?.has(Target::Claim, namespace, name) || is_of_a_set(name, namespace, cx)? {
        return Ok(());
    }
    // In a cluster the pods are there that a custom resource is about.
    if !cx.is_live() && cx.consumers().custom_names(name) {
        return Ok(());
    }
    out.fail("", "no pod mounts the claim");
    Ok(())
}

/// Whether a stateful set made the claim for one of its pods, and will mount it again: `disk-db-0`.
fn is_of_a_set(claim: &str, namespace: &str, cx: &Context<'_>) -> Result<bool, crate::audit::Unknown> {
    let Some((rest, ordinal)) = claim.rsplit_once('-') else { return Ok(false) };
    if ordinal.is_empty() || !ordinal.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(false);
    }
    let made_by = |set: &StatefulSet| {
        let template = rest.strip_suffix(set.metadata.name.as_str()).and_then(|rest| rest.strip_suffix('-'));
        template
            .is_some_and(|name| set.spec.volume_claim_templates.iter().any(|one| one.metadata.name == name))
    };
    Ok(cx.within::<StatefulSet>(namespace)?.any(made_by))
}
