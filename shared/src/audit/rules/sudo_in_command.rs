use crate::audit::{
    case::{Case, deployment, pod},
    commands,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container becomes another user with `sudo` or `su`.
    ///
    /// ## Why it matters
    ///
    /// It needs a program that gains rights, and so `allowPrivilegeEscalation` and an image with such programs: who
    /// breaks in finds the way to root ready.
    ///
    /// ## Remediation
    ///
    /// Run the container as the user that it needs with `securityContext.runAsUser`, and prepare what needs root in
    /// the image or in an init container.
    severity: Low,
    category: Security,
    admission: Never,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "words that only hold it, and a path that ends in it",
            pod!("containers: [{name: a, image: x, command: [/usr/bin/sum], args: [--sudoers=/etc/su, pseudo, 'su-exec', 'result: su']}]"),
        ),
        Case::fail(
            "as the command, and inside of a script",
            deployment!("containers: [{name: a, image: x, command: [/usr/bin/sudo, -u, web, serve]}, {name: b, image: x, command: [sh, -c], args: ['cd /app && su web -c serve']}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].command[0]: runs sudo",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].args[0]: runs su",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        for run in commands::runs(&container).filter(|run| matches!(run.program, "sudo" | "su")) {
            out.fail_in(&container, &run.field(), format!("runs {}", run.program));
        }
    }
    Ok(())
}
