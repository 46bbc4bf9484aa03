use std::collections::BTreeSet;

use crate::{
    audit::{
        api::{HorizontalPodAutoscaler, ResourceQuota},
        case::{Case, deployment},
        context::Context,
        findings::Findings,
        reliability::demand_of,
        rule::{Check, Outcome, rule},
    },
    model::Selector,
    quota::{Amounts, counted::canonical},
};

rule! {
    /// The workloads of a namespace exceed its quota when their autoscalers are at their maximum.
    ///
    /// ## Why it matters
    ///
    /// Under load, when the pods are needed most, the API server refuses to create them. `maxReplicas` promises what the
    /// namespace can't have.
    ///
    /// ## Remediation
    ///
    /// Raise the quota, or lower `maxReplicas` or the requests of the pods. Leave room for the surge of a rollout.
    severity: High,
    category: Autoscaling,
    admission: Warn,
    needs: Objects,
    reads: [POD, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, REPLICATION_CONTROLLER, POD_TEMPLATE, HORIZONTAL_POD_AUTOSCALER, LIMIT_RANGE],
    references: [],
    check: [Check::ResourceQuota(check)],
    cases: [
        Case::fail(
            "all autoscalers together, beside what is not scaled",
            concat!(
                deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: 500m}}}]"),
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: shop}, spec: {replicas: 2, selector: {matchLabels: {app: api}}, template: {metadata: {labels: {app: api}}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: 1}}}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: fixed, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: fixed}}, template: {metadata: {labels: {app: fixed}}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: 1}}}]}}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 10}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: api, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}, minReplicas: 2, maxReplicas: 4}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: compute, namespace: shop}, spec: {hard: {cpu: 8, pods: 15}}}",
            ),
            &["ResourceQuota/shop/compute spec.hard[cpu]: autoscalers api, web at their maximum come to 10 with all else, of 8"],
        ),
        Case::fail(
            "what the namespace's defaults come to",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: LimitRange, metadata: {name: defaults, namespace: shop}, spec: {limits: [{type: Container, defaultRequest: {memory: 1Gi}, default: {memory: 2Gi}}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 10}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: compute, namespace: shop}, spec: {hard: {requests.memory: 10Gi, limits.memory: 16Gi}}}",
            ),
            &["ResourceQuota/shop/compute spec.hard[limits.memory]: autoscaler web at its maximum comes to 20Gi with all else, of 16Gi"],
        ),
        Case::pass(
            "it fits; a quota of a scope; another namespace; nothing is scaled",
            concat!(
                deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: 500m}}}]"),
                "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 10}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: compute, namespace: shop}, spec: {hard: {requests.cpu: 5, pods: 10}}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: best-effort, namespace: shop}, spec: {hard: {pods: 1}, scopes: [BestEffort]}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: compute, namespace: other}, spec: {hard: {pods: 1}}}",
            ),
        ),
        Case::unknown(
            "autoscalers were not read",
            "{apiVersion: v1, kind: ResourceQuota, metadata: {name: compute, namespace: shop}, spec: {hard: {pods: 1}}}",
            &["HorizontalPodAutoscaler.autoscaling"],
            &["? ResourceQuota/shop/compute HorizontalPodAutoscaler.autoscaling in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(quota: &ResourceQuota, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let namespace = &quota.metadata.namespace;
    // What a scope takes in is not known before the pods are there.
    let scoped = !quota.spec.scopes.is_empty() || quota.spec.scope_selector.is_some();
    let mut autoscalers = cx.within::<HorizontalPodAutoscaler>(namespace)?.peekable();
    if scoped || autoscalers.peek().is_none() {
        return Ok(());
    }
    let (mut all, mut scaled, mut names) = (Amounts::new(), Amounts::new(), BTreeSet::new());
    for pods in cx.selected(namespace, &Selector::everything())? {
        let Some(replicas) = pods.replicas().filter(|_| !pods.is_idle()) else {
            continue;
        };
        let autoscaler = cx.autoscalers_of(&pods.owner)?.first();
        let replicas = autoscaler.map_or(replicas, |it| it.spec.max_replicas.max(replicas));
        let demand = demand_of(pods, i64::from(replicas), cx)?;
        if let Some(autoscaler) = autoscaler {
            names.insert(autoscaler.metadata.name.as_str());
            scaled.add_all(&demand);
        }
        all.add_all(&demand);
    }
    for (key, hard) in &quota.spec.hard {
        let (resource, hard) = (canonical(key), hard.quantity());
        let sum = all.of(resource);
        if sum > hard && !scaled.of(resource).is_zero() {
            let names: Vec<&str> = names.iter().copied().collect();
            let (autoscalers, their, come) = match names.as_slice() {
                [_] => ("autoscaler", "its", "comes"),
                _ => ("autoscalers", "their", "come"),
            };
            let names = names.join(", ");
            let message =
                format!("{autoscalers} {names} at {their} maximum {come} to {sum} with all else, of {hard}");
            out.fail(format!("spec.hard[{key}]"), message);
        }
    }
    Ok(())
}
