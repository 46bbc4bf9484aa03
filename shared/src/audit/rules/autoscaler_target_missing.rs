use crate::audit::{
    api::{Deployment, HorizontalPodAutoscaler, ReplicaSet, ReplicationController, StatefulSet},
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Unknown,
};

rule! {
    /// A HorizontalPodAutoscaler scales something that is not there, or that can't be scaled.
    ///
    /// ## Why it matters
    ///
    /// It does nothing: the load grows and no pod is added, and the workload that it was meant for stays as it is.
    ///
    /// ## Remediation
    ///
    /// Correct `scaleTargetRef`: `apiVersion`, `kind` and `name` of a workload of the same namespace. A DaemonSet or a Job
    /// can't be scaled.
    severity: High,
    category: Autoscaling,
    admission: Warn,
    needs: Objects,
    reads: [DEPLOYMENT, REPLICA_SET, STATEFUL_SET, REPLICATION_CONTROLLER],
    references: [],
    check: [Check::HorizontalPodAutoscaler(check)],
    cases: [
        Case::fail(
            "another name, another group, what can't be scaled",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: wep}, minReplicas: 2, maxReplicas: 5}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: b, namespace: shop}, spec: {scaleTargetRef: {apiVersion: extensions/v1beta1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: c, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: DaemonSet, name: dns}, minReplicas: 2, maxReplicas: 5}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: d, namespace: other}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}"),
            &[
                "HorizontalPodAutoscaler.autoscaling/other/d spec.scaleTargetRef: there is no Deployment.apps/other/web",
                "HorizontalPodAutoscaler.autoscaling/shop/a spec.scaleTargetRef: there is no Deployment.apps/shop/wep",
                "HorizontalPodAutoscaler.autoscaling/shop/b spec.scaleTargetRef: \"extensions/v1beta1\" has no Deployment: that is of group apps",
                "HorizontalPodAutoscaler.autoscaling/shop/c spec.scaleTargetRef: a DaemonSet can't be scaled",
            ],
        ),
        Case::pass("it is there", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}")),
        Case::unknown(
            "a kind of somebody else's, and one that was not read",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web}, minReplicas: 2, maxReplicas: 5}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: b, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: db}, minReplicas: 2, maxReplicas: 5}}
",
            &["StatefulSet.apps"],
            &[
                "? HorizontalPodAutoscaler.autoscaling/shop/a Rollout.argoproj.io was not read",
                "? HorizontalPodAutoscaler.autoscaling/shop/b StatefulSet.apps in namespace shop could not be read: Forbidden: no permission",
            ],
        ),
    ],
}

fn check(autoscaler: &HorizontalPodAutoscaler, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (target, at) = (autoscaler.target(), "spec.scaleTargetRef");
    let (namespace, name) = (&*target.namespace, &*target.name);
    let there = match (&*target.group, &*target.kind) {
        ("apps", "Deployment") => cx.exists::<Deployment>(namespace, name)?,
        ("apps", "ReplicaSet") => cx.exists::<ReplicaSet>(namespace, name)?,
        ("apps", "StatefulSet") => cx.exists::<StatefulSet>(namespace, name)?,
        ("", "ReplicationController") => cx.exists::<ReplicationController>(namespace, name)?,
        ("apps", kind @ "DaemonSet") | ("batch", kind @ ("Job" | "CronJob")) | ("", kind @ "Pod") => {
            out.fail(at, format!("a {kind} can't be scaled"));
            return Ok(());
        }
        (_, kind @ ("Deployment" | "ReplicaSet" | "StatefulSet")) => {
            let given = &autoscaler.spec.scale_target_ref.api_version;
            out.fail(at, format!("{given:?} has no {kind}: that is of group apps"));
            return Ok(());
        }
        (group, kind) => {
            let dot = if group.is_empty() { "" } else { "." };
            return Err(Unknown(format!("{kind}{dot}{group} was not read")));
        }
    };
    if !there {
        out.fail(at, format!("there is no {target}"));
    }
    Ok(())
}
