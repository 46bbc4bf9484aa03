use crate::audit::{
    case::{Case, deployment, pod},
    commands,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// An SSH server runs in a container.
    ///
    /// ## Why it matters
    ///
    /// It is a way in that the cluster knows nothing of: its own keys and users, no RBAC, no audit log, and one more
    /// service to keep patched. It also has to run as root to let anybody in.
    ///
    /// ## Remediation
    ///
    /// Remove the server and its port. `kubectl exec` and `kubectl debug` do the same under the cluster's own
    /// permissions and logs.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "ports and programs of similar names",
            pod!("containers: [{name: a, image: x, command: [/bin/sshd-exporter], args: [--port=22], ports: [{containerPort: 2222}, {containerPort: 22, protocol: UDP}]}]"),
        ),
        Case::fail(
            "its port, and the server itself",
            deployment!("containers: [{name: a, image: x, ports: [{containerPort: 80}, {containerPort: 22}]}, {name: b, image: x, command: [/usr/sbin/sshd, -D]}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].ports[1].containerPort: port 22 is that of SSH",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].command[0]: runs sshd",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        for (index, port) in container.ports.iter().enumerate() {
            if port.container_port == 22 && matches!(port.protocol.as_str(), "" | "TCP") {
                out.fail_in(&container, &format!("ports[{index}].containerPort"), "port 22 is that of SSH");
            }
        }
        for run in commands::runs(&container).filter(|run| matches!(run.program, "sshd" | "dropbear")) {
            out.fail_in(&container, &run.field(), format!("runs {}", run.program));
        }
    }
    Ok(())
}
