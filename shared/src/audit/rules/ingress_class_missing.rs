use crate::{
    audit::{
        api::{Ingress, IngressClass},
        case::Case,
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
    },
    model::kinds,
};

rule! {
    /// An ingress is of a class that does not exist, or of none where there is no default.
    ///
    /// ## Why it matters
    ///
    /// No controller takes it: the host is not served, and no event says so.
    ///
    /// ## Remediation
    ///
    /// Set `spec.ingressClassName` to one of `kubectl get ingressclass`, or mark one as the default by the
    /// annotation `ingressclass.kubernetes.io/is-default-class`.
    severity: High,
    category: Network,
    admission: Warn,
    needs: Objects,
    reads: [INGRESS_CLASS],
    references: [],
    check: [Check::Ingress(check)],
    cases: [
        Case::pass("it exists", "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {ingressClassName: nginx, rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("none, and there is a default", "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}, spec: {controller: k8s.io/ingress-nginx}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}").in_files_only(),
        Case::pass("the annotation of old is read by controllers, which need no class for it", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {kubernetes.io/ingress.class: nginx}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::fail(
            "of another name, and none without a default",
            "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {ingressClassName: ngnix, rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: j, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &[
                "Ingress.networking.k8s.io/shop/i spec.ingressClassName: IngressClass \"ngnix\" does not exist",
                "Ingress.networking.k8s.io/shop/j spec.ingressClassName: has no class, and no IngressClass is the default",
            ],
        ),
        Case::unknown(
            "classes were not read",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {ingressClassName: nginx, rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &["IngressClass.networking.k8s.io"],
            &["? Ingress.networking.k8s.io/shop/i IngressClass.networking.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(ingress: &Ingress, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let told = match ingress.spec.ingress_class_name.as_deref() {
        Some(name) if cx.exists::<IngressClass>("", name)? => return Ok(()),
        Some(name) => format!("IngressClass {name:?} does not exist"),
        None if ingress.class().is_some() => return Ok(()),
        None if cx.all::<IngressClass>()?.any(is_default) => return Ok(()),
        None => {
            cx.is_all(kinds::INGRESS_CLASS)?;
            "has no class, and no IngressClass is the default".to_owned()
        }
    };
    out.fail("spec.ingressClassName", told);
    Ok(())
}

fn is_default(class: &IngressClass) -> bool {
    let said = class.metadata.annotations.get("ingressclass.kubernetes.io/is-default-class");
    said.is_some_and(|value| value == "true")
}
