use crate::{
    audit::{
        api::PersistentVolumeClaim,
        case::{Case, member, stateful_set},
        context::Context,
        findings::Findings,
        reliability::{Obstacles, Why, fold_pods, some_of},
        rule::{Check, Outcome, rule},
        subject::PodView,
        world::{LivePod, Object},
    },
    model::ObjectKey,
};

rule! {
    /// No node takes the pods of a workload.
    ///
    /// ## Why it matters
    ///
    /// The pods wait, for ever if nothing changes: the workload has fewer replicas than it should, or none.
    ///
    /// ## Remediation
    ///
    /// Too little of a resource: lower the requests or add nodes. Taints, selectors, affinity: compare the pod template with
    /// the labels and taints of the nodes. Volumes: look at the claims.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [PERSISTENT_VOLUME_CLAIM],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "counted, in one finding",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/6 nodes are available: 1 node(s) were unschedulable, 2 node(s) had untolerated taint(s), 3 Insufficient cpu. preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.'}]"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/6 nodes are available: 1 node(s) were unschedulable, 2 node(s) had untolerated taint(s), 3 Insufficient cpu. preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.'}]"),
            ),
            &["StatefulSet.apps/shop/db spec.template.spec: 2 of 2 pods (db-0 first): fits none of 6 nodes: 3 have too little cpu, 2 have taints that it does not tolerate, 1 are cordoned"],
        ),
        Case::fail(
            "a claim that there is not",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {volumes: [{name: d, persistentVolumeClaim: {claimName: gone}}], containers: [{name: a, image: x}]}, status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/3 nodes are available: persistentvolumeclaim \"gone\" not found. not found'}]}}",
            &["Pod/shop/p spec: can't be scheduled: persistentvolumeclaim \"gone\" not found"],
        ),
        Case::pass(
            "not looked at yet; held back by a gate, which is another rule's",
            "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a, image: x}]}, status: {phase: Pending}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop}, spec: {schedulingGates: [{name: example.com/wait}], containers: [{name: a, image: x}]}, status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated}]}}
",
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let waiting = fold_pods(pods, |pod| {
        let scheduled = pod.status.conditions.iter().find(|it| it.r#type == "PodScheduled")?;
        let refused = scheduled.status == "False" && scheduled.reason == "Unschedulable";
        refused.then(|| Obstacles::parse(&scheduled.message))
    });
    for (obstacles, some) in waiting {
        let who = some_of(pods, &some);
        let cause = match &obstacles {
            Obstacles::Nodes(nodes, whys) if *nodes > 0 && whys.get(&Why::NodeAffinity) == Some(nodes) => {
                Some(("no-node-matches", pods.owner.clone()))
            }
            Obstacles::All(reason) if reason.to_ascii_lowercase().contains("persistentvolumeclaim") => {
                some.first().and_then(|pod| claim(pod, &pods.owner, cx))
            }
            _ => None,
        };
        let found = out.fail(pods.path(""), format!("{who}{obstacles}"));
        if let Some((rule, object)) = cause {
            found.caused_by(rule, &object);
        }
    }
    Ok(())
}

/// The claim that a pod waits for, as its own rules tell of it: not there, or not bound.
fn claim(pod: &LivePod, owner: &ObjectKey, cx: &Context<'_>) -> Option<(&'static str, ObjectKey)> {
    let mut claims =
        pod.spec.volumes.iter().filter_map(|volume| volume.source.persistent_volume_claim.as_ref());
    claims.find_map(|claim| {
        match cx.get::<PersistentVolumeClaim>(&pod.metadata.namespace, &claim.claim_name).ok()? {
            None => Some(("missing-claim", owner.clone())),
            Some(claim) => (claim.status.phase != "Bound").then(|| ("claim-not-bound", Object::key(claim))),
        }
    })
}
