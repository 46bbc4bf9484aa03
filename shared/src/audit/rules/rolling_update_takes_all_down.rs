use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// A rolling update may take all pods behind a service down at once.
    ///
    /// ## Why it matters
    ///
    /// With a `maxUnavailable` that is as much as there is, an update that does not come up, or is only slow, leaves
    /// nobody to answer.
    ///
    /// ## Remediation
    ///
    /// Leave `maxUnavailable` at its default, or set it below the number of replicas.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Objects,
    reads: [SERVICE, POD, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, REPLICATION_CONTROLLER, POD_TEMPLATE],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "all of three",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 3}}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
            &["Deployment.apps/shop/web spec.strategy.rollingUpdate.maxUnavailable: 3 of 3 pods of service web may be down during an update"],
        ),
        Case::fail(
            "on all nodes",
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: dns, namespace: shop}, spec: {updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 100%}}, selector: {matchLabels: {app: dns}}, template: {metadata: {labels: {app: dns}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: dns, namespace: shop}, spec: {selector: {app: dns}, ports: [{port: 53}]}}
",
            &["DaemonSet.apps/shop/dns spec.updateStrategy.rollingUpdate.maxUnavailable: all pods of service dns may be down during an update"],
        ),
        Case::pass(
            "a quarter of one is none: the new pod comes first",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 1, strategy: {rollingUpdate: {maxUnavailable: 25%}}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
        ),
        Case::pass(
            "two of three, and nobody's pods",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, strategy: {rollingUpdate: {maxUnavailable: 67%}}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: worker, namespace: shop}, spec: {replicas: 3, strategy: {rollingUpdate: {maxUnavailable: 100%}}, selector: {matchLabels: {app: worker}}, template: {metadata: {labels: {app: worker}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
        ),
        Case::pass(
            "others answer for the same service",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: one, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web, version: v1}}, template: {metadata: {labels: {app: web, version: v1}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: two, namespace: shop}, spec: {replicas: 1, strategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}, selector: {matchLabels: {app: web, version: v2}}, template: {metadata: {labels: {app: web, version: v2}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
        ),
        Case::fail(
            "the only pod, and nobody else answers for the second of its services",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: one, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web, version: v1}}, template: {metadata: {labels: {app: web, version: v1}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: two, namespace: shop}, spec: {replicas: 1, strategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}, selector: {matchLabels: {app: web, version: v2}}, template: {metadata: {labels: {app: web, version: v2}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web-v2, namespace: shop}, spec: {selector: {app: web, version: v2}, ports: [{port: 80}]}}
",
            &["Deployment.apps/shop/two spec.strategy.rollingUpdate.maxUnavailable: the one pod of service web-v2 may be down during an update"],
        ),
        Case::unknown(
            "services were not read",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, strategy: {rollingUpdate: {maxUnavailable: 100%}}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}",
            &["Service"],
            &["? Deployment.apps/shop/web Service in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (at, most) = match pods.workload {
        Workload::Deployment(it) => (
            "spec.strategy",
            it.spec.strategy.rolling_update.as_ref().and_then(|it| it.max_unavailable.as_ref()),
        ),
        Workload::DaemonSet(it) => {
            let update = it.spec.update_strategy.rolling_update.as_ref();
            ("spec.updateStrategy", update.and_then(|it| it.max_unavailable.as_ref()))
        }
        Workload::StatefulSet(it) => {
            let update = it.spec.update_strategy.rolling_update.as_ref();
            ("spec.updateStrategy", update.and_then(|it| it.max_unavailable.as_ref()))
        }
        _ => return Ok(()),
    };
    let Some(most) = most else {
        return Ok(());
    };
    let replicas = pods.replicas().map(i64::from);
    let all = match replicas {
        Some(0) => false,
        Some(replicas) => most.of(replicas, false).is_some_and(|most| most >= replicas),
        None => most.percent().is_some_and(|percent| percent >= 100),
    };
    if !all {
        return Ok(());
    }
    if let Some(service) = cx.served_alone(pods)? {
        let name = &service.metadata.name;
        let many = match replicas {
            Some(1) => "the one pod".to_owned(),
            Some(replicas) => format!("{replicas} of {replicas} pods"),
            None => "all pods".to_owned(),
        };
        let message = format!("{many} of service {name} may be down during an update");
        out.fail(format!("{at}.rollingUpdate.maxUnavailable"), message);
    }
    Ok(())
}
