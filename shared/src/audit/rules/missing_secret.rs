use crate::audit::{
    api::Secret,
    case::{Case, pod, role},
    context::Context,
    findings::Findings,
    references::{Target, of_pods},
    rule::{Check, Outcome, rule},
    subject::PodView,
};
use crate::model::Kind;

rule! {
    /// A pod needs a secret that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The container is not started: it waits in CreateContainerConfigError, or the pod in ContainerCreating, until somebody
    /// makes the secret.
    ///
    /// ## Remediation
    ///
    /// Create the secret in the namespace of the pod, correct the name, or mark the reference `optional: true` if the
    /// application runs without it.
    severity: High,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [SECRET],
    references: ["https://kubernetes.io/docs/concepts/configuration/secret/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "from each place that can name one, in a volume and in a variable",
            concat!(pod!("initContainers: [{name: i, image: x, envFrom: [{secretRef: {name: one}}]}], containers: [{name: a, image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: two, key: k}}}]}], volumes: [{name: v, secret: {secretName: three}}, {name: w, projected: {sources: [{secret: {name: four}}]}}, {name: c, csi: {driver: d, nodePublishSecretRef: {name: five}}}]"), "{apiVersion: v1, kind: Secret, metadata: {name: other, namespace: shop}}"),
            &[
                "Pod/shop/p spec.volumes[0].secret.secretName: secret \"three\" does not exist",
                "Pod/shop/p spec.volumes[1].projected.sources[0].secret.name: secret \"four\" does not exist",
                "Pod/shop/p spec.volumes[2].csi.nodePublishSecretRef.name: secret \"five\" does not exist",
                "Pod/shop/p [a] spec.containers[0].env[0].valueFrom.secretKeyRef: secret \"two\" does not exist",
                "Pod/shop/p [i] spec.initContainers[0].envFrom[0].secretRef.name: secret \"one\" does not exist",
            ],
        ),
        Case::pass(
            "optional, or there",
            concat!(pod!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: gone, optional: true}}]}], volumes: [{name: v, secret: {secretName: there}}, {name: w, secret: {secretName: gone, optional: true}}]"), "{apiVersion: v1, kind: Secret, metadata: {name: there, namespace: shop}, stringData: {A: b}}"),
        ),
        Case::pass(
            "in files, what a controller will make of another object",
            concat!(pod!("containers: [{name: a, image: x}], volumes: [{name: v, secret: {secretName: tls}}, {name: w, secret: {secretName: db}}, {name: u, secret: {secretName: sealed}}]"), "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c, namespace: shop}, spec: {secretName: tls}}\n---\n{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: e, namespace: shop}, spec: {target: {name: db}}}\n---\n{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: sealed, namespace: shop}}"),
        ).in_files_only(),
        Case::unknown(
            "in files, what the application may make itself when it runs",
            concat!(pod!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: made}}]}]"), role!("{apiGroups: [''], resources: [secrets], verbs: [get, create]}")),
            &[],
            &["? Pod/shop/p Secret \"made\" may be made by who has Role.rbac.authorization.k8s.io/shop/r"],
        ).in_files_only(),
        Case::unknown(
            "in files, a name that is still to be filled in",
            pod!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: '${NAME}-db'}}]}]"),
            &[],
            &["? Pod/shop/p name \"${NAME}-db\" is still to be filled in"],
        ).in_files_only(),
        Case::unknown(
            "forbidden is not missing",
            pod!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: gone}}]}]"),
            &["Secret"],
            &["? Pod/shop/p Secret in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

/// Objects of which controllers make secrets, and where those say the secret's name; their own name where they don't.
const MAKERS: &[(Kind, &str)] = &[
    (Kind::namespaced("cert-manager.io", "Certificate"), "/spec/secretName"),
    (Kind::namespaced("external-secrets.io", "ExternalSecret"), "/spec/target/name"),
    (Kind::namespaced("bitnami.com", "SealedSecret"), "/spec/template/metadata/name"),
];

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    of_pods(pods, &mut |reference| {
        if reference.target != Target::Secret || reference.optional {
            return;
        }
        match cx.exists::<Secret>(pods.namespace(), reference.name) {
            Ok(true) => {}
            Ok(false) if will_be_made(cx, pods.namespace(), reference.name) => {}
            Ok(false) => {
                let found = out.fail(reference.path(), format!("secret {:?} does not exist", reference.name));
                if let Some(container) = reference.container() {
                    found.container(container);
                }
            }
            Err(unknown) => out.unknown(&unknown),
        }
    });
    Ok(())
}

/// Whether the files hold an object of which a controller makes the secret. In a cluster it would be there.
fn will_be_made(cx: &Context<'_>, namespace: &str, name: &str) -> bool {
    !cx.is_live()
        && MAKERS.iter().any(|(kind, path)| {
            cx.world().custom(*kind).any(|(key, custom)| {
                let told = custom.value.pointer(path).and_then(serde_json::Value::as_str);
                &*key.namespace == namespace && told.unwrap_or(&key.name) == name
            })
        })
}
