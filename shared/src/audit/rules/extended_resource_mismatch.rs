use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container requests another number of devices than it is limited to.
    ///
    /// ## Why it matters
    ///
    /// Devices and huge pages can't be shared or lent: the API server refuses the pod.
    ///
    /// ## Remediation
    ///
    /// Set the limit alone; the request follows it.
    severity: Medium,
    category: Efficiency,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "a request without a limit, and one that differs",
            pod!("containers: [{name: a, image: x, resources: {requests: {nvidia.com/gpu: 1}}}, {name: b, image: x, resources: {requests: {nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 2}}}]"),
            &[
                "Pod/shop/p [a] spec.containers[0].resources.limits[nvidia.com/gpu]: requests 1 of nvidia.com/gpu and is limited to nothing",
                "Pod/shop/p [b] spec.containers[1].resources.limits[nvidia.com/gpu]: requests 1 of nvidia.com/gpu and is limited to 2",
            ],
        ).in_files_only(),
        Case::pass("the limit alone, and both alike", pod!("containers: [{name: a, image: x, resources: {limits: {nvidia.com/gpu: 1}}}, {name: b, image: x, resources: {requests: {example.com/d: 2, cpu: '1'}, limits: {example.com/d: 2, cpu: '2'}}}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        let own = &container.resources;
        for (name, request) in &own.requests {
            if !crate::audit::amounts::is_extended(name) && !name.starts_with("hugepages-") {
                continue;
            }
            let limit = own.limits.get(name);
            if limit.is_none_or(|limit| limit.quantity() != request.quantity()) {
                let limit = limit.map_or("nothing", |limit| limit.string.as_str());
                let message = format!("requests {} of {name} and is limited to {limit}", request.string);
                out.fail_in(&container, &format!("resources.limits[{name}]"), message);
            }
        }
    }
    Ok(())
}
