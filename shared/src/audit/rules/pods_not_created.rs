use crate::{
    audit::{
        api::{DaemonSet, Deployment, Job, ReplicaSet, ReplicationController, StatefulSet},
        case::{Case, stateful_set},
        context::Context,
        findings::Findings,
        reliability::{Refusal, newest_refusal},
        rule::{Check, Outcome, rule},
        world::Object,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A controller can't create the pods of a workload.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses the pods: a quota is used up, a policy or a webhook forbids them, or their service account
    /// is missing. No pod appears that could show what is wrong; only the workload's own status and events do.
    ///
    /// ## Remediation
    ///
    /// Do as the message says: raise the quota or lower the requests, change the pod template so that the policy allows
    /// it, create the service account.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [EVENT],
    references: [],
    check: [
        Check::Deployment(deployment),
        Check::ReplicaSet(replica_set),
        Check::ReplicationController(replication_controller),
        Check::StatefulSet(stateful_set),
        Check::DaemonSet(daemon_set),
        Check::Job(job),
    ],
    cases: [
        Case::fail(
            "a quota, told once for the deployment and its replica set",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}, status: {replicas: 1, conditions: [{type: ReplicaFailure, status: 'True', reason: FailedCreate, message: 'pods \"web-1-abcde\" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=3, limited: cpu=3'}]}}
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: u, controller: true}]}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}, status: {replicas: 1, conditions: [{type: ReplicaFailure, status: 'True', reason: FailedCreate, message: 'pods \"web-1-abcde\" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=3, limited: cpu=3'}]}}
",
            &["Deployment.apps/shop/web spec.template: pods can't be created: exceeded quota: compute, requested: cpu=1, limited: cpu=3"],
        ),
        Case::fail(
            "events of those that keep no condition",
            concat!(
                stateful_set!("serviceAccountName: robot, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {apiVersion: apps/v1, kind: StatefulSet, namespace: shop, name: db}, type: Warning, reason: FailedCreate, message: 'create Pod db-0 in StatefulSet db failed error: pods \"db-0\" is forbidden: error looking up service account shop/robot: serviceaccount \"robot\" not found', lastTimestamp: '2026-11-28T11:59:00Z'}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: night-1, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, uid: u, controller: true}]}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Event, metadata: {name: e2, namespace: shop}, involvedObject: {apiVersion: batch/v1, kind: Job, namespace: shop, name: night-1}, type: Warning, reason: FailedCreate, message: 'Error creating: pods \"night-1-abcde\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true (pod or container \"a\" must set securityContext.runAsNonRoot=true)', lastTimestamp: '2026-11-28T11:59:00Z'}
",
            ),
            &[
                "StatefulSet.apps/shop/db spec.template: pods can't be created: error looking up service account shop/robot: serviceaccount \"robot\" not found",
                "CronJob.batch/shop/night spec.template: pods can't be created: violates PodSecurity \"restricted:latest\": runAsNonRoot != true (pod or container \"a\" must set securityContext.runAsNonRoot=true)",
            ],
        ),
        Case::pass(
            "all pods are there, whatever happened before; a job that is held back",
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: dns, namespace: shop}, spec: {selector: {matchLabels: {app: dns}}, template: {metadata: {labels: {app: dns}}, spec: {containers: [{name: a, image: x}]}}}, status: {desiredNumberScheduled: 3, currentNumberScheduled: 3, numberMisscheduled: 0, numberReady: 3}}
---
{apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {apiVersion: apps/v1, kind: DaemonSet, namespace: shop, name: dns}, type: Warning, reason: FailedCreate, message: 'Error creating: pods \"dns-\" is forbidden: exceeded quota: compute', lastTimestamp: '2026-11-28T11:59:00Z'}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Event, metadata: {name: e2, namespace: shop}, involvedObject: {apiVersion: batch/v1, kind: Job, namespace: shop, name: once}, type: Warning, reason: FailedCreate, message: refused, lastTimestamp: '2026-11-28T11:59:00Z'}
",
        ),
        Case::unknown(
            "events were not read",
            stateful_set!("containers: [{name: a, image: x}]"),
            &["Event"],
            &["? StatefulSet.apps/shop/db Event in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn tell(refusal: &Refusal, owner: &ObjectKey, out: &mut Findings<'_>) {
    let found = out.about(owner, "spec.template", format!("pods can't be created: {}", refusal.message));
    if let Some((rule, object)) = &refusal.cause {
        found.caused_by(rule, object);
    }
}

fn deployment(it: &Deployment, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let failure = it.status.conditions.iter().find(|it| it.r#type == "ReplicaFailure" && it.status == "True");
    if let Some(failure) = failure {
        let owner = Object::key(it);
        tell(&Refusal::parse(&failure.message, &owner), &owner, out);
    }
    Ok(())
}

fn replica_set(it: &ReplicaSet, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let failure = it.status.conditions.iter().find(|it| it.r#type == "ReplicaFailure" && it.status == "True");
    if let Some(failure) = failure.filter(|_| !it.metadata.is_controlled_by(kinds::DEPLOYMENT)) {
        let owner = Object::key(it);
        tell(&Refusal::parse(&failure.message, &owner), &owner, out);
    }
    Ok(())
}

fn replication_controller(it: &ReplicationController, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let failure = it.status.conditions.iter().find(|it| it.r#type == "ReplicaFailure" && it.status == "True");
    if let Some(failure) = failure {
        let owner = Object::key(it);
        tell(&Refusal::parse(&failure.message, &owner), &owner, out);
    }
    Ok(())
}

fn stateful_set(it: &StatefulSet, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if it.status.replicas < it.spec.replicas.unwrap_or(1) {
        let owner = Object::key(it);
        if let Some(refusal) = newest_refusal(cx, &owner)? {
            tell(&refusal, &owner, out);
        }
    }
    Ok(())
}

fn daemon_set(it: &DaemonSet, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if it.status.current_number_scheduled < it.status.desired_number_scheduled {
        let owner = Object::key(it);
        if let Some(refusal) = newest_refusal(cx, &owner)? {
            tell(&refusal, &owner, out);
        }
    }
    Ok(())
}

fn job(it: &Job, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let status = &it.status;
    let ended = status.conditions.iter().any(|it| matches!(it.r#type.as_str(), "Complete" | "Failed"));
    if ended || it.spec.suspend == Some(true) || status.active > 0 || status.succeeded > 0 {
        return Ok(());
    }
    let key = Object::key(it);
    let Some(refusal) = newest_refusal(cx, &key)? else {
        return Ok(());
    };
    let parent = it.metadata.controller().filter(|_| it.metadata.is_controlled_by(kinds::CRON_JOB));
    let kind = kinds::CRON_JOB;
    let parent =
        parent.map(|owner| ObjectKey::new(kind.group, kind.kind, key.namespace.clone(), owner.name.as_str()));
    tell(&refusal, &parent.unwrap_or(key), out);
    Ok(())
}
