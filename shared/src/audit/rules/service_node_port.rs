use crate::audit::{
    api::Service,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A service is open on a port of every node.
    ///
    /// ## Why it matters
    ///
    /// Whoever reaches any node reaches it, past the ingress and whatever that checks, and past most firewalls,
    /// which let the range of node ports through as one.
    ///
    /// ## Remediation
    ///
    /// Use `ClusterIP` with an ingress or a gateway in front.
    severity: Low,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA network-policies"],
    check: [Check::Service(check)],
    cases: [
        Case::pass("inside of the cluster, said or not", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: ClusterIP, ports: [{port: 80}]}}"),
        Case::pass("a load balancer has node ports of its own, and a rule of its own", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, ports: [{port: 80}]}}"),
        Case::fail("of type NodePort", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: NodePort, ports: [{port: 80}]}}", &["Service/shop/s spec.type: service is open on every node"]),
    ],
}

fn check(service: &Service, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if service.spec.r#type == "NodePort" {
        out.fail("spec.type", "service is open on every node");
    }
    Ok(())
}
