use crate::audit::{
    api::ConfigMap,
    case::{Case, deployment, pod},
    consumers,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// Nothing that was read uses a config map.
    ///
    /// ## Why it matters
    ///
    /// What is left over is read as if it were in force, is edited without effect, and hides what is. A program may
    /// still read it through the API: that can't be seen from outside.
    ///
    /// ## Remediation
    ///
    /// Delete it, once nobody reads it through the API. What is generated with a hash in its name belongs under
    /// `kubectl apply --prune`, or under a tool that prunes.
    severity: Info,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [
        POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, POD_TEMPLATE,
        SERVICE_ACCOUNT, INGRESS, SERVICE, ROLE, CLUSTER_ROLE, PERSISTENT_VOLUME, STORAGE_CLASS, API_SERVICE,
        VALIDATING_WEBHOOK_CONFIGURATION, MUTATING_WEBHOOK_CONFIGURATION, SECRET, ALERTMANAGER, CERTIFICATE,
        CLUSTER_ISSUER, FLUX_KUSTOMIZATION, GATEWAY, HELM_RELEASE, INGRESS_ROUTE, ISSUER, PROMETHEUS,
    ],
    references: [],
    check: [Check::ConfigMap(check)],
    cases: [
        Case::pass(
            "in each place of a pod: variable, all variables, volume, projected volume, init container",
            concat!(
                pod!("initContainers: [{name: i, image: x, envFrom: [{configMapRef: {name: one}}]}], containers: [{name: a, image: x, env: [{name: A, valueFrom: {configMapKeyRef: {name: two, key: a, optional: true}}}]}], volumes: [{name: v, configMap: {name: three}}, {name: w, projected: {sources: [{configMap: {name: four}}]}}]"),
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: two, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: three, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: four, namespace: shop}}",
            ),
        ),
        Case::pass(
            "of a workload that is scaled to nothing, of a cron job, and of a replica set to roll back to",
            concat!(
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: idle, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: i}}, template: {metadata: {labels: {app: i}}, spec: {containers: [{name: a, image: x, envFrom: [{configMapRef: {name: one}}]}]}}}}\n---\n",
                "{apiVersion: batch/v1, kind: CronJob, metadata: {name: c, namespace: shop}, spec: {suspend: true, schedule: '0 3 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x, envFrom: [{configMapRef: {name: two}}]}]}}}}}}\n---\n",
                "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: old, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: o}}, template: {metadata: {labels: {app: o}}, spec: {containers: [{name: a, image: x, envFrom: [{configMapRef: {name: three}}]}]}}}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: two, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: three, namespace: shop}}",
            ),
        ),
        Case::pass(
            "of a container that was added to debug",
            concat!(
                pod!("containers: [{name: a, image: x}], ephemeralContainers: [{name: debug, image: x, envFrom: [{configMapRef: {name: one}}]}]"),
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}}",
            ),
        ).in_files_only(),
        Case::pass(
            "named in an argument, and granted by its name",
            concat!(
                deployment!("containers: [{name: a, image: x, args: [--tcp-services-configmap=$(POD_NAMESPACE)/tcp-services]}]"),
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: shop}, rules: [{apiGroups: [''], resources: [configmaps], resourceNames: [settings], verbs: [get]}]}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: tcp-services, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}}",
            ),
        ),
        Case::pass(
            "collected by sidecars, a lock of a leader election, and what is in every namespace",
            concat!(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: dashboard, namespace: shop, labels: {grafana_dashboard: '1'}}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: source, namespace: shop, labels: {grafana_datasource: '1'}}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: alerts, namespace: shop, labels: {prometheus_rule: '1'}}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: logs, namespace: shop, labels: {fluentd_config: '1'}}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: lock, namespace: shop, annotations: {control-plane.alpha.kubernetes.io/leader: '{}'}}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: coredns, namespace: kube-system}}",
            ),
        ),
        Case::fail(
            "used in another namespace only, or by its end alone",
            concat!(
                "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: other}, spec: {containers: [{name: a, image: x, envFrom: [{configMapRef: {name: app}}], args: ['--config=old-settings']}]}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: app, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}}",
            ),
            &["ConfigMap/shop/app nothing uses it", "ConfigMap/shop/settings nothing uses it"],
        ),
        Case::fail(
            "of a job that is done",
            concat!(
                "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x, envFrom: [{configMapRef: {name: app}}]}]}}}, status: {startTime: '2026-11-27T12:00:00Z', completionTime: '2026-11-27T12:01:00Z', succeeded: 1, conditions: [{type: SuccessCriteriaMet, status: 'True'}, {type: Complete, status: 'True'}]}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: app, namespace: shop}}",
            ),
            &["ConfigMap/shop/app nothing uses it"],
        ),
        Case::unknown(
            "a stateful set may use it",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: app, namespace: shop}}",
            &["StatefulSet.apps"],
            &["? ConfigMap/shop/app StatefulSet.apps in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(map: &ConfigMap, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let metadata = &map.metadata;
    let used = || cx.consumers().use_config_map(&metadata.namespace, &metadata.name);
    if !consumers::is_used_unnamed(metadata) && !used() {
        consumers::all_read(cx, &metadata.namespace)?;
        out.fail("", "nothing uses it");
    }
    Ok(())
}
