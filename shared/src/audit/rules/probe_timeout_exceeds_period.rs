use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A probe may take longer than the time until the next one.
    ///
    /// ## Why it matters
    ///
    /// Probes of a slow container follow each other without a pause and add to its load, and a failure is noticed later
    /// than `periodSeconds` times `failureThreshold` says.
    ///
    /// ## Remediation
    ///
    /// Make `timeoutSeconds` at most `periodSeconds`.
    severity: Low,
    category: Reliability,
    admission: Never,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "the default period is ten seconds",
            pod!("containers: [{name: a, image: x, readinessProbe: {exec: {command: [ok]}, timeoutSeconds: 30}}]"),
            &["Pod/shop/p [a] spec.containers[0].readinessProbe.timeoutSeconds: may take 30 s, and the next one comes after 10 s"],
        ),
        Case::pass("as long as the period", pod!("containers: [{name: a, image: x, livenessProbe: {exec: {command: [ok]}, periodSeconds: 1}, readinessProbe: {exec: {command: [ok]}, timeoutSeconds: 10}}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.running_containers() {
        let it = container.get();
        let probes = [
            ("livenessProbe", &it.liveness_probe),
            ("readinessProbe", &it.readiness_probe),
            ("startupProbe", &it.startup_probe),
        ];
        for (field, probe) in probes {
            let Some(probe) = probe else {
                continue;
            };
            let (timeout, period) = (probe.effective_timeout(), probe.effective_period());
            if timeout > period {
                let message = format!("may take {timeout} s, and the next one comes after {period} s");
                out.fail_in(&container, &format!("{field}.timeoutSeconds"), message);
            }
        }
    }
    Ok(())
}
