use std::collections::BTreeMap;

use crate::audit::{
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{Pods, is_being_made, missing_reference, past, some_of, up},
    rule::{Check, Outcome, rule},
    subject::PodView,
    world::Object,
};

rule! {
    /// A volume of a pod can't be mounted.
    ///
    /// ## Why it matters
    ///
    /// The containers don't start before all volumes are there: the pod hangs in ContainerCreating and has no logs.
    ///
    /// ## Remediation
    ///
    /// Create the Secret or ConfigMap that the message names. A disk that is attached elsewhere comes free when the other
    /// pod or its VolumeAttachment is gone.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [EVENT, SECRET, CONFIG_MAP],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "a config map that there is not, at once; a disk elsewhere, after a while",
            concat!(
                stateful_set!("volumes: [{name: cfg, configMap: {name: gone}}], containers: [{name: a, image: x}]"),
                member!("db-0", "nodeName: n1, volumes: [{name: cfg, configMap: {name: gone}}], containers: [{name: a, image: x}]", "phase: Pending, startTime: '2026-11-28T11:59:00Z', containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]"),
                member!("db-1", "nodeName: n1, containers: [{name: a, image: x}]", "phase: Pending, startTime: '2026-11-28T11:00:00Z', containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]"),
                "{apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-0}, type: Warning, reason: FailedMount, message: 'MountVolume.SetUp failed for volume \"cfg\" : configmap \"gone\" not found', lastTimestamp: '2026-11-28T11:59:00Z'}
---
{apiVersion: v1, kind: Event, metadata: {name: e2, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-1}, type: Warning, reason: FailedAttachVolume, message: 'Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) db-7', lastTimestamp: '2026-11-28T11:59:00Z'}
",
            ),
            &[
                "StatefulSet.apps/shop/db spec.template.spec.volumes: 1 of 2 pods (db-0 first): volume \"cfg\" can't be mounted: configmap \"gone\" not found",
                "StatefulSet.apps/shop/db spec.template.spec.volumes: 1 of 2 pods (db-1 first): volume \"pvc-1\" can't be mounted: it is attached to another node",
            ],
        ),
        Case::pass(
            "a moment ago, and mounted since",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "nodeName: n1, containers: [{name: a, image: x}]", "phase: Pending, startTime: '2026-11-28T11:59:00Z', containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]"),
                member!("db-1", "nodeName: n1, containers: [{name: a, image: x}]", "phase: Running, startTime: '2026-11-28T11:00:00Z', containerStatuses: [{name: a, image: x, imageID: '', ready: true, restartCount: 0, state: {running: {}}}]"),
                "{apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-0}, type: Warning, reason: FailedMount, message: 'MountVolume.SetUp failed for volume \"kube-api-access-abcde\" : failed to sync configmap cache: timed out waiting for the condition', lastTimestamp: '2026-11-28T11:59:00Z'}
---
{apiVersion: v1, kind: Event, metadata: {name: e2, namespace: shop}, involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: db-1}, type: Warning, reason: FailedMount, message: 'MountVolume.SetUp failed for volume \"cfg\" : configmap \"gone\" not found', lastTimestamp: '2026-11-28T11:01:00Z'}
",
            ),
        ),
        Case::unknown(
            "events were not read",
            concat!(
                stateful_set!("containers: [{name: a, image: x}]"),
                member!("db-0", "nodeName: n1, containers: [{name: a, image: x}]", "phase: Pending, startTime: '2026-11-28T11:00:00Z', containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]"),
            ),
            &["Event"],
            &["? StatefulSet.apps/shop/db Event in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let minutes = cx.parameters().rollout_minutes;
    let mut failing: BTreeMap<(String, Option<&'static str>), Pods<'_>> = BTreeMap::new();
    for pod in up(pods).filter(|pod| is_being_made(pod)) {
        let events = cx.events_of(&Object::key(pod))?;
        let newest =
            events.iter().rev().find(|it| matches!(&*it.reason, "FailedMount" | "FailedAttachVolume"));
        let Some(event) = newest else {
            continue;
        };
        let cause = missing_reference(&event.message, pods.namespace(), cx);
        if cause.is_some() || past(cx, pod.status.start_time, minutes)? {
            failing.entry((symptom(&event.message), cause)).or_default().push(pod);
        }
    }
    for ((symptom, cause), some) in failing {
        let found = out.fail(pods.path("volumes"), format!("{}{symptom}", some_of(pods, &some)));
        if let Some(rule) = cause {
            found.caused_by(rule, &pods.owner);
        }
    }
    Ok(())
}

/// Which volume, and why, without what differs from pod to pod.
fn symptom(message: &str) -> String {
    let volume = message.split_once("for volume \"").and_then(|(_, rest)| rest.split('"').next());
    let volume = match volume {
        Some(name) if name.starts_with("kube-api-access-") => "the service account's token".to_owned(),
        Some(name) => format!("volume {name:?}"),
        None => "a volume".to_owned(),
    };
    let lower = message.to_ascii_lowercase();
    let why = if message.starts_with("Multi-Attach error") {
        "it is attached to another node"
    } else if lower.contains("\" not found") {
        message.split_once("\" : ").map_or(message, |(_, why)| why).lines().next().unwrap_or_default()
    } else if lower.contains("references non-existent") {
        "a key that it asks for is not there"
    } else if lower.contains("timed out") || lower.contains("deadline exceeded") {
        "timed out"
    } else if lower.contains("permission denied") || lower.contains("access denied") {
        "access denied"
    } else if lower.contains("no such file or directory") {
        "no such file or directory"
    } else {
        "see its events"
    };
    format!("{volume} can't be mounted: {why}")
}
