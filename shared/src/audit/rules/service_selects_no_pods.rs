use crate::audit::{
    api::Service,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A service selects no pods.
    ///
    /// ## Why it matters
    ///
    /// Connections to it are refused or run into their timeout. Its name still resolves, so that the error looks
    /// like one of the network.
    ///
    /// ## Remediation
    ///
    /// Make `spec.selector` match the labels in the workload's pod template; all of the labels must match. A
    /// service for something outside of the cluster has no selector, or is of type `ExternalName`.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: [],
    check: [Check::Service(check)],
    cases: [
        Case::pass("a workload that is scaled to nothing is found", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}"),
        Case::pass("without a selector, somebody else says where it leads", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{port: 80}]}}"),
        Case::pass("only another name; its selector means nothing", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: ExternalName, externalName: example.com, selector: {app: gone}}}"),
        Case::pass("pods that nothing makes", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {clusterIP: None, selector: {app: web}}}")),
        Case::pass("one pod of a stateful set, by the label that its controller gives it", "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: db-0, namespace: shop}, spec: {selector: {statefulset.kubernetes.io/pod-name: db-0}, ports: [{port: 80}]}}"),
        Case::fail(
            "a pod of another stateful set",
            "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {statefulset.kubernetes.io/pod-name: web-0}, ports: [{port: 80}]}}",
            &["Service/shop/s spec.selector: selects no pods: statefulset.kubernetes.io/pod-name=web-0"],
        ),
        Case::unknown(
            "in files, what makes pods and is no built-in kind",
            "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}",
            &[],
            &["? Service/shop/s Rollout.argoproj.io/shop/web may make pods"],
        ).in_files_only(),
        Case::unknown(
            "in files, a label that is still to be filled in, on either side",
            concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: '${APP}'}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: other, labels: {app: '${NAME}', tier: '${TIER}'}}, spec: {containers: [{name: a, image: x}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: s, namespace: other}, spec: {selector: {app: web}, ports: [{port: 80}]}}
"),
            &[],
            &[
                "? Service/other/s label \"${NAME}\" is still to be filled in",
                "? Service/shop/s label \"${APP}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::fail(
            "one label of two",
            concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web, tier: front}, ports: [{port: 80}]}}"),
            &["Service/shop/s spec.selector: selects no pods: app=web,tier=front"],
        ),
        Case::unknown(
            "in files, the pods of the control plane",
            "{apiVersion: v1, kind: Service, metadata: {name: scheduler, namespace: kube-system}, spec: {clusterIP: None, selector: {component: kube-scheduler}, ports: [{port: 10259}]}}",
            &[],
            &["? Service/kube-system/scheduler the files are not all there is of namespace kube-system; there may be such a Pod"],
        ).in_files_only(),
        Case::unknown(
            "pods were not read",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}",
            &["Pod"],
            &["? Service/shop/s Pod in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(service: &Service, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(selector) = service.pod_selector() else { return Ok(()) };
    if cx.selected(&service.metadata.namespace, &selector)?.is_empty() {
        out.fail("spec.selector", format!("selects no pods: {selector}"));
    }
    Ok(())
}
