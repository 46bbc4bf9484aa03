use crate::audit::{
    api::Service,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A service claims addresses by `externalIPs`.
    ///
    /// ## Why it matters
    ///
    /// Nodes send what goes to such an address to the service's pods, whoever the address belongs to: it is how
    /// traffic to any site, or to the cluster's own DNS, can be taken (CVE-2020-8554).
    ///
    /// ## Remediation
    ///
    /// Use a load balancer, whose controller knows which addresses are the cluster's. Refuse the field for all by
    /// the admission plugin `DenyServiceExternalIPs`.
    severity: High,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CVE-2020-8554"],
    check: [Check::Service(check)],
    cases: [
        Case::pass("a load balancer's address is its controller's doing", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, externalIPs: [], ports: [{port: 80}]}, status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}}"),
        Case::fail("claimed", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {externalIPs: [192.0.2.1, 192.0.2.2], ports: [{port: 80}]}}", &["Service/shop/s spec.externalIPs: claims 192.0.2.1, 192.0.2.2"]),
    ],
}

fn check(service: &Service, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !service.spec.external_i_ps.is_empty() {
        out.fail("spec.externalIPs", format!("claims {}", service.spec.external_i_ps.join(", ")));
    }
    Ok(())
}
