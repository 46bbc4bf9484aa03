use crate::{
    audit::{
        api::CronJob,
        case::Case,
        context::Context,
        cron::{Schedule, time_zone},
        findings::Findings,
        rule::{Check, Outcome, rule},
    },
    model::Time,
};

rule! {
    /// A CronJob's schedule names a day that never comes.
    ///
    /// ## Why it matters
    ///
    /// The API server takes `0 0 30 2 *`, and the job never runs; nobody is told.
    ///
    /// ## Remediation
    ///
    /// Correct the day. To switch a job off, set `suspend: true`.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::CronJob(check)],
    cases: [
        Case::fail("the 30th of February", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: never, namespace: shop}, spec: {schedule: '0 0 30 2 *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}", &["CronJob.batch/shop/never spec.schedule: \"0 0 30 2 *\" is never due"]),
        Case::pass("the 29th comes every four years; a weekday is enough; it is switched off", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: leap, namespace: shop}, spec: {schedule: '0 0 29 2 *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: weekday, namespace: shop}, spec: {schedule: '0 0 30 2 MON', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: switched-off, namespace: shop}, spec: {schedule: '0 0 31 2 *', suspend: true, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}"),
    ],
}

/// A moment from which every day comes within five years: files are not asked at a time.
const START: Time = Time { seconds: 1_767_225_600, nanos: 0 };

fn check(job: &CronJob, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let schedule = &job.spec.schedule;
    if job.spec.suspend == Some(true) {
        return Ok(());
    }
    if let (Ok(parsed), Some(utc)) = (Schedule::parse(schedule), time_zone("UTC"))
        && parsed.next(START, &utc).is_none()
    {
        out.fail("spec.schedule", format!("{schedule:?} is never due"));
    }
    Ok(())
}
