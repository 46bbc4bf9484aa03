use crate::audit::{
    api::Job,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    unseen::is_hook,
};

rule! {
    /// A job stays for ever after it has finished.
    ///
    /// ## Why it matters
    ///
    /// Finished jobs and their pods fill the API server and the lists that people read; with a quota of objects they
    /// keep new ones from being created.
    ///
    /// ## Remediation
    ///
    /// Set `ttlSecondsAfterFinished` to the time in which somebody still wants to read the logs.
    severity: Low,
    category: Reliability,
    admission: Never,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Job(check)],
    cases: [
        Case::fail("on its own", "{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}", &["Job.batch/shop/once spec.ttlSecondsAfterFinished: the job stays for ever after it has finished"]),
        Case::pass("it goes, at once even", "{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {ttlSecondsAfterFinished: 0, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}"),
        Case::pass("its owner or its tool removes it", "{apiVersion: batch/v1, kind: Job, metadata: {name: night-1, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, uid: u, controller: true}]}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: migrate, namespace: shop, annotations: {helm.sh/hook: pre-upgrade}}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}"),
    ],
}

fn check(job: &Job, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let kept = job.metadata.owner_references.is_empty() && !is_hook(&job.metadata);
    if kept && job.spec.ttl_seconds_after_finished.is_none() {
        out.fail("spec.ttlSecondsAfterFinished", "the job stays for ever after it has finished");
    }
    Ok(())
}
