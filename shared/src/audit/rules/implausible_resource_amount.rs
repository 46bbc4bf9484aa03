use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};
use crate::quantity::Quantity;

rule! {
    /// A request or limit is of a size that nobody can mean, as by a wrong unit.
    ///
    /// ## Why it matters
    ///
    /// `memory: 512` are 512 bytes and `memory: 100m` is a tenth of a byte: the container is killed as it starts.
    /// `cpu: 500` are five hundred processors: no node has them, and the pod stays Pending.
    ///
    /// ## Remediation
    ///
    /// Write memory with `Mi` or `Gi`, and processors in whole ones or with `m` for thousandths.
    severity: High,
    category: Efficiency,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "too little memory, and too many processors",
            pod!("containers: [{name: a, image: x, resources: {requests: {memory: 128}, limits: {memory: 512}}}, {name: b, image: x, resources: {requests: {cpu: '500'}}}, {name: c, image: x, resources: {limits: {memory: 100m}}}]"),
            &[
                "Pod/shop/p [a] spec.containers[0].resources.limits.memory: 512 of memory is less than 1Mi",
                "Pod/shop/p [a] spec.containers[0].resources.requests.memory: 128 of memory is less than 1Mi",
                "Pod/shop/p [b] spec.containers[1].resources.requests.cpu: 500 of cpu is more than 256",
                "Pod/shop/p [c] spec.containers[2].resources.limits.memory: 100m of memory is less than 1Mi",
            ],
        ).in_files_only(),
        Case::pass(
            "small, large, and nothing",
            pod!("containers: [{name: a, image: x, resources: {requests: {memory: 16Mi, cpu: 1m, ephemeral-storage: 1Gi}, limits: {memory: 512Gi, cpu: '128'}}}, {name: b, image: x, resources: {requests: {memory: '0', cpu: '0'}}}]"),
        ),
    ],
}

/// Resource, and the least and the most that make sense.
const BOUNDS: &[(&str, &str, &str)] =
    &[("cpu", "1m", "256"), ("memory", "1Mi", "32Ti"), ("ephemeral-storage", "1Mi", "1Pi")];

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        let own = &container.resources;
        for (list, amounts) in [("requests", &own.requests), ("limits", &own.limits)] {
            for (resource, least, most) in BOUNDS {
                let Some(told) = amounts.get(*resource) else { continue };
                let amount = told.quantity();
                let bound = |text| Quantity::parse(text).unwrap_or_default();
                let what = if amount > Quantity::ZERO && amount < bound(least) {
                    format!("less than {least}")
                } else if amount > bound(most) {
                    format!("more than {most}")
                } else {
                    continue;
                };
                let message = format!("{} of {resource} is {what}", told.string);
                out.fail_in(&container, &format!("resources.{list}.{resource}"), message);
            }
        }
    }
    Ok(())
}
