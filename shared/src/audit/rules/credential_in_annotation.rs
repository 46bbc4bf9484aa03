use std::collections::BTreeMap;

use crate::audit::{
    case::{Case, deployment},
    context::Context,
    credentials::{self, Class, Credential},
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
    world::Object,
};

rule! {
    /// A credential is written into an annotation.
    ///
    /// ## Why it matters
    ///
    /// Annotations are read by whoever may list objects, metadata alone included, and are copied into events, logs,
    /// exports and the state of other tools. The value is not shown here.
    ///
    /// ## Remediation
    ///
    /// Replace the credential, since it is known by now. Keep the new one in a `Secret`, and let the annotation name
    /// the secret: most controllers that read a credential from an annotation can read one of these too.
    severity: High,
    category: Secrets,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [
        Check::Pods(pods), Check::Service(of), Check::Ingress(of), Check::Namespace(of), Check::ServiceAccount(of),
        Check::ConfigMap(of), Check::Secret(of), Check::PersistentVolumeClaim(of), Check::StorageClass(of),
        Check::IngressClass(of),
    ],
    cases: [
        Case::pass(
            "the name of a secret, an address without a password, a switch",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {nginx.ingress.kubernetes.io/auth-secret: shop/basic-auth2, nginx.ingress.kubernetes.io/auth-url: 'https://user@login.example.com/token', example.com/require-password: 'true', example.com/access-token: shop/token-1a2b3c}}, spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}}",
        ),
        Case::pass(
            "what kubectl keeps of the manifest is told where it stands in the object",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"data\":{\"url\":\"redis://:hunter2@cache\"}}'}}}",
        ),
        Case::fail(
            "of a service and of a workload",
            concat!(
                "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop, annotations: {example.com/hook: 'https://bot:hunter2@chat.example.com/hook'}}, spec: {ports: [{port: 80}]}}\n---\n",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: shop, annotations: {example.com/key: AKIAQ3EGRIPTOZ7LDXWV}}, spec: {selector: {matchLabels: {app: api}}, template: {metadata: {labels: {app: api}, annotations: {example.com/db-password: hunter2}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n",
                deployment!("containers: [{name: a, image: x}]"),
            ),
            &[
                "Service/shop/s metadata.annotations[example.com/hook]: annotation holds an address with a password (://…)",
                "Deployment.apps/shop/api metadata.annotations[example.com/key]: annotation holds an AWS access key (AKIA…)",
                "Deployment.apps/shop/api spec.template.metadata.annotations[example.com/db-password]: annotation holds a password by its name",
            ],
        ),
    ],
}

/// What kubectl copies the manifest to.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn pods(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (key, found) in found_in(&pods.metadata.annotations) {
        out.fail(pods.metadata_path(&format!("annotations[{key}]")), format!("annotation holds {found}"));
    }
    // A pod's own annotations are those of its spec.
    if !matches!(pods.workload, Workload::Pod(_)) {
        tell(&pods.workload.metadata().annotations, out);
    }
    Ok(())
}

fn of<T: Object>(object: &T, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    tell(&object.metadata().annotations, out);
    Ok(())
}

fn tell(annotations: &BTreeMap<String, String>, out: &mut Findings<'_>) {
    for (key, found) in found_in(annotations) {
        out.fail(format!("metadata.annotations[{key}]"), format!("annotation holds {found}"));
    }
}

fn found_in(annotations: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, Credential)> {
    let own = annotations.iter().filter(|(key, _)| *key != LAST_APPLIED);
    own.filter_map(|(key, value)| {
        // Names of tokens and keys are the business of annotations; only passwords are told by their name.
        let is_password = || {
            credentials::class(key) == Some(Class::Password)
                && credentials::is_credential(Class::Password, value)
        };
        let found = credentials::of_text(value);
        let found = found.or_else(|| is_password().then_some(Credential::Name(Class::Password)))?;
        Some((key.as_str(), found))
    })
}
