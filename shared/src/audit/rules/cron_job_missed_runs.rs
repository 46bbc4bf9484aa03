use crate::audit::{
    api::CronJob,
    case::Case,
    context::Context,
    cron::{Schedule, time_zone},
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A CronJob has not started a run that was due.
    ///
    /// ## Why it matters
    ///
    /// Backups, reports and clean-ups are not made, and a CronJob that does not run has no failing job to show for it.
    ///
    /// ## Remediation
    ///
    /// Look at its events: its deadline may be too short, its last job may never end (with `concurrencyPolicy: Forbid`), or
    /// the controller can't create jobs.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::CronJob(check)],
    cases: [
        Case::fail(
            "due this morning; due every hour",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: hour, namespace: shop}, spec: {schedule: '@hourly', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}, status: {lastScheduleTime: '2026-11-28T09:00:00Z'}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: night, namespace: shop}, spec: {schedule: '0 3 * * *', timeZone: Europe/Berlin, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}, status: {lastScheduleTime: '2026-11-27T02:00:00Z'}}
",
            &[
                "CronJob.batch/shop/hour spec.schedule: a run of \"@hourly\" was due and has not started",
                "CronJob.batch/shop/night spec.schedule: a run of \"0 3 * * *\" was due and has not started",
            ],
        ),
        Case::pass(
            "not due yet; in a zone that nobody knows; switched off; its last job still runs",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a, namespace: shop}, spec: {schedule: '0 13 * * *', timeZone: UTC, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}, status: {lastScheduleTime: '2026-11-27T13:00:00Z'}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: b, namespace: shop}, spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}, status: {lastScheduleTime: '2026-11-27T20:00:00Z'}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: c, namespace: shop}, spec: {schedule: '@hourly', suspend: true, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}, status: {lastScheduleTime: '2026-11-20T13:00:00Z'}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: d, namespace: shop}, spec: {schedule: '@hourly', concurrencyPolicy: Forbid, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}, status: {lastScheduleTime: '2026-11-28T09:00:00Z', active: [{apiVersion: batch/v1, kind: Job, namespace: shop, name: d-1}]}}
",
        ),
    ],
}

/// Seconds in which the controller starts a run at the latest.
const SLACK: i64 = 600;
/// The same where the schedule is in the controller's own zone, which is not known: more than zones can differ.
const SLACK_OF_ZONES: i64 = 27 * 3600;

fn check(job: &CronJob, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let spec = &job.spec;
    let waits = spec.concurrency_policy == "Forbid" && !job.status.active.is_empty();
    if spec.suspend == Some(true) || waits {
        return Ok(());
    }
    let Ok(schedule) = Schedule::parse(&spec.schedule) else {
        return Ok(());
    };
    let slack = if spec.time_zone.is_some() || schedule.is_hourly() { SLACK } else { SLACK_OF_ZONES };
    let zone = time_zone(spec.time_zone.as_deref().unwrap_or("UTC"));
    let last = job.status.last_schedule_time.or(job.metadata.creation_timestamp);
    let (Some(zone), Some(last)) = (zone, last) else {
        return Ok(());
    };
    let now = cx.now()?;
    let due = schedule.next(last, &zone);
    if due.is_some_and(|due| due.seconds.saturating_add(slack) < now.seconds) {
        out.fail("spec.schedule", format!("a run of {:?} was due and has not started", spec.schedule));
    }
    Ok(())
}
