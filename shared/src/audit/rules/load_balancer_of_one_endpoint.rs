use crate::audit::{
    api::Service,
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A load balancer has one endpoint to balance between.
    ///
    /// ## Why it matters
    ///
    /// While that one pod is replaced or its node is drained, nobody answers.
    ///
    /// ## Remediation
    ///
    /// Run two replicas at least, on different nodes, with a disruption budget.
    severity: Low,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [ENDPOINT_SLICE],
    references: [],
    check: [Check::Service(check)],
    cases: [
        Case::pass("two", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: true}, targetRef: {kind: Pod, name: a, namespace: shop}}, {addresses: ['10.0.0.2'], conditions: {ready: true}, targetRef: {kind: Pod, name: b, namespace: shop}}]}"),
        Case::pass("one, inside of the cluster", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: true}, targetRef: {kind: Pod, name: a, namespace: shop}}]}")),
        Case::pass("none is another matter", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}"),
        Case::fail(
            "one",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: true}, targetRef: {kind: Pod, name: a, namespace: shop}}, {addresses: ['10.0.0.2'], conditions: {ready: false}, targetRef: {kind: Pod, name: b, namespace: shop}}]}",
            &["Service/shop/s one endpoint alone is ready"],
        ),
        Case::unknown(
            "endpoint slices were not read",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}",
            &["EndpointSlice.discovery.k8s.io"],
            &["? Service/shop/s EndpointSlice.discovery.k8s.io in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(service: &Service, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (namespace, name) = (service.metadata.namespace.as_str(), service.metadata.name.as_str());
    if service.spec.r#type == "LoadBalancer" && cx.slices(namespace)?.endpoints(namespace, name).ready == 1 {
        out.fail("", "one endpoint alone is ready");
    }
    Ok(())
}
