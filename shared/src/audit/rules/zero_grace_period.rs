use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Pods are killed without a moment to end in.
    ///
    /// ## Why it matters
    ///
    /// With a grace period of 0 every update, drain and scale-down cuts connections and writes in the middle, and no
    /// hook runs. The object of the pod is gone before its processes are: a stateful one may run twice.
    ///
    /// ## Remediation
    ///
    /// Remove `terminationGracePeriodSeconds`, or set the seconds that the container needs to end.
    severity: Low,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail("nothing", deployment!("terminationGracePeriodSeconds: 0, containers: [{name: a, image: x}]"), &["Deployment.apps/shop/web spec.template.spec.terminationGracePeriodSeconds: pods are killed without a moment to end in"]),
        Case::pass("the default, and a second", concat!(deployment!("containers: [{name: a, image: x}]"), pod!("terminationGracePeriodSeconds: 1, containers: [{name: a, image: x}]"))),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.spec.termination_grace_period_seconds == Some(0) {
        out.fail(pods.path("terminationGracePeriodSeconds"), "pods are killed without a moment to end in");
    }
    Ok(())
}
