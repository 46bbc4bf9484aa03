use crate::audit::{
    api::CronJob,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A CronJob's starting deadline is so short that its runs are missed.
    ///
    /// ## Why it matters
    ///
    /// The controller looks at its CronJobs every ten seconds or so: what must start sooner after its time may never
    /// start. A negative deadline is refused by the API server.
    ///
    /// ## Remediation
    ///
    /// Set `startingDeadlineSeconds` to a minute or more.
    severity: Medium,
    category: Reliability,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::CronJob(check)],
    cases: [
        Case::fail("five seconds", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '0 3 * * *', startingDeadlineSeconds: 5, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}", &["CronJob.batch/shop/night spec.startingDeadlineSeconds: runs are missed with a deadline of 5 s"]),
        Case::fail("below nothing", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '0 3 * * *', startingDeadlineSeconds: -1, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}", &["CronJob.batch/shop/night spec.startingDeadlineSeconds: runs are missed with a deadline of -1 s"]).in_files_only(),
        Case::pass("ten seconds, and none", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: one, namespace: shop}, spec: {schedule: '0 3 * * *', startingDeadlineSeconds: 10, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: two, namespace: shop}, spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}"),
    ],
}

fn check(job: &CronJob, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Some(deadline) = job.spec.starting_deadline_seconds.filter(|deadline| *deadline < 10) {
        out.fail("spec.startingDeadlineSeconds", format!("runs are missed with a deadline of {deadline} s"));
    }
    Ok(())
}
