use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{ContainerView, PodView, Role},
};

rule! {
    /// A container that a service sends requests to has no readiness probe.
    ///
    /// ## Why it matters
    ///
    /// Without one a pod counts as ready as soon as its process runs: users' requests go to instances that are still
    /// starting, and a rolling update takes the old ones away before the new ones can answer.
    ///
    /// ## Remediation
    ///
    /// Add a `readinessProbe` that succeeds when the container can answer requests. Keep it cheap, and don't let it
    /// depend on other services.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Objects,
    reads: [SERVICE],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "a service selects it; native sidecars that serve count, init containers and helpers without a port don't",
            concat!(deployment!("initContainers: [{name: setup, image: x}, {name: proxy, image: x, restartPolicy: Always, ports: [{containerPort: 15000}]}], containers: [{name: a, image: x, ports: [{containerPort: 80}]}, {name: logs, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].readinessProbe: service web sends requests to a container without a readiness probe",
                "Deployment.apps/shop/web [proxy] spec.template.spec.initContainers[1].readinessProbe: service web sends requests to a container without a readiness probe",
            ],
        ),
        Case::pass("no service selects it", concat!(deployment!("containers: [{name: a, image: x, ports: [{containerPort: 80}]}]"), "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: db}, ports: [{port: 80}]}}")),
        Case::pass("the service wants pods that are not ready too", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, publishNotReadyAddresses: true, ports: [{port: 80}]}}")),
        Case::pass("it has one", concat!(deployment!("containers: [{name: a, image: x, readinessProbe: {tcpSocket: {port: 80}}}]"), "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}")),
        Case::unknown(
            "services were not read",
            deployment!("containers: [{name: a, image: x}]"),
            &["Service"],
            &["? Deployment.apps/shop/web Service in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let says_ports = pods.running_containers().any(|it| !it.ports.is_empty());
    let serves =
        |it: &ContainerView<'_>| if says_ports { !it.ports.is_empty() } else { it.role == Role::Main };
    let lacks = |it: &ContainerView<'_>| serves(it) && it.readiness_probe.is_none();
    if !pods.workload.is_service() || !pods.running_containers().any(|it| lacks(&it)) {
        return Ok(());
    }
    let services = cx.services_of(pods)?;
    let Some(service) = services.iter().find(|service| !service.spec.publish_not_ready_addresses) else {
        return Ok(());
    };
    for container in pods.running_containers().filter(lacks) {
        let name = &service.metadata.name;
        let message = format!("service {name} sends requests to a container without a readiness probe");
        out.fail_in(&container, "readinessProbe", message);
    }
    Ok(())
}
