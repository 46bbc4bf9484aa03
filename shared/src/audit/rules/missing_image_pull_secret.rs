use crate::audit::{
    api::{Secret, ServiceAccount},
    case::{Case, pod},
    context::Context,
    findings::Findings,
    references::{Target, of_pods},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod or a service account names a pull secret that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The kubelet goes on without it and pulls as nobody: images of a private registry end in ImagePullBackOff, but only on
    /// nodes that do not have the image yet, so that it shows weeks later.
    ///
    /// ## Remediation
    ///
    /// Create the secret in the namespace of the pod (`kubectl create secret docker-registry`), or remove the reference.
    severity: High,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [SECRET],
    references: ["https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/"],
    check: [Check::Pods(check), Check::ServiceAccount(account)],
    cases: [
        Case::fail(
            "of a pod and of a service account",
            concat!(pod!("imagePullSecrets: [{name: there}, {name: gone}], containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Secret, metadata: {name: there, namespace: shop}, type: kubernetes.io/dockerconfigjson, stringData: {.dockerconfigjson: '{}'}}\n---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: builder, namespace: shop}, imagePullSecrets: [{name: gone}]}"),
            &[
                "Pod/shop/p spec.imagePullSecrets[1].name: pull secret \"gone\" does not exist",
                "ServiceAccount/shop/builder imagePullSecrets[0].name: pull secret \"gone\" does not exist",
            ],
        ),
        Case::pass(
            "in files, what a controller will make of another object",
            concat!(pod!("imagePullSecrets: [{name: pull}], containers: [{name: a, image: x}]"), "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: pull, namespace: shop}, spec: {secretStoreRef: {name: vault}}}\n---\n{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: registry, namespace: shop}}\n---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: builder, namespace: shop}, imagePullSecrets: [{name: registry}]}"),
        ).in_files_only(),
        Case::pass("none is named", pod!("containers: [{name: a, image: x}]")),
        Case::unknown(
            "forbidden is not missing",
            pod!("imagePullSecrets: [{name: gone}], containers: [{name: a, image: x}]"),
            &["Secret"],
            &["? Pod/shop/p Secret in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    // What the API server copies into pods from their service account is told once, of the account.
    if pods.spec.image_pull_secrets.is_empty() {
        return Ok(());
    }
    of_pods(pods, &mut |reference| {
        if reference.target == Target::PullSecret {
            match cx.will_exist::<Secret>(pods.namespace(), reference.name) {
                Ok(true) => {}
                Ok(false) => {
                    let message = format!("pull secret {:?} does not exist", reference.name);
                    out.fail(reference.path(), message);
                }
                Err(unknown) => out.unknown(&unknown),
            }
        }
    });
    Ok(())
}

fn account(account: &ServiceAccount, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (n, secret) in account.image_pull_secrets.iter().enumerate() {
        if !secret.name.is_empty() && !cx.will_exist::<Secret>(&account.metadata.namespace, &secret.name)? {
            let message = format!("pull secret {:?} does not exist", secret.name);
            out.fail(format!("imagePullSecrets[{n}].name"), message);
        }
    }
    Ok(())
}
