use crate::audit::{
    api::IngressClass,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// Several ingress classes are the default.
    ///
    /// ## Why it matters
    ///
    /// An ingress without a class gets the newest of them: who installs another controller takes over what is
    /// deployed next.
    ///
    /// ## Remediation
    ///
    /// Keep the annotation `ingressclass.kubernetes.io/is-default-class` on one class.
    severity: Medium,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [],
    references: [],
    check: [Check::IngressClass(check)],
    cases: [
        Case::pass("one, and one that says that it is not", "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}, spec: {controller: k8s.io/ingress-nginx}}\n---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: other, annotations: {ingressclass.kubernetes.io/is-default-class: 'false'}}, spec: {controller: k8s.io/ingress-nginx}}"),
        Case::fail(
            "two",
            "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}, spec: {controller: k8s.io/ingress-nginx}}\n---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: other, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}, spec: {controller: k8s.io/ingress-nginx}}",
            &[
                "IngressClass.networking.k8s.io/nginx metadata.annotations: is the default, as is \"other\"",
                "IngressClass.networking.k8s.io/other metadata.annotations: is the default, as is \"nginx\"",
            ],
        ),
    ],
}

fn check(class: &IngressClass, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !is_default(class) {
        return Ok(());
    }
    let mut others = cx.all::<IngressClass>()?.filter(|it| it.metadata.name != class.metadata.name);
    if let Some(other) = others.find(|it| is_default(it)) {
        out.fail("metadata.annotations", format!("is the default, as is {:?}", other.metadata.name));
    }
    Ok(())
}

fn is_default(class: &IngressClass) -> bool {
    let said = class.metadata.annotations.get("ingressclass.kubernetes.io/is-default-class");
    said.is_some_and(|value| value == "true")
}
