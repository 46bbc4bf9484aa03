use crate::{
    audit::{
        api::Secret,
        case::Case,
        context::Context,
        findings::Findings,
        gateway::{Gateway, Reference, granted, read},
        rule::{Check, Outcome, rule},
        world::{Custom, Unknown},
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A gateway's listener takes its certificate from a secret that does not exist, or that it may not refer to.
    ///
    /// ## Why it matters
    ///
    /// The listener is not programmed: nobody gets an answer on its port.
    ///
    /// ## Remediation
    ///
    /// Create the secret in the gateway's namespace. For one of another namespace, add a ReferenceGrant there,
    /// from `Gateway` to `Secret`.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [REFERENCE_GRANT, SECRET],
    references: [],
    check: [Check::Custom(kinds::GATEWAY, check)],
    cases: [
        Case::pass("it exists; another's is granted", "{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: infra}, type: kubernetes.io/tls, data: {tls.crt: '', tls.key: ''}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: certs}, type: kubernetes.io/tls, data: {tls.crt: '', tls.key: ''}}\n---\n{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {name: g, namespace: certs}, spec: {from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: infra}], to: [{group: '', kind: Secret}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: t}, {name: t, namespace: certs}]}}]}}"),
        Case::pass("cert-manager makes it, once it is deployed", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra, annotations: {cert-manager.io/issuer: ca}}, spec: {gatewayClassName: main, listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: t}]}}]}}").in_files_only(),
        Case::pass("another object makes it", "{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: t, namespace: infra}, spec: {encryptedData: {}}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: t}]}}]}}").in_files_only(),
        Case::fail(
            "missing, and not granted",
            "{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: certs}, type: kubernetes.io/tls, data: {tls.crt: '', tls.key: ''}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: t}, {name: t, namespace: certs}]}}]}}",
            &[
                "Gateway.gateway.networking.k8s.io/infra/web spec.listeners[0].tls.certificateRefs[0]: Secret infra/t does not exist",
                "Gateway.gateway.networking.k8s.io/infra/web spec.listeners[0].tls.certificateRefs[1]: no ReferenceGrant of namespace certs lets it refer to Secret \"t\"",
            ],
        ),
        Case::unknown(
            "secrets were not read",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: t}]}}]}}",
            &["Secret"],
            &["? Gateway.gateway.networking.k8s.io/infra/web Secret in namespace infra could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(key: &ObjectKey, custom: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let gateway: Gateway = read(custom)?;
    let annotations = &custom.metadata.annotations;
    let asked_for = ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer"];
    if !cx.is_live() && asked_for.iter().any(|it| annotations.contains_key(*it)) {
        return Ok(());
    }
    for (listener_at, listener) in gateway.spec.listeners.iter().enumerate() {
        let secrets = listener.tls.certificate_refs.iter().enumerate();
        for (at, to) in secrets.filter(|(_, to)| to.is_by_default(kinds::SECRET)) {
            match unusable(key, to, cx) {
                Ok(None) => {}
                Ok(Some(told)) => {
                    out.fail(format!("spec.listeners[{listener_at}].tls.certificateRefs[{at}]"), told);
                }
                Err(unknown) => out.unknown(&unknown),
            }
        }
    }
    Ok(())
}

fn unusable(key: &ObjectKey, to: &Reference, cx: &Context<'_>) -> Result<Option<String>, Unknown> {
    let (namespace, name) = (to.namespace_from(&key.namespace), to.name.as_str());
    if namespace != &*key.namespace && !granted(cx, key, kinds::SECRET, namespace, name)? {
        let told = format!("no ReferenceGrant of namespace {namespace} lets it refer to Secret {name:?}");
        return Ok(Some(told));
    }
    Ok((!cx.will_exist::<Secret>(namespace, name)?)
        .then(|| format!("Secret {namespace}/{name} does not exist")))
}
