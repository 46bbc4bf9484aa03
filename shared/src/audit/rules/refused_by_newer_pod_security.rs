use crate::audit::{
    api::Namespace,
    case::Case,
    context::Context,
    findings::Findings,
    pod_security::{Level, Policy, PolicyVersion, Subject, evaluate, is_allowed, modes},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod passes the Pod Security Standard that its namespace enforces now, and not the same level as of the version
    /// of Kubernetes that is audited for.
    ///
    /// ## Why it matters
    ///
    /// The standards grow with Kubernetes. Where `latest` is enforced, the pods of this workload are refused from the
    /// upgrade on, whenever one has to be made again; where a version is pinned, from the day on which the pin is
    /// raised.
    ///
    /// ## Remediation
    ///
    /// Change the field that the finding names before the upgrade, or pin `enforce-version` of the namespace to the
    /// version of now until that is done. `kubectl audit enforce --upgrade` lists every workload that changes.
    severity: Medium,
    category: Api,
    admission: Warn,
    needs: Objects,
    reads: [NAMESPACE],
    references: ["PSS baseline", "PSS restricted"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "refused by both is nothing new",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.33}}}\n---\n\
             {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {hostPID: true, containers: [{name: a, image: x, livenessProbe: {tcpSocket: {port: 80, host: 127.0.0.1}}}]}}",
        )
        .in_files_only(),
        Case::pass(
            "nothing is enforced",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/warn: baseline, pod-security.kubernetes.io/warn-version: v1.33}}}\n---\n\
             {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, livenessProbe: {tcpSocket: {port: 80, host: 127.0.0.1}}}]}}",
        ),
        Case::pass(
            "the version that is pinned refuses it already, or later ones allow it",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.33}}}\n---\n\
             {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, livenessProbe: {tcpSocket: {port: 80}}}]}}",
        ),
        Case::fail(
            "hosts of probes, which 1.34 refuses",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.33}}}\n---\n\
             {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, livenessProbe: {tcpSocket: {port: 80, host: 127.0.0.1}}}]}}",
            &["Pod/shop/p [a] spec.containers[0].livenessProbe.tcpSocket.host: baseline:v1.33 is enforced and admits it, baseline:v1.36 refuses it: probe or lifecycle host"],
        ),
        Case::unknown(
            "what the namespace enforces was not read",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x, livenessProbe: {tcpSocket: {port: 80, host: 127.0.0.1}}}]}}",
            &["Namespace"],
            &["? Pod/shop/p Namespace could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let subject = Subject::pods(pods);
    let target = PolicyVersion::from(cx.version());
    if ![Level::Baseline, Level::Restricted].into_iter().any(|level| may_change(&subject, level, target)) {
        return Ok(());
    }
    let Some(namespace) = cx.get::<Namespace>("", pods.namespace())? else {
        return Ok(());
    };
    let enforced = modes(&namespace.metadata.labels).enforce;
    // What the API server takes for the latest is its own version, where that is known.
    let version = match enforced.version {
        PolicyVersion::Latest => cx.world().version.map_or(target, Into::into),
        pinned @ PolicyVersion::Minor(_) => pinned,
    };
    let (now, then) = (Policy { version, ..enforced }, Policy { version: target, ..enforced });
    if !is_allowed(now, &subject) {
        return Ok(());
    }
    for violation in evaluate(then, &subject).violations {
        for culprit in violation.culprits {
            let reason = violation.reason;
            let message = format!("{enforced} is enforced and admits it, {then} refuses it: {reason}");
            let found = out.fail(culprit.path, message);
            if let Some(container) = &culprit.container {
                found.container(container);
            }
        }
    }
    Ok(())
}

/// Whether a version refuses the pod that any other admits, so that it matters what the namespace enforces.
fn may_change(subject: &Subject<'_>, level: Level, target: PolicyVersion) -> bool {
    let is_allowed = |version| is_allowed(Policy { level, version }, subject);
    !is_allowed(target)
        && PolicyVersion::TURNS.into_iter().any(|minor| is_allowed(PolicyVersion::Minor(minor)))
}
