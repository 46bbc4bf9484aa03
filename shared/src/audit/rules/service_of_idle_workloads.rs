use crate::audit::{
    api::Service,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// All workloads behind a service are scaled to nothing or suspended.
    ///
    /// ## Why it matters
    ///
    /// Nobody answers there now. That is as it should be overnight or while something waits for its first
    /// request, and a surprise otherwise.
    ///
    /// ## Remediation
    ///
    /// Scale one of the workloads up; or delete the service together with what is no longer used.
    severity: Info,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: [],
    check: [Check::Service(check)],
    cases: [
        Case::pass("one of two runs", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: apps/v1, kind: Deployment, metadata: {name: old, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}")),
        Case::pass("no workload at all is another matter", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}"),
        Case::pass("a pod of its own", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}")),
        Case::fail(
            "scaled to nothing",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}",
            &["Service/shop/s spec.selector: selects only workloads without pods, as Deployment.apps/shop/web"],
        ),
        Case::unknown(
            "deployments were not read",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}",
            &["Deployment.apps"],
            &["? Service/shop/s Deployment.apps in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(service: &Service, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(selector) = service.pod_selector() else { return Ok(()) };
    let found = cx.selected(&service.metadata.namespace, &selector)?;
    if let Some(first) = found.first().filter(|_| found.iter().all(|pods| PodView::is_idle(pods))) {
        out.fail("spec.selector", format!("selects only workloads without pods, as {}", first.owner));
    }
    Ok(())
}
