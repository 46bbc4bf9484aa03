use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        gateway::{Route, backends, granted, read},
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A route sends requests to a service of another namespace, which does not let it.
    ///
    /// ## Why it matters
    ///
    /// The gateway refuses: requests that match are answered with 500.
    ///
    /// ## Remediation
    ///
    /// Add a ReferenceGrant in the service's namespace, from the route's kind and namespace to `Service`; or a
    /// route in that namespace.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [REFERENCE_GRANT],
    references: [],
    check: [Check::Custom(kinds::GRPC_ROUTE, check), Check::Custom(kinds::HTTP_ROUTE, check), Check::Custom(kinds::TCP_ROUTE, check), Check::Custom(kinds::TLS_ROUTE, check), Check::Custom(kinds::UDP_ROUTE, check)],
    cases: [
        Case::pass("its own namespace needs no grant, said or not", "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{backendRefs: [{name: s, port: 80}, {name: s, namespace: shop, port: 80}]}]}}"),
        Case::pass("granted, for all services and for this one", "{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {name: g, namespace: other}, spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], to: [{group: '', kind: Service}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {name: g, namespace: third}, spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], to: [{group: '', kind: Service, name: s}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{backendRefs: [{name: s, namespace: other, port: 80}, {name: s, namespace: third, port: 80}]}]}}"),
        Case::fail(
            "for another service, from another kind, and of another namespace",
            "{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {name: g, namespace: other}, spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], to: [{group: '', kind: Service, name: t}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {name: g, namespace: third}, spec: {from: [{group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: shop}], to: [{group: '', kind: Service}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{backendRefs: [{name: s, namespace: other, port: 80}, {name: s, namespace: third, port: 80}]}]}}",
            &[
                "HTTPRoute.gateway.networking.k8s.io/shop/r spec.rules[0].backendRefs[0]: no ReferenceGrant of namespace other lets it refer to Service \"s\"",
                "HTTPRoute.gateway.networking.k8s.io/shop/r spec.rules[0].backendRefs[1]: no ReferenceGrant of namespace third lets it refer to Service \"s\"",
            ],
        ),
        Case::unknown(
            "grants were not read",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{backendRefs: [{name: s, namespace: other, port: 80}]}]}}",
            &["ReferenceGrant.gateway.networking.k8s.io"],
            &["? HTTPRoute.gateway.networking.k8s.io/shop/r ReferenceGrant.gateway.networking.k8s.io in namespace other could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(key: &ObjectKey, custom: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let route: Route = read(custom)?;
    for (path, to) in backends(&route).filter(|(_, to)| to.is_by_default(kinds::SERVICE)) {
        let namespace = to.namespace_from(&key.namespace);
        if namespace == &*key.namespace {
            continue;
        }
        match granted(cx, key, kinds::SERVICE, namespace, &to.name) {
            Ok(true) => {}
            Ok(false) => {
                let name = &to.name;
                out.fail(
                    path,
                    format!("no ReferenceGrant of namespace {namespace} lets it refer to Service {name:?}"),
                );
            }
            Err(unknown) => out.unknown(&unknown),
        }
    }
    Ok(())
}
