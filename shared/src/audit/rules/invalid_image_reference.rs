use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    images::{Image, Used},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// What stands as an image refers to none.
    ///
    /// ## Why it matters
    ///
    /// The API server takes nearly any text; the kubelet then can't parse it, and the pod stays at
    /// `InvalidImageName` for ever. Most often a template was not filled in, or a name has capital letters. In files
    /// such a template is not evaluated: it may be filled in before it is applied.
    ///
    /// ## Remediation
    ///
    /// Write `registry/path/name:tag` or `registry/path/name@sha256:…`, without a scheme, in lower case but for the
    /// tag.
    severity: High,
    category: Images,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["https://github.com/distribution/reference"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "unusual, and valid",
            pod!("containers: [{name: a, image: '[2001:db8::1]:5000/a__b/c---d:_X.y-z'}, {name: b, image: 'Registry/web'}, {name: c, image: 'localhost:5000/web'}]"),
        ),
        Case::fail(
            "a tag with a space, capitals, a scheme, half a digest",
            deployment!("containers: [{name: a, image: 'shop/web:1 2'}, {name: b, image: 'Shop'}, {name: c, image: 'https://registry.example.com/web:1'}, {name: d, image: 'web@sha256:abc'}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].image: image \"shop/web:1 2\" is invalid: its tag is not 1 to 128 letters, digits, underscores, periods and dashes",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].image: image \"Shop\" is invalid: a repository is in lower case",
                "Deployment.apps/shop/web [c] spec.template.spec.containers[2].image: image \"https://registry.example.com/web:1\" is invalid: its registry is no host",
                "Deployment.apps/shop/web [d] spec.template.spec.containers[3].image: image \"web@sha256:abc\" is invalid: its digest is not sha256, sha384 or sha512 and as many hexadecimal digits in lower case",
            ],
        ),
        Case::unknown(
            "in files, a template that is still to be filled in, and what is still to be built",
            deployment!("containers: [{name: a, image: 'shop/web:${TAG}'}, {name: b, image: 'ko://example.com/cmd/web'}]"),
            &[],
            &[
                "? Deployment.apps/shop/web image \"ko://example.com/cmd/web\" is still to be filled in",
                "? Deployment.apps/shop/web image \"shop/web:${TAG}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::fail(
            "left out",
            deployment!("containers: [{name: a}]"),
            &["Deployment.apps/shop/web [a] spec.template.spec.containers[0].image: image \"\" is invalid: it is empty"],
        ).in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for used in Used::all(pods) {
        let Err(error) = Image::parse(used.text) else { continue };
        if let Err(unknown) = cx.filled("image", used.text) {
            out.unknown(&unknown);
        } else {
            used.fail(pods, out, format!("image {:?} is invalid: {error}", used.text));
        }
    }
    Ok(())
}
