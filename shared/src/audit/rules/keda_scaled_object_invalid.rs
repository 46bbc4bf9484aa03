use crate::{
    audit::{
        api::{Deployment, StatefulSet},
        case::{Case, deployment},
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    graph::edges::group_of,
    model::{ObjectKey, kinds},
};

rule! {
    /// A KEDA ScaledObject scales nothing, or has bounds that exclude each other.
    ///
    /// ## Why it matters
    ///
    /// KEDA rejects it: it makes no autoscaler, and the workload stays at the replicas that it has.
    ///
    /// ## Remediation
    ///
    /// Name a workload of the same namespace in `scaleTargetRef`, give at least one trigger, keep `idleReplicaCount` below
    /// `minReplicaCount` and that at most `maxReplicaCount`, and remove a HorizontalPodAutoscaler of your own.
    severity: Medium,
    category: Autoscaling,
    admission: Warn,
    needs: Objects,
    reads: [DEPLOYMENT, STATEFUL_SET, HORIZONTAL_POD_AUTOSCALER],
    references: ["https://keda.sh/docs/latest/reference/scaledobject-spec/"],
    check: [Check::Custom(kinds::SCALED_OBJECT, check)],
    cases: [
        Case::fail(
            "no such workload, no trigger, bounds the wrong way round",
            "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {name: web}, triggers: []}}
---
{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: b, namespace: shop}, spec: {scaleTargetRef: {kind: Rollout, apiVersion: argoproj.io/v1alpha1, name: web}, minReplicaCount: 5, maxReplicaCount: 3, idleReplicaCount: 5, triggers: [{type: cron}]}}
",
            &[
                "ScaledObject.keda.sh/shop/a spec.scaleTargetRef: there is no Deployment.apps/shop/web",
                "ScaledObject.keda.sh/shop/a spec.triggers: there is no trigger",
                "ScaledObject.keda.sh/shop/b spec.idleReplicaCount: 5 replicas when idle are not below 5 at least",
                "ScaledObject.keda.sh/shop/b spec.maxReplicaCount: at least 5 replicas and at most 3",
            ],
        ).in_files_only(),
        Case::fail(
            "no name",
            "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {}, triggers: [{type: cron}]}}",
            &["ScaledObject.keda.sh/shop/a spec.scaleTargetRef: names no workload"],
        ).in_files_only(),
        Case::fail(
            "somebody's autoscaler is there",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {name: web}, triggers: [{type: cron}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}"),
            &["ScaledObject.keda.sh/shop/web spec.scaleTargetRef: HorizontalPodAutoscaler web scales Deployment.apps/shop/web, too"],
        ).in_files_only(),
        Case::pass(
            "the autoscaler is its own",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {name: web}, minReplicaCount: 0, triggers: [{type: cron}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: keda-hpa-web, namespace: shop, ownerReferences: [{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, name: web, uid: u, controller: true}]}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 1, maxReplicas: 100}}"),
        ).in_files_only(),
    ],
}

fn check(key: &ObjectKey, custom: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let spec = &custom.value["spec"];
    if spec["triggers"].as_array().is_none_or(Vec::is_empty) {
        out.fail("spec.triggers", "there is no trigger");
    }
    let number = |field: &str, default: i64| spec[field].as_i64().unwrap_or(default);
    let (least, most) = (number("minReplicaCount", 0), number("maxReplicaCount", 100));
    if most < least {
        out.fail("spec.maxReplicaCount", format!("at least {least} replicas and at most {most}"));
    }
    if let Some(idle) = spec["idleReplicaCount"].as_i64().filter(|idle| *idle >= least) {
        let message = format!("{idle} replicas when idle are not below {least} at least");
        out.fail("spec.idleReplicaCount", message);
    }
    let named = |field: &str| spec["scaleTargetRef"][field].as_str().filter(|text| !text.is_empty());
    let group = group_of(named("apiVersion").unwrap_or("apps/v1"));
    let kind = named("kind").unwrap_or("Deployment");
    let Some(name) = named("name") else {
        out.fail("spec.scaleTargetRef", "names no workload");
        return Ok(());
    };
    let target = ObjectKey::new(group, kind, key.namespace.clone(), name);
    let there = match (group, kind) {
        ("apps", "Deployment") => cx.exists::<Deployment>(&key.namespace, name)?,
        ("apps", "StatefulSet") => cx.exists::<StatefulSet>(&key.namespace, name)?,
        // Whatever else can be scaled is somebody else's.
        _ => true,
    };
    if !there {
        out.fail("spec.scaleTargetRef", format!("there is no {target}"));
    }
    for other in cx.autoscalers_of(&target)? {
        if other.metadata.controller().is_none_or(|owner| owner.kind != "ScaledObject") {
            let message = format!("HorizontalPodAutoscaler {} scales {target}, too", other.metadata.name);
            out.fail("spec.scaleTargetRef", message);
        }
    }
    Ok(())
}
