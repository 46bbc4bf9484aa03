use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::privileged::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container runs privileged.
    ///
    /// ## Why it matters
    ///
    /// A privileged container has every capability, sees every device of its node and is held back by no profile:
    /// who is in it is root on the node, and from there in every pod that runs there.
    ///
    /// ## Remediation
    ///
    /// Remove `securityContext.privileged`, and add the one capability that is really needed instead.
    severity: Critical,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.2.2", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("said to be unprivileged, or nothing said", pod!("containers: [{name: a, image: x, securityContext: {privileged: false}}, {name: b, image: x}]")),
        Case::fail(
            "in any list of containers",
            pod!("initContainers: [{name: i, image: x, securityContext: {privileged: true}}], containers: [{name: a, image: x}]"),
            &["Pod/shop/p [i] spec.initContainers[0].securityContext.privileged: container runs privileged"],
        ),
        Case::fail(
            "a container that was added to debug",
            pod!("containers: [{name: a, image: x}], ephemeralContainers: [{name: d, image: x, securityContext: {privileged: true}}]"),
            &["Pod/shop/p [d] spec.ephemeralContainers[0].securityContext.privileged: container runs privileged"],
        )
        .in_files_only(),
        Case::fail(
            "once for a workload",
            deployment!("containers: [{name: a, image: x, securityContext: {privileged: true}}]"),
            &["Deployment.apps/shop/web [a] spec.template.spec.containers[0].securityContext.privileged: container runs privileged"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(_: &Culprit) -> String {
    "container runs privileged".to_owned()
}
