use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    images::Used,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// An image comes from a registry that the policy does not allow.
    ///
    /// ## Why it matters
    ///
    /// Whoever controls the registry controls what runs. Only in registries that were chosen are images scanned,
    /// signed and still there tomorrow. Where the policy names no registries in `allowedRegistries`, every registry
    /// is allowed.
    ///
    /// ## Remediation
    ///
    /// Copy the image to an allowed registry and name it there, or add its registry, or a path in it, to
    /// `allowedRegistries` of the policy.
    severity: High,
    category: Images,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CIS 5.5.1", "NSA supply-chain"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "no registries are named, so that all are allowed",
            deployment!("containers: [{name: a, image: 'registry.example.com/shop/web:1'}]"),
        ),
        Case::pass(
            "below a path that is allowed; Docker Hub by its short names",
            deployment!("containers: [{name: a, image: 'registry.example.com/shop/web:1'}, {name: b, image: nginx}]"),
        ).allowing(&["registry.example.com/shop", "docker.io/library"]),
        Case::fail(
            "another registry, another path, and a name that only starts so",
            deployment!("containers: [{name: a, image: 'registry.example.com/shopping/web:1'}, {name: b, image: 'registry.example.com.evil.example/shop/web:1'}, {name: c, image: 'shop/web:1'}], volumes: [{name: m, image: {reference: 'quay.io/shop/model:1'}}]"),
            &[
                "Deployment.apps/shop/web spec.template.spec.volumes[0].image.reference: image \"quay.io/shop/model:1\" is from quay.io/shop/model, which is not allowed",
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].image: image \"registry.example.com/shopping/web:1\" is from registry.example.com/shopping/web, which is not allowed",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].image: image \"registry.example.com.evil.example/shop/web:1\" is from registry.example.com.evil.example/shop/web, which is not allowed",
                "Deployment.apps/shop/web [c] spec.template.spec.containers[2].image: image \"shop/web:1\" is from docker.io/shop/web, which is not allowed",
            ],
        ).allowing(&["registry.example.com/shop", "docker.io/library"]),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let allowed = &cx.parameters().allowed_registries;
    if allowed.is_empty() {
        return Ok(());
    }
    for used in Used::all(pods) {
        let Some(image) = used.image() else {
            continue;
        };
        if !allowed.iter().any(|place| image.is_under(place)) {
            let message = format!(
                "image {:?} is from {}/{}, which is not allowed",
                used.text,
                image.registry,
                image.repository()
            );
            used.fail(pods, out, message);
        }
    }
    Ok(())
}
