use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    credentials,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A credential is written into the environment of a container.
    ///
    /// ## Why it matters
    ///
    /// Whoever may read pods reads it, in every tool that shows a manifest, in the history of the repository and in
    /// backups of the cluster; `Secret` objects have permissions of their own, this has not. The value is not shown
    /// here.
    ///
    /// ## Remediation
    ///
    /// Replace the credential, since it is known by now. Keep the new one in a `Secret` and mount it as a file, or
    /// refer to it by `valueFrom.secretKeyRef`.
    severity: High,
    category: Secrets,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CIS 5.4.1"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "from a secret, from a file, from another variable",
            pod!("containers: [{name: a, image: x, env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}, {name: DB_PASSWORD_FILE, value: /run/secrets/db}, {name: OTHER_PASSWORD, value: $(DB_PASSWORD)}, {name: URL, value: 'postgres://shop:$(DB_PASSWORD)@db/shop'}]}]"),
        ),
        Case::pass(
            "switches, numbers, addresses and names of objects",
            pod!("containers: [{name: a, image: x, env: [{name: MYSQL_ALLOW_EMPTY_PASSWORD, value: 'yes'}, {name: SERVER_TOKENS, value: 'off'}, {name: MAX_TOKENS, value: '4096'}, {name: ADMIN_EMAIL, value: admin@example.com}, {name: TLS_SECRET, value: shop-tls-2}, {name: SESSION_SECRET, value: session-secret}, {name: TOKEN_URL, value: 'https://login.example.com/token'}]}]"),
        ),
        Case::fail(
            "by its name, whatever it is",
            deployment!("initContainers: [{name: i, image: x, env: [{name: PGPASSWORD, value: changeme}]}], containers: [{name: a, image: x, env: [{name: LOG, value: debug}, {name: CLIENT_SECRET, value: 8h3kd92kd02k}]}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].env[1].value: variable \"CLIENT_SECRET\" holds a secret by its name",
                "Deployment.apps/shop/web [i] spec.template.spec.initContainers[0].env[0].value: variable \"PGPASSWORD\" holds a password by its name",
            ],
        ),
        Case::fail(
            "by what it looks like, whatever its name",
            deployment!("containers: [{name: a, image: x, env: [{name: ID, value: AKIAQ3EGRIPTOZ7LDXWV}, {name: DATABASE, value: 'postgres://shop:hunter2@db:5432/shop'}]}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].env[0].value: variable \"ID\" holds an AWS access key (AKIA…)",
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].env[1].value: variable \"DATABASE\" holds an address with a password (://…)",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        for (index, variable) in container.env.iter().enumerate() {
            if let Some(found) = credentials::of_pair(&variable.name, &variable.value) {
                let message = format!("variable {:?} holds {found}", variable.name);
                out.fail_in(&container, &format!("env[{index}].value"), message);
            }
        }
    }
    Ok(())
}
