use crate::audit::{
    api::Deployment,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// A deployment that is alone behind a service replaces its pods by ending all of them first.
    ///
    /// ## Why it matters
    ///
    /// With `strategy.type: Recreate` every change of the pod template is an outage from the end of the old pods to the
    /// readiness of the new ones; when those don't come up, it lasts.
    ///
    /// ## Remediation
    ///
    /// Use `RollingUpdate`. Where two versions must not run at once, for a volume that only one pod may have say, exempt
    /// the deployment.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Objects,
    reads: [SERVICE, POD, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, REPLICATION_CONTROLLER, POD_TEMPLATE],
    references: [],
    check: [Check::Deployment(check)],
    cases: [
        Case::fail(
            "a service selects its pods",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, strategy: {type: Recreate}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
            &["Deployment.apps/shop/web spec.strategy.type: every update leaves service web without pods"],
        ),
        Case::pass(
            "no service selects its pods",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: worker, namespace: shop}, spec: {replicas: 3, strategy: {type: Recreate}, selector: {matchLabels: {app: worker}}, template: {metadata: {labels: {app: worker}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
        ),
        Case::pass(
            "one pod that keeps a claim: a second could not mount it",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 1, strategy: {type: Recreate}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {volumes: [{name: data, persistentVolumeClaim: {claimName: data}}], containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
        ),
        Case::pass(
            "others answer for the same service",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: one, namespace: shop}, spec: {replicas: 1, strategy: {type: Recreate}, selector: {matchLabels: {app: web, version: v1}}, template: {metadata: {labels: {app: web, version: v1}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: two, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web, version: v2}}, template: {metadata: {labels: {app: web, version: v2}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
",
        ),
        Case::fail(
            "nobody else answers for the second of its services",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: one, namespace: shop}, spec: {replicas: 1, selector: {matchLabels: {app: web, version: v1}}, template: {metadata: {labels: {app: web, version: v1}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: two, namespace: shop}, spec: {replicas: 1, strategy: {type: Recreate}, selector: {matchLabels: {app: web, version: v2}}, template: {metadata: {labels: {app: web, version: v2}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web-v2, namespace: shop}, spec: {selector: {app: web, version: v2}, ports: [{port: 80}]}}
",
            &["Deployment.apps/shop/two spec.strategy.type: every update leaves service web-v2 without pods"],
        ),
        Case::unknown(
            "services were not read",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, strategy: {type: Recreate}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}",
            &["Service"],
            &["? Deployment.apps/shop/web Service in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(deployment: &Deployment, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let spec = &deployment.spec;
    if spec.strategy.r#type != "Recreate" || spec.replicas == Some(0) {
        return Ok(());
    }
    let keeps =
        spec.template.spec.volumes.iter().any(|volume| volume.source.persistent_volume_claim.is_some());
    if keeps && spec.replicas.unwrap_or(1) == 1 {
        return Ok(());
    }
    let Some(pods) = PodView::of(Workload::Deployment(deployment)) else {
        return Ok(());
    };
    if let Some(service) = cx.served_alone(&pods)? {
        let message = format!("every update leaves service {} without pods", service.metadata.name);
        out.fail("spec.strategy.type", message);
    }
    Ok(())
}
