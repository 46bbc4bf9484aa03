use crate::audit::{
    api::Service,
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A service has pods, and none of them is ready.
    ///
    /// ## Why it matters
    ///
    /// Nobody answers: every connection to the service is refused or runs into its timeout.
    ///
    /// ## Remediation
    ///
    /// Look at the pods that the service selects: why they do not start, or which readiness probe fails. `kubectl
    /// get endpointslices -l kubernetes.io/service-name=NAME` shows them one by one.
    severity: High,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [ENDPOINT_SLICE, CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: [],
    check: [Check::Service(check)],
    cases: [
        Case::pass("one of two is ready", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: false}, targetRef: {kind: Pod, name: a, namespace: shop}}, {addresses: ['10.0.0.2'], conditions: {ready: true}, targetRef: {kind: Pod, name: b, namespace: shop}}]}")),
        Case::pass("nothing is said of its readiness", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {}, targetRef: {kind: Pod, name: a, namespace: shop}}]}")),
        Case::pass("those that are not ready are asked for", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: web}}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: false}, targetRef: {kind: Pod, name: a, namespace: shop}}]}")),
        Case::pass("the workload is scaled to nothing", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}"),
        Case::pass("it selects nothing, which is told elsewhere", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}"),
        Case::fail(
            "a pod of two addresses is one endpoint",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: false}, targetRef: {kind: Pod, name: a, namespace: shop}}]}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-2, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: IPv6, endpoints: [{addresses: ['fd00::1'], conditions: {ready: false}, targetRef: {kind: Pod, name: a, namespace: shop}}]}"),
            &["Service/shop/s none of 1 endpoints is ready"],
        ),
        Case::fail(
            "no pod got as far as to have an address",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}"),
            &["Service/shop/s it has no endpoints, although it selects pods of Deployment.apps/shop/web"],
        ),
        Case::unknown(
            "endpoint slices were not read",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}"),
            &["EndpointSlice.discovery.k8s.io"],
            &["? Service/shop/s EndpointSlice.discovery.k8s.io in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(service: &Service, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(selector) = service.pod_selector() else { return Ok(()) };
    let (namespace, name) = (service.metadata.namespace.as_str(), service.metadata.name.as_str());
    if service.spec.publish_not_ready_addresses {
        return Ok(());
    }
    // Pods of jobs come and go.
    let lasting = |pods: &&&PodView<'_>| !pods.is_idle() && pods.workload.is_service();
    let found = cx.selected(namespace, &selector)?;
    let Some(first) = found.iter().find(lasting) else { return Ok(()) };
    let endpoints = cx.slices(namespace)?.endpoints(namespace, name);
    match endpoints.all {
        _ if endpoints.ready > 0 => {}
        0 => {
            out.fail("", format!("it has no endpoints, although it selects pods of {}", first.owner));
        }
        all => {
            out.fail("", format!("none of {all} endpoints is ready"));
        }
    }
    Ok(())
}
