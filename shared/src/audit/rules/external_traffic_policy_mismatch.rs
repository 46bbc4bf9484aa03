use crate::audit::{
    api::Service,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A service's `externalTrafficPolicy` does not fit its type.
    ///
    /// ## Why it matters
    ///
    /// With `Cluster`, a load balancer's connections take a second way between nodes and lose the client's
    /// address, so that neither logs nor network policies see it. With `Local` on a plain node port, nodes
    /// without such a pod drop connections, and nothing tells the clients which nodes those are.
    ///
    /// ## Remediation
    ///
    /// Set `Local` on load balancers, which then only ask nodes that have pods, and leave `Cluster` on node
    /// ports.
    severity: Low,
    category: Network,
    admission: Never,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Service(check)],
    cases: [
        Case::pass("each as it should be", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: t, namespace: shop}, spec: {type: NodePort, ports: [{port: 80}]}}"),
        Case::pass("inside of the cluster it means nothing", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{port: 80}]}}"),
        Case::fail(
            "a load balancer, and nothing said",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, ports: [{port: 80}]}}",
            &["Service/shop/s spec.externalTrafficPolicy: Cluster hides clients' addresses behind a load balancer"],
        ),
        Case::fail(
            "node ports",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: NodePort, externalTrafficPolicy: Local, ports: [{port: 80}]}}",
            &["Service/shop/s spec.externalTrafficPolicy: Local drops connections on nodes without such pods"],
        ),
    ],
}

fn check(service: &Service, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let told = match (service.spec.r#type.as_str(), service.spec.external_traffic_policy.as_str()) {
        ("LoadBalancer", "" | "Cluster") => "Cluster hides clients' addresses behind a load balancer",
        ("NodePort", "Local") => "Local drops connections on nodes without such pods",
        _ => return Ok(()),
    };
    out.fail("spec.externalTrafficPolicy", told);
    Ok(())
}
