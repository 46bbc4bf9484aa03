use crate::audit::{
    api::Ingress,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Object as _,
};

rule! {
    /// Two ingresses claim the same host and path.
    ///
    /// ## Why it matters
    ///
    /// The controller serves one of them and ignores the other, as a rule the newer one: whoever deploys second
    /// wonders why nothing happens, and after the first is deleted requests go elsewhere.
    ///
    /// ## Remediation
    ///
    /// Give one of them another host or path, or put both into one ingress. To split traffic, mark one as a
    /// canary.
    severity: Medium,
    category: Network,
    admission: Warn,
    needs: Objects,
    reads: [],
    references: [],
    check: [Check::Ingress(check)],
    cases: [
        Case::pass("another path, another host, another way to compare", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}, {host: a.example.com, http: {paths: [{path: /b, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}, {host: a.example.com, http: {paths: [{path: /, pathType: Exact, backend: {service: {name: s, port: {number: 80}}}}]}}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: j, namespace: shop}, spec: {rules: [{host: b.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("of another controller's class", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {ingressClassName: a, rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: j, namespace: shop}, spec: {ingressClassName: b, rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("each has a load balancer to itself", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {ingressClassName: alb, rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: j, namespace: shop}, spec: {ingressClassName: alb, rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("a canary", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: j, namespace: shop, annotations: {nginx.ingress.kubernetes.io/canary: 'true'}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::fail(
            "across namespaces, each told of the other",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: j, namespace: other}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &[
                "Ingress.networking.k8s.io/other/j spec.rules[0].http.paths[0]: \"a.example.com/\" is claimed by Ingress.networking.k8s.io/shop/i as well",
                "Ingress.networking.k8s.io/shop/i spec.rules[0].http.paths[0]: \"a.example.com/\" is claimed by Ingress.networking.k8s.io/other/j as well",
            ],
        ),
        Case::fail(
            "twice in one",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}, {host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &[
                "Ingress.networking.k8s.io/shop/i spec.rules[0].http.paths[0]: \"a.example.com/\" is claimed twice in this ingress",
                "Ingress.networking.k8s.io/shop/i spec.rules[1].http.paths[0]: \"a.example.com/\" is claimed twice in this ingress",
            ],
        ),
    ],
}

fn check(ingress: &Ingress, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if ingress.is_canary() {
        return Ok(());
    }
    let (own, claims) = (ingress.key(), cx.ingress_claims());
    for (host, path, (rule, at)) in ingress.paths() {
        let rivals = claims.rivals(ingress, host, path);
        let Some(first) = rivals.first() else { continue };
        let who = match rivals.len() {
            1 if *first == own => "twice in this ingress".to_owned(),
            1 => format!("by {first} as well"),
            more => format!("by {first} and {} more as well", more - 1),
        };
        let slash = if path.path.is_empty() { "/" } else { "" };
        let place = format!("{host}{}{slash}", path.path);
        out.fail(format!("spec.rules[{rule}].http.paths[{at}]"), format!("{place:?} is claimed {who}"));
    }
    Ok(())
}
