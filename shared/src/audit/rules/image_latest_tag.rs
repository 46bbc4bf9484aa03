use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    images::Used,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// An image has the tag `latest`, or none, which means the same.
    ///
    /// ## Why it matters
    ///
    /// What runs is whatever was pushed last when a node pulled it: two pods of one workload can differ, a restart is
    /// an unannounced upgrade, and a rollback rolls back to the same words.
    ///
    /// ## Remediation
    ///
    /// Name the version in the tag, or better, the digest: `image: registry/name@sha256:…`.
    severity: Medium,
    category: Images,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CIS 5.5.1"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "a version; a digest with or without a tag",
            pod!("containers: [{name: a, image: 'nginx:1.27'}, {name: b, image: 'nginx@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}, {name: c, image: 'nginx:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]"),
        ),
        Case::pass(
            "a port is no tag, and a tag that only starts so",
            pod!("containers: [{name: a, image: 'registry:5000/shop/web:v1'}, {name: b, image: 'shop/web:latest-1'}]"),
        ),
        Case::pass(
            "what is no image at all is for another rule to tell",
            deployment!("containers: [{name: a, image: 'shop/Web'}]"),
        ),
        Case::fail(
            "latest; nothing; nothing behind a port",
            deployment!("initContainers: [{name: i, image: busybox}], containers: [{name: a, image: 'nginx:latest'}, {name: b, image: 'registry:5000/shop/web'}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].image: image \"nginx:latest\" has the tag latest",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].image: image \"registry:5000/shop/web\" has no tag",
                "Deployment.apps/shop/web [i] spec.template.spec.initContainers[0].image: image \"busybox\" has no tag",
            ],
        ),
        Case::fail(
            "an image that is mounted",
            deployment!("containers: [{name: a, image: 'nginx:1'}], volumes: [{name: m, image: {reference: 'shop/model'}}]"),
            &["Deployment.apps/shop/web spec.template.spec.volumes[0].image.reference: image \"shop/model\" has no tag"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for used in Used::all(pods) {
        let Some(image) = used.image().filter(|image| image.moving_tag() == Some("latest")) else {
            continue;
        };
        let what = if image.tag.is_some() { "the tag latest" } else { "no tag" };
        used.fail(pods, out, format!("image {:?} has {what}", used.text));
    }
    Ok(())
}
