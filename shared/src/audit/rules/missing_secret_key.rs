use crate::audit::{
    api::Secret,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    references::{Target, of_pods},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod needs a key that its secret does not have.
    ///
    /// ## Why it matters
    ///
    /// The container waits in CreateContainerConfigError, or its volume can't be mounted, though the secret is there.
    ///
    /// ## Remediation
    ///
    /// Add the key to the secret, correct its name, or mark the reference `optional: true`. Only files tell keys: of a
    /// cluster the contents of secrets are never asked for.
    severity: High,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [SECRET],
    references: ["https://kubernetes.io/docs/concepts/configuration/secret/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "of a variable and of a file",
            concat!(pod!("containers: [{name: a, image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: there, key: gone}}}]}], volumes: [{name: v, secret: {secretName: there, items: [{key: B, path: b}]}}]"), "{apiVersion: v1, kind: Secret, metadata: {name: there, namespace: shop}, data: {A: Yg==}}"),
            &[
                "Pod/shop/p spec.volumes[0].secret.secretName: secret \"there\" has no key \"B\"",
                "Pod/shop/p [a] spec.containers[0].env[0].valueFrom.secretKeyRef: secret \"there\" has no key \"gone\"",
            ],
        ),
        Case::fail(
            "a key that is still to be filled in may be there; another is not",
            concat!(pod!("containers: [{name: a, image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: there, key: '${KEY}'}}}]}], volumes: [{name: v, secret: {secretName: there, items: [{key: '${FILE}', path: a}, {key: B, path: b}]}}]"), "{apiVersion: v1, kind: Secret, metadata: {name: there, namespace: shop}, data: {A: Yg==}}"),
            &[
                "Pod/shop/p spec.volumes[0].secret.secretName: secret \"there\" has no key \"B\"",
                "? Pod/shop/p key \"${FILE}\" is still to be filled in",
                "? Pod/shop/p key \"${KEY}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::pass(
            "given as text, optional, or of a secret that is not there at all",
            concat!(pod!("containers: [{name: a, image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: there, key: text}}}, {name: B, valueFrom: {secretKeyRef: {name: there, key: gone, optional: true}}}, {name: C, valueFrom: {secretKeyRef: {name: gone, key: gone}}}]}]"), "{apiVersion: v1, kind: Secret, metadata: {name: there, namespace: shop}, stringData: {text: b}}"),
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !cx.has_data() {
        return Ok(());
    }
    of_pods(pods, &mut |reference| {
        if reference.target != Target::Secret || reference.optional {
            return;
        }
        // Whether it is there at all is another rule's.
        let Ok(Some(secret)) = cx.get::<Secret>(pods.namespace(), reference.name) else { return };
        let has = |key: &str| secret.has_key(key) || cx.is_unfilled("key", key, out);
        if let Some(key) = reference.missing_key(has) {
            let message = format!("secret {:?} has no key {key:?}", reference.name);
            let found = out.fail(reference.path(), message);
            if let Some(container) = reference.container() {
                found.container(container);
            }
        }
    });
    Ok(())
}
