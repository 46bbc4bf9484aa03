use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        gateway::{Route, listed_conditions, read},
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A gateway's controller does not accept a route, or can't resolve what it refers to.
    ///
    /// ## Why it matters
    ///
    /// Requests for the route's hosts are answered with an error.
    ///
    /// ## Remediation
    ///
    /// Read the condition's message: `kubectl describe` shows it. `NotAllowedByListeners` is about the listener's
    /// `allowedRoutes`, `BackendNotFound` and `RefNotPermitted` about the backends.
    severity: High,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::GRPC_ROUTE, check), Check::Custom(kinds::HTTP_ROUTE, check), Check::Custom(kinds::TCP_ROUTE, check), Check::Custom(kinds::TLS_ROUTE, check), Check::Custom(kinds::UDP_ROUTE, check)],
    cases: [
        Case::pass("accepted; the order of conditions means nothing", "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}, status: {parents: [{parentRef: {name: web, namespace: infra}, controllerName: example.com/c, conditions: [{type: Other, status: 'False', reason: Fine, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}, {type: ResolvedRefs, status: 'True', reason: ResolvedRefs, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}, {type: Accepted, status: 'True', reason: Accepted, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}]}]}}"),
        Case::pass("nobody has looked at it yet", "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}"),
        Case::fail(
            "neither",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}, status: {parents: [{parentRef: {name: web, namespace: infra}, controllerName: example.com/c, conditions: [{type: Accepted, status: 'False', reason: NotAllowedByListeners, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}, {type: ResolvedRefs, status: 'False', reason: BackendNotFound, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}]}]}}",
            &["HTTPRoute.gateway.networking.k8s.io/shop/r status.parents[0].conditions: at \"web\": Accepted is False: NotAllowedByListeners, ResolvedRefs is False: BackendNotFound"],
        ),
    ],
}

fn check(_: &ObjectKey, custom: &Custom, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let route: Route = read(custom)?;
    for (at, parent) in route.status.parents.iter().enumerate() {
        if let Some(told) =
            listed_conditions(&parent.conditions, &[("Accepted", "False"), ("ResolvedRefs", "False")])
        {
            let name = &parent.parent_ref.name;
            out.fail(format!("status.parents[{at}].conditions"), format!("at {name:?}: {told}"));
        }
    }
    Ok(())
}
