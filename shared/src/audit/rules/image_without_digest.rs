use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    images::Used,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// An image is named by a tag and not by its digest.
    ///
    /// ## Why it matters
    ///
    /// A tag can be pushed again: what was reviewed, scanned and signed need not be what runs. A digest is the
    /// content itself.
    ///
    /// ## Remediation
    ///
    /// Write `image: name:tag@sha256:…`, and let a bot raise both together.
    severity: Low,
    category: Images,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.5.1", "NSA supply-chain"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "a digest, with a tag for people to read",
            pod!("containers: [{name: a, image: 'nginx:1.27@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]"),
        ),
        Case::pass(
            "what has no version at all is for another rule to tell",
            pod!("containers: [{name: a, image: 'nginx:latest'}, {name: b, image: nginx}]"),
        ),
        Case::fail(
            "a version, and another one behind a port",
            deployment!("containers: [{name: a, image: 'nginx:1.27'}, {name: b, image: 'registry:5000/shop/web:v1'}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].image: image \"nginx:1.27\" has no digest",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].image: image \"registry:5000/shop/web:v1\" has no digest",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for used in Used::all(pods) {
        let moving = used.image().and_then(|image| image.moving_tag());
        if moving.is_some_and(|tag| tag != "latest") {
            used.fail(pods, out, format!("image {:?} has no digest", used.text));
        }
    }
    Ok(())
}
