use crate::{
    audit::{
        api::PersistentVolumeClaim,
        case::{Case, deployment},
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
        subject::{PodView, Workload},
        world::Unknown,
    },
    model::Selector,
};

rule! {
    /// Several pods share a volume that only one node can mount.
    ///
    /// ## Why it matters
    ///
    /// The first pod gets the volume; those that land on other nodes hang in ContainerCreating with a multi-attach error.
    /// It works as long as all pods happen to be on one node, and breaks when that node is drained.
    ///
    /// ## Remediation
    ///
    /// Use a StatefulSet with `volumeClaimTemplates`, so that each pod has a volume of its own, or a claim with
    /// `ReadWriteMany`. Workloads that have to share it are kept on one node by `podAffinity`.
    severity: High,
    category: Storage,
    admission: Warn,
    needs: Objects,
    reads: [PERSISTENT_VOLUME_CLAIM, POD, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, REPLICATION_CONTROLLER, POD_TEMPLATE],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "three replicas",
            concat!(deployment!("volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
            &["Deployment.apps/shop/web spec.template.spec.volumes[0].persistentVolumeClaim.claimName: 3 pods share claim \"data\", which is ReadWriteOnce"],
        ),
        Case::pass(
            "many may write it",
            concat!(deployment!("volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce, ReadWriteMany], resources: {requests: {storage: 1Gi}}}}"),
        ),
        Case::pass(
            "all on one node",
            concat!(deployment!("nodeSelector: {kubernetes.io/hostname: n1}, volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
        ),
        Case::pass(
            "one replica; and a claim that does not exist is another rule's",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
        ),
        Case::fail(
            "two workloads of one replica",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: one, namespace: shop}, spec: {selector: {matchLabels: {app: one}}, template: {metadata: {labels: {app: one}}, spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: two, namespace: shop}, spec: {selector: {matchLabels: {app: two}}, template: {metadata: {labels: {app: two}}, spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
            &[
                "Deployment.apps/shop/one spec.template.spec.volumes[0].persistentVolumeClaim.claimName: shares claim \"data\", which is ReadWriteOnce, with Deployment.apps/shop/two",
                "Deployment.apps/shop/two spec.template.spec.volumes[0].persistentVolumeClaim.claimName: shares claim \"data\", which is ReadWriteOnce, with Deployment.apps/shop/one",
            ],
        ),
        Case::pass(
            "one goes where the other is; jobs end, and what is scaled to nothing has no pods",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: one, namespace: shop}, spec: {selector: {matchLabels: {app: one}}, template: {metadata: {labels: {app: one}}, spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: two, namespace: shop}, spec: {selector: {matchLabels: {app: two}}, template: {metadata: {labels: {app: two}}, spec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: one}}}]}}, volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: idle, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: idle}}, template: {metadata: {labels: {app: idle}}, spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: seed, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
        ),
        Case::pass(
            "all replicas go where the first is",
            concat!(deployment!("affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}, volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
        ),
        Case::unknown(
            "one pod alone, whatever the claim is",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}",
            &["PersistentVolumeClaim"],
            &[],
        ),
        Case::unknown(
            "the claim was not read",
            deployment!("volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]"),
            &["PersistentVolumeClaim"],
            &["? Deployment.apps/shop/web PersistentVolumeClaim in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

/// The label of a node that no two nodes have in common.
const HOST_NAME: &str = "kubernetes.io/hostname";

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.is_idle() {
        return Ok(());
    }
    let on_every_node = matches!(pods.workload, Workload::DaemonSet(_));
    let count = pods.replicas().unwrap_or_default();
    for (n, volume) in pods.spec.volumes.iter().enumerate() {
        let Some(mount) = &volume.source.persistent_volume_claim else { continue };
        let name = &mount.claim_name;
        // Whatever the claim is, one pod may have it.
        if !on_every_node && count < 2 && sharing(pods, name, cx)?.is_empty() {
            continue;
        }
        let Some(claim) = cx.get::<PersistentVolumeClaim>(pods.namespace(), name)? else {
            continue;
        };
        // Pods of one node may share the one mode, and none the other.
        let (mode, at_all) = match claim.spec.access_modes.as_slice() {
            [mode] if mode == "ReadWriteOnce" => (mode, false),
            [mode] if mode == "ReadWriteOncePod" => (mode, true),
            _ => continue,
        };
        let apart = |other: &PodView<'_>| at_all || !are_on_one_node(pods, other);
        let message = if on_every_node && apart(pods) {
            format!("pods of all nodes share claim {name:?}, which is {mode}")
        } else if count > 1 && apart(pods) {
            format!("{count} pods share claim {name:?}, which is {mode}")
        } else if let Some(other) = sharing(pods, name, cx)?.into_iter().find(|other| apart(other)) {
            format!("shares claim {name:?}, which is {mode}, with {}", other.owner)
        } else {
            continue;
        };
        out.fail(pods.path(&format!("volumes[{n}].persistentVolumeClaim.claimName")), message);
    }
    Ok(())
}

/// The other workloads that mount a claim as long as these pods do. What runs to an end may do so before or after.
fn sharing<'c>(
    pods: &PodView<'_>,
    claim: &str,
    cx: &'c Context<'_>,
) -> Result<Vec<&'c PodView<'c>>, Unknown> {
    // A pod that is being made belongs to what makes it, whatever that is part of.
    let is_made = matches!(pods.workload, Workload::Pod(pod) if pod.metadata.controller().is_some());
    if is_made || !pods.workload.is_service() {
        return Ok(Vec::new());
    }
    let mounts = |unit: &PodView<'_>| {
        let mut claims = unit.spec.volumes.iter().filter_map(|it| it.source.persistent_volume_claim.as_ref());
        claims.any(|it| it.claim_name == claim)
    };
    let is_other = |unit: &&PodView<'_>| {
        unit.owner != pods.owner && unit.workload.is_service() && !unit.is_idle() && mounts(unit)
    };
    Ok(cx.units_within(pods.namespace())?.into_iter().filter(is_other).collect())
}

/// Whether pods are kept on one node: by its name, or because one goes where the other is.
fn are_on_one_node(one: &PodView<'_>, other: &PodView<'_>) -> bool {
    let name = |pods: &PodView<'_>| pods.spec.node_selector.get(HOST_NAME).cloned();
    (name(one).is_some() && name(one) == name(other)) || follows(one, other) || follows(other, one)
}

fn follows(one: &PodView<'_>, other: &PodView<'_>) -> bool {
    let affinity = one.spec.affinity.as_ref().and_then(|all| all.pod_affinity.as_ref());
    let mut terms =
        affinity.into_iter().flat_map(|it| &it.required_during_scheduling_ignored_during_execution);
    terms.any(|term| {
        let selector = term.label_selector.as_ref().map(Selector::from);
        term.topology_key == HOST_NAME && selector.is_some_and(|selector| other.is_selected_by(&selector))
    })
}
