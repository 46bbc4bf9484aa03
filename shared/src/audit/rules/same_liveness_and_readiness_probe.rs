use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    reliability::Target,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// The liveness probe asks what the readiness probe asks, and gives up no later.
    ///
    /// ## Why it matters
    ///
    /// A container that is busy for a moment should get no requests for that moment. With two equal probes it is
    /// restarted instead, its load moves to the others, and they follow: a restart storm out of a busy minute.
    ///
    /// ## Remediation
    ///
    /// Let the liveness probe ask something that only a restart can repair, or give it a higher `failureThreshold` than
    /// the readiness probe.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "the same question, defaults written out or left out",
            pod!("containers: [{name: a, image: x, livenessProbe: {httpGet: {port: 80}, periodSeconds: 10}, readinessProbe: {httpGet: {path: /, port: 80, scheme: HTTP}, failureThreshold: 3}}]"),
            &["Pod/shop/p [a] spec.containers[0].livenessProbe: asks what the readiness probe asks, and gives up after 30 s as that does after 30 s"],
        ),
        Case::pass(
            "the same question with more patience",
            pod!("containers: [{name: a, image: x, livenessProbe: {httpGet: {port: 80}, failureThreshold: 30}, readinessProbe: {httpGet: {port: 80}}}]"),
        ),
        Case::pass(
            "another question",
            pod!("containers: [{name: a, image: x, livenessProbe: {httpGet: {port: 80, path: /live}}, readinessProbe: {httpGet: {port: 80, path: /ready}}}]"),
        ),
        Case::pass("one alone", pod!("containers: [{name: a, image: x, livenessProbe: {grpc: {port: 80}}}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.running_containers() {
        let it = container.get();
        let (Some(live), Some(ready)) = (&it.liveness_probe, &it.readiness_probe) else {
            continue;
        };
        let asked = Target::of(&live.handler);
        if asked.is_some() && asked == Target::of(&ready.handler) && live.patience() <= ready.patience() {
            let (live, ready) = (live.patience(), ready.patience());
            let message = format!(
                "asks what the readiness probe asks, and gives up after {live} s as that does after {ready} s"
            );
            out.fail_in(&container, "livenessProbe", message);
        }
    }
    Ok(())
}
