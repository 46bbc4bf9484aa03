use crate::audit::{
    api::Ingress,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// An ingress puts text of its own into the configuration of the controller's nginx.
    ///
    /// ## Why it matters
    ///
    /// The controller reads the secrets of every namespace. Whoever writes such a text can have nginx give them
    /// away, its service account's token first (CVE-2021-25742): the right to write an ingress becomes the right
    /// to read all secrets.
    ///
    /// ## Remediation
    ///
    /// Use the annotation that is made for the purpose, and set `allow-snippet-annotations: false` in the
    /// controller's configuration.
    severity: High,
    category: Network,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CVE-2021-25742"],
    check: [Check::Ingress(check)],
    cases: [
        Case::pass("annotations that are made for it", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {nginx.ingress.kubernetes.io/rewrite-target: /, nginx.ingress.kubernetes.io/proxy-body-size: 8m}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("empty, it is nothing", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {nginx.ingress.kubernetes.io/server-snippet: ''}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::fail(
            "of either controller",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {nginx.ingress.kubernetes.io/configuration-snippet: more_set_headers x;, nginx.org/server-snippets: return 200;}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &[
                "Ingress.networking.k8s.io/shop/i metadata.annotations[nginx.ingress.kubernetes.io/configuration-snippet]: text goes into the controller's nginx",
                "Ingress.networking.k8s.io/shop/i metadata.annotations[nginx.org/server-snippets]: text goes into the controller's nginx",
            ],
        ),
    ],
}

const SNIPPETS: &[&str] = &[
    "nginx.ingress.kubernetes.io/auth-snippet",
    "nginx.ingress.kubernetes.io/configuration-snippet",
    "nginx.ingress.kubernetes.io/modsecurity-snippet",
    "nginx.ingress.kubernetes.io/server-snippet",
    "nginx.ingress.kubernetes.io/stream-snippet",
    "nginx.org/location-snippets",
    "nginx.org/server-snippets",
];

fn check(ingress: &Ingress, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for key in SNIPPETS {
        if ingress.metadata.annotations.get(*key).is_some_and(|text| !text.trim().is_empty()) {
            out.fail(format!("metadata.annotations[{key}]"), "text goes into the controller's nginx");
        }
    }
    Ok(())
}
