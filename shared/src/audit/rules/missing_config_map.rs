use crate::audit::{
    api::ConfigMap,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    references::{Target, of_pods},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod needs a config map that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The container is not started: it waits in CreateContainerConfigError, or the pod in ContainerCreating, until somebody
    /// makes the config map.
    ///
    /// ## Remediation
    ///
    /// Create the config map in the namespace of the pod, correct the name, or mark the reference `optional: true` if the
    /// application runs without it.
    severity: High,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [CONFIG_MAP],
    references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "from each place that can name one, init containers as well",
            concat!(pod!("initContainers: [{name: i, image: x, envFrom: [{configMapRef: {name: one}}]}], containers: [{name: a, image: x, env: [{name: A, valueFrom: {configMapKeyRef: {name: two, key: k}}}]}], volumes: [{name: v, configMap: {name: three}}, {name: w, projected: {sources: [{configMap: {name: four}}]}}]"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop}}"),
            &[
                "Pod/shop/p spec.volumes[0].configMap.name: config map \"three\" does not exist",
                "Pod/shop/p spec.volumes[1].projected.sources[0].configMap.name: config map \"four\" does not exist",
                "Pod/shop/p [a] spec.containers[0].env[0].valueFrom.configMapKeyRef: config map \"two\" does not exist",
                "Pod/shop/p [i] spec.initContainers[0].envFrom[0].configMapRef.name: config map \"one\" does not exist",
            ],
        ),
        Case::pass(
            "optional, there, or made by the cluster itself",
            concat!(pod!("containers: [{name: a, image: x, envFrom: [{configMapRef: {name: gone, optional: true}}, {configMapRef: {name: there}}]}], volumes: [{name: v, projected: {sources: [{configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}}]}}]"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: there, namespace: shop}, data: {A: b}}"),
        ),
        Case::pass(
            "in files, what a mesh puts into every namespace",
            concat!(pod!("containers: [{name: a, image: x}], volumes: [{name: v, configMap: {name: istio-ca-root-cert}}]"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop}, data: {a: b}}"),
        ).in_files_only(),
        Case::pass(
            "in files, what trust-manager puts into every namespace",
            concat!(
                pod!("containers: [{name: a, image: x}], volumes: [{name: v, configMap: {name: trust}}, {name: w, configMap: {name: roots}}]"),
                "{apiVersion: trust.cert-manager.io/v1alpha1, kind: Bundle, metadata: {name: trust}, spec: {sources: [], target: {configMap: {key: ca.crt}}}}\n---\n",
                "{apiVersion: trust-manager.io/v1alpha2, kind: ClusterBundle, metadata: {name: roots}, spec: {target: {configMap: {data: [{key: ca.crt}]}}}}\n---\n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop}, data: {a: b}}",
            ),
        ).in_files_only(),
        Case::fail(
            "in files, a bundle that is a secret",
            concat!(
                pod!("containers: [{name: a, image: x}], volumes: [{name: v, configMap: {name: trust}}]"),
                "{apiVersion: trust.cert-manager.io/v1alpha1, kind: Bundle, metadata: {name: trust}, spec: {sources: [], target: {secret: {key: ca.crt}}}}",
            ),
            &["Pod/shop/p spec.volumes[0].configMap.name: config map \"trust\" does not exist"],
        ).in_files_only(),
        Case::unknown(
            "forbidden is not missing",
            pod!("containers: [{name: a, image: x, envFrom: [{configMapRef: {name: gone}}]}]"),
            &["ConfigMap"],
            &["? Pod/shop/p ConfigMap in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    of_pods(pods, &mut |reference| {
        if reference.target != Target::ConfigMap || reference.optional {
            return;
        }
        match cx.will_exist::<ConfigMap>(pods.namespace(), reference.name) {
            Ok(true) => {}
            Ok(false) => {
                let found =
                    out.fail(reference.path(), format!("config map {:?} does not exist", reference.name));
                if let Some(container) = reference.container() {
                    found.container(container);
                }
            }
            Err(unknown) => out.unknown(&unknown),
        }
    });
    Ok(())
}
