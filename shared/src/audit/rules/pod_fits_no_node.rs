use crate::audit::{
    amounts::charged,
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};
use crate::{
    quantity::Quantity,
    quota::{Amounts, usage::pod_requests},
};

rule! {
    /// Pods request more than any node has, even an empty one.
    ///
    /// ## Why it matters
    ///
    /// They stay Pending for ever; an autoscaler does not help either, unless it knows larger machines.
    ///
    /// ## Remediation
    ///
    /// Lower the requests, or add nodes of a larger kind. Of devices, install the device plugin on the nodes that have them.
    severity: High,
    category: Efficiency,
    admission: Warn,
    needs: Objects,
    reads: [NODE],
    references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "larger than the largest",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '3'}}}, {name: b, image: x, resources: {requests: {cpu: '2', memory: 1Gi}}}]"), "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {allocatable: {cpu: '2', memory: 64Gi}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {allocatable: {cpu: '4', memory: 8Gi}}}"),
            &["Deployment.apps/shop/web spec.template.spec: pods request 5 of cpu; the largest node has 4"],
        ).in_files_only(),
        Case::fail(
            "both at once no node has, and a device none",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '3', memory: 32Gi}}}]"), "{apiVersion: apps/v1, kind: Deployment, metadata: {name: gpu, namespace: shop}, spec: {selector: {matchLabels: {app: gpu}}, template: {metadata: {labels: {app: gpu}}, spec: {containers: [{name: a, image: x, resources: {limits: {nvidia.com/gpu: 1}}}]}}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {allocatable: {cpu: '2', memory: 64Gi}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {allocatable: {cpu: '4', memory: 8Gi}}}"),
            &[
                "Deployment.apps/shop/gpu spec.template.spec: pods request 1 of nvidia.com/gpu; the largest node has 0",
                "Deployment.apps/shop/web spec.template.spec: no node has as much of everything as pods request: cpu 3, memory 32Gi",
            ],
        ).in_files_only(),
        Case::pass(
            "init containers run before the others, not beside them",
            concat!(deployment!("initContainers: [{name: i, image: x, resources: {requests: {cpu: '3'}}}], containers: [{name: a, image: x, resources: {requests: {cpu: '3'}}}]"), "{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {allocatable: {cpu: '4', memory: 8Gi}}}"),
        ).in_files_only(),
        Case::pass("without nodes there is nothing to compare with", deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '300'}}}]")),
        Case::unknown(
            "nodes were not read",
            deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '3'}}}]"),
            &["Node"],
            &["? Deployment.apps/shop/web Node could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let silent =
        pods.containers().all(|one| one.resources.requests.is_empty() && one.resources.limits.is_empty());
    if silent && pods.spec.resources.is_none() {
        return Ok(());
    }
    let rooms = cx.rooms()?;
    if rooms.is_empty() || rooms.iter().any(|room| surely_fits(pods, room)) {
        return Ok(());
    }
    let Some(pod) = charged(pods, &[]) else { return Ok(()) };
    let asked = pod_requests(&pod).only(|_| true);
    let fits = |room: &Amounts| asked.iter().all(|(name, amount)| *amount <= room.of(name));
    if rooms.iter().any(fits) {
        return Ok(());
    }
    let mut told = false;
    for (name, amount) in &asked {
        let largest = rooms.iter().map(|room| room.of(name)).max().unwrap_or_default();
        if *amount > largest {
            told = true;
            let message = format!("pods request {amount} of {name}; the largest node has {largest}");
            out.fail(pods.path(""), message);
        }
    }
    if !told {
        let all: Vec<String> = asked.iter().map(|(name, amount)| format!("{name} {amount}")).collect();
        let all = all.join(", ");
        out.fail(pods.path(""), format!("no node has as much of everything as pods request: {all}"));
    }
    Ok(())
}

/// Whether even all containers at once, those that run before the others as well, have room: most pods have, and that
/// is quickly seen.
fn surely_fits(pods: &PodView<'_>, room: &Amounts) -> bool {
    pods.spec.resources.is_none()
        && pods.spec.overhead.is_empty()
        && pods.containers().all(|container| {
            let own = &container.resources;
            own.requests.keys().chain(own.limits.keys()).all(|name| {
                let each = pods.containers().filter_map(|one| one.resources.effective_request(name));
                each.sum::<Quantity>() <= room.of(name)
            })
        })
}
