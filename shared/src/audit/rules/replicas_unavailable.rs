use crate::audit::{
    api::Moment as _,
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{cause_of, is_ready, is_scaled, past, since_unready, up},
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// A workload has fewer ready replicas than it should, for longer than a rollout may take.
    ///
    /// ## Why it matters
    ///
    /// The rest carries the load, if there is a rest: the next failure may be the outage.
    ///
    /// ## Remediation
    ///
    /// Look at the pod that is named: the finding that is named as the cause says what it suffers from.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "two of three, one for an hour",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'True'}]"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:00:00Z'}], containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 9, state: {waiting: {reason: CrashLoopBackOff}}}]"),
                member!("db-2", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:58:00Z'}]"),
            ),
            &["StatefulSet.apps/shop/db spec.replicas: 1 of 3 replicas are ready, for longer than 15 minutes (db-1 first)"],
        ),
        Case::fail(
            "not available for an hour, with pods that come and go",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}, status: {replicas: 3, unavailableReplicas: 3, conditions: [{type: Available, status: 'False', lastTransitionTime: '2026-11-28T11:00:00Z'}]}}",
            &["Deployment.apps/shop/web spec.replicas: 0 of 3 replicas are ready, for longer than 15 minutes"],
        ),
        Case::pass(
            "a rollout within its window",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:50:00Z'}]"),
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}, status: {replicas: 3, unavailableReplicas: 3, conditions: [{type: Available, status: 'False', lastTransitionTime: '2026-11-28T11:55:00Z'}]}}",
            ),
        ),
        Case::pass(
            "as many as it should have, whatever its ordinals start at; one too many that is not ready",
            concat!(
                "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, replicas: 1, ordinals: {start: 5}, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}}}
---
",
                member!("db-5", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'True'}]"),
                member!("db-6", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T10:00:00Z'}]"),
            ),
        ),
        Case::pass("scaled to nothing, and the last pod that ended", concat!(
            "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, replicas: 0, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}}}
---
",
            member!("db-0", "containers: [{name: a, image: x}]", "phase: Succeeded, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T10:00:00Z'}]"),
        )),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(replicas) = pods.replicas().filter(|replicas| is_scaled(pods) && *replicas > 0) else {
        return Ok(());
    };
    let ready = up(pods).filter(|pod| is_ready(pod)).count();
    if i32::try_from(ready).is_ok_and(|ready| ready >= replicas) {
        return Ok(());
    }
    let minutes = cx.parameters().rollout_minutes;
    let mut late = None;
    for pod in up(pods).filter(|pod| !is_ready(pod)) {
        if past(cx, since_unready(pod), minutes)? {
            late = Some(pod);
            break;
        }
    }
    let mut unavailable = false;
    if let Workload::Deployment(deployment) = pods.workload {
        for condition in &deployment.status.conditions {
            let away = condition.r#type == "Available" && condition.status == "False";
            unavailable |= away && past(cx, condition.last_transition_time.known(), minutes)?;
        }
    }
    if late.is_some() || unavailable {
        let first = late.map(|pod| format!(" ({} first)", pod.metadata.name)).unwrap_or_default();
        let message =
            format!("{ready} of {replicas} replicas are ready, for longer than {minutes} minutes{first}");
        let found = out.fail("spec.replicas", message);
        if let Some(rule) = cause_of(pods) {
            found.caused_by(rule, &pods.owner);
        }
    }
    Ok(())
}
