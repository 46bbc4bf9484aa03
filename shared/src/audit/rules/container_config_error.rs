use crate::audit::{
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{fold, missing_reference, report, some_of},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container can't be configured: something that its spec refers to is missing.
    ///
    /// ## Why it matters
    ///
    /// The container waits for ever: the kubelet tries again, and nothing changes until the Secret, the ConfigMap or the
    /// key is there.
    ///
    /// ## Remediation
    ///
    /// Create what the message names, correct the name or the key, or mark the reference `optional`.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [SECRET, CONFIG_MAP],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "a secret, a key, a user",
            concat!(
                stateful_set!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: gone}}]}, {name: b, image: x}, {name: c, image: x}]"),
                member!("db-0", "containers: [{name: a, image: x, envFrom: [{secretRef: {name: gone}}]}, {name: b, image: x}, {name: c, image: x}]", "phase: Pending, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: CreateContainerConfigError, message: secret \"gone\" not found}}}, {name: b, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: CreateContainerConfigError, message: couldn't find key level in ConfigMap shop/settings}}}, {name: c, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: CreateContainerConfigError, message: 'container has runAsNonRoot and image will run as root (pod: \"db-0_shop(1234)\", container: c)'}}}]"),
            ),
            &[
                "StatefulSet.apps/shop/db [a] spec.template.spec.containers[0]: 1 of 1 pods (db-0 first): can't be configured: secret \"gone\" not found",
                "StatefulSet.apps/shop/db [b] spec.template.spec.containers[1]: 1 of 1 pods (db-0 first): can't be configured: couldn't find key level in ConfigMap shop/settings",
                "StatefulSet.apps/shop/db [c] spec.template.spec.containers[2]: 1 of 1 pods (db-0 first): can't be configured: container has runAsNonRoot and image will run as root",
            ],
        ),
        Case::pass(
            "still being created",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x}]}, status: {phase: Pending, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]}}",
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let failing = fold(pods, |_, _, status| {
        let waiting = status.state.waiting.as_ref().filter(|it| it.reason == "CreateContainerConfigError")?;
        let line = waiting.message.lines().next().unwrap_or_default();
        Some(line.split_once(" (pod: ").map_or(line, |(before, _)| before))
    });
    for ((role, name, why), some) in failing {
        let cause = missing_reference(why, pods.namespace(), cx);
        let message = format!("{}can't be configured: {why}", some_of(pods, &some));
        let found = report(out, pods, (role, name), message);
        if let Some(rule) = cause {
            found.caused_by(rule, &pods.owner);
        }
    }
    Ok(())
}
