use crate::audit::{
    api::CronJob,
    case::Case,
    context::Context,
    cron::time_zone,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A CronJob's time zone is none.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses it; where the zone was known when the CronJob was made and no longer is, its runs stop.
    ///
    /// ## Remediation
    ///
    /// Name a zone of the IANA database, letter by letter: `Europe/Berlin`, `Etc/UTC`. Leave `timeZone` out for that of
    /// the controller.
    severity: Medium,
    category: Reliability,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::CronJob(check)],
    cases: [
        Case::fail(
            "no place, not the machine's, the wrong case",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: one, namespace: shop}, spec: {schedule: '@daily', timeZone: Europe/Atlantis, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: three, namespace: shop}, spec: {schedule: '@daily', timeZone: europe/berlin, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: two, namespace: shop}, spec: {schedule: '@daily', timeZone: Local, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
",
            &[
                "CronJob.batch/shop/one spec.timeZone: \"Europe/Atlantis\" is no time zone",
                "CronJob.batch/shop/three spec.timeZone: \"europe/berlin\" is no time zone",
                "CronJob.batch/shop/two spec.timeZone: \"Local\" is no time zone",
            ],
        ).in_files_only(),
        Case::unknown(
            "in files, one that is still to be filled in",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: one, namespace: shop}, spec: {schedule: '@daily', timeZone: '${TZ}', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}",
            &[],
            &["? CronJob.batch/shop/one time zone \"${TZ}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass(
            "a place, an offset, none",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: one, namespace: shop}, spec: {schedule: '@daily', timeZone: America/Argentina/Buenos_Aires, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: two, namespace: shop}, spec: {schedule: '@daily', timeZone: Etc/GMT+5, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: three, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}",
        ),
    ],
}

fn check(job: &CronJob, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Some(name) = &job.spec.time_zone
        && time_zone(name).is_none()
        && !cx.is_unfilled("time zone", name, out)
    {
        out.fail("spec.timeZone", format!("{name:?} is no time zone"));
    }
    Ok(())
}
