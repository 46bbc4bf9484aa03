use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    reliability::cause_of,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// The rollout of a deployment has stopped before its end.
    ///
    /// ## Why it matters
    ///
    /// The new version does not come up within the deadline of the deployment. The old pods may still answer, or not: the
    /// deployment stays half way until somebody acts, and what was to be repaired is not.
    ///
    /// ## Remediation
    ///
    /// Look at the newest pods: the finding that is named as the cause says what they suffer from. `kubectl rollout undo`
    /// goes back to the version before.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "past its deadline",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}, status: {replicas: 4, updatedReplicas: 1, readyReplicas: 3, availableReplicas: 3, unavailableReplicas: 1, conditions: [{type: Available, status: 'True'}, {type: Progressing, status: 'False', reason: ProgressDeadlineExceeded, message: ReplicaSet \"web-2\" has timed out progressing.}]}}",
            &["Deployment.apps/shop/web status.conditions: the rollout made no progress for 600 s: 1 of 3 replicas are new, 3 are available"],
        ),
        Case::pass(
            "on its way, paused, done",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}, status: {replicas: 4, updatedReplicas: 1, readyReplicas: 3, availableReplicas: 3, unavailableReplicas: 1, conditions: [{type: Progressing, status: 'True', reason: ReplicaSetUpdated}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: paused, namespace: shop}, spec: {replicas: 3, paused: true, selector: {matchLabels: {app: paused}}, template: {metadata: {labels: {app: paused}}, spec: {containers: [{name: a, image: x}]}}}, status: {replicas: 3, readyReplicas: 3, availableReplicas: 3, conditions: [{type: Progressing, status: Unknown, reason: DeploymentPaused}]}}
",
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Workload::Deployment(deployment) = pods.workload else {
        return Ok(());
    };
    let stuck = deployment.status.conditions.iter().any(|it| {
        it.r#type == "Progressing" && it.status == "False" && it.reason == "ProgressDeadlineExceeded"
    });
    if !stuck {
        return Ok(());
    }
    let deadline = deployment.spec.progress_deadline_seconds.unwrap_or(600);
    let (new, available) = (deployment.status.updated_replicas, deployment.status.available_replicas);
    let replicas = deployment.spec.replicas.unwrap_or(1);
    let message = format!(
        "the rollout made no progress for {deadline} s: {new} of {replicas} replicas are new, {available} are available"
    );
    let found = out.fail("status.conditions", message);
    if let Some(rule) = cause_of(pods) {
        found.caused_by(rule, &pods.owner);
    }
    Ok(())
}
