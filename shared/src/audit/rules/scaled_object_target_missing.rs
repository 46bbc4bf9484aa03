use crate::{
    audit::{
        api::{Deployment, StatefulSet},
        case::Case,
        context::Context,
        custom,
        findings::Findings,
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    graph::edges::group_of,
    model::{ObjectKey, kinds},
};

rule! {
    /// The workload that KEDA is to scale does not exist.
    ///
    /// ## Why it matters
    ///
    /// Nothing is scaled. Where the name is a mistake, the workload that was meant stays at the replicas that it has.
    ///
    /// ## Remediation
    ///
    /// Correct `scaleTargetRef`; a kind other than `Deployment` has to be named with its `apiVersion`. Or delete the
    /// `ScaledObject`.
    severity: High,
    category: Operators,
    admission: Never,
    needs: Objects,
    reads: [DEPLOYMENT, STATEFUL_SET],
    references: ["https://keda.sh/docs/latest/reference/scaledobject-spec/"],
    check: [Check::Custom(kinds::SCALED_OBJECT, check)],
    cases: [
        Case::pass(
            "a deployment, which is what it is unless said otherwise; a stateful set; a kind of others",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {name: web}}}\n---\n{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: b, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: db}}}\n---\n{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: c, namespace: shop}, spec: {scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: gone}}}",
        ).in_files_only(),
        Case::fail(
            "in another namespace",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: other}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {name: web}}}",
            &["ScaledObject.keda.sh/shop/a spec.scaleTargetRef: Deployment \"web\" does not exist in namespace shop"],
        ).in_files_only(),
        Case::fail(
            "no name",
            "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {}}}",
            &["ScaledObject.keda.sh/shop/a spec.scaleTargetRef: names no workload"],
        ).in_files_only(),
        Case::unknown(
            "deployments are not known",
            "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {name: web}}}",
            &["Deployment.apps"],
            &["? ScaledObject.keda.sh/shop/a Deployment.apps in namespace shop could not be read: Forbidden: no permission"],
        ).in_files_only(),
    ],
}

fn check(key: &ObjectKey, scaled: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let target = &scaled.value["spec"]["scaleTargetRef"];
    let name = custom::text(target, "/name");
    if name.is_empty() {
        out.fail("spec.scaleTargetRef", "names no workload");
        return Ok(());
    }
    let or = |text: &'static str, pointer| match custom::text(target, pointer) {
        "" => text,
        own => own,
    };
    let (group, kind) = (group_of(or("apps/v1", "/apiVersion")), or("Deployment", "/kind"));
    let exists = if kinds::DEPLOYMENT.is(group, kind) {
        cx.exists::<Deployment>(&key.namespace, name)?
    } else if kinds::STATEFUL_SET.is(group, kind) {
        cx.exists::<StatefulSet>(&key.namespace, name)?
    } else {
        true
    };
    if !exists {
        let message = format!("{kind} {name:?} does not exist in namespace {}", key.namespace);
        out.fail("spec.scaleTargetRef", message);
    }
    Ok(())
}
