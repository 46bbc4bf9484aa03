use crate::audit::{
    api::Service,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A service sends to a port number that the containers, which declare others, do not declare.
    ///
    /// ## Why it matters
    ///
    /// Declared ports are only documentation, so it may well work. But where ports are declared and this one is
    /// not, it is most often a port that has changed on one side.
    ///
    /// ## Remediation
    ///
    /// Use the number that the container listens on, or better the name of its port, and declare the port if it
    /// is right.
    severity: Low,
    category: Network,
    admission: Warn,
    needs: Objects,
    reads: [CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: [],
    check: [Check::Service(check)],
    cases: [
        Case::pass("declared", concat!(pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}")),
        Case::pass("left out, it is the service's own port", concat!(pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 8080}]}}")),
        Case::pass("nothing is declared, which says nothing", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}")),
        Case::pass("one of two workloads declares nothing", concat!(pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]"), "{apiVersion: v1, kind: Pod, metadata: {name: q, namespace: shop, labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}")),
        Case::fail(
            "another number",
            concat!(pod!("containers: [{name: a, image: x, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 9090}]}}"),
            &["Service/shop/s spec.ports[0].targetPort: no container of Pod/shop/p declares TCP port 9090"],
        ),
        Case::unknown(
            "pods were not read",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}",
            &["Pod"],
            &["? Service/shop/s Pod in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(service: &Service, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(selector) = service.pod_selector() else { return Ok(()) };
    let found = cx.selected(&service.metadata.namespace, &selector)?;
    let Some(first) = found.first().filter(|_| found.iter().all(|pods| pods.ports().next().is_some())) else {
        return Ok(());
    };
    for (at, port) in service.spec.ports.iter().enumerate() {
        let (Some(number), protocol) = (port.target_number(), port.effective_protocol()) else { continue };
        let declared = found
            .iter()
            .flat_map(|pods| pods.ports())
            .any(|it| it.container_port == number && it.effective_protocol() == protocol);
        if !declared {
            let told = format!("no container of {} declares {protocol} port {number}", first.owner);
            out.fail(format!("spec.ports[{at}].targetPort"), told);
        }
    }
    Ok(())
}
