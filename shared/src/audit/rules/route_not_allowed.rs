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
    /// A gateway that a route names takes no route of its namespace, kind or hosts.
    ///
    /// ## Why it matters
    ///
    /// The route is not attached: requests for its hosts are answered with an error, although both objects look
    /// right.
    ///
    /// ## Remediation
    ///
    /// Allow the namespace in the listener's `allowedRoutes`; it is the labels of the route's namespace that are
    /// selected by. Or name hosts that the listener serves.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [GATEWAY, NAMESPACE],
    references: [],
    check: [Check::Custom(kinds::GRPC_ROUTE, check), Check::Custom(kinds::HTTP_ROUTE, check), Check::Custom(kinds::TCP_ROUTE, check), Check::Custom(kinds::TLS_ROUTE, check), Check::Custom(kinds::UDP_ROUTE, check)],
    cases: [
        Case::pass("every namespace", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}"),
        Case::pass("its own namespace, which is so where nothing is said", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: shop}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web}]}}"),
        Case::pass("by the labels of the namespace", "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}"),
        Case::pass("one listener of two takes it", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}, {name: other, port: 8080, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}"),
        Case::pass("hosts within the listener's", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}, hostname: '*.example.com'}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], hostnames: [a.example.com]}}"),
        Case::pass("no such gateway is told elsewhere", "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}"),
        Case::fail(
            "another namespace, and nothing said",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}",
            &["HTTPRoute.gateway.networking.k8s.io/shop/r spec.parentRefs[0]: Gateway infra/web does not take it: listener \"http\" takes routes of its own namespace alone"],
        ),
        Case::fail(
            "the route has the label, its namespace has not",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}",
            &["HTTPRoute.gateway.networking.k8s.io/shop/r spec.parentRefs[0]: Gateway infra/web does not take it: listener \"http\" takes routes of namespaces team=a alone"],
        ),
        Case::fail(
            "another kind, and other hosts",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}, hostname: a.example.com}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], hostnames: [b.example.com]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1alpha2, kind: TCPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}",
            &[
                "HTTPRoute.gateway.networking.k8s.io/shop/r spec.parentRefs[0]: Gateway infra/web does not take it: listener \"http\" is for host \"a.example.com\" alone",
                "TCPRoute.gateway.networking.k8s.io/shop/r spec.parentRefs[0]: Gateway infra/web does not take it: listener \"http\" takes no TCPRoute",
            ],
        ),
        Case::unknown(
            "namespaces were not read",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}]}}",
            &["Namespace"],
            &["? HTTPRoute.gateway.networking.k8s.io/shop/r Namespace could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(key: &ObjectKey, custom: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let route: Route = read(custom)?;
    for (at, parent) in route.spec.parent_refs.iter().enumerate() {
        match attachment(cx, key, &route, parent) {
            Ok(Attachment::Refused(told)) => {
                out.fail(format!("spec.parentRefs[{at}]"), told);
            }
            Ok(_) => {}
            Err(unknown) => out.unknown(&unknown),
        }
    }
    Ok(())
}
