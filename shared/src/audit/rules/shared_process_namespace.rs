use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// The containers of a pod see each other's processes.
    ///
    /// ## Why it matters
    ///
    /// A container that shares processes reads the environment and, through `/proc/<pid>/root`, the files of the
    /// others, their mounted secrets among them, and can send them signals. A sidecar that was broken into is then as
    /// good as the program itself.
    ///
    /// ## Remediation
    ///
    /// Remove `shareProcessNamespace`. To look into a running pod use `kubectl debug --target`, which shares the
    /// processes of one container with the debugger alone.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "denied, with two containers",
            pod!("shareProcessNamespace: false, containers: [{name: a, image: x}, {name: b, image: x}]"),
        ),
        Case::pass(
            "one container has nobody to share with",
            pod!("shareProcessNamespace: true, containers: [{name: a, image: x}]"),
        ),
        Case::fail(
            "with a sidecar",
            deployment!("shareProcessNamespace: true, initContainers: [{name: s, image: x, restartPolicy: Always}], containers: [{name: a, image: x}]"),
            &["Deployment.apps/shop/web spec.template.spec.shareProcessNamespace: 2 containers share their processes"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let count = pods.running_containers().count();
    if pods.spec.share_process_namespace == Some(true) && count > 1 {
        out.fail(pods.path("shareProcessNamespace"), format!("{count} containers share their processes"));
    }
    Ok(())
}
