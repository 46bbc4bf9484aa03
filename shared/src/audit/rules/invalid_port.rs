use crate::audit::{
    api::Service,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A port is no number from 1 to 65535, or its name is no name of a port.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses the object, so that the whole rollout fails.
    ///
    /// ## Remediation
    ///
    /// Correct the number. A port's name has at most 15 lower-case letters, digits and single hyphens, at least one of
    /// them a letter.
    severity: High,
    category: Reliability,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check), Check::Service(service)],
    cases: [
        Case::fail(
            "too large, none, and names",
            concat!(
                pod!("containers: [{name: a, image: x, ports: [{containerPort: 70000}, {name: web_ui, containerPort: 80}, {name: a-name-too-long-for-a-port, containerPort: 81}, {containerPort: 82, hostPort: -1}]}]"),
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 0, targetPort: 99999}]}}",
            ),
            &[
                "Pod/shop/p [a] spec.containers[0].ports[0].containerPort: 70000 is no port",
                "Pod/shop/p [a] spec.containers[0].ports[1].name: \"web_ui\" is no name of a port",
                "Pod/shop/p [a] spec.containers[0].ports[2].name: \"a-name-too-long-for-a-port\" is no name of a port",
                "Pod/shop/p [a] spec.containers[0].ports[3].hostPort: -1 is no port",
                "Service/shop/web spec.ports[0].port: 0 is no port",
                "Service/shop/web spec.ports[0].targetPort: 99999 is no port",
            ],
        ).in_files_only(),
        Case::unknown(
            "in files, what is still to be filled in",
            concat!(
                pod!("containers: [{name: a, image: x, ports: [{name: '${NAME}', containerPort: 80}]}]"),
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: '{{ .port }}'}]}}",
            ),
            &[],
            &[
                "? Pod/shop/p port name \"${NAME}\" is still to be filled in",
                "? Service/shop/web target port \"{{ .port }}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::pass("the last one, names, targets left out", concat!(
            pod!("containers: [{name: a, image: x, ports: [{name: http-2, containerPort: 65535}]}]"),
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{name: a, port: 80}, {name: b, port: 81, targetPort: http-2}]}}",
        )),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        for (index, port) in container.get().ports.iter().enumerate() {
            let number = port.container_port;
            if !is_port(number) {
                out.fail_in(
                    &container,
                    &format!("ports[{index}].containerPort"),
                    format!("{number} is no port"),
                );
            }
            if port.host_port != 0 && !is_port(port.host_port) {
                let message = format!("{} is no port", port.host_port);
                out.fail_in(&container, &format!("ports[{index}].hostPort"), message);
            }
            let wrong = !port.name.is_empty() && !is_port_name(&port.name);
            if wrong && !cx.is_unfilled("port name", &port.name, out) {
                let message = format!("{:?} is no name of a port", port.name);
                out.fail_in(&container, &format!("ports[{index}].name"), message);
            }
        }
    }
    Ok(())
}

fn service(service: &Service, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if service.spec.r#type == "ExternalName" {
        return Ok(());
    }
    for (index, port) in service.spec.ports.iter().enumerate() {
        if !is_port(port.port) {
            out.fail(format!("spec.ports[{index}].port"), format!("{} is no port", port.port));
        }
        let target = &port.target_port;
        let named = target.text().is_some_and(|name| {
            !name.is_empty() && !is_port_name(name) && !cx.is_unfilled("target port", name, out)
        });
        if named || target.number().is_some_and(|number| number != 0 && !is_port(number)) {
            out.fail(format!("spec.ports[{index}].targetPort"), format!("{target} is no port"));
        }
    }
    Ok(())
}

fn is_port(number: i32) -> bool {
    (1..=65_535).contains(&number)
}

fn is_port_name(name: &str) -> bool {
    name.len() <= 15
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && name.chars().any(|c| c.is_ascii_lowercase())
        && !name.contains("--")
        && !name.starts_with('-')
        && !name.ends_with('-')
}
