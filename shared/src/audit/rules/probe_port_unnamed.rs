use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    reliability::Target,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A probe or lifecycle hook asks a port by a name that its container does not have.
    ///
    /// ## Why it matters
    ///
    /// The kubelet can't resolve the name, so the probe fails every time: the container never becomes ready, or is
    /// restarted for ever.
    ///
    /// ## Remediation
    ///
    /// Name a port of the same container so, or give the number.
    severity: High,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "the name is that of another container's port",
            pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 80}], livenessProbe: {httpGet: {port: admin}}}, {name: b, image: x, ports: [{name: admin, containerPort: 81}]}]"),
            &["Pod/shop/p [a] spec.containers[0].livenessProbe.httpGet.port: the container has no port named \"admin\""],
        ),
        Case::unknown(
            "in files, a name that is still to be filled in, on either side",
            pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 80}], livenessProbe: {httpGet: {port: '${PORT}'}}}, {name: b, image: x, ports: [{name: '${NAME}', containerPort: 81}], livenessProbe: {httpGet: {port: http}}}]"),
            &[],
            &[
                "? Pod/shop/p port \"${PORT}\" is still to be filled in",
                "? Pod/shop/p port name \"${NAME}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::pass(
            "a port of that name",
            pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 80}], readinessProbe: {tcpSocket: {port: http}}, startupProbe: {httpGet: {port: 8080}}}]"),
        ),
        Case::pass("another host is asked", pod!("containers: [{name: a, image: x, readinessProbe: {tcpSocket: {host: db.example.com, port: 5432}}}]")),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        let it = container.get();
        let probes = [
            ("livenessProbe", &it.liveness_probe),
            ("readinessProbe", &it.readiness_probe),
            ("startupProbe", &it.startup_probe),
        ];
        for (field, probe) in probes {
            let Some(target) = probe.as_ref().and_then(|probe| Target::of(&probe.handler)) else {
                continue;
            };
            let Some((port, at)) = target.port() else {
                continue;
            };
            let Some(name) = port.text() else { continue };
            let open = |out: &mut Findings<'_>| {
                cx.is_unfilled("port", name, out)
                    || it.ports.iter().any(|port| cx.is_unfilled("port name", &port.name, out))
            };
            if it.ports.iter().all(|port| port.name != name) && !open(out) {
                let message = format!("the container has no port named {name:?}");
                out.fail_in(&container, &format!("{field}.{at}"), message);
            }
        }
    }
    Ok(())
}
