use std::collections::BTreeMap;

use crate::audit::{
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{Pods, is_ready, past, report, since_unready, some_of, statuses, up},
    rule::{Check, Outcome, rule},
    subject::{PodView, Role},
    world::Object,
};

rule! {
    /// A container runs, and its probe fails.
    ///
    /// ## Why it matters
    ///
    /// The pod gets no requests as long as its readiness probe fails, and is restarted when its liveness probe does.
    ///
    /// ## Remediation
    ///
    /// Ask the container what the probe asks, with `kubectl exec` or `kubectl port-forward`. Compare the probe's port,
    /// path and timeout with what the container does.
    severity: Medium,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [EVENT],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "for an hour, in one finding whatever the addresses are",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:00:00Z'}], containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {running: {}}}]"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:00:00Z'}], containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {running: {}}}]"),
                "{apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-0, fieldPath: 'spec.containers{a}'}, type: Warning, reason: Unhealthy, message: 'Readiness probe failed: Get \"http://10.0.0.1:80/\": dial tcp 10.0.0.1:80: connect: connection refused', lastTimestamp: '2026-11-28T11:59:00Z'}
---
{apiVersion: v1, kind: Event, metadata: {name: e2, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-1, fieldPath: 'spec.containers{a}'}, type: Warning, reason: Unhealthy, message: 'Readiness probe failed: Get \"http://10.0.0.2:80/\": dial tcp 10.0.0.2:80: connect: connection refused', lastTimestamp: '2026-11-28T11:59:00Z'}
",
            ),
            &["StatefulSet.apps/shop/db [a] spec.template.spec.containers[0]: 2 of 2 pods (db-0 first): readiness probe fails: connection refused"],
        ),
        Case::pass(
            "still starting; ready again",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:59:00Z'}], containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {running: {}}}]"),
                member!("db-1", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'True', lastTransitionTime: '2026-11-28T11:00:00Z'}], containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 0, state: {running: {}}}]"),
                "{apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-0, fieldPath: 'spec.containers{a}'}, type: Warning, reason: Unhealthy, message: 'Readiness probe failed: no', lastTimestamp: '2026-11-28T11:59:00Z'}
---
{apiVersion: v1, kind: Event, metadata: {name: e2, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-1, fieldPath: 'spec.containers{a}'}, type: Warning, reason: Unhealthy, message: 'Readiness probe failed: no', lastTimestamp: '2026-11-28T10:00:00Z'}
",
            ),
        ),
        Case::unknown(
            "events were not read",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x}]", "phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-11-28T11:00:00Z'}], containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {running: {}}}]"),
            ),
            &["Event"],
            &["? StatefulSet.apps/shop/db Event in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let minutes = cx.parameters().rollout_minutes;
    let mut failing: BTreeMap<(Role, &str, String), Pods<'_>> = BTreeMap::new();
    for pod in up(pods).filter(|pod| !is_ready(pod)) {
        if !past(cx, since_unready(pod), minutes)? {
            continue;
        }
        for (role, status) in
            statuses(pod).filter(|(_, status)| !status.ready && status.state.running.is_some())
        {
            let events = cx.events_of(&Object::key(pod))?;
            let about = format!("{{{}}}", status.name);
            let newest = events.iter().rev().find(|event| {
                event.reason == "Unhealthy" && event.involved_object.field_path.ends_with(&about)
            });
            if let Some(event) = newest {
                failing.entry((role, &status.name, symptom(&event.message))).or_default().push(pod);
            }
        }
    }
    for ((role, name, symptom), some) in failing {
        report(out, pods, (role, name), format!("{}{symptom}", some_of(pods, &some)));
    }
    Ok(())
}

/// Which probe fails, and how: without what differs from pod to pod.
fn symptom(message: &str) -> String {
    let kind = message.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    let probe = match kind.as_str() {
        "readiness" | "liveness" | "startup" => format!("{kind} probe"),
        _ => "probe".to_owned(),
    };
    let lower = message.to_ascii_lowercase();
    let known = ["connection refused", "deadline exceeded", "timed out", "no such host", "no route to host"];
    let code = lower.split_once("statuscode: ").and_then(|(_, rest)| rest.split_whitespace().next());
    match (code, known.iter().find(|known| lower.contains(**known))) {
        (Some(code), _) => format!("{probe} fails: status code {code}"),
        (None, Some(known)) => format!("{probe} fails: {known}"),
        (None, None) => format!("{probe} fails"),
    }
}
