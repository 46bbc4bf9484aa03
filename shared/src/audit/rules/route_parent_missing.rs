use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        gateway::{Attachment, Route, attachment, read},
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A route names a gateway or a listener that does not exist.
    ///
    /// ## Why it matters
    ///
    /// No gateway serves it: requests for its hosts get an error, or another route's answer.
    ///
    /// ## Remediation
    ///
    /// Name an existing gateway with its namespace; leave `sectionName` and `port` out, or take them from its
    /// listeners.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [GATEWAY, NAMESPACE],
    references: [],
    check: [Check::Custom(kinds::GRPC_ROUTE, check), Check::Custom(kinds::HTTP_ROUTE, check), Check::Custom(kinds::TCP_ROUTE, check), Check::Custom(kinds::TLS_ROUTE, check), Check::Custom(kinds::UDP_ROUTE, check)],
    cases: [
        Case::pass("the gateway, and the listener by name and port", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra, sectionName: http, port: 80}]}}"),
        Case::pass("in a mesh the parent is a service", "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{group: '', kind: Service, name: s}]}}"),
        Case::fail(
            "no gateway in the route's own namespace",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web}]}}",
            &["HTTPRoute.gateway.networking.k8s.io/shop/r spec.parentRefs[0]: Gateway shop/web does not exist"],
        ),
        Case::fail(
            "no such listener, by name, by port, or by both",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra, sectionName: https}, {name: web, namespace: infra, port: 443}, {name: web, namespace: infra, sectionName: http, port: 443}]}}",
            &[
                "HTTPRoute.gateway.networking.k8s.io/shop/r spec.parentRefs[0]: Gateway infra/web has no listener \"https\"",
                "HTTPRoute.gateway.networking.k8s.io/shop/r spec.parentRefs[1]: Gateway infra/web has no listener on port 443",
                "HTTPRoute.gateway.networking.k8s.io/shop/r spec.parentRefs[2]: Gateway infra/web has no listener \"http\" on port 443",
            ],
        ),
        Case::unknown(
            "in files, a listener that is still to be filled in",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop}, spec: {parentRefs: [{name: web, namespace: infra, sectionName: '${LISTENER}'}]}}",
            &[],
            &["? HTTPRoute.gateway.networking.k8s.io/shop/r listener \"${LISTENER}\" is still to be filled in"],
        ).in_files_only(),
        Case::unknown(
            "gateways were not read",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}",
            &["Gateway.gateway.networking.k8s.io"],
            &["? HTTPRoute.gateway.networking.k8s.io/shop/r Gateway.gateway.networking.k8s.io in namespace infra could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(key: &ObjectKey, custom: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let route: Route = read(custom)?;
    for (at, parent) in route.spec.parent_refs.iter().enumerate() {
        match attachment(cx, key, &route, parent) {
            Ok(Attachment::Missing(told)) => {
                out.fail(format!("spec.parentRefs[{at}]"), told);
            }
            Ok(_) => {}
            Err(unknown) => out.unknown(&unknown),
        }
    }
    Ok(())
}
