use crate::{
    audit::{
        api::Service,
        case::Case,
        context::Context,
        findings::Findings,
        gateway::{Reference, Route, backends, read},
        rule::{Check, Outcome, rule},
        world::{Custom, Unknown},
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A route sends requests to a service or a port that does not exist.
    ///
    /// ## Why it matters
    ///
    /// Requests that match are answered with 500; with several backends, as many of them as the weight says.
    ///
    /// ## Remediation
    ///
    /// Name the service with its namespace, and its `port`: the service's own, not the container's.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [SERVICE],
    references: [],
    check: [Check::Custom(kinds::GRPC_ROUTE, check), Check::Custom(kinds::HTTP_ROUTE, check), Check::Custom(kinds::TCP_ROUTE, check), Check::Custom(kinds::TLS_ROUTE, check), Check::Custom(kinds::UDP_ROUTE, check)],
    cases: [
        Case::pass("it exists, here and in another namespace", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: other}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{backendRefs: [{name: s, port: 80}, {name: s, namespace: other, port: 80}]}]}}"),
        Case::pass("a backend of another kind is its controller's matter", "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{backendRefs: [{group: multicluster.x-k8s.io, kind: ServiceImport, name: s, port: 80}]}]}}"),
        Case::fail(
            "no service there, and no such port",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{backendRefs: [{name: s, port: 8080}, {name: s, namespace: other, port: 80}]}]}}",
            &[
                "HTTPRoute.gateway.networking.k8s.io/shop/r spec.rules[0].backendRefs[0]: Service shop/s has no port 8080",
                "HTTPRoute.gateway.networking.k8s.io/shop/r spec.rules[0].backendRefs[1]: Service other/s does not exist",
            ],
        ),
        Case::fail(
            "where a copy of each request goes",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: t, port: 80}}}], backendRefs: [{name: s, port: 80}]}]}}",
            &["HTTPRoute.gateway.networking.k8s.io/shop/r spec.rules[0].filters[0].requestMirror.backendRef: Service shop/t does not exist"],
        ),
        Case::unknown(
            "services were not read",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop, labels: {team: a}}, spec: {parentRefs: [{name: web, namespace: infra}], rules: [{backendRefs: [{name: s, port: 80}]}]}}",
            &["Service"],
            &["? HTTPRoute.gateway.networking.k8s.io/shop/r Service in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(key: &ObjectKey, custom: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let route: Route = read(custom)?;
    for (path, to) in backends(&route).filter(|(_, to)| to.is_by_default(kinds::SERVICE)) {
        match missing(key, to, cx) {
            Ok(None) => {}
            Ok(Some(told)) => {
                out.fail(path, told);
            }
            Err(unknown) => out.unknown(&unknown),
        }
    }
    Ok(())
}

fn missing(key: &ObjectKey, to: &Reference, cx: &Context<'_>) -> Result<Option<String>, Unknown> {
    let namespace = to.namespace_from(&key.namespace);
    let named = format!("Service {namespace}/{}", to.name);
    Ok(match (cx.get::<Service>(namespace, &to.name)?, to.port) {
        (None, _) => Some(format!("{named} does not exist")),
        (Some(_), None) => Some(format!("no port of {named} is named")),
        (Some(service), Some(port)) if !service.is_external_name() && !service.has_port(port) => {
            Some(format!("{named} has no port {port}"))
        }
        _ => None,
    })
}
