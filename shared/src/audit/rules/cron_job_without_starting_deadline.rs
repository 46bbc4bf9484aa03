use crate::audit::{
    api::CronJob,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A CronJob does not say how late it may still start.
    ///
    /// ## Why it matters
    ///
    /// After an outage of the controller a run that was missed long ago starts at whatever hour it comes back, together
    /// with those of all other CronJobs.
    ///
    /// ## Remediation
    ///
    /// Set `startingDeadlineSeconds` to the delay after which a run is better left out.
    severity: Low,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::CronJob(check)],
    cases: [
        Case::fail("nothing said", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}", &["CronJob.batch/shop/night spec.startingDeadlineSeconds: a run that was missed may start at any time"]),
        Case::pass("said", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '0 3 * * *', startingDeadlineSeconds: 600, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}"),
    ],
}

fn check(job: &CronJob, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if job.spec.starting_deadline_seconds.is_none() {
        out.fail("spec.startingDeadlineSeconds", "a run that was missed may start at any time");
    }
    Ok(())
}
