use crate::audit::{
    api::{CronJob, Job},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A job or CronJob is suspended.
    ///
    /// ## Why it matters
    ///
    /// Somebody meant it so, and may have forgotten it: nothing runs until somebody resumes it.
    ///
    /// ## Remediation
    ///
    /// Set `suspend: false` when it should run again, or delete it when it should not.
    severity: Info,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Job(job), Check::CronJob(cron_job)],
    cases: [
        Case::fail(
            "either",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', suspend: true, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
",
            &[
                "CronJob.batch/shop/night spec.suspend: suspended: nothing runs until somebody resumes it",
                "Job.batch/shop/once spec.suspend: suspended: nothing runs until somebody resumes it",
            ],
        ),
        Case::pass(
            "running; in a queue that will resume it; done",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '@daily', suspend: false, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: queued, namespace: shop, labels: {kueue.x-k8s.io/queue-name: q}}, spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
",
        ),
    ],
}

const MESSAGE: &str = "suspended: nothing runs until somebody resumes it";

fn job(job: &Job, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let queued = job.metadata.labels.contains_key("kueue.x-k8s.io/queue-name");
    if job.spec.suspend == Some(true) && !queued && job.spec.managed_by.is_none() {
        out.fail("spec.suspend", MESSAGE);
    }
    Ok(())
}

fn cron_job(job: &CronJob, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if job.spec.suspend == Some(true) {
        out.fail("spec.suspend", MESSAGE);
    }
    Ok(())
}
