use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    effective,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Pods for Windows don't say so in `os.name`.
    ///
    /// ## Why it matters
    ///
    /// Admission takes pods that say nothing for Linux: Pod Security then asks for settings that Windows does not
    /// have, and a mistake in the node selector starts the pods on a node that can't run them.
    ///
    /// ## Remediation
    ///
    /// Set `os: {name: windows}` beside the node selector.
    severity: Low,
    category: Security,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/security/pod-security-standards/#policies-and-os-specific"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "both are there",
            pod!("os: {name: windows}, nodeSelector: {kubernetes.io/os: windows}, containers: [{name: a, image: x}]"),
        ),
        Case::pass("pods for Linux", pod!("nodeSelector: {kubernetes.io/os: linux}, containers: [{name: a, image: x}]")),
        Case::fail(
            "by the nodes that it asks for",
            deployment!("nodeSelector: {kubernetes.io/os: windows}, containers: [{name: a, image: x}]"),
            &["Deployment.apps/shop/web spec.template.spec.os.name: pods run on Windows and don't say so"],
        ),
        Case::fail(
            "by its settings",
            pod!("securityContext: {windowsOptions: {runAsUserName: ContainerUser}}, containers: [{name: a, image: x}]"),
            &["Pod/shop/p spec.os.name: pods run on Windows and don't say so"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let has_options = pods.spec.security_context.as_ref().is_some_and(|it| it.windows_options.is_some());
    if pods.spec.os.is_none() && (has_options || effective::is_windows(pods)) {
        out.fail(pods.path("os.name"), "pods run on Windows and don't say so");
    }
    Ok(())
}
