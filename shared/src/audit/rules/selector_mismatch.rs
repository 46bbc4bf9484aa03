use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
        subject::{PodView, Workload},
    },
    model::{Labels, Selector},
};

rule! {
    /// A workload's selector does not match the labels of its own pod template.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses such a workload, so that the whole rollout fails.
    ///
    /// ## Remediation
    ///
    /// Give the template every label of the selector. The selector of a workload that exists can't be changed.
    severity: Critical,
    category: Reliability,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "another value, or no selector at all",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: wep}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: dns, namespace: shop}, spec: {template: {metadata: {labels: {app: dns}}, spec: {containers: [{name: a, image: x}]}}}}
",
            &[
                "DaemonSet.apps/shop/dns spec.selector: there is no selector",
                "Deployment.apps/shop/web spec.selector: selects app=web, which the labels of the template are not",
            ],
        ).in_files_only(),
        Case::unknown(
            "in files, a label that is still to be filled in",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: '${APP}'}}, spec: {containers: [{name: a, image: x}]}}}}",
            &[],
            &["? Deployment.apps/shop/web label \"${APP}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("expressions match, and more labels than the selector has", "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, selector: {matchExpressions: [{key: app, operator: In, values: [db, web]}]}, template: {metadata: {labels: {app: db, tier: back}}, spec: {containers: [{name: a, image: x}]}}}}"),
        Case::pass(
            "what may leave it out",
            "{apiVersion: v1, kind: ReplicationController, metadata: {name: old, namespace: shop}, spec: {template: {metadata: {labels: {app: old}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: once, namespace: shop}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
",
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let selector = match pods.workload {
        Workload::Deployment(it) => it.spec.selector.as_ref(),
        Workload::ReplicaSet(it) => it.spec.selector.as_ref(),
        Workload::StatefulSet(it) => it.spec.selector.as_ref(),
        Workload::DaemonSet(it) => it.spec.selector.as_ref(),
        Workload::ReplicationController(it) if !it.spec.selector.is_empty() => {
            return compare(pods, &Selector::labels(&it.spec.selector), cx, out);
        }
        _ => return Ok(()),
    };
    let Some(selector) = selector.map(Selector::from).filter(|selector| !selector.is_everything()) else {
        out.fail("spec.selector", "there is no selector");
        return Ok(());
    };
    compare(pods, &selector, cx, out)
}

fn compare(pods: &PodView<'_>, selector: &Selector, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !selector.matches(&Labels::from(pods.labels())) {
        cx.selection_is_filled(selector, std::iter::once(pods.labels()))?;
        out.fail("spec.selector", format!("selects {selector}, which the labels of the template are not"));
    }
    Ok(())
}
