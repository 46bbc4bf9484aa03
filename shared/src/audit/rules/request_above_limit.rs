use crate::audit::{
    amounts::{defaults, limit_ranges},
    api::ResourceRequirements,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};
use crate::quantity::Wire;

rule! {
    /// A container requests more than it is limited to.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses such pods. A workload may be stored all the same when the limit is one that a LimitRange fills
    /// in: then it shows as zero pods, and the reason only in the events of its ReplicaSet.
    ///
    /// ## Remediation
    ///
    /// Raise the limit or lower the request. Where the LimitRange gives the limit, set one of its own in the container.
    severity: High,
    category: Efficiency,
    admission: Deny,
    needs: Objects,
    reads: [LIMIT_RANGE],
    references: ["https://kubernetes.io/docs/concepts/policy/limit-range/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "of a container and of the pod as a whole",
            pod!("resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}, containers: [{name: a, image: x, resources: {requests: {cpu: '2'}, limits: {cpu: 1500m}}}]"),
            &[
                "Pod/shop/p spec.resources.requests.memory: request of 2Gi is above the limit of 1Gi",
                "Pod/shop/p [a] spec.containers[0].resources.requests.cpu: request of 2 is above the limit of 1500m",
            ],
        ).in_files_only(),
        Case::fail(
            "above the default limit of the namespace",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '2'}}}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, default: {cpu: '1'}}]}}"),
            &["Deployment.apps/shop/web [a] spec.template.spec.containers[0].resources.requests.cpu: request of 2 is above the default limit of the namespace, 1"],
        ),
        Case::pass("the same, written in two ways", pod!("containers: [{name: a, image: x, resources: {requests: {cpu: '1', memory: 1Gi}, limits: {cpu: 1000m, memory: 1073741824}}}]")),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (resource, request, limit) in pods.spec.resources.iter().flat_map(above) {
        let path = pods.path(&format!("resources.requests.{resource}"));
        out.fail(path, format!("request of {} is above the limit of {}", request.string, limit.string));
    }
    let mut open = false;
    for container in pods.containers() {
        for (resource, request, limit) in above(&container.resources) {
            let message = format!("request of {} is above the limit of {}", request.string, limit.string);
            out.fail_in(&container, &format!("resources.requests.{resource}"), message);
        }
        let limits = &container.resources.limits;
        open |= container.resources.requests.keys().any(|resource| !limits.contains_key(resource));
    }
    if !open {
        return Ok(());
    }
    let (_, limits) = defaults(&limit_ranges(cx, pods.namespace())?);
    for container in pods.containers() {
        let own = &container.resources;
        for (resource, request) in own.requests.iter().filter(|(name, _)| !own.limits.contains_key(*name)) {
            if let Some(limit) = limits.get(resource).filter(|limit| request.quantity() > *limit) {
                let message = format!(
                    "request of {} is above the default limit of the namespace, {limit}",
                    request.string
                );
                out.fail_in(&container, &format!("resources.requests.{resource}"), message);
            }
        }
    }
    Ok(())
}

/// What is requested above its limit, and both.
fn above(own: &ResourceRequirements) -> impl Iterator<Item = (&str, &Wire, &Wire)> {
    own.requests.iter().filter_map(|(resource, request)| {
        let limit = own.limits.get(resource)?;
        (request.quantity() > limit.quantity()).then_some((resource.as_str(), request, limit))
    })
}
