use crate::{
    audit::{
        api::PodDisruptionBudget,
        case::{Case, deployment},
        context::Context,
        findings::Findings,
        reliability::least_replicas,
        rule::{Check, Outcome, rule},
    },
    model::Selector,
};

rule! {
    /// A pod disruption budget can never allow an eviction.
    ///
    /// ## Why it matters
    ///
    /// Drains of nodes wait for it until they give up: upgrades of the cluster and its autoscaler hang, and somebody
    /// ends up deleting pods by force.
    ///
    /// ## Remediation
    ///
    /// Use `maxUnavailable: 1`, or make `minAvailable` less than the smallest number of replicas.
    severity: High,
    category: Reliability,
    admission: Warn,
    needs: Objects,
    reads: [POD, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, REPLICATION_CONTROLLER, POD_TEMPLATE, HORIZONTAL_POD_AUTOSCALER],
    references: [],
    check: [Check::PodDisruptionBudget(check)],
    cases: [
        Case::fail(
            "none may be unavailable, whatever it selects",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: one, namespace: shop}, spec: {maxUnavailable: 0, selector: {matchLabels: {app: one}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: two, namespace: shop}, spec: {maxUnavailable: 0%, selector: {matchLabels: {app: two}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: three, namespace: shop}, spec: {minAvailable: 100%, selector: {matchLabels: {app: three}}}}
",
            &[
                "PodDisruptionBudget.policy/shop/one spec.maxUnavailable: maxUnavailable 0 allows no eviction",
                "PodDisruptionBudget.policy/shop/three spec.minAvailable: minAvailable 100% allows no eviction",
                "PodDisruptionBudget.policy/shop/two spec.maxUnavailable: maxUnavailable 0% allows no eviction",
            ],
        ),
        Case::fail(
            "as many as there are, a percentage rounded up",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: number, namespace: shop}, spec: {minAvailable: 3, selector: {matchLabels: {app: web}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: percent, namespace: shop}, spec: {minAvailable: 67%, selector: {matchLabels: {app: web}}}}"),
            &[
                "PodDisruptionBudget.policy/shop/number spec.minAvailable: minAvailable 3 allows no eviction of 3 replicas",
                "PodDisruptionBudget.policy/shop/percent spec.minAvailable: minAvailable 67% allows no eviction of 3 replicas",
            ],
        ),
        Case::fail(
            "as many as the autoscaler's minimum",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}}"),
            &["PodDisruptionBudget.policy/shop/web spec.minAvailable: minAvailable 2 allows no eviction of 2 replicas"],
        ),
        Case::fail(
            "most of one",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {minAvailable: 80%, selector: {matchLabels: {app: web}}}}
",
            &["PodDisruptionBudget.policy/shop/web spec.minAvailable: minAvailable 80% allows no eviction of 1 replica"],
        ),
        Case::fail(
            "neither is said: nothing may go",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: empty, namespace: shop}, spec: {selector: {matchLabels: {app: web}}}}",
            &["PodDisruptionBudget.policy/shop/empty spec: neither minAvailable nor maxUnavailable is said, which allows no eviction"],
        ),
        Case::pass(
            "one may go; a percentage of what may be down is rounded up; nothing is selected",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: number, namespace: shop}, spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: percent, namespace: shop}, spec: {maxUnavailable: 1%, selector: {matchLabels: {app: web}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: nobody, namespace: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: db}}}}"),
        ),
        Case::pass(
            "scaled to nothing",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}}
",
        ),
        Case::unknown(
            "workloads were not read",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}}",
            &["Pod"],
            &["? PodDisruptionBudget.policy/shop/web Pod in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(budget: &PodDisruptionBudget, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let spec = &budget.spec;
    if let Some(most) = &spec.max_unavailable {
        if most.number() == Some(0) || most.percent() == Some(0) {
            out.fail("spec.maxUnavailable", format!("maxUnavailable {most} allows no eviction"));
        }
        return Ok(());
    }
    let Some(least) = &spec.min_available else {
        out.fail("spec", "neither minAvailable nor maxUnavailable is said, which allows no eviction");
        return Ok(());
    };
    if least.percent().is_some_and(|percent| percent >= 100) {
        out.fail("spec.minAvailable", format!("minAvailable {least} allows no eviction"));
        return Ok(());
    }
    let Some(selector) = &spec.selector else {
        return Ok(());
    };
    let mut replicas = 0_i64;
    for pods in cx.selected(&budget.metadata.namespace, &Selector::from(selector))? {
        match least_replicas(pods, cx)? {
            Some(_) if pods.is_idle() => {}
            Some(count) => replicas = replicas.saturating_add(i64::from(count)),
            // As many as there are nodes.
            None => return Ok(()),
        }
    }
    if replicas > 0 && least.of(replicas, true).is_some_and(|least| least >= replicas) {
        let what = if replicas == 1 { "replica" } else { "replicas" };
        let message = format!("minAvailable {least} allows no eviction of {replicas} {what}");
        out.fail("spec.minAvailable", message);
    }
    Ok(())
}
