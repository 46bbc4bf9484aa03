use crate::audit::{
    api::ConfigMap,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A config map holds nothing.
    ///
    /// ## Why it matters
    ///
    /// What mounts it finds an empty directory and runs with defaults that nobody chose. Often a generator found no
    /// files, or the data was put one level too deep. The data of config maps is never read from a cluster: only files
    /// can tell.
    ///
    /// ## Remediation
    ///
    /// Put the data under `data`, or delete the config map and what refers to it.
    severity: Low,
    category: References,
    admission: Never,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::ConfigMap(check)],
    cases: [
        Case::pass(
            "bytes alone",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: logo, namespace: shop}, binaryData: {logo.png: iVBORw0KGgo=}}",
        ),
        Case::pass(
            "a lock of a leader election needs no data",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: lock, namespace: shop, annotations: {control-plane.alpha.kubernetes.io/leader: '{\"holderIdentity\":\"a\"}'}}}",
        ),
        Case::pass(
            "filled by somebody else",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: bundle, namespace: shop, labels: {config.openshift.io/inject-trusted-cabundle: 'true'}}}",
        ),
        Case::fail(
            "no data, or data with nothing in it",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: none, namespace: shop}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: void, namespace: shop}, data: {}}",
            &["ConfigMap/shop/none holds no data", "ConfigMap/shop/void holds no data"],
        ),
        Case::unknown(
            "of a cluster the data is not read",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}}",
            &[],
            &["? the data of config maps was not read"],
        ).without_data(),
    ],
}

fn check(map: &ConfigMap, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Err(unknown) = cx.data() {
        out.unknown_of_all(&unknown);
        return Ok(());
    }
    let is_lock = map.metadata.annotations.contains_key("control-plane.alpha.kubernetes.io/leader");
    let is_filled =
        |key: &String| key.contains("inject") || key.contains("reflector") || key.contains("replicator");
    let filled = map.metadata.labels.keys().chain(map.metadata.annotations.keys()).any(is_filled);
    if map.data.is_empty() && map.binary_data.is_empty() && !is_lock && !filled {
        out.fail("", "holds no data");
    }
    Ok(())
}
