use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    credentials::{self, Class, Credential},
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A credential is written into the command line of a container.
    ///
    /// ## Why it matters
    ///
    /// Besides everyone who may read pods, every process of the node that lists processes sees it, and monitoring
    /// agents send command lines to where nobody expects a password. The value is not shown here.
    ///
    /// ## Remediation
    ///
    /// Replace the credential, since it is known by now. Keep the new one in a `Secret`; let the program read it from
    /// a file, or from a variable that is named in the argument as `$(NAME)`.
    severity: High,
    category: Secrets,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "from a file, from a variable, a switch, and a flag that ends the list",
            pod!("containers: [{name: a, image: x, command: [serve, --password-file=/run/secrets/db, --password=$(DB_PASSWORD)], args: [--token, --verbose, --server-tokens=false, --use-password, 'true', --tls-secret=shop-tls, --password]}]"),
        ),
        Case::pass(
            "a script that takes it from the environment",
            pod!("containers: [{name: a, image: x, command: [sh, -c, 'curl -u \"$USER:$PASSWORD\" https://example.com && export DB_PASSWORD=\"$(cat /run/secrets/db)\"']}]"),
        ),
        Case::fail(
            "in one argument, in the next one, in a script, and as an address",
            deployment!("containers: [{name: a, image: x, command: [serve, --db-password=hunter2], args: [--api-key, abcdef123456, 'redis://:hunter2@cache']}, {name: b, image: x, command: [sh, -c, 'DB_PASSWORD=hunter2 serve']}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].args[1]: argument \"--api-key\" holds a key by its name",
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].args[2]: holds an address with a password (://…)",
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].command[1]: argument \"--db-password\" holds a password by its name",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].command[2]: argument \"DB_PASSWORD\" holds a password by its name",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        let it = container.get();
        for (list, words) in [("command", &it.command), ("args", &it.args)] {
            for (index, word) in words.iter().enumerate() {
                let before = index.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
                let Some((name, found)) = of_argument(before, word) else {
                    continue;
                };
                let message = match name {
                    "" => format!("holds {found}"),
                    name => format!("argument {name:?} holds {found}"),
                };
                out.fail_in(&container, &format!("{list}[{index}]"), message);
            }
        }
    }
    Ok(())
}

/// The credential in an argument, and the name that it goes by, if that is what tells.
fn of_argument<'w>(before: &'w str, word: &'w str) -> Option<(&'w str, Credential)> {
    if let Some(found) = credentials::of_text(word) {
        return Some(("", found));
    }
    // `--name value`: the name is the argument before.
    let is_flag = before.starts_with('-') && !before.contains(['=', ' ']);
    if is_flag
        && !word.starts_with('-')
        && let Some(class) =
            credentials::class(before).filter(|class| credentials::is_credential(*class, word))
    {
        return Some((before, Credential::Name(class)));
    }
    word.split_whitespace().find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim_matches(['"', '\'']);
        let class: Class = credentials::class(name)?;
        // In a script every variable starts so; elsewhere nothing does.
        let is_literal = !value.starts_with(['$', '`']) && credentials::is_credential(class, value);
        is_literal.then_some((name, Credential::Name(class)))
    })
}
