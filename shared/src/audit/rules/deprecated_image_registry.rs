use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    images::Used,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

/// Registries and paths that are frozen or gone, and what took their place.
const DEPRECATED: &[(&str, &str)] = &[
    ("k8s.gcr.io", "is frozen since 2023, use registry.k8s.io"),
    ("gcr.io/google-containers", "is frozen, use registry.k8s.io"),
    ("gcr.io/google_containers", "is frozen, use registry.k8s.io"),
    (
        "gcr.io/kubebuilder",
        "is gone since 2025, use registry.k8s.io/kubebuilder or quay.io/brancz/kube-rbac-proxy",
    ),
    ("docker.pkg.github.com", "is closed, use ghcr.io"),
    ("docker.io/bitnamilegacy", "gets no updates since 2025, use images that are maintained"),
    ("docker.io/weaveworks", "gets no updates, use images that are maintained"),
];

rule! {
    /// An image comes from a registry that is frozen or closed.
    ///
    /// ## Why it matters
    ///
    /// A frozen registry gets no fixes, and one day it answers no more: nodes that have the image go on, new ones
    /// don't start the pod.
    ///
    /// ## Remediation
    ///
    /// Name the image at the registry that took the place of this one, as the message says.
    severity: Medium,
    category: Images,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "what took its place, and names that only look like it",
            pod!("containers: [{name: a, image: 'registry.k8s.io/pause:3.10'}, {name: b, image: 'gcr.io/google-containers-mirror/pause:3.10'}, {name: c, image: 'mirror.example.com/k8s.gcr.io/pause:3.10'}]"),
        ),
        Case::fail(
            "the old registry of Kubernetes, by both names",
            deployment!("containers: [{name: a, image: 'k8s.gcr.io/pause:3.1'}, {name: b, image: 'gcr.io/google_containers/pause:3.1'}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].image: image \"k8s.gcr.io/pause:3.1\": k8s.gcr.io is frozen since 2023, use registry.k8s.io",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].image: image \"gcr.io/google_containers/pause:3.1\": gcr.io/google_containers is frozen, use registry.k8s.io",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for used in Used::all(pods) {
        let Some(image) = used.image() else {
            continue;
        };
        if let Some((place, why)) = DEPRECATED.iter().find(|(place, _)| image.is_under(place)) {
            used.fail(pods, out, format!("image {:?}: {place} {why}", used.text));
        }
    }
    Ok(())
}
