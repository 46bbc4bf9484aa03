use serde_json::Value;

use crate::{
    audit::{
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
    /// A policy of the cluster is broken, as a policy report tells.
    ///
    /// ## Why it matters
    ///
    /// Somebody made the policy a rule of this cluster. Policies that audit and don't enforce leave it to whoever reads
    /// the reports.
    ///
    /// ## Remediation
    ///
    /// Change the object as the policy's message says, or write an exception where the policy's engine takes them.
    severity: Medium,
    category: Operators,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [
        Check::Custom(kinds::POLICY_REPORT, check), Check::Custom(kinds::CLUSTER_POLICY_REPORT, check),
        Check::Custom(kinds::OPEN_REPORT, check), Check::Custom(kinds::OPEN_CLUSTER_REPORT, check),
    ],
    cases: [
        Case::pass(
            "passed, skipped, and a warning",
            "{apiVersion: wgpolicyk8s.io/v1alpha2, kind: PolicyReport, metadata: {name: r, namespace: shop}, scope: {apiVersion: v1, kind: Pod, name: web, namespace: shop}, results: [{policy: a, result: pass}, {policy: b, result: skip}, {policy: c, result: warn}], summary: {fail: 0}}",
        ).in_files_only(),
        Case::fail(
            "of one object, as Kyverno writes them",
            "{apiVersion: wgpolicyk8s.io/v1alpha2, kind: PolicyReport, metadata: {name: 2f1c, namespace: shop}, scope: {apiVersion: apps/v1, kind: Deployment, name: web, namespace: shop}, results: [{policy: require-labels, rule: team, result: fail, message: 'label team is required.'}, {policy: other, result: pass}, {policy: broken, result: error, message: 'no such key'}]}",
            &[
                "Deployment.apps/shop/web policy \"broken\" gives an error: no such key",
                "Deployment.apps/shop/web policy \"require-labels\" fails: label team is required",
            ],
        ).in_files_only(),
        Case::fail(
            "of many objects, each named by its result",
            "{apiVersion: openreports.io/v1alpha1, kind: ClusterReport, metadata: {name: r}, results: [{policy: p, result: fail, description: 'not allowed', resources: [{apiVersion: v1, kind: Namespace, name: one}]}, {policy: p, result: fail, resources: []}]}",
            &[
                "Namespace/one policy \"p\" fails: not allowed",
                "ClusterReport.openreports.io/r policy \"p\" fails: no reason is given",
            ],
        ).in_files_only(),
    ],
}

fn check(report: &ObjectKey, custom: &Custom, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let scope = custom.value.get("scope");
    for result in custom.list("/results") {
        let what = match custom::text(result, "/result") {
            "fail" => "fails",
            "error" => "gives an error",
            _ => continue,
        };
        let texts = [custom::text(result, "/message"), custom::text(result, "/description")];
        let why = custom::because("", texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default());
        let message = format!("policy {:?} {what}: {why}", custom::text(result, "/policy"));
        let resources =
            result.get("resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut told = false;
        for resource in resources.iter().chain(scope.filter(|_| resources.is_empty())).filter_map(key) {
            told = true;
            out.about(&resource, "", message.clone());
        }
        if !told {
            out.about(report, "", message);
        }
    }
    Ok(())
}

/// The object that a reference names.
fn key(reference: &Value) -> Option<ObjectKey> {
    let text = |field| custom::text(reference, field);
    let named = !text("/kind").is_empty() && !text("/name").is_empty();
    let group = group_of(text("/apiVersion"));
    named.then(|| ObjectKey::new(group, text("/kind"), text("/namespace"), text("/name")))
}
