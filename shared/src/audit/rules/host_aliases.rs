use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Names are resolved in the pod itself, past DNS.
    ///
    /// ## Why it matters
    ///
    /// `hostAliases` writes `/etc/hosts` of the pod: names lead where the manifest says, whatever DNS says. An
    /// address that moves breaks the program without a trace, and a name of others can be pointed at one's own
    /// server.
    ///
    /// ## Remediation
    ///
    /// Put the name into DNS: a `Service` of type `ExternalName`, or one without selector with its own
    /// `EndpointSlice`.
    severity: Info,
    category: Security,
    admission: Never,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("a list with nothing in it", pod!("hostAliases: [], containers: [{name: a, image: x}]")),
        Case::fail(
            "names of others",
            deployment!("hostAliases: [{ip: 10.0.0.9, hostnames: [db.example.com, db]}], containers: [{name: a, image: x}]"),
            &["Deployment.apps/shop/web spec.template.spec.hostAliases[0]: 10.0.0.9 stands for db.example.com, db"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (index, alias) in pods.spec.host_aliases.iter().enumerate() {
        let names = alias.hostnames.join(", ");
        out.fail(pods.path(&format!("hostAliases[{index}]")), format!("{} stands for {names}", alias.ip));
    }
    Ok(())
}
