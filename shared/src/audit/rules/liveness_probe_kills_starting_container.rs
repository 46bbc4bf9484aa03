use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// The liveness probe gives up before the readiness probe first asks.
    ///
    /// ## Why it matters
    ///
    /// The delay of the readiness probe says how long the container takes to start; the liveness probe restarts it
    /// before that. On a slow node, or after a slow pull, it never comes up.
    ///
    /// ## Remediation
    ///
    /// Add a `startupProbe` whose `periodSeconds` times `failureThreshold` covers the slowest start: the other probes
    /// wait for it.
    severity: Low,
    category: Reliability,
    admission: Never,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "restarted after 30 s, expected to start in 60 s",
            pod!("containers: [{name: a, image: x, livenessProbe: {httpGet: {port: 80, path: /live}}, readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 60}}]"),
            &["Pod/shop/p [a] spec.containers[0].livenessProbe: restarts the container after 30 s, and the readiness probe first asks after 60 s"],
        ),
        Case::pass("a startup probe holds it back", pod!("containers: [{name: a, image: x, startupProbe: {httpGet: {port: 80}, failureThreshold: 30}, livenessProbe: {httpGet: {port: 80, path: /live}}, readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 60}}]")),
        Case::pass("it waits itself", pod!("containers: [{name: a, image: x, livenessProbe: {httpGet: {port: 80, path: /live}, initialDelaySeconds: 60}, readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 60}}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.running_containers().filter(|it| it.startup_probe.is_none()) {
        let it = container.get();
        let (Some(live), Some(ready)) = (&it.liveness_probe, &it.readiness_probe) else {
            continue;
        };
        let killed = i64::from(live.initial_delay_seconds).saturating_add(live.patience());
        let asked = i64::from(ready.initial_delay_seconds);
        if killed <= asked {
            let message = format!(
                "restarts the container after {killed} s, and the readiness probe first asks after {asked} s"
            );
            out.fail_in(&container, "livenessProbe", message);
        }
    }
    Ok(())
}
