use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// The pods of a job are to be restarted for ever.
    ///
    /// ## Why it matters
    ///
    /// A job is done when its pods end, so that the API server refuses `restartPolicy: Always`, which is also what a
    /// policy that is left out means.
    ///
    /// ## Remediation
    ///
    /// Set `restartPolicy: OnFailure` to run the container again in its pod, or `Never` to get a new pod.
    severity: Medium,
    category: Reliability,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "left out, or said",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {template: {spec: {restartPolicy: Always, containers: [{name: a, image: x}]}}}}
",
            &[
                "CronJob.batch/shop/night spec.jobTemplate.spec.template.spec.restartPolicy: the pods of a job can't be restarted always",
                "Job.batch/shop/once spec.template.spec.restartPolicy: the pods of a job can't be restarted always",
            ],
        ).in_files_only(),
        Case::pass("either of the two", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}"),
        Case::pass("others restart always", deployment!("containers: [{name: a, image: x}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let job = matches!(pods.workload, Workload::Job(_) | Workload::CronJob(_));
    if job && matches!(pods.spec.restart_policy.as_str(), "" | "Always") {
        out.fail(pods.path("restartPolicy"), "the pods of a job can't be restarted always");
    }
    Ok(())
}
