use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A workload is in the namespace `default`.
    ///
    /// ## Why it matters
    ///
    /// What forgets its namespace lands there, beside things of others: no quota, no network policy and no Pod
    /// Security level is meant for it, and it can't be deleted as a whole.
    ///
    /// ## Remediation
    ///
    /// Create a namespace for the application and name it in `metadata.namespace`.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.7.4", "NSA namespaces"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("a namespace of its own", deployment!("containers: [{name: a, image: x}]")),
        Case::pass(
            "what every cluster has there",
            "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: default}, spec: {ports: [{port: 443}]}}",
        ),
        Case::fail(
            "named or left out, it is the same",
            "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: x}]}}\n---\n{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: default}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}",
            &[
                "Pod/default/p metadata.namespace: workload is in namespace default",
                "Job.batch/default/j metadata.namespace: workload is in namespace default",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.namespace() == "default" {
        out.fail("metadata.namespace", "workload is in namespace default");
    }
    Ok(())
}
