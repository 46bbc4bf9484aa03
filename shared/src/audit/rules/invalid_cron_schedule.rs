use crate::audit::{
    api::CronJob,
    case::Case,
    context::Context,
    cron::Schedule,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A CronJob's schedule is none.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses it, so that the rollout fails; from a file that others apply, the job never runs.
    ///
    /// ## Remediation
    ///
    /// Write five fields (minute, hour, day of month, month, day of week), or `@hourly`, `@daily`, `@weekly`, `@monthly`,
    /// `@yearly`, `@every 90m`. Sunday is 0, not 7. The zone belongs into `timeZone`.
    severity: Medium,
    category: Reliability,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::CronJob(check)],
    cases: [
        Case::fail(
            "seconds, Sunday as 7, a zone",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: one, namespace: shop}, spec: {schedule: '0 0 3 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: three, namespace: shop}, spec: {schedule: 'CRON_TZ=UTC 0 3 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: two, namespace: shop}, spec: {schedule: '0 3 * * 7', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
",
            &[
                "CronJob.batch/shop/one spec.schedule: \"0 0 3 * * *\" is no schedule: it has 6 fields and needs 5: minute, hour, day of month, month, day of week",
                "CronJob.batch/shop/three spec.schedule: \"CRON_TZ=UTC 0 3 * * *\" is no schedule: it names a time zone: that belongs into timeZone",
                "CronJob.batch/shop/two spec.schedule: \"0 3 * * 7\" is no schedule: \"7\" goes beyond 0 to 6",
            ],
        ).in_files_only(),
        Case::unknown(
            "in files, one that is still to be filled in",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: one, namespace: shop}, spec: {schedule: '${MINUTE} 3 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}",
            &[],
            &["? CronJob.batch/shop/one schedule \"${MINUTE} 3 * * *\" is still to be filled in"],
        ).in_files_only(),
        Case::pass(
            "names, steps, question marks, durations",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: one, namespace: shop}, spec: {schedule: '*/15 9-17 ? JAN,jul Mon-FRI', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: two, namespace: shop}, spec: {schedule: '@every 1h30m', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: three, namespace: shop}, spec: {schedule: '@midnight', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}",
        ),
    ],
}

fn check(job: &CronJob, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let schedule = &job.spec.schedule;
    if let Err(why) = Schedule::parse(schedule)
        && !cx.is_unfilled("schedule", schedule, out)
    {
        out.fail("spec.schedule", format!("{schedule:?} is no schedule: {why}"));
    }
    Ok(())
}
