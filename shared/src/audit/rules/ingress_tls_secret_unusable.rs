use crate::audit::{
    api::{Ingress, Secret},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// An ingress takes its certificate from a secret that holds none.
    ///
    /// ## Why it matters
    ///
    /// Controllers look for `tls.crt` and `tls.key`. Without them the host gets a certificate that nobody trusts,
    /// or none.
    ///
    /// ## Remediation
    ///
    /// Create the secret by `kubectl create secret tls`, which checks what it is given. Only the names of the
    /// keys are read here, never what they hold.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [SECRET],
    references: [],
    check: [Check::Ingress(check)],
    cases: [
        Case::pass("of the right type", "{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: shop}, type: kubernetes.io/tls, data: {tls.crt: '', tls.key: ''}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("of no type, with the keys", "{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: shop}, type: Opaque, data: {tls.crt: 'YQ==', tls.key: 'YQ=='}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("there is none: told elsewhere", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::fail(
            "keys of other names",
            "{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: shop}, type: Opaque, data: {cert.pem: 'YQ==', tls.key: 'YQ=='}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &["Ingress.networking.k8s.io/shop/i spec.tls[0].secretName: Secret \"t\" of type \"Opaque\" has no tls.crt"],
        ).in_files_only(),
        Case::unknown(
            "secrets were not read",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {tls: [{hosts: [a.example.com], secretName: t}], rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &["Secret"],
            &["? Ingress.networking.k8s.io/shop/i Secret in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(ingress: &Ingress, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let namespace = ingress.metadata.namespace.as_str();
    for (at, tls) in ingress.spec.tls.iter().enumerate().filter(|(_, tls)| !tls.secret_name.is_empty()) {
        let name = tls.secret_name.as_str();
        // Of a cluster the keys of secrets are not asked for; its API server has seen to those of this type.
        let Some(secret) = cx.get::<Secret>(namespace, name)?.filter(|_| cx.has_data()) else { continue };
        let has = |key: &str| secret.data.contains_key(key) || secret.string_data.contains_key(key);
        if let Some(missing) = ["tls.crt", "tls.key"].into_iter().find(|key| !has(key)) {
            let kind = if secret.r#type.is_empty() { "Opaque" } else { &secret.r#type };
            let told = format!("Secret {name:?} of type {kind:?} has no {missing}");
            out.fail(format!("spec.tls[{at}].secretName"), told);
        }
    }
    Ok(())
}
