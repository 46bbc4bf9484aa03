use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    images::Used,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

/// Programs that nobody maintains any more, and since when.
const ENDED: &[(&str, &str)] = &[
    ("registry.k8s.io/ingress-nginx", "ingress-nginx was retired in March 2026"),
    ("k8s.gcr.io/ingress-nginx", "ingress-nginx was retired in March 2026"),
    ("quay.io/kubernetes-ingress-controller", "ingress-nginx was retired in March 2026"),
    ("registry.k8s.io/heapster-amd64", "heapster was retired in 2018"),
    ("k8s.gcr.io/heapster-amd64", "heapster was retired in 2018"),
    ("docker.io/kubernetesui/dashboard", "Kubernetes Dashboard was retired in January 2026"),
    ("ghcr.io/helm/tiller", "Tiller was retired in 2020"),
    ("gcr.io/kubernetes-helm/tiller", "Tiller was retired in 2020"),
];

rule! {
    /// An image holds a program that is at the end of its life.
    ///
    /// ## Why it matters
    ///
    /// Holes that are found from now on stay open. What stands at the edge of the cluster, as an ingress controller
    /// does, is where they are found.
    ///
    /// ## Remediation
    ///
    /// Move to a program that is maintained: for ingress-nginx to another ingress controller, or to one for the
    /// Gateway API.
    severity: Medium,
    category: Images,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "another controller of a similar name",
            pod!("containers: [{name: a, image: 'docker.io/nginx/nginx-ingress:4.0.1'}, {name: b, image: 'registry.k8s.io/ingress-nginx-like:1'}]"),
        ),
        Case::fail(
            "ingress-nginx",
            deployment!("containers: [{name: a, image: 'registry.k8s.io/ingress-nginx/controller:v1.11.1'}]"),
            &["Deployment.apps/shop/web [a] spec.template.spec.containers[0].image: image \"registry.k8s.io/ingress-nginx/controller:v1.11.1\": ingress-nginx was retired in March 2026"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for used in Used::all(pods) {
        let Some(image) = used.image() else {
            continue;
        };
        if let Some((_, why)) = ENDED.iter().find(|(place, _)| image.is_under(place)) {
            used.fail(pods, out, format!("image {:?}: {why}", used.text));
        }
    }
    Ok(())
}
