use crate::audit::{
    api::{CronJob, Deployment, Job, Moment as _},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Object,
};
use crate::model::Time;

rule! {
    /// A workload has long been scaled to nothing, or suspended.
    ///
    /// ## Why it matters
    ///
    /// Most often it is forgotten. Its claims and services cost money, and nobody knows whether it still works.
    ///
    /// ## Remediation
    ///
    /// Delete it, or start it again. Its manifest is in version control; if it is not, save it first.
    severity: Info,
    category: Efficiency,
    admission: Never,
    needs: Status,
    reads: [HORIZONTAL_POD_AUTOSCALER],
    references: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment"],
    check: [Check::Deployment(deployment), Check::CronJob(cron), Check::Job(job)],
    cases: [
        Case::fail(
            "for months",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}, status: {conditions: [{type: Available, status: 'True', lastUpdateTime: '2026-06-01T00:00:00Z', lastTransitionTime: '2026-06-01T00:00:00Z'}]}}\n---\n{apiVersion: batch/v1, kind: CronJob, metadata: {name: c, namespace: shop}, spec: {schedule: '0 1 * * *', suspend: true, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}, status: {lastScheduleTime: '2026-06-01T00:00:00Z'}}",
            &[
                "Deployment.apps/shop/web spec.replicas: has been scaled to 0 for more than 30 days",
                "CronJob.batch/shop/c spec.suspend: has been suspended for more than 30 days",
            ],
        ).in_files_only(),
        Case::pass(
            "since yesterday; by an autoscaler; and since when nobody knows",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}, status: {conditions: [{type: Available, status: 'True', lastUpdateTime: '2026-11-27T00:00:00Z', lastTransitionTime: '2026-06-01T00:00:00Z'}]}}\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: auto, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: auto}}, template: {metadata: {labels: {app: auto}}, spec: {containers: [{name: a, image: x}]}}}, status: {conditions: [{type: Available, status: 'True', lastUpdateTime: '2026-06-01T00:00:00Z', lastTransitionTime: '2026-06-01T00:00:00Z'}]}}\n---\n{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: auto}, maxReplicas: 10}}\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: new, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: new}}, template: {metadata: {labels: {app: new}}, spec: {containers: [{name: a, image: x}]}}}}",
        ).in_files_only(),
    ],
}

/// Whether something has been so for too many days.
fn long(cx: &Context<'_>, since: Option<Time>) -> Result<bool, crate::audit::Unknown> {
    let Some(since) = since else { return Ok(false) };
    Ok(cx.now()?.seconds - since.seconds > cx.parameters().idle_days * 86_400)
}

fn deployment(it: &Deployment, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if it.spec.replicas != Some(0) || !cx.autoscalers_of(&it.key())?.is_empty() {
        return Ok(());
    }
    // Nothing tells when it was scaled down, but that was no later than its newest condition.
    let times = it
        .status
        .conditions
        .iter()
        .flat_map(|one| [one.last_update_time.known(), one.last_transition_time.known()]);
    if long(cx, times.flatten().max())? {
        let days = cx.parameters().idle_days;
        out.fail("spec.replicas", format!("has been scaled to 0 for more than {days} days"));
    }
    Ok(())
}

fn cron(it: &CronJob, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let since = it.status.last_schedule_time.or(it.metadata.creation_timestamp);
    if it.spec.suspend == Some(true) && long(cx, since)? {
        let days = cx.parameters().idle_days;
        out.fail("spec.suspend", format!("has been suspended for more than {days} days"));
    }
    Ok(())
}

fn job(it: &Job, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let suspended = it.status.conditions.iter().find(|one| one.r#type == "Suspended" && one.status == "True");
    let since = suspended.and_then(|condition| condition.last_transition_time.known());
    if it.spec.suspend == Some(true) && long(cx, since)? {
        let days = cx.parameters().idle_days;
        out.fail("spec.suspend", format!("has been suspended for more than {days} days"));
    }
    Ok(())
}
