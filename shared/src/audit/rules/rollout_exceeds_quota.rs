use crate::audit::{
    amounts::{charged, charged_live, limit_ranges, quota_spec},
    api::ResourceQuota,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
    world::LivePod,
};
use crate::{
    quantity::Quantity,
    quota::{
        Amounts, QuotaSpec,
        usage::{Charged, check_constraints, usage},
    },
};

rule! {
    /// A ResourceQuota of the namespace does not let all pods of a workload come up.
    ///
    /// ## Why it matters
    ///
    /// All is well until the next rollout, which has more pods at once than the workload (`maxSurge`), or until the
    /// autoscaler goes to its maximum. Then pods are refused, and the rollout hangs or the load is not carried.
    ///
    /// ## Remediation
    ///
    /// Raise the quota, lower requests or replicas, or set `maxSurge: 0` so that a rollout needs no more than there is.
    severity: High,
    category: Efficiency,
    admission: Deny,
    needs: Objects,
    reads: [RESOURCE_QUOTA, LIMIT_RANGE, HORIZONTAL_POD_AUTOSCALER],
    references: ["https://kubernetes.io/docs/concepts/policy/resource-quotas/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "three fit, but not the fourth that a rollout makes",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '1'}}}]"), "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '3', pods: '10'}}}"),
            &["Deployment.apps/shop/web spec.replicas: 3 pods and 1 more during a rollout take requests.cpu 4; quota \"q\" leaves 3 of 3"],
        ),
        Case::fail(
            "what others need is taken",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '1'}}}]"), "{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: 2500m}}}]}}\n---\n{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '6'}}}"),
            &[
                "Deployment.apps/shop/web spec.replicas: 3 pods and 1 more during a rollout take requests.cpu 4; quota \"q\" leaves 3500m of 6",
            ],
        ),
        Case::fail(
            "what is used is known, and the workload's own pods are part of it",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '1'}}}]"), "{apiVersion: v1, kind: Pod, metadata: {name: web-1, namespace: shop, resourceVersion: '1', labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: u, controller: true}]}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: '1'}}}]}}\n---\n{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '6'}}, status: {hard: {requests.cpu: '6'}, used: {requests.cpu: '4'}}}"),
            &["Deployment.apps/shop/web spec.replicas: 3 pods and 1 more during a rollout take requests.cpu 4; quota \"q\" leaves 3 of 6"],
        ).in_files_only(),
        Case::fail(
            "the maximum of an autoscaler",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 10}}\n---\n{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {pods: '8'}}}"),
            &["Deployment.apps/shop/web spec.replicas: 10 pods of autoscaler \"h\" and 3 more during a rollout take pods 13; quota \"q\" leaves 8 of 8"],
        ),
        Case::fail(
            "the quota wants to know what no container says",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '3'}}}"),
            &["Deployment.apps/shop/web spec.template.spec.containers: failed quota: q: must specify requests.cpu for: a"],
        ),
        Case::fail(
            "one workload alone takes more than there is: that is not told of the others",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: 600m}}}]"), "{apiVersion: batch/v1, kind: CronJob, metadata: {name: c, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x, resources: {requests: {cpu: 100m}}}]}}}}}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '1'}}}"),
            &["Deployment.apps/shop/web spec.replicas: 3 pods and 1 more during a rollout take requests.cpu 2400m; quota \"q\" leaves 900m of 1"],
        ),
        Case::fail(
            "nothing is left for a pod",
            concat!(pod!("containers: [{name: a, image: x, resources: {requests: {cpu: 700m}}}]"), "{apiVersion: v1, kind: Pod, metadata: {name: q, namespace: shop}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: 700m}}}]}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: c, namespace: shop}, spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x, resources: {requests: {cpu: 100m}}}]}}}}}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '1'}}}"),
            &[
                "Pod/shop/p spec.containers: 1 pod takes requests.cpu 700m; quota \"q\" leaves 200m of 1",
                "Pod/shop/q spec.containers: 1 pod takes requests.cpu 700m; quota \"q\" leaves 200m of 1",
                "CronJob.batch/shop/c spec.jobTemplate.spec.parallelism: 1 pod takes requests.cpu 100m; quota \"q\" leaves nothing of 1",
            ],
        ),
        Case::fail(
            "a DaemonSet will have as many pods as it has",
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: '2'}}}]}}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: web-1, namespace: shop, resourceVersion: '1', labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: web, uid: u, controller: true}]}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: '1'}}}]}}\n---\n{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '1'}}, status: {hard: {requests.cpu: '1'}, used: {requests.cpu: '1'}}}",
            &["DaemonSet.apps/shop/web spec.template.spec.containers: 1 pod takes requests.cpu 2; quota \"q\" leaves 1 of 1"],
        ).in_files_only(),
        Case::pass(
            "no surge, so that three are enough; what is left out is filled in by a LimitRange",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, strategy: {type: Recreate}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {requests.cpu: '3'}}}\n---\n{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, defaultRequest: {cpu: '1'}}]}}",
        ),
        Case::pass(
            "a quota of another scope",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '1'}}}]"), "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {pods: '1'}, scopes: [BestEffort]}}"),
        ),
        Case::unknown(
            "quotas were not read",
            deployment!("containers: [{name: a, image: x}]"),
            &["ResourceQuota"],
            &["? Deployment.apps/shop/web ResourceQuota in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut quotas = cx.within::<ResourceQuota>(pods.namespace())?.peekable();
    if quotas.peek().is_none() || pods.is_idle() || pods.is_mirror() {
        return Ok(());
    }
    let Some(pod) = charged(pods, &limit_ranges(cx, pods.namespace())?) else { return Ok(()) };
    let pod = Charged::from(pod);
    let own = live(pods, cx);
    let most = Most::of(pods, own.len(), cx)?;
    let now = cx.now().unwrap_or_default();
    for quota in quotas {
        let name = quota.metadata.name.as_str();
        let Some(spec) = quota_spec(quota).filter(|spec| spec.matches(&pod)) else { continue };
        if let Err(denied) = check_constraints(name, &spec.hard, &pod) {
            out.fail(pods.path("containers"), denied.to_string());
            continue;
        }
        let each = usage(&pod, now).only(|key| spec.hard.get(key).is_some());
        let used = &quota.status.used;
        let planned = if used.is_empty() { cx.planned(pods.namespace(), name) } else { None };
        let others = if used.is_empty() {
            planned.map(|all| all.of_others(&pods.owner)).unwrap_or_default()
        } else {
            used_by_others(&Amounts::from(used), &own, &spec, now)
        };
        for (key, one) in &each {
            let (hard, taken) = (spec.hard.of(key), one.times(most.planned + most.surge));
            let left = hard - others.of(key);
            // Where one workload alone takes more than there is, it is told of that one, not of all the others.
            let is_anothers =
                taken <= hard && planned.is_some_and(|all| all.another_is_beyond(&pods.owner, key, hard));
            if taken > left && !is_anothers {
                let left = if left > Quantity::ZERO { left.to_string() } else { "nothing".to_owned() };
                let message = format!("{most} {key} {taken}; quota {name:?} leaves {left} of {hard}");
                out.fail(count_path(pods), message);
            }
        }
    }
    Ok(())
}

/// The field that says how many pods there are, or the containers where none does.
fn count_path(pods: &PodView<'_>) -> String {
    match pods.workload {
        Workload::Pod(_) | Workload::DaemonSet(_) | Workload::PodTemplate(_) => pods.path("containers"),
        Workload::Job(_) => "spec.parallelism".to_owned(),
        Workload::CronJob(_) => "spec.jobTemplate.spec.parallelism".to_owned(),
        _ => "spec.replicas".to_owned(),
    }
}

/// The pods that there are. A workload is sent to a webhook without them: the cluster has them.
fn live<'a>(pods: &'a PodView<'_>, cx: &'a Context<'_>) -> Vec<&'a LivePod> {
    match pods.workload {
        Workload::Pod(_) => None,
        _ => cx.unit(&pods.owner),
    }
    .map_or_else(|| pods.pods.clone(), |stored| stored.pods.clone())
}

/// What a quota is charged for, without the pods of the workload itself.
fn used_by_others(used: &Amounts, own: &[&LivePod], spec: &QuotaSpec, now: crate::model::Time) -> Amounts {
    let mut others = used.clone();
    // A pod that is just being made is not charged yet.
    for pod in own.iter().filter(|pod| !pod.metadata.resource_version.is_empty()) {
        if let Some(pod) = charged_live(pod).filter(|pod| spec.matches(pod)) {
            others = others.less(&usage(&pod, now).only(|key| spec.hard.get(key).is_some()));
        }
    }
    others
}

/// How many pods there may be at a time; displayed, that they take something.
struct Most<'w> {
    planned: i64,
    surge: i64,
    autoscaler: Option<&'w str>,
}

impl<'w> Most<'w> {
    /// Of a workload that has so many pods now: nothing else says how many a DaemonSet will have.
    fn of(pods: &PodView<'_>, live: usize, cx: &Context<'w>) -> Result<Self, crate::audit::Unknown> {
        let live = || i32::try_from(live).unwrap_or(i32::MAX);
        let replicas = i64::from(pods.replicas().unwrap_or_else(live));
        let scalable = !matches!(pods.workload, Workload::Pod(_) | Workload::Job(_) | Workload::CronJob(_));
        let autoscalers = if scalable { cx.autoscalers_of(&pods.owner)? } else { &[] };
        let highest = autoscalers.iter().max_by_key(|one| one.spec.max_replicas);
        let highest = highest.filter(|one| i64::from(one.spec.max_replicas) > replicas);
        let planned = highest.map_or(replicas, |one| i64::from(one.spec.max_replicas));
        let autoscaler = highest.map(|one| one.metadata.name.as_str());
        Ok(Self { planned, surge: surge(pods, planned), autoscaler })
    }
}

impl std::fmt::Display for Most<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { planned, surge, .. } = self;
        write!(f, "{planned} {}", if *planned == 1 { "pod" } else { "pods" })?;
        if let Some(name) = self.autoscaler {
            write!(f, " of autoscaler {name:?}")?;
        }
        if *surge > 0 {
            write!(f, " and {surge} more during a rollout")?;
        }
        f.write_str(if planned + surge == 1 { " takes" } else { " take" })
    }
}

/// How many pods more than wanted there are during a rollout, as controllers round it.
fn surge(pods: &PodView<'_>, replicas: i64) -> i64 {
    let told = match pods.workload {
        Workload::Deployment(it) if it.spec.strategy.r#type != "Recreate" => {
            let rolling = it.spec.strategy.rolling_update.as_ref();
            let Some(told) = rolling.and_then(|rolling| rolling.max_surge.as_ref()) else {
                return (replicas * 25 + 99) / 100;
            };
            told.of(replicas, true)
        }
        Workload::DaemonSet(it) => {
            let rolling = it.spec.update_strategy.rolling_update.as_ref();
            rolling.and_then(|rolling| rolling.max_surge.as_ref()).and_then(|told| told.of(replicas, true))
        }
        _ => None,
    };
    told.unwrap_or_default()
}
