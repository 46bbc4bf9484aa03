use crate::audit::{
    api::CronJob,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// The jobs of a CronJob are removed by time, and by number.
    ///
    /// ## Why it matters
    ///
    /// With `ttlSecondsAfterFinished` the jobs are gone before the history limits of the CronJob say, so that the logs of
    /// the last failure are, too.
    ///
    /// ## Remediation
    ///
    /// Remove `ttlSecondsAfterFinished` and set `successfulJobsHistoryLimit` and `failedJobsHistoryLimit`.
    severity: Low,
    category: Reliability,
    admission: Never,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::CronJob(check)],
    cases: [
        Case::fail("both", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {ttlSecondsAfterFinished: 60, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}", &["CronJob.batch/shop/night spec.jobTemplate.spec.ttlSecondsAfterFinished: jobs are gone 60 s after they end, whatever the history limits say"]),
        Case::pass("history alone", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', successfulJobsHistoryLimit: 1, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}"),
    ],
}

fn check(job: &CronJob, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Some(ttl) = job.spec.job_template.spec.ttl_seconds_after_finished {
        let message = format!("jobs are gone {ttl} s after they end, whatever the history limits say");
        out.fail("spec.jobTemplate.spec.ttlSecondsAfterFinished", message);
    }
    Ok(())
}
