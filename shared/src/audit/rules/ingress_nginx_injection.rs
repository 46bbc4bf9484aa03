use crate::audit::{
    api::Ingress,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// An annotation for ingress-nginx holds characters that end what it is put into.
    ///
    /// ## Why it matters
    ///
    /// Older controllers put these values into nginx's configuration as they are (CVE-2025-1097, CVE-2025-1098,
    /// CVE-2025-24514): a value with a brace, a quote or a line break becomes configuration of its own, and runs
    /// as the controller, which reads every secret.
    ///
    /// ## Remediation
    ///
    /// Remove the characters; no address and no name has them. Upgrade ingress-nginx to 1.12.1 or later.
    severity: High,
    category: Network,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CVE-2025-1097", "CVE-2025-1098", "CVE-2025-24514"],
    check: [Check::Ingress(check)],
    cases: [
        Case::pass("an address with arguments", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {'nginx.ingress.kubernetes.io/auth-url': 'https://auth.example.com/check?a=b&rd=$escaped_request_uri'}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("a pattern for names with a count", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {nginx.ingress.kubernetes.io/auth-tls-match-cn: 'CN=[a-z]{2,5}'}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::fail(
            "a brace and a line break",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {nginx.ingress.kubernetes.io/auth-url: 'http://a/#;}', nginx.ingress.kubernetes.io/mirror-host: 'a;b'}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &[
                "Ingress.networking.k8s.io/shop/i metadata.annotations[nginx.ingress.kubernetes.io/auth-url]: value has ';', which ends what it is put into",
                "Ingress.networking.k8s.io/shop/i metadata.annotations[nginx.ingress.kubernetes.io/mirror-host]: value has ';', which ends what it is put into",
            ],
        ),
    ],
}

const VALUES: &[&str] = &[
    "nginx.ingress.kubernetes.io/auth-signin",
    "nginx.ingress.kubernetes.io/auth-tls-match-cn",
    "nginx.ingress.kubernetes.io/auth-url",
    "nginx.ingress.kubernetes.io/mirror-host",
    "nginx.ingress.kubernetes.io/mirror-target",
    "nginx.ingress.kubernetes.io/rewrite-target",
];

fn check(ingress: &Ingress, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for key in VALUES {
        let Some(value) = ingress.metadata.annotations.get(*key) else { continue };
        if let Some(bad) = value.trim_end().chars().find(|it| matches!(it, ';' | '"' | '\n' | '\r')) {
            out.fail(
                format!("metadata.annotations[{key}]"),
                format!("value has {bad:?}, which ends what it is put into"),
            );
        }
    }
    Ok(())
}
