use crate::audit::{
    api::Service,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Object as _,
};

rule! {
    /// A load balancer was asked for and never came.
    ///
    /// ## Why it matters
    ///
    /// The service has no address outside of the cluster. Nothing else says so: the object was accepted long ago.
    ///
    /// ## Remediation
    ///
    /// Read the service's events: a quota of the cloud, a subnet without addresses, a class or annotation that no
    /// controller answers to. A cluster without a controller for load balancers needs one, or a service of
    /// another type.
    severity: High,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [EVENT],
    references: [],
    check: [Check::Service(check)],
    cases: [
        Case::pass("it has an address", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop, creationTimestamp: '2026-11-01T00:00:00Z'}, spec: {type: LoadBalancer, ports: [{port: 80}]}, status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}}"),
        Case::pass("it was asked for a minute ago", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop, creationTimestamp: '2026-11-28T11:59:00Z'}, spec: {type: LoadBalancer, ports: [{port: 80}]}}"),
        Case::fail(
            "and a warning says why",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop, creationTimestamp: '2026-11-01T00:00:00Z'}, spec: {type: LoadBalancer, ports: [{port: 80}]}}\n---\n{apiVersion: v1, kind: Event, metadata: {name: s.1, namespace: shop}, involvedObject: {apiVersion: v1, kind: Service, name: s, namespace: shop}, type: Warning, reason: SyncLoadBalancerFailed, message: quota}\n---\n{apiVersion: v1, kind: Event, metadata: {name: s.2, namespace: shop}, involvedObject: {apiVersion: apps/v1, kind: Deployment, name: s, namespace: shop}, type: Warning, reason: Other, message: of another object}",
            &["Service/shop/s status.loadBalancer: no address was given: SyncLoadBalancerFailed"],
        ).in_files_only(),
        Case::fail(
            "and nothing says why",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop, creationTimestamp: '2026-11-01T00:00:00Z'}, spec: {type: LoadBalancer, loadBalancerClass: example.com/lb, ports: [{port: 80}]}}",
            &["Service/shop/s status.loadBalancer: no address was given by class \"example.com/lb\""],
        ).in_files_only(),
    ],
}

fn check(service: &Service, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if service.spec.r#type != "LoadBalancer"
        || !service.status.load_balancer.ingress.is_empty()
        || service.metadata.deletion_timestamp.is_some()
    {
        return Ok(());
    }
    let Some(created) = service.metadata.creation_timestamp else { return Ok(()) };
    if cx.now()?.seconds.saturating_sub(created.seconds) < cx.parameters().rollout_minutes.saturating_mul(60)
    {
        return Ok(());
    }
    // Events are soon gone: without them the rest still stands.
    let events = cx.events_of(&service.key()).unwrap_or_default();
    let warning = events.iter().rev().find(|event| event.r#type == "Warning" && !event.reason.is_empty());
    let class = service.spec.load_balancer_class.as_deref();
    let by = class.map(|class| format!(" by class {class:?}")).unwrap_or_default();
    let why = warning.map(|event| format!(": {}", event.reason)).unwrap_or_default();
    out.fail("status.loadBalancer", format!("no address was given{by}{why}"));
    Ok(())
}
