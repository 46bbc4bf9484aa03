use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    reliability::is_scaled,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// A workload that is alone behind a service has one replica, and no autoscaler that could add another.
    ///
    /// ## Why it matters
    ///
    /// When that one pod is evicted, crashes or loses its node, the service answers nobody until another one is up.
    /// Every drain of a node is an outage.
    ///
    /// ## Remediation
    ///
    /// Set `replicas` to two or more, or let a HorizontalPodAutoscaler with `minReplicas: 2` do it. Exempt what must not
    /// run twice.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Objects,
    reads: [SERVICE, HORIZONTAL_POD_AUTOSCALER, POD, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, REPLICATION_CONTROLLER, POD_TEMPLATE],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "one replica, also where the number is left out",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
            &["Deployment.apps/shop/web spec.replicas: the one replica is all that service web has"],
        ),
        Case::pass(
            "no service selects it",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: worker, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: worker}}, template: {metadata: {labels: {app: worker}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: worker, namespace: other}, spec: {selector: {app: worker}, ports: [{port: 80}]}}
",
        ),
        Case::pass(
            "an autoscaler says how many",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}
",
        ),
        Case::pass("three replicas", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}")),
        Case::pass(
            "others answer for the same service",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: one, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web, version: v1}}, template: {metadata: {labels: {app: web, version: v1}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: two, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web, version: v2}}, template: {metadata: {labels: {app: web, version: v2}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
        ),
        Case::fail(
            "it has a service of its own; jobs and what is scaled to nothing answer nobody",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: one, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web, version: v1}}, template: {metadata: {labels: {app: web, version: v1}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: two, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web, version: v2}}, template: {metadata: {labels: {app: web, version: v2}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {template: {metadata: {labels: {app: web}}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web-v2, namespace: shop}, spec: {selector: {app: web, version: v2}, ports: [{port: 80}]}}
",
            &["Deployment.apps/shop/two spec.replicas: the one replica is all that service web has"],
        ),
        Case::unknown(
            "services were not read",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
",
            &["Service"],
            &["? Deployment.apps/shop/web Service in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    // A database of one is not made safer by a second that it knows nothing of.
    if !is_scaled(pods) || matches!(pods.workload, Workload::StatefulSet(_)) || pods.replicas() != Some(1) {
        return Ok(());
    }
    if let Some(service) = cx.served_alone(pods)?
        && cx.autoscalers_of(&pods.owner)?.is_empty()
    {
        let name = &service.metadata.name;
        out.fail("spec.replicas", format!("the one replica is all that service {name} has"));
    }
    Ok(())
}
