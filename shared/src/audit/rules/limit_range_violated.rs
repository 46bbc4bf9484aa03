use crate::audit::{
    amounts::{charged, limit_ranges},
    api::{LimitRange, PersistentVolumeClaim},
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};
use crate::quota::{
    Amounts,
    usage::{self, Pod},
};

rule! {
    /// Pods or claims are outside of what a LimitRange of their namespace allows.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses them: the workload is stored, but has no pods, and the reason is only in the events of its
    /// ReplicaSet or Job. Pods from before the LimitRange run on until they are to be replaced.
    ///
    /// ## Remediation
    ///
    /// Bring requests and limits between minimum and maximum, and near enough to each other for the ratio; or change the
    /// LimitRange.
    severity: High,
    category: Efficiency,
    admission: Deny,
    needs: Objects,
    reads: [LIMIT_RANGE],
    references: ["https://kubernetes.io/docs/concepts/policy/limit-range/"],
    check: [Check::Pods(check), Check::PersistentVolumeClaim(claim)],
    cases: [
        Case::fail(
            "above the maximum, below the minimum, too far apart",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: '1', memory: 1Gi}, limits: {cpu: '4', memory: 1Gi}}}, {name: b, image: x, resources: {requests: {cpu: '1', memory: 1Mi}, limits: {cpu: '1', memory: 1Gi}}}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, max: {cpu: '2'}, min: {memory: 16Mi}, maxLimitRequestRatio: {cpu: '2'}}]}}"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].resources: LimitRange \"l\": cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000",
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].resources: LimitRange \"l\": maximum cpu usage per Container is 2, but limit is 4",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].resources: LimitRange \"l\": minimum memory usage per Container is 16Mi, but request is 1Mi",
            ],
        ),
        Case::fail(
            "the sum of a pod, and a claim",
            concat!(deployment!("containers: [{name: a, image: x, resources: {limits: {cpu: '1'}}}, {name: b, image: x, resources: {limits: {cpu: '1'}}}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Pod, max: {cpu: 1500m}}, {type: PersistentVolumeClaim, min: {storage: 2Gi}}]}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
            &[
                "PersistentVolumeClaim/shop/c spec.resources.requests.storage: LimitRange \"l\": minimum storage usage per PersistentVolumeClaim is 2Gi, but request is 1Gi",
                "Deployment.apps/shop/web spec.template.spec: LimitRange \"l\": maximum cpu usage per Pod is 1500m, but limit is 2",
            ],
        ).in_files_only(),
        Case::pass(
            "what is left out is filled in by the same LimitRange",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, max: {cpu: '2'}, min: {cpu: 100m}, default: {cpu: '1'}, defaultRequest: {cpu: 500m}, maxLimitRequestRatio: {cpu: '2'}}]}}"),
        ),
        Case::pass(
            "of another namespace",
            concat!(deployment!("containers: [{name: a, image: x, resources: {limits: {cpu: '4'}}}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: bank}, spec: {limits: [{type: Container, max: {cpu: '2'}}]}}"),
        ),
        Case::unknown(
            "LimitRanges were not read",
            deployment!("containers: [{name: a, image: x, resources: {limits: {cpu: '4'}}}]"),
            &["LimitRange"],
            &["? Deployment.apps/shop/web LimitRange in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let ranges = limit_ranges(cx, pods.namespace())?;
    if ranges.is_empty() || pods.is_mirror() {
        return Ok(());
    }
    let Some(pod) = charged(pods, &ranges) else { return Ok(()) };
    for range in ranges {
        for item in &range.spec.limits {
            match item.r#type.as_str() {
                "Container" => containers(pods, &pod, range, &item.settled(), out),
                "Pod" => {
                    let mut found = Vec::new();
                    item.settled().check(&usage::pod_requests(&pod), &usage::pod_limits(&pod), &mut found);
                    for message in found {
                        out.fail(pods.path(""), format!("LimitRange {:?}: {message}", range.metadata.name));
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn containers(
    pods: &PodView<'_>,
    pod: &Pod,
    range: &LimitRange,
    item: &crate::quota::fit::LimitItem,
    out: &mut Findings<'_>,
) {
    let Some(spec) = &pod.spec else { return };
    let filled = spec.init_containers.iter().chain(&spec.containers);
    for (container, filled) in pods.containers().zip(filled) {
        let Some(resources) = &filled.resources else { continue };
        let (requests, limits) = (Amounts::from(&resources.requests), Amounts::from(&resources.limits));
        let mut found = Vec::new();
        item.check(&requests, &limits, &mut found);
        for message in found {
            out.fail_in(&container, "resources", format!("LimitRange {:?}: {message}", range.metadata.name));
        }
    }
}

fn claim(claim: &PersistentVolumeClaim, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(asked) = claim.spec.resources.requests.get("storage") else { return Ok(()) };
    for range in limit_ranges(cx, &claim.metadata.namespace)? {
        for item in range.spec.limits.iter().filter(|item| item.r#type == "PersistentVolumeClaim") {
            for (what, bound, wrong) in [
                ("minimum", item.min.get("storage"), std::cmp::Ordering::Less),
                ("maximum", item.max.get("storage"), std::cmp::Ordering::Greater),
            ] {
                if let Some(bound) = bound.filter(|bound| asked.quantity().cmp(&bound.quantity()) == wrong) {
                    let name = &range.metadata.name;
                    let (bound, asked) = (&bound.string, &asked.string);
                    let message = format!(
                        "LimitRange {name:?}: {what} storage usage per PersistentVolumeClaim is {bound}, but request is {asked}"
                    );
                    out.fail("spec.resources.requests.storage", message);
                }
            }
        }
    }
    Ok(())
}
