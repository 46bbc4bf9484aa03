use crate::{
    audit::{
        api::{CronJob, Job, JobCondition},
        case::Case,
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
    },
    model::kinds,
};

rule! {
    /// A job has failed for good, or the last job of a CronJob has.
    ///
    /// ## Why it matters
    ///
    /// All tries are used up: what the job should do is not done, and nobody is told.
    ///
    /// ## Remediation
    ///
    /// Read why with `kubectl logs job/NAME`. A job that failed is not tried again: delete it and create it anew.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [JOB],
    references: [],
    check: [Check::Job(job), Check::CronJob(cron_job)],
    cases: [
        Case::fail(
            "too many tries; out of time",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: a, namespace: shop}, spec: {backoffLimit: 2, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}, status: {startTime: '2026-11-28T10:00:00Z', failed: 3, conditions: [{type: FailureTarget, status: 'True', reason: BackoffLimitExceeded}, {type: Failed, status: 'True', reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}]}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: b, namespace: shop}, spec: {activeDeadlineSeconds: 60, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}, status: {startTime: '2026-11-28T10:00:00Z', conditions: [{type: FailureTarget, status: 'True', reason: DeadlineExceeded}, {type: Failed, status: 'True', reason: DeadlineExceeded, message: Job was active longer than specified deadline}]}}
",
            &[
                "Job.batch/shop/a status.conditions: failed, BackoffLimitExceeded: Job has reached the specified backoff limit",
                "Job.batch/shop/b status.conditions: failed, DeadlineExceeded: Job was active longer than specified deadline",
            ],
        ),
        Case::fail(
            "the last of a CronJob",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: night-1, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, uid: u, controller: true}]}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}, status: {startTime: '2026-11-27T00:00:00Z', completionTime: '2026-11-27T00:01:00Z', succeeded: 1, conditions: [{type: SuccessCriteriaMet, status: 'True'}, {type: Complete, status: 'True'}]}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: night-2, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, uid: u, controller: true}]}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}, status: {startTime: '2026-11-28T00:00:00Z', failed: 7, conditions: [{type: FailureTarget, status: 'True', reason: BackoffLimitExceeded}, {type: Failed, status: 'True', reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}]}}
",
            &["CronJob.batch/shop/night status.lastScheduleTime: the last job failed, BackoffLimitExceeded: Job has reached the specified backoff limit"],
        ),
        Case::pass(
            "tried again; done after a failure; a CronJob whose last job succeeded",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: tries, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}, status: {startTime: '2026-11-28T10:00:00Z', active: 1, failed: 2}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: done, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}, status: {startTime: '2026-11-28T10:00:00Z', completionTime: '2026-11-28T10:01:00Z', failed: 1, succeeded: 1, conditions: [{type: SuccessCriteriaMet, status: 'True'}, {type: Complete, status: 'True'}]}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: night-1, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, uid: u, controller: true}]}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}, status: {startTime: '2026-11-27T00:00:00Z', failed: 7, conditions: [{type: FailureTarget, status: 'True', reason: BackoffLimitExceeded}, {type: Failed, status: 'True', reason: BackoffLimitExceeded}]}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: night-2, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, uid: u, controller: true}]}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}, status: {startTime: '2026-11-28T00:00:00Z', completionTime: '2026-11-28T00:01:00Z', succeeded: 1, conditions: [{type: SuccessCriteriaMet, status: 'True'}, {type: Complete, status: 'True'}]}}
",
        ),
        Case::unknown(
            "jobs were not read",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}",
            &["Job.batch"],
            &[
                "? Job.batch could not be read: Forbidden: no permission",
                "? CronJob.batch/shop/night Job.batch in namespace shop could not be read: Forbidden: no permission",
            ],
        ),
    ],
}

fn failure(job: &Job) -> Option<&JobCondition> {
    job.status.conditions.iter().find(|it| it.r#type == "Failed" && it.status == "True")
}

fn told(failure: &JobCondition) -> String {
    let message = failure.message.lines().next().unwrap_or_default();
    let colon = if message.is_empty() { "" } else { ": " };
    format!("{}{colon}{message}", failure.reason)
}

fn job(job: &Job, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Some(failure) = failure(job).filter(|_| !job.metadata.is_controlled_by(kinds::CRON_JOB)) {
        out.fail("status.conditions", format!("failed, {}", told(failure)));
    }
    Ok(())
}

fn cron_job(cron: &CronJob, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let name = &cron.metadata.name;
    let own = cx.within::<Job>(&cron.metadata.namespace)?.filter(|job| {
        job.metadata.is_controlled_by(kinds::CRON_JOB)
            && job.metadata.controller().is_some_and(|owner| owner.name == *name)
    });
    let ended = own.filter(|job| {
        let ends =
            |it: &JobCondition| matches!(it.r#type.as_str(), "Complete" | "Failed") && it.status == "True";
        job.status.conditions.iter().any(ends)
    });
    if let Some(failure) = ended.max_by_key(|job| job.status.start_time).and_then(failure) {
        out.fail("status.lastScheduleTime", format!("the last job failed, {}", told(failure)));
    }
    Ok(())
}
