use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container that runs for ever has no liveness probe.
    ///
    /// ## Why it matters
    ///
    /// A process that hangs without ending (a deadlock, a leak, a lost connection that is never made again) keeps its
    /// place: nothing restarts it until somebody looks.
    ///
    /// ## Remediation
    ///
    /// Add a `livenessProbe` that fails only when a restart helps, with more patience than the readiness probe. Exempt
    /// containers that end by themselves when something is wrong.
    severity: Low,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "containers and native sidecars, not init containers",
            deployment!("initContainers: [{name: setup, image: x}, {name: proxy, image: x, restartPolicy: Always}], containers: [{name: a, image: x}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].livenessProbe: container has no liveness probe",
                "Deployment.apps/shop/web [proxy] spec.template.spec.initContainers[1].livenessProbe: container has no liveness probe",
            ],
        ),
        Case::pass("it has one", deployment!("initContainers: [{name: setup, image: x}], containers: [{name: a, image: x, livenessProbe: {exec: {command: [ok]}}}]")),
        Case::pass(
            "jobs end",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}",
        ),
        Case::pass("a pod that may end", pod!("restartPolicy: OnFailure, containers: [{name: a, image: x}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.workload.is_service() {
        for container in pods.running_containers().filter(|it| it.liveness_probe.is_none()) {
            out.fail_in(&container, "livenessProbe", "container has no liveness probe");
        }
    }
    Ok(())
}
