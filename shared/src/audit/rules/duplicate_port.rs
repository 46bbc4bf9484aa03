use std::collections::BTreeMap;

use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Two ports of a pod have one name, or one number.
    ///
    /// ## Why it matters
    ///
    /// A service that targets the name gets the first of them, which may be the wrong one. Two containers of one pod
    /// can't listen on the same number: the second fails to start.
    ///
    /// ## Remediation
    ///
    /// Give each port its own name and number.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "one name in two containers",
            pod!("containers: [{name: a, image: x, ports: [{name: metrics, containerPort: 9090}]}, {name: b, image: x, ports: [{name: metrics, containerPort: 9091}]}]"),
            &["Pod/shop/p [b] spec.containers[1].ports[0].name: container a has a port named metrics, too"],
        ),
        Case::fail(
            "one number in two containers",
            pod!("initContainers: [{name: proxy, image: x, restartPolicy: Always, ports: [{containerPort: 80, protocol: TCP}]}], containers: [{name: a, image: x, ports: [{containerPort: 80}]}]"),
            &["Pod/shop/p [a] spec.containers[0].ports[0].containerPort: container proxy listens on 80/TCP, too"],
        ),
        Case::pass("one number of two protocols, and of an init container that has ended", pod!("initContainers: [{name: setup, image: x, ports: [{name: http, containerPort: 80}]}], containers: [{name: a, image: x, ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53}, {name: http, containerPort: 80}]}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let mut numbers: BTreeMap<(i32, &str), &str> = BTreeMap::new();
    for container in pods.running_containers() {
        let it = container.get();
        for (index, port) in it.ports.iter().enumerate() {
            let protocol = if port.protocol.is_empty() { "TCP" } else { port.protocol.as_str() };
            let number = (port.container_port, protocol);
            if let Some(other) = names.get(port.name.as_str()).filter(|_| !port.name.is_empty()) {
                let message = format!("container {other} has a port named {}, too", port.name);
                out.fail_in(&container, &format!("ports[{index}].name"), message);
            } else if let Some(other) = numbers.get(&number).filter(|other| **other != it.name) {
                let message = format!("container {other} listens on {}/{protocol}, too", port.container_port);
                out.fail_in(&container, &format!("ports[{index}].containerPort"), message);
            }
            names.entry(&port.name).or_insert(&it.name);
            numbers.entry(number).or_insert(&it.name);
        }
    }
    Ok(())
}
