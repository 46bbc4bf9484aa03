use crate::audit::{
    api::{Ingress, Secret},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// An ingress takes its certificate from a secret that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The controller serves a certificate of its own instead, which no browser trusts, or nothing at all for
    /// that host.
    ///
    /// ## Remediation
    ///
    /// Create the secret in the ingress's namespace, of type `kubernetes.io/tls`. Where cert-manager is to make
    /// it, look at the certificate and its request: `kubectl get certificate,certificaterequest`.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [SECRET],
    references: [],
    check: [Check::Ingress(check)],
    cases: [
        Case::pass("it exists", "{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: shop}, type: kubernetes.io/tls, data: {tls.crt: '', tls.key: ''}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("none is named: the controller's own is meant", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com]}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("cert-manager makes it, once it is deployed", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {cert-manager.io/cluster-issuer: letsencrypt}}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}").in_files_only(),
        Case::pass("a certificate beside it makes it", "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c, namespace: shop}, spec: {secretName: t}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}").in_files_only(),
        Case::pass("an external secret makes it", "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: t, namespace: shop}, spec: {secretStoreRef: {name: vault}}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}").in_files_only(),
        Case::fail(
            "of another namespace",
            "{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: other}, type: kubernetes.io/tls, data: {tls.crt: '', tls.key: ''}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &["Ingress.networking.k8s.io/shop/i spec.tls[0].secretName: Secret \"t\" does not exist"],
        ),
        Case::unknown(
            "secrets were not read",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &["Secret"],
            &["? Ingress.networking.k8s.io/shop/i Secret in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

/// Annotations that ask cert-manager for the secret.
const ASKED_FOR: &[&str] =
    &["cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme"];

fn check(ingress: &Ingress, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let asked_for = ASKED_FOR.iter().any(|key| ingress.metadata.annotations.contains_key(*key));
    if asked_for && !cx.is_live() {
        return Ok(());
    }
    let namespace = ingress.metadata.namespace.as_str();
    for (at, tls) in ingress.spec.tls.iter().enumerate().filter(|(_, tls)| !tls.secret_name.is_empty()) {
        let name = tls.secret_name.as_str();
        if !cx.will_exist::<Secret>(namespace, name)? {
            out.fail(format!("spec.tls[{at}].secretName"), format!("Secret {name:?} does not exist"));
        }
    }
    Ok(())
}
