use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    images::Used,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A node may run an older image than the one that its tag names now.
    ///
    /// ## Why it matters
    ///
    /// With `IfNotPresent` a node that has pulled the tag once never looks again, and `Never` runs what happens to
    /// lie there: of a tag that moves, each node runs its own version. It also lets any pod of the node use a private
    /// image that another pod had the credentials for.
    ///
    /// ## Remediation
    ///
    /// Name a version or a digest, for which `IfNotPresent` is right; for a tag that moves set
    /// `imagePullPolicy: Always`.
    severity: Low,
    category: Images,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 1.2.11"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "left out, which is Always for latest and IfNotPresent for versions",
            pod!("containers: [{name: a, image: nginx}, {name: b, image: 'nginx:1.27'}]"),
        ),
        Case::pass(
            "a tag that does not move, and a digest",
            pod!("containers: [{name: a, image: 'nginx:1.27', imagePullPolicy: IfNotPresent}, {name: b, image: 'nginx:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', imagePullPolicy: IfNotPresent}]"),
        ),
        Case::fail(
            "tags that move, and images that are never pulled",
            deployment!("containers: [{name: a, image: 'nginx:latest', imagePullPolicy: IfNotPresent}, {name: b, image: 'shop/web:main', imagePullPolicy: IfNotPresent}, {name: c, image: 'nginx:1.27', imagePullPolicy: Never}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].imagePullPolicy: IfNotPresent for image \"nginx:latest\", whose tag moves",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].imagePullPolicy: IfNotPresent for image \"shop/web:main\", whose tag moves",
                "Deployment.apps/shop/web [c] spec.template.spec.containers[2].imagePullPolicy: Never for image \"nginx:1.27\": only what lies on the node runs",
            ],
        ),
    ],
}

/// Tags that projects push again with every build.
const MOVING: &[&str] =
    &["canary", "dev", "develop", "edge", "latest", "main", "master", "nightly", "stable", "trunk"];

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for used in Used::all(pods) {
        let Some(image) = used.image() else {
            continue;
        };
        let tag = image.moving_tag().unwrap_or_default();
        // What is left out becomes Always for latest alone.
        let policy = match used.policy {
            "" if tag == "latest" => "Always",
            "" => "IfNotPresent",
            policy => policy,
        };
        let message = match policy {
            "Never" => format!("Never for image {:?}: only what lies on the node runs", used.text),
            "IfNotPresent" if MOVING.contains(&tag) => {
                format!("IfNotPresent for image {:?}, whose tag moves", used.text)
            }
            _ => continue,
        };
        used.fail_policy(pods, out, message);
    }
    Ok(())
}
