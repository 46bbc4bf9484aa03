use crate::audit::{
    api::Service,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A service sends to a named port that no container has.
    ///
    /// ## Why it matters
    ///
    /// The service has no endpoint for that port: connections to it fail, while its other ports work.
    ///
    /// ## Remediation
    ///
    /// Give the container's port that name, with the same protocol, or use the name or the number that it has in
    /// `targetPort`.
    severity: High,
    category: Network,
    admission: Warn,
    needs: Objects,
    reads: [CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: [],
    check: [Check::Service(check)],
    cases: [
        Case::pass("by name", concat!(pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}")),
        Case::pass("of a sidecar", concat!(pod!("initContainers: [{name: i, image: x, restartPolicy: Always, ports: [{name: proxy, containerPort: 15000}]}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: proxy}]}}")),
        Case::pass("a number needs no name", concat!(pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 9090}]}}")),
        Case::pass("without a selector nobody knows", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{port: 80, targetPort: http}]}}"),
        Case::pass("no pods: told elsewhere", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}"),
        Case::fail(
            "another name, another protocol, and a container that is at its end by then",
            concat!(pod!("initContainers: [{name: i, image: x, ports: [{name: setup, containerPort: 1}]}], containers: [{name: a, image: x, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{name: a, port: 80, targetPort: web}, {name: b, port: 53, targetPort: dns}, {name: c, port: 1, targetPort: setup}]}}"),
            &[
                "Service/shop/s spec.ports[0].targetPort: no container of Pod/shop/p has a TCP port named \"web\"",
                "Service/shop/s spec.ports[1].targetPort: no container of Pod/shop/p has a TCP port named \"dns\"",
                "Service/shop/s spec.ports[2].targetPort: no container of Pod/shop/p has a TCP port named \"setup\"",
            ],
        ),
        Case::unknown(
            "in files, a name that is still to be filled in, on either side",
            concat!(pod!("containers: [{name: a, image: x, ports: [{name: '${PORT}', containerPort: 8080}]}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{name: a, port: 80, targetPort: http}, {name: b, port: 81, targetPort: '${TARGET}'}]}}"),
            &[],
            &[
                "? Service/shop/s port name \"${PORT}\" is still to be filled in",
                "? Service/shop/s target port \"${TARGET}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::unknown(
            "pods were not read",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}",
            &["Pod"],
            &["? Service/shop/s Pod in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(service: &Service, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(selector) = service.pod_selector() else { return Ok(()) };
    if service.spec.ports.iter().all(|port| port.target_name().is_none()) {
        return Ok(());
    }
    let found = cx.selected(&service.metadata.namespace, &selector)?;
    let Some(first) = found.first() else { return Ok(()) };
    for (at, port) in service.spec.ports.iter().enumerate() {
        let Some(name) = port.target_name() else { continue };
        let protocol = port.effective_protocol();
        let has = found
            .iter()
            .flat_map(|pods| pods.ports())
            .any(|it| it.name == name && it.effective_protocol() == protocol);
        // Any of the pods' ports may get the name.
        let mut names = found.iter().flat_map(|pods| pods.ports()).map(|it| it.name.as_str());
        let mut open = |out: &mut Findings<'_>| {
            cx.is_unfilled("target port", name, out)
                || names.any(|name| cx.is_unfilled("port name", name, out))
        };
        if !has && !open(out) {
            let told = format!("no container of {} has a {protocol} port named {name:?}", first.owner);
            out.fail(format!("spec.ports[{at}].targetPort"), told);
        }
    }
    Ok(())
}
