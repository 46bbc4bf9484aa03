use crate::audit::{
    api::Ingress,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// An ingress serves a host without TLS.
    ///
    /// ## Why it matters
    ///
    /// Passwords, cookies and pages pass in clear text through every network on the way, and anybody there can
    /// change them.
    ///
    /// ## Remediation
    ///
    /// Add the host to an entry of `spec.tls` with the secret that holds its certificate; cert-manager keeps such
    /// secrets up to date. Where a load balancer in front ends TLS without the ingress saying so, exempt the
    /// ingress and say where.
    severity: Medium,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA network-policies"],
    check: [Check::Ingress(check)],
    cases: [
        Case::pass("every host", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("by a wildcard", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: ['*.example.com'], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("an entry without hosts is about all", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("the controller's load balancer has the certificate", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {alb.ingress.kubernetes.io/certificate-arn: 'arn:aws:acm:x'}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("nothing is served by name", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {defaultBackend: {service: {name: s, port: {number: 80}}}, tls: [{secretName: t}]}}"),
        Case::unknown(
            "in files, a host that is still to be filled in",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: ['*.example.com'], secretName: t}], rules: [{host: '${HOST}', http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: j, namespace: shop}, spec: {tls: [{hosts: ['${TLS_HOST}'], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &[],
            &[
                "? Ingress.networking.k8s.io/shop/i host \"${HOST}\" is still to be filled in",
                "? Ingress.networking.k8s.io/shop/j host \"${TLS_HOST}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::fail(
            "one host of two; a star is one label",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: ['*.example.com'], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}, {host: a.b.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}, {host: example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &[
                "Ingress.networking.k8s.io/shop/i spec.rules[1].host: host \"a.b.example.com\" is served without TLS",
                "Ingress.networking.k8s.io/shop/i spec.rules[2].host: host \"example.com\" is served without TLS",
            ],
        ),
        Case::fail(
            "no TLS at all, and every host",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &["Ingress.networking.k8s.io/shop/i spec.rules[0].host: every host is served without TLS"],
        ),
    ],
}

/// Annotations by which load balancers of clouds and Traefik's own routers end TLS, with no word of it in the spec.
const ELSEWHERE: &[&str] = &[
    "alb.ingress.kubernetes.io/certificate-arn",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "traefik.ingress.kubernetes.io/router.tls",
];

fn check(ingress: &Ingress, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (spec, annotations) = (&ingress.spec, &ingress.metadata.annotations);
    if ELSEWHERE.iter().any(|key| annotations.get(*key).is_some_and(|value| value != "false")) {
        return Ok(());
    }
    let covered = |host: &str| {
        let mut hosts = spec.tls.iter().flat_map(|tls| &tls.hosts);
        spec.tls.iter().any(|tls| tls.hosts.is_empty()) || hosts.any(|it| covers(it, host))
    };
    for (at, rule) in spec.rules.iter().enumerate() {
        // Which of the hosts of TLS one is that is still to be filled in, nobody knows.
        let open = |out: &mut Findings<'_>| {
            let mut hosts = spec.tls.iter().flat_map(|tls| &tls.hosts);
            !spec.tls.is_empty()
                && (cx.is_unfilled("host", &rule.host, out)
                    || hosts.any(|host| cx.is_unfilled("host", host, out)))
        };
        if !covered(&rule.host) && !open(out) {
            let host =
                if rule.host.is_empty() { "every host".to_owned() } else { format!("host {:?}", rule.host) };
            out.fail(format!("spec.rules[{at}].host"), format!("{host} is served without TLS"));
        }
    }
    if spec.rules.is_empty() && spec.default_backend.is_some() && spec.tls.is_empty() {
        out.fail("spec.defaultBackend", "every host is served without TLS");
    }
    Ok(())
}

/// A star stands for the first label alone.
fn covers(tls: &str, host: &str) -> bool {
    let parent = |name: &str| name.split_once('.').map(|(_, parent)| parent.to_owned());
    tls == host || (tls.starts_with("*.") && !host.is_empty() && parent(tls) == parent(host))
}
