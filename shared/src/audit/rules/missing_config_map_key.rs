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
    /// A pod needs a key that its config map does not have.
    ///
    /// ## Why it matters
    ///
    /// The container waits in CreateContainerConfigError, or its volume can't be mounted, though the config map is there.
    ///
    /// ## Remediation
    ///
    /// Add the key to the config map, correct its name, or mark the reference `optional: true`. Only files tell keys: of a
    /// cluster this is not asked.
    severity: High,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [CONFIG_MAP],
    references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "of a variable and of a file",
            concat!(pod!("containers: [{name: a, image: x, env: [{name: A, valueFrom: {configMapKeyRef: {name: there, key: gone}}}]}], volumes: [{name: v, configMap: {name: there, items: [{key: A, path: a}, {key: B, path: b}]}}]"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: there, namespace: shop}, data: {A: b}}"),
            &[
                "Pod/shop/p spec.volumes[0].configMap.name: config map \"there\" has no key \"B\"",
                "Pod/shop/p [a] spec.containers[0].env[0].valueFrom.configMapKeyRef: config map \"there\" has no key \"gone\"",
            ],
        ),
        Case::fail(
            "a key that is still to be filled in may be there; another is not",
            concat!(pod!("containers: [{name: a, image: x, env: [{name: A, valueFrom: {configMapKeyRef: {name: there, key: '${KEY}'}}}]}], volumes: [{name: v, configMap: {name: there, items: [{key: '${FILE}', path: a}, {key: B, path: b}]}}]"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: there, namespace: shop}, data: {A: b}}"),
            &[
                "Pod/shop/p spec.volumes[0].configMap.name: config map \"there\" has no key \"B\"",
                "? Pod/shop/p key \"${FILE}\" is still to be filled in",
                "? Pod/shop/p key \"${KEY}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::pass(
            "binary, optional, or of a config map that is not there at all",
            concat!(pod!("containers: [{name: a, image: x, env: [{name: A, valueFrom: {configMapKeyRef: {name: there, key: bin}}}, {name: B, valueFrom: {configMapKeyRef: {name: there, key: gone, optional: true}}}, {name: C, valueFrom: {configMapKeyRef: {name: gone, key: gone}}}]}]"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: there, namespace: shop}, binaryData: {bin: AAAA}}"),
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !cx.has_data() {
        return Ok(());
    }
    of_pods(pods, &mut |reference| {
        if reference.target != Target::ConfigMap || reference.optional {
            return;
        }
        // Whether it is there at all is another rule's.
        let Ok(Some(map)) = cx.get::<ConfigMap>(pods.namespace(), reference.name) else { return };
        let has = |key: &str| map.has_key(key) || cx.is_unfilled("key", key, out);
        if let Some(key) = reference.missing_key(has) {
            let message = format!("config map {:?} has no key {key:?}", reference.name);
            let found = out.fail(reference.path(), message);
            if let Some(container) = reference.container() {
                found.container(container);
            }
        }
    });
    Ok(())
}
