use crate::audit::{
    api::Secret,
    case::{Case, member, stateful_set},
    context::Context,
    findings::Findings,
    reliability::{PULL_ERRORS, fold, report, some_of, statuses, waiting},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// The image of a container can't be pulled.
    ///
    /// ## Why it matters
    ///
    /// The container does not start, and neither does any other replica on a node that does not have the image yet.
    ///
    /// ## Remediation
    ///
    /// Check the name and the tag, the credentials in `imagePullSecrets`, and whether the nodes reach the registry.
    severity: High,
    category: Reliability,
    admission: Never,
    needs: Status,
    reads: [SECRET],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "trying and waiting are one symptom",
            concat!(
                stateful_set!("containers: [{name: a, image: 'registry.example.com/db:9'}]"),
                member!("db-0", "containers: [{name: a, image: 'registry.example.com/db:9'}]", "phase: Pending, containerStatuses: [{name: a, image: 'registry.example.com/db:9', imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ErrImagePull, message: 'rpc error: code = NotFound desc = failed to pull and unpack image: not found'}}}]"),
                member!("db-1", "containers: [{name: a, image: 'registry.example.com/db:9'}]", "phase: Pending, containerStatuses: [{name: a, image: 'registry.example.com/db:9', imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image'}}}]"),
            ),
            &["StatefulSet.apps/shop/db [a] spec.template.spec.containers[0]: 2 of 2 pods (db-0 first): image \"registry.example.com/db:9\" can't be pulled: not found"],
        ),
        Case::fail(
            "a debug container, and a name that is none",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: 'X:Y:Z'}], ephemeralContainers: [{name: debug, image: nosuch}]}, status: {phase: Pending, containerStatuses: [{name: a, image: 'X:Y:Z', imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: InvalidImageName, message: couldn't parse image name}}}], ephemeralContainerStatuses: [{name: debug, image: nosuch, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image \"nosuch\": ErrImagePull: 401 Unauthorized'}}}]}}",
            &[
                "Pod/shop/p [a] spec.containers[0]: image \"X:Y:Z\" can't be pulled: its name is no name of an image",
                "Pod/shop/p [debug] spec.ephemeralContainers[0]: image \"nosuch\" can't be pulled: not allowed",
            ],
        ).in_files_only(),
        Case::pass(
            "still pulling",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: a, image: x}]}, status: {phase: Pending, containerStatuses: [{name: a, image: x, imageID: '', ready: false, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}]}}",
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let failing =
        fold(pods, |_, _, status| PULL_ERRORS.contains(&waiting(status)).then_some(status.image.as_str()));
    for ((role, name, image), some) in failing {
        // The reason shows while the kubelet tries, and not while it waits for the next try.
        let states =
            some.iter().flat_map(|pod| statuses(pod)).filter(|(at, it)| *at == role && it.name == name);
        let why = states
            .filter_map(|(_, it)| it.state.waiting.as_ref())
            .find_map(|it| reason(&it.reason, &it.message));
        let why = why.unwrap_or_default();
        let colon = if why.is_empty() { "" } else { ": " };
        let message = format!("{}image {image:?} can't be pulled{colon}{why}", some_of(pods, &some));
        let secrets = some.first().map(|pod| pod.spec.image_pull_secrets.as_slice()).unwrap_or_default();
        let mut missing = false;
        for secret in secrets {
            missing |= !cx.exists::<Secret>(pods.namespace(), &secret.name).unwrap_or(true);
        }
        let found = report(out, pods, (role, name), message);
        if missing {
            found.caused_by("missing-image-pull-secret", &pods.owner);
        } else if why == WHY_NAME {
            found.caused_by("invalid-image-reference", &pods.owner);
        }
    }
    Ok(())
}

const WHY_NAME: &str = "its name is no name of an image";

/// What the registry, the runtime or the kubelet says, in few words.
fn reason(reason: &str, message: &str) -> Option<&'static str> {
    let message = message.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    Some(match reason {
        "InvalidImageName" => WHY_NAME,
        "ErrImageNeverPull" => "the node does not have it, and the pull policy is Never",
        _ if has(&["unauthorized", "denied", "forbidden", "authentication", "401", "403"]) => "not allowed",
        _ if has(&["not found", "manifest unknown", "does not exist", "404"]) => "not found",
        _ if has(&["toomanyrequests", "too many requests", "429"]) => "the registry wants fewer requests",
        _ if has(&["x509", "certificate"]) => "the registry's certificate is not trusted",
        _ if has(&["no such host", "server misbehaving"]) => "the registry's name does not resolve",
        _ if has(&["timeout", "deadline exceeded", "refused", "unreachable"]) => {
            "the registry does not answer"
        }
        _ if has(&["no space left"]) => "the node's disk is full",
        _ if has(&["no match for platform"]) => "there is none for the node's platform",
        _ => return None,
    })
}
