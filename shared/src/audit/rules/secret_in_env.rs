use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container gets a secret in its environment and not as a file.
    ///
    /// ## Why it matters
    ///
    /// The environment is inherited by every child process, printed by crash reports and debug pages, and stays what
    /// it was when the container started: a secret that is renewed is not seen until the next restart. A file is read
    /// by who opens it, and is renewed in place.
    ///
    /// ## Remediation
    ///
    /// Mount the secret as a volume, and let the program read the file; many take a variable with `_FILE` at its end.
    severity: Low,
    category: Secrets,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["CIS 5.4.1"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "as a file; a config map in the environment",
            pod!("containers: [{name: a, image: x, envFrom: [{configMapRef: {name: app}}], env: [{name: A, valueFrom: {configMapKeyRef: {name: app, key: a}}}, {name: DB_PASSWORD_FILE, value: /run/secrets/db}], volumeMounts: [{name: db, mountPath: /run/secrets}]}], volumes: [{name: db, secret: {secretName: db}}]"),
        ),
        Case::fail(
            "one key, and all of them",
            deployment!("containers: [{name: a, image: x, env: [{name: A, value: a}, {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]}, {name: b, image: x, envFrom: [{secretRef: {name: all-of-it}}]}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef: variable \"DB_PASSWORD\" is key \"password\" of Secret \"db\"",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].envFrom[0].secretRef: the environment is all of Secret \"all-of-it\"",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        for (index, variable) in container.env.iter().enumerate() {
            let Some(from) = variable.value_from.as_ref().and_then(|from| from.secret_key_ref.as_ref())
            else {
                continue;
            };
            let (key, name) = (&from.key, &from.reference.name);
            let message = format!("variable {:?} is key {key:?} of Secret {name:?}", variable.name);
            out.fail_in(&container, &format!("env[{index}].valueFrom.secretKeyRef"), message);
        }
        for (index, source) in container.env_from.iter().enumerate() {
            let Some(from) = &source.secret_ref else {
                continue;
            };
            let message = format!("the environment is all of Secret {:?}", from.reference.name);
            out.fail_in(&container, &format!("envFrom[{index}].secretRef"), message);
        }
    }
    Ok(())
}
