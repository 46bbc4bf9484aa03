use std::collections::BTreeSet;

use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    reliability::Target,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A probe asks a port that no container of the pod declares, though they declare others.
    ///
    /// ## Why it matters
    ///
    /// The number may be one of another time: then the probe fails, and the pod never becomes ready or is restarted for
    /// ever. Where it is right, readers, services and network policies miss a port that is there.
    ///
    /// ## Remediation
    ///
    /// Correct the port of the probe, or add it to the container's `ports`.
    severity: Low,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "another number",
            pod!("containers: [{name: a, image: x, ports: [{containerPort: 8080}], readinessProbe: {httpGet: {port: 80}}}]"),
            &["Pod/shop/p [a] spec.containers[0].readinessProbe.httpGet.port: asks port 80, and the pod declares 8080"],
        ),
        Case::fail(
            "one port under two protocols is told once",
            pod!("containers: [{name: a, image: x, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}], readinessProbe: {httpGet: {port: 80}}}]"),
            &["Pod/shop/p [a] spec.containers[0].readinessProbe.httpGet.port: asks port 80, and the pod declares 53"],
        ),
        Case::pass("no container declares any port, as none has to", pod!("containers: [{name: a, image: x, readinessProbe: {httpGet: {port: 80}}}]")),
        Case::pass("a sidecar has it", pod!("initContainers: [{name: proxy, image: x, restartPolicy: Always, ports: [{containerPort: 80}]}], containers: [{name: a, image: x, ports: [{containerPort: 8080}], readinessProbe: {httpGet: {port: 80}}}]")),
        Case::pass("another host is asked", pod!("containers: [{name: a, image: x, ports: [{containerPort: 80}], readinessProbe: {tcpSocket: {host: db.example.com, port: 5432}}}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let declared =
        || pods.running_containers().flat_map(|it| it.get().ports.iter().map(|port| port.container_port));
    if declared().next().is_none() {
        return Ok(());
    }
    for container in pods.running_containers() {
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
            let number = target.port().and_then(|(port, at)| Some((port.number()?, at)));
            if let Some((number, at)) = number.filter(|(number, _)| declared().all(|port| port != *number)) {
                let others: BTreeSet<i32> = declared().collect();
                let others: Vec<_> = others.iter().map(ToString::to_string).collect();
                let message = format!("asks port {number}, and the pod declares {}", others.join(", "));
                out.fail_in(&container, &format!("{field}.{at}"), message);
            }
        }
    }
    Ok(())
}
