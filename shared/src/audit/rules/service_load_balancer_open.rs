use crate::audit::{
    api::Service,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A service has a load balancer that takes connections from every address.
    ///
    /// ## Why it matters
    ///
    /// It is reached from wherever the load balancer is, the internet as a rule, with nothing in front that would
    /// authenticate or log.
    ///
    /// ## Remediation
    ///
    /// Limit it by `spec.loadBalancerSourceRanges`, ask for an internal load balancer by the annotation of your
    /// cloud, or put an ingress or a gateway in front. A gateway's own service is exempt with good reason: say so
    /// in an exemption.
    severity: Low,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA network-policies"],
    check: [Check::Service(check)],
    cases: [
        Case::pass("limited to addresses", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24], ports: [{port: 80}]}}"),
        Case::pass("internal, by the word of a cloud", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop, annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: 'true'}}, spec: {type: LoadBalancer, ports: [{port: 80}]}}"),
        Case::pass("of another type", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: NodePort, ports: [{port: 80}]}}"),
        Case::fail("from everywhere", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, ports: [{port: 80}]}}", &["Service/shop/s spec.type: load balancer takes connections from every address"]),
        Case::fail(
            "limited to all addresses",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/0], ports: [{port: 80}]}}",
            &["Service/shop/s spec.type: load balancer takes connections from every address"],
        ),
    ],
}

/// Annotations of clouds for load balancers inside of a network, and the values by which they are.
const INTERNAL: &[(&str, &[&str])] = &[
    ("service.beta.kubernetes.io/aws-load-balancer-internal", &["true", "0.0.0.0/0"]),
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", &["internal"]),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", &["true"]),
    ("networking.gke.io/load-balancer-type", &["Internal"]),
    ("cloud.google.com/load-balancer-type", &["Internal", "internal"]),
    ("service.beta.kubernetes.io/openstack-internal-load-balancer", &["true"]),
    ("service.beta.kubernetes.io/oci-load-balancer-internal", &["true"]),
    ("service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", &["private"]),
    ("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", &["intranet"]),
];

fn check(service: &Service, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if service.spec.r#type != "LoadBalancer" {
        return Ok(());
    }
    let ranges = &service.spec.load_balancer_source_ranges;
    let limited = !ranges.is_empty() && !ranges.iter().any(|it| matches!(it.trim(), "0.0.0.0/0" | "::/0"));
    let internal = INTERNAL.iter().any(|(key, values)| {
        service.metadata.annotations.get(*key).is_some_and(|value| values.contains(&value.as_str()))
    });
    if !limited && !internal {
        out.fail("spec.type", "load balancer takes connections from every address");
    }
    Ok(())
}
